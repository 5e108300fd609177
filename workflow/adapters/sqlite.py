"""The store in an SQLite file: the ledger, the Part 2 texts, the packs, and the list of cases.

Invariants:
- Every write is one transaction that begins with the write lock (`BEGIN IMMEDIATE`), so that what it reads is true when
  it appends. Who has waited longest looks most often whether the lock is free.
- With WAL and `synchronous=FULL`, a command that was answered is on disk.
- A file appears in its place only as a whole store, and never replaces another file.
- Where nothing can be written, as on a disk of evidence, the store is opened as immutable; it is refused if the file
  changes while it is read.
- No error repeats the values of a statement: they can be of Part 2.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event
from weakref import finalize

from rules.packs.bundle import Bundle
from rules.reading.atomic_files import sync_to_disk, temporary_beside
from workflow.adapters.ledger_session import LedgerSession
from workflow.adapters.schema import (
    ADVICE_OTHER_STORE,
    APPLICATION_ID,
    CURRENT_VERSION,
    REVISION_TABLE,
    check_marks,
    read_marks,
    refuse_old_schema,
    revision_of,
)
from workflow.errors import LedgerBroken, StoreError
from workflow.ledger.ports import SchemaUpgrade, Store

BUSY_TIMEOUT_MS = 10_000
_FIRST_PAUSE_MS, _LAST_PAUSE_MS, _PATIENCE_MS = 8, 0.5, 50
"""The first and the shortest pause of a writer who waits, and after how long it is half the first."""
_MAX_IDLE_CONNECTIONS = 5
_ADVICE_COPY_BOTH = "Copy both files to a folder where you can write, and name the copy of the store with --store."
_SIDE_FILES = ("-wal", "-shm", "-journal")
"""The suffixes of the files that SQLite keeps beside a database."""
_IMMUTABLE_MODE = "ro&immutable=1"
_URL_PREFIX = "sqlite:///"
_REJECTED_PREFIXES = ("sqlite:", "file:", ":memory:")
_ADVICE_URL = f"Write a file's name, {_URL_PREFIX}FILE, or postgresql://ACCOUNT@HOST/DATABASE."
_ADVICE_PATH_TAKEN = "Choose another name. If it is a store, use it as it is."
_ADVICE_NO_STORE = "Make a store with: assent init, or name another with --store or ASSENT_STORE."
_ADVICE_RETRY = "Check the disk and the file, then try again. Nothing was written."
_ADVICE_WAIT = "Someone else is writing. Try again."
_ADVICE_COPY = (
    "It can only be read where it is. Copy it to a folder where you can write, and name the copy with --store."
)


def parse_store_url(url: str) -> Path:
    """The file of a store's address; raises `StoreError` for an empty address or another kind of store."""
    file = url.removeprefix(_URL_PREFIX).strip()
    if not file:
        raise StoreError("the address of the store is empty", _ADVICE_URL)
    if file.lower().startswith(_REJECTED_PREFIXES):  # a mistyped address must not become the name of a file
        raise StoreError(f"{url} is not the address of a store", _ADVICE_URL)
    if "://" in file:
        raise StoreError(f"{file.partition('://')[0]} stores are not supported", _ADVICE_URL)
    return Path(file)


class SqliteStore:
    """The ledger in one SQLite file. `now` gives the instant of recording, in UTC."""

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        self.path = parse_store_url(url)
        self._now = now
        self._pool: _ConnectionPool | None = None
        self._immutable_stamp: tuple[int, int] | None = None
        self._saved_digests: set[str] = set()
        self._schema_version = CURRENT_VERSION

    @property
    def location(self) -> str:
        """The file as the user typed it, for messages."""
        return str(self.path)

    @property
    def absolute_url(self) -> str:
        """The address by which a process in another folder opens the same file."""
        return str(self.path.absolute())

    def exists(self) -> bool:
        """Return whether there is a file in its place."""
        return self.path.exists()

    def create(self, record_first: Callable[[Store], object] | None = None) -> None:
        """Make a store with the first entries that a function records in it; raise `StoreError` if the file exists."""
        with _translate_store_errors(self.path):
            _refuse_taken(self.path)
            with temporary_beside(self.path, _SIDE_FILES) as new_file:
                _create_store_file(new_file)
                if record_first:
                    with closing(SqliteStore(str(new_file.absolute()), self._now)) as new_store:
                        record_first(new_store)
                _move_into_place(new_file, self.path)

    def file_paths(self) -> tuple[Path, ...]:
        """The files that make up the store, with links resolved."""
        file = self.path.resolve()
        return (file, *(_add_suffix(file, suffix) for suffix in _SIDE_FILES))

    @contextmanager
    def read_transaction(self) -> Iterator[LedgerSession]:
        """A transaction that sees the ledger at one moment."""
        with self._transaction() as connection:
            yield self._new_session(connection)

    @contextmanager
    def write_transaction(self) -> Iterator[LedgerSession]:
        """A transaction with the write lock; it commits when its block ends, and rolls back if the block raises.

        Raises `StoreError` for a store that must be upgraded first.
        """
        with self._transaction(writing=True) as connection:
            refuse_old_schema(self.path, self._schema_version)
            yield self._new_session(connection)

    def upgrade(self) -> SchemaUpgrade:
        """Bring the store up to the schema of this version, without changing an entry."""
        with self._transaction(writing=True) as connection:
            # Read under the write lock: somebody else may have upgraded it since it was opened.
            before = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if before < CURRENT_VERSION:
                from workflow.adapters.schema_upgrade import upgrade_schema

                upgrade_schema(connection, before)
        self.close()  # what is known of the schema is read again
        return SchemaUpgrade(before, CURRENT_VERSION)

    @contextmanager
    def read_ledger(self, *, check_everything: bool = True) -> Iterator[LedgerSession]:
        """The whole ledger at one moment.

        Raises `LedgerBroken` where tables and indexes are not those that assent makes, or SQLite finds them damaged.
        """
        from workflow.adapters.soundness import find_schema_faults, find_store_faults

        find_faults = find_store_faults if check_everything else find_schema_faults
        with self._transaction() as connection:
            if faults := list(find_faults(connection)):
                raise LedgerBroken(faults)
            yield self._new_session(connection)

    def load_bundle(self, digest: str) -> Bundle | None:
        """The packs of a digest; none if they are not kept, or were altered."""
        with self._transaction() as connection:
            return self._new_session(connection).load_bundle(digest)

    def pack_digests(self) -> Sequence[str]:
        """The digests under which packs are kept, altered or not."""
        with self._transaction() as connection:
            return self._new_session(connection).pack_digests()

    def close(self) -> None:
        """Close the connections; the next transaction opens the file again."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _new_session(self, connection: sqlite3.Connection) -> LedgerSession:
        return LedgerSession(connection, self._now, self._saved_digests)

    @contextmanager
    def _transaction(self, *, writing: bool = False) -> Iterator[sqlite3.Connection]:
        with _translate_store_errors(self.path):
            pool = self._get_pool()
            try:
                with pool.borrow() as connection, _begin(connection, writing=writing):
                    yield connection
            finally:
                self._refuse_changed_file()

    def _refuse_changed_file(self) -> None:
        """Raise `StoreError` if a store opened as immutable has changed: what was read may be of two moments."""
        if self._immutable_stamp and self._immutable_stamp != _read_file_stamp(self.path):
            self.close()
            raise StoreError(f"{self.path} was written while it was read", _ADVICE_WAIT)

    def _get_pool(self) -> _ConnectionPool:
        if self._pool is None:
            if not self.path.is_file():
                raise StoreError(f"there is no store at {self.path}", _ADVICE_NO_STORE)
            mode = _choose_open_mode(self.path)
            self._immutable_stamp = _read_file_stamp(self.path) if mode == _IMMUTABLE_MODE else None
            with closing(_connect(self.path, mode)) as raw:
                marks = read_marks(raw)
            check_marks(self.path, marks)
            self._schema_version = marks.version
            self._pool = _ConnectionPool(self.path, mode)
            finalize(self, self._pool.close)  # a store that is dropped without close() leaves no open file
        return self._pool


class _ConnectionPool:
    """Open connections, each lent to one thread at a time; a few are kept for the next transaction."""

    # It knows no store, so that one that is dropped is freed at once, and its files are closed.

    def __init__(self, path: Path, mode: str) -> None:
        self._path, self._mode = path, mode
        self._idle: list[sqlite3.Connection] = []
        self._is_closed = False

    @contextmanager
    def borrow(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for a block; it is closed if the block leaves it in a transaction."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = _connect(self._path, self._mode)
        try:
            yield connection
        finally:
            if connection.in_transaction or self._is_closed or len(self._idle) >= _MAX_IDLE_CONNECTIONS:
                connection.close()
            else:
                self._idle.append(connection)

    def close(self) -> None:
        """Close the idle connections, and each of the others as it comes back."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().close()


def _create_store_file(path: Path) -> None:
    """Make a complete, empty store in a new file that only its owner can read. SQLite closes its side files as well."""
    path.touch(mode=0o600)
    from workflow.adapters.soundness import make_statements

    with closing(_connect(path, "rwc")) as raw:  # when its last connection closes, SQLite merges the WAL into the file
        raw.execute("PRAGMA journal_mode=WAL")
        with _begin(raw, writing=True):
            for statement in make_statements(CURRENT_VERSION).values():
                raw.execute(statement)
            raw.execute(f"PRAGMA application_id={APPLICATION_ID}")
            raw.execute(f"PRAGMA user_version={CURRENT_VERSION}")
            raw.execute(f"INSERT INTO {REVISION_TABLE} VALUES (?)", (revision_of(CURRENT_VERSION),))  # noqa: S608


def _refuse_taken(path: Path) -> None:
    """Raise `StoreError` if a new store cannot be made at a path."""
    if path.exists():
        raise StoreError(f"{path} already exists", _ADVICE_PATH_TAKEN)
    if not path.parent.is_dir():
        raise StoreError(f"{path.parent} is not a folder", "Make the folder first.")
    for left in (_add_suffix(path, suffix) for suffix in ("-wal", "-journal")):
        if left.exists():  # SQLite would merge its contents into the new store
            raise StoreError(f"{left} was left by another store", "Choose another name, or move that file elsewhere.")


def _move_into_place(new_file: Path, target: Path) -> None:
    """Move a new store to its place, never over another file; raises `StoreError` if the place is taken."""
    try:
        os.link(new_file, target)
    except OSError as error:
        if isinstance(error, FileExistsError) or target.exists():
            raise StoreError(f"{target} already exists", _ADVICE_PATH_TAKEN) from None
        new_file.rename(target)  # the file system has no hard links
    try:
        sync_to_disk(target.parent)
    except OSError:  # a power cut could take the store away again, after somebody was answered from it
        target.unlink()
        raise


def _add_suffix(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _choose_open_mode(path: Path) -> str:
    """The mode in which to open a store: writable, or immutable if it or its folder cannot be written.

    SQLite writes beside a store even to read it, if nobody else has it open. Raises `StoreError` if entries still stand
    in a file beside an immutable store: then the store's own file is not the whole ledger.
    """
    file = path.resolve()
    pending, shared = _add_suffix(file, "-wal"), _add_suffix(file, "-shm")
    can_write_beside = os.access(file.parent, os.W_OK) or (os.access(pending, os.W_OK) and os.access(shared, os.W_OK))
    if can_write_beside and os.access(file, os.W_OK):
        return "rw"
    for left in (pending, _add_suffix(file, "-journal")):
        if left.exists() and left.stat().st_size:
            raise StoreError(
                f"{path} cannot be read where it is: {left.name} holds entries that are not yet in it",
                _ADVICE_COPY_BOTH,
            )
    return _IMMUTABLE_MODE


def _read_file_stamp(path: Path) -> tuple[int, int]:
    """The size of a file and the instant of its last change in nanoseconds: either changes when it is written."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection that begins no transaction by itself, and creates a file only in the mode `rwc`."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(
        address, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA synchronous=FULL")
    except sqlite3.Error:  # the file is no database; do not keep it open
        connection.close()
        raise
    return connection


@contextmanager
def _begin(connection: sqlite3.Connection, *, writing: bool) -> Iterator[None]:
    """Begin a transaction, with the write lock for `writing`; it commits or rolls back when its block ends."""
    if writing:
        _take_write_lock(connection)
    else:
        connection.execute("BEGIN")
    try:
        yield
        connection.commit()
    except BaseException:
        if connection.in_transaction:  # some errors have rolled it back already
            connection.rollback()
        raise


def _take_write_lock(connection: sqlite3.Connection) -> None:
    """Begin a transaction with the write lock, waiting for it at most as long as SQLite would.

    SQLite itself looks more and more seldom, so that of many writers those who came last are served first.
    """
    connection.execute("PRAGMA busy_timeout=0")
    waited_ms = 0.0
    try:
        while not _try_to_begin(connection, is_last=waited_ms >= BUSY_TIMEOUT_MS):
            pause_ms = max(_FIRST_PAUSE_MS * _PATIENCE_MS / (_PATIENCE_MS + waited_ms), _LAST_PAUSE_MS)
            _NEVER.wait(pause_ms / 1000)
            waited_ms += pause_ms
    finally:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _try_to_begin(connection: sqlite3.Connection, *, is_last: bool) -> bool:
    """Return whether a transaction began with the write lock; the last time, raise if somebody else has it."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if is_last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


_NEVER = Event()
"""An event that is never set, to wait for without a clock."""


@contextmanager
def _translate_store_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        reason = str(error).partition(" with text")[0]  # SQLite would go on to quote a text, perhaps of Part 2
        raise StoreError(f"{path} could not be used as a store: {reason}", _advise_on(error)) from error


def _advise_on(cause: BaseException) -> str:
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the primary code, without the extended part
    if code == sqlite3.SQLITE_NOTADB:
        return ADVICE_OTHER_STORE
    if code == sqlite3.SQLITE_READONLY:
        return _ADVICE_COPY
    return _ADVICE_WAIT if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) else _ADVICE_RETRY
