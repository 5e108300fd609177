"""The shelf: files of packs as they were read before, so that a new process need not read the YAML again.

What stands on it was read strictly once, without a fault, and is found by the digest of the file's bytes and of the
code that read it; a file that was changed is not found. It is plain data, checked against its own digest, and is
validated and put together anew each time. What somebody else could have put there is never taken, since a foreign pack
would be judged by under the name of the true one. A shelf that cannot be written is done without.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from rules.reading import yaml_reader
from rules.reading.yaml_reader import MAX_BYTES, Source, read_through
from rules.reading.yaml_reader import Path as Place
from rules.values import calendar

KEPT = 200
"""How many files a shelf holds at most; the oldest go first."""
LARGEST = 16 * MAX_BYTES
"""How many bytes of a file are taken: more than any pack comes to."""
_MALFORMED = (ValueError, KeyError, IndexError, TypeError)
_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class Shelf:
    """A folder of files as they were read, in which several processes may read and write at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reader = hashlib.sha256(yaml_reader.YAML.encode())
        for file in (yaml_reader.__file__, calendar.__file__, __file__):
            self._reader.update(Path(str(file)).read_bytes())

    def read(self, data: bytes, file: str) -> Source:
        """A file as read: from the shelf, or strictly; raises `FileError` as reading does."""
        place = self._place(data, file)
        found = _taken_from(place, data, file)
        if found is None:
            found = read_through(data, file)
            if not found.faults:
                self._put(place, found)
        return found

    def _place(self, data: bytes, file: str) -> Path:
        digest = self._reader.copy()
        digest.update(f"\n{file}\n".encode() + data)
        return self._folder / f"{digest.hexdigest()}.json"

    def _put(self, place: Path, source: Source) -> None:
        text = orjson.dumps({"data": source.data, "days": [list(at) for at in _days_in(source.data, ())]})
        unfinished = place.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_ours(self._folder.lstat()):
                return
            unfinished.touch(mode=0o600)
            unfinished.write_bytes(_sealed(text))
            unfinished.replace(place)
            oldest_first = sorted(self._folder.iterdir(), key=lambda kept: kept.stat().st_mtime)
            for kept in oldest_first[:-KEPT]:
                kept.unlink(missing_ok=True)
        except OSError:  # a full disk, or a home that may not be written to: all works without, a little slower
            return


def _sealed(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text


def _is_ours(found: os.stat_result) -> bool:
    """Whether nobody else can have put something there: it is no link, it is our own, and only we may write to it."""
    return not stat.S_ISLNK(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & _OTHERS


def _own_bytes(place: Path) -> bytes:
    """What stands in a file that is ours, in a folder that is; empty where there is none, or it is not."""
    try:
        if not _is_ours(place.parent.lstat()):
            return b""
        with os.fdopen(os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            found = os.fstat(file.fileno())
            return file.read(LARGEST) if stat.S_ISREG(found.st_mode) and _is_ours(found) else b""
    except OSError:
        return b""


def _taken_from(place: Path, data: bytes, file: str) -> Source | None:
    """What stands at a place of the shelf, if anything, and if it is whole."""
    kept = _own_bytes(place)
    text = kept.partition(b"\n")[2]
    if kept != _sealed(text):
        return None
    try:
        return Source(file, _with_days(orjson.loads(text)), _LinesOf(data, file))
    except _MALFORMED:  # whole, and yet not as it is written here
        return None


def _with_days(found: Any) -> dict[str, Any]:  # noqa: ANN401 - any of what JSON gives
    """The plain data of a file, with its days put back into their places."""
    for *way, last in found["days"]:
        around = found["data"]
        for step in way:
            around = around[step]
        around[last] = date.fromisoformat(around[last])
    return dict(found["data"])


class _LinesOf(Mapping[Place, int]):
    """The lines of a file, which are read only where somebody asks: where there is a fault to be told."""

    def __init__(self, data: bytes, file: str) -> None:
        self._data, self._file = data, file

    @cached_property
    def _lines(self) -> Mapping[Place, int]:
        return read_through(self._data, self._file).lines

    def __getitem__(self, place: Place) -> int:
        return self._lines[place]

    def __iter__(self) -> Iterator[Place]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def _days_in(part: Any, at: Place) -> Iterator[Place]:  # noqa: ANN401 - any of what YAML gives
    """The places of all days in some plain data: JSON has no days."""
    if isinstance(part, date):
        yield at
    for step, inner in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        yield from _days_in(inner, (*at, step))
