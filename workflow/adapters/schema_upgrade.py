"""Bring the schema of a store up to the current version, by Alembic.

Invariants:
- All steps happen in the transaction of the caller: a store is upgraded whole, or not at all.
- No step changes an entry: what the ledger holds is compared before and after.
- Alembic and SQLAlchemy are loaded by an upgrade alone, because every command would wait for them otherwise. They
  work on the connection of the caller, and neither begin nor end its transaction.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from workflow.adapters.schema import CURRENT_VERSION, FIRST_VERSION, revision_of
from workflow.errors import StoreError

_KEPT_TABLES = ("ledger", "exempt", "pack")
"""The tables whose rows no upgrade may change."""


def upgrade_schema(connection: sqlite3.Connection, version: int) -> None:
    """Upgrade a store that has an earlier version; raises `StoreError` if an entry would not be as it was.

    The connection is in a transaction; an error of SQLite is raised as sqlite3 raises it.
    """
    before = _digest_rows(connection)
    try:
        with lend_connection(connection, "sqlite://") as lent:
            run_migrations(lent, version)
    except DBAPIError as error:
        raise error.orig or error from error
    connection.execute(f"PRAGMA user_version={CURRENT_VERSION}")
    if _digest_rows(connection) != before:
        raise StoreError("the upgrade would have changed what the store holds", "Nothing was changed. Report it.")


def run_migrations(connection: Connection, version: int, target: str = revision_of(CURRENT_VERSION)) -> None:
    """Bring the tables of a version (0: none) to those of a revision."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "workflow.adapters:migrations")
    config.attributes["connection"] = connection
    if version == FIRST_VERSION:
        command.stamp(config, revision_of(FIRST_VERSION))
    command.upgrade(config, target)


@contextmanager
def lend_connection(connection: object, dialect: str, **options: bool) -> Iterator[Connection]:
    """Lend a plain connection to SQLAlchemy, inside the transaction of its owner.

    `dialect` is the beginning of an address, such as `sqlite://`, and `options` are those of the dialect.
    """
    engine = create_engine(dialect, **options, creator=lambda: _LentConnection(connection), poolclass=StaticPool)
    try:
        with engine.connect() as lent:
            yield lent
    finally:
        engine.dispose()


class _LentConnection:
    """A connection on which SQLAlchemy can do all but end the transaction of its owner."""

    def __init__(self, connection: object) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the connection has
        return getattr(self._connection, name)

    def commit(self) -> None:
        """Leave the transaction open."""

    def rollback(self) -> None:
        """Leave the transaction open; its owner rolls it back."""

    def close(self) -> None:
        """Leave the connection open."""


def _digest_rows(connection: sqlite3.Connection) -> str:
    """Return a digest of every row that must stay, in the order in which it is kept."""
    digest = hashlib.sha256()
    for table in _KEPT_TABLES:
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid"):  # noqa: S608 - a constant
            digest.update(repr(row).encode())
    return digest.hexdigest()
