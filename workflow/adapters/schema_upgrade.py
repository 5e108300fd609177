"""Bring the schema of a store up to the current version, by Alembic.

Invariants:
- All steps happen in the transaction of the caller: a store is upgraded whole, or not at all.
- No step changes an entry: what the ledger holds is compared before and after.
- Alembic is loaded by an upgrade alone, because every command would wait for it otherwise.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection

from workflow.adapters.schema import CURRENT_VERSION, FIRST_VERSION, revision_of
from workflow.errors import StoreError

_KEPT_TABLES = ("ledger", "exempt", "pack")
"""The tables whose rows no upgrade may change."""


def upgrade_schema(connection: Connection, version: int) -> None:
    """Upgrade a store that has an earlier version; raises `StoreError` if an entry would not be as it was."""
    from alembic import command
    from alembic.config import Config

    before = _digest_rows(connection)
    config = Config()
    config.set_main_option("script_location", "workflow.adapters:migrations")
    config.attributes["connection"] = connection
    if version == FIRST_VERSION:
        command.stamp(config, revision_of(FIRST_VERSION))
    command.upgrade(config, revision_of(CURRENT_VERSION))
    connection.exec_driver_sql(f"PRAGMA user_version={CURRENT_VERSION}")
    if _digest_rows(connection) != before:
        raise StoreError("the upgrade would have changed what the store holds", "Nothing was changed. Report it.")


def _digest_rows(connection: Connection) -> str:
    """Return a digest of every row that must stay, in the order in which it is kept."""
    digest = hashlib.sha256()
    for table in _KEPT_TABLES:
        for row in connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY rowid"):  # noqa: S608 - a constant
            digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()
