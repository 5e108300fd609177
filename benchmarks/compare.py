"""This checkout beside another one of the same repository, such as that of the parent commit.

Both run the same tasks in turn, A B A B, and each figure is CPU time. The other checkout needs its own `.venv` (run
`make setup` in it). No figure has a target: where a change adds controls, judging more of them takes longer.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.measurement import Measurement

ROUNDS = 9
TASKS = ("transitions", "gate", "commands", "cold")
"""What both checkouts can run; a name that `benchmarks` has too measures the same work."""
HERE = Path(__file__).parents[1]
WORKER = Path(__file__).with_name("checkout_worker.py")


def measure_against(other: Path, tasks: Sequence[str] = TASKS) -> Iterator[Measurement]:
    """Measure milliseconds of CPU of each transition, each gate, and commands in a warm process and in new ones."""
    with ExitStack() as stack:
        workers = [stack.enter_context(_start_worker(folder)) for folder in (HERE, other)]
        for task in tasks:
            yield from _measure_task(workers, task, other.name)


def _measure_task(workers: list[_Worker], task: str, peer: str) -> Iterator[Measurement]:
    for worker in workers:  # the first run imports what the others find imported
        _run_task(worker, task)
    rounds = [[_run_task(worker, task) for worker in workers] for _ in range(ROUNDS)]
    for name in (name for name in rounds[0][0] if name in rounds[0][1]):
        ours, theirs = ([1000 * turns[side][name] for turns in rounds] for side in (0, 1))
        yield Measurement(name, ours, theirs, "ms CPU", peer)


_Worker = subprocess.Popen[str]


@contextmanager
def _start_worker(folder: Path) -> Iterator[_Worker]:
    """Yield a process that runs tasks with the code and the Python of a checkout."""
    command = [str(folder.resolve() / ".venv/bin/python"), "-c", WORKER.read_text(encoding="utf-8")]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        yield worker


def _run_task(worker: _Worker, task: str) -> dict[str, float]:
    """Return the seconds of CPU by name; raise `RuntimeError` if the process has ended."""
    if worker.stdin is None or worker.stdout is None:
        raise RuntimeError("the process has no pipes")
    print(task, file=worker.stdin, flush=True)
    line = worker.stdout.readline()
    if not line:
        raise RuntimeError(f"{task} failed")
    seconds: dict[str, float] = json.loads(line)
    return seconds
