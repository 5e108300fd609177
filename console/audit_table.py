"""Write an audit for a person at a terminal: few cases in full, one line for each of many, and the totals last.

Invariants:
- What is breached stands first, and what is wrong is said in words. Checks that could not be judged take one line for
  each thing that is missing, unless the case is of our own record, where somebody can still answer.
- At most `MAX_CASES_IN_FULL` cases are kept at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import click

from console import findings, output
from console.audit_writers import WarningPrinter
from rules.values.calendar import long_date
from rules.values.facts import CASE
from workflow.papers.records import UnreadRow
from workflow.services.audit_findings import OWN_RECORD, AuditedFinding, AuditResult, CaseAudit
from workflow.services.audit_totals import AuditTotals, describe_changes, name_missing_facts
from workflow.services.other_sources import find_missing_in_source

MAX_CASES_IN_FULL = 3
"""How many cases are shown with their findings; more are listed with one line for each."""
MAX_LISTED_CASES, MAX_LISTED_CONTROLS, MAX_LISTED_REASONS = 40, 20, 5
"""How long the lists are; with --every they list all."""


class TableWriter:
    """Prints cases as they come. The first ones wait until it is clear whether there are few."""

    def __init__(self, as_of: date, *, show_all: bool) -> None:
        self._as_of, self._show_all = as_of, show_all
        self._waiting: list[CaseAudit] = []
        self._in_full = self._listed = 0
        self._warnings = WarningPrinter()

    def take(self, result: AuditResult) -> None:
        """Print a case, or keep it while there are few."""
        self._warnings.take(result)
        if isinstance(result, UnreadRow):
            return
        if self._show_all:
            self._print_in_full(result)
        elif not self._listed and len(self._waiting) < MAX_CASES_IN_FULL:
            self._waiting.append(result)
        else:
            for case in (*self._waiting, result):
                self._print_line(case)
            self._waiting.clear()

    def finish(self, totals: AuditTotals) -> None:
        """Print the cases that waited, and the totals."""
        for case in self._waiting:
            self._print_in_full(case)
        if not totals.cases and totals.unread:
            click.echo(f"No case could be read: {output.format_count(totals.unread, 'row')} could not.")
        elif not totals.cases:
            click.echo(f"No cases existed on {long_date(self._as_of)}.")
        else:
            if self._listed > MAX_LISTED_CASES:
                click.echo(f"… and {output.format_count(self._listed - MAX_LISTED_CASES, 'more case')}: add --every")
            click.echo()
            for line in _format_totals(totals, lists_controls=totals.cases > MAX_CASES_IN_FULL):
                click.echo(line)
        self._warnings.finish()

    def _print_in_full(self, case: CaseAudit) -> None:
        click.echo(("\n\n" if self._in_full else "") + _format_case(case, show_all=self._show_all))
        self._in_full += 1

    def _print_line(self, case: CaseAudit) -> None:
        self._listed += 1
        if self._listed <= MAX_LISTED_CASES:
            count = case.count_outcomes()
            mark = "✗" if count["breached"] else "–" if count["undetermined"] else "✓"
            counts = f"{count['breached']} breached, {count['undetermined']} undetermined"
            click.echo(output.format_line(case.name, f"{counts}: {case.title}", prefix=f"{mark} "))


def _format_case(case: CaseAudit, *, show_all: bool) -> str:
    """Return a case with its open findings, or all of them, and the number of each outcome."""
    imported = " (imported)" if case.imported else ""
    parts = [output.format_line(case.name, f"{case.title}{imported}")]
    open_findings = case.open_findings()
    collapsed = [audited for audited in open_findings if not show_all and _is_collapsed(audited, case)]
    shown = [audited for audited in open_findings if audited not in collapsed]
    shown += case.closed_findings() if show_all else []
    parts += [findings.format_finding_briefly(audited.finding, _more_pairs(audited)) for audited in shown]
    if case.gone:
        parts.append("\n".join(f"Gone since the earlier audit: {name_breach(*breach)}" for breach in case.gone))
    if collapsed:
        parts.append("\n".join(_format_collapsed(case, collapsed)))
    count = case.count_outcomes()
    totals = (
        f"{count['breached']} breached, {count['undetermined']} undetermined, {count['satisfied']} satisfied, "
        f"{count['not_applicable']} not applicable."
    )
    parts.append(output.format_sentence(totals))
    return "\n\n".join(parts)


def name_breach(control: str, subject: str) -> str:
    """Return a control, and the subject unless that is the case."""
    return control if subject == CASE else f"{control} of {subject}"


def _more_pairs(audited: AuditedFinding) -> list[tuple[str, object]]:
    """Return what a list of findings says of each beside the finding itself."""
    pairs: list[tuple[str, object]] = [("law", audited.judged_at)]
    pairs += [("since", "new since the earlier audit")] if audited.change == "new" else []
    return pairs + ([("answer", audited.response.describe())] if audited.response else [])


def _is_collapsed(audited: AuditedFinding, case: CaseAudit) -> bool:
    """Whether a finding is counted and not shown: nobody can answer any more what a source does not say."""
    return audited.verdict.outcome == "undetermined" and case.source != OWN_RECORD


def _format_collapsed(case: CaseAudit, undetermined: list[AuditedFinding]) -> Iterator[str]:
    """Yield a line on what the source does not show, and one for each reason of most other checks."""
    if missing_in_source := find_missing_in_source(case):
        yield output.format_sentence(f"? {missing_in_source.describe()}. To list them: --every")
    left_empty = [audited for audited in undetermined if not audited.finding.needs_other_source]
    if left_empty:
        yield f"? {output.format_count(len(left_empty), 'other check')} could not be judged. To list them: --every"
    reasons = Counter(map(name_missing_facts, left_empty))
    for missing, count in reasons.most_common(MAX_LISTED_REASONS):
        yield f"    {output.format_count(count, 'check')} for want of {', '.join(missing) or 'a figure in force'}"
    if len(reasons) > MAX_LISTED_REASONS:
        yield f"    … and {output.format_count(len(reasons) - MAX_LISTED_REASONS, 'more reason')}"


def _format_totals(totals: AuditTotals, *, lists_controls: bool) -> Iterator[str]:
    """Yield the totals of all cases; what is breached most often only if there are many."""
    if lists_controls and totals.breaches:
        yield "What is breached most often:"
        for breached, count in totals.breaches.most_common(MAX_LISTED_CONTROLS):
            severity = " (warning)" if breached.severity == "warning" else ""
            cases = output.format_count(count, "case")
            yield output.format_line(f"{breached.control}{severity}", f"{cases}: {totals.words[breached.control]}")
        if len(totals.breaches) > MAX_LISTED_CONTROLS:
            yield f"… and {output.format_count(len(totals.breaches) - MAX_LISTED_CONTROLS, 'more control')}"
        yield ""
    if totals.sample:
        yield f"Sample: {totals.sample.describe()}."
    if totals.is_compared:
        yield f"Since the earlier audit: {describe_changes(totals)}."
    outcomes = totals.outcomes
    unread = f" {output.format_count(totals.unread, 'row')} could not be read." * bool(totals.unread)
    yield output.format_sentence(
        f"In total {output.format_count(totals.cases, 'case')}, {totals.with_breaches:,} with breaches: "
        f"{outcomes['breached']:,} breached, {outcomes['undetermined']:,} undetermined, "
        f"{outcomes['satisfied']:,} satisfied, {outcomes['not_applicable']:,} not applicable.{unread}"
    )
