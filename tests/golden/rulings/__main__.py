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
from tests.golden.rulings.other_scenes import other_scenes
from tests.golden.rulings.scenes import Scene, SceneAct, mopac_scenes
from tests.workflow.walk import load_story, long_texts, new_services, request_by, shipped_library, take_step
from workflow.errors import Refusal
from workflow.ledger.canonical_json import to_canonical_json
from workflow.services import commands
from workflow.services.commands import Revision, Services

HERE = Path(__file__).parent
RULINGS, PACKS = HERE / "rulings", HERE / "packs"


def parse_facts(facts: Mapping[str, str], scheme: str) -> dict[str, FactValue]:
    """Facts as they would be typed, by address."""
    declared = shipped_library().scheme(scheme).fact_declaration
    return {where: declared(split_address(where)[0]).parse(words) for where, words in facts.items()}


def play_scene(scene: Scene, folder: Path) -> Iterator[tuple[str, str]]:
    """Each ruling of a scene: its name, and its file."""
    office = scene.setting
    services = new_services(folder / f"{scene.name}.db", for_story=load_story(office.story))
    public, exempt = (parse_facts(facts, office.scheme) for facts in (scene.public, scene.exempt))
    case = commands.open_case(services, office.scheme, public, exempt, request_by(office.author, office.on)).case
    for done in scene.acts:
        try_act(services, case, done)
    yield from recorded_rulings(services, scene.name)


def try_act(services: Services, case: str, scene_act: SceneAct) -> None:
    """Do or try one thing."""
    asked = request_by(scene_act.officer, scene_act.on)
    try:
        if scene_act.action == "amend":
            commands.amend_paper(services, case, Revision(scene_act.stated, {}), asked)
        else:
            commands.perform_action(services, case, scene_act.action, scene_act.stated, asked)
    except Refusal:
        return


def smarter_working_rulings(folder: Path) -> Iterator[tuple[str, str]]:
    """The rulings of the real case."""
    services = new_services(folder / "real.db")
    for step in load_story().steps:
        try:
            take_step(services, step)
        except Refusal:
            continue
    judged = recorded_rulings(services, "smarter-working")
    yield from (found for found in judged if "submit" in found[0] or "approve-open" in found[0])


def recorded_rulings(services: Services, scene_name: str) -> Iterator[tuple[str, str]]:
    """Every ruling that a desk has recorded."""
    with services.store.read_ledger() as (entries, texts, _):
        kept = {text.position: text for text in texts}
        judged, texts_of = [entry for entry in entries if entry.ruling], long_texts(entries)
    for number, entry in enumerate(judged, start=1):
        text, ruling = kept.get(entry.position), json.loads(entry.ruling)
        weighed = json.loads(text.body)["weighed"] if text else {}
        outcome = "refused" if entry.kind == "refused" else "open"
        salt = text.salt if text else ""
        told = {mark: texts_of[mark] for mark in sorted(long_text_digests(ruling))}
        file = {"about": scene_name, "ruling": ruling, "salt": salt, "texts": told, "weighed": weighed}
        yield f"{scene_name}-{number}-{ruling['action']}-{outcome}", to_canonical_json(file) + "\n"
    services.store.close()


def long_text_digests(ruling: Mapping[str, Any]) -> set[str]:
    """The digests that stand for long texts in a ruling."""
    return {told["text"] for told in ruling["facts"].values() if isinstance(told, dict) and "text" in told}


def main() -> None:
    """Add what is not there yet."""
    if sys.argv[1:] == ["--anew"]:
        for folder in (RULINGS, PACKS):
            shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        played_out = (found for scene in (*mopac_scenes(), *other_scenes()) for found in play_scene(scene, place))
        made = [*smarter_working_rulings(place), *played_out]
    RULINGS.mkdir(exist_ok=True)
    fresh = {RULINGS / f"{title}.json": written for title, written in made}
    fresh = {path: written for path, written in fresh.items() if not path.exists()}
    for path, written in fresh.items():
        path.write_text(written, encoding="utf-8")
    write_packs({json.loads(written)["ruling"]["packs"] for written in fresh.values()})
    sys.stdout.write(f"{len(fresh)} rulings added, {len(made) - len(fresh)} were there.\n")


def write_packs(digests: set[str]) -> None:
    """Keep the packs that some rulings name beside them."""
    for scheme in shipped_library().schemes():
        bundle = shipped_library().bundle(scheme)
        for file_name, data in bundle.files.items() if bundle.digest in digests else ():
            path = PACKS / bundle.digest / file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


if __name__ == "__main__":
    main()
