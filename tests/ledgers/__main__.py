"""Record new ledgers beside those that are kept: `python -m tests.ledgers`.

Each folder under `kept/` holds the ledgers that assent wrote at one time, one for each authority, and beside each what
it held. They stand for the ledgers of users: whatever changes in assent or its packs, the tests must verify, replay and
read them. Nothing in `kept/` is ever overwritten. Record anew only when the form of what is recorded has changed; the
new ledgers then go into the next folder.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.ledgers.recording import describe_ledger, record_ledger
from tests.ledgers.scripts import SCRIPTS
from tests.workflow.walk import services_at

KEPT = Path(__file__).parent / "kept"


def next_folder() -> Path:
    """The folder for the next ledgers: one more than the last."""
    numbers = [int(folder.name) for folder in KEPT.iterdir()] if KEPT.exists() else []
    return KEPT / str(max(numbers, default=0) + 1)


def record_ledgers(folder: Path) -> None:
    """Record the ledger of every script into a folder that does not exist yet."""
    folder.mkdir(parents=True)
    for script in SCRIPTS:
        path = folder / f"{script.scheme}.db"
        record_ledger(script, path)
        services = services_at(path, today=script.today)
        text = json.dumps(describe_ledger(services, with_acts=True), ensure_ascii=False, indent=1, sort_keys=True)
        path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
        services.store.close()
        sys.stdout.write(f"{path.relative_to(KEPT.parent)} recorded\n")


if __name__ == "__main__":
    record_ledgers(next_folder())
