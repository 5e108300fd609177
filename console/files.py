"""Files that are named on the command line."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from rules.errors import InputError
from rules.values.text import replace_unprintable

MAX_PAPER_BYTES = 512_000
MAX_WORD_BYTES = 8_000_000
_CHECK_NAME_ADVICE = "Look at the name of the file, and at the folder in which it is looked for."
_PERMISSION_ADVICE = "Have its owner let you read it, or copy it."
_COPY_ADVICE = "Copy what it gives into a file, and name that."


def read_bytes(path: Path, max_bytes: int = MAX_PAPER_BYTES, description: str = "a paper") -> bytes:
    """What stands in a file that was named; raises `InputError` for one that is not there, or is not to be read."""
    try:
        _refuse_unreadable(path, path.stat(), f"{description} may have {max_bytes:,}", max_bytes)
        return path.read_bytes()
    except PermissionError as error:
        raise InputError(f"{_printable_path(path)} could not be read: you may not", _PERMISSION_ADVICE) from error
    except OSError as error:
        raise InputError(f"{_printable_path(path)} could not be read: {error.strerror}", _CHECK_NAME_ADVICE) from error


def _refuse_unreadable(path: Path, file_status: os.stat_result, size_limit: str, max_bytes: int) -> None:
    """Raise `InputError` for a folder, for a pipe or a device, which might never end, and for what is too long."""
    if stat.S_ISDIR(file_status.st_mode):
        raise InputError(f"{_printable_path(path)} is a folder, and not a file", _CHECK_NAME_ADVICE)
    if not stat.S_ISREG(file_status.st_mode):
        raise InputError(f"{_printable_path(path)} is no ordinary file", _COPY_ADVICE)
    if file_status.st_size > max_bytes:
        raise InputError(f"{_printable_path(path)} has {file_status.st_size:,} bytes; {size_limit}")


def path_exists(path: Path) -> bool:
    """Whether there is something at a place, as far as we may look, be it a link that leads nowhere."""
    return os.path.lexists(path)


def is_folder(path: Path) -> bool:
    """Whether there is a folder at a place, as far as we may look."""
    return os.path.isdir(path)  # noqa: PTH112  # Path.is_dir raises where the folder around it is closed


def _printable_path(path: Path) -> str:
    return replace_unprintable(str(path))


def printable_name(path: Path) -> str:
    """A file's name as it may be printed: what would speak to the terminal is left out."""
    return replace_unprintable(path.name)


def refuse_wrong_suffix(path: Path, output_formats: Sequence[str]) -> None:
    """Raise `InputError` for a name whose ending is not that of one of the forms which the document may have."""
    if path.suffix.removeprefix(".").lower() not in ("", *output_formats):
        *others, last = (f".{form}" for form in output_formats)
        ends = f"{', '.join(others)} or {last}" if others else last
        raise InputError(f"{path} does not end as such a document does", f"Write {ends}.")
