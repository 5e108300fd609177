"""Stores to try: one in a file and one in a database, and how whoever owns each can change it behind our back."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import psycopg

from tests.workflow.adapters.postgres_server import as_officer, new_database
from tests.workflow.adapters.test_sqlite import shared_clock
from tests.workflow.walk import services_at
from workflow.adapters.postgres import PostgresStore
from workflow.adapters.sqlite import SqliteStore
from workflow.ledger.ports import Store
from workflow.services.commands import Services
from workflow.services.store_copies import copy_store

_REFUSED = (sqlite3.IntegrityError, psycopg.errors.IntegrityError, psycopg.errors.DataError)

Cell: TypeAlias = tuple[str, str]
"""A table and one of its columns."""


@dataclass(frozen=True)
class StorePlace:
    """The address of a store, and what its owner's statements call a row and a value."""

    address: str
    row: str
    value: str

    def open_store(self, *, as_owner: bool = False) -> Store:
        """Open the store as an officer does or as its owner, on the last day of the walk."""
        if self.address.startswith("postgresql:"):
            return PostgresStore(self.address if as_owner else as_officer(self.address), shared_clock)
        return SqliteStore(self.address, shared_clock)

    @contextmanager
    def services(self) -> Iterator[Services]:
        """Give services over the store until the block ends."""
        store = self.open_store()
        with closing(store):
            yield replace(services_at(Path("assent.db")), store=store)

    @contextmanager
    def owner(self) -> Iterator[Any]:
        """Give a connection with the rights of the owner, on which each statement is a transaction."""
        if self.address.startswith("postgresql:"):
            with psycopg.connect(self.address, autocommit=True, options="-c search_path=assent") as connection:
                yield connection
        else:
            with closing(sqlite3.connect(self.address, isolation_level=None)) as connection:
                yield connection

    def alter(self, connection: Any, cell: Cell, row: object, value: object) -> Any:  # noqa: ANN401
        """Change one value; return the row as it is called now, or None if the table refuses the value."""
        table, column = cell
        key, mark = self.row, self.value
        statement = f'UPDATE "{table}" SET "{column}" = {mark} WHERE {key} = {mark} RETURNING {key}'  # noqa: S608
        try:
            (now,) = connection.execute(statement, (value, row)).fetchone()
        except _REFUSED:
            return None
        return now


def in_file(folder: Path, kept: Path) -> StorePlace:
    """Put a recorded store into a file."""
    file = Path(shutil.copy(kept, folder / "assent.db"))
    with closing(SqliteStore(str(file), shared_clock)) as store:
        store.upgrade()
    return StorePlace(str(file), "rowid", "?")


def in_database(administrator: str, source: StorePlace) -> StorePlace:
    """Put a copy of a store into a new database of a server."""
    url = new_database(administrator)
    with source.services() as services, closing(PostgresStore(url, shared_clock)) as new_store:
        copy_store(services, new_store)
    return StorePlace(url, "ctid", "%s")
