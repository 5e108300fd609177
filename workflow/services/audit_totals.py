"""The totals of an audit, counted case by case: what a reader needs first, and what the exit code is chosen by.

Invariants:
- Nothing of a case is kept but counts, so an audit of any size can be totalled.
- A breach is counted once for each case and control, however many subjects it has.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rules.language.schema_types import Severity
from rules.values.facts import is_address, split_address
from workflow.services.audit_findings import AuditedFinding, AuditResult, CaseAudit
from workflow.services.audit_sample import Sample


class BreachedControl(NamedTuple):
    """A control that is breached, and how badly."""

    control: str
    severity: Severity


@dataclass(slots=True)
class YearTotals:
    """The cases decided in one year: how many, how many with a breach, and how many breaches they have."""

    cases: int = 0
    with_breaches: int = 0
    breaches: int = 0

    def as_json(self) -> dict[str, int]:
        """The form that other programs read."""
        return {"cases": self.cases, "with_breaches": self.with_breaches, "breaches": self.breaches}


@dataclass(slots=True)
class AuditTotals:
    """What an audit found so far. `years` has the cases by year of decision; those without a day stand under None.

    `reasons` counts the undetermined findings by the facts that are missing, without the subjects that they belong to.
    `words` has what is wrong where a control is breached, in the words of its pack. `changes` counts the breaches that
    are new, the same or gone since an earlier audit, if it `is_compared` with one. `sample` says which cases were
    drawn, if not all are audited.
    """

    cases: int = 0
    with_breaches: int = 0
    unread: int = 0
    warnings: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    breaches: Counter[BreachedControl] = field(default_factory=Counter)
    reasons: Counter[tuple[str, ...]] = field(default_factory=Counter)
    words: dict[str, str] = field(default_factory=dict)
    changes: Counter[str] = field(default_factory=Counter)
    sample: Sample | None = None
    is_compared: bool = False
    years: dict[int | None, YearTotals] = field(default_factory=dict)

    def take(self, result: AuditResult) -> None:
        """Count the next result of an audit."""
        if not isinstance(result, CaseAudit):
            self.unread += 1
            return
        self.cases += 1
        self.warnings += len(result.warnings)
        self.sources[result.source] += 1
        self.outcomes.update(result.count_outcomes())
        findings = [audited.finding for audited in result.findings if audited.verdict.outcome == "breached"]
        breached = dict.fromkeys(BreachedControl(finding.control, finding.severity) for finding in findings)
        self.words.update((finding.control, finding.wrong) for finding in findings)
        self.breaches.update(breached.keys())
        self.reasons.update(
            name_missing_facts(audited) for audited in result.findings if audited.verdict.outcome == "undetermined"
        )
        self.changes.update(audited.change for audited in result.findings if audited.change)
        self.changes["gone"] += len(result.gone)
        self.with_breaches += bool(breached)
        year = self.years.setdefault(result.decided_on.year if result.decided_on else None, YearTotals())
        year.cases += 1
        year.with_breaches += bool(breached)
        year.breaches += len(breached)

    @property
    def has_breaches(self) -> bool:
        """Whether any control is breached, also one that only warns; beside an earlier audit, any that was not."""
        return self.changes["new"] > 0 if self.is_compared else self.with_breaches > 0

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        changes = {name: self.changes[name] for name in ("new", "same", "gone")}
        return {
            "cases": self.cases,
            "with_breaches": self.with_breaches,
            "unread": self.unread,
            "sources": dict(self.sources),
            "outcomes": dict(self.outcomes),
            **({"since_baseline": changes} if self.is_compared else {}),
            **({"sample": self.sample.as_json()} if self.sample else {}),
            "breaches": [
                {"control": breached.control, "severity": breached.severity, "cases": count}
                for breached, count in self.breaches.most_common()
            ],
            "undetermined": [
                {"missing": list(facts), "findings": count} for facts, count in self.reasons.most_common()
            ],
            "years": [
                {"year": year, **counts.as_json()}
                for year, counts in sorted(self.years.items(), key=lambda item: (item[0] is None, item[0]))
            ],
        }


def describe_changes(totals: AuditTotals) -> str:
    """Return how the breaches compare with those of an earlier audit, in words."""
    new, same, gone = (totals.changes[change] for change in ("new", "same", "gone"))
    return f"{new:,} new, {same:,} the same, {gone:,} gone"


def name_missing_facts(audited: AuditedFinding) -> tuple[str, ...]:
    """Return the facts that would settle a finding, each once and without its subject."""
    return tuple(
        dict.fromkeys(split_address(fact)[0] if is_address(fact) else fact for fact in audited.finding.missing)
    )
