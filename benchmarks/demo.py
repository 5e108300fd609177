"""The whole demo as a new user waits for it, beside the import of its libraries."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cold_start import ASSENT
from benchmarks.measurement import Measurement, MeasurementTarget
from benchmarks.timing import measure_in_turns, run, wall_seconds

ROUNDS = 3
TARGET = MeasurementTarget("at most", 15.0, applies_to="measured")
LIBRARY_IMPORTS = "import sqlmodel, weasyprint, jinja2, durable.engine"


def measure() -> Iterator[Measurement]:
    """Measure seconds of wall time."""
    ours, imports = measure_in_turns(
        ROUNDS,
        lambda: wall_seconds(_run_demo),
        lambda: wall_seconds(lambda: run([sys.executable, "-c", LIBRARY_IMPORTS])),
    )
    yield Measurement("demo", ours, imports, "s", "the import of its libraries", TARGET)


def _run_demo() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run([ASSENT, "demo", str(Path(folder) / "demo")])
