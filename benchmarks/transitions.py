"""Taking cases through six stages, one commit for each: all that assent does, beside SQLite with nothing round it.

The floor writes the same rows to the same tables in as many commits, and seals them with the same chain of SHA-256.
A third makes the same commits through SQLModel's tables and asks durable-rules the same rulesets, and does no more: it
tells how near to the floor anything can come that is made of the two. What it leaves is what ours has for reading the
case, working facts out, the second evaluator, and the ruling.
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
from workflow.ledger.entries import GENESIS

STAGES = 6
CASES = 12
ROUNDS = 9
DISK_FOLDER, MEMORY_FOLDER = Path("/var/tmp"), Path("/dev/shm")  # noqa: S108  # by the standard of file systems; a new folder is made
TARGET = MeasurementTarget("at least", 0.4)
TABLES = ("ledger", "exempt", "case_view")

SqlRow: TypeAlias = tuple[Any, ...]


def measure() -> Iterator[Measurement]:
    """Transitions in a second, on disk and, to tell what the disk's own share is, in memory."""
    yield from _measure_in("transitions", DISK_FOLDER, TARGET)
    if MEMORY_FOLDER.is_dir():
        yield from _measure_in("transitions in memory", MEMORY_FOLDER, None)


def _measure_in(name: str, folder_path: Path, target: MeasurementTarget | None) -> Iterator[Measurement]:
    with (
        tempfile.TemporaryDirectory(dir=folder_path) as folder,
        example_setup(Path(folder)) as shown,
        ExitStack() as open_,
    ):
        shown.decide_case()
        floor, packages = (
            open_.enter_context(closing(kind(shown, Path(folder)))) for kind in (_SqliteFloor, _LibrariesFloor)
        )
        ours, bare, both = map(
            _transitions_per_second,
            measure_in_turns(ROUNDS, lambda: _time_transitions(shown), floor.time, packages.time),
        )
    beside = f"sqlite3, same rows and seals, on {_file_system_of(folder_path)}"
    yield Measurement(name, ours, bare, "/s", beside, target)
    yield Measurement(f"{name}: SQLModel and durable-rules alone", both, bare, "/s", beside)


def _transitions_per_second(seconds: list[float]) -> list[float]:
    """Transitions in a second, of rounds that took so many seconds."""
    return [CASES * STAGES / taken for taken in seconds]


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
    """The rows of one commit: of the ledger, of the Part 2 texts if any, and of the list of cases."""

    entry: SqlRow
    exempt: SqlRow | None
    case_view: SqlRow


class _SqliteFloor:
    """A store with the tables of ours and nothing else, in which the rows that ours wrote last are written again."""

    file_name = "floor.db"

    def __init__(self, setup: ExampleSetup, folder: Path) -> None:
        self._source_store = sqlite3.connect(setup.store_file)
        self._connection_to_copy = _connect(folder / self.file_name)
        for name, definition in self._source_store.execute(
            "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        ):
            if name in TABLES:
                self._connection_to_copy.execute(definition)

    def time(self) -> float:
        """The seconds that it takes to write as many commits as ours has just made."""
        commits = self._last_commits()

        def task() -> None:
            for written in commits:
                self._commit(written)

        return wall_seconds(task)

    def _last_commits(self) -> list[_CommitRows]:
        entries = self._source_store.execute(
            "SELECT * FROM ledger WHERE kind = 'acted' ORDER BY position DESC LIMIT ?", (CASES * STAGES,)
        ).fetchall()
        return [_CommitRows(entry, self._exempt_row(entry[0]), self._case_view_row(entry[1])) for entry in entries]

    def _exempt_row(self, position: int) -> SqlRow | None:
        found: SqlRow | None = self._source_store.execute(
            "SELECT * FROM exempt WHERE position = ?", (position,)
        ).fetchone()
        return found

    def _case_view_row(self, case: str) -> SqlRow:
        found: SqlRow = self._source_store.execute('SELECT * FROM case_view WHERE "case" = ?', (case,)).fetchone()
        return found

    def _commit(self, commit_rows: _CommitRows) -> None:
        own = self._connection_to_copy
        own.execute("BEGIN IMMEDIATE")
        entry = _sealed_row(
            commit_rows, own.execute("SELECT position, seal FROM ledger ORDER BY position DESC LIMIT 1").fetchone()
        )
        own.execute("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", entry)
        if commit_rows.exempt:
            own.execute("INSERT INTO exempt VALUES (?, ?, ?, ?, ?)", (entry[0], *commit_rows.exempt[1:]))
        own.execute("INSERT OR REPLACE INTO case_view VALUES (?, ?, ?, ?, ?, ?, ?)", commit_rows.case_view)
        own.execute("COMMIT")

    def close(self) -> None:
        """Let go of both files."""
        self._source_store.close()
        self._connection_to_copy.close()


class _LibrariesFloor(_SqliteFloor):
    """The floor with the packages that are fixed: through SQLModel's tables, and durable-rules asked before each."""

    file_name = "packages.db"

    def __init__(self, setup: ExampleSetup, folder: Path) -> None:
        super().__init__(setup, folder)
        self._engine = create_engine("sqlite://", creator=lambda: self._connection_to_copy)
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
        """Let go of both files."""
        self._connection.close()
        self._engine.dispose()
        super().close()


_TABLES = {name: SQLModel.metadata.tables[name] for name in TABLES}
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
    made = sqlite3.connect(file, isolation_level=None)
    made.execute("PRAGMA journal_mode=WAL")
    made.execute("PRAGMA synchronous=FULL")
    return made


def _sealed_row(commit_rows: _CommitRows, last_entry: Sequence[Any] | None) -> SqlRow:
    """The row of the ledger, after the position and seal of the last one there (none: it is the first)."""
    position, previous = last_entry or (0, GENESIS)
    said = (position + 1, *commit_rows.entry[1:10], previous)
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return (*said, hashlib.sha256(f"assent entry 1\n{text}".encode()).hexdigest())


def _file_system_of(place: Path) -> str:
    """The kind of file system that a folder is on."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    around = [(len(at), kind) for at, kind in mounts if place.resolve().is_relative_to(at)]
    return max(around)[1]
