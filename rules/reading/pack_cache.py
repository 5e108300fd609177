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
from rules.reading.atomic_files import temporary_beside
from rules.reading.yaml_reader import MAX_BYTES, YamlFile, read_pack_yaml
from rules.reading.yaml_reader import KeyPath as Place
from rules.values import calendar

MAX_CACHED_FILES = 200
"""How many files a shelf holds at most; the oldest go first."""
MAX_CACHED_BYTES = 16 * MAX_BYTES
"""How many bytes of a file are taken: more than any pack comes to."""
_MALFORMED = (ValueError, KeyError, IndexError, TypeError)
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class PackCache:
    """A folder of files as they were read, in which several processes may read and write at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._code_digest = hashlib.sha256(yaml_reader.YAML_VERSION.encode())
        for file in (yaml_reader.__file__, calendar.__file__, __file__):
            self._code_digest.update(Path(str(file)).read_bytes())

    def read(self, data: bytes, file: str) -> YamlFile:
        """A file as read: from the shelf, or strictly; raises `FileError` as reading does."""
        place = self._cache_path(data, file)
        found = _load_cached(place, data, file)
        if found is None:
            found = read_pack_yaml(data, file)
            if not found.faults:
                self._store(place, found)
        return found

    def _cache_path(self, data: bytes, file: str) -> Path:
        digest = self._code_digest.copy()
        digest.update(f"\n{file}\n".encode() + data)
        return self._folder / f"{digest.hexdigest()}.json"

    def _store(self, cache_path: Path, source: YamlFile) -> None:
        text = orjson.dumps({"data": source.data, "days": [list(at) for at in _date_paths(source.data, ())]})
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(self._folder.lstat()):
                return
            with temporary_beside(cache_path) as temporary:
                temporary.touch(mode=0o600)
                temporary.write_bytes(_with_checksum(text))
                temporary.replace(cache_path)
            oldest_first = sorted(self._folder.iterdir(), key=lambda kept: kept.stat().st_mtime)
            for kept in oldest_first[:-MAX_CACHED_FILES]:
                kept.unlink(missing_ok=True)
        except OSError:  # a full disk, or a home that may not be written to: all works without, a little slower
            return


def _with_checksum(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text


def _is_private(status: os.stat_result) -> bool:
    """Whether nobody else can have put something there: it is no link, it is our own, and only we may write to it."""
    return (
        not stat.S_ISLNK(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & _WRITABLE_BY_OTHERS
    )


def _read_private_file(path: Path) -> bytes:
    """What stands in a file that is ours, in a folder that is; empty where there is none, or it is not."""
    try:
        if not _is_private(path.parent.lstat()):
            return b""
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            found = os.fstat(file.fileno())
            return file.read(MAX_CACHED_BYTES) if stat.S_ISREG(found.st_mode) and _is_private(found) else b""
    except OSError:
        return b""


def _load_cached(cache_path: Path, data: bytes, file: str) -> YamlFile | None:
    """What stands at a place of the shelf, if anything, and if it is whole."""
    kept = _read_private_file(cache_path)
    text = kept.partition(b"\n")[2]
    if kept != _with_checksum(text):
        return None
    try:
        return YamlFile(file, _restore_dates(orjson.loads(text)), _LazyLines(data, file))
    except _MALFORMED:  # whole, and yet not as it is written here
        return None


def _restore_dates(cached: Any) -> dict[str, Any]:  # noqa: ANN401 - any of what JSON gives
    """The plain data of a file, with its days put back into their places."""
    for *way, last in cached["days"]:
        around = cached["data"]
        for step in way:
            around = around[step]
        around[last] = date.fromisoformat(around[last])
    return dict(cached["data"])


class _LazyLines(Mapping[Place, int]):
    """The lines of a file, which are read only where somebody asks: where there is a fault to be told."""

    def __init__(self, data: bytes, file: str) -> None:
        self._data, self._file = data, file

    @cached_property
    def _lines(self) -> Mapping[Place, int]:
        return read_pack_yaml(self._data, self._file).lines

    def __getitem__(self, place: Place) -> int:
        return self._lines[place]

    def __iter__(self) -> Iterator[Place]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def _date_paths(data: Any, path: Place) -> Iterator[Place]:  # noqa: ANN401 - any of what YAML gives
    """The places of all days in some plain data: JSON has no days."""
    if isinstance(data, date):
        yield path
    for step, inner in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from _date_paths(inner, (*path, step))
