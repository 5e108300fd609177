"""How time is taken: of this process or of a child, by turns, in several rounds."""

from __future__ import annotations

import gc
import resource
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence


def measure_in_turns(rounds: int, *tasks: Callable[[], float]) -> list[list[float]]:
    """What each work gives, round by round; in each every work has its turn, so that all meet the same weather."""
    taken: list[list[float]] = [[] for _ in tasks]
    for _ in range(rounds):
        for times, work in zip(taken, tasks, strict=True):
            gc.collect()
            times.append(work())
    return taken


def cpu_seconds(task: Callable[[], object], times: int = 1) -> float:
    """Seconds of CPU that this process spends on doing a work once, as the mean of so many times."""
    start = time.process_time()
    for _ in range(times):
        task()
    return (time.process_time() - start) / times


def wall_seconds(task: Callable[[], object]) -> float:
    """Seconds that pass while a work is done."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Run a program to its end, unheard; raises where it leaves with an error."""
    subprocess.run(command, env=environment, check=True, capture_output=True)


def child_cpu_seconds(command: Sequence[str], environment: Mapping[str, str] | None = None) -> float:
    """Seconds of CPU, its own and the system's, that a program spends from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command, environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
