"""Taking cases through six stages, one commit each: assent beside bare SQLite.

The floor writes the same rows to the same tables in as many commits, and seals them with the same chain of SHA-256.
A third run makes the same commits through SQLModel's tables and judges the same rulesets with durable-rules. It shows
how close to the floor anything built on the two can come. The rest of our time goes to reading the case, deriving
facts, the second evaluator, and the ruling.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, create_engine, event, insert, select
from sqlmodel import SQLModel

from benchmarks.example import ExampleSetup, example_setup
from benchmarks.gate import example_gate_inputs
from benchmarks.measurement import Measurement, MeasurementTarget
from benchmarks.timing import measure_in_turns, wall_seconds
from workflow.adapters.tables import CaseRow, ExemptRow, LedgerRow
from workflow.ledger.entries import GENESIS

STAGES = 6
CASES = 12
ROUNDS = 9
DISK_FOLDER, MEMORY_FOLDER = Path("/var/tmp"), Path("/dev/shm")  # noqa: S108  # both exist on Linux; a new folder is made in them
TARGET = MeasurementTarget("at least", 0.22)
TABLES = ("ledger", "exempt", "case_view")

SqlRow: TypeAlias = tuple[Any, ...]


def measure() -> Iterator[Measurement]:
    """Measure transitions per second on disk, and in memory to show the share of the disk."""
    yield from _measure_in("transitions", DISK_FOLDER, TARGET)
    if MEMORY_FOLDER.is_dir():
        yield from _measure_in("transitions in memory", MEMORY_FOLDER, None)


def _measure_in(name: str, folder_path: Path, target: MeasurementTarget | None) -> Iterator[Measurement]:
    with (
        tempfile.TemporaryDirectory(dir=folder_path) as folder,
        example_setup(Path(folder)) as setup,
        ExitStack() as stack,
    ):
        setup.decide_case()
        floor, packages = (
            stack.enter_context(closing(kind(setup, Path(folder)))) for kind in (_SqliteFloor, _LibrariesFloor)
        )
        ours, floor_rate, packages_rate = map(
            _transitions_per_second,
            measure_in_turns(ROUNDS, lambda: _time_transitions(setup), floor.time, packages.time),
        )
    peer = f"sqlite3, same rows and seals, on {_file_system_of(folder_path)}"
    yield Measurement(name, ours, floor_rate, "/s", peer, target)
    yield Measurement(f"{name}: SQLModel and durable-rules alone", packages_rate, floor_rate, "/s", peer)


def _transitions_per_second(seconds: list[float]) -> list[float]:
    """Return transitions per second from the seconds of each round."""
    return [CASES * STAGES / round_seconds for round_seconds in seconds]


def _time_transitions(setup: ExampleSetup) -> float:
    cases = [setup.open_case() for _ in range(CASES)]
    acts = setup.act_steps()[:STAGES]

    def task() -> None:
        for case in cases:
            for step in acts:
                setup.take_act(case, step)

    return wall_seconds(task)


@dataclass(frozen=True, slots=True)
class _CommitRows:
    """The rows of one commit: for the ledger, for the Part 2 texts if any, and for the list of cases."""

    entry: SqlRow
    exempt: SqlRow | None
    case_view: SqlRow


class _SqliteFloor:
    """A store with the same tables, to which the rows of our last commits are written again."""

    file_name = "floor.db"

    def __init__(self, setup: ExampleSetup, folder: Path) -> None:
        self._source_store = sqlite3.connect(setup.store_file)
        self._copy = _connect(folder / self.file_name)
        for name, definition in self._source_store.execute(
            "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        ):
            if name in TABLES:
                self._copy.execute(definition)

    def time(self) -> float:
        """Return the seconds for writing our last commits again."""
        commits = self._last_commits()

        def task() -> None:
            for commit_rows in commits:
                self._commit(commit_rows)

        return wall_seconds(task)

    def _last_commits(self) -> list[_CommitRows]:
        entries = self._source_store.execute(
            "SELECT * FROM ledger WHERE kind = 'acted' ORDER BY position DESC LIMIT ?", (CASES * STAGES,)
        ).fetchall()
        return [_CommitRows(entry, self._exempt_row(entry[0]), self._case_view_row(entry[1])) for entry in entries]

    def _exempt_row(self, position: int) -> SqlRow | None:
        row: SqlRow | None = self._source_store.execute(
            "SELECT * FROM exempt WHERE position = ?", (position,)
        ).fetchone()
        return row

    def _case_view_row(self, case: str) -> SqlRow:
        row: SqlRow = self._source_store.execute('SELECT * FROM case_view WHERE "case" = ?', (case,)).fetchone()
        return row

    def _commit(self, commit_rows: _CommitRows) -> None:
        connection = self._copy
        connection.execute("BEGIN IMMEDIATE")
        entry = _sealed_row(
            commit_rows,
            connection.execute("SELECT position, seal FROM ledger ORDER BY position DESC LIMIT 1").fetchone(),
        )
        connection.execute("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", entry)
        if commit_rows.exempt:
            connection.execute("INSERT INTO exempt VALUES (?, ?, ?, ?, ?)", (entry[0], *commit_rows.exempt[1:]))
        connection.execute("INSERT OR REPLACE INTO case_view VALUES (?, ?, ?, ?, ?, ?, ?)", commit_rows.case_view)
        connection.execute("COMMIT")

    def close(self) -> None:
        """Close both files."""
        self._source_store.close()
        self._copy.close()


class _LibrariesFloor(_SqliteFloor):
    """The floor with the required packages: SQLModel's tables, and durable-rules before each commit."""

    file_name = "packages.db"

    def __init__(self, setup: ExampleSetup, folder: Path) -> None:
        super().__init__(setup, folder)
        self._engine = create_engine("sqlite://", creator=lambda: self._copy)
        event.listen(self._engine, "begin", _begin_immediate)
        self._connection = self._engine.connect()
        self._gate_tasks = cycle([gate.durable_rules_task() for gate in example_gate_inputs(setup)])

    def _commit(self, commit_rows: _CommitRows) -> None:
        next(self._gate_tasks)()
        connection = self._connection
        with connection.begin():
            entry = _sealed_row(commit_rows, connection.execute(_SELECT_LAST).one_or_none())
            connection.execute(_INSERT_ENTRY, _values_by_column("ledger", entry))
            if commit_rows.exempt:
                connection.execute(_INSERT_EXEMPT, _values_by_column("exempt", (entry[0], *commit_rows.exempt[1:])))
            connection.execute(_REPLACE_CASE_VIEW, _values_by_column("case_view", commit_rows.case_view))

    def close(self) -> None:
        """Close both files."""
        self._connection.close()
        self._engine.dispose()
        super().close()


_TABLES = {
    str(row.__tablename__): SQLModel.metadata.tables[row.__tablename__] for row in (LedgerRow, ExemptRow, CaseRow)
}
_INSERT_ENTRY, _INSERT_EXEMPT = insert(_TABLES["ledger"]), insert(_TABLES["exempt"])
_REPLACE_CASE_VIEW = insert(_TABLES["case_view"]).prefix_with("OR REPLACE")
_SELECT_LAST = (
    select(_TABLES["ledger"].c.position, _TABLES["ledger"].c.seal)
    .order_by(_TABLES["ledger"].c.position.desc())
    .limit(1)
)


def _values_by_column(table: str, row: SqlRow) -> dict[str, Any]:
    return dict(zip(_TABLES[table].c.keys(), row, strict=True))


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _sealed_row(commit_rows: _CommitRows, last_entry: Sequence[Any] | None) -> SqlRow:
    """Return a row of the ledger, sealed after the last entry (None: it is the first)."""
    position, previous = last_entry or (0, GENESIS)
    columns = (position + 1, *commit_rows.entry[1:10], previous)
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    return (*columns, hashlib.sha256(f"assent entry 1\n{text}".encode()).hexdigest())


def _file_system_of(folder: Path) -> str:
    """Return the kind of file system of a folder."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    parents = [(len(mount), kind) for mount, kind in mounts if folder.resolve().is_relative_to(mount)]
    return max(parents)[1]
