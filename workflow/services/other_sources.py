"""Say what would settle what the source of a case decided elsewhere does not show: which facts, and which other source.

The facts are always named. A source is named only if it asks for all that some check lacks.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from rules.judging.findings import Finding
from rules.language.schema_types import Period
from rules.packs.scheme import Scheme
from rules.values.facts import split_address
from workflow.services.audit_findings import OWN_RECORD, CaseAudit

_MAX_NAMED = 3
"""How many of the missing facts are named: those that most checks need."""


class MissingInSource(NamedTuple):
    """How many checks need what a source does not show, the facts that most need, and the source that shows most."""

    source: str
    checks: int
    facts: tuple[str, ...] = ()
    better_source: str = ""
    settled: int = 0

    def describe(self) -> str:
        """The sentences for a reader."""
        checks = "1 check needs" if self.checks == 1 else f"{self.checks:,} checks need"
        needed = f"{checks} what this source ({self.source}) does not show"
        needed += f"; {self.better_source} would settle {self.settled:,} of them" if self.settled else ""
        return needed + (f". Wanted most: {', '.join(self.facts)}" if self.facts else "")


def find_missing_in_source(case: CaseAudit) -> MissingInSource | None:
    """Return what the source of a case does not show; None if it shows all that is needed."""
    findings = [audited.finding for audited in case.findings if audited.finding.needs_other_source]
    if not findings:
        return None
    scheme = case.read_by
    wanted = _find_most_wanted(findings)
    if scheme is None:
        return MissingInSource(case.source.replace("_", " "), len(findings), wanted)
    labels = {kind: declared.label or kind for kind, declared in scheme.rulebook.sources.items()}
    others = [kind for kind in labels if kind not in (OWN_RECORD, case.source)]
    settled = {kind: _count_settled_by_kind(findings, scheme, kind, case.decided_on) for kind in others}
    best = max(others, key=settled.__getitem__, default="")
    facts = scheme.rulebook.facts
    return MissingInSource(
        labels.get(case.source, case.source).lower(), len(findings),
        tuple(f"“{facts[fact].label}” ({fact})" if fact in facts else fact for fact in wanted),
        labels[best].lower() if best else "", settled.get(best, 0),
    )  # fmt: skip


def _find_most_wanted(findings: list[Finding]) -> tuple[str, ...]:
    """Return the facts that most findings lack, without the subjects that they belong to."""
    wanted = Counter(fact for finding in findings for fact in {split_address(each)[0] for each in finding.not_carried})
    return tuple(sorted(wanted, key=lambda fact: (-wanted[fact], fact))[:_MAX_NAMED])


def _count_settled_by_kind(findings: list[Finding], scheme: Scheme, kind: str, decided_on: date | None) -> int:
    """Return how many findings a kind of source would settle, by the form of the day, or by every one without a day."""
    if decided_on:
        days = Period.model_validate({"from": decided_on, "to": decided_on})
        return _count_settled(findings, scheme.asked_by(kind, "", days))
    forms = [name for name, form in scheme.declaration.published_forms.items() if form.source == kind]
    return min(_count_settled(findings, scheme.asked_by(kind, form, None)) for form in forms or [""])


def _count_settled(findings: list[Finding], asked: frozenset[str] | None) -> int:
    """Return for how many findings a source asks all that is missing."""
    if asked is None:
        return len(findings)
    return sum(all(split_address(fact)[0] in asked for fact in finding.not_carried) for finding in findings)
