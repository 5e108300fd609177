"""The store: an SQLite file that holds the ledger, the Part 2 texts, the packs, and views of them.

Every command is one transaction that begins with the write lock (`BEGIN IMMEDIATE`), so that what it read is
still true when it appends. WAL and `synchronous=FULL`: what was answered is on disk. Where nothing can be written, as
on a disk of evidence, the store is read as a file that stands still, and refused if it did not.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from weakref import finalize

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlmodel import SQLModel

from rules.packs.bundle import Bundle
from rules.reading.atomic_files import sync_to_disk, temporary_beside
from workflow.adapters.ledger_session import LedgerSession
from workflow.errors import LedgerBroken, StoreError
from workflow.ledger.entries import Entry, ExemptText
from workflow.ledger.ports import CaseSummary

APPLICATION_ID = 0x41535354  # "ASST"
SCHEMA_VERSION = 1
BUSY_TIMEOUT_MS = 10_000
_ADVICE_COPY_BOTH = "Copy both files to a folder that can be written, and name the copy of the store with --store."
_SIDE_FILES = ("-wal", "-shm", "-journal")
"""What SQLite adds to the name of a database for the files that it keeps beside it."""
_IMMUTABLE_MODE = "ro&immutable=1"
_URL_PREFIX = "sqlite:///"
_REJECTED_PREFIXES = ("sqlite:", "file:", ":memory:")
_ADVICE_URL = f"Write {_URL_PREFIX}FILE, or a file's name."
_ADVICE_PATH_TAKEN = "Choose another name, or use it as it is, if it is a store."
_ADVICE_NO_STORE = "Make a store with: assent init, or name another with --store or ASSENT_STORE."
_ADVICE_OTHER_STORE = "Name another with --store or ASSENT_STORE; what is there is left as it is."
_ADVICE_RETRY = "See to the disk and the file, then try again; nothing was written."
_ADVICE_WAIT = "Somebody else is writing; try again."
_ADVICE_COPY = (
    "It can only be read where it is. Copy it to a folder that can be written, and name the copy with --store."
)

# What acts by itself, or stands for a table: it could keep back what is recorded, and nobody would be told.
_SELECT_SCHEMA = "SELECT type, name FROM sqlite_master"
_FOREIGN_TYPES = ("trigger", "view")


def parse_store_url(url: str) -> Path:
    """The file that a store's address names; raises `StoreError` for none, or of another kind of store."""
    file = url.removeprefix(_URL_PREFIX).strip()
    if not file:
        raise StoreError("the address of the store is empty", _ADVICE_URL)
    if file.lower().startswith(_REJECTED_PREFIXES):  # or a file of that name would be made, and nobody find it again
        raise StoreError(f"{url} is not how the address of a store is written", _ADVICE_URL)
    if "://" in file:
        raise StoreError(f"{file.partition('://')[0]} stores are not supported", _ADVICE_URL)
    return Path(file)


class SqliteStore:
    """The record in one SQLite file. `now` tells the instant of recording, in UTC."""

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        self.path = parse_store_url(url)
        self._now = now
        self._open_engine: Engine | None = None
        self._immutable_stamp: tuple[int, int] | None = None
        self._saved_digests: set[str] = set()

    @property
    def location(self) -> str:
        """The file as its user named it, for messages."""
        return str(self.path)

    @property
    def absolute_url(self) -> str:
        """The address by which a process in another folder opens the same file."""
        return str(self.path.absolute())

    def exists(self) -> bool:
        """Return whether there is a file in its place."""
        return self.path.exists()

    def create(self) -> None:
        """Make a new, empty store; raise `StoreError` if there is a file already."""
        with _translate_store_errors(self.path):
            _refuse_taken(self.path)
            with temporary_beside(self.path, _SIDE_FILES) as new_file:
                _create_store_file(new_file)
                _move_into_place(new_file, self.path)

    def file_paths(self) -> tuple[Path, ...]:
        """The files that the store is, wherever links to it lead."""
        whole = self.path.resolve()
        return (whole, *(whole.with_name(whole.name + suffix) for suffix in _SIDE_FILES))

    @contextmanager
    def read_transaction(self) -> Iterator[LedgerSession]:
        """A consistent view of the record."""
        with self._transaction() as connection:
            yield self._new_session(connection)

    @contextmanager
    def write_transaction(self) -> Iterator[LedgerSession]:
        """A transaction with the write lock; committed when the block ends well."""
        with self._transaction(writing=True) as connection:
            yield self._new_session(connection)

    @contextmanager
    def read_ledger(self) -> Iterator[tuple[Sequence[Entry], Sequence[ExemptText], Sequence[CaseSummary]]]:
        """Every entry, every Part 2 text and the list of cases at one moment, for verification."""
        with self._transaction() as connection:
            _refuse_foreign_objects(connection.exec_driver_sql(_SELECT_SCHEMA))
            yield self._new_session(connection).read_all()

    def load_bundle(self, digest: str) -> Bundle | None:
        """The packs of a digest, where they are kept and whole."""
        with self._transaction() as connection:
            return self._new_session(connection).load_bundle(digest)

    def pack_digests(self) -> Sequence[str]:
        """The digests under which packs are kept, whole or not."""
        with self._transaction() as connection:
            return self._new_session(connection).pack_digests()

    def close(self) -> None:
        """Let go of the file."""
        if self._open_engine is not None:
            self._open_engine.dispose()
            self._open_engine = None

    def _new_session(self, connection: Connection) -> LedgerSession:
        return LedgerSession(connection, self._now, self._saved_digests)

    @contextmanager
    def _transaction(self, *, writing: bool = False) -> Iterator[Connection]:
        with _translate_store_errors(self.path):
            opened = self._get_engine().connect().execution_options(writing=writing)
            try:
                with opened as connection, connection.begin():
                    yield connection
            finally:
                self._refuse_changed_file()

    def _refuse_changed_file(self) -> None:
        """Raise `StoreError` where a store that was taken to stand still was written: what was read may be torn."""
        if self._immutable_stamp and self._immutable_stamp != _read_file_stamp(self.path):
            self.close()
            raise StoreError(f"{self.path} was written while it was read", _ADVICE_WAIT)

    def _get_engine(self) -> Engine:
        if self._open_engine is None:
            if not self.path.is_file():
                raise StoreError(f"there is no store at {self.path}", _ADVICE_NO_STORE)
            mode = _choose_open_mode(self.path)
            self._immutable_stamp = _read_file_stamp(self.path) if mode == _IMMUTABLE_MODE else None
            with closing(_connect(self.path, mode)) as raw:
                marks = [raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
                known = raw.execute(_SELECT_SCHEMA).fetchall() if marks == [APPLICATION_ID, SCHEMA_VERSION] else []
            _refuse_foreign_objects(known)
            if not SQLModel.metadata.tables.keys() <= {name for kind, name in known if kind == "table"}:
                raise StoreError(f"{self.path} is not a store of this version of assent", _ADVICE_OTHER_STORE)
            self._open_engine = _create_engine(self.path, mode)
            finalize(self, self._open_engine.dispose)  # whoever drops the store need not think of its file
        return self._open_engine


def _refuse_foreign_objects(schema: Iterable[Any]) -> None:
    """Raise `LedgerBroken` for what is in a store besides tables and their indexes."""
    found = sorted(f"the store holds a {kind} ({name!s:.100}) that assent did not make"
                   for kind, name in schema if kind in _FOREIGN_TYPES)  # fmt: skip
    if found:
        raise LedgerBroken(found)


def _create_store_file(path: Path) -> None:
    """Make a whole store in a file of its own."""
    with closing(_connect(path, "rwc")) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
    engine = _create_engine(path, "rw")
    try:
        with engine.connect().execution_options(writing=True) as connection, connection.begin():
            SQLModel.metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")
    finally:
        engine.dispose()  # with the last connection SQLite writes all into the one file


def _refuse_taken(path: Path) -> None:
    """Raise `StoreError` where no new store can be made."""
    if path.exists():
        raise StoreError(f"{path} is there already", _ADVICE_PATH_TAKEN)
    if not path.parent.is_dir():
        raise StoreError(f"{path.parent} is not a folder", "Make the folder first.")
    for left in (_add_suffix(path, suffix) for suffix in ("-wal", "-journal")):
        if left.exists():  # SQLite would write what is in it into the new store
            raise StoreError(f"{left} is left of another store", "Choose another name, or put that file elsewhere.")


def _move_into_place(new_file: Path, target: Path) -> None:
    """Put a store in its place, never over another; raises `StoreError` where there is something by now."""
    try:
        os.link(new_file, target)
    except OSError as error:
        if isinstance(error, FileExistsError) or target.exists():
            raise StoreError(f"{target} is there already", _ADVICE_PATH_TAKEN) from None
        new_file.rename(target)  # a file system without links
    sync_to_disk(target.parent)


def _add_suffix(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _choose_open_mode(path: Path) -> str:
    """How SQLite is to open a store: as stores are, or where nothing can be written, as a file that stands still.

    Even who only reads writes beside a store that nobody has open. Raises `StoreError` where what stands beside it
    cannot be taken into it: then the file alone is not the record.
    """
    whole = path.resolve()
    pending, shared = _add_suffix(whole, "-wal"), _add_suffix(whole, "-shm")
    beside = os.access(whole.parent, os.W_OK) or (os.access(pending, os.W_OK) and os.access(shared, os.W_OK))
    if beside and os.access(whole, os.W_OK):
        return "rw"
    for left in (pending, _add_suffix(whole, "-journal")):
        if left.exists() and left.stat().st_size:
            raise StoreError(
                f"{path} cannot be read where it is: {left.name} is still to be taken into it", _ADVICE_COPY_BOTH
            )
    return _IMMUTABLE_MODE


def _read_file_stamp(path: Path) -> tuple[int, int]:
    """What changes when a file is written: its size, and the instant of its last change in nanoseconds."""
    told = path.stat()
    return told.st_size, told.st_mtime_ns


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection that leaves the beginning of transactions to us, and never makes a file unless asked to."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    made = sqlite3.connect(
        address, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000, check_same_thread=False
    )
    try:
        made.execute("PRAGMA synchronous=FULL")
    except sqlite3.Error:  # no database: the file is not kept open for it
        made.close()
        raise
    return made


def _create_engine(path: Path, mode: str) -> Engine:
    engine = create_engine("sqlite://", creator=lambda: _connect(path, mode), poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


@contextmanager
def _translate_store_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        cause = getattr(error, "orig", None) or error
        reason = str(cause).partition(" with text")[0]  # SQLite would repeat Part 2
        raise StoreError(f"{path} could not be used as a store: {reason}", _advise_on(cause)) from error


def _advise_on(cause: BaseException) -> str:
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # without what SQLite adds to the plain code
    if code == sqlite3.SQLITE_NOTADB:
        return _ADVICE_OTHER_STORE
    if code == sqlite3.SQLITE_READONLY:
        return _ADVICE_COPY
    return _ADVICE_WAIT if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) else _ADVICE_RETRY
