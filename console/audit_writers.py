"""Write an audit for other programs as it comes, one case at a time: as JSON, JSON Lines or CSV.

Invariants:
- No writer keeps a case that it has written, so an audit of any size takes the same memory.
- JSON is one document, with one finding or case a line. In JSON Lines, `record` says what a line is.
- Warnings stand in JSON with their case; with CSV they go to standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import click

from console import output
from rules.judging.findings import Finding
from workflow.papers.records import UnreadRow
from workflow.services.audit_findings import AuditedFinding, AuditResult, CaseAudit
from workflow.services.audit_totals import AuditTotals

MAX_PRINTED_WARNINGS = 20
"""How many warnings about cases are printed on standard error."""
MAX_KEPT_TEXTS = 4096
JSON_HAS_NO_COLOUR = True
"""Keeps click from searching megabytes of JSON for colours to take away: JSON escapes what could be one."""
CSV_HEADS = (
    "Case", "Control", "Subject", "Outcome", "Severity", "Action", "Gate", "On", "Evidence", "Missing", "Clause",
    "Link", "Basis", "In force from", "In force to", "Cure", "Since baseline", "Response",
)  # fmt: skip


class AuditWriter(Protocol):
    """Writes the results of an audit one by one, and then its totals."""

    def take(self, result: AuditResult) -> None:
        """Write the next result, or keep what is needed of it."""

    def finish(self, totals: AuditTotals) -> None:
        """Write what stands last."""


class KeptTexts:
    """The texts of findings without their case, each made once: cases share most of their findings."""

    def __init__(self, make: Callable[[AuditedFinding], str]) -> None:
        self._make = make
        self._kept: dict[int, tuple[Finding, tuple[object, ...], str]] = {}

    def find(self, audited: AuditedFinding) -> str:
        """Return the text of a finding, whatever its case."""
        finding, circumstances = audited.finding, audited.circumstances
        found = self._kept.get(id(finding))
        if found is None or found[1] != circumstances:
            if len(self._kept) >= MAX_KEPT_TEXTS:
                self._kept.clear()
            found = self._kept[id(finding)] = (finding, circumstances, self._make(audited))
        return found[2]


def _format_json_tail(audited: AuditedFinding) -> str:
    """Return what follows the case in the JSON of a finding."""
    return output.format_json_line(audited.as_json_without_case())[1:]


class JsonWriter:
    """One JSON document: the day, the findings, the cases, the rows that could not be read, and the totals.

    The findings stand before the cases because they are written as they come; a line for each case waits.
    """

    def __init__(self, as_of: date) -> None:
        self._cases: list[str] = []
        self._unread: list[str] = []
        self._is_first = True
        self._tails = KeptTexts(_format_json_tail)
        click.echo(f'{{"as_of": "{as_of.isoformat()}", "findings": [', nl=False)

    def take(self, result: AuditResult) -> None:
        """Write the findings of a case."""
        if isinstance(result, UnreadRow):
            self._unread.append(output.format_json_line(result.as_json()))
            return
        self._cases.append(output.format_json_line(result.as_json()))
        case = output.format_json_line(result.case)
        lines = [f'{{"case":{case},{self._tails.find(audited)}' for audited in result.findings]
        if lines:
            click.echo(f"{'' if self._is_first else ','}\n" + ",\n".join(lines), nl=False, color=JSON_HAS_NO_COLOUR)
            self._is_first = False

    def finish(self, totals: AuditTotals) -> None:
        """Write the rest of the document."""
        lists = (("cases", self._cases), ("unread", self._unread))
        rest = "".join(f'"{name}": [\n' + ",\n".join(lines) + "\n],\n" for name, lines in lists)
        click.echo(f'\n],\n{rest}"totals": {output.format_json_line(totals.as_json())}}}')


class JsonLinesWriter:
    """A line for each finding, then one for its case; rows that could not be read stand between, the totals last."""

    def __init__(self, as_of: date) -> None:
        self._as_of = as_of
        self._tails = KeptTexts(_format_json_tail)

    def take(self, result: AuditResult) -> None:
        """Write a case with its findings, or a row that could not be read."""
        if isinstance(result, UnreadRow):
            click.echo(_format_record("unread", result.as_json()))
            return
        case = output.format_json_line(result.case)
        lines = [f'{{"record":"finding","case":{case},{self._tails.find(audited)}' for audited in result.findings]
        click.echo("\n".join([*lines, _format_record("case", result.as_json())]), color=JSON_HAS_NO_COLOUR)

    def finish(self, totals: AuditTotals) -> None:
        """Write the totals."""
        click.echo(_format_record("totals", {"as_of": self._as_of.isoformat(), **totals.as_json()}))


def _format_record(kind: str, data: Mapping[str, Any]) -> str:
    return output.format_json_line({"record": kind, **data})


class CsvWriter:
    """A row for each finding; what is wrong with the input goes to standard error."""

    def __init__(self) -> None:
        self._warnings = WarningPrinter()
        self._tails = KeptTexts(lambda audited: output.format_csv([_finding_cells(audited)]))
        click.echo(output.format_csv([CSV_HEADS]), nl=False)

    def take(self, result: AuditResult) -> None:
        """Write the findings of a case."""
        if isinstance(result, CaseAudit) and result.findings:
            case = output.format_csv([[result.case]]).rstrip()
            click.echo("".join([f"{case},{self._tails.find(audited)}" for audited in result.findings]), nl=False)
            click.echo(output.format_csv(_format_gone(result)), nl=False)
        self._warnings.take(result)

    def finish(self, _totals: AuditTotals) -> None:
        """Say how many warnings are not printed."""
        self._warnings.finish()


def _format_gone(case: CaseAudit) -> Iterator[list[str]]:
    """Yield a row for each breach of an earlier audit that is gone, with nothing in the other columns."""
    for control, subject in case.gone:
        filled = {"Case": case.case, "Control": control, "Subject": subject, "Since baseline": "gone"}
        yield [filled.get(head, "") for head in CSV_HEADS]


def _format_evidence(audited: AuditedFinding) -> str:
    observed = audited.finding.observed_facts
    return "; ".join(f"{fact.fact}: {fact.answer}, expected: {fact.expected_answer}" for fact in observed)


def _finding_cells(audited: AuditedFinding) -> tuple[str, ...]:
    """Return what stands in the columns after that of the case."""
    finding, days, cited = audited.finding, audited.in_force, audited.finding.citation
    first, last = (days.first.isoformat(), days.last.isoformat() if days.last else "") if days else ("", "")
    return (
        finding.control, finding.subject, finding.outcome, finding.severity, audited.action, audited.gate,
        audited.on.isoformat(), _format_evidence(audited), ", ".join(finding.missing),
        f"{cited.instrument}, {cited.provision}", cited.link, cited.checked_by, first, last,
        finding.cure if finding.needs_attention else "", audited.change or "",
        audited.response.describe() if audited.response else "",
    )  # fmt: skip


class WarningPrinter:
    """Prints on standard error the rows that could not be read, and each warning once for all cases that it is of."""

    def __init__(self) -> None:
        self._cases: dict[str, _WarnedCases] = {}
        self._more = 0

    def take(self, result: AuditResult) -> None:
        """Print what is wrong with a row, or note what a reader must know of a case."""
        if isinstance(result, UnreadRow):
            output.print_warning(result.describe())
            return
        for warning in result.warnings:
            if warning in self._cases:
                self._cases[warning].more += 1
            elif len(self._cases) < MAX_PRINTED_WARNINGS:
                self._cases[warning] = _WarnedCases(result.case)
            else:
                self._more += 1

    def finish(self) -> None:
        """Print the warnings of the cases, and say how many are not printed."""
        for warning, cases in self._cases.items():
            output.print_warning(warning, cases.describe())
        if self._more:
            more = output.format_count(self._more, "more warning")
            output.print_warning(f"{more}: to see all, use --format json")


@dataclass(slots=True)
class _WarnedCases:
    """The first case that a warning is of, and how many more there are."""

    first: str
    more: int = 0

    def describe(self) -> str:
        return f"{self.first} and {output.format_count(self.more, 'more case')}" if self.more else self.first
