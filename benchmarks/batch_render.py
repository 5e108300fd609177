"""Rendering every document of many cases: two processes compared with one, and the memory growth of one process.

Each run is a whole `assent document render --all`, from the start of the process to the last entry in the ledger.
The gain of two bare loops over one shows how much of two cores the machine had free at the time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.cold_start import ASSENT
from benchmarks.example import ExampleSetup, example_setup
from benchmarks.measurement import Measurement, MeasurementTarget
from benchmarks.timing import measure_in_turns, run, wall_seconds
from decisions.issuing import document_files, issue
from decisions.issuing.jobs import RenderJob
from decisions.output.pdf import render_file
from workflow.services.commands import Request

CASES = 24
ROUNDS = 3
SPEEDUP_TARGET = MeasurementTarget("at least", 1.7)
WARM_UP_RENDERS, MEASURED_RENDERS = 10, 200
GROWTH_TARGET = MeasurementTarget("at most", 20.0, applies_to="measured")
MEGABYTE = 1_000_000
LABEL = f"all documents of {CASES} cases"
LOOP_CODE = "for _ in range(50_000_000): pass"


def measure() -> Iterator[Measurement]:
    """Measure documents per second, and the growth of a process in megabytes."""
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as setup:
        yield _measure_growth(setup, Path(folder))
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as setup:
        for _ in range(CASES):
            setup.decide_case()
        setup.services.store.close()
        both, alone, loops, loop = measure_in_turns(
            ROUNDS,
            lambda: _documents_per_second(setup.store_file, 2),
            lambda: _documents_per_second(setup.store_file, 1),
            lambda: 2 / wall_seconds(lambda: _run_loops(2)),
            lambda: 1 / wall_seconds(lambda: _run_loops(1)),
        )
    yield Measurement(f"{LABEL}, 2 processes", both, alone, "/s", "1 process", SPEEDUP_TARGET)
    yield Measurement("bare loops, 2 at once", loops, loop, "/s", "1 alone")


def _documents_per_second(store_file: Path, worker_count: int) -> float:
    """Return documents per second, all made and recorded for the first time."""
    with tempfile.TemporaryDirectory() as folder:
        store_copy, documents = shutil.copy(store_file, folder), Path(folder) / "out"
        render = ["document", "render", "--all", "-o", str(documents), "--jobs", str(worker_count)]
        seconds = wall_seconds(lambda: run([ASSENT, "--store", store_copy, *render]))
        return len(list(documents.iterdir())) / seconds


def _run_loops(times: int) -> None:
    """Run processes that only count, all at once."""
    processes = [subprocess.Popen([sys.executable, "-c", LOOP_CODE]) for _ in range(times)]
    for process in processes:
        process.wait()


def _measure_growth(setup: ExampleSetup, folder: Path) -> Measurement:
    """Measure the memory that a process keeps after rendering and recording many decision forms."""
    case = setup.decide_case()
    job = RenderJob(case, "decision-form", 1, "pdf")
    place = partial(document_files.staged_write, folder / "decision.pdf")

    def render(times: int) -> None:
        for _ in range(times):
            issue.issue_document(setup.services, job, Request(""), render_file, staged_write=place)

    render(WARM_UP_RENDERS)
    before = _resident_megabytes()
    render(MEASURED_RENDERS)
    growth = _resident_megabytes() - before
    return Measurement(
        f"{MEASURED_RENDERS} renders, growth", [growth], [before], "MB", "the process after warming up", GROWTH_TARGET
    )


def _resident_megabytes() -> float:
    """Return the resident memory of this process in megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE
