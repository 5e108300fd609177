"""Documents on disk: read whole, and written whole or not at all.

- No document stands in its place before it is recorded in the ledger.
- Only a regular file is replaced, and only one that is a document of the store (or any with `--force`).
- Every error of the disk is a `DocumentError` that names the path.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Container, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

from decisions.errors import DocumentError
from decisions.issuing.jobs import RenderJob
from rules.errors import InputError
from rules.reading.atomic_files import sync_to_disk, temporary_beside

MAX_BYTES = 64 * 1024 * 1024
_OTHER_PATH_ADVICE = "Choose another place with -o."


def document_file_name(job: RenderJob) -> str:
    """Return the default file name of a document; a slash in the case number becomes a hyphen."""
    return f"{job.case.replace('/', '-')}-{job.kind}-part-{job.part}.{job.output_format}"


def refuse_output_path(path: Path, store_files: Container[Path], is_own_document: Callable[[bytes], bool]) -> None:
    """Raise `InputError` if the path is the store itself, else check it as `refuse_overwrite` does."""
    if Path(os.path.realpath(path)) in store_files:
        raise InputError(f"{path} is the store itself", _OTHER_PATH_ADVICE)
    refuse_overwrite(path, is_own_document)


def refuse_overwrite(path: Path, is_own_document: Callable[[bytes], bool]) -> None:
    """Raise `DocumentError` if a file stands at the path that a document may not replace.

    A document may replace a regular file whose bytes `is_own_document` accepts. It never replaces a link, a device or
    a folder.
    """
    if not _is_present(path):
        return
    if path.is_symlink() or not path.is_file():
        raise DocumentError(f"{path} is no ordinary file, and is left alone", _OTHER_PATH_ADVICE)
    if not is_own_document(read_document(path)):
        advice = "Choose another place with -o, or replace it with --force."
        raise DocumentError(f"{path} is there already, and is no document of this store", advice)


def _is_present(path: Path) -> bool:
    with _convert_os_errors(path):  # such as a name that is too long for the disk
        return path.is_symlink() or path.exists()


def writer_of(job: RenderJob, path: Path) -> Callable[[bytes], AbstractContextManager[None]]:
    """Return `staged_write` for a document and its place; one of Part 2 is private."""
    return partial(staged_write, path, is_private=job.is_private)


@contextmanager
def staged_write(path: Path, data: bytes, *, is_private: bool = False) -> Iterator[None]:
    """Write a document beside its place, run the block, then move the document there in one step.

    The block records the document. A process that is killed at any moment leaves no unrecorded document in the place
    and no half of one. If it is killed between the record and the move, the entry has no file: making the document
    again gives the same bytes and no second entry. Raises `DocumentError`, and leaves nothing, if the file cannot be
    written. A private file can be read by its owner alone, and so can a folder that is made for it.
    """
    with ExitStack() as cleanup:
        with _convert_os_errors(path):
            make_folder(path.parent, is_private=is_private)
            temporary = cleanup.enter_context(temporary_beside(path))
            if is_private:
                temporary.touch(mode=0o600)
            temporary.write_bytes(data)
            sync_to_disk(temporary)
        yield
        with _convert_os_errors(path):
            temporary.replace(path)
            sync_to_disk(path.parent)


def make_folder(folder: Path, *, is_private: bool) -> None:
    """Make a folder and those above it, as far as they are missing; raises `OSError`.

    A private one can be entered by its owner alone. A folder that is there already keeps its permissions.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700 if is_private else 0o777, exist_ok=True)


@contextmanager
def _convert_os_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DocumentError(f"{path} could not be written: {error.strerror}", _OTHER_PATH_ADVICE) from error


def read_document(path: Path) -> bytes:
    """Return a document's bytes; raise `DocumentError` if there is none or it is larger than any of ours."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a device or a pipe could give bytes without end
            raise DocumentError(f"{path} is no ordinary file")
        if status.st_size > MAX_BYTES:
            raise DocumentError(f"{path} is larger than any document that assent makes")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path} could not be read: {error.strerror}") from error
