"""The rulings on an imported case are recorded and can be judged again."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.workflow.imported_papers import imported_paper_bytes
from tests.workflow.services.test_ledger_audit import audit_case
from tests.workflow.walk import AUTHOR, new_services, request_by, services_at
from workflow.errors import LedgerBroken
from workflow.ledger.entries import UnsealedEntry, seal_entry
from workflow.services import commands, verification
from workflow.services.commands import Services


def import_case(services: Services) -> None:
    commands.open_case_from_paper(
        services, "mopac", imported_paper_bytes(), "past.yaml", request_by(AUTHOR, "2018-05-01")
    )


def change_ruling(path: Path, old: str, new: str) -> None:
    """Replace words in the ruling of the import, and seal the entry anew, as a forger would."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.row_factory = sqlite3.Row
        [row] = raw.execute("SELECT * FROM ledger WHERE kind = 'entered'").fetchall()
        ruling = row["ruling"].replace(old, new) if old else ""
        [text] = raw.execute("SELECT * FROM exempt WHERE position = ?", (row["position"],)).fetchall()
        unsealed = UnsealedEntry(
            row["stream"], row["kind"], date.fromisoformat(row["on"]), row["officer"], row["body"], ruling,
            text["body"], text["salt"],
        )  # fmt: skip
        entry = seal_entry(unsealed, row["position"], row["version"], row["recorded_at"], row["previous"])
        raw.execute("UPDATE ledger SET ruling = ?, seal = ? WHERE position = ?", (ruling, entry.seal, row["position"]))


def test_an_import_records_a_ruling_for_each_act_of_its_paper(services: Services) -> None:
    import_case(services)
    with services.store.read_transaction() as transaction:
        [entry] = transaction.sealed_entries("MOPAC-2018-1")
    recorded = json.loads(entry.ruling)
    assert [ruling["action"] for ruling in recorded["rulings"]][:3] == ["submit", "pib-support", "iab-support"]
    assert verification.verify_ledger(services, with_replay=True).rulings == len(recorded["rulings"])
    assert not [warning for warning in audit_case(services).warnings if "otherwise" in warning]


def test_a_forged_ruling_on_an_import_is_found_by_replay_and_by_the_audit(path: Path) -> None:
    services = new_services(path)
    import_case(services)
    services.store.close()
    change_ruling(path, '"outcome":"breached"', '"outcome":"satisfied"')
    with pytest.raises(LedgerBroken, match="comes out otherwise when judged again"):
        verification.verify_ledger(services_at(path), with_replay=True)
    assert [warning for warning in audit_case(services_at(path)).warnings if "comes out otherwise" in warning]


def test_an_import_of_before_has_no_rulings_and_is_verified_all_the_same(path: Path) -> None:
    services = new_services(path)
    import_case(services)
    services.store.close()
    change_ruling(path, "", "")
    assert verification.verify_ledger(services_at(path), with_replay=True).rulings == 0
    assert not [warning for warning in audit_case(services_at(path)).warnings if "otherwise" in warning]
