"""The versions of the schema of a store: which one a file has, and what may be done with it.

Invariants:
- A version has the same number in SQLite's `user_version` and, from the second on, in the table of Alembic.
- A store of an earlier version can be read, and is written only after an upgrade.
- A store of a later version, or one whose marks disagree, is neither read nor written.
- Its tables and indexes are named here once more, so that no command has to load SQLModel; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from workflow.errors import LedgerBroken, StoreError

APPLICATION_ID = 0x41535354  # "ASST"
FIRST_VERSION, CURRENT_VERSION = 1, 3
"""The first version was made before Alembic; what each later one changes is in `migrations/versions`."""
TABLES = ("ledger", "exempt", "pack", "case_view")
INDEXES = (
    "ix_ledger_stream_version",
    "ix_exempt_stream",
    "ix_case_view_scheme",
    "ix_case_view_folded",
    "ix_case_view_last_on",
)
"""The tables and indexes that `workflow.adapters.tables` declares."""
REVISION_TABLE = "alembic_version"
CREATE_REVISION_TABLE = (
    f"CREATE TABLE {REVISION_TABLE} (version_num VARCHAR(32) NOT NULL, "
    f"CONSTRAINT {REVISION_TABLE}_pkc PRIMARY KEY (version_num))"
)
"""The table as Alembic makes it: `init` need not load Alembic."""
ADVICE_OTHER_STORE = "Name another store with --store or ASSENT_STORE. This file was not changed."
ADVICE_NEWER = "Use that version of assent, or a later one. This file was not changed."
_ADVICE_HALF = (
    "Go back to a copy from before the upgrade, and run it again: assent ledger upgrade. This file was not changed."
)

# A trigger or a view could hide or change entries without a trace, and assent makes neither.
SELECT_OBJECTS = "SELECT type, name FROM sqlite_master"
_FOREIGN_TYPES = ("trigger", "view")


class SqlCursor(Protocol):
    """What a statement gives: its rows."""

    def fetchall(self) -> list[Any]:
        """Return all rows."""


class SqlConnection(Protocol):
    """A plain connection to a database."""

    def execute(self, statement: str, /) -> SqlCursor:
        """Run a statement."""


class SchemaMarks(NamedTuple):
    """The marks by which a file is known as a store, and the objects in it by kind and name.

    `revisions` are those that Alembic keeps; a store has at most one.
    """

    application_id: int
    version: int
    objects: frozenset[tuple[str, str]]
    revisions: tuple[str, ...]

    def names(self, kind: str) -> set[str]:
        """Return the names of the objects of a kind, such as `table`."""
        return {name for of_kind, name in self.objects if of_kind == kind}


def revision_of(version: int) -> str:
    """Return the name that Alembic has for a version: `0002`."""
    return f"{version:04}"


def read_marks(connection: SqlConnection) -> SchemaMarks:
    """Return the marks of a file; one of no store has no objects."""
    application_id, version = (
        connection.execute(f"PRAGMA {name}").fetchall()[0][0] for name in ("application_id", "user_version")
    )
    if application_id != APPLICATION_ID:
        return SchemaMarks(application_id, version, frozenset(), ())
    objects = frozenset((str(kind), str(name)) for kind, name in connection.execute(SELECT_OBJECTS).fetchall())
    revisions: list[Any] = []
    if ("table", REVISION_TABLE) in objects:
        revisions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    return SchemaMarks(application_id, version, objects, tuple(str(revision) for (revision,) in revisions))


def check_marks(path: Path, marks: SchemaMarks) -> None:
    """Raise `StoreError` for a file that is no store that this version can read, `LedgerBroken` for foreign objects."""
    if marks.application_id != APPLICATION_ID or marks.version < FIRST_VERSION:
        raise StoreError(f"{path} is not a store of this version of assent", ADVICE_OTHER_STORE)
    if marks.version > CURRENT_VERSION:
        newer = f"version {marks.version} of the schema, and this one knows versions up to {CURRENT_VERSION}"
        raise StoreError(f"{path} was made by a newer assent: it has {newer}", ADVICE_NEWER)
    refuse_foreign_objects(marks.objects)
    if not marks.names("table").issuperset(TABLES):
        raise StoreError(f"{path} is not a store of this version of assent", ADVICE_OTHER_STORE)
    expected = () if marks.version == FIRST_VERSION else (revision_of(marks.version),)
    if marks.revisions != expected:
        found = f"it names the version {marks.version}, and Alembic {', '.join(marks.revisions) or 'none'}"
        raise StoreError(f"{path} is half upgraded: {found}", _ADVICE_HALF)
    missing = ", ".join(sorted({*INDEXES} - marks.names("index")))
    if marks.version == CURRENT_VERSION and missing:
        raise StoreError(f"{path} is half upgraded: it has no index {missing}", _ADVICE_HALF)


def refuse_old_schema(place: Path | str, version: int) -> None:
    """Raise `StoreError` for a store that must be upgraded before it is written."""
    if version < CURRENT_VERSION:
        raise StoreError(
            f"{place} was made by an earlier version of assent and must be upgraded before anything is recorded",
            f"Type: assent --store {place} ledger upgrade. Until then it can be read.",
        )


def refuse_foreign_objects(objects: Iterable[Any]) -> None:
    """Raise `LedgerBroken` for triggers and views among the objects of a schema."""
    foreign = [(kind, name) for kind, name in objects if kind in _FOREIGN_TYPES]
    if foreign:
        raise LedgerBroken(
            sorted(f"the store holds a {kind} ({name!s:.100}) that assent did not make" for kind, name in foreign)
        )
