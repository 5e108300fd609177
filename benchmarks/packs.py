"""Reading all packs of every scheme, cold: what a command pays before it can judge, beside a YAML reader alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from benchmarks.figure import Figure, Target
from benchmarks.timing import by_turns

ROUNDS = 9
TARGET = Target("at most", 0.15, of="measured")
_MEASURED = """
import time, yaml
from rules.library import Library
library = Library.of(())
before = time.process_time()
{work}
print(time.process_time() - before)
"""
_OURS = "[library.scheme(name) for name in library.schemes()]"
_PEER = (
    "[yaml.load(data, getattr(yaml, 'CSafeLoader', yaml.SafeLoader))"
    " for file, data in library.files.items() if not file.endswith('examples.yaml')]"
)


def figures() -> Iterator[Figure]:
    """Seconds of CPU that a new process spends on putting every scheme together, once all is imported.

    The peer reads the same bytes as plain YAML, unbounded and unchecked.
    """
    ours, peer = by_turns(ROUNDS, lambda: _cold(_OURS), lambda: _cold(_PEER))
    yield Figure("all packs, cold", ours, peer, "s CPU", "CSafeLoader alone", TARGET)


def _cold(work: str) -> float:
    """Seconds of CPU, as a new process counts them for a piece of work of its own."""
    command = [sys.executable, "-c", _MEASURED.format(work=work)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
