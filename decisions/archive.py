"""Documents on disk: read whole, written whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from decisions.errors import DocumentError

MAX_BYTES = 64 * 1024 * 1024


def refuse_taken(path: Path, is_ours: Callable[[bytes], bool]) -> None:
    """Raise `DocumentError` where something stands at a place that a document may not take the place of.

    It may take that of a regular file which `is_ours` knows, and of nothing else: no link, no device, no other file.
    """
    if not path.is_symlink() and not path.exists():
        return
    if path.is_symlink() or not path.is_file():
        raise DocumentError(f"{path} is no ordinary file, and is left alone", "Choose another place with -o.")
    if not is_ours(read(path)):
        advice = "Choose another place with -o, or say --force to have it replaced."
        raise DocumentError(f"{path} is there already, and is no document of this store", advice)


def write(path: Path, data: bytes) -> None:
    """Put a document in its place in one step; raises `DocumentError` and leaves nothing where that fails."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):  # where even that fails, there was nothing to take away
            beside.unlink(missing_ok=True)
        raise DocumentError(
            f"{path} could not be written: {error.strerror}", "Choose another place with -o."
        ) from error


def read(path: Path) -> bytes:
    """A document's bytes; raises `DocumentError` where there is none, or it is larger than any of ours."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise DocumentError(f"{path} is no ordinary file")
        if found.st_size > MAX_BYTES:
            raise DocumentError(f"{path} is larger than any document that assent makes")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path} could not be read: {error.strerror}") from error
