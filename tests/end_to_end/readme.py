"""The README's commands: each is run in order in one fresh folder, and what it prints is what the README says.

`python -m tests.end_to_end.readme` writes the outputs anew. What differs from run to run (seals, digests, instants)
stands there as `…`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
_CONSOLE_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_VARYING_OUTPUT = (
    re.compile(r"\b[0-9a-f]{16,64}\b"),
    re.compile(r"\d{4}-\d\d-\d\dT[\d:.+]+"),
    re.compile(r"\d+(?= working days late)"),
)


@dataclass(frozen=True)
class ConsoleExample:
    """One command of the README, the output that stands under it, and the exit code it says."""

    command: str
    output: str


def console_examples(text: str) -> Iterator[ConsoleExample]:
    """The commands in the README's console blocks, in order."""
    for block in _CONSOLE_BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.split("\n")
            taken = 1
            while lines[taken - 1].endswith("\\"):
                taken += 1
            yield ConsoleExample("\n".join(lines[:taken]), "\n".join(lines[taken:]).strip("\n"))


def run_shell(command: str, folder: Path) -> str:
    """What a command prints in a folder: its output, then its errors; what changes from run to run as `…`."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    surroundings = {"PATH": path, "HOME": str(folder), "COLUMNS": "100", "LANG": "C.UTF-8"}
    done = subprocess.run(  # the README's own commands
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    printed = done.stdout + done.stderr
    for pattern in _VARYING_OUTPUT:
        printed = pattern.sub(_mask, printed)
    return "\n".join(line.rstrip() for line in printed.strip("\n").split("\n"))


def _mask(found: re.Match[str]) -> str:
    """What changes from run to run; inside a table it keeps its width, so that the columns line up."""
    inside = found.string[found.end() : found.end() + 2] == "  "
    return "…".ljust(len(found.group())) if inside else "…"


def update_outputs(text: str, folder: Path) -> str:
    """The README with every output as it is now."""

    def block(found: re.Match[str]) -> str:
        parts = [
            f"$ {one.command}\n{run_shell(one.command, folder)}".rstrip("\n")
            for one in console_examples(found.group(0))
        ]
        return "```console\n" + "\n".join(parts) + "\n```"

    return _CONSOLE_BLOCK.sub(block, text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        README.write_text(update_outputs(README.read_text(), Path(place)))
