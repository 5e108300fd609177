"""Derived facts of days, some of which are looked up in the table of working days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import ibis

from rules.columns import day_columns
from rules.columns.cells import Cell
from rules.columns.derived_columns import first_figure
from rules.columns.engine import Table
from rules.columns.related_columns import Joined
from rules.columns.scopes import Scope
from rules.columns.stages import Stage
from rules.columns.truths import Column
from rules.language.day_schema import DayAway, DaysBetween
from rules.language.derivation_context import DerivedFact
from rules.language.derivation_schema import EndOfYears
from rules.language.law import Law
from rules.values.calendar import Calendar


@dataclass(frozen=True, slots=True)
class LookUp:
    """What a looked-up function works on: its stage with the facts, the days of a calendar, and the law."""

    stage: Stage
    scope_of: Callable[[Stage], Scope]
    days_of: Callable[[Calendar], Table]
    law: Law

    def scope(self) -> Scope:
        """Return the facts of the stage as its table is now."""
        return self.scope_of(self.stage)

    def calendar_days(self, *, elsewhere: bool = False) -> Table | None:
        """Return the days of the calendar; None if it lacks the bank holidays of other parts, and those count."""
        calendar = self.law.calendar.anywhere if elsewhere else self.law.calendar
        return None if calendar is None else self.days_of(calendar)

    def working_day(self, fact: str, *, elsewhere: bool = False) -> dict[str, str] | None:
        """Join what the calendar says of a day; None if nobody has it."""
        names, calendar_days = self.stage.facts.get(fact), self.calendar_days(elsewhere=elsewhere)
        if names is None or calendar_days is None:
            return None
        columns = ["position", "working", "reason"]
        return self.stage.join(calendar_days, lambda own, days: [own[names.value] == days["day"]], columns)


LookedUpFunction: TypeAlias = Callable[[DerivedFact, Any, LookUp], Joined]


def _nothing() -> Cell | None:
    return None


def _plain_days(count: Callable[[Column, Column], Column]) -> LookedUpFunction:
    def join(_: DerivedFact, period: DaysBetween, at: LookUp) -> Joined:
        def column() -> Cell | None:
            cells = at.scope().cells
            start, end = cells.get(period.first), cells.get(period.last)
            return None if start is None or end is None else Cell(count(start.value, end.value))

        return column

    return join


def _both_days(period: DaysBetween, at: LookUp) -> list[dict[str, str] | None]:
    return [at.working_day(day, elsewhere=period.elsewhere) for day in (period.first, period.last)]


def _working_days(_: DerivedFact, period: DaysBetween, at: LookUp) -> Joined:
    start, end = _both_days(period, at)
    if start is None or end is None:
        return _nothing
    return lambda: Cell(day_columns.working_days(at.stage.table[start["position"]], at.stage.table[end["position"]]))


def _clear_working_days(_: DerivedFact, period: DaysBetween, at: LookUp) -> Joined:
    start, end = _both_days(period, at)
    if start is None or end is None:
        return _nothing

    def pair(names: dict[str, str]) -> tuple[Column, Column]:
        return at.stage.table[names["position"]], at.stage.table[names["working"]]

    return lambda: Cell(day_columns.clear_working_days(pair(start), pair(end)))


def _day_away(direction: Literal[1, -1]) -> LookedUpFunction:
    def join(derived: DerivedFact, away: DayAway, at: LookUp) -> Joined:
        is_clear = away.counting in ("clear_days", "clear_working_days")
        if away.counting in ("working_days", "clear_working_days"):
            return _working_day_away(derived, away, at, direction, is_clear=is_clear)

        def column() -> Cell | None:
            day, count = at.scope().cells.get(away.day), _number_of_days(derived, away, at)
            if day is None or count is None:
                return None
            return day_columns.valid_day(day.value + count * direction + direction * is_clear)

        return column

    return join


def _number_of_days(derived: DerivedFact, away: DayAway, at: LookUp) -> Column:
    """Return the number of days as a column; None if it is unknown in every row."""
    scope, number = at.scope(), away.number
    figure = scope.figure(number.value, derived.governed_by) if number.value else None
    cell = figure.cell if figure else scope.cells.get(number.fact)
    return None if cell is None else day_columns.valid_number(cell.value)


def _working_day_away(
    derived: DerivedFact, away: DayAway, at: LookUp, direction: Literal[1, -1], *, is_clear: bool
) -> Joined:
    names = at.working_day(away.day, elsewhere=away.elsewhere)
    days = at.calendar_days(elsewhere=away.elsewhere)
    if names is None or days is None or _number_of_days(derived, away, at) is None:
        return _nothing
    working = days.filter(days.working).select("day", "position")

    def same_position(own: Table, other: Table) -> list[Column]:
        count = _number_of_days(derived, away, at)
        position = day_columns.position_away(own[names["position"]], own[names["working"]], count, direction)
        return [position == other["position"]]

    found = at.stage.join(working, same_position, ["day"])

    def column() -> Cell | None:
        table, count = at.stage.table, _number_of_days(derived, away, at)
        start = ibis.cases((table[names["position"]].notnull(), at.scope().cells[away.day].value))
        day = ibis.cases((count == 0, start), (count > 0, table[found["day"]]))
        return day_columns.valid_day(day + direction * is_clear)

    return column


def _is_working_day(_: DerivedFact, day: str, at: LookUp) -> Joined:
    names = at.working_day(day)
    return _nothing if names is None else lambda: Cell(at.stage.table[names["working"]])


def _day_off(_: DerivedFact, day: str, at: LookUp) -> Joined:
    names = at.working_day(day)
    return _nothing if names is None else lambda: Cell(at.stage.table[names["reason"]])


def _end_of_years(derived: DerivedFact, period: EndOfYears, at: LookUp) -> Joined:
    def column() -> Cell | None:
        scope = at.scope()
        day, years = scope.cells.get(period.day), first_figure(period.years, scope, derived.governed_by)
        return None if day is None or years is None else Cell(day_columns.end_of_years(day.value, years.value))

    return column


LOOKED_UP_FUNCTIONS: Mapping[str, LookedUpFunction] = {
    "calendar_days": _plain_days(day_columns.calendar_days),
    "clear_days": _plain_days(day_columns.clear_days),
    "working_days": _working_days,
    "clear_working_days": _clear_working_days,
    "day_after": _day_away(1),
    "day_before": _day_away(-1),
    "is_working_day": _is_working_day,
    "day_off": _day_off,
    "end_of_years": _end_of_years,
}
"""The functions of days, by their key in a pack."""
