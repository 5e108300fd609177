"""Where the outcome of a control can change: the figures and days that cut the scale of each fact it rests on.

Between two neighbouring cuts every value of a fact is judged alike. So of all values of a fact only the cuts, and
what stands next to them, have to be tried to find the nearest one that is judged otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from rules.judging.rulebook import Control, Hearing, Rulebook
from rules.language.conditions import Condition, FactRef, operand, terms
from rules.language.derived_facts import DerivedFact
from rules.values.evidence import Evidence
from rules.values.facts import FactValue, subject_of

Cuts = Mapping[str, set[FactValue]]


def cuts_of(rulebook: Rulebook, control: Control, hearing: Hearing, subject: str, evidence: Evidence) -> Cuts:
    """The values that cut each fact on which a control of one subject rests, worked-out facts among them.

    `hearing` is what the control rests on; `evidence` has the facts that are worked out.
    """
    cutter = _Cutter(rulebook, subject, evidence)
    cutter.take(control)
    for derived in hearing.derived:
        cutter.take_derived(derived)
    return cutter.cuts


@dataclass(frozen=True, slots=True)
class _Cutter:
    """Gathers what facts are compared with."""

    rulebook: Rulebook
    subject: str
    evidence: Evidence
    cuts: dict[str, set[FactValue]] = field(default_factory=lambda: defaultdict(set))

    def take(self, control: Control) -> None:
        """What the tests of a control compare facts with, and the days between which its values stand."""
        day, facts = control.declared.governed_by, self.evidence.of(self.subject)
        for condition in (control.applies, control.requires):
            self._tests(condition, facts, day)
        self._days(control.values, day)

    def take_derived(self, derived: DerivedFact) -> None:
        """The same of a fact that is worked out; where it compares subjects, what each of them states is a cut, too."""
        around = self.evidence.named(derived.among or subject_of(derived.name))
        scenes = [self.evidence.of(place) for place in around]
        for facts in scenes:
            for condition in derived.conditions:
                self._tests(condition, facts, derived.governed_by)
        self._days(derived.values, derived.governed_by)
        if derived.among:
            seen = {facts[name] for facts in scenes for name in derived.inputs if name in facts}
            for name in derived.inputs:
                self.cuts[name] |= seen

    def _tests(self, condition: Condition, facts: Mapping[str, FactValue], day: str) -> None:
        for test in terms(self.rulebook.law.settle(condition, facts, day)):
            right = operand(test.right, facts)
            self.cuts[test.fact].update(right if isinstance(right, tuple) else () if right is None else (right,))
            if isinstance(test.right, FactRef) and test.fact in facts:
                self.cuts[test.right.fact].add(facts[test.fact])

    def _days(self, values: Iterable[str], day: str) -> None:
        for value in values:
            for row in self.rulebook.law.values[value].history:
                self.cuts[day].update(edge for edge in (row.first, row.last) if edge is not None)


def turn(reaches: Callable[[int], bool | None], start: int, way: int) -> int | None:
    """The first number from `start` on, going one way (1 or -1), at which a test that turns but once has turned.

    None where it never turns, or cannot be told any further.
    """
    at_first, near, step, is_growing = reaches(start), 0, 1, True
    if at_first is None:
        return None
    while step:
        found = reaches(start + way * (near + step))
        if found is not None and found is not at_first:
            return start + way * _between(lambda far: reaches(start + way * far) is not at_first, near, near + step)
        is_growing = is_growing and found is not None
        near += step if found is not None else 0
        step = step * 2 if is_growing else step // 2
    return None


def _between(has_turned: Callable[[int], bool], near: int, far: int) -> int:
    """The first number after `near`, at most `far`, at which it has turned; at `far` it has."""
    while far - near > 1:
        middle = (near + far) // 2
        near, far = (near, middle) if has_turned(middle) else (middle, far)
    return far
