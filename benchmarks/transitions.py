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

from benchmarks.example import Example, example
from benchmarks.figure import Figure, Target
from benchmarks.gate import weighed
from benchmarks.timing import by_turns, wall_of
from workflow.ledger.entries import GENESIS

STAGES = 6
CASES = 12
ROUNDS = 9
DISK, MEMORY = Path("/var/tmp"), Path("/dev/shm")  # noqa: S108  # by the standard of file systems; a new folder is made
TARGET = Target("at least", 0.4)
TABLES = ("ledger", "exempt", "case_view")

Row: TypeAlias = tuple[Any, ...]


def figures() -> Iterator[Figure]:
    """Transitions in a second, on disk and, to tell what the disk's own share is, in memory."""
    yield from _figures("transitions", DISK, TARGET)
    if MEMORY.is_dir():
        yield from _figures("transitions in memory", MEMORY, None)


def _figures(name: str, place: Path, target: Target | None) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(dir=place) as folder, example(Path(folder)) as shown, ExitStack() as open_:
        shown.decided()
        floor, packages = (open_.enter_context(closing(kind(shown, Path(folder)))) for kind in (_Floor, _Packages))
        ours, bare, both = map(_rates, by_turns(ROUNDS, lambda: _ours(shown), floor.time, packages.time))
    beside = f"sqlite3, same rows and seals, on {_system_of(place)}"
    yield Figure(name, ours, bare, "/s", beside, target)
    yield Figure(f"{name}: SQLModel and durable-rules alone", both, bare, "/s", beside)


def _rates(seconds: list[float]) -> list[float]:
    """Transitions in a second, of rounds that took so many seconds."""
    return [CASES * STAGES / taken for taken in seconds]


def _ours(shown: Example) -> float:
    cases = [shown.opened() for _ in range(CASES)]
    acts = shown.acts()[:STAGES]

    def work() -> None:
        for case in cases:
            for step in acts:
                shown.act(case, step)

    return wall_of(work)


@dataclass(frozen=True, slots=True)
class _Written:
    """The rows of one commit: of the ledger, of the Part 2 texts if any, and of the list of cases."""

    entry: Row
    exempt: Row | None
    shown: Row


class _Floor:
    """A store with the tables of ours and nothing else, in which the rows that ours wrote last are written again."""

    file = "floor.db"

    def __init__(self, shown: Example, folder: Path) -> None:
        self._theirs = sqlite3.connect(shown.file)
        self._own = _connect(folder / self.file)
        for name, definition in self._theirs.execute("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
            if name in TABLES:
                self._own.execute(definition)

    def time(self) -> float:
        """The seconds that it takes to write as many commits as ours has just made."""
        commits = self._last()

        def work() -> None:
            for written in commits:
                self._commit(written)

        return wall_of(work)

    def _last(self) -> list[_Written]:
        entries = self._theirs.execute(
            "SELECT * FROM ledger WHERE kind = 'acted' ORDER BY position DESC LIMIT ?", (CASES * STAGES,)
        ).fetchall()
        return [_Written(entry, self._exempt(entry[0]), self._view(entry[1])) for entry in entries]

    def _exempt(self, position: int) -> Row | None:
        found: Row | None = self._theirs.execute("SELECT * FROM exempt WHERE position = ?", (position,)).fetchone()
        return found

    def _view(self, case: str) -> Row:
        found: Row = self._theirs.execute('SELECT * FROM case_view WHERE "case" = ?', (case,)).fetchone()
        return found

    def _commit(self, written: _Written) -> None:
        own = self._own
        own.execute("BEGIN IMMEDIATE")
        entry = _sealed(
            written, own.execute("SELECT position, seal FROM ledger ORDER BY position DESC LIMIT 1").fetchone()
        )
        own.execute("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", entry)
        if written.exempt:
            own.execute("INSERT INTO exempt VALUES (?, ?, ?, ?, ?)", (entry[0], *written.exempt[1:]))
        own.execute("INSERT OR REPLACE INTO case_view VALUES (?, ?, ?, ?, ?, ?, ?)", written.shown)
        own.execute("COMMIT")

    def close(self) -> None:
        """Let go of both files."""
        self._theirs.close()
        self._own.close()


class _Packages(_Floor):
    """The floor with the packages that are fixed: through SQLModel's tables, and durable-rules asked before each."""

    file = "packages.db"

    def __init__(self, shown: Example, folder: Path) -> None:
        super().__init__(shown, folder)
        self._engine = create_engine("sqlite://", creator=lambda: self._own)
        event.listen(self._engine, "begin", _begin)
        self._connection = self._engine.connect()
        self._gates = cycle([gate.alone() for gate in weighed(shown)])

    def _commit(self, written: _Written) -> None:
        next(self._gates)()
        connection = self._connection
        with connection.begin():
            entry = _sealed(written, connection.execute(_LAST).one_or_none())
            connection.execute(_ENTER, _named("ledger", entry))
            if written.exempt:
                connection.execute(_WITHHOLD, _named("exempt", (entry[0], *written.exempt[1:])))
            connection.execute(_SHOW, _named("case_view", written.shown))

    def close(self) -> None:
        """Let go of both files."""
        self._connection.close()
        self._engine.dispose()
        super().close()


_TABLES = {name: SQLModel.metadata.tables[name] for name in TABLES}
_ENTER, _WITHHOLD = insert(_TABLES["ledger"]), insert(_TABLES["exempt"])
_SHOW = insert(_TABLES["case_view"]).prefix_with("OR REPLACE")
_LAST = (
    select(_TABLES["ledger"].c.position, _TABLES["ledger"].c.seal)
    .order_by(_TABLES["ledger"].c.position.desc())
    .limit(1)
)


def _named(table: str, row: Row) -> dict[str, Any]:
    return dict(zip(_TABLES[table].c.keys(), row, strict=True))


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _connect(file: Path) -> sqlite3.Connection:
    made = sqlite3.connect(file, isolation_level=None)
    made.execute("PRAGMA journal_mode=WAL")
    made.execute("PRAGMA synchronous=FULL")
    return made


def _sealed(written: _Written, last: Sequence[Any] | None) -> Row:
    """The row of the ledger, after the position and seal of the last one there (none: it is the first)."""
    position, previous = last or (0, GENESIS)
    said = (position + 1, *written.entry[1:10], previous)
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return (*said, hashlib.sha256(f"assent entry 1\n{text}".encode()).hexdigest())


def _system_of(place: Path) -> str:
    """The kind of file system that a folder is on."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    around = [(len(at), kind) for at, kind in mounts if place.resolve().is_relative_to(at)]
    return max(around)[1]
