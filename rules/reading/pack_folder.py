"""Find and read the pack files in a folder given with --packs.

A file that somebody seems to have meant as a pack is read or refused, never passed over. No file is opened before its
kind and size are checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from rules.errors import Fault, InputError, PackError
from rules.reading.yaml_reader import MAX_BYTES
from rules.values.png import MAX_PNG_BYTES
from rules.values.text import replace_unprintable

MAX_FILES = 1_000
SIMILARITY_CUTOFF = 0.75
"""How similar a folder's name must be to that of a folder of packs to count as a misspelling of it."""
_IMAGE_SUFFIX = ".png"
_FOLDER_DEPTHS = {"law": 1, "days": 1, "readings": 1, "shared": 1, "schemes": 2}
_EXPECTED_CONTENTS = "Put YAML files into law/, days/, readings/, shared/ or schemes/<authority>/ in it."


def read_pack_files(folder: Path) -> dict[str, bytes]:
    """Return the pack files of a folder by name (`law/a.yaml`).

    Raises `PackError` with every file that is misplaced or cannot be read, and `InputError` if there are none.
    """
    candidates = [(path.relative_to(folder).as_posix(), path) for path in _find_candidates(folder)]
    if not candidates:
        raise InputError(f"{folder} has no packs", _EXPECTED_CONTENTS)
    if len(candidates) > MAX_FILES:
        raise InputError(f"{folder} has {len(candidates):,} pack files; at most {MAX_FILES:,} are allowed")
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for name, path in candidates:
        try:
            files[name] = _read_pack_file(name, path)
        except InputError as error:
            faults.append(Fault(replace_unprintable(name), 0, "", error.message))
    if faults:
        raise PackError(faults)
    return files


def read_beside_packs(folder: Path, name: str) -> bytes:
    """Return a file that lies beside the folders of packs; raises `InputError` if it cannot be read."""
    return _read_bytes(folder / name)


def _find_candidates(folder: Path) -> Iterator[Path]:
    """Yield the YAML files in folders for packs, or with misspelt names of one, and the pictures of authorities."""
    try:
        for subfolder in sorted(path for path in folder.iterdir() if path.is_dir() and _closest_folder(path.name)):
            nested = list(subfolder.glob("*/*")) if subfolder.name == "schemes" else []
            yield from (path for path in sorted([*subfolder.glob("*"), *nested]) if path.suffix in (".yaml", ".yml"))
            yield from sorted(path for path in nested if path.suffix == _IMAGE_SUFFIX)
    except OSError as error:
        raise InputError(f"{folder} could not be read: {error.strerror}", _EXPECTED_CONTENTS) from None


def _closest_folder(name: str) -> str:
    """Return `law`, `days`, `readings`, `shared` or `schemes` if a folder's name is similar to it, or an empty text."""
    return next(iter(get_close_matches(name.lower(), _FOLDER_DEPTHS, n=1, cutoff=SIMILARITY_CUTOFF)), "")


def _read_pack_file(name: str, path: Path) -> bytes:
    """Return the contents of a pack file; raises `InputError` if it is misplaced or cannot be read."""
    if not name.isprintable():
        raise InputError("has a name that cannot be printed; rename it")
    subfolder, *inner = name.split("/")
    if subfolder not in _FOLDER_DEPTHS:
        raise InputError(f"is in {subfolder}/, not a folder for packs. Did you mean {_closest_folder(subfolder)}?")
    if len(inner) != _FOLDER_DEPTHS[subfolder]:
        raise InputError("is not in the folder of an authority; move it to schemes/<authority>/NAME.yaml")
    if path.suffix == _IMAGE_SUFFIX:
        return _read_bytes(path, MAX_PNG_BYTES)
    if path.suffix != ".yaml":
        raise InputError("has a name that does not end in .yaml; rename it")
    return _read_bytes(path)


def _read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    try:
        if not path.is_file():  # a pipe or device could block or never end
            raise InputError("is not a regular file, or is a broken link")
        if (size := path.stat().st_size) > limit:
            raise InputError(f"has {size:,} bytes; at most {limit:,} are allowed")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"could not be read: {error.strerror}") from None
