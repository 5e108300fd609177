"""The report of an audit as a document, for officers and auditors: built from its results as they come.

- It is marked as not for publication: findings can reveal facts of Part 2.
- Totals come first, then each breach, then what could not be judged and why. What is in order is listed on request.
- Facts, subjects and actions have their labels; the name of a control stands once, to look it up by.
- Of many cases only counts and the first lines of each list are kept, so the report is as short for any number of them.
  What is left out is counted, and stands in the other formats.
- A report that lists everything may be too long. No paper can be amended to shorten it, so that is bad input.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import NamedTuple

from decisions.documents.audit_breaches import Breach, label_words, make_breach
from decisions.documents.audit_overview import CaseLine, build_case_matrix, build_year_trend
from decisions.documents.blocks.fields import Field
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.registry import Block
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.plain_names import label_fact, label_subject
from decisions.documents.view import MAX_TEXTS, Document, Imprint, texts_in
from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.calendar import long_date
from rules.values.passages import Cell, Item, Listing, Paragraph, Table
from workflow.papers.records import UnreadRow
from workflow.services.audit_findings import AuditedFinding, AuditResult, CaseAudit
from workflow.services.audit_totals import AuditTotals, BreachedControl, describe_changes, name_missing_facts

REPORT_KIND = "audit-report"
NO_PART = 0
MARKING = "NOT FOR PUBLICATION"
MAX_PLACES = 5
"""How many lines of a breach the report lists, unless it lists everything."""
MAX_REASONS, MAX_NOTED_CASES, MAX_UNREAD_ROWS = 25, 5, 20
_MAX_NAMED_CASES = 3
_MAX_KEPT_LINES = 200
_OUTCOMES = (
    ("Breached", "breached"), ("Undetermined", "undetermined"), ("Not held", "not_held"), ("Satisfied", "satisfied"),
    ("Not applicable", "not_applicable"),
)  # fmt: skip


class RecordState(NamedTuple):
    """The ledger as it was audited: its number of entries, and the seal of the last one."""

    entry_count: int
    head: str


@dataclass(slots=True)
class Reason:
    """Facts for want of which checks could not be judged: in words, how many checks, and one of them."""

    words: str
    example: str
    findings: int = 0


@dataclass(slots=True)
class AuditReport:
    """A report in the making. With `show_all` it lists everything."""

    as_of: date
    show_all: bool = False
    totals: AuditTotals = field(default_factory=AuditTotals)
    breaches: dict[BreachedControl, Breach] = field(default_factory=dict)
    reasons: dict[tuple[str, ...], Reason] = field(default_factory=dict)
    case_lines: list[CaseLine] = field(default_factory=list)
    case_names: list[str] = field(default_factory=list)
    only_title: str = ""
    authorities: dict[str, None] = field(default_factory=dict)
    notes: list[Block] = field(default_factory=list)
    noted_cases: int = 0
    settled: list[Block] = field(default_factory=list)
    links: dict[str, None] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    def take(self, result: AuditResult) -> None:
        """Take the next result of the audit."""
        self.totals.take(result)
        if isinstance(result, UnreadRow):
            if len(self.unread) < MAX_UNREAD_ROWS:
                self.unread.append(f"{result.describe()}.")
            return
        if len(self.case_names) <= _MAX_NAMED_CASES:
            self.case_names.append(result.name)
        self.only_title = result.title
        if result.read_by:
            self.authorities[result.read_by.declaration.name] = None
        self._take_findings(result)
        self._take_notes(result)

    def _take_findings(self, case: CaseAudit) -> None:
        breached = [audited for audited in case.findings if audited.verdict.outcome == "breached"]
        for control, findings in groupby(breached, _breached_control):
            self._take_breach(control, case, list(findings))
        for audited in case.findings:
            if audited.verdict.outcome == "undetermined":
                self._take_reason(case, audited)
        self.case_lines.append(CaseLine(case.name_in_list, frozenset(map(_breached_control, breached))))
        if len(self.case_lines) > _MAX_KEPT_LINES:
            self.case_lines = sorted(self.case_lines, key=CaseLine.rank)[: _MAX_KEPT_LINES // 2]
        if self.show_all and (settled := case.closed_findings()):
            self.settled += [Heading(case.heading, 3), _settled_table(settled, case.read_by)]

    def _take_breach(self, control: BreachedControl, case: CaseAudit, findings: list[AuditedFinding]) -> None:
        if control not in self.breaches:
            self.breaches[control] = make_breach(case, findings[0], MAX_TEXTS if self.show_all else MAX_PLACES)
        self.breaches[control].take(case, findings)
        citation = findings[0].finding.citation
        if citation.link:
            self.links[f"{citation.instrument}: {citation.link}"] = None

    def _take_reason(self, case: CaseAudit, audited: AuditedFinding) -> None:
        missing = name_missing_facts(audited)
        if missing not in self.reasons:
            scheme = case.read_by
            labels = [label_fact(scheme, fact) if scheme else fact for fact in missing]
            words = ", ".join(f"“{label}”" for label in labels) or "A figure in force"
            self.reasons[missing] = Reason(words, label_words(scheme, audited.finding.requirement))
        self.reasons[missing].findings += 1

    def _take_notes(self, case: CaseAudit) -> None:
        warnings = [label_words(case.read_by, f"{warning}.") for warning in case.warnings]
        if not warnings:
            return
        self.noted_cases += 1
        if self.noted_cases <= MAX_NOTED_CASES or self.show_all:
            self.notes += [Paragraph(f"{case.heading}:"), Listing(tuple(map(Item, warnings)))]

    def build(self, state: RecordState) -> Document:
        """Return the report of all results taken; raises `InputError` if it is longer than a document may be."""
        report = Document(
            title=f"Audit of {self._describe_cases()}",
            kind="Audit report",
            authority="; ".join(self.authorities) or "No authority",
            subtitle="Every control, by the law of the days on which the acts were done",
            marking=MARKING,
            reference=self._describe_cases(),
            status="",
            document_date=self.as_of,
            blocks=(
                *self._overview_blocks(),
                *self._breach_blocks(),
                *self._reason_blocks(),
                *self._note_blocks(),
                *self._source_blocks(),
                *([Heading("What is in order"), *self.settled] if self.settled else []),
            ),
            imprint=Imprint("", state.entry_count, state.head, REPORT_KIND, NO_PART),
        )
        _refuse_too_long(report)
        return report

    def _describe_cases(self) -> str:
        count = self.totals.cases
        return ", ".join(self.case_names) if 0 < count <= _MAX_NAMED_CASES else f"{count:,} cases"

    def _overview_blocks(self) -> Iterator[Block]:
        """Yield the totals; of several cases also the trend by year, and which cases breach what."""
        totals = self.totals
        sources = ", ".join(f"{count:,} by {kind.replace('_', ' ')}" for kind, count in totals.sources.items())
        unread = [Field("Rows that could not be read", f"{totals.unread:,}")] * bool(totals.unread)
        yield SummaryBox(
            "What was found",
            (
                Field("As the record stood on", long_date(self.as_of)),
                *([Field("Decision", self.only_title)] if totals.cases == 1 and self.only_title else []),
                Field("Cases", f"{totals.cases:,}, {totals.with_breaches:,} with breaches"),
                Field("Source", sources),
                *([Field("Sample", totals.sample.describe())] if totals.sample else []),
                Field("Breached", self._count_breaches()),
                *(Field(label, f"{totals.outcomes[key]:,}") for label, key in _OUTCOMES[1:]),
                *([Field("Since the earlier audit", describe_changes(totals))] if totals.is_compared else []),
                *unread,
            ),
        )
        if totals.cases > 1:
            yield from build_year_trend(totals.years)
            yield from self._breach_table()
            yield from build_case_matrix(self.case_lines, self._numbered_breaches(), totals)

    def _count_breaches(self) -> str:
        blocking = sum(control.severity == "blocking" for control in self.breaches)
        warnings = len(self.breaches) - blocking
        return f"{self.totals.outcomes['breached']:,} ({blocking:,} blocking rules, {warnings:,} that warn)"

    def _numbered_breaches(self) -> list[tuple[BreachedControl, Breach]]:
        """The breaches in the order of the report: blocking before warnings, then those of most cases."""
        return sorted(
            self.breaches.items(), key=lambda item: (item[0].severity != "blocking", -item[1].cases, item[0].control)
        )

    def _breach_table(self) -> Iterator[Block]:
        if not self.breaches:
            return
        yield Heading("Breaches by rule")
        rows = (
            (str(number), breach.wrong, control.severity.capitalize(), f"{breach.cases:,}")
            for number, (control, breach) in enumerate(self._numbered_breaches(), start=1)
        )
        yield _table(("No.", "What is wrong", "Severity", "Cases"), rows)

    def _breach_blocks(self) -> Iterator[Block]:
        """Yield each breach in full, with the number that the tables give it."""
        if not self.breaches:
            yield Paragraph("Nothing is breached.")
        numbered = enumerate(self._numbered_breaches(), start=1)
        for severity, group in groupby(numbered, lambda each: each[1][0].severity):
            yield Heading("Breaches of rules that block" if severity == "blocking" else "Breaches of rules that warn")
            for number, (_, breach) in group:
                yield from breach.build(number, self.totals.cases)

    def _reason_blocks(self) -> Iterator[Block]:
        """Yield one line for each reason why checks could not be judged."""
        if not self.reasons:
            return
        yield Heading("What could not be judged, and why")
        yield Paragraph("These facts are not known. Give them, and the checks can be judged:")
        reasons = sorted(self.reasons.values(), key=lambda reason: -reason.findings)
        listed = reasons if self.show_all else reasons[:MAX_REASONS]
        yield Listing(tuple(Item(_describe_reason(reason)) for reason in listed))
        if len(listed) < len(reasons):
            yield Paragraph(f"There are {len(reasons) - len(listed):,} more reasons: assent audit --format csv.")

    def _note_blocks(self) -> Iterator[Block]:
        """Yield what a reader must know of single cases, and the rows that could not be read."""
        if self.unread:
            yield Heading("Rows that could not be read")
            more = self.totals.unread - len(self.unread)
            yield Listing(tuple(map(Item, (*self.unread, *[f"And {more:,} more."] * bool(more)))))
        if self.notes:
            yield Heading("Please note")
            yield from self.notes[self.totals.cases == 1 :]  # the report on one case need not name it again
            listed = sum(isinstance(block, Listing) for block in self.notes)
            if listed < self.noted_cases:
                yield Paragraph(f"{self.noted_cases - listed:,} more cases have notes: assent audit --format json.")

    def _source_blocks(self) -> Iterator[Block]:
        """Yield links to the law and rules that breaches cite, each once."""
        if self.links:
            yield Heading("Where to read the clauses")
            yield Listing(tuple(map(Item, self.links)))


def _describe_reason(reason: Reason) -> str:
    checks = "1 check" if reason.findings == 1 else f"{reason.findings:,} checks, such as"
    return f"{reason.words}: {checks}: {reason.example}"


def _breached_control(audited: AuditedFinding) -> BreachedControl:
    return BreachedControl(audited.verdict.control, audited.finding.severity)


def _refuse_too_long(report: Document) -> None:
    texts = sum(map(bool, texts_in(report)))
    if texts > MAX_TEXTS:
        raise InputError(
            f"the report would have {texts:,} headings, fields and cells; at most {MAX_TEXTS:,} are set",
            "Leave out --every, name fewer cases, or ask for --format csv.",
        )


def _settled_table(findings: list[AuditedFinding], scheme: Scheme | None) -> Table:
    """Return a table of what is satisfied or does not apply."""
    rows = (
        (
            label_words(scheme, each.requirement),
            label_subject(scheme, each.subject) if scheme else each.subject,
            each.outcome.replace("_", " ").capitalize(),
        )
        for each in (audited.finding for audited in findings)
    )
    return _table(("Requirement", "About", "Outcome"), rows)


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Table:
    return Table(tuple(map(Cell, head)), tuple(tuple(map(Cell, row)) for row in rows))
