"""Whether other accounts of this machine can read a store, which holds Part 2."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

from console.output import print_warning
from rules.values.text import replace_unprintable
from workflow.ledger.ports import Store

_OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def find_exposed_files(store: Store) -> tuple[Path, ...]:
    """Return the files of a store that the operating system lets other accounts read or change."""
    if os.name != "posix":  # elsewhere the mode of a file says nothing of who may read it
        return ()
    return tuple(file for file in store.file_paths() if _read_mode(file) & _OF_OTHERS)


def _read_mode(file: Path) -> int:
    """Return the permissions of a file; none for one that is not there, or that we may not look at."""
    try:
        return file.stat().st_mode
    except OSError:  # what opens the store reports it
        return 0


def close_command(files: tuple[Path, ...]) -> str:
    """Return the command that closes some files to all but their owner."""
    return " ".join(["chmod 600", *(shlex.quote(replace_unprintable(os.path.relpath(file))) for file in files)])


def warn_of_exposed_files(store: Store) -> None:
    """Say on standard error which files of a store other accounts can read, and how to close them."""
    if files := find_exposed_files(store):
        print_warning(
            f'other accounts of this machine can read the store, with Part 2. "{close_command(files)}" stops that'
        )
