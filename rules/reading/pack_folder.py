"""A folder of packs on disk: which of its files are read, and which are refused before they are."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from rules.errors import Fault, InputError, PackError
from rules.reading.yaml_reader import MAX_BYTES
from rules.values.text import replace_unprintable

MAX_FILES = 1_000
SIMILARITY_CUTOFF = 0.75
"""How like the name of a place of packs another name must be to be taken for a slip of it."""
_FOLDER_DEPTHS = {"law": 1, "days": 1, "schemes": 2}
_EXPECTED_CONTENTS = "It must hold law/, days/ or schemes/<authority>/ with YAML."


def read_pack_files(folder: Path) -> dict[str, bytes]:
    """The files of packs in a folder, by their names inside it; raises `PackError` with each that cannot be read.

    One that lies beside the places where packs are looked for is refused too: somebody meant it to count.
    """
    found = [(path.relative_to(folder).as_posix(), path) for path in _find_candidates(folder)]
    if not found:
        raise InputError(f"{folder} holds no packs", _EXPECTED_CONTENTS)
    if len(found) > MAX_FILES:
        raise InputError(f"{folder} holds {len(found):,} files of packs; at most {MAX_FILES:,} are read")
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for name, path in found:
        try:
            files[name] = _read_pack_file(name, path)
        except InputError as error:
            faults.append(Fault(replace_unprintable(name), 0, "", error.message))
    if faults:
        raise PackError(faults)
    return files


def _find_candidates(folder: Path) -> Iterator[Path]:
    """What lies where packs are looked for, or in a folder whose name is nearly that of such a place."""
    try:
        for place in sorted(path for path in folder.iterdir() if path.is_dir() and _closest_folder(path.name)):
            deep = place.glob("*/*") if place.name == "schemes" else ()
            yield from (path for path in sorted([*place.glob("*"), *deep]) if path.suffix in (".yaml", ".yml"))
    except OSError as error:
        raise InputError(f"{folder} could not be read: {error.strerror}", _EXPECTED_CONTENTS) from None


def _closest_folder(name: str) -> str:
    """The place of packs that the name of a folder means, or empty."""
    return next(iter(get_close_matches(name.lower(), _FOLDER_DEPTHS, n=1, cutoff=SIMILARITY_CUTOFF)), "")


def _read_pack_file(name: str, path: Path) -> bytes:
    """What stands in the file of a pack; raises `InputError` for one that is misplaced or not to be read."""
    if not name.isprintable():
        raise InputError("has a name that cannot be printed; give it another")
    place, *inner = name.split("/")
    if place not in _FOLDER_DEPTHS:
        raise InputError(f"lies in {place}/, where no packs are looked for. Did you mean {_closest_folder(place)}?")
    if len(inner) != _FOLDER_DEPTHS[place]:
        raise InputError("does not lie in the folder of its authority, as schemes/<authority>/NAME.yaml")
    if path.suffix != ".yaml":
        raise InputError("is not read: the name of a pack's file ends in .yaml")
    return _read_bytes(path)


def _read_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise InputError("is no ordinary file, or a link that leads nowhere")
        if (size := path.stat().st_size) > MAX_BYTES:
            raise InputError(f"has {size:,} bytes; at most {MAX_BYTES:,} are read")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"could not be read: {error.strerror}") from None
