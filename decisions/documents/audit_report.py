"""The report of an audit as a document, for officers and auditors.

- It is marked as not for publication: findings can reveal facts of Part 2.
- What is open comes first and in full; what is in order is listed only on request.
- Facts, subjects and actions have their labels; the name of a control stands once, to look it up by.
- No paper can be amended to shorten it, so a report that is too long is refused as bad input.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.registry import Block
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.plain_names import label_action, label_fact, label_facts_in, label_subject
from decisions.documents.view import MAX_TEXTS, Document, Imprint, texts_in
from rules.errors import InputError
from rules.judging.findings import Finding, ObservedFact
from rules.packs.scheme import Scheme
from rules.values.calendar import long_date
from rules.values.facts import CASE, format_caption
from rules.values.passages import Cell, Item, Listing, Paragraph, Table
from workflow.services.audit_findings import Audit, AuditedFinding, CaseAudit

REPORT_KIND = "audit-report"
NO_PART = 0
MARKING = "NOT FOR PUBLICATION"
_MAX_NAMED_CASES = 3
_COLUMN_HEADINGS = ("Case", "Breached", "Undetermined", "Satisfied", "Not applicable")
_OUTCOMES = ("breached", "undetermined", "satisfied", "not_applicable")


class RecordState(NamedTuple):
    """The ledger as it was audited: its number of entries, and the seal of the last one."""

    entry_count: int
    head: str


def build_audit_report(audit: Audit, schemes: Mapping[str, Scheme], state: RecordState, *, show_all: bool) -> Document:
    """Build the report of an audit.

    `schemes` are those of all audited cases, by name. With `show_all`, the report lists satisfied controls too. Raises
    `InputError` if the report is longer than a document may be.
    """
    cases = audit.cases
    report = Document(
        title=f"Audit of {_describe_cases(cases)}",
        kind="Audit report",
        authority="; ".join(dict.fromkeys(schemes[case.scheme].declaration.name for case in cases)),
        subtitle="Every control, by the law of the days on which the acts were done",
        marking=MARKING,
        reference=_describe_cases(cases),
        status="",
        document_date=audit.as_of,
        blocks=(
            *_summary_blocks(audit),
            *(block for case in cases for block in _case_blocks(case, schemes[case.scheme], show_all=show_all)),
            *_source_blocks(cases),
        ),
        imprint=Imprint("", state.entry_count, state.head, REPORT_KIND, NO_PART),
    )
    _refuse_too_long(report)
    return report


def _describe_cases(cases: tuple[CaseAudit, ...]) -> str:
    named = ", ".join(case.case for case in cases)
    return named if 0 < len(cases) <= _MAX_NAMED_CASES else f"{len(cases):,} cases"


def _refuse_too_long(report: Document) -> None:
    texts = sum(map(bool, texts_in(report)))
    if texts > MAX_TEXTS:
        raise InputError(
            f"the report would have {texts:,} headings, fields and cells; at most {MAX_TEXTS:,} are set",
            "Name fewer cases, or ask for --format csv.",
        )


def _summary_blocks(audit: Audit) -> Iterator[Block]:
    """Yield the totals over all cases, and a table of cases if there are several."""
    totals = sum((case.count_outcomes() for case in audit.cases), Counter[str]())
    yield SummaryBox(
        "What was found",
        (
            Field("As the record stood on", long_date(audit.as_of)),
            Field("Cases", f"{len(audit.cases):,}"),
            *(Field(label, f"{totals[key]:,}") for label, key in zip(_COLUMN_HEADINGS[1:], _OUTCOMES, strict=True)),
        ),
    )
    if len(audit.cases) > 1:
        yield Heading("The cases")
        yield Table(tuple(map(Cell, _COLUMN_HEADINGS)), tuple(_case_row(case) for case in audit.cases))


def _case_heading(case: CaseAudit) -> str:
    return f"{case.case}: {case.title}"


def _case_row(case: CaseAudit) -> tuple[Cell, ...]:
    counts = case.count_outcomes()
    return tuple(map(Cell, (_case_heading(case), *(f"{counts[outcome]:,}" for outcome in _OUTCOMES))))


def _case_blocks(case: CaseAudit, scheme: Scheme, *, show_all: bool) -> Iterator[Block]:
    yield Heading(_case_heading(case))
    yield from _case_notices(case, scheme)
    if open_findings := case.open_findings():
        yield from _open_findings_overview(open_findings, scheme)
        for audited in open_findings:
            yield from _finding_blocks(audited, scheme)
    else:
        yield Paragraph("Nothing is breached, and nothing undetermined.")
    if show_all:
        yield from _satisfied_blocks(case.closed_findings(), scheme)


def _case_notices(case: CaseAudit, scheme: Scheme) -> Iterator[Block]:
    """Yield what a reader must know of a case before its findings."""
    if case.imported:
        yield Paragraph("This case was imported: its acts were recorded after they were done.")
    if case.warnings:
        yield Paragraph("Please note:")
        yield Listing(tuple(Item(f"{label_facts_in(scheme, warning)}.") for warning in case.warnings))


def _open_findings_overview(open_findings: list[AuditedFinding], scheme: Scheme) -> Iterator[Block]:
    """Yield one line for each open finding, grouped by outcome."""
    yield Heading("At a glance", 3)
    for outcome, group in groupby(open_findings, _describe_outcome):
        yield Paragraph(f"{outcome}:")
        yield Listing(tuple(Item(_describe_finding(each, scheme)) for each in group))


def _describe_outcome(audited: AuditedFinding) -> str:
    return f"{audited.finding.outcome.capitalize()}{' (warning)' if audited.finding.severity == 'warning' else ''}"


def _describe_finding(audited: AuditedFinding, scheme: Scheme) -> str:
    """Return what is wrong, and with which subject; for an undetermined finding, which may be in order, the rule."""
    finding = audited.finding
    sentence = finding.wrong if finding.outcome == "breached" else finding.requirement
    words = label_facts_in(scheme, sentence)
    return words if finding.subject == CASE else f"{label_subject(scheme, finding.subject)}: {words}"


def _finding_blocks(audited: AuditedFinding, scheme: Scheme) -> Iterator[Block]:
    """Yield an open finding in full."""
    finding = audited.finding
    yield Heading(f"{_describe_outcome(audited)}: {_describe_finding(audited, scheme)}", 3)
    rows = [
        ("Evidence", "\n".join(_describe_evidence(seen, scheme) for seen in finding.observed_facts)),
        ("Missing", "; ".join(label_fact(scheme, address) for address in finding.missing)),
        ("Clause", str(finding.citation)),
        ("Judged", _describe_judgement(audited, scheme)),
        ("What to do", label_facts_in(scheme, finding.cure)),
        ("Control", finding.control),
    ]
    yield Fields(tuple(Field(label, text) for label, text in rows if text))


def _describe_evidence(seen: ObservedFact, scheme: Scheme) -> str:
    expected = label_facts_in(scheme, seen.expected_answer)
    return f"{format_caption(label_fact(scheme, seen.fact))} {seen.answer}. Expected: {expected}."


def _describe_judgement(audited: AuditedFinding, scheme: Scheme) -> str:
    """Return the act and the day of the judgement, and the days in force of the control."""
    at, days = f"At “{label_action(scheme, audited.action)}”, {long_date(audited.on)}", audited.in_force
    if days is None:
        return f"{at}."
    since = f"from {long_date(days.first)}" + (f" to {long_date(days.last)}" if days.last else "")
    if days.first <= audited.on <= (days.last or audited.on) or audited.finding.outcome != "undetermined":
        return f"{at}. The rule is in force {since}."
    return f"{at}. The rule is in force {since}, but the day that decides this is not known."


def _source_blocks(cases: tuple[CaseAudit, ...]) -> Iterator[Block]:
    """Yield links to the law and rules that open findings cite, each once."""
    findings = (audited.finding for case in cases for audited in case.findings)
    citations = (finding.citation for finding in findings if finding.is_breached_or_undetermined)
    links = dict.fromkeys(f"{citation.instrument}: {citation.link}" for citation in citations if citation.link)
    if links:
        yield Heading("Where to read the clauses")
        yield Listing(tuple(map(Item, links)))


def _satisfied_blocks(findings: list[AuditedFinding], scheme: Scheme) -> Iterator[Block]:
    """Yield a table of what is satisfied or does not apply."""
    if findings:
        yield Heading("What is in order", 3)
        rows = (
            (label_facts_in(scheme, each.requirement), label_subject(scheme, each.subject), _closed_outcome(each))
            for each in (audited.finding for audited in findings)
        )
        headings = ("Requirement", "About", "Outcome")
        yield Table(tuple(map(Cell, headings)), tuple(tuple(map(Cell, row)) for row in rows))


def _closed_outcome(finding: Finding) -> str:
    return finding.outcome.replace("_", " ").capitalize()
