"""Files that are named on the command line."""

from __future__ import annotations

from pathlib import Path

from rules.errors import InputError
from rules.text import printable

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
