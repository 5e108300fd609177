"""Adds to the corpus of rulings: `python -m tests.golden.rulings`.

Each file under `rulings/` is one ruling as the ledger keeps it, with the exempt facts that were weighed, their salt,
and what it is about; `packs/` holds the packs that it was given by, under their digest. The tests judge each again,
byte for byte: a change of code that alters an old ruling fails there.

What there is already is never overwritten. To add a ruling, add a scene to `scenes.py` or `scenes_elsewhere.py` and
run this. Until the first release, `python -m tests.golden.rulings --anew` throws the corpus away and makes it again
from the packs as they are now: after any change of a pack, that one command is all.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rules.values.facts import FactValue, split_address
from tests.golden.rulings.scenes import Done, Scene, scenes
from tests.golden.rulings.scenes_elsewhere import scenes_elsewhere
from tests.workflow.walk import by, long_texts, new_desk, shipped, story, take
from workflow.errors import Refusal
from workflow.ledger.canonical_json import canonical
from workflow.services import commands as at_desk
from workflow.services.commands import Desk, Revision

HERE = Path(__file__).parent
RULINGS, PACKS = HERE / "rulings", HERE / "packs"


def typed(facts: Mapping[str, str], scheme: str) -> dict[str, FactValue]:
    """Facts as they would be typed, by address."""
    declared = shipped().scheme(scheme).declared
    return {where: declared(split_address(where)[0]).parse(words) for where, words in facts.items()}


def played(scene: Scene, folder: Path) -> Iterator[tuple[str, str]]:
    """Each ruling of a scene: its name, and its file."""
    office = scene.office
    desk = new_desk(folder / f"{scene.name}.db", told=story(office.story))
    public, exempt = (typed(facts, office.scheme) for facts in (scene.public, scene.exempt))
    case = at_desk.open_case(desk, office.scheme, public, exempt, by(office.author, office.on)).case
    for done in scene.done:
        do(desk, case, done)
    yield from rulings(desk, scene.name)


def do(desk: Desk, case: str, done: Done) -> None:
    """Do or try one thing."""
    asked = by(done.officer, done.on)
    try:
        if done.action == "amend":
            at_desk.amend(desk, case, Revision(done.stated, {}), asked)
        else:
            at_desk.act(desk, case, done.action, done.stated, asked)
    except Refusal:
        return


def real(folder: Path) -> Iterator[tuple[str, str]]:
    """The rulings of the real case."""
    desk = new_desk(folder / "real.db")
    for step in story().steps:
        try:
            take(desk, step)
        except Refusal:
            continue
    judged = rulings(desk, "smarter-working")
    yield from (found for found in judged if "submit" in found[0] or "approve-open" in found[0])


def rulings(desk: Desk, about: str) -> Iterator[tuple[str, str]]:
    """Every ruling that a desk has recorded."""
    with desk.store.ledger() as (entries, texts, _):
        kept = {text.position: text for text in texts}
        judged, texts_of = [entry for entry in entries if entry.ruling], long_texts(entries)
    for number, entry in enumerate(judged, start=1):
        text, ruling = kept.get(entry.position), json.loads(entry.ruling)
        weighed = json.loads(text.body)["weighed"] if text else {}
        outcome = "refused" if entry.kind == "refused" else "open"
        salt = text.salt if text else ""
        told = {mark: texts_of[mark] for mark in sorted(marks_of(ruling))}
        file = {"about": about, "ruling": ruling, "salt": salt, "texts": told, "weighed": weighed}
        yield f"{about}-{number}-{ruling['action']}-{outcome}", canonical(file) + "\n"
    desk.store.close()  # type: ignore[attr-defined]


def marks_of(ruling: Mapping[str, Any]) -> set[str]:
    """The digests that stand for long texts in a ruling."""
    return {told["text"] for told in ruling["facts"].values() if isinstance(told, dict) and "text" in told}


def main() -> None:
    """Add what is not there yet."""
    if sys.argv[1:] == ["--anew"]:
        for folder in (RULINGS, PACKS):
            shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        played_out = (found for scene in (*scenes(), *scenes_elsewhere()) for found in played(scene, place))
        made = [*real(place), *played_out]
    RULINGS.mkdir(exist_ok=True)
    fresh = {RULINGS / f"{title}.json": written for title, written in made}
    fresh = {path: written for path, written in fresh.items() if not path.exists()}
    for path, written in fresh.items():
        path.write_text(written, encoding="utf-8")
    keep_packs({json.loads(written)["ruling"]["packs"] for written in fresh.values()})
    sys.stdout.write(f"{len(fresh)} rulings added, {len(made) - len(fresh)} were there.\n")


def keep_packs(digests: set[str]) -> None:
    """Keep the packs that some rulings name beside them."""
    for scheme in shipped().schemes():
        bundle = shipped().bundle(scheme)
        for file_name, data in bundle.files.items() if bundle.digest in digests else ():
            path = PACKS / bundle.digest / file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


if __name__ == "__main__":
    main()
