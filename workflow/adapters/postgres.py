"""The store in a PostgreSQL database: the same tables as in a file, in a schema of their own.

Invariants:
- Every write takes its turn before it reads: `LOCK TABLE` comes before the snapshot, so what it reads is still true
  when it appends. Who waits is served in order. Readers never wait.
- A reader sees the ledger at one moment (`REPEATABLE READ`).
- The accounts of officers can read and append to the ledger, and neither change nor delete an entry.
- A store appears with its first entries or not at all: it is made in one transaction.
- No error repeats the values of a statement, which can be of Part 2, or the password of an address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from weakref import finalize

import psycopg

from rules.packs.bundle import Bundle
from workflow.adapters import postgres_schema
from workflow.adapters.ledger_session import LedgerSession, SqlRow
from workflow.adapters.schema import CURRENT_VERSION, refuse_old_schema
from workflow.errors import LedgerBroken, StoreBusy, StoreError
from workflow.ledger.ports import SchemaUpgrade, Store

LOCK_TIMEOUT_MS = 10_000
_ROWS_AT_ONCE = 500
"""How many rows of a long reading are held at a time."""
_cursor_numbers = count(1)
_MAX_IDLE_CONNECTIONS = 5
_READ_MOMENT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_TAKE_TURN = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ",
    f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}",
    "LOCK TABLE case_view IN EXCLUSIVE MODE",  # officers may update this table alone, and nobody but writers locks it
)
_ADVICE_URL = "Write postgresql://ACCOUNT@HOST/DATABASE. A password belongs in ~/.pgpass, not in an address."
_ADVICE_NO_STORE = "Make a store with: assent init, or name another with --store or ASSENT_STORE."
_ADVICE_TAKEN = "Use it as it is, or name another database."
_ADVICE_REACH = "Check the address and the database, then try again. Nothing was written."
_ADVICE_RIGHTS = (
    f"Ask who made the store to type: GRANT {postgres_schema.OFFICERS_ROLE} TO the account of the address. "
    "Nothing was written."
)
_CONFLICTS = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.LockNotAvailable,
)


class PostgresStore:
    """The ledger in one PostgreSQL database. `now` gives the instant of recording, in UTC."""

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        self._url, self.location = url, hide_password(url)
        self._now = now
        self._pool: _ConnectionPool | None = None
        self._saved_digests: set[str] = set()
        self._version = CURRENT_VERSION

    location: str
    """The address without its password, for messages."""

    @property
    def absolute_url(self) -> str:
        """The address by which another process opens the same store."""
        return self._url

    def file_paths(self) -> tuple[Path, ...]:
        """No files: the database keeps them, perhaps on another machine."""
        return ()

    def exists(self) -> bool:
        """Return whether the database has a store."""
        with self._translate_errors(), closing(_connect(self._url)) as connection:
            return postgres_schema.read_version(connection) is not None

    def create(self, record_first: Callable[[Store], object] | None = None) -> None:
        """Make a store with the first entries that a function records in it; raise `StoreError` if there is one.

        The account needs the right to make a schema, and a role where there is none for officers yet.
        """
        with self._translate_errors(), closing(_connect(self._url)) as connection, _run(connection, "BEGIN"):
            if postgres_schema.read_version(connection) is not None:
                raise StoreError(f"{self.location} has a store already", _ADVICE_TAKEN)
            postgres_schema.create(connection)
            if record_first:
                record_first(_StoreInTransaction(self._url, self._now, connection))

    def upgrade(self) -> SchemaUpgrade:
        """Bring the store up to the schema of this version, without changing an entry."""
        with self._transaction(*_TAKE_TURN) as connection:
            before = postgres_schema.read_version(connection) or CURRENT_VERSION
            if before < CURRENT_VERSION:
                postgres_schema.upgrade(connection, before)
        self.close()  # what is known of the schema is read again
        return SchemaUpgrade(before, CURRENT_VERSION)

    @contextmanager
    def read_transaction(self) -> Iterator[LedgerSession]:
        """A transaction that sees the ledger at one moment."""
        with self._transaction(_READ_MOMENT) as connection:
            yield self._new_session(connection)

    @contextmanager
    def write_transaction(self) -> Iterator[LedgerSession]:
        """A transaction in which nobody else writes; it commits when its block ends, and rolls back if it raises.

        Raises `StoreBusy` if others write for too long, and `StoreError` for a store that must be upgraded first.
        """
        with self._transaction(*_TAKE_TURN) as connection:
            refuse_old_schema(self.location, self._version)
            yield self._new_session(connection)

    @contextmanager
    def read_ledger(self, *, check_everything: bool = True) -> Iterator[LedgerSession]:
        """The whole ledger at one moment; raises `LedgerBroken` where the schema is not the one that assent makes.

        The files of the database, its indexes among them, are for whoever runs the server to check.
        """
        del check_everything
        with self._transaction(_READ_MOMENT) as connection:
            if faults := list(postgres_schema.find_faults(connection)):
                raise LedgerBroken(faults)
            yield self._new_session(connection)

    def load_bundle(self, digest: str) -> Bundle | None:
        """The packs of a digest; none if they are not kept, or were altered."""
        with self.read_transaction() as session:
            return session.load_bundle(digest)

    def pack_digests(self) -> Sequence[str]:
        """The digests under which packs are kept, altered or not."""
        with self.read_transaction() as session:
            return session.pack_digests()

    def close(self) -> None:
        """Close the connections; the next transaction opens them again."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _new_session(self, connection: psycopg.Connection) -> LedgerSession:
        plain = _PlainConnection(connection)
        return LedgerSession(plain, self._now, self._saved_digests, plain.stream)

    @contextmanager
    def _transaction(self, *begin: str) -> Iterator[psycopg.Connection]:
        with self._translate_errors(), self._get_pool().borrow() as connection, _run(connection, *begin):
            yield connection

    def _get_pool(self) -> _ConnectionPool:
        if self._pool is None:
            with closing(_connect(self._url)) as connection:
                version = postgres_schema.read_version(connection)
            if version is None:
                raise StoreError(f"there is no store at {self.location}", _ADVICE_NO_STORE)
            postgres_schema.refuse_newer(self.location, version)
            self._version = version
            self._pool = _ConnectionPool(self._url)
            finalize(self, self._pool.close)  # a store that is dropped without close() leaves no connection open
        return self._pool

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except _CONFLICTS:
            raise StoreBusy(self.location) from None
        except psycopg.Error as error:
            # Its details would go on to quote values; those of a failed connection have none.
            reason = error.diag.message_primary or str(error).partition("\n")[0]
            advice = _ADVICE_RIGHTS if isinstance(error, psycopg.errors.InsufficientPrivilege) else _ADVICE_REACH
            shown = reason.replace(self._url, self.location)
            raise StoreError(f"{self.location} could not be used as a store: {shown}", advice) from None


class _StoreInTransaction(PostgresStore):
    """A store that is being made: each transaction is a part of the one that makes it."""

    def __init__(self, url: str, now: Callable[[], datetime], connection: psycopg.Connection) -> None:
        super().__init__(url, now)
        self._connection = connection

    @contextmanager
    def _transaction(self, *begin: str) -> Iterator[psycopg.Connection]:
        del begin
        with self._translate_errors(), self._connection.transaction():
            yield self._connection


class _ConnectionPool:
    """Open connections, each lent to one thread at a time; a few are kept for the next transaction."""

    # It knows no store, so that one that is dropped is freed at once, and its connections are closed.

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: list[psycopg.Connection] = []
        self._is_closed = False

    @contextmanager
    def borrow(self) -> Iterator[psycopg.Connection]:
        """Lend a connection for a block; it is closed if the block leaves it in a transaction."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = _connect(self._url)
        try:
            yield connection
        finally:
            is_idle = connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
            if is_idle and not self._is_closed and len(self._idle) < _MAX_IDLE_CONNECTIONS:
                self._idle.append(connection)
            else:
                connection.close()

    def close(self) -> None:
        """Close the idle connections, and each of the others as it comes back."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().close()


class _PlainConnection:
    """A connection that takes the statements of the ledger's session, with a question mark for each value."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Sequence[object] = ()) -> psycopg.Cursor[SqlRow]:
        """Run a statement with its values."""
        return self._connection.execute(_with_placeholders(statement), values)

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row of values."""
        with self._connection.cursor() as cursor:
            cursor.executemany(_with_placeholders(statement), rows)

    def stream(self, statement: str, values: Sequence[object]) -> Iterator[SqlRow]:
        """Yield the rows of a statement, which are never all held at once."""
        with self._connection.cursor(f"rows_{next(_cursor_numbers)}") as cursor:  # several may be open at once
            cursor.itersize = _ROWS_AT_ONCE
            yield from cursor.execute(_with_placeholders(statement), values)


def hide_password(url: str) -> str:
    """Return an address without its password."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return urlunsplit(parts._replace(netloc=f"{parts.username or ''}@{parts.netloc.rpartition('@')[2]}"))


def _connect(url: str) -> psycopg.Connection[Any]:
    """A connection that begins no transaction by itself, and looks for tables in the store's schema alone."""
    try:
        connection = psycopg.connect(url, autocommit=True)
    except psycopg.ProgrammingError:
        raise StoreError(f"{hide_password(url)} is not the address of a database", _ADVICE_URL) from None
    connection.execute(f"SET search_path TO {postgres_schema.SCHEMA}")
    return connection


@contextmanager
def _run(connection: psycopg.Connection, *begin: str) -> Iterator[None]:
    """Begin a transaction by some statements; it commits or rolls back when its block ends."""
    try:
        for statement in begin:
            connection.execute(statement)
        yield
        connection.execute("COMMIT")
    except BaseException:
        if not connection.closed:
            connection.rollback()
        raise


def _with_placeholders(statement: str) -> str:
    return statement.replace("?", "%s")
