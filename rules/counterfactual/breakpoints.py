"""Breakpoints: the figures and days at which the outcome of a control can change.

Between two neighbouring breakpoints of a fact, all its values are judged alike. So to find the nearest value with
another outcome, only the breakpoints and the values next to them have to be tried.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from rules.judging.rulebook import Control, GateRules, Rulebook
from rules.language.conditions import Condition, FactRef, operand_value, predicates_in
from rules.language.derivation_context import DerivedFact
from rules.values.evidence import Evidence
from rules.values.facts import FactValue

Breakpoints = Mapping[str, set[FactValue]]


def find_breakpoints(
    rulebook: Rulebook, control: Control, relevant_rules: GateRules, subject: str, evidence: Evidence
) -> Breakpoints:
    """The breakpoints of each fact that a control reads for one subject, derived facts among them.

    `relevant_rules` has the derived facts behind the control; `evidence` includes their values.
    """
    collector = _BreakpointCollector(rulebook, subject, evidence)
    collector.add_control(control)
    for derived in relevant_rules.derived_facts:
        collector.add_derived_fact(derived)
    return collector.breakpoints


@dataclass(frozen=True, slots=True)
class _BreakpointCollector:
    """Collects the values that facts are compared with."""

    rulebook: Rulebook
    subject: str
    evidence: Evidence
    breakpoints: dict[str, set[FactValue]] = field(default_factory=lambda: defaultdict(set))

    def add_control(self, control: Control) -> None:
        """Add the figures of a control's predicates, and the days on which its dated values change."""
        governed_by, facts = control.declaration.governed_by, self.evidence.facts_of(self.subject)
        for condition in (control.applies, control.requires):
            self._add_predicates(condition, facts, governed_by)
        self._add_days(control.values, governed_by)

    def add_derived_fact(self, derived: DerivedFact) -> None:
        """Add those of a derived fact; where it compares subjects, each value that one of them states counts too."""
        subjects = self.evidence.subjects_of_kind(derived.compared_kind)
        facts_by_subject = [self.evidence.facts_of(subject) for subject in subjects]
        for facts in facts_by_subject:
            for condition in derived.conditions:
                self._add_predicates(condition, facts, derived.governed_by)
        self._add_days(derived.values, derived.governed_by)
        if derived.related_kind:
            stated = {facts[name] for facts in facts_by_subject for name in derived.inputs if name in facts}
            for name in derived.inputs:
                self.breakpoints[name] |= stated

    def _add_predicates(self, condition: Condition, facts: Mapping[str, FactValue], governed_by: str) -> None:
        for predicate in predicates_in(self.rulebook.law.resolve(condition, facts, governed_by)):
            value = operand_value(predicate.operand, facts)
            values = value if isinstance(value, tuple) else () if value is None else (value,)
            self.breakpoints[predicate.fact].update(values)
            if isinstance(predicate.operand, FactRef) and predicate.fact in facts:
                self.breakpoints[predicate.operand.fact].add(facts[predicate.fact])

    def _add_days(self, values: Iterable[str], governed_by: str) -> None:
        for value in values:
            for row in self.rulebook.law.values[value].history:
                self.breakpoints[governed_by].update(edge for edge in (row.first, row.last) if edge is not None)


def find_turning_point(reaches: Callable[[int], bool | None], start: int, direction: int) -> int | None:
    """The first number from `start` on at which `reaches` has another truth than at `start`.

    `direction` is 1 or -1. `reaches` changes once at most; it is None beyond the numbers for which it is known, and so
    is the answer where it does not change before them.
    """
    truth_at_start, near, step, is_growing = reaches(start), 0, 1, True
    if truth_at_start is None:
        return None
    while step:
        truth = reaches(start + direction * (near + step))
        if truth is not None and truth is not truth_at_start:
            return start + direction * _bisect(
                lambda far: reaches(start + direction * far) is not truth_at_start, near, near + step
            )
        # Steps double until one goes too far, and are halved from then on.
        is_growing = is_growing and truth is not None
        near += step if truth is not None else 0
        step = step * 2 if is_growing else step // 2
    return None


def _bisect(has_turned: Callable[[int], bool], near: int, far: int) -> int:
    """The first number after `near` at which it has turned; it has at `far`, and not at `near`."""
    while far - near > 1:
        middle = (near + far) // 2
        near, far = (near, middle) if has_turned(middle) else (middle, far)
    return far
