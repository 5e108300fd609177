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

from benchmarks.cold import ASSENT
from benchmarks.example import Example, example
from benchmarks.figure import Figure, Target
from benchmarks.timing import by_turns, run, wall_of
from decisions.issuing import archive, issue
from decisions.output.pdf import press
from workflow.services.commands import Asked

CASES = 24
ROUNDS = 3
TWICE = Target("at least", 1.7)
WARM, TIMES = 10, 200
KEPT = Target("at most", 20.0, of="measured")
MEGABYTE = 1_000_000
NAME = f"all documents of {CASES} cases"
LOOP = "for _ in range(50_000_000): pass"


def figures() -> Iterator[Figure]:
    """Documents in a second, and megabytes that a process grows by."""
    with tempfile.TemporaryDirectory() as folder, example(Path(folder)) as shown:
        yield _growth(shown, Path(folder))
    with tempfile.TemporaryDirectory() as folder, example(Path(folder)) as shown:
        for _ in range(CASES):
            shown.decided()
        shown.desk.store.close()  # type: ignore[attr-defined]
        both, alone, loops, loop = by_turns(
            ROUNDS,
            lambda: _rate(shown.file, 2),
            lambda: _rate(shown.file, 1),
            lambda: 2 / wall_of(lambda: _loops(2)),
            lambda: 1 / wall_of(lambda: _loops(1)),
        )
    yield Figure(f"{NAME}, 2 processes", both, alone, "/s", "1 process", TWICE)
    yield Figure("bare loops, 2 at once", loops, loop, "/s", "1 alone")


def _rate(store: Path, jobs: int) -> float:
    """Documents in a second, all of them made and recorded for the first time."""
    with tempfile.TemporaryDirectory() as folder:
        copied, made = shutil.copy(store, folder), Path(folder) / "out"
        command = [ASSENT, "--store", copied, "document", "render", "--all", "-o", str(made), "--jobs", str(jobs)]
        taken = wall_of(lambda: run(command))
        return len(list(made.iterdir())) / taken


def _loops(times: int) -> None:
    """So many processes that do nothing but count."""
    started = [subprocess.Popen([sys.executable, "-c", LOOP]) for _ in range(times)]
    for process in started:
        process.wait()


def _growth(shown: Example, folder: Path) -> Figure:
    """What is kept of so many decision forms, each made, recorded and put in its place."""
    case = shown.decided()
    order, place = issue.Order("decision-form", 1, "pdf"), partial(archive.placing, folder / "decision.pdf")

    def render(times: int) -> None:
        for _ in range(times):
            issue.issue(shown.desk, case, order, Asked(""), press, placing=place)

    render(WARM)
    warm = _resident()
    render(TIMES)
    grown = _resident() - warm
    return Figure(f"{TIMES} renders, growth", [grown], [warm], "MB", "the process once it is warm", KEPT)


def _resident() -> float:
    """Megabytes of memory that this process takes up."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE
