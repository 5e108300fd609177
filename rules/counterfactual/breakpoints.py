"""Where the outcome of a control can change: the figures and days that cut the scale of each fact it rests on.

Between two neighbouring cuts every value of a fact is judged alike. So of all values of a fact only the cuts, and
what stands next to them, have to be tried to find the nearest one that is judged otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from rules.judging.rulebook import Control, GateRules, Rulebook
from rules.language.conditions import Condition, FactRef, operand_value, predicates_in
from rules.language.derived_facts import DerivedFact
from rules.values.evidence import Evidence
from rules.values.facts import FactValue, subject_kind_of

Breakpoints = Mapping[str, set[FactValue]]


def find_breakpoints(
    rulebook: Rulebook, control: Control, relevant_rules: GateRules, subject: str, evidence: Evidence
) -> Breakpoints:
    """The values that cut each fact on which a control of one subject rests, worked-out facts among them.

    `hearing` is what the control rests on; `evidence` has the facts that are worked out.
    """
    cutter = _BreakpointCollector(rulebook, subject, evidence)
    cutter.add_control(control)
    for derived in relevant_rules.derived_facts:
        cutter.add_derived_fact(derived)
    return cutter.breakpoints


@dataclass(frozen=True, slots=True)
class _BreakpointCollector:
    """Gathers what facts are compared with."""

    rulebook: Rulebook
    subject: str
    evidence: Evidence
    breakpoints: dict[str, set[FactValue]] = field(default_factory=lambda: defaultdict(set))

    def add_control(self, control: Control) -> None:
        """What the tests of a control compare facts with, and the days between which its values stand."""
        day, facts = control.declaration.governed_by, self.evidence.facts_of(self.subject)
        for condition in (control.applies, control.requires):
            self._add_tests(condition, facts, day)
        self._add_days(control.values, day)

    def add_derived_fact(self, derived: DerivedFact) -> None:
        """The same of a fact that is worked out; where it compares subjects, what each of them states is a cut, too."""
        around = self.evidence.subjects_of_kind(derived.related_kind or subject_kind_of(derived.name))
        scenes = [self.evidence.facts_of(place) for place in around]
        for facts in scenes:
            for condition in derived.conditions:
                self._add_tests(condition, facts, derived.governed_by)
        self._add_days(derived.values, derived.governed_by)
        if derived.related_kind:
            seen = {facts[name] for facts in scenes for name in derived.inputs if name in facts}
            for name in derived.inputs:
                self.breakpoints[name] |= seen

    def _add_tests(self, condition: Condition, facts: Mapping[str, FactValue], governed_by: str) -> None:
        for test in predicates_in(self.rulebook.law.resolve(condition, facts, governed_by)):
            right = operand_value(test.operand, facts)
            self.breakpoints[test.fact].update(right if isinstance(right, tuple) else () if right is None else (right,))
            if isinstance(test.operand, FactRef) and test.fact in facts:
                self.breakpoints[test.operand.fact].add(facts[test.fact])

    def _add_days(self, values: Iterable[str], governed_by: str) -> None:
        for value in values:
            for row in self.rulebook.law.values[value].history:
                self.breakpoints[governed_by].update(edge for edge in (row.first, row.last) if edge is not None)


def find_turning_point(reaches: Callable[[int], bool | None], start: int, direction: int) -> int | None:
    """The first number from `start` on, going one way (1 or -1), at which a test that turns but once has turned.

    None where it never turns, or cannot be told any further.
    """
    at_first, near, step, is_growing = reaches(start), 0, 1, True
    if at_first is None:
        return None
    while step:
        found = reaches(start + direction * (near + step))
        if found is not None and found is not at_first:
            return start + direction * _bisect(
                lambda far: reaches(start + direction * far) is not at_first, near, near + step
            )
        is_growing = is_growing and found is not None
        near += step if found is not None else 0
        step = step * 2 if is_growing else step // 2
    return None


def _bisect(has_turned: Callable[[int], bool], near: int, far: int) -> int:
    """The first number after `near`, at most `far`, at which it has turned; at `far` it has."""
    while far - near > 1:
        middle = (near + far) // 2
        near, far = (near, middle) if has_turned(middle) else (middle, far)
    return far
