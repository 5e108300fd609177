"""Reading a Word file of 30 pages as a new process: `case amend --from`, beside one without texts.

The files are the edited document of the shipped example, and a form of a paper that `case new` makes, with long texts.
Both are saved as Word saves one: their runs cut every few words.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.cold_start import ASSENT, import_cpu
from benchmarks.example import ExampleSetup, example_setup
from benchmarks.measurement import Measurement, MeasurementTarget
from benchmarks.timing import child_cpu_seconds, measure_in_turns
from decisions.issuing.issue import issue_document
from decisions.issuing.jobs import RenderJob
from decisions.issuing.paper_forms import make_word_form
from decisions.output.pdf import render_file
from decisions.output.word.package import MAIN_DOCUMENT, read_parts
from workflow.cases.paper import Paper
from workflow.services.commands import Request, Revision, amend_paper
from workflow.services.paper_drafts import make_draft

ROUNDS = 5
CPU_TARGET = MeasurementTarget("at most", 1.0)
MEMORY_TARGET = MeasurementTarget("at most", 150, applies_to="measured")
CLAUSES, WORDS_IN_CLAUSE, TEXTS = 34, 60, 7
"""Seven texts of 34 clauses with 60 words each fill 30 pages."""
_MEMORY_OF = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
_LONG_TEXT = "\n\n".join(" ".join(f"word{number}" for number in range(WORDS_IN_CLAUSE)) for _ in range(CLAUSES))
_RUN = re.compile(r"<w:r>(<w:t>|<w:t xml:space=\"preserve\">)([^<]*)</w:t></w:r>")


@dataclass(frozen=True, slots=True)
class _Form:
    """A case, and the command that reads its edited form."""

    case: str
    command: list[str]


def measure() -> Iterator[Measurement]:
    """Measure the CPU of reading a long form above that of an empty one, and the memory of the process."""
    for name, make in (("an edited Word document", _make_form), ("a filled Word form", _make_paper_form)):
        yield from _measure_reading(name, make)


def _measure_reading(name: str, make: Callable[[ExampleSetup, Path, int], _Form]) -> Iterator[Measurement]:
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as setup:
        empty, long = (make(setup, Path(folder), texts) for texts in (0, TEXTS))
        read_empty, read_long, peer = measure_in_turns(
            ROUNDS,
            lambda: child_cpu_seconds(empty.command),
            lambda: child_cpu_seconds(long.command),
            lambda: import_cpu("import sqlmodel"),
        )
        memory, empty_memory = ([_memory(form.command)] for form in (long, empty))
    above = [ours - floor for ours, floor in zip(read_long, read_empty, strict=True)]
    yield Measurement(
        f"{name} of 30 pages, above an empty one", above, peer, "s CPU", "python -c 'import sqlmodel'", CPU_TARGET
    )
    yield Measurement("its memory", memory, empty_memory, "MB", "an empty one", MEMORY_TARGET)


def _make_form(setup: ExampleSetup, folder: Path, texts: int) -> _Form:
    """Open a case, write long texts into its paper, and save its form as an officer would."""
    step = setup.accepted_steps()[0]
    case, request = setup.open_case(), Request(step.officer, step.on)
    facts = sorted(_form_texts(setup))[:TEXTS]
    removed = frozenset(facts[texts:])
    amend_paper(setup.services, case, Revision(dict.fromkeys(facts[:texts], _LONG_TEXT), {}, removed), request)
    job = RenderJob(case, setup.story.documents[0].kind, 1, "docx")
    data = issue_document(setup.services, job, Request(""), render_file).data
    return _save_form(setup, folder / f"{texts}.docx", case, data)


def _make_paper_form(setup: ExampleSetup, folder: Path, texts: int) -> _Form:
    """Open a case, and make a form of a paper that has long texts, as an officer would save it."""
    scheme = setup.services.library.scheme(setup.story.scheme)
    facts = dict.fromkeys(sorted(_form_texts(setup))[:texts], _LONG_TEXT)
    on = setup.accepted_steps()[0].on or date.today()  # noqa: DTZ011  # the day of the story's first act
    draft = make_draft(scheme, Paper(facts, {}), on)
    data = make_word_form(draft, setup.services.library.bundle(scheme.id).digest, "paper.docx")
    return _save_form(setup, folder / f"{texts}.docx", setup.open_case(), data)


def _save_form(setup: ExampleSetup, path: Path, case: str, data: bytes) -> _Form:
    """Save a form as Word does, and return it with the command that reads it."""
    step = setup.accepted_steps()[0]
    path.write_bytes(_saved_by_word(data))
    on = (step.on or date.today()).isoformat()  # noqa: DTZ011  # the day of the story's first act
    options = ["--as", step.officer, "--on", on, "--from", str(path)]
    return _Form(case, [ASSENT, "--store", str(setup.store_file), "case", "amend", case, *options])


def _form_texts(setup: ExampleSetup) -> Iterator[str]:
    """Yield the facts whose texts the first form of the story shows."""
    scheme = setup.services.library.scheme(setup.story.scheme)
    template = scheme.document_template(setup.story.documents[0].kind, 1)
    yield from (block.text for block in template.blocks if block.text and scheme.may_be_stated(block.text))


def _saved_by_word(data: bytes) -> bytes:
    """Return a file as Word saves it: compressed, with runs cut every few words."""
    parts = dict(read_parts(data))
    parts[MAIN_DOCUMENT] = _RUN.sub(_cut_run, parts[MAIN_DOCUMENT].decode()).encode()
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return saved.getvalue()


def _cut_run(match: re.Match[str]) -> str:
    pieces = re.findall(r"(?:[^ ]* ){0,5}[^ ]*", match[2])
    properties = '<w:rPr><w:lang w:val="en-GB"/></w:rPr>'
    return "".join(f'<w:r>{properties}<w:t xml:space="preserve">{piece}</w:t></w:r>' for piece in pieces if piece)


def _memory(command: list[str]) -> float:
    """Return the most memory that a program took, in megabytes."""
    measured = subprocess.run(
        [sys.executable, "-c", _MEMORY_OF, *command], check=True, capture_output=True, text=True
    ).stdout
    return int(measured) / 1000
