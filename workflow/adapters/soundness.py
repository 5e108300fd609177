"""Whether a file of SQLite is the store that assent made: the same tables and indexes, and each index whole.

SQLite answers from an index where it can. So an index that was forged, or that lacks rows, shows another history than
the table whose entries are sealed.

Invariants:
- Tables and indexes are compared by the statement that made them, without regard to spaces.
- These statements come from the declarations in `workflow.adapters.tables`, and a new store is made by the same ones.
- No message repeats what a row holds: it can be of Part 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from workflow.adapters import tables
from workflow.adapters.schema import CREATE_REVISION_TABLE, FIRST_VERSION, REVISION_TABLE, SqlConnection

assert tables  # noqa: S101 - the tables are in the metadata only once this module is loaded

_MAX_DAMAGES = 20
"""How many faults SQLite names."""
_FIRST_INDEX = ("ix_ledger_stream", "CREATE INDEX ix_ledger_stream ON ledger (stream)")
_LATER_INDEXES = {"ix_ledger_stream_version": 2, "ix_case_view_folded": 3, "ix_case_view_last_on": 3}
"""The version of the schema from which on a store has an index; the others are in every version."""
_SELECT_STATEMENTS = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"


def find_store_faults(connection: SqlConnection) -> Iterator[str]:
    """Yield what is wrong with the schema of a store, and what SQLite finds wrong with its tables and indexes."""
    yield from find_schema_faults(connection)
    for (damage,) in connection.execute(f"PRAGMA integrity_check({_MAX_DAMAGES})").fetchall():
        if damage != "ok":
            yield f"SQLite finds the store damaged: {str(damage).splitlines()[0]:.200}"


def find_schema_faults(connection: SqlConnection) -> Iterator[str]:
    """Yield what is wrong with the schema of a store."""
    version = int(connection.execute("PRAGMA user_version").fetchall()[0][0])
    expected = {place: _without_spaces(statement) for place, statement in make_statements(version).items()}
    found = {
        (str(kind), str(name)): _without_spaces(str(statement))
        for kind, name, statement in connection.execute(_SELECT_STATEMENTS).fetchall()
    }
    for kind, name in sorted(expected.keys() | found.keys()):
        if (kind, name) not in expected:
            yield f"the store holds a {kind} ({name:.100}) that assent did not make"
        elif (kind, name) not in found:
            yield f"the store has no {kind} {name}"
        elif expected[kind, name] != found[kind, name]:
            yield f"the {kind} {name} is not as assent makes it"


def make_statements(version: int) -> dict[tuple[str, str], str]:
    """Return the statement that makes each table and index in a store of a version, by kind and name."""
    statements = _compile(sqlite.dialect())
    for name, first_version in _LATER_INDEXES.items():
        if version < first_version:
            del statements["index", name]
    if version == FIRST_VERSION:
        statements["index", _FIRST_INDEX[0]] = _FIRST_INDEX[1]
    else:
        statements["table", REVISION_TABLE] = CREATE_REVISION_TABLE
    return statements


def make_postgres_statements() -> dict[tuple[str, str], str]:
    """Return the statement that makes each table and index in PostgreSQL, by kind and name, tables first."""
    statements = _compile(postgresql.dialect())  # type: ignore[no-untyped-call]
    return {**statements, ("table", REVISION_TABLE): CREATE_REVISION_TABLE}


def _compile(dialect: Dialect) -> dict[tuple[str, str], str]:
    declared = SQLModel.metadata.tables.values()
    statements = {("table", table.name): str(CreateTable(table).compile(dialect=dialect)) for table in declared}
    for index in (index for table in declared for index in table.indexes):
        statements["index", str(index.name)] = str(CreateIndex(index).compile(dialect=dialect))
    return statements


def _without_spaces(statement: str) -> str:
    return "".join(statement.split())
