"""Files that are named on the command line."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rules.errors import InputError
from rules.values.text import printable

if TYPE_CHECKING:
    from decisions.issuing.issue import Order

MAX_PAPER_BYTES = 512_000
MAX_WORD_BYTES = 8_000_000
_LOOK = "Look at the name of the file, and at the folder in which it is looked for."
_LET = "Have its owner let you read it, or copy it."
_COPY = "Copy what it gives into a file, and name that."


def read_bytes(path: Path, most: int = MAX_PAPER_BYTES, what: str = "a paper") -> bytes:
    """What stands in a file that was named; raises `InputError` for one that is not there, or is not to be read."""
    try:
        _refuse_unfit(path, path.stat(), f"{what} may have {most:,}", most)
        return path.read_bytes()
    except PermissionError as error:
        raise InputError(f"{_shown(path)} could not be read: you may not", _LET) from error
    except OSError as error:
        raise InputError(f"{_shown(path)} could not be read: {error.strerror}", _LOOK) from error


def _refuse_unfit(path: Path, found: os.stat_result, bound: str, most: int) -> None:
    """Raise `InputError` for a folder, for a pipe or a device, which might never end, and for what is too long."""
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"{_shown(path)} is a folder, and not a file", _LOOK)
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{_shown(path)} is no ordinary file", _COPY)
    if found.st_size > most:
        raise InputError(f"{_shown(path)} has {found.st_size:,} bytes; {bound}")


def is_there(path: Path) -> bool:
    """Whether there is something at a place, as far as we may look, be it a link that leads nowhere."""
    return os.path.lexists(path)


def is_folder(path: Path) -> bool:
    """Whether there is a folder at a place, as far as we may look."""
    return os.path.isdir(path)  # noqa: PTH112  # Path.is_dir raises where the folder around it is closed


def _shown(path: Path) -> str:
    return printable(str(path))


def shown_name(path: Path) -> str:
    """A file's name as it may be printed: what would speak to the terminal is left out."""
    return printable(path.name)


def document_name(case: str, order: Order) -> str:
    """What the file of a document is called where nobody says otherwise; a case's number may have a slash in it."""
    return f"{case.replace('/', '-')}-{order.kind}-part-{order.part}.{order.to}"


def refuse_misnamed(path: Path, forms: Sequence[str]) -> None:
    """Raise `InputError` for a name whose ending is not that of one of the forms which the document may have."""
    if path.suffix.removeprefix(".").lower() not in ("", *forms):
        *others, last = (f".{form}" for form in forms)
        ends = f"{', '.join(others)} or {last}" if others else last
        raise InputError(f"{path} does not end as such a document does", f"Write {ends}.")


def refuse_place(place: Path, store: Container[Path], is_ours: Callable[[bytes], bool]) -> None:
    """Raise where a document may not stand: in the place of one of the store's files, or of what is not ours."""
    from decisions.issuing import archive

    if Path(os.path.realpath(place)) in store:
        raise InputError(f"{place} is the store itself", "Choose another place with -o.")
    archive.refuse_taken(place, is_ours)
