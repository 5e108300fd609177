"""Taking cases through six stages, one commit for each: all that assent does, beside SQLite with nothing round it.

The floor writes the same rows to the same tables in as many commits, and seals them with the same chain of SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.example import Example, example
from benchmarks.figure import Figure, Target
from benchmarks.timing import by_turns, wall_of
from workflow.ledger import GENESIS

STAGES = 6
CASES = 12
ROUNDS = 9
DISK, MEMORY = Path("/var/tmp"), Path("/dev/shm")  # noqa: S108  # by the standard of file systems; a new folder is made
TARGET = Target("at least", 0.4)
TABLES = ("ledger", "exempt", "case_view")

Row: TypeAlias = tuple[Any, ...]


def figures() -> Iterator[Figure]:
    """Transitions in a second, on disk and, to tell what the disk's own share is, in memory."""
    yield _figure("transitions", DISK, TARGET)
    if MEMORY.is_dir():
        yield _figure("transitions in memory", MEMORY, None)


def _figure(name: str, place: Path, target: Target | None) -> Figure:
    with tempfile.TemporaryDirectory(dir=place) as folder, example(Path(folder)) as shown:
        shown.decided()
        with closing(_Floor(shown, Path(folder))) as floor:
            ours, bare = by_turns(ROUNDS, lambda: _ours(shown), floor.time)
    beside = f"sqlite3, same rows and seals, on {_system_of(place)}"
    return Figure(name, _rates(ours), _rates(bare), "/s", beside, target)


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

    def __init__(self, shown: Example, folder: Path) -> None:
        self._theirs = sqlite3.connect(shown.file)
        self._own = sqlite3.connect(folder / "floor.db", isolation_level=None)
        self._own.execute("PRAGMA journal_mode=WAL")
        self._own.execute("PRAGMA synchronous=FULL")
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
        last = own.execute("SELECT position, seal FROM ledger ORDER BY position DESC LIMIT 1").fetchone()
        position, previous = last or (0, GENESIS)
        said = [position + 1, *written.entry[1:10], previous]
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        seal = hashlib.sha256(f"assent entry 1\n{text}".encode()).hexdigest()
        own.execute("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*said, seal))
        if written.exempt:
            own.execute("INSERT INTO exempt VALUES (?, ?, ?, ?, ?)", (position + 1, *written.exempt[1:]))
        own.execute("INSERT OR REPLACE INTO case_view VALUES (?, ?, ?, ?, ?, ?, ?)", written.shown)
        own.execute("COMMIT")

    def close(self) -> None:
        """Let go of both files."""
        self._theirs.close()
        self._own.close()


def _system_of(place: Path) -> str:
    """The kind of file system that a folder is on."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    around = [(len(at), kind) for at, kind in mounts if place.resolve().is_relative_to(at)]
    return max(around)[1]
