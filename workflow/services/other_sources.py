"""Say which other source would settle what the source of a case decided elsewhere does not show."""

from __future__ import annotations

from typing import NamedTuple

from rules.judging.findings import Finding
from rules.language.schema_types import Period
from rules.values.facts import split_address
from workflow.services.audit_findings import OWN_RECORD, CaseAudit


class MissingInSource(NamedTuple):
    """How many checks need what a source does not show, and the other source that would settle most of them."""

    source: str
    checks: int
    better_source: str = ""
    settled: int = 0

    def describe(self) -> str:
        """The sentence for a reader."""
        checks = "1 check needs" if self.checks == 1 else f"{self.checks:,} checks need"
        needed = f"{checks} what this source ({self.source}) does not show"
        return f"{needed}; {self.better_source} would settle {self.settled:,} of them" if self.settled else needed


def find_missing_in_source(case: CaseAudit) -> MissingInSource | None:
    """Return what the source of a case does not show; None if it shows all that is needed."""
    findings = [audited.finding for audited in case.findings if audited.finding.needs_other_source]
    if not findings:
        return None
    scheme = case.read_by
    if scheme is None:
        return MissingInSource(case.source.replace("_", " "), len(findings))
    labels = {kind: declared.label or kind for kind, declared in scheme.rulebook.sources.items()}
    others = [kind for kind in labels if kind not in (OWN_RECORD, case.source)]
    days = Period.model_validate({"from": case.decided_on, "to": case.decided_on}) if case.decided_on else None
    settled = {kind: _count_settled(findings, scheme.asked_by(kind, "", days)) for kind in others}
    best = max(others, key=settled.__getitem__, default="")
    return MissingInSource(
        labels.get(case.source, case.source).lower(), len(findings),
        labels[best].lower() if best else "", settled.get(best, 0),
    )  # fmt: skip


def _count_settled(findings: list[Finding], asked: frozenset[str] | None) -> int:
    """Return for how many findings a source asks all that is missing."""
    if asked is None:
        return len(findings)
    return sum(all(split_address(fact)[0] in asked for fact in finding.not_carried) for finding in findings)
