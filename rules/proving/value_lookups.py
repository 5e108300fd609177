"""Which examples look a dated value up, by which day and choices, and so can notice a change of one of its rows.

An example that looks up no figure that is another under a changed value comes out as before: neither a derived fact
behind its control nor the control itself can differ first. So it need not be judged again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeAlias

from rules.errors import NotInForce
from rules.language.dated_values import DatedFigure, DatedValue
from rules.proving.example_run import ExampleRun, Expectation
from rules.proving.rulebook_index import RulebookIndex
from rules.values.bounds import find_bounds
from rules.values.evidence import Evidence
from rules.values.facts import Facts, FactValue

_Choices: TypeAlias = tuple[str | None, ...]
_Lookup: TypeAlias = tuple[FactValue | None, _Choices]
"""The day that governs, and the choices that a value depends on; None for each that is unknown."""


class _Looking(NamedTuple):
    """An example of a control, and all that it looks a value up by; None where a day is known within bounds alone."""

    run: ExampleRun
    expectation: Expectation
    lookups: frozenset[_Lookup] | None


@dataclass(frozen=True, slots=True)
class ValueLookups:
    """The lookups of one dated value by the examples of each control that rests on it."""

    name: str
    value: DatedValue
    by_control: Mapping[str, Sequence[_Looking]]
    _figures: dict[_Lookup, object] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        name: str,
        index: RulebookIndex,
        examples_by_control: Mapping[str, Sequence[tuple[ExampleRun, Expectation]]],
    ) -> ValueLookups:
        """Return the lookups of a value, of every subject: a derived fact may look at any."""
        value, days = index.rulebook.law.values[name], dict[str, set[str]]()
        for control, comparer in index.controls_using(name):
            days.setdefault(control.id, set()).add(comparer.governed_by)
        return cls(
            name,
            value,
            {
                control: [
                    _Looking(run, expectation, _find_lookups(run.evidence, sorted(governing), value.by))
                    for run, expectation in examples_by_control.get(control, ())
                ]
                for control, governing in days.items()
            },
        )

    def examples_of_other_figures(self, control: str, changed: DatedValue) -> Iterator[tuple[ExampleRun, Expectation]]:
        """Yield the examples of a control that look up another figure in a changed value, or may."""
        same = set(map(id, self.value.history)) & set(map(id, changed.history))
        other = [row for row in (*self.value.history, *changed.history) if id(row) not in same]
        choices = {_choices_of(row, self.value) for row in other}
        differs: dict[_Lookup, bool] = {}
        for run, expectation, lookups in self.by_control.get(control, ()):
            if lookups is None or any(
                self._differs(lookup, changed, differs) for lookup in lookups if lookup[1] in choices
            ):
                yield run, expectation

    def _differs(self, lookup: _Lookup, changed: DatedValue, known: dict[_Lookup, bool]) -> bool:
        if lookup not in known:
            if lookup not in self._figures:
                self._figures[lookup] = _find_figure(self.name, self.value, lookup)
            known[lookup] = _find_figure(self.name, changed, lookup) != self._figures[lookup]
        return known[lookup]


def _choices_of(row: DatedFigure, value: DatedValue) -> _Choices:
    return tuple(map(row.choices.get, value.by))


def _find_lookups(evidence: Evidence, days: Collection[str], by: Sequence[str]) -> frozenset[_Lookup] | None:
    found: set[_Lookup] = set()
    for subject_facts in _all_facts(evidence):
        for day in days:
            if day not in subject_facts and find_bounds(subject_facts, day) is not None:
                return None
            found.add((subject_facts.get(day), tuple([_code(subject_facts.get(fact)) for fact in by])))
    return frozenset(found)


def _code(choice: FactValue | None) -> str | None:
    return None if choice is None else str(choice)


def _all_facts(evidence: Evidence) -> Iterator[Facts]:
    yield evidence.case_facts
    yield from map(evidence.facts_of, evidence.subjects)


def _find_figure(name: str, value: DatedValue, lookup: _Lookup) -> object:
    """Return what a control can learn of the row in force: its figure and operator, or nothing."""
    day, choices = lookup
    known = {fact: choice for fact, choice in zip(value.by, choices, strict=True) if choice is not None}
    if not isinstance(day, date) or len(known) < len(choices):
        return None
    try:
        row = value.in_force_on(name, day, known)
    except NotInForce:
        return None
    return row.figure, row.operator
