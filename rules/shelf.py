"""The shelf: files of packs as they were read before, so that a new process need not read the YAML again.

What stands on it was read strictly once, without a fault, and is found by the digest of the file's bytes and of the
code that read it; a file that was changed is not found. It is plain data, checked against its own digest, and is
validated and put together anew each time. A shelf that cannot be written is done without.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from rules import days, reading
from rules.reading import Path as Place
from rules.reading import Source, read_through

KEPT = 200
"""How many files a shelf holds at most; the oldest go first."""


class Shelf:
    """A folder for this, in which several processes may read and write at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reader = hashlib.sha256(reading.YAML.encode())
        for module in (reading, days):
            self._reader.update(Path(str(module.__file__)).read_bytes())

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
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(_sealed(text))
            unfinished.replace(place)
            oldest_first = sorted(self._folder.glob("*.json"), key=lambda kept: kept.stat().st_mtime)
            for kept in oldest_first[:-KEPT]:
                kept.unlink(missing_ok=True)
        except OSError:  # a full disk, or a home that may not be written to: all works without, a little slower
            return


def _sealed(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text


def _taken_from(place: Path, data: bytes, file: str) -> Source | None:
    """What stands at a place of the shelf, if anything, and if it is whole."""
    try:
        kept = place.read_bytes()
    except OSError:
        return None
    text = kept.partition(b"\n")[2]
    if kept != _sealed(text):
        return None
    found = orjson.loads(text)
    for *way, last in found["days"]:
        around = found["data"]
        for step in way:
            around = around[step]
        around[last] = date.fromisoformat(around[last])
    return Source(file, found["data"], _LinesOf(data, file))


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
