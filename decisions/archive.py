"""Documents on disk: read whole, written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from decisions.errors import DocumentError

MAX_BYTES = 64 * 1024 * 1024


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
        if path.stat().st_size > MAX_BYTES:
            raise DocumentError(f"{path} is larger than any document that assent makes")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path} could not be read: {error.strerror}") from error
