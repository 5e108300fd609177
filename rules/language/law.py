"""The dated values and the calendar that apply to an authority, and which figures are in force for a case.

A figure is selected by the governing day and the facts that the value depends on. If it cannot be selected, the result
names what is missing; no other figure is ever used in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial

from rules.errors import NotInForce
from rules.language.conditions import AllOf, AnyOf, Condition, Predicate, ResolvedValue, UnresolvedValue, ValueRef
from rules.language.dated_values import DatedFigure, DatedValue
from rules.values.calendar import Calendar
from rules.values.facts import FactValue


@dataclass(frozen=True, eq=False)
class Law:
    """Every dated value that applies to an authority, and the calendar of its working days."""

    values: Mapping[str, DatedValue]
    calendar: Calendar

    def figure_in_force(
        self, name: str, facts: Mapping[str, FactValue], governed_by: str
    ) -> DatedFigure | UnresolvedValue:
        """Return the row of a value in force, or what is missing.

        `governed_by` is the fact whose day governs.
        """
        selecting_facts = (governed_by, *self.values[name].by)
        return self._find_cached(name, selecting_facts, tuple(map(facts.get, selecting_facts)))

    @cached_property
    def _find_cached(self) -> Callable[..., DatedFigure | UnresolvedValue]:
        # The cache belongs to the law, so that both are freed together.
        return lru_cache(maxsize=4096)(partial(_find_in_force, self))

    def resolve(self, condition: Condition, facts: Mapping[str, FactValue], governed_by: str) -> Condition:
        """Replace the dated values of a condition by the figures in force."""
        if not condition.is_dated:
            return condition
        if isinstance(condition, Predicate):
            return self._resolve_predicate(condition, facts, governed_by)
        parts = tuple(self.resolve(part, facts, governed_by) for part in condition.conditions)
        return AllOf(parts) if isinstance(condition, AllOf) else AnyOf(parts)

    def _resolve_predicate(self, predicate: Predicate, facts: Mapping[str, FactValue], governed_by: str) -> Predicate:
        if not isinstance(predicate.operand, ValueRef):
            return predicate
        row = self.figure_in_force(predicate.operand.value_name, facts, governed_by)
        if isinstance(row, UnresolvedValue):
            return Predicate(predicate.fact, predicate.comparator, row)
        comparator = comparator_in_force(predicate.comparator, row.operator or "")
        name = predicate.operand.value_name
        selected_by = (governed_by, *self.values[name].by)
        return Predicate(predicate.fact, comparator, ResolvedValue(row.figure, name, selected_by))


def comparator_in_force(comparator: str, operator: str) -> str:
    """Return the comparator that a figure with an operator gives: `reaches` and `falls_short_of` depend on it."""
    return _COMPARATOR_BY_OPERATOR.get((comparator, operator), comparator)


def _find_in_force(
    law: Law, name: str, selecting_facts: tuple[str, ...], selecting_values: tuple[FactValue | None, ...]
) -> DatedFigure | UnresolvedValue:
    """Return the row for some facts; the first of them is the governing day, and some may be unknown."""
    facts = {fact: value for fact, value in zip(selecting_facts, selecting_values, strict=True) if value is not None}
    day = facts.get(selecting_facts[0])
    missing = tuple(dict.fromkeys(fact for fact in selecting_facts if fact not in facts))
    if missing or not isinstance(day, date):
        return UnresolvedValue(name, missing, selected_by=selecting_facts)
    try:
        return law.values[name].in_force_on(name, day, {fact: str(facts[fact]) for fact in selecting_facts[1:]})
    except NotInForce as error:
        return UnresolvedValue(name, reason=_describe_not_in_force(error), selected_by=selecting_facts)


def _describe_not_in_force(error: NotInForce) -> str:
    first = f"first in force on {error.first.isoformat()}" if error.first else "not set"
    return f"{error.value} on {error.day.isoformat()}, {error.reason or first}"


_COMPARATOR_BY_OPERATOR = {
    ("reaches", "at_least"): "at_least",
    ("reaches", "more_than"): "more_than",
    ("falls_short_of", "at_least"): "less_than",
    ("falls_short_of", "more_than"): "at_most",
}
