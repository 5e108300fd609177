"""Functions that derive days, and how many days lie between two of them.

There are four ways to count (`DAY_COUNTS`). A clear day lies wholly between two days: neither the day from which the
period is counted nor the day of the event at its end counts. A result is unknown as long as an input is, for a day in
a year whose bank holidays are not listed, and for a day that no calendar of ours can show. It is also unknown where the
bank holidays of other parts of the country count and the calendar does not list them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple, TypeAlias

from rules.language.day_schema import DayAway, DayCount, DaysBetween
from rules.language.derivation_context import DerivationContext, DerivationFunction
from rules.values.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    MAX_PERIOD_DAYS,
    Calendar,
    OutsideCalendar,
    calendar_days_between,
    clear_days_between,
    end_of_years_after,
)
from rules.values.facts import Facts, FactValue

CountDays: TypeAlias = Callable[[Calendar, date, date], int]
AddDays: TypeAlias = Callable[[Calendar, date, int], date]


def _calendar_days(_: Calendar, start: date, end: date) -> int:
    return calendar_days_between(start, end)


def _clear_days(_: Calendar, start: date, end: date) -> int:
    return clear_days_between(start, end)


def _add_calendar_days(_: Calendar, start: date, count: int) -> date:
    return start + timedelta(days=count)


class DayCounting(NamedTuple):
    """One way to count days.

    `between` counts from one day to another. `add` goes so many days on, or back for a negative count. With
    `is_clear`, the day at the end is not one of those that count, so it lies one day further.
    """

    between: CountDays
    add: AddDays
    is_clear: bool = False


DAY_COUNTS: Mapping[DayCount, DayCounting] = {
    "calendar_days": DayCounting(_calendar_days, _add_calendar_days),
    "clear_days": DayCounting(_clear_days, _add_calendar_days, is_clear=True),
    "working_days": DayCounting(Calendar.working_days_between, Calendar.add_working_days),
    "clear_working_days": DayCounting(Calendar.clear_working_days_between, Calendar.add_working_days, is_clear=True),
}


def days_between(counting: DayCount, period: DaysBetween) -> DerivationFunction:
    """Count the days from one day to another; negative if that is earlier."""
    count = DAY_COUNTS[counting].between

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        start, end = facts.get(period.first), facts.get(period.last)
        calendar = _calendar_of(context, period)
        if not isinstance(start, date) or not isinstance(end, date) or calendar is None:
            return None
        try:
            return count(calendar, start, end)
        except OutsideCalendar:
            return None

    return compute


def _calendar_of(context: DerivationContext, counted: DaysBetween | DayAway) -> Calendar | None:
    return context.law.calendar.anywhere if counted.elsewhere else context.law.calendar


def day_away(away: DayAway, *, direction: Literal[1, -1]) -> DerivationFunction:
    """Compute the nearest day that lies so many days after (1) or before (-1) another.

    For clear days this is the first day, or the last before, with so many of them between. It may be a day off.
    """
    _, add, is_clear = DAY_COUNTS[away.counting]
    number = away.number

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        start, calendar = facts.get(away.day), _calendar_of(context, away)
        count = context.figure_in_force(number.value, facts) if number.value else facts.get(number.fact)
        if not isinstance(start, date) or not isinstance(count, int) or not 0 <= count <= MAX_PERIOD_DAYS:
            return None
        if calendar is None:
            return None
        try:
            day_found = add(calendar, start, direction * count) + timedelta(days=direction * is_clear)
        except OutsideCalendar:
            return None
        return day_found if FIRST_YEAR <= day_found.year <= LAST_YEAR else None

    return compute


def is_working_day(name: str) -> DerivationFunction:
    """Return whether a day is a working day of the authority's calendar."""

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        day = facts.get(name)
        calendar = context.law.calendar
        return calendar.is_working_day(day) if isinstance(day, date) and calendar.covers(day) else None

    return compute


def day_off_reason(name: str) -> DerivationFunction:
    """Give the reason why a day is not a working day: `Good Friday`, `a Saturday`."""

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        day = facts.get(name)
        calendar = context.law.calendar
        return (calendar.day_off_reason(day) or None) if isinstance(day, date) and calendar.covers(day) else None

    return compute


def end_of_years(day: str, years: tuple[str, ...]) -> DerivationFunction:
    """Compute the last day of a period of years that begins after a day's year.

    The number of years is a dated value; of several, the first that is set for the subject.
    """

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        start, number = facts.get(day), context.first_figure_in_force(years, facts)
        if not isinstance(start, date) or not isinstance(number, int):
            return None
        return end_of_years_after(start, number)

    return compute
