"""The whole demo, as somebody who tries assent waits for it, beside the import of what it needs."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cold import ASSENT
from benchmarks.figure import Figure, Target
from benchmarks.timing import by_turns, run, wall_of

ROUNDS = 3
TARGET = Target("at most", 15.0, of="measured")
NEEDED = "import sqlmodel, weasyprint, jinja2, durable.engine"


def figures() -> Iterator[Figure]:
    """Seconds that pass from start to end."""
    ours, imports = by_turns(
        ROUNDS, lambda: wall_of(_demo), lambda: wall_of(lambda: run([sys.executable, "-c", NEEDED]))
    )
    yield Figure("demo", ours, imports, "s", "the import of its libraries", TARGET)


def _demo() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run([ASSENT, "demo", str(Path(folder) / "demo")])
