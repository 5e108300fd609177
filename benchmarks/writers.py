"""Eight processes that record on eight cases of their own, beside one that has the store to itself.

What is measured is the time from the command to its answer; the longest show whether somebody starves. Packs are loaded
before, as in a process that lives long. An error ends the benchmark.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from benchmarks.example import example_setup, load_example_story
from benchmarks.measurement import Measurement, MeasurementTarget
from decisions.safety.publication import PublicationSearch
from rules.packs.library import Library
from workflow.adapters.sqlite import SqliteStore
from workflow.ledger.ports import Clock
from workflow.services import commands
from workflow.services.commands import Request, Revision, Services

WRITERS = 8
ACTS = 125
TARGET = MeasurementTarget("at most", 10)


def measure() -> Iterator[Measurement]:
    """Measure milliseconds from command to answer of the slowest of 100 acts, beside the median in the same run."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder, example_setup(Path(folder)) as setup:
        cases = [setup.open_case() for _ in range(WRITERS)]
        alone = _write(str(setup.store_file), cases[0], ACTS)
        with multiprocessing.get_context("spawn").Pool(WRITERS) as pool:
            store_file = str(setup.store_file)
            waits = pool.starmap(_write, [(store_file, case, ACTS) for case in cases], chunksize=1)
    together = sorted(milliseconds for of_one in waits for milliseconds in of_one)
    yield _measurement("one writer, p99", sorted(alone))
    yield _measurement(
        f"{WRITERS} writers on {WRITERS} cases, p99 of {len(together):,} acts, 0 errors", together, TARGET
    )


def _measurement(name: str, milliseconds: list[float], target: MeasurementTarget | None = None) -> Measurement:
    p50, p99 = (milliseconds[int(len(milliseconds) * share)] for share in (0.5, 0.99))
    return Measurement(name, [p99], [p50], "ms", "p50 of the same acts", target)


def _write(store_file: str, case: str, times: int) -> list[float]:
    """Return the milliseconds that each of some amendments of a case took."""
    story, store = load_example_story(), SqliteStore(store_file, lambda: datetime.now(UTC))
    clock = Clock(lambda _: datetime.now(UTC).date(), lambda: token_hex(16))
    services = Services(store, Library.load(()), clock, PublicationSearch())
    services.library.scheme(story.scheme)
    officer = next(step.officer for step in story.steps if step.open)
    waits = []
    for number in range(times):
        start = time.perf_counter()
        revision = Revision({"title": f"{case} {number}"}, {})
        commands.amend_paper(services, case, revision, Request(officer, story.steps[-1].on))
        waits.append(1000 * (time.perf_counter() - start))
    store.close()
    return waits
