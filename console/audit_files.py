"""The files that `assent audit` reads: files, folders and standard input, each opened when its turn comes.

Invariants:
- A folder gives its files in the order of their names, and those below it; hidden ones are passed over.
- A file whose ending is of no kind that is read here is reported, not guessed at. No link to a folder is followed.
- Only regular files and standard input are opened: reading anything else might not end.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from console.files import is_folder, open_file, path_exists, printable_name
from rules.errors import InputError
from rules.values.text import replace_unprintable
from workflow.papers.byte_source import ByteSource
from workflow.papers.kinds import KIND_BY_ENDING, YAML
from workflow.papers.yaml_records import divide_yaml
from workflow.services.paper_audit import FileOfPapers


class _OtherKind(NamedTuple):
    """A kind of file that another command reads: what to say of it, and what to type."""

    message: str
    advice: str


STANDARD_INPUT: Final = "-"
_DOCUMENT_ENDINGS: Final = (".pdf", ".docx", ".html", ".htm")
_DOCUMENT = _OtherKind(
    "is a document, not the facts of a case: read it first with assent intake, and audit the paper that it writes",
    "Example: assent intake FILE --out paper.yaml",
)
_POPULATION = _OtherKind(
    "is a table of a population, which audit does not read: see assent population audit",
    "Example: assent population audit FILE --scheme SCHEME",
)
_OTHER_KINDS: Final = {".parquet": _POPULATION, **dict.fromkeys(_DOCUMENT_ENDINGS, _DOCUMENT)}
"""What other commands read, by the ending of its name."""
_NO_KIND = f"is not a file that audit reads: those end in {', '.join(KIND_BY_ENDING)}"


def is_file_argument(target: str) -> bool:
    """Whether an argument names files and not a case: it exists, has a known ending, or is `-`."""
    path = Path(target)
    return target == STANDARD_INPUT or path.suffix.lower() in KIND_BY_ENDING or path_exists(path)


def find_files(targets: tuple[str, ...], kind: str, skipped: Path | None) -> Iterator[FileOfPapers]:
    """Yield each file that arguments name; `skipped` is the mapping file, which may lie in a folder."""
    is_alone = len(targets) == 1 and not is_folder(Path(targets[0]))
    for target in targets:
        path = Path(target)
        if target == STANDARD_INPUT:
            yield FileOfPapers("standard input", kind, _open_standard_input)
        elif is_folder(path):
            yield from _find_in_folder(path, kind, skipped)
        else:
            name = printable_name(path) if is_alone else replace_unprintable(target)
            yield FileOfPapers(name, kind or KIND_BY_ENDING.get(path.suffix.lower(), ""), partial(open_file, path))


def find_single_case(targets: tuple[str, ...], kind: str) -> Path | None:
    """Return the one file that is named, if it is YAML of one case; raise `InputError` if a named file cannot be read.

    Every file is looked at before anything is audited, so that a name that was mistyped stops the command.
    """
    paths = [Path(target) for target in targets if target != STANDARD_INPUT and not is_folder(Path(target))]
    for path in paths:
        other = None if kind else _OTHER_KINDS.get(path.suffix.lower())
        if other:
            raise InputError(f"{printable_name(path)} {other.message}", other.advice)
        with open_file(path) as stream:
            is_yaml = (kind or KIND_BY_ENDING.get(path.suffix.lower(), YAML)) == YAML
            if len(targets) == 1 and is_yaml and len(list(islice(divide_yaml(ByteSource(stream)), 2))) <= 1:
                return path
    return None


def _find_in_folder(folder: Path, kind: str, skipped: Path | None) -> Iterator[FileOfPapers]:
    """Yield the files of a folder and of those below it."""
    is_empty = True
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            path = Path(parent, name)
            if skipped is not None and path.exists() and path.samefile(skipped):
                continue
            is_empty = False
            known = KIND_BY_ENDING.get(path.suffix.lower(), "")
            other = _OTHER_KINDS.get(path.suffix.lower())
            reason = other.message if other else _NO_KIND
            opener = partial(open_file, path) if known else partial(_refuse, reason)
            yield FileOfPapers(replace_unprintable(str(path)), kind or known, opener)
    if is_empty:
        yield FileOfPapers(replace_unprintable(str(folder)), "", partial(_refuse, "is a folder without files"))


def _refuse(reason: str) -> AbstractContextManager[BinaryIO]:
    raise InputError(reason)


def _open_standard_input() -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer)
