"""The schema of a store in PostgreSQL: how it is made, who may do what, and whether it is as assent made it.

Invariants:
- Tables and indexes are those that `workflow.adapters.tables` declares; Alembic brings older stores to them.
- Officers have the rights of one role, which can append to the ledger and not change it. Whoever made the store owns
  it: that account is for `init` and `upgrade`, and no officer needs it.
- No message repeats what a row holds: it can be of Part 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import psycopg

from workflow.adapters.schema import ADVICE_NEWER, CURRENT_VERSION, REVISION_TABLE, revision_of
from workflow.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection

SCHEMA = "assent"
"""The schema of the database in which a store stands."""
OFFICERS_ROLE = "assent_officers"
"""The role that gives an account the rights of an officer."""
_GRANTS = (
    f"GRANT USAGE ON SCHEMA {SCHEMA} TO {OFFICERS_ROLE}",
    f"GRANT SELECT, INSERT ON ledger, exempt, pack TO {OFFICERS_ROLE}",
    f"GRANT SELECT, INSERT, UPDATE ON case_view TO {OFFICERS_ROLE}",
    f"GRANT SELECT ON {REVISION_TABLE} TO {OFFICERS_ROLE}",
)
_FIND_ROLE = "SELECT 1 FROM pg_roles WHERE rolname = %s"
_FIND_REVISIONS = "SELECT to_regclass(%s)"
_FOREIGN_OBJECTS = """
    SELECT 'view', relname FROM pg_class WHERE relnamespace = %(schema)s::regnamespace AND relkind IN ('v', 'm')
    UNION ALL
    SELECT 'trigger', tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = %(schema)s::regnamespace AND NOT tgisinternal
    UNION ALL
    SELECT 'rule', rulename FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
    WHERE relnamespace = %(schema)s::regnamespace AND rulename <> '_RETURN'
    UNION ALL
    SELECT 'policy', polname FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid
    WHERE relnamespace = %(schema)s::regnamespace
    ORDER BY 1, 2
"""
_INVALID_INDEXES = """
    SELECT pg_class.relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = %(schema)s::regnamespace AND NOT (indisvalid AND indisready)
    ORDER BY 1
"""


def create(connection: psycopg.Connection[Any]) -> None:
    """Make the schema, its tables and the rights of officers, in the transaction of the caller."""
    from workflow.adapters.soundness import make_postgres_statements

    connection.execute(f"CREATE SCHEMA {SCHEMA}")
    for statement in make_postgres_statements().values():
        connection.execute(statement)
    connection.execute(f"INSERT INTO {REVISION_TABLE} VALUES (%s)", (revision_of(CURRENT_VERSION),))  # noqa: S608
    if connection.execute(_FIND_ROLE, (OFFICERS_ROLE,)).fetchone() is None:
        connection.execute(f"CREATE ROLE {OFFICERS_ROLE} NOLOGIN")
    for grant in _GRANTS:
        connection.execute(grant)


def read_version(connection: psycopg.Connection[Any]) -> int | None:
    """Return the version of the schema of the store in a database; None if it has no store."""
    [found] = connection.execute(_FIND_REVISIONS, (f"{SCHEMA}.{REVISION_TABLE}",)).fetchone() or (None,)
    if found is None:
        return None
    rows = connection.execute(f"SELECT version_num FROM {SCHEMA}.{REVISION_TABLE}").fetchall()  # noqa: S608
    versions = [str(version) for (version,) in rows]
    if len(versions) != 1 or not versions[0].isdecimal():
        raise StoreError(
            f"the schema {SCHEMA} of the database is not a store of assent", "Name another database with --store."
        )
    return int(versions[0])


def refuse_newer(location: str, version: int) -> None:
    """Raise `StoreError` for a store that a later version of assent made."""
    if version > CURRENT_VERSION:
        newer = f"version {version} of the schema, and this one knows versions up to {CURRENT_VERSION}"
        raise StoreError(f"{location} was made by a newer assent: it has {newer}", ADVICE_NEWER)


def find_faults(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """Yield what is wrong with the schema of a store."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    from workflow.adapters import tables

    assert tables  # noqa: S101 - the tables are in the metadata only once this module is loaded
    schema = {"schema": SCHEMA}
    for kind, name in connection.execute(_FOREIGN_OBJECTS, schema):
        yield f"the store holds a {kind} ({name:.100}) that assent did not make"
    for (name,) in connection.execute(_INVALID_INDEXES, schema):
        yield f"the index {name} is not whole"
    with lend(connection) as lent:
        for difference in compare_metadata(MigrationContext.configure(lent), SQLModel.metadata):
            yield f"the schema is not as assent makes it: {_describe(difference)}"


def upgrade(connection: psycopg.Connection[Any], version: int) -> None:
    """Upgrade a store that has an earlier version, in the transaction of the caller."""
    from workflow.adapters.schema_upgrade import run_migrations

    with lend(connection) as lent:
        run_migrations(lent, version)


def lend(connection: psycopg.Connection[Any]) -> AbstractContextManager[Connection]:
    """Lend a connection to SQLAlchemy, inside the transaction of its owner."""
    from workflow.adapters.schema_upgrade import lend_connection

    # SQLAlchemy would look up a type that no table has, and not on a connection that is lent.
    return lend_connection(connection, "postgresql+psycopg://", use_native_hstore=False)


def _describe(difference: object) -> str:
    """Return one difference as Alembic names it, with the names of what it is about."""
    if isinstance(difference, list):  # the changes of one column
        return "; ".join(map(_describe, difference))
    kind, *about = difference if isinstance(difference, tuple) else (difference,)
    names = [str(getattr(each, "name", each)) for each in about if isinstance(each, str) or hasattr(each, "name")]
    return " ".join([str(kind).replace("_", " "), *names])
