"""Write an audit for other programs as it comes, one case at a time: as JSON, JSON Lines or CSV.

Invariants:
- No writer keeps a case that it has written, so an audit of any size takes the same memory.
- JSON is one document, with one finding or case a line. In JSON Lines, `record` says what a line is.
- Warnings stand in JSON with their case; with CSV they go to standard error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import click

from console import output
from workflow.papers.records import UnreadRow
from workflow.services.audit_findings import AuditedFinding, AuditResult, CaseAudit
from workflow.services.audit_totals import AuditTotals

MAX_PRINTED_WARNINGS = 20
"""How many warnings about cases are printed on standard error."""
CSV_HEADS = (
    "Case", "Control", "Subject", "Outcome", "Severity", "Action", "Gate", "On", "Evidence", "Missing", "Clause",
    "Link", "Basis", "In force from", "In force to", "Cure",
)  # fmt: skip


class AuditWriter(Protocol):
    """Writes the results of an audit one by one, and then its totals."""

    def take(self, result: AuditResult) -> None:
        """Write the next result, or keep what is needed of it."""

    def finish(self, totals: AuditTotals) -> None:
        """Write what stands last."""


class JsonWriter:
    """One JSON document: the day, the findings, the cases, the rows that could not be read, and the totals.

    The findings stand before the cases because they are written as they come; a line for each case waits.
    """

    def __init__(self, as_of: date) -> None:
        self._cases: list[str] = []
        self._unread: list[str] = []
        self._is_first = True
        click.echo(f'{{"as_of": "{as_of.isoformat()}", "findings": [', nl=False)

    def take(self, result: AuditResult) -> None:
        """Write the findings of a case."""
        if isinstance(result, UnreadRow):
            self._unread.append(output.format_json_line(result.as_json()))
            return
        self._cases.append(output.format_json_line(result.as_json()))
        lines = [output.format_json_line(audited.as_json()) for audited in result.findings]
        if lines:
            click.echo(f"{'' if self._is_first else ','}\n" + ",\n".join(lines), nl=False)
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

    def take(self, result: AuditResult) -> None:
        """Write a case with its findings, or a row that could not be read."""
        if isinstance(result, UnreadRow):
            _echo_records([("unread", result.as_json())])
        else:
            _echo_records(
                [*(("finding", audited.as_json()) for audited in result.findings), ("case", result.as_json())]
            )

    def finish(self, totals: AuditTotals) -> None:
        """Write the totals."""
        _echo_records([("totals", {"as_of": self._as_of.isoformat(), **totals.as_json()})])


def _echo_records(records: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    click.echo("\n".join(output.format_json_line({"record": kind, **data}) for kind, data in records))


class CsvWriter:
    """A row for each finding; what is wrong with the input goes to standard error."""

    def __init__(self) -> None:
        self._warnings = WarningPrinter()
        click.echo(output.format_csv([CSV_HEADS]), nl=False)

    def take(self, result: AuditResult) -> None:
        """Write the findings of a case."""
        if isinstance(result, CaseAudit):
            rows = ([str(cell) for cell in _finding_row(audited)] for audited in result.findings)
            click.echo(output.format_csv(rows), nl=False)
        self._warnings.take(result)

    def finish(self, _totals: AuditTotals) -> None:
        """Say how many warnings are not printed."""
        self._warnings.finish()


def _format_evidence(audited: AuditedFinding) -> str:
    observed = audited.finding.observed_facts
    return "; ".join(f"{fact.fact}: {fact.answer}, expected: {fact.expected_answer}" for fact in observed)


def _finding_row(audited: AuditedFinding) -> tuple[str, ...]:
    finding, days, cited = audited.finding, audited.in_force, audited.finding.citation
    first, last = (days.first.isoformat(), days.last.isoformat() if days.last else "") if days else ("", "")
    return (
        audited.case, finding.control, finding.subject, finding.outcome, finding.severity, audited.action, audited.gate,
        audited.on.isoformat(), _format_evidence(audited), ", ".join(finding.missing),
        f"{cited.instrument}, {cited.provision}", cited.link, cited.basis, first, last,
        finding.cure if finding.is_breached_or_undetermined else "",
    )  # fmt: skip


class WarningPrinter:
    """Prints on standard error the rows that could not be read, and the warnings of the first cases."""

    def __init__(self) -> None:
        self._printed = 0

    def take(self, result: AuditResult) -> None:
        """Print what is wrong with a row, or what a reader must know of a case."""
        if isinstance(result, UnreadRow):
            output.print_warning(result.describe())
            return
        for warning in result.warnings:
            self._printed += 1
            if self._printed <= MAX_PRINTED_WARNINGS:
                output.print_warning(warning, result.case)

    def finish(self) -> None:
        """Say how many warnings are not printed."""
        if self._printed > MAX_PRINTED_WARNINGS:
            more = output.format_count(self._printed - MAX_PRINTED_WARNINGS, "more warning")
            output.print_warning(f"{more}: to see all, use --format json")
