"""Putting all packs of every scheme together, cold: what a command pays before it can judge.

From the shelf, as every command but the first finds them, and from YAML; beside a YAML reader alone.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator

from benchmarks.figure import Figure, Target
from benchmarks.timing import by_turns

ROUNDS = 9
TARGET = Target("at most", 0.15, of="measured")
_MEASURED = """
import time, yaml
from pathlib import Path
from rules.packs.library import Library
library = Library.of((), {shelf})
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
    with tempfile.TemporaryDirectory() as folder:
        shelf = f"Path({folder!r})"
        _cold(_OURS, shelf)
        kept, read, peer = by_turns(
            ROUNDS, lambda: _cold(_OURS, shelf), lambda: _cold(_OURS, "None"), lambda: _cold(_PEER, "None")
        )
    yield Figure("all packs, cold", kept, peer, "s CPU", "CSafeLoader alone", TARGET)
    yield Figure("all packs, never read before", read, peer, "s CPU", "CSafeLoader alone")


def _cold(work: str, shelf: str) -> float:
    """Seconds of CPU, as a new process counts them for a piece of work of its own."""
    command = [sys.executable, "-c", _MEASURED.format(work=work, shelf=shelf)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
