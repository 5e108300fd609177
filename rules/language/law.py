"""The dated values and the calendar that apply to an authority, and which figures are in force for a case.

A figure is selected by the governing day and the facts that the value depends on. If it cannot be selected, the result
names what is missing; no other figure is ever used in its place. Where only bounds of the governing day are known, each
figure that was in force between them is tested, and the answer counts only if all give it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache, partial

from rules.errors import NotInForce
from rules.language.conditions import (
    Condition,
    Consensus,
    Predicate,
    ResolvedValue,
    UnresolvedValue,
    ValueRef,
    regroup,
)
from rules.language.dated_values import DatedFigure, DatedValue
from rules.values.bounds import HIGH, LOW, Bounds, find_bounds
from rules.values.calendar import Calendar
from rules.values.facts import FactValue

_ONE_DAY = timedelta(days=1)


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
        return regroup(condition, tuple(self.resolve(part, facts, governed_by) for part in condition.conditions))

    def _resolve_predicate(self, predicate: Predicate, facts: Mapping[str, FactValue], governed_by: str) -> Condition:
        if not isinstance(predicate.operand, ValueRef):
            return predicate
        name = predicate.operand.value_name
        bounds = None if governed_by in facts else find_bounds(facts, governed_by)
        if bounds is None:
            row = self.figure_in_force(name, facts, governed_by)
            return self._put_figure(predicate, name, row, (governed_by,))
        ends = (governed_by + LOW, governed_by + HIGH)
        rows = [
            self.figure_in_force(name, {**facts, governed_by: day}, governed_by)
            for day in self.days_that_differ((name,), bounds)
        ]
        parts = dict.fromkeys(self._put_figure(predicate, name, row, ends) for row in rows)
        return Consensus(tuple(parts)) if len(parts) > 1 else next(iter(parts))

    def _put_figure(
        self, predicate: Predicate, name: str, row: DatedFigure | UnresolvedValue, selecting_days: tuple[str, ...]
    ) -> Predicate:
        """Return a predicate with the figure of a row in the place of its dated value."""
        if isinstance(row, UnresolvedValue):
            return Predicate(predicate.fact, predicate.comparator, row)
        comparator = _COMPARATOR_BY_OPERATOR.get((predicate.comparator, row.operator or ""), predicate.comparator)
        selected_by = (*selecting_days, *self.values[name].by)
        return Predicate(predicate.fact, comparator, ResolvedValue(row.figure, name, selected_by))

    def days_that_differ(self, names: tuple[str, ...], bounds: Bounds) -> tuple[date, ...]:
        """Return the days within bounds on which another figure of some values may begin or end, and both bounds."""
        low, high = bounds
        if not isinstance(low, date) or not isinstance(high, date):
            return ()
        rows = [row for name in names for row in self.values[name].history]
        changes = {day for row in rows for day in (row.first, *_around(row.last))}
        changes |= {row.first - _ONE_DAY for row in rows if row.first > date.min}
        return tuple(sorted({low, high, *(day for day in changes if low < day < high)}))


def _around(last: date | None) -> tuple[date, ...]:
    return () if last is None else (last, last + _ONE_DAY)


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
