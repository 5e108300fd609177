"""Record rulings beside those that are kept: `python -m tests.golden.rulings`.

Each file under `rulings/` is one ruling as a ledger keeps it, with its exempt evidence, their salt and its long texts;
`packs/` has the packs that gave it, under their digest. The tests judge each again, byte for byte, so a change of code
that alters an old ruling fails there.

Nothing is ever overwritten. To add a ruling, add a scene to `scenes.py` or `other_scenes.py` and run this. Until the
first release, `python -m tests.golden.rulings --anew` records all of them again by the packs as they are.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.golden.rulings.other_scenes import other_scenes
from tests.golden.rulings.scenes import Scene, SceneAct, mopac_scenes, parse_facts
from tests.workflow.walk import load_story, long_texts, new_services, request_by, shipped_library, take_step
from workflow.errors import Refusal
from workflow.ledger.canonical_json import to_canonical_json
from workflow.services import commands
from workflow.services.commands import Revision, Services

HERE = Path(__file__).parent
RULINGS, PACKS = HERE / "rulings", HERE / "packs"


def play_scene(scene: Scene, folder: Path) -> Iterator[tuple[str, str]]:
    """Each ruling of a scene: the name and the content of its file."""
    setting = scene.setting
    services = new_services(folder / f"{scene.name}.db", for_story=load_story(setting.story))
    public, exempt = (parse_facts(facts, setting.scheme) for facts in (scene.public, scene.exempt))
    request = request_by(setting.author, setting.on)
    case = commands.open_case(services, setting.scheme, public, exempt, request).case
    for scene_act in scene.acts:
        try_act(services, case, scene_act)
    yield from recorded_rulings(services, scene.name)


def try_act(services: Services, case: str, scene_act: SceneAct) -> None:
    """Try an act, which may be refused."""
    request = request_by(scene_act.officer, scene_act.on)
    try:
        if scene_act.action == "amend":
            commands.amend_paper(services, case, Revision(scene_act.stated, {}), request)
        else:
            commands.perform_action(services, case, commands.TypedAct(scene_act.action, scene_act.stated), request)
    except Refusal:
        return


def smarter_working_rulings(folder: Path) -> Iterator[tuple[str, str]]:
    """The rulings of the real case on its submission and approval."""
    services = new_services(folder / "real.db")
    for step in load_story().steps:
        try:
            take_step(services, step)
        except Refusal:
            continue
    rulings = recorded_rulings(services, "smarter-working")
    yield from (named for named in rulings if "submit" in named[0] or "approve-open" in named[0])


def recorded_rulings(services: Services, scene_name: str) -> Iterator[tuple[str, str]]:
    """Every ruling in a ledger: the name and the content of its file."""
    with services.store.read_ledger() as ledger:
        exempt_texts, entries = (
            {text.position: text for text in ledger.read_exempt_texts()},
            list(ledger.read_entries()),
        )
        judged, texts_by_digest = [entry for entry in entries if entry.ruling], long_texts(entries)
    for number, entry in enumerate(judged, start=1):
        text, ruling = exempt_texts.get(entry.position), json.loads(entry.ruling)
        weighed = json.loads(text.body)["weighed"] if text else {}
        outcome = "refused" if entry.kind == "refused" else "open"
        salt = text.salt if text else ""
        long = {digest: texts_by_digest[digest] for digest in sorted(long_text_digests(ruling))}
        content = {"about": scene_name, "ruling": ruling, "salt": salt, "texts": long, "weighed": weighed}
        yield f"{scene_name}-{number}-{ruling['action']}-{outcome}", to_canonical_json(content) + "\n"
    services.store.close()


def long_text_digests(ruling: Mapping[str, Any]) -> set[str]:
    """The digests of long texts in a ruling."""
    return {fact["text"] for fact in ruling["facts"].values() if isinstance(fact, dict) and "text" in fact}


def main() -> None:
    """Record the rulings that are not kept yet."""
    if sys.argv[1:] == ["--anew"]:
        for folder in (RULINGS, PACKS):
            shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        of_scenes = (named for scene in (*mopac_scenes(), *other_scenes()) for named in play_scene(scene, folder))
        rulings = dict([*smarter_working_rulings(folder), *of_scenes])
    RULINGS.mkdir(exist_ok=True)
    paths = {RULINGS / f"{title}.json": content for title, content in rulings.items()}
    new = {path: content for path, content in paths.items() if not path.exists()}
    for path, content in new.items():
        path.write_text(content, encoding="utf-8")
    write_packs({json.loads(content)["ruling"]["packs"] for content in new.values()})
    sys.stdout.write(f"{len(new)} rulings added, {len(rulings) - len(new)} were there.\n")


def write_packs(digests: set[str]) -> None:
    """Keep the packs of some digests beside the rulings."""
    for scheme in shipped_library().schemes():
        bundle = shipped_library().bundle(scheme)
        for file_name, data in bundle.files.items() if bundle.digest in digests else ():
            path = PACKS / bundle.digest / file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


if __name__ == "__main__":
    main()
