"""Loading all packs of every scheme in a new process: what a command pays before it can judge.

Measured with the pack cache, as every command but the first finds it, and from YAML; beside a YAML reader alone.
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
library = Library.load((), {cache})
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
    """Measure seconds of CPU for loading every scheme in a new process, after the imports.

    The peer reads the same bytes as plain YAML, without limits or checks.
    """
    with tempfile.TemporaryDirectory() as folder:
        cache = f"Path({folder!r})"
        _cpu_in_new_process(_BUILD_SCHEMES, cache)
        cached, uncached, peer = measure_in_turns(
            ROUNDS,
            lambda: _cpu_in_new_process(_BUILD_SCHEMES, cache),
            lambda: _cpu_in_new_process(_BUILD_SCHEMES, "None"),
            lambda: _cpu_in_new_process(_PARSE_YAML, "None"),
        )
    yield Measurement("all packs, from the cache", cached, peer, "s CPU", "CSafeLoader alone", TARGET)
    yield Measurement("all packs, from YAML", uncached, peer, "s CPU", "CSafeLoader alone")


def _cpu_in_new_process(code: str, cache: str) -> float:
    """Return the seconds of CPU that a new process counts for a piece of work."""
    command = [sys.executable, "-c", _TIMED_SCRIPT.format(work=code, cache=cache)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
