"""Files that are named on the command line."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rules.errors import InputError
from rules.text import printable

if TYPE_CHECKING:
    from decisions.issuing import Order

MAX_PAPER_BYTES = 512_000
MAX_WORD_BYTES = 8_000_000
_LOOK = "Look at the name of the file, and at the folder in which it is looked for."


def refuse_unreadable(path: Path) -> None:
    """Raise `InputError` for a file that is not there, is a folder, or may not be read."""
    try:
        is_folder, is_readable = stat.S_ISDIR(path.stat().st_mode), os.access(path, os.R_OK)
    except OSError as error:
        raise InputError(f"{path} could not be read: {error.strerror}", _LOOK) from error
    if is_folder:
        raise InputError(f"{path} is a folder, and not a file", _LOOK)
    if not is_readable:
        raise InputError(f"{path} could not be read: you may not", "Have its owner let you read it, or copy it.")


def read_bytes(path: Path, most: int = MAX_PAPER_BYTES, what: str = "a paper") -> bytes:
    """What stands in a file; raises `InputError` for one that is no ordinary file, too long, or not to be read."""
    refuse_unreadable(path)
    try:
        if not path.is_file():
            raise InputError(f"{shown_name(path)} is no ordinary file")
        size = path.stat().st_size
        if size > most:
            raise InputError(f"{shown_name(path)} has {size:,} bytes; {what} may have {most:,}")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{shown_name(path)} could not be read: {error.strerror}") from error


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
    from decisions import archive

    if Path(os.path.realpath(place)) in store:
        raise InputError(f"{place} is the store itself", "Choose another place with -o.")
    archive.refuse_taken(place, is_ours)
