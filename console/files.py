"""Files named on the command line: read within a size limit, checked by kind, and printed safely.

A pipe or device is never opened, because reading it might not end.
A file name is printed without control characters.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from rules.errors import InputError
from rules.values.text import replace_unprintable

MAX_PAPER_BYTES = 512_000
MAX_WORD_BYTES = 8_000_000
_WORD_SUFFIXES = (".docx", ".docm", ".doc", ".odt", ".rtf", ".pages")
"""The endings of files that word processors write. Only the first can be read, but each is named in its own message."""
_CHECK_NAME_ADVICE = "Check the file name and the folder you are in."
_PERMISSION_ADVICE = "Ask its owner for permission to read it, or for a copy."
_COPY_ADVICE = "Save its content to a file, and give that file's name."
_TOO_LARGE_ADVICE = "Check that this is the right file."


def read_bytes(path: Path, max_bytes: int = MAX_PAPER_BYTES, description: str = "a paper") -> bytes:
    """Return the content of a file; raises `InputError` if it cannot be read or is too large.

    `description` names the kind of file in messages, such as `a paper`.
    """
    try:
        file_status = path.stat()
        _refuse_irregular(path, file_status)
        if file_status.st_size > max_bytes:
            size, limit = f"{file_status.st_size:,} bytes", f"The limit for {description} is {max_bytes:,} bytes"
            raise InputError(f"{_printable_path(path)} is too large: {size}. {limit}", _TOO_LARGE_ADVICE)
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def open_file(path: Path) -> BinaryIO:
    """Open a file of any size; raises `InputError` if it cannot be read, or is no regular file."""
    try:
        _refuse_irregular(path, path.stat())
        return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> InputError:
    if isinstance(error, PermissionError):
        return InputError(f"you do not have permission to read {_printable_path(path)}", _PERMISSION_ADVICE)
    return InputError(f"{_printable_path(path)} could not be read: {error.strerror}", _CHECK_NAME_ADVICE)


def _refuse_irregular(path: Path, file_status: os.stat_result) -> None:
    """Raise `InputError` for a folder, a pipe or a device."""
    if stat.S_ISDIR(file_status.st_mode):
        raise InputError(f"{_printable_path(path)} is a folder, not a file", _CHECK_NAME_ADVICE)
    if not stat.S_ISREG(file_status.st_mode):
        raise InputError(f"{_printable_path(path)} is not a regular file", _COPY_ADVICE)


def read_paper_file(path: Path) -> bytes:
    """Return the content of a paper, which may be a Word form; raises `InputError` as `read_bytes` does."""
    return read_bytes(path, MAX_WORD_BYTES, "a Word file") if is_word_file(path) else read_bytes(path)


def is_word_file(path: Path) -> bool:
    """Whether a file is that of a word processor, by the ending of its name."""
    return path.suffix.lower() in _WORD_SUFFIXES


def path_exists(path: Path) -> bool:
    """Whether something exists at a path, even a broken link; False if we may not look."""
    return os.path.lexists(path)


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; False if we may not look."""
    return os.path.isdir(path)  # noqa: PTH112  # Path.is_dir raises if we may not look into the parent folder


def _printable_path(path: Path) -> str:
    return replace_unprintable(str(path))


def printable_name(path: Path) -> str:
    """Return a file's name with question marks for control characters."""
    return replace_unprintable(path.name)


def refuse_wrong_suffix(path: Path, output_formats: Sequence[str]) -> None:
    """Raise `InputError` if a file name ends in anything but one of the formats; no ending at all is fine."""
    if path.suffix.removeprefix(".").lower() not in ("", *output_formats):
        *others, last = (f".{output_format}" for output_format in output_formats)
        suffixes = f"{', '.join(others)} or {last}" if others else last
        raise InputError(f"{path} has the wrong ending for this document", f"Use {suffixes}.")
