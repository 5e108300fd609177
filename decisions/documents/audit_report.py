"""What an audit found, as the view of a document: for officers and auditors, never for publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from decisions.documents.view import MOST_TEXTS, Block, Boxed, Document, Field, Fields, Heading, Imprint, texts_in
from rules.errors import InputError
from rules.values.calendar import spoken
from rules.values.passages import Cell, Item, Listing, Paragraph, Table
from workflow.services.audit import Audit, Audited, CaseAudit

KIND = "audit-report"
NEITHER_PART = 0
MARKING = "NOT FOR PUBLICATION"
_FEW = 3
_HEADS = ("Case", "Breached", "Undetermined", "Satisfied", "Not applicable")
_OUTCOMES = ("breached", "undetermined", "satisfied", "not_applicable")


class State(NamedTuple):
    """The state of the record that was audited: how many entries it has, and the seal of the last one."""

    entries: int
    head: str


def audit_report(found: Audit, names: Mapping[str, str], state: State, *, every: bool) -> Document:
    """The report of an audit. `names` are the authorities by their schemes; `every` names what is in order, too.

    Raises `InputError` for a report that is longer than any document may be.
    """
    cases = found.cases
    made = Document(
        title=f"Audit of {_what(cases)}",
        kind="Audit report",
        authority="; ".join(dict.fromkeys(names.get(case.scheme, case.scheme) for case in cases)),
        subtitle="Every control, by the law of the days on which the acts were done",
        marking=MARKING,
        reference=_what(cases),
        status="",
        dated=found.as_of,
        blocks=(*_front(found), *(block for case in cases for block in _of_case(case, every=every)), *_sources(cases)),
        imprint=Imprint("", state.entries, state.head, KIND, NEITHER_PART),
    )
    _refuse_endless(made)
    return made


def _what(cases: tuple[CaseAudit, ...]) -> str:
    named = ", ".join(case.case for case in cases)
    return named if 0 < len(cases) <= _FEW else f"{len(cases):,} cases"


def _refuse_endless(report: Document) -> None:
    """Raise `InputError` for a report that is too long: no paper can be amended to make it shorter, as otherwise."""
    texts = sum(map(bool, texts_in(report)))
    if texts > MOST_TEXTS:
        raise InputError(
            f"the report would have {texts:,} headings, fields and cells; at most {MOST_TEXTS:,} are set",
            "Name fewer cases, or ask for --format csv.",
        )


def _front(found: Audit) -> Iterator[Block]:
    """What the audit comes to, for all cases together and for each."""
    counted = sum((case.counted() for case in found.cases), Counter[str]())
    fields = [Field("As the record stood on", spoken(found.as_of)), Field("Cases", f"{len(found.cases):,}")]
    told = zip(_HEADS[1:], _OUTCOMES, strict=True)
    yield Boxed("What was found", (*fields, *(Field(name, f"{counted[outcome]:,}") for name, outcome in told)))
    if len(found.cases) > 1:
        yield Heading("The cases")
        yield Table(tuple(map(Cell, _HEADS)), tuple(_row(case) for case in found.cases))


def _named(case: CaseAudit) -> str:
    return f"{case.case}: {case.title}"


def _row(case: CaseAudit) -> tuple[Cell, ...]:
    counted = case.counted()
    return tuple(map(Cell, (_named(case), *(f"{counted[outcome]:,}" for outcome in _OUTCOMES))))


def _of_case(case: CaseAudit, *, every: bool) -> Iterator[Block]:
    yield Heading(_named(case))
    yield from _known_of(case)
    if found := case.open():
        yield from _at_a_glance(found)
        for one in found:
            yield from _of_finding(one)
    else:
        yield Paragraph("Nothing is breached, and nothing undetermined.")
    if every:
        yield from _in_order(case.in_order())


def _known_of(case: CaseAudit) -> Iterator[Block]:
    """What must be known of a case to read what was found of it."""
    if case.entered:
        yield Paragraph("This case was told after the fact.")
    if case.warnings:
        yield Paragraph("To be known of what follows:")
        yield Listing(tuple(Item(f"{warning}.") for warning in case.warnings))


def _at_a_glance(found: list[Audited]) -> Iterator[Block]:
    """What is open, a line for each, before it is told in full."""
    yield Heading("At a glance", 3)
    for outcome, alike in groupby(found, _outcome):
        yield Paragraph(f"{outcome}:")
        yield Listing(tuple(Item(f"{_said(one)[1]} ({_about(one)})") for one in alike))


def _outcome(one: Audited) -> str:
    return f"{one.finding.outcome.capitalize()}{' (warning)' if one.finding.severity == 'warning' else ''}"


def _about(one: Audited) -> str:
    subject = one.finding.subject
    return one.finding.control + ("" if subject == "case" else f" of {subject}")


def _said(one: Audited) -> tuple[str, str]:
    """What is wrong; for a finding that nobody can tell, what is asked, since it is not known to be wrong."""
    finding = one.finding
    return ("What is wrong", finding.wrong) if finding.outcome == "breached" else ("What is asked", finding.requirement)


def _of_finding(one: Audited) -> Iterator[Block]:
    """A finding that is open, in full."""
    finding = one.finding
    yield Heading(f"{_about(one)}: {_outcome(one).lower()}", 3)
    told = [
        _said(one),
        ("Evidence", "\n".join(f"{seen.fact} {seen.found}; expected: {seen.expected}" for seen in finding.facts)),
        ("Missing", ", ".join(finding.missing)),
        ("Clause", str(finding.citation)),
        ("Law", one.judged),
        ("Cure", finding.cure),
    ]
    yield Fields(tuple(Field(label, said) for label, said in told if said))


def _sources(cases: tuple[CaseAudit, ...]) -> Iterator[Block]:
    """Where the clauses that are named above can be read."""
    cited = [one.finding.citation for case in cases for one in case.findings if one.finding.is_open_question]
    links = dict.fromkeys(f"{each.instrument}: {each.link}" for each in cited if each.link)
    if links:
        yield Heading("Where the clauses are to be read")
        yield Listing(tuple(map(Item, links)))


def _in_order(findings: list[Audited]) -> Iterator[Block]:
    """What is satisfied or does not apply, in brief."""
    if findings:
        yield Heading("What is in order", 3)
        rows = ((one.finding.control, one.finding.subject, one.finding.outcome.replace("_", " ")) for one in findings)
        heads = ("Control", "Subject", "Outcome")
        yield Table(tuple(map(Cell, heads)), tuple(tuple(map(Cell, row)) for row in rows))
