"""Adds to the corpus of rulings: `python -m tests.golden.rulings`.

Each file under `rulings/` is one ruling as the ledger keeps it, with the exempt facts that were weighed, their salt,
and what it is about; `packs/` holds the packs that it was given by, under their digest. The tests judge each again,
byte for byte: a change of code that alters an old ruling fails there.

What there is already is never overwritten. To add a ruling, add a scene to `scenes.py` and run this. Until the first
release, `--anew` throws the corpus away and makes it again from the packs as they are now.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rules.facts import FactValue, split_address
from tests.golden.rulings.scenes import Done, Scene, scenes
from tests.workflow.walk import AUTHOR, CASE, by, long_texts, new_desk, shipped, story, take
from workflow import desk as at_desk
from workflow.desk import Desk, Revision
from workflow.errors import Refusal
from workflow.wire import canonical

HERE = Path(__file__).parent
RULINGS, PACKS = HERE / "rulings", HERE / "packs"
SCHEME = shipped().scheme("mopac")


def typed(facts: Mapping[str, str]) -> dict[str, FactValue]:
    """Facts as they would be typed, by address."""
    return {where: SCHEME.declared(split_address(where)[0]).parse(words) for where, words in facts.items()}


def played(scene: Scene, folder: Path) -> Iterator[tuple[str, str]]:
    """Each ruling of a scene: its name, and its file."""
    desk = new_desk(folder / f"{scene.name}.db")
    at_desk.open_case(desk, "mopac", typed(scene.public), typed(scene.exempt), by(AUTHOR, "2018-03-07"))
    for done in scene.done:
        do(desk, done)
    yield from rulings(desk, scene.name)


def do(desk: Desk, done: Done) -> None:
    """Do or try one thing."""
    asked = by(done.officer, done.on)
    try:
        if done.action == "amend":
            at_desk.amend(desk, CASE, Revision(done.stated, {}), asked)
        else:
            at_desk.act(desk, CASE, done.action, done.stated, asked)
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
    bundle = shipped().bundle("mopac")
    added = 0
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        made = [*real(place), *(found for scene in scenes() for found in played(scene, place))]
    RULINGS.mkdir(exist_ok=True)
    for title, written in made:
        path = RULINGS / f"{title}.json"
        if not path.exists():
            path.write_text(written, encoding="utf-8")
            added += 1
    if added:
        for file_name, data in bundle.files.items():
            path = PACKS / bundle.digest / file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    sys.stdout.write(f"{added} rulings added, {len(made) - added} were there. Packs: {bundle.digest}\n")


if __name__ == "__main__":
    main()
