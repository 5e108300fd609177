"""Every document of many cases at once, by two processes beside one; and what a process that makes many keeps of them.

Both are whole runs of `assent document render --all`, from the start of the process to the last entry in the ledger.
What two bare loops gain beside one says how much of two cores the machine had to give meanwhile.
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
    """Documents in a second, and megabytes that a process grows by."""
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as shown:
        yield _measure_growth(shown, Path(folder))
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as shown:
        for _ in range(CASES):
            shown.decide_case()
        shown.services.store.close()
        both, alone, loops, loop = measure_in_turns(
            ROUNDS,
            lambda: _documents_per_second(shown.store_file, 2),
            lambda: _documents_per_second(shown.store_file, 1),
            lambda: 2 / wall_seconds(lambda: _run_loops(2)),
            lambda: 1 / wall_seconds(lambda: _run_loops(1)),
        )
    yield Measurement(f"{LABEL}, 2 processes", both, alone, "/s", "1 process", SPEEDUP_TARGET)
    yield Measurement("bare loops, 2 at once", loops, loop, "/s", "1 alone")


def _documents_per_second(store_file: Path, worker_count: int) -> float:
    """Documents in a second, all of them made and recorded for the first time."""
    with tempfile.TemporaryDirectory() as folder:
        copied, made = shutil.copy(store_file, folder), Path(folder) / "out"
        command = [
            ASSENT,
            "--store",
            copied,
            "document",
            "render",
            "--all",
            "-o",
            str(made),
            "--jobs",
            str(worker_count),
        ]
        taken = wall_seconds(lambda: run(command))
        return len(list(made.iterdir())) / taken


def _run_loops(times: int) -> None:
    """So many processes that do nothing but count."""
    started = [subprocess.Popen([sys.executable, "-c", LOOP_CODE]) for _ in range(times)]
    for process in started:
        process.wait()


def _measure_growth(setup: ExampleSetup, folder: Path) -> Measurement:
    """What is kept of so many decision forms, each made, recorded and put in its place."""
    case = setup.decide_case()
    job = RenderJob(case, "decision-form", 1, "pdf")
    place = partial(document_files.staged_write, folder / "decision.pdf")

    def render(times: int) -> None:
        for _ in range(times):
            issue.issue_document(setup.services, job, Request(""), render_file, staged_write=place)

    render(WARM_UP_RENDERS)
    warm = _resident_megabytes()
    render(MEASURED_RENDERS)
    grown = _resident_megabytes() - warm
    return Measurement(
        f"{MEASURED_RENDERS} renders, growth", [grown], [warm], "MB", "the process once it is warm", GROWTH_TARGET
    )


def _resident_megabytes() -> float:
    """Megabytes of memory that this process takes up."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE
