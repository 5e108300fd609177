"""Runs the README's commands in order in one new folder, to compare or update the output that it shows.

`python -m tests.end_to_end.readme` updates the outputs. Whatever differs from run to run (seals, digests, instants)
is shown as `…`.
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
    """One command of the README and the output below it."""

    command: str
    output: str


def console_examples(text: str) -> Iterator[ConsoleExample]:
    """Yield the commands in the README's console blocks, in order."""
    for block in _CONSOLE_BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.split("\n")
            line_count = 1
            while lines[line_count - 1].endswith("\\"):
                line_count += 1
            yield ConsoleExample("\n".join(lines[:line_count]), "\n".join(lines[line_count:]).strip("\n"))


def run_shell(command: str, folder: Path) -> str:
    """Run a command in a folder and return its output, then its errors, with varying parts as `…`."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(folder), "COLUMNS": "100", "LANG": "C.UTF-8"}
    process = subprocess.run(  # the README's own commands
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    printed = process.stdout + process.stderr
    for pattern in _VARYING_OUTPUT:
        printed = pattern.sub(_mask, printed)
    return "\n".join(line.rstrip() for line in printed.strip("\n").split("\n"))


def _mask(match: re.Match[str]) -> str:
    """Return `…` for a varying part, padded to its width inside a table so that the columns stay aligned."""
    is_in_table = match.string[match.end() : match.end() + 2] == "  "
    return "…".ljust(len(match.group())) if is_in_table else "…"


def update_outputs(text: str, folder: Path) -> str:
    """Return the README with every output as it is now."""

    def update_block(match: re.Match[str]) -> str:
        parts = [
            f"$ {example.command}\n{run_shell(example.command, folder)}".rstrip("\n")
            for example in console_examples(match.group(0))
        ]
        return "```console\n" + "\n".join(parts) + "\n```"

    return _CONSOLE_BLOCK.sub(update_block, text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        README.write_text(update_outputs(README.read_text(), Path(folder)))
