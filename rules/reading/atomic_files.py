"""Write a file beside its place, then move it there, so that nobody ever reads half of it.

- Until the move, the place holds what it held before, or nothing.
- The temporary file is in the same folder: a move within one file system is one step.
- A block that fails removes its temporary file; a process that was killed leaves one, which the next write to the same
  place removes.
- Only `sync_to_disk` promises that a file outlives a power cut: callers that need it call it before and after the move.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_SUFFIX = ".part"


@contextmanager
def temporary_beside(path: Path, companions: Sequence[str] = ()) -> Iterator[Path]:
    """Yield a temporary path beside `path`, and remove what is still there after the block.

    `companions` are suffixes of files that another library keeps next to the file, such as SQLite's "-wal"; they are
    removed with it. Raises `OSError` if the folder cannot be read. Example:

        with temporary_beside(path) as temporary:
            temporary.write_bytes(data)
            temporary.replace(path)
    """
    _remove_leftovers(path, companions)
    temporary = path.with_name(f".{path.name}.{os.getpid()}{_SUFFIX}")
    try:
        yield temporary
    finally:
        with suppress(OSError):  # the error in the block matters more
            _remove_with_companions(temporary, companions)


def sync_to_disk(path: Path) -> None:
    """Wait until a file or a folder is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_leftovers(path: Path, companions: Sequence[str]) -> None:
    """Remove the temporary files of processes that no longer run."""
    start = f".{path.name}."
    for other in path.parent.iterdir():
        process_id = other.name.removeprefix(start).removesuffix(_SUFFIX)
        is_temporary = other.name == f"{start}{process_id}{_SUFFIX}" and process_id.isdecimal()
        if is_temporary and not _is_other_process(int(process_id)):
            _remove_with_companions(other, companions)


def _remove_with_companions(path: Path, companions: Sequence[str]) -> None:
    for suffix in (*companions, ""):  # the file itself last: as long as it is there, its companions are found
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _is_other_process(process_id: int) -> bool:
    """Whether another process has this number. One that had ours was killed before we got it."""
    try:
        os.kill(process_id, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # it runs, and belongs to another user
        return True
    return process_id != os.getpid()
