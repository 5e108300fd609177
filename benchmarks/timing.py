"""Takes time: of this process or a child, with the tasks in turn, over several rounds."""

from __future__ import annotations

import gc
import resource
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence


def measure_in_turns(rounds: int, *tasks: Callable[[], float]) -> list[list[float]]:
    """Return the samples of each task. Each round runs every task once, so that all meet the same load."""
    samples: list[list[float]] = [[] for _ in tasks]
    for _ in range(rounds):
        for task_samples, task in zip(samples, tasks, strict=True):
            gc.collect()
            task_samples.append(task())
    return samples


def cpu_seconds(task: Callable[[], object], times: int = 1) -> float:
    """Return the mean seconds of CPU that this process spends on a task."""
    start = time.process_time()
    for _ in range(times):
        task()
    return (time.process_time() - start) / times


def wall_seconds(task: Callable[[], object]) -> float:
    """Return the seconds that pass during a task."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Run a program without showing its output; raises if it fails."""
    subprocess.run(command, env=environment, check=True, capture_output=True)


def child_cpu_seconds(command: Sequence[str], environment: Mapping[str, str] | None = None) -> float:
    """Return the seconds of CPU, user and system, of a whole program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command, environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
