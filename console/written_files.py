"""Text files that a command writes: each whole or not at all, and a new folder only where there is none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from rules.errors import InputError
from rules.values.text import replace_unprintable

_NEW_FOLDER_ADVICE = "Name a new folder, or an empty one."
_WRITABLE_FOLDER_ADVICE = "Name a folder where you may write."


def write_text_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write some files, by their paths inside a folder; raises `DocumentError` for one that cannot be written."""
    from decisions.issuing.document_files import staged_write

    for name, text in files.items():
        with staged_write(folder / name, text.encode()):
            pass  # nothing is recorded of it


def write_private_file(path: Path, data: bytes) -> None:
    """Write a file that may hold Part 2, for its owner alone; raises `DocumentError` if it cannot be written."""
    from decisions.issuing.document_files import staged_write

    with staged_write(path, data, is_private=True):
        pass  # nothing is recorded of it


def refuse_used_folder(folder: Path) -> None:
    """Raise `InputError` for a folder that holds something, `DocumentError` for one that cannot be looked into."""
    from decisions.errors import DocumentError

    try:
        used = os.path.lexists(folder) and any(folder.iterdir())
    except OSError as error:
        reason = f"{_printable(folder)} could not be read: {error.strerror}"
        raise DocumentError(reason, _WRITABLE_FOLDER_ADVICE) from None
    if used:
        raise InputError(f"{_printable(folder)} is not empty", _NEW_FOLDER_ADVICE)


def _printable(path: Path) -> str:
    return replace_unprintable(str(path))
