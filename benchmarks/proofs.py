"""Proving schemes with examples and walks, and trying every mutant, beside an import that no command can avoid."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.cold_start import ASSENT, import_cpu
from benchmarks.measurement import Measurement, MeasurementTarget
from benchmarks.timing import child_cpu_seconds, measure_in_turns
from rules.packs.library import Library

ROUNDS = 5
PEER = "python -c 'import sqlmodel'"
CHECK_TARGET = MeasurementTarget("at most", 3.0)
MUTANTS_TARGET = MeasurementTarget("at most", 250.0)


def measure() -> Iterator[Measurement]:
    """Measure seconds of CPU from the start to the end of a process: each scheme, and once the mutants of all."""
    for scheme in Library.load([]).schemes():
        yield _measure_command(f"scheme check {scheme}", ["scheme", "check", scheme], ROUNDS, CHECK_TARGET)
    yield _measure_command("law check --mutants", ["law", "check", "--mutants"], 1, MUTANTS_TARGET)


def _measure_command(name: str, words: list[str], rounds: int, target: MeasurementTarget) -> Measurement:
    ours, peer = measure_in_turns(
        rounds, lambda: child_cpu_seconds([ASSENT, *words]), lambda: import_cpu("import sqlmodel")
    )
    return Measurement(name, ours, peer, "s CPU", PEER, target)
