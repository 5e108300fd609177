"""A rulebook indexed by what compares facts with figures: controls, and the derived facts behind them.

Both the proof of boundaries and the mutants ask the same questions of a rulebook: which controls rest on a value, which
derived facts stand behind a control, and whether a control can ever come to a row. Each answer is worked out once for
each rulebook. An index never judges an example; it reads conditions alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache

from rules.judging.rulebook import Control, Rulebook
from rules.language.conditions import AnyOf, Condition, Predicate, Truth, predicates_in
from rules.language.dated_values import DatedFigure
from rules.language.derivation_context import DerivedFact
from rules.values.evidence import Evidence
from rules.values.facts import CASE, Facts, FactValue, kind_of_subject

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FactComparer:
    """What compares facts with figures: a control, or a derived fact that controls rest on.

    `subject_kind` is the kind of subject whose facts it compares; with `reads_all_subjects` it compares those of every
    subject of that kind.
    """

    name: str
    governed_by: str
    subject_kind: str
    conditions: tuple[Condition, ...]
    values: tuple[str, ...]
    reads_all_subjects: bool = False

    def subject_facts(self, subject: str, evidence: Evidence) -> Iterator[Facts]:
        """The facts that it compares when a control of a subject is judged."""
        if self.subject_kind == CASE:
            yield evidence.case_facts
        elif self.subject_kind == kind_of_subject(subject) and not self.reads_all_subjects:
            yield evidence.facts_of(subject)
        else:
            yield from (evidence.facts_of(other) for other in evidence.subjects_of_kind(self.subject_kind))

    def terms(self) -> Iterator[Predicate]:
        """Every test in its conditions."""
        return (term for condition in self.conditions for term in predicates_in(condition))


@dataclass(frozen=True, eq=False)
class RulebookIndex:
    """A rulebook by its comparers, their values, and the rows that each can reach. Get one from `index_rulebook`."""

    rulebook: Rulebook
    _derived_by_controls: dict[frozenset[str], tuple[DerivedFact, ...]] = field(default_factory=dict, repr=False)
    _applies_memo: dict[tuple[object, ...], bool] = field(default_factory=dict, repr=False)
    _reachable_memo: dict[tuple[object, ...], frozenset[int]] = field(default_factory=dict, repr=False)

    @cached_property
    def comparers(self) -> Mapping[str, tuple[FactComparer, ...]]:
        """The comparers of each control: itself, then its derived facts; none of a generated one."""
        derived = {fact.name: _comparer_of_derived_fact(fact) for fact in self.rulebook.derived_facts}
        return {
            name: ()
            if control.is_generated
            else (
                _comparer_of_control(control),
                *(derived[fact.name] for fact in self.derived_dependencies[name]),
            )
            for name, control in self.rulebook.controls.items()
        }

    @cached_property
    def derived_dependencies(self) -> Mapping[str, tuple[DerivedFact, ...]]:
        """The derived facts that each control rests on, directly or through others, in order of dependency."""
        controls = self.rulebook.controls.values()
        return {control.id: self.rulebook.rules_for_controls(control).derived_facts for control in controls}

    @cached_property
    def _comparers_by_value(self) -> Mapping[str, list[tuple[Control, FactComparer]]]:
        found: dict[str, list[tuple[Control, FactComparer]]] = {}
        for name, comparers in self.comparers.items():
            for comparer in comparers:
                for value in dict.fromkeys(comparer.values):
                    found.setdefault(value, []).append((self.rulebook.controls[name], comparer))
        return found

    @cached_property
    def _rows_by_choices(self) -> Mapping[str, Mapping[tuple[object, ...], list[DatedFigure]]]:
        found: dict[str, dict[tuple[object, ...], list[DatedFigure]]] = {}
        for name, value in self.rulebook.law.values.items():
            rows = found.setdefault(name, {})
            for row in value.history:
                rows.setdefault(tuple(map(row.choices.get, value.by)), []).append(row)
        return found

    def rows_for(self, value: str, facts: Facts) -> list[DatedFigure]:
        """The rows of a value for the choices that some facts make."""
        choices = tuple(map(facts.get, self.rulebook.law.values[value].by))
        return self._rows_by_choices[value].get(choices, [])

    def derived_facts_behind(self, controls: Iterable[str]) -> tuple[DerivedFact, ...]:
        """The derived facts that some controls rest on, in order of dependency."""
        wanted = frozenset(controls)
        if wanted not in self._derived_by_controls:
            names = {fact.name for control in wanted for fact in self.derived_dependencies[control]}
            behind = tuple(fact for fact in self.rulebook.derived_facts if fact.name in names)
            self._derived_by_controls[wanted] = behind
        return self._derived_by_controls[wanted]

    def controls_using(self, value: str) -> list[tuple[Control, FactComparer]]:
        """The controls that rest on a value, each with the comparer through which it does."""
        return self._comparers_by_value.get(value, [])

    def names_behind(self, control: str) -> frozenset[str]:
        """The control, the derived facts behind it, and the dated values of all of them."""
        comparers = self.comparers[control]
        return frozenset(name for comparer in comparers for name in (comparer.name, *comparer.values))

    def may_be_used_on(self, value: str, day: date, row: DatedFigure) -> bool:
        """Whether some control may use a value on a day, for the choices of a row."""
        return any(self._may_apply(control, comparer, day, row) for control, comparer in self.controls_using(value))

    def reachable_rows(self, control: Control, comparer: FactComparer, value: str) -> frozenset[int]:
        """The places of the rows of a value that a control may ever come to through a comparer."""
        memo_key = (control.id, comparer.governed_by, comparer.reads_all_subjects, value)
        if memo_key not in self._reachable_memo:
            operands = [term.operand for term in predicates_in(control.applies) if term.fact == comparer.governed_by]
            literals = [day for day in operands if isinstance(day, date)]
            self._reachable_memo[memo_key] = frozenset(
                place
                for place, row in enumerate(self.rulebook.law.values[value].history)
                if any(self._may_apply(control, comparer, day, row) for day in _sample_days(row, literals))
            )
        return self._reachable_memo[memo_key]

    def unreachable_rows(self) -> Iterator[tuple[str, int]]:
        """Every row that no control can come to, by value and place, of the values that controls rest on."""
        for name, value in self.rulebook.law.values.items():
            users = self.controls_using(name)
            reachable = frozenset[int]().union(*(self.reachable_rows(*user, name) for user in users))
            if users:
                yield from ((name, place) for place in range(len(value.history)) if place not in reachable)

    def _may_apply(self, control: Control, comparer: FactComparer, day: date, row: DatedFigure) -> bool:
        """Whether a control may apply, so far as the day and the choices of a row decide."""
        known: dict[str, FactValue] = {}
        if comparer.governed_by == control.declaration.governed_by:
            known[comparer.governed_by] = day
        if not comparer.reads_all_subjects:
            known |= row.choices
        # Hundreds of rows share a few first days and choices, so the same question comes again and again.
        memo_key = (control.id, *known.items())
        if memo_key not in self._applies_memo:
            self._applies_memo[memo_key] = _may_hold(control.applies, known) is not False
        return self._applies_memo[memo_key]


@lru_cache(maxsize=8)
def index_rulebook(rulebook: Rulebook) -> RulebookIndex:
    """Return the index of a rulebook, the same one at every call."""
    return RulebookIndex(rulebook)


def _comparer_of_control(control: Control) -> FactComparer:
    declared = control.declaration
    conditions = (control.applies, control.requires)
    return FactComparer(control.id, declared.governed_by, declared.of, conditions, control.values)


def _comparer_of_derived_fact(fact: DerivedFact) -> FactComparer:
    return FactComparer(
        fact.name, fact.governed_by, fact.compared_kind, fact.conditions, fact.values, bool(fact.related_kind)
    )


def _may_hold(condition: Condition, known: Facts) -> Truth:
    """Whether a condition holds, by some facts alone; None where other facts could still decide it."""
    if isinstance(condition, Predicate):
        return condition.evaluate(known) if condition.fact in known else None
    truths = [_may_hold(part, known) for part in condition.conditions]
    deciding = isinstance(condition, AnyOf)
    if deciding in truths:
        return deciding
    return None if None in truths else not deciding


def _sample_days(row: DatedFigure, literals: list[date]) -> Iterator[date]:
    """One day of each part into which the days in a control's `when` divide a row's period."""
    ends = [row.first, row.last or max([row.first, *literals]) + ONE_DAY]
    beside = (day + step * ONE_DAY for day in literals for step in (-1, 0, 1))
    yield from (day for day in (*ends, *beside) if row.covers(day))
