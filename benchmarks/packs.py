"""Putting all packs of every scheme together, cold: what a command pays before it can judge.

From the shelf, as every command but the first finds them, and from YAML; beside a YAML reader alone.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator

from benchmarks.measurement import Measurement, MeasurementTarget
from benchmarks.timing import measure_in_turns

ROUNDS = 9
TARGET = MeasurementTarget("at most", 0.15, applies_to="measured")
_TIMED_SCRIPT = """
import time, yaml
from pathlib import Path
from rules.packs.library import Library
library = Library.of((), {shelf})
before = time.process_time()
{work}
print(time.process_time() - before)
"""
_BUILD_SCHEMES = "[library.scheme(name) for name in library.schemes()]"
_PARSE_YAML = (
    "[yaml.load(data, getattr(yaml, 'CSafeLoader', yaml.SafeLoader))"
    " for file, data in library.files.items() if not file.endswith('examples.yaml')]"
)


def measure() -> Iterator[Measurement]:
    """Seconds of CPU that a new process spends on putting every scheme together, once all is imported.

    The peer reads the same bytes as plain YAML, unbounded and unchecked.
    """
    with tempfile.TemporaryDirectory() as folder:
        shelf = f"Path({folder!r})"
        _cpu_in_new_process(_BUILD_SCHEMES, shelf)
        kept, read, peer = measure_in_turns(
            ROUNDS,
            lambda: _cpu_in_new_process(_BUILD_SCHEMES, shelf),
            lambda: _cpu_in_new_process(_BUILD_SCHEMES, "None"),
            lambda: _cpu_in_new_process(_PARSE_YAML, "None"),
        )
    yield Measurement("all packs, cold", kept, peer, "s CPU", "CSafeLoader alone", TARGET)
    yield Measurement("all packs, never read before", read, peer, "s CPU", "CSafeLoader alone")


def _cpu_in_new_process(code: str, shelf: str) -> float:
    """Seconds of CPU, as a new process counts them for a piece of work of its own."""
    command = [sys.executable, "-c", _TIMED_SCRIPT.format(work=code, shelf=shelf)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
