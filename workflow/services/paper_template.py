"""A paper to fill in, as commented YAML: what is stated already, and each question with its choices and an example.

Invariants:
- What it writes can be read back as the same paper: an answer that is left empty counts as not given yet.
- An answer of Part 2 stands under `exempt` alone, and in no comment.
"""

from __future__ import annotations

import json
import re
import shlex
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date

from rules.values.calendar import long_date
from rules.values.facts import (
    CASE,
    FactDeclaration,
    FactValue,
    format_caption,
    format_value,
    key_of_subject,
    split_address,
    subject_of_address,
)
from rules.values.units import describe_unit
from workflow.cases.paper import EXEMPT, PUBLIC
from workflow.services.paper_branches import Condition, FollowUp
from workflow.services.paper_drafts import PaperDraft, describe_subject
from workflow.services.paper_questions import Question, Reason

_WIDTH = 100
_INDENT = "  "
_HINTS: Mapping[str, str] = {
    "money": "An amount, such as: £40,000 ex VAT",
    "count": "A whole number, such as: 1",
    "flag": "yes or no",
    "day": "A day, such as: 2024-06-28",
    "choice": "One of these codes:",
    "text": "A text. Write it below the name, each line begun with two spaces more than the name.",
}
_NEEDS: Mapping[str, str] = {"now": "", "later": "Needed at a later stage. ", "optional": "Optional. "}
_PLAIN_CODE = re.compile(r"[a-z][a-z0-9_-]*", re.ASCII)
_AMBIGUOUS_CODES = frozenset(["true", "false", "yes", "no", "on", "off", "y", "n", "null"])


def format_paper_template(draft: PaperDraft, file_name: str) -> str:
    """Return the YAML of a paper; `file_name` is what its comments call it."""
    return "\n".join(_TemplateWriter(draft).lines(file_name)) + "\n"


class _TemplateWriter:
    """Writes one paper: a block of lines for each fact, in the order of the plan."""

    def __init__(self, draft: PaperDraft) -> None:
        self._draft = draft
        self._scheme, self._plan, self._branches = draft.scheme, draft.plan, draft.branches
        self._questions = {question.address: question for question in draft.plan.questions}
        self._first_asked: dict[str, str] = {}

    def lines(self, file_name: str) -> Iterator[str]:
        """Yield every line of the paper."""
        yield from self._head(file_name)
        stated = self._plan.answer({})
        addresses = self._plan.list_addresses()
        in_part_2 = {question.address for question in self._plan.questions if question.part != 1}
        exempt = [address for address in addresses if address in stated.exempt or address in in_part_2]
        public = [address for address in addresses if address not in exempt]
        yield f"{PUBLIC}:  # Part 1: what may be published."
        yield from self._part(public, stated.public)
        if exempt or self._plan.has_part_2:
            yield ""
            yield from comment_lines(
                "Part 2: what is confidential. To keep an answer of Part 1 so, move its lines here."
            )
            yield f"{EXEMPT}:"
            yield from self._part(exempt, stated.exempt)

    def _head(self, file_name: str) -> Iterator[str]:
        scheme, name = self._scheme, shlex.quote(file_name)
        yield from comment_lines(f"A paper for {scheme.declaration.name}, by the rules of {long_date(self._draft.on)}.")
        yield "#"
        yield from comment_lines("Write each answer after its name, and a text on the lines below its name.")
        yield from comment_lines(
            "An answer that you leave empty counts as not given yet. Lines with # are notes for you."
        )
        yield "#"
        yield "# Add what is still missing:"
        yield f"#   assent case new --scheme {scheme.id} --from {name} --output {name}"
        yield "# Open the case:"
        yield f"#   assent case open {name} --scheme {scheme.id} --as NAME"
        yield ""

    def _part(self, addresses: list[str], stated: Mapping[str, FactValue]) -> Iterator[str]:
        """Yield the facts of one part: those of the case, then those of each subject of each kind."""
        of_kind: dict[str, dict[str, list[str]]] = {}
        for address in addresses:
            subject = subject_of_address(address)
            of_kind.setdefault(subject.partition(":")[0], {}).setdefault(subject, []).append(address)
        section = ""
        for address in of_kind.pop(CASE, {}).get(CASE, []):
            place = self._plan.shown.get(split_address(address)[0])
            if place and place.section and place.section != section:
                section = place.section
                yield ""
                yield f"{_INDENT}# ==== {' '.join(section.split())} ===="
            yield from self._entry(address, address, stated, _INDENT)
        for kind, subjects in of_kind.items():
            yield ""
            yield f"{_INDENT}{kind}:"
            for subject, of_subject in subjects.items():
                yield from comment_lines(describe_subject(self._scheme, self._plan, subject), _INDENT * 2)
                yield f"{_INDENT * 2}{key_of_subject(subject)}:"
                for address in of_subject:
                    name = split_address(address)[0].partition(".")[2]
                    yield from self._entry(address, name, stated, _INDENT * 3)

    def _entry(self, address: str, name: str, stated: Mapping[str, FactValue], indent: str) -> Iterator[str]:
        """Yield the lines of one fact."""
        yield ""
        if address not in stated:
            yield from self._question(self._questions[address], name, indent)
            return
        declaration = self._scheme.rulebook.facts[split_address(address)[0]]
        yield from comment_lines(format_caption(declaration.label), indent)
        yield from fact_lines(name, declaration, stated[address], indent)

    def _question(self, question: Question, name: str, indent: str) -> Iterator[str]:
        """Yield what a question asks and why, and the line for its answer."""
        declaration = question.declaration
        yield from comment_lines(f"{_NEEDS[question.need]}{declaration.label}", indent)
        if declaration.about:
            yield from comment_lines(declaration.about, indent)
        if question.waits_for:
            yield from comment_lines(f"The choices depend on {question.waits_for}: answer that first.", indent)
        else:
            yield from comment_lines(_describe_hint(declaration), indent)
            for code, label in declaration.choices.items():
                yield from comment_lines(f"{code}: {label}", indent, lead=_INDENT, hang=_INDENT * 3)
        if condition := self._branches.conditions.get(question.address):
            yield from comment_lines(self._describe_condition(condition), indent)
        for follow_up in self._branches.follow_ups.get(question.address, ()):
            yield from comment_lines(_describe_follow_up(follow_up), indent, hang=_INDENT)
        if question.reasons:
            yield from comment_lines(self._describe_reason(question.reasons[0], question.address), indent, hang=_INDENT)
        yield f"{indent}{name}:{' |-' if declaration.kind == 'text' else ''}"
        if declaration.kind == "text":
            yield ""

    def _describe_condition(self, condition: Condition) -> str:
        declaration = self._questions[condition.address].declaration
        answers = " or ".join(_code_of(answer) for answer in condition.answers)
        return f"Only if {condition.address} ({declaration.label}) is {answers}."

    def _describe_reason(self, reason: Reason, address: str) -> str:
        """Return why a question is there; refer to a requirement that was printed before."""
        source = f"({reason.citation})"
        first = self._first_asked.setdefault(reason.control, address)
        return f"Why: {reason.requirement} {source}" if first == address else f"Why: as for {first} {source}"


def _describe_hint(declaration: FactDeclaration) -> str:
    hint = _HINTS[declaration.kind]
    return f"{hint}, {describe_unit(declaration.unit)}" if declaration.unit else hint


def _describe_follow_up(follow_up: FollowUp) -> str:
    names = ", ".join(f"{question.address} ({question.declaration.label})" for question in follow_up.questions)
    return f"If {_code_of(follow_up.answer)}, also: {names}"


def _code_of(value: FactValue) -> str:
    """Return a yes-or-no answer or a choice as a paper writes it."""
    return format_value(value) if isinstance(value, bool) else str(value)


def fact_lines(name: str, declaration: FactDeclaration, value: FactValue, indent: str) -> Iterator[str]:
    """Yield the lines of a fact with its value, as a paper states it."""
    if declaration.kind == "text":
        yield f"{indent}{name}: |-"
        yield from (f"{indent}{_INDENT}{line}" if line else "" for line in str(value).split("\n"))
    elif isinstance(value, bool) or (type(value) is int and declaration.unit):
        yield f"{indent}{name}: {declaration.format_value(value)}"
    elif isinstance(value, (int, date)):
        yield f"{indent}{name}: {value}"
    else:
        yield f"{indent}{name}: {_quote_unless_plain(str(value))}"


def _quote_unless_plain(text: str) -> str:
    is_plain = _PLAIN_CODE.fullmatch(text) and text not in _AMBIGUOUS_CODES
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def comment_lines(text: str, indent: str = "", lead: str = "", hang: str = "") -> Iterator[str]:
    """Yield a text as lines of comment; the first begins with `lead`, the others with `hang`."""
    yield from textwrap.wrap(
        " ".join(text.split()),
        _WIDTH,
        initial_indent=f"{indent}# {lead}",
        subsequent_indent=f"{indent}# {hang}",
        break_long_words=False,
        break_on_hyphens=False,
    )
