"""What an audit found, as the view of a document: for officers and auditors, never for publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.registry import Block
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.view import MAX_TEXTS, Document, Imprint, texts_in
from rules.errors import InputError
from rules.values.calendar import long_date
from rules.values.passages import Cell, Item, Listing, Paragraph, Table
from workflow.services.audit import Audit, AuditedFinding, CaseAudit

REPORT_KIND = "audit-report"
NO_PART = 0
MARKING = "NOT FOR PUBLICATION"
_MAX_NAMED_CASES = 3
_COLUMN_HEADINGS = ("Case", "Breached", "Undetermined", "Satisfied", "Not applicable")
_OUTCOMES = ("breached", "undetermined", "satisfied", "not_applicable")


class RecordState(NamedTuple):
    """The state of the record that was audited: how many entries it has, and the seal of the last one."""

    entry_count: int
    head: str


def build_audit_report(
    audit: Audit, authority_names: Mapping[str, str], state: RecordState, *, show_all: bool
) -> Document:
    """The report of an audit. `names` are the authorities by their schemes; `every` names what is in order, too.

    Raises `InputError` for a report that is longer than any document may be.
    """
    cases = audit.cases
    made = Document(
        title=f"Audit of {_describe_cases(cases)}",
        kind="Audit report",
        authority="; ".join(dict.fromkeys(authority_names.get(case.scheme, case.scheme) for case in cases)),
        subtitle="Every control, by the law of the days on which the acts were done",
        marking=MARKING,
        reference=_describe_cases(cases),
        status="",
        document_date=audit.as_of,
        blocks=(
            *_summary_blocks(audit),
            *(block for case in cases for block in _case_blocks(case, show_all=show_all)),
            *_source_blocks(cases),
        ),
        imprint=Imprint("", state.entry_count, state.head, REPORT_KIND, NO_PART),
    )
    _refuse_too_long(made)
    return made


def _describe_cases(cases: tuple[CaseAudit, ...]) -> str:
    named = ", ".join(case.case for case in cases)
    return named if 0 < len(cases) <= _MAX_NAMED_CASES else f"{len(cases):,} cases"


def _refuse_too_long(report: Document) -> None:
    """Raise `InputError` for a report that is too long: no paper can be amended to make it shorter, as otherwise."""
    texts = sum(map(bool, texts_in(report)))
    if texts > MAX_TEXTS:
        raise InputError(
            f"the report would have {texts:,} headings, fields and cells; at most {MAX_TEXTS:,} are set",
            "Name fewer cases, or ask for --format csv.",
        )


def _summary_blocks(audit: Audit) -> Iterator[Block]:
    """What the audit comes to, for all cases together and for each."""
    counted = sum((case.count_outcomes() for case in audit.cases), Counter[str]())
    fields = [Field("As the record stood on", long_date(audit.as_of)), Field("Cases", f"{len(audit.cases):,}")]
    told = zip(_COLUMN_HEADINGS[1:], _OUTCOMES, strict=True)
    yield SummaryBox("What was found", (*fields, *(Field(name, f"{counted[outcome]:,}") for name, outcome in told)))
    if len(audit.cases) > 1:
        yield Heading("The cases")
        yield Table(tuple(map(Cell, _COLUMN_HEADINGS)), tuple(_case_row(case) for case in audit.cases))


def _case_heading(case: CaseAudit) -> str:
    return f"{case.case}: {case.title}"


def _case_row(case: CaseAudit) -> tuple[Cell, ...]:
    counted = case.count_outcomes()
    return tuple(map(Cell, (_case_heading(case), *(f"{counted[outcome]:,}" for outcome in _OUTCOMES))))


def _case_blocks(case: CaseAudit, *, show_all: bool) -> Iterator[Block]:
    yield Heading(_case_heading(case))
    yield from _case_notices(case)
    if found := case.open_findings():
        yield from _open_findings_overview(found)
        for one in found:
            yield from _finding_blocks(one)
    else:
        yield Paragraph("Nothing is breached, and nothing undetermined.")
    if show_all:
        yield from _satisfied_blocks(case.closed_findings())


def _case_notices(case: CaseAudit) -> Iterator[Block]:
    """What must be known of a case to read what was found of it."""
    if case.imported:
        yield Paragraph("This case was told after the fact.")
    if case.warnings:
        yield Paragraph("To be known of what follows:")
        yield Listing(tuple(Item(f"{warning}.") for warning in case.warnings))


def _open_findings_overview(open_findings: list[AuditedFinding]) -> Iterator[Block]:
    """What is open, a line for each, before it is told in full."""
    yield Heading("At a glance", 3)
    for outcome, alike in groupby(open_findings, _describe_outcome):
        yield Paragraph(f"{outcome}:")
        yield Listing(tuple(Item(f"{_requirement_entry(one)[1]} ({_describe_control(one)})") for one in alike))


def _describe_outcome(audited: AuditedFinding) -> str:
    return f"{audited.finding.outcome.capitalize()}{' (warning)' if audited.finding.severity == 'warning' else ''}"


def _describe_control(audited: AuditedFinding) -> str:
    subject = audited.finding.subject
    return audited.finding.control + ("" if subject == "case" else f" of {subject}")


def _requirement_entry(audited: AuditedFinding) -> tuple[str, str]:
    """What is wrong; for a finding that nobody can tell, what is asked, since it is not known to be wrong."""
    finding = audited.finding
    return ("What is wrong", finding.wrong) if finding.outcome == "breached" else ("What is asked", finding.requirement)


def _finding_blocks(audited: AuditedFinding) -> Iterator[Block]:
    """A finding that is open, in full."""
    finding = audited.finding
    yield Heading(f"{_describe_control(audited)}: {_describe_outcome(audited).lower()}", 3)
    told = [
        _requirement_entry(audited),
        (
            "Evidence",
            "\n".join(f"{seen.fact} {seen.description}; expected: {seen.expected}" for seen in finding.observed_facts),
        ),
        ("Missing", ", ".join(finding.missing)),
        ("Clause", str(finding.citation)),
        ("Law", audited.judged_at),
        ("Cure", finding.cure),
    ]
    yield Fields(tuple(Field(label, said) for label, said in told if said))


def _source_blocks(cases: tuple[CaseAudit, ...]) -> Iterator[Block]:
    """Where the clauses that are named above can be read."""
    cited = [one.finding.citation for case in cases for one in case.findings if one.finding.is_breached_or_undetermined]
    links = dict.fromkeys(f"{each.instrument}: {each.link}" for each in cited if each.link)
    if links:
        yield Heading("Where the clauses are to be read")
        yield Listing(tuple(map(Item, links)))


def _satisfied_blocks(findings: list[AuditedFinding]) -> Iterator[Block]:
    """What is satisfied or does not apply, in brief."""
    if findings:
        yield Heading("What is in order", 3)
        rows = ((one.finding.control, one.finding.subject, one.finding.outcome.replace("_", " ")) for one in findings)
        heads = ("Control", "Subject", "Outcome")
        yield Table(tuple(map(Cell, heads)), tuple(tuple(map(Cell, row)) for row in rows))
