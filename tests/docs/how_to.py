"""The page on writing an authority, as steps: the files that it has the reader write, and the commands it shows.

`python -m tests.docs.how_to` writes the outputs of the commands anew. What changes from run to run stands as `…`.
"""

from __future__ import annotations

import re
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from rules.packs.library import Library
from tests.end_to_end.conftest import CommandResult, isolate_environment, run_assent
from tests.rules.authoring.proofs import proof_of

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-an-authority.md"
PACKS = "packs"
_BLOCK = re.compile(r'^```(?:yaml title="(?P<file>[^"]+)"|console)\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
_VARYING = re.compile(r"\b[0-9a-f]{16,64}\b|\d{4}-\d\d-\d\dT[\d:.+]+")
_CHECK = re.compile(r"assent --packs (\S+) scheme check (\S+)")


class FileText(NamedTuple):
    """What the page has the reader write to a file, at its end."""

    file: str
    text: str


class ShownCommand(NamedTuple):
    """A command, and the output that the page shows below it."""

    command: str
    output: str


def steps(page: str) -> Iterator[FileText | ShownCommand]:
    """Return what the page has the reader do, in order."""
    for block in _BLOCK.finditer(page):
        if block["file"]:
            yield FileText(block["file"], block["text"])
        else:
            yield from (ShownCommand(command, shown.strip("\n")) for command, shown in _COMMAND.findall(block["text"]))


def write_file(folder: Path, step: FileText) -> None:
    """Write a file of the page, or go on with one that an earlier block began."""
    path = folder / step.file
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(step.text)


def run_command(command: str, folder: Path) -> CommandResult:
    """Run a command of the page in a folder; a proof is made of the one scheme alone."""
    if check := _CHECK.fullmatch(command):
        proof = proof_of(Library.load([folder / check[1]]), check[2])
        faults = "\n".join(map(str, [*proof.faults, *proof.unproved_boundaries]))
        return CommandResult(2 if faults else 0, "", faults)
    return run_assent(*shlex.split(command)[1:])


def printed(result: CommandResult) -> str:
    """Return what a command printed, without what changes from run to run."""
    return "\n".join(line.rstrip() for line in _VARYING.sub("…", result.stdout + result.stderr).strip("\n").split("\n"))


def updated(page: str, folder: Path) -> str:
    """Return the page with each output as it is now."""

    def renew(block: re.Match[str]) -> str:
        shown: list[str] = []
        for step in steps(block[0]):
            if isinstance(step, FileText):
                write_file(folder, step)
                return block[0]
            shown.append(f"$ {step.command}\n{printed(run_command(step.command, folder))}".rstrip("\n"))
        return "```console\n" + "\n".join(shown) + "\n```"

    return _BLOCK.sub(renew, page)


def main() -> None:
    """Write the page with its outputs as they are now."""
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        isolate_environment(patch, Path(place))
        PAGE.write_text(updated(PAGE.read_text(encoding="utf-8"), Path(place)), encoding="utf-8")


if __name__ == "__main__":
    main()
