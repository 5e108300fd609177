"""Stores that are prepared once and copied for each test that begins with them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def merge_pending_writes(store: Path) -> None:
    """Write what SQLite keeps beside a store into its one file, so that a copy of that file is the whole record."""
    with closing(sqlite3.connect(store)) as raw:
        busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not busy


def store_files(store: Path) -> tuple[Path, ...]:
    """The file of a store, and those that SQLite keeps beside it."""
    return (store, *(store.with_name(store.name + suffix) for suffix in ("-wal", "-shm")))


def remove_store(store: Path) -> None:
    """Take a store away; whoever has it open still writes to the files that are gone."""
    for file in store_files(store):
        file.unlink(missing_ok=True)
