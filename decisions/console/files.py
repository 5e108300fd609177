"""Files that are named on the command line."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING

from rules.errors import InputError
from rules.text import printable

if TYPE_CHECKING:
    from decisions.issuing import Order

MAX_PAPER_BYTES = 512_000


def read_bytes(path: Path) -> bytes:
    """What stands in a paper's file; raises `InputError` for one that is no file, too long, or not to be read."""
    try:
        if not path.is_file():
            raise InputError(f"{shown_name(path)} is no ordinary file")
        if path.stat().st_size > MAX_PAPER_BYTES:
            size = path.stat().st_size
            raise InputError(f"{shown_name(path)} has {size:,} bytes; a paper may have {MAX_PAPER_BYTES:,}")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{shown_name(path)} could not be read: {error.strerror}") from error


def shown_name(path: Path) -> str:
    """A file's name as it may be printed: what would speak to the terminal is left out."""
    return printable(path.name)


def document_name(case: str, order: Order) -> str:
    """What the file of a document is called where nobody says otherwise."""
    return f"{case}-{order.kind}-part-{order.part}.{order.to}"


def refuse_store(place: Path, store: Container[Path]) -> None:
    """Raise `InputError` for a document that would take the place of one of the store's files."""
    if place.resolve() in store:
        raise InputError(f"{place} is the store itself", "Choose another place with -o.")
