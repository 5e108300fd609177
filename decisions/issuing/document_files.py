"""Documents on disk: read whole, written whole or not at all, and none in its place before it is recorded."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from decisions.errors import DocumentError
from decisions.issuing.issue import RenderTarget
from rules.errors import InputError

MAX_BYTES = 64 * 1024 * 1024
_TEMPORARY_SUFFIX = ".part"


def document_file_name(case: str, target: RenderTarget) -> str:
    """Return the default file name of a document; a slash in the case number becomes a hyphen."""
    return f"{case.replace('/', '-')}-{target.kind}-part-{target.part}.{target.output_format}"


def refuse_output_path(path: Path, store_files: Container[Path], is_own_document: Callable[[bytes], bool]) -> None:
    """Raise `InputError` if the path is the store itself, else check it as `refuse_overwrite` does."""
    if Path(os.path.realpath(path)) in store_files:
        raise InputError(f"{path} is the store itself", "Choose another place with -o.")
    refuse_overwrite(path, is_own_document)


def refuse_overwrite(path: Path, is_own_document: Callable[[bytes], bool]) -> None:
    """Raise `DocumentError` where a document may not replace what stands at its place.

    It may take that of a regular file which `is_ours` knows, and of nothing else: no link, no device, no other file.
    """
    if not _is_present(path):
        return
    if path.is_symlink() or not path.is_file():
        raise DocumentError(f"{path} is no ordinary file, and is left alone", "Choose another place with -o.")
    if not is_own_document(read_document(path)):
        advice = "Choose another place with -o, or say --force to have it replaced."
        raise DocumentError(f"{path} is there already, and is no document of this store", advice)


def _is_present(path: Path) -> bool:
    with _convert_os_errors(path):  # such as a name that is too long for the disk
        return path.is_symlink() or path.exists()


@contextmanager
def staged_write(path: Path, data: bytes) -> Iterator[None]:
    """Write a document beside its place, and move it there in one step once the block has ended well.

    In the block it is recorded. Whoever is killed, at any moment, leaves no file in the place that is not recorded, and
    no half of one. Killed in the instant between the record and the place, it leaves an entry without its file: to
    make the document again gives the same bytes and no second entry. What a killed process left beside the place is
    taken away. Raises `DocumentError`, and leaves nothing, where the file cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}{_TEMPORARY_SUFFIX}")
    try:
        with _convert_os_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            _remove_leftovers(path)
            beside.write_bytes(data)
            _fsync(beside)
        yield
        with _convert_os_errors(path):
            beside.replace(path)
            _fsync(path.parent)
    finally:
        with suppress(OSError):  # where even that fails, there was nothing to take away
            beside.unlink(missing_ok=True)


def _remove_leftovers(path: Path) -> None:
    """Take away what processes that are gone have left beside a place."""
    start = f".{path.name}."
    for left in path.parent.iterdir():
        maker = left.name.removeprefix(start).removesuffix(_TEMPORARY_SUFFIX)
        if left.name == f"{start}{maker}{_TEMPORARY_SUFFIX}" and maker.isdecimal() and not _is_running(int(maker)):
            left.unlink(missing_ok=True)


def _is_running(process_id: int) -> bool:
    """Whether another process has this number; one that had ours was killed before we got it."""
    try:
        os.kill(process_id, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # there is one, of somebody else
        return True
    return process_id != os.getpid()


def _fsync(path: Path) -> None:
    """Have a file, or the names in a folder, on disk before anything else is done."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _convert_os_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        advice = "Choose another place with -o."
        raise DocumentError(f"{path} could not be written: {error.strerror}", advice) from error


def read_document(path: Path) -> bytes:
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
