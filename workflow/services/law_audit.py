"""Audit a paper that names no scheme, by every control of national law.

Invariants:
- Where a paper gives only bounds of a day, the law may have changed between them. A control is then judged for each
  stretch of days in which it did not, and has an outcome only if all give it.
- Every judgement is made by both evaluators.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain

from rules.judging.findings import Finding
from rules.judging.judge import EvaluatedJudgement, judge_control, judge_evidence
from rules.judging.rulebook import Rulebook
from rules.language.conditions import Condition, predicates_in
from rules.language.derived_facts import add_derived_facts
from rules.packs.national_law import AUDIT_DAY
from rules.values.bounds import LOW, Bounds, find_bounds, is_bound, plain_name
from rules.values.evidence import Evidence
from rules.values.facts import CASE, DAY_OF_ACT, FactValue
from workflow.cases.unsettled_facts import without_unsettled
from workflow.papers.law_papers import LawPaper
from workflow.papers.reading import NamedPaper
from workflow.services.audit_findings import AuditedFinding, CaseAudit

AUDIT = "audit"
_ONE_DAY = timedelta(days=1)


def audit_by_law(named: NamedPaper, paper: LawPaper, on: date) -> CaseAudit:
    """The audit of a paper by national law, as of a day."""
    rulebook = paper.law.rulebook
    audited = [
        AuditedFinding(
            named.name, AUDIT, AUDIT, on, rulebook.digest,
            rulebook.controls[finding.control].declaration.in_force, finding,
        )
        for finding in _judge(paper, on)
    ]  # fmt: skip
    return CaseAudit(
        named.name, str(paper.facts.get("title", named.name)), "", "", tuple(audited),
        warnings=named.notes,
        imported=True,
        source=paper.source.kind,
    )  # fmt: skip


def _judge(paper: LawPaper, on: date) -> list[Finding]:
    """The finding of each control, in the order of controls and subjects."""
    rulebook, source = paper.law.rulebook, paper.source
    asked = without_unsettled(paper.law.asked_by(source.kind), source.unsettled, paper.facts, rulebook)
    facts: dict[str, FactValue] = {**paper.facts, DAY_OF_ACT: on, AUDIT_DAY: on}
    judgement = judge_evidence(rulebook, None, Evidence.from_parts(facts, {}, asked))
    findings = {(finding.control, finding.subject): finding for finding in judgement.findings}
    open_controls = [
        control for (control, subject), finding in findings.items()
        if subject == CASE and finding.outcome == "undetermined"
    ]  # fmt: skip
    findings |= {(one.control, CASE): one for one in _judge_stretches(rulebook, facts, asked, open_controls)}
    return [findings[key] for key in sorted(findings)]


def _judge_stretches(
    rulebook: Rulebook, facts: Mapping[str, FactValue], asked: frozenset[str] | None, controls: list[str]
) -> Iterator[Finding]:
    """Yield the finding of each control that has one outcome in all stretches of the one day with bounds."""
    bounded = [name.removesuffix(LOW) for name, low in facts.items() if name.endswith(LOW) and isinstance(low, date)]
    bounds = find_bounds(facts, bounded[0]) if len(bounded) == 1 else None
    if bounds is None or not controls:
        return
    day = bounded[0]
    known = {name: value for name, value in facts.items() if not (is_bound(name) and plain_name(name) == day)}
    derived = rulebook.gate_rules(None).derived_facts
    settled: dict[str, EvaluatedJudgement | None] = dict.fromkeys(controls)
    for first in reversed(_find_stretches(rulebook, day, bounds)):
        if not settled:
            return
        evidence = add_derived_facts(Evidence.from_parts({**known, day: first}, {}, asked), derived, rulebook.law)
        for control, earlier in list(settled.items()):
            judged = judge_control(rulebook, rulebook.controls[control], CASE, evidence)
            outcome = judged.verdicts[0].outcome
            if outcome == "undetermined" or (earlier and earlier.verdicts[0].outcome != outcome):
                del settled[control]
            elif earlier is None:
                settled[control] = judged
    for judgement in filter(None, settled.values()):
        yield from judgement.findings


def _find_stretches(rulebook: Rulebook, day: str, bounds: Bounds) -> list[date]:
    """Return the first day of each stretch within bounds in which no law changes that a day may govern."""
    low, high = bounds
    if not isinstance(low, date) or not isinstance(high, date):
        return []
    changes = _days_of_change(rulebook, day)
    starts = {start for change in changes if change is not None for start in (change, change + _ONE_DAY)}
    return sorted({low, *(start for start in starts if low < start <= high)})


@lru_cache(maxsize=64)
def _days_of_change(rulebook: Rulebook, day: str) -> frozenset[date | None]:
    """Return the first and last days of all law that a day may govern, and those that it is compared with."""
    rows = (row for value in rulebook.law.values.values() for row in value.history)
    periods = (control.declaration.in_force for control in rulebook.controls.values())
    conditions = [condition for derived in rulebook.derived_facts for condition in derived.conditions]
    conditions += (side for control in rulebook.controls.values() for side in (control.applies, control.requires))
    compared = (each for condition in conditions for each in _days_compared(condition, day))
    bounds = [*((row.first, row.last) for row in rows), *((days.first, days.last) for days in periods)]
    return frozenset((*compared, *chain.from_iterable(bounds)))


def _days_compared(condition: Condition, day: str) -> Iterator[date]:
    """Yield the days that a condition compares a fact with."""
    for predicate in predicates_in(condition):
        if predicate.fact == day and isinstance(predicate.operand, date):
            yield predicate.operand
