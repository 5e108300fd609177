"""Commands as new processes: what a person at a terminal waits for, beside the imports that no command can avoid."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.example import example_setup
from benchmarks.measurement import Measurement, MeasurementTarget
from benchmarks.timing import child_cpu_seconds, measure_in_turns

ASSENT = str(Path(sys.executable).with_name("assent"))
ROUNDS = 9
READING_TARGET = MeasurementTarget("at most", 1.0)
PAPER_TARGET = MeasurementTarget("at most", 2.0)
FAST_START_TARGET = MeasurementTarget("at most", 0.2, applies_to="measured")
COMPLETION_ENVIRONMENT = {"_ASSENT_COMPLETE": "bash_complete", "COMP_WORDS": "assent case ne", "COMP_CWORD": "2"}


def measure() -> Iterator[Measurement]:
    """Measure seconds of CPU from the start to the end of a process."""
    yield from _measure_case_commands()
    yield from _measure_light_commands()


def _measure_case_commands() -> Iterator[Measurement]:
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as setup:
        case, store = setup.open_case(), ["--store", str(setup.store_file)]
        commands = {
            "case next": [ASSENT, *store, "case", "next", case],
            "case list": [ASSENT, *store, "case", "list"],
            "review due": [ASSENT, *store, "review", "due"],
        }
        # With a Part 2, a paper asks the most.
        paper = [ASSENT, "case", "new", "--scheme", setup.story.scheme, "--set", "part_2.exists=yes"]
        imports, new, *reading = measure_in_turns(
            ROUNDS,
            lambda: import_cpu("import sqlmodel"),
            lambda: child_cpu_seconds(paper),
            *(partial(child_cpu_seconds, command) for command in commands.values()),
        )
    for name, ours in zip(commands, reading, strict=True):
        yield Measurement(f"{name}, cold", ours, imports, "s CPU", "python -c 'import sqlmodel'", READING_TARGET)
    yield Measurement("case new, cold", new, reading[0], "s CPU", "assent case next", PAPER_TARGET)


def _measure_light_commands() -> Iterator[Measurement]:
    completion_environment = {**os.environ, **COMPLETION_ENVIRONMENT}
    help_, completion, click, bare = measure_in_turns(
        ROUNDS,
        lambda: child_cpu_seconds([ASSENT, "--help"]),
        lambda: child_cpu_seconds([ASSENT], completion_environment),
        lambda: import_cpu("import click"),
        lambda: import_cpu("pass"),
    )
    for name, ours in (("--help", help_), ("completion", completion)):
        yield Measurement(name, ours, click, "s CPU", "python -c 'import click'", FAST_START_TARGET)
        yield Measurement(name, ours, bare, "s CPU", "python -c pass")


def import_cpu(source: str) -> float:
    """Return the seconds of CPU of a Python that only runs one line, such as an import."""
    return child_cpu_seconds([sys.executable, "-c", source])
