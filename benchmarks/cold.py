"""Commands as cold processes: what a person at a terminal waits for, beside the imports that cannot be spared."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.example import example
from benchmarks.figure import Figure, Target
from benchmarks.timing import by_turns, child_cpu

ASSENT = str(Path(sys.executable).with_name("assent"))
ROUNDS = 9
SOON = Target("at most", 0.2, of="measured")
COMPLETING = {"_ASSENT_COMPLETE": "bash_complete", "COMP_WORDS": "assent case ne", "COMP_CWORD": "2"}


def figures() -> Iterator[Figure]:
    """Seconds of CPU from start to end of a process."""
    yield from _next()
    yield from _light()


def _next() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, example(Path(folder)) as shown:
        case = shown.opened()
        command = [ASSENT, "--store", str(shown.file), "case", "next", case]
        ours, peer = by_turns(ROUNDS, lambda: child_cpu(command), lambda: _python("import sqlmodel"))
    yield Figure("case next, cold", ours, peer, "s CPU", "python -c 'import sqlmodel'", Target("at most", 2.0))


def _light() -> Iterator[Figure]:
    completing = {**os.environ, **COMPLETING}
    shown, completed, click, bare = by_turns(
        ROUNDS,
        lambda: child_cpu([ASSENT, "--help"]),
        lambda: child_cpu([ASSENT], completing),
        lambda: _python("import click"),
        lambda: _python("pass"),
    )
    for name, ours in (("--help", shown), ("completion", completed)):
        yield Figure(name, ours, click, "s CPU", "python -c 'import click'", SOON)
        yield Figure(name, ours, bare, "s CPU", "python -c pass")


def _python(source: str) -> float:
    return child_cpu([sys.executable, "-c", source])
