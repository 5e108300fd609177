"""The page docs/reliability.md: what is done to stores, and how often. `python -m tests.reliability.page` writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.ledgers.__main__ import KEPT
from tests.reliability import trials
from tests.reliability.places import StorePlace, in_database, in_file
from tests.workflow.adapters.postgres_server import new_database, running_server
from tests.workflow.walk import new_services, walk_to_stage

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
KEPT_STORE = KEPT / "2" / "mopac.db"
FLIPS = 300
_NOT_HERE = "–"
_START = """\
# What was tried on stores

A test does all this to a store in a file (SQLite) and to one in a database (PostgreSQL), and writes this page.
The test fails where a store does not hold what the last column says.

| what is done | file | database | what must come of it |
|---|--:|--:|---|
"""


class TriedLine(NamedTuple):
    """A line of the page: what is done, how often to a file and to a database, and what must come of it."""

    done: str
    file: str
    database: str
    outcome: str


def write_page(folder: Path) -> str:
    """Try everything in a folder, and return the page; raise `AssertionError` where a store does not hold."""
    with running_server(folder / "server") as administrator:
        lines = "".join(f"| {' | '.join(line)} |\n" for line in _try_all(folder, administrator))
    return _START + lines


def _try_all(folder: Path, administrator: str) -> Iterator[TriedLine]:
    numbers = count(1)

    def new_folder() -> Path:
        new = folder / str(next(numbers))
        new.mkdir()
        return new

    def in_draft() -> tuple[StorePlace, StorePlace]:
        file = new_folder() / "assent.db"
        services = new_services(file)
        walk_to_stage(services, "draft")
        services.store.close()
        return _both(administrator, StorePlace(str(file), "rowid", "?"))

    def try_both(
        done: str, trial: Callable[[StorePlace], int], places: tuple[StorePlace, StorePlace], outcome: str
    ) -> TriedLine:
        file, database = (f"{trial(place):,}" for place in places)
        return TriedLine(done, file, database, outcome)

    yield try_both(
        "a process is killed at a random moment while it records",
        trials.kill_writers,
        in_draft(),
        "all that was answered is recorded, and the record verifies",
    )
    yield TriedLine(
        "a process is killed at a random moment while it makes a store",
        f"{trials.kill_makers(lambda: StorePlace(str(new_folder() / 'assent.db'), 'rowid', '?')):,}",
        f"{trials.kill_makers(lambda: StorePlace(new_database(administrator), 'ctid', '%s')):,}",
        "there is a whole store or none, and one can be made there",
    )
    yield try_both(
        f"acts of {trials.WRITERS} processes at once, each on a case of its own",
        trials.record_on_own_cases,
        in_draft(),
        "each is recorded, in order, and none fails",
    )
    yield try_both(
        "two officers act at once on what both have seen",
        trials.race_for_one_version,
        in_draft(),
        "one is recorded; the other is told that somebody was first (exit code 5)",
    )
    yield try_both("a value of a row is changed", trials.alter_values, in_draft(), "`ledger verify` finds it")
    yield try_both("a row is deleted", trials.delete_rows, in_draft(), "`ledger verify` finds it")
    yield TriedLine(
        "tables, indexes, views or triggers are changed",
        f"{trials.forge_file(new_folder, KEPT_STORE):,}",
        f"{trials.forge_database(administrator, in_file(new_folder(), KEPT_STORE)):,}",
        "`ledger verify` finds it",
    )
    yield TriedLine(
        "a bit of the file is flipped",
        f"{trials.flip_bits(in_file(new_folder(), KEPT_STORE), FLIPS):,}",
        _NOT_HERE,
        "`ledger verify` finds it, or all that commands read is as before",
    )
    yield TriedLine(
        "an officer's account changes or deletes rows or tables",
        _NOT_HERE,
        f"{trials.change_as_officer(in_database(administrator, in_file(new_folder(), KEPT_STORE))):,}",
        "the database refuses it",
    )


def _both(administrator: str, file: StorePlace) -> tuple[StorePlace, StorePlace]:
    return file, in_database(administrator, file)


def main() -> None:
    """Try everything, and write the page."""
    with TemporaryDirectory() as folder:
        PAGE.write_text(write_page(Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
