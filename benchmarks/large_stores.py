"""A store of very many cases: verification beside the bare digests, and each command beside a store of few cases.

One case is decided as officers would, and its entries are recorded again for each other case under that case's number,
in the transaction in which every command records. Judging each act of each case would take hours and make the same
entries. Cases are recorded in turns, as they are when many are open at once.

`python -m benchmarks.large_stores FILE [CASES]` makes such a store and keeps it.
"""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import orjson

from benchmarks.cold_start import ASSENT
from benchmarks.example import ExampleSetup, example_setup
from benchmarks.measurement import Measurement, MeasurementTarget
from benchmarks.timing import child_cpu_seconds
from rules.errors import InputError
from workflow.ledger.entries import Entry, ExemptText, UnsealedEntry
from workflow.ledger.ports import CaseSummary, WriteTransaction
from workflow.services import act_queries, commands, queries
from workflow.services.commands import Request, Revision

FEW, MANY = 1_000, 10_000
TOGETHER = 50
"""How many cases are open at once."""
TIMES = 15
FLAT = MeasurementTarget("at most", 1.5)


def measure() -> Iterator[Measurement]:
    """Measure a store of many cases: verification as a process, then milliseconds of CPU from command to answer."""
    # The folder for temporary files is often in memory, and a large store is not.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        few, many = Path(folder) / "few", Path(folder) / "many"
        few.mkdir()
        many.mkdir()
        with example_setup(few) as small, example_setup(many) as large:
            fill_store(small, FEW)
            fill_store(large, MANY)
            yield from _measure_verification(large.store_file)
            of_few, of_many = _time_commands(small), _time_commands(large)
    for name, milliseconds in of_many.items():
        yield Measurement(f"{name}, {MANY:,} cases", milliseconds, of_few[name], "ms CPU", f"{FEW:,} cases", FLAT)


def fill_store(setup: ExampleSetup, cases: int) -> None:
    """Decide one case in a new store, and record it again for others until there are so many."""
    first = setup.decide_case()
    with setup.services.store.read_transaction() as reading:
        entries, [summary] = reading.sealed_entries(first), list(reading.case_summaries())
        texts = {text.position: text for text in reading.exempt_texts(first)}
    number, prefix = int(first.rpartition("-")[2]), first.rpartition("-")[0]
    while number < cases:
        group = [f"{prefix}-{each}" for each in range(number + 1, min(number + TOGETHER, cases) + 1)]
        with setup.services.store.write_transaction() as transaction:
            _record_again(transaction, entries, texts, summary, group)
        number += len(group)


def _record_again(
    transaction: WriteTransaction,
    entries: Sequence[Entry],
    texts: dict[int, ExemptText],
    summary: CaseSummary,
    group: list[str],
) -> None:
    for entry in entries:
        for case in group:
            transaction.append(_rename(entry, texts.get(entry.position), case), entry.version - 1)
    for case in group:
        transaction.update_summary(summary._replace(case=case))


def _rename(entry: Entry, text: ExemptText | None, case: str) -> UnsealedEntry:
    body, ruling, exempt = (
        data.replace(entry.stream, case) for data in (entry.body, entry.ruling, text.body if text else "")
    )
    return UnsealedEntry(
        case, entry.kind, date.fromisoformat(entry.on), entry.officer, body, ruling, exempt, text.salt if text else ""
    )


def _measure_verification(store_file: Path) -> Iterator[Measurement]:
    """Measure the CPU and the memory of `ledger verify` beside the bare digests of the same entries."""
    command = [ASSENT, "--store", str(store_file), "ledger", "verify"]
    ours, megabytes = child_cpu_seconds(command), _peak_megabytes(command)
    start = time.process_time()
    with closing(sqlite3.connect(store_file)) as raw:
        for *contents, _ in raw.execute("SELECT * FROM ledger ORDER BY position"):
            hashlib.sha256(orjson.dumps(contents)).hexdigest()
    floor = time.process_time() - start
    name = f"ledger verify, {MANY:,} cases of {store_file.stat().st_size / MANY / 1000:.0f} KB"
    yield Measurement(name, [ours], [floor], "s CPU", "orjson and SHA-256", MeasurementTarget("at most", 1 / 0.3))
    limit = MeasurementTarget("at most", 200, applies_to="measured")
    yield Measurement("ledger verify, memory", [megabytes], [200], "MB", "200 MB", limit)


def _peak_megabytes(command: list[str]) -> float:
    """Return the most memory of a program; a small process starts it, since a child begins with its parent's memory."""
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    run = subprocess.run([sys.executable, "-c", script, *command], check=True, capture_output=True, text=True)
    return float(run.stdout)


def _time_commands(setup: ExampleSetup) -> dict[str, list[float]]:
    """Return the milliseconds of CPU of each command, for some cases of a store."""
    officer = next(step.officer for step in setup.story.steps if step.open)
    services, on = setup.services, setup.story.steps[-1].on
    commands_of: dict[str, Callable[[], object]] = {
        "case open": setup.open_case,
        "case amend": lambda: commands.amend_paper(
            services, next(opened), Revision({"title": "Other"}, {}), Request(officer, on)
        ),
        "case next": lambda: act_queries.list_next_actions(services, next(opened)),
        "case show": lambda: queries.load_case_view(services, next(opened), with_part_2=True),
        "case show, mistyped": lambda: _show_mistyped(setup),
    }
    first = [setup.open_case() for _ in range(TIMES)]
    found: dict[str, list[float]] = {}
    for name, command in commands_of.items():
        opened = iter(first)
        found[name] = [_milliseconds(command) for _ in range(TIMES)]
    return found


def _show_mistyped(setup: ExampleSetup) -> None:
    try:
        queries.load_case_view(setup.services, "MOPCA-2018-77", with_part_2=False)
    except InputError:
        return


def _milliseconds(command: Callable[[], object]) -> float:
    start = time.process_time()
    command()
    return 1000 * (time.process_time() - start)


def main() -> None:
    """Make a store in the folder of a file, and keep it."""
    folder, cases = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True)
    with example_setup(folder) as setup:
        fill_store(setup, cases)


if __name__ == "__main__":
    main()
