"""Add to the recorded rulings: `python -m tests.golden.rulings`.

Each file under `rulings/` is one ruling as the ledger keeps it, with the exempt facts that it used, their salt, and
its scene; `packs/` holds the packs that it was judged by, under their digest. The tests judge each ruling again: a
change of code that alters an old ruling fails there.

Recorded rulings are never overwritten. To add a ruling, add a scene to `scenes.py` or `other_scenes.py` and run this.
Until the first release, after a change of a pack, `python -m tests.golden.rulings --anew` records all of them again.
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
    """Return facts by address, parsed from what an officer would type."""
    declaration = shipped_library().scheme(scheme).fact_declaration
    return {address: declaration(split_address(address)[0]).parse(text) for address, text in facts.items()}


def play_scene(scene: Scene, folder: Path) -> Iterator[tuple[str, str]]:
    """Play a scene; yield the name and the text of the file of each ruling."""
    setting = scene.setting
    services = new_services(folder / f"{scene.name}.db", for_story=load_story(setting.story))
    public, exempt = (parse_facts(facts, setting.scheme) for facts in (scene.public, scene.exempt))
    case = commands.open_case(services, setting.scheme, public, exempt, request_by(setting.author, setting.on)).case
    for act in scene.acts:
        try_act(services, case, act)
    yield from recorded_rulings(services, scene.name)


def try_act(services: Services, case: str, scene_act: SceneAct) -> None:
    """Perform an act, or try it and be refused."""
    request = request_by(scene_act.officer, scene_act.on)
    try:
        if scene_act.action == "amend":
            commands.amend_paper(services, case, Revision(scene_act.stated, {}), request)
        else:
            commands.perform_action(services, case, scene_act.action, scene_act.stated, request)
    except Refusal:
        return


def smarter_working_rulings(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the rulings of the real case: on its submissions, and on its approval."""
    services = new_services(folder / "real.db")
    for step in load_story().steps:
        try:
            take_step(services, step)
        except Refusal:
            continue
    rulings = recorded_rulings(services, "smarter-working")
    yield from ((name, file) for name, file in rulings if "submit" in name or "approve-open" in name)


def recorded_rulings(services: Services, scene_name: str) -> Iterator[tuple[str, str]]:
    """Yield every ruling in a store, and close the store."""
    with services.store.read_ledger() as (entries, texts, _):
        exempt_texts = {text.position: text for text in texts}
        ruling_entries, texts_by_digest = [entry for entry in entries if entry.ruling], long_texts(entries)
    for number, entry in enumerate(ruling_entries, start=1):
        text, ruling = exempt_texts.get(entry.position), json.loads(entry.ruling)
        weighed = json.loads(text.body)["weighed"] if text else {}
        outcome = "refused" if entry.kind == "refused" else "open"
        salt = text.salt if text else ""
        used_texts = {digest: texts_by_digest[digest] for digest in sorted(long_text_digests(ruling))}
        file = {"about": scene_name, "ruling": ruling, "salt": salt, "texts": used_texts, "weighed": weighed}
        yield f"{scene_name}-{number}-{ruling['action']}-{outcome}", to_canonical_json(file) + "\n"
    services.store.close()


def long_text_digests(ruling: Mapping[str, Any]) -> set[str]:
    """Return the digests that stand for long texts in a ruling."""
    return {value["text"] for value in ruling["facts"].values() if isinstance(value, dict) and "text" in value}


def main() -> None:
    """Record the rulings that are not recorded yet."""
    if sys.argv[1:] == ["--anew"]:
        for folder in (RULINGS, PACKS):
            shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        stores = Path(name)
        scenes = (*mopac_scenes(), *other_scenes())
        rulings = [*smarter_working_rulings(stores), *(ruling for s in scenes for ruling in play_scene(s, stores))]
    RULINGS.mkdir(exist_ok=True)
    files = {RULINGS / f"{title}.json": text for title, text in rulings}
    new_files = {path: text for path, text in files.items() if not path.exists()}
    for path, text in new_files.items():
        path.write_text(text, encoding="utf-8")
    write_packs({json.loads(text)["ruling"]["packs"] for text in new_files.values()})
    sys.stdout.write(f"{len(new_files)} rulings added, {len(rulings) - len(new_files)} were there.\n")


def write_packs(digests: set[str]) -> None:
    """Write the packs of these digests beside the rulings."""
    for scheme in shipped_library().schemes():
        bundle = shipped_library().bundle(scheme)
        for file_name, data in bundle.files.items() if bundle.digest in digests else ():
            path = PACKS / bundle.digest / file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


if __name__ == "__main__":
    main()
