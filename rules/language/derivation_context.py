"""One derived fact, ready to be computed, and what its function may use.

Invariants:
- Every fact and dated value that a function rests on is named by the fact: dependency order and exemption trust that.
- Subjects that a function looks at are grouped once for all derived facts of one evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from rules.language.conditions import AllOf, AnyOf, Condition, Truth, UnresolvedValue, evaluate_parts
from rules.language.derivation_schema import DerivedDeclaration
from rules.language.law import Law
from rules.language.partial_knowledge import limit_to_source
from rules.values.facts import Facts, FactValue

Matches: TypeAlias = dict[FactValue | None, list[tuple[Facts, Truth]]]
"""Subjects for which a condition may hold, each with its truth, by the value of one fact; None if that is unknown."""


@dataclass(frozen=True, slots=True)
class DerivationContext:
    """What a function may use beside a subject's own facts: every subject, the law and the governing day.

    The facts of each subject include those of the case. `related_kind` is the kind of subjects that the function looks
    at beside its own. `match_cache` and `text_cache` are shared by all derived facts of one evidence. `asked` are the
    facts that the source of the case asks for; None for every one.
    """

    subjects_by_kind: Mapping[str, Mapping[str, Facts]]
    law: Law
    governed_by: str
    related_kind: str = ""
    match_cache: dict[tuple[int, str], Matches] = field(default_factory=dict)
    asked: Collection[str] | None = None
    text_cache: dict[tuple[str, tuple[str, ...]], tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def matching(self, fact: str, condition: Condition | None) -> Matches:
        """Return the related subjects for which a condition may hold, by the value of one fact.

        They are grouped once and cached; otherwise each subject would be compared with every other one.
        """
        cache_key = (id(condition), fact)
        if cache_key not in self.match_cache:
            matches: Matches = self.match_cache.setdefault(cache_key, {})
            evaluate = None if condition is None else self.evaluator(condition)
            for facts in self.related_subjects():
                holds = True if evaluate is None else evaluate(facts)
                if holds is not False:
                    matches.setdefault(facts.get(fact), []).append((facts, holds))
        return self.match_cache[cache_key]

    def related_subjects(self) -> Collection[Facts]:
        """Return the facts of each subject of the related kind."""
        return self.subjects_by_kind.get(self.related_kind, {}).values()

    def evaluate(self, condition: Condition, facts: Facts) -> Truth:
        """Return whether a condition holds under the law in force."""
        if self.asked is not None:
            condition = limit_to_source(self.law.resolve(condition, facts, self.governed_by), facts, self.asked)
        if not condition.is_dated:
            return condition.evaluate(facts)
        if isinstance(condition, (AllOf, AnyOf)):  # part by part, so that no figure is put in once the others decide
            return evaluate_parts(condition, lambda part: self.evaluate(part, facts))
        return self.law.resolve(condition, facts, self.governed_by).evaluate(facts)

    def evaluator(self, condition: Condition) -> Callable[[Facts], Truth]:
        """Return what says of the facts of any subject whether a condition holds under the law in force."""
        if condition.is_dated or self.asked is not None:
            return partial(self.evaluate, condition)
        return condition.evaluate

    def figure_in_force(self, value: str, facts: Facts) -> FactValue | None:
        """Return the figure in force of a dated value, or None."""
        row = self.law.figure_in_force(value, facts, self.governed_by)
        return None if isinstance(row, UnresolvedValue) else row.figure

    def first_figure_in_force(self, values: tuple[str, ...], facts: Facts) -> FactValue | None:
        """Return the figure of the first of several dated values that is set for a subject, or None.

        None, too, while one before it may be set: where a fact that selects it is not carried.
        """
        for value in values:
            figure = self.figure_in_force(value, facts)
            if figure is not None or self.may_be_in_force(value, facts):
                return figure
        return None

    def may_be_in_force(self, value: str, facts: Facts) -> bool:
        """Return whether a figure is unknown for want of a fact that the source of the case does not carry."""
        if self.asked is None:
            return False
        row = self.law.figure_in_force(value, facts, self.governed_by)
        return isinstance(row, UnresolvedValue) and any(fact not in self.asked for fact in row.missing)


DerivationFunction: TypeAlias = Callable[[DerivationContext, Facts], FactValue | None]
"""Computes a fact from its context and the facts of its subject; None if the result is unknown."""


@dataclass(frozen=True, slots=True, eq=False)
class DerivedFact:
    """One derived fact, ready to be computed; derived facts are compared by identity.

    `subject_kind` is the kind of subject that it is a fact of. `inputs` are all the facts that it rests on.
    `related_kind` is the kind of subjects that it looks at beside its own. `conditions` and `values` are those it rests
    on; the search for breakpoints uses them. One that is `is_monotone` has its bounds at the bounds of its inputs, and
    one that `grows_with_subjects` can only be higher if there are subjects that nobody states. One that `is_evidence`
    quotes what is stated, and stands whatever else there is. `declaration` is what the pack says, from which columns
    are computed.
    """

    name: str
    subject_kind: str
    inputs: tuple[str, ...]
    governed_by: str
    compute: DerivationFunction
    related_kind: str = ""
    conditions: tuple[Condition, ...] = ()
    values: tuple[str, ...] = ()
    is_monotone: bool = False
    grows_with_subjects: bool = False
    is_evidence: bool = False
    declaration: DerivedDeclaration | None = field(default=None, repr=False, compare=False)

    @property
    def compared_kind(self) -> str:
        """Return the kind of the subjects whose facts it compares: the related kind, or else its own."""
        return self.related_kind or self.subject_kind
