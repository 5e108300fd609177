"""The console and file blocks of README and docs, run as a reader would run them.

Each page runs in a fresh folder, from top to bottom. A block ```yaml title="NAME", or
```text, is added to the end of the file NAME.
A comment `<!-- file NAME from PAGE -->` saves a file that another page shows. A line `[...]` stands for output that the
page leaves out. Seals, digests, instants and the day of the run, which differ from run to run, are written as `…`.

`python -m tests.docs.pages` writes the outputs of all pages again.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.end_to_end.conftest import run_assent

ROOT = Path(__file__).parents[2]
OMITTED = "[...]"
TOUR_COMMAND = "assent demo tour > story.txt"
"""The demo as most pages begin with it."""
_BLOCK = re.compile(
    r'^```(?:console|(?:yaml|text) title="(?P<file>[^"]+)")\n(?P<text>.*?)^```$'
    r"|^<!-- file (?P<name>\S+) from (?P<page>\S+) -->$",
    re.MULTILINE | re.DOTALL,
)
_FAILED_RUN = "something went wrong inside assent"
"""What a page never shows: the command met a fault, or the wrong Python runs it."""
_VARYING_OUTPUT = (
    re.compile(r"\b[0-9a-f]{16,64}\b"),
    re.compile(r"(?<=\(packs )[0-9a-f]{12}(?=\))"),
    re.compile(r"\d{4}-\d\d-\d\dT[\d:.+]+"),
    re.compile(r"\d+(?= working days late)"),
    re.compile(r"(?<=recorded )[\d,]+(?= days later)"),
    re.compile(r"(?<=act\.late_by: )\d+"),
    re.compile(r"(?<=act\.late_by\): )\d+"),
    re.compile(datetime.now(UTC).date().isoformat()),
)


@dataclass(frozen=True)
class Command:
    """A command of a page, and the output that the page shows for it."""

    line: str
    shown: str


@dataclass(frozen=True)
class FileText:
    """Text that the reader adds to the end of a file, before going on."""

    name: str
    text: str

    def write(self, folder: Path) -> None:
        """Add the text to the file in a folder."""
        target = folder / self.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("a", encoding="utf-8") as file:
            file.write(self.text)


def page_files() -> list[Path]:
    """Return README and every page of docs that shows a command."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in pages if any(isinstance(step, Command) for step in read_steps(page))]


def read_steps(page: Path) -> Iterator[Command | FileText]:
    """Yield what the reader of a page does, in order."""
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["name"]:
            yield from _file_of_page(block["name"], ROOT / block["page"])
        elif block["file"]:
            yield FileText(block["file"], block["text"])
        else:
            yield from _commands(block["text"])


def _file_of_page(name: str, page: Path) -> Iterator[FileText]:
    yield from (step for step in read_steps(page) if isinstance(step, FileText) and step.name == name)


def _commands(block: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.split("\n")
        count = 1
        while lines[count - 1].endswith("\\"):
            count += 1
        yield Command("\n".join(lines[:count]), "\n".join(lines[count:]).strip("\n"))


def run_page(page: Path, folder: Path) -> Iterator[tuple[Command, str]]:
    """Do what a page says in a folder, and yield each command with what it printed."""
    with chdir(folder):
        for step in read_steps(page):
            if isinstance(step, FileText):
                step.write(folder)
            else:
                yield step, _mask(_run(step.line))


def _run(line: str) -> str:
    """Run a command: `assent` in this process, which saves a second each time, anything else in a shell."""
    if line == TOUR_COMMAND:
        return _run_tour()
    words = shlex.split(line.replace("\\\n", " "))
    operators = [word for word in words if word in {"|", ">", "<", "&&"}]
    if words[0] != "assent" or operators not in ([], ["|"], [">"]):
        return run_shell(line, Path.cwd())
    own = words[: words.index(operators[0])] if operators else words
    result = run_assent(*own[1:])
    if not operators:
        return result.stdout + result.stderr
    if operators == [">"]:
        Path(words[-1]).write_text(result.stdout, encoding="utf-8")
        return result.stderr
    return run_shell(line.partition(" | ")[2], Path.cwd(), result.stdout) + result.stderr


@cache
def _tour() -> dict[Path, bytes]:
    """Return the files that the demo writes, which the first page runs as its reader does and the others copy."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        assert run_shell(TOUR_COMMAND, folder) == ""
        written = [folder / "story.txt", *(path for path in (folder / "tour").rglob("*") if path.is_file())]
        return {path.relative_to(folder): path.read_bytes() for path in written}


def _run_tour() -> str:
    for path, data in _tour().items():
        path.parent.mkdir(exist_ok=True)
        path.touch(mode=0o600)  # as the demo leaves its store: others cannot read it
        path.write_bytes(data)
        path.chmod(0o600)  # as the demo makes a store, which holds Part 2
    return ""


def run_shell(line: str, folder: Path, typed: str = "") -> str:
    """Run a command in a shell in a folder, with a bare environment; return its output and then its errors."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", ""),
        "COLUMNS": "100",
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=folder, env=environment, input=typed, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def _mask(printed: str) -> str:
    for pattern in _VARYING_OUTPUT:
        printed = pattern.sub(_mask_one, printed)
    return "\n".join(line.rstrip() for line in printed.strip("\n").split("\n"))


def _mask_one(found: re.Match[str]) -> str:
    """Write `…` for a value; inside a table it keeps its width, so that the columns line up."""
    inside = found.string[found.end() : found.end() + 2] == "  "
    return "…".ljust(len(found.group())) if inside else "…"


def agrees(printed: str, shown: str) -> bool:
    """Return whether a page shows what was printed, with `[...]` for any lines between."""
    lines = [re.escape(line) for line in shown.split("\n")]
    pattern = "".join("(?:.*\n)*" if line == re.escape(OMITTED) else f"{line}\n" for line in lines)
    return re.fullmatch(pattern, f"{printed}\n") is not None


def shortened(printed: str, shown: str) -> str:
    """Return new output cut as the page cuts it: as many lines before and after `[...]` as it shows now.

    What still agrees stays, so that a page may leave lines out in several places.
    """
    if agrees(printed, shown):
        return shown
    if OMITTED not in shown.split("\n"):
        return printed
    lines, cut = printed.split("\n"), shown.split("\n").index(OMITTED)
    after = len(shown.split("\n")) - cut - 1
    return "\n".join([*lines[:cut], OMITTED, *lines[len(lines) - after :]])


def updated(page: Path, folder: Path) -> str:
    """Return the text of a page with every output as it is now."""
    text, place = page.read_text(encoding="utf-8"), 0
    for command, printed in run_page(page, folder):
        if _FAILED_RUN in printed or "assent: not found" in printed:
            raise RuntimeError(
                f"{page}: $ {command.line}\n{printed}\nRun this with .venv/bin/python; the page is as it was."
            )
        old = f"$ {command.line}\n{command.shown}".rstrip("\n")
        new = f"$ {command.line}\n{shortened(printed, command.shown)}".rstrip("\n")
        place = text.index(old, place)
        text = text[:place] + new + text[place + len(old) :]
        place += len(new)
    return text


if __name__ == "__main__":
    os.environ |= {"COLUMNS": "100", "TERM": "xterm"}
    for name in map(Path, sys.argv[1:]) if sys.argv[1:] else page_files():
        with tempfile.TemporaryDirectory() as temporary:
            name.write_text(updated(name.resolve(), Path(temporary)), encoding="utf-8")
