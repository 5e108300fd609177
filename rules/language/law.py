"""The dated values and the calendar that apply to an authority, and which figures are in force for a case.

A figure is selected by the governing day and the facts that the value depends on. If it cannot be selected, the result
names what is missing; no other figure is ever used in its place. Of a case that was decided elsewhere, each figure that
may be meant is tested, and the answer counts only if all give it: each that was in force between the bounds of the
governing day, and one for each choice that its source does not carry.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache, partial
from itertools import product
from typing import TypeAlias

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
from rules.values.money import Money, Vat

_ONE_DAY = timedelta(days=1)


_ResolvePredicate: TypeAlias = Callable[[Predicate, ValueRef, Mapping[str, FactValue], str], Condition]


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
        return self._resolve(condition, facts, governed_by, self._resolve_by_day)

    def resolve_partly(
        self, condition: Condition, facts: Mapping[str, FactValue], governed_by: str, asked: Collection[str]
    ) -> Condition:
        """Replace the dated values of a condition by all figures that may be meant."""
        return self._resolve(condition, facts, governed_by, partial(self._resolve_by_choices, asked))

    def _resolve(
        self, condition: Condition, facts: Mapping[str, FactValue], governed_by: str, resolve: _ResolvePredicate
    ) -> Condition:
        if not condition.is_dated:
            return condition
        if isinstance(condition, Predicate):
            operand = condition.operand
            return resolve(condition, operand, facts, governed_by) if isinstance(operand, ValueRef) else condition
        parts = (self._resolve(part, facts, governed_by, resolve) for part in condition.conditions)
        return regroup(condition, tuple(parts))

    def _resolve_by_choices(
        self,
        asked: Collection[str],
        predicate: Predicate,
        operand: ValueRef,
        facts: Mapping[str, FactValue],
        governed_by: str,
    ) -> Condition:
        parts = [
            part
            for choices in self.open_choices((operand.value_name,), facts, asked)
            for part in self._find_parts(predicate, operand, {**facts, **choices}, governed_by)
        ]
        return _test_all(parts)

    def _resolve_by_day(
        self, predicate: Predicate, operand: ValueRef, facts: Mapping[str, FactValue], governed_by: str
    ) -> Condition:
        return _test_all(self._find_parts(predicate, operand, facts, governed_by))

    def _find_parts(
        self, predicate: Predicate, operand: ValueRef, facts: Mapping[str, FactValue], governed_by: str
    ) -> list[Predicate]:
        """Return a predicate with each figure that was in force within the bounds of the governing day."""
        name = operand.value_name
        bounds = None if governed_by in facts else find_bounds(facts, governed_by)
        if bounds is None:
            row = self.figure_in_force(name, facts, governed_by)
            return [self._put_figure(predicate, name, row, (governed_by,))]
        ends = (governed_by + LOW, governed_by + HIGH)
        rows = [
            self.figure_in_force(name, {**facts, governed_by: day}, governed_by)
            for day in self.days_that_differ((name,), bounds)
        ]
        return [self._put_figure(predicate, name, row, ends) for row in rows]

    def open_choices(
        self, names: tuple[str, ...], facts: Mapping[str, FactValue], asked: Collection[str]
    ) -> list[dict[str, FactValue]]:
        """Return each way to choose the facts that some values depend on and that a source does not carry.

        A fact that is asked for and not stated was left empty, and has no choice. Only choices with a figure are
        tried. A control that may not apply for others says so in a condition of its own.
        """
        by = (fact for name in names for fact in self.values[name].by)
        unknown = dict.fromkeys(fact for fact in by if fact not in facts and fact not in asked)
        rows = [row for name in names for row in self.values[name].history]
        options = [sorted({row.choices[fact] for row in rows if fact in row.choices}) for fact in unknown]
        return [dict(zip(unknown, chosen, strict=True)) for chosen in product(*options)]

    def _put_figure(
        self, predicate: Predicate, name: str, row: DatedFigure | UnresolvedValue, selecting_days: tuple[str, ...]
    ) -> Predicate:
        """Return a predicate with the figure of a row in the place of its dated value."""
        if isinstance(row, UnresolvedValue):
            return Predicate(predicate.fact, predicate.comparator, row)
        comparator = comparator_in_force(predicate.comparator, row.operator or "")
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


def _test_all(parts: Iterable[Predicate]) -> Condition:
    """Return the test of every figure that may be meant; of figures in one order, the lowest and the highest decide."""
    distinct = list(dict.fromkeys(parts))
    kept = dict.fromkeys(part for group in _group_by_order(distinct) for part in group)
    return Consensus(tuple(kept)) if len(kept) > 1 else distinct[0]


def _group_by_order(parts: Iterable[Predicate]) -> Iterator[tuple[Predicate, ...]]:
    groups: dict[tuple[str, Vat], list[tuple[int, Predicate]]] = {}
    for part in parts:
        figure = part.operand.figure if isinstance(part.operand, ResolvedValue) else None
        if isinstance(figure, Money) and part.comparator in _ORDERS:
            groups.setdefault((part.comparator, figure.vat), []).append((figure.pence, part))
        else:
            yield (part,)
    for group in groups.values():
        ordered = sorted(group, key=lambda each: each[0])
        yield (ordered[0][1], ordered[-1][1])


def _around(last: date | None) -> tuple[date, ...]:
    return () if last is None else (last, last + _ONE_DAY)


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
    return f"{error.value} on {error.day.isoformat()}, {error.reason or error.days_in_force}"


_ORDERS = frozenset({"at_least", "more_than", "at_most", "less_than"})
_COMPARATOR_BY_OPERATOR = {
    ("reaches", "at_least"): "at_least",
    ("reaches", "more_than"): "more_than",
    ("falls_short_of", "at_least"): "less_than",
    ("falls_short_of", "more_than"): "at_most",
}
