"""A file of texts: several answers of a paper in one plain text file, each below its heading.

Invariants:
- A heading names the fact, so that two sections with one label stay apart.
- Either every text of a file is taken or none is; all faults of a file are listed at once.
- No error repeats a line of the file, which may belong to Part 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.facts import CASE, split_address
from rules.values.suggestions import did_you_mean
from workflow.services.paper_interview import Interview
from workflow.services.paper_questions import Question

_HEADING = re.compile(r"===+ *(?P<address>[^ :]+(?::[^ :]+)?) *(?::.*)?")
_ADVICE = "A heading is a line such as === title: Title, above its text."


def list_text_questions(interview: Interview) -> list[Question]:
    """Return the open questions of an interview whose answers are texts with paragraphs."""
    return [question for question in interview.open_questions() if interview.is_long(question)]


def format_text_file(interview: Interview, questions: Iterable[Question]) -> str:
    """Return a file with a heading for each question, to write below it."""
    headings = (_heading_of(interview, question) for question in questions)
    return "".join(f"{heading}\n\n\n" for heading in headings)


def _heading_of(interview: Interview, question: Question) -> str:
    place = interview.place_of(question)
    return f"=== {question.address}: {interview.label_of(question.address)}{f' ({place})' if place else ''}"


def read_text_file(interview: Interview, content: str) -> dict[str, str]:
    """Return the texts of a file by address, without those left empty; raise `InputError` that lists every fault."""
    faults: list[str] = []
    sections = _split(content, interview.scheme, faults)
    texts: dict[str, str] = {}
    for address, lines in sections.items():
        if written := "\n".join(lines).strip():
            try:
                texts[address] = str(interview.parse(interview.find_question(address), written))
            except InputError as error:
                faults.append(f"{address}: {error}")
    if faults:
        raise InputError(". ".join(faults), _ADVICE)
    return texts


def _split(content: str, scheme: Scheme, faults: list[str]) -> Mapping[str, list[str]]:
    """Return the lines below each heading, by address, and note the headings that are wrong."""
    sections: dict[str, list[str]] = {}
    below: list[str] | None = None
    for number, line in enumerate(content.removeprefix("\ufeff").splitlines(), start=1):
        heading = _HEADING.fullmatch(line.strip())
        if heading:
            below = []
            faults += _heading_faults(heading["address"], number, scheme, sections)
            sections.setdefault(heading["address"], below)
        elif below is not None:
            below.append(line)
        elif line.strip():
            faults.append(f"Line {number} stands below no heading")
    return {address: lines for address, lines in sections.items() if _is_text(address, scheme)}


def _heading_faults(address: str, number: int, scheme: Scheme, earlier: Iterable[str]) -> Iterator[str]:
    if address in earlier:
        yield f"Line {number} is a heading that stood above already"
    elif not _is_text(address, scheme):
        known = [fact for fact, declared in scheme.rulebook.facts.items() if declared.kind == "text"]
        yield f"Line {number} names no text of a paper. {did_you_mean(address, known)}".strip(". ")


def _is_text(address: str, scheme: Scheme) -> bool:
    facts = scheme.rulebook.facts
    try:
        fact, key = split_address(address)
    except InputError:
        return False
    is_declared = fact in facts and facts[fact].kind == "text" and bool(key) == (facts.subject_kind_of(fact) != CASE)
    return is_declared and scheme.may_be_stated(address)
