"""Cache parsed pack files on disk, so that a new process need not parse the YAML again.

- Only files without faults are cached. The key is a digest of the file's bytes and of the code that read it, so that a
  change in either is a miss.
- A cached file is plain data with a checksum. It is validated and linked again each time.
- A file or folder that others could have written to is never used: a forged pack would be judged by in the name of the
  real one.
- Without a writable cache everything works, a little slower.
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
from rules.reading.yaml_reader import MAX_BYTES, KeyPath, YamlFile, read_pack_yaml
from rules.values import calendar

MAX_CACHED_FILES = 200
"""How many files the cache holds; the oldest are removed first."""
MAX_CACHED_BYTES = 16 * MAX_BYTES
"""How many bytes of a cached file are read: more than any pack needs."""
_MALFORMED = (ValueError, KeyError, IndexError, TypeError)
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class PackCache:
    """A folder of parsed pack files, which several processes may use at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._code_digest = hashlib.sha256(yaml_reader.YAML_VERSION.encode())
        for code_file in (yaml_reader.__file__, calendar.__file__, __file__):  # the calendar parses days
            self._code_digest.update(Path(str(code_file)).read_bytes())

    def read(self, data: bytes, file: str) -> YamlFile:
        """Return a cached pack file, or parse and cache it; raises `FileError`."""
        cache_path = self._cache_path(data, file)
        source = _load_cached(cache_path, data, file)
        if source is None:
            source = read_pack_yaml(data, file)
            if not source.faults:
                self._store(cache_path, source)
        return source

    def _cache_path(self, data: bytes, file: str) -> Path:
        digest = self._code_digest.copy()
        digest.update(f"\n{file}\n".encode() + data)
        return self._folder / f"{digest.hexdigest()}.json"

    def _store(self, cache_path: Path, source: YamlFile) -> None:
        # JSON has no dates: they are written as text, with their paths beside.
        text = orjson.dumps({"data": source.data, "days": [list(path) for path in _date_paths(source.data, ())]})
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(self._folder.lstat()):
                return
            with temporary_beside(cache_path) as temporary:
                temporary.touch(mode=0o600)
                temporary.write_bytes(_with_checksum(text))
                temporary.replace(cache_path)
            oldest_first = sorted(self._folder.iterdir(), key=lambda cached: cached.stat().st_mtime)
            for cached in oldest_first[:-MAX_CACHED_FILES]:
                cached.unlink(missing_ok=True)
        except OSError:  # a full disk or a read-only home: work on without the cache
            return


def _with_checksum(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text


def _is_private(status: os.stat_result) -> bool:
    """Return whether nobody else can have written it: it is ours, no link, and only we may write to it."""
    return (
        not stat.S_ISLNK(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & _WRITABLE_BY_OTHERS
    )


def _read_private_file(path: Path) -> bytes:
    """Return the contents of a private file in a private folder, or nothing."""
    try:
        if not _is_private(path.parent.lstat()):
            return b""
        # Check the opened file, not its path, which could change in between; never wait for a pipe.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            return file.read(MAX_CACHED_BYTES) if stat.S_ISREG(status.st_mode) and _is_private(status) else b""
    except OSError:
        return b""


def _load_cached(cache_path: Path, data: bytes, file: str) -> YamlFile | None:
    """Return a cached file if its checksum is right, or None."""
    cached = _read_private_file(cache_path)
    text = cached.partition(b"\n")[2]
    if cached != _with_checksum(text):
        return None
    try:
        return YamlFile(file, _restore_dates(orjson.loads(text)), _LazyLines(data, file))
    except _MALFORMED:  # the checksum is right, but it was not written by this code
        return None


def _restore_dates(cached: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return the data of a cached file, with text turned back into dates."""
    for *parents, last in cached["days"]:
        parent = cached["data"]
        for step in parents:
            parent = parent[step]
        parent[last] = date.fromisoformat(parent[last])
    return dict(cached["data"])


class _LazyLines(Mapping[KeyPath, int]):
    """The lines of a file, found by parsing it only when a fault needs its line."""

    def __init__(self, data: bytes, file: str) -> None:
        self._data, self._file = data, file

    @cached_property
    def _lines(self) -> Mapping[KeyPath, int]:
        return read_pack_yaml(self._data, self._file).lines

    def __getitem__(self, path: KeyPath) -> int:
        return self._lines[path]

    def __iter__(self) -> Iterator[KeyPath]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def _date_paths(data: Any, path: KeyPath) -> Iterator[KeyPath]:  # noqa: ANN401 - any YAML
    """Yield the paths of all dates in the data of a file."""
    if isinstance(data, date):
        yield path
    for step, inner in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from _date_paths(inner, (*path, step))
