"""Days as columns: how many lie between two of them, and the day so many days away.

Days are ordinals. Working days are found by two tables: one says of each day how many working days there were up to it
(its position), and the other gives the working day of each position. Outside both, the result is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import ibis
import pyarrow as pa

from rules.columns.arithmetic import floor_divide, whole
from rules.columns.cells import Cell
from rules.columns.truths import Column
from rules.values.calendar import FIRST_YEAR, LAST_YEAR, MAX_PERIOD_DAYS, Calendar

_FIRST_ORDINAL = date(FIRST_YEAR, 1, 1).toordinal()
_LAST_ORDINAL = date(LAST_YEAR, 12, 31).toordinal()
_DAYS_IN_400_YEARS = 146_097


def calendar_rows(calendar: Calendar) -> pa.Table:
    """Return the days of a calendar: their ordinals, positions, whether each is a working day, and if not, why."""
    position, rows = 0, []
    for day in _days_of(calendar):
        reason = calendar.day_off_reason(day) or None
        position += reason is None
        rows.append((day.toordinal(), position, reason is None, reason))
    columns = list(zip(*rows, strict=True))
    return pa.table(
        {
            "day": pa.array(columns[0], pa.int64()),
            "position": pa.array(columns[1], pa.int64()),
            "working": pa.array(columns[2], pa.bool_()),
            "reason": pa.array(columns[3], pa.string()),
        }
    )


def _days_of(calendar: Calendar) -> Iterator[date]:
    first, last = date(calendar.first_year, 1, 1), date(calendar.last_year, 12, 31)
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def calendar_days(start: Column, end: Column) -> Column:
    """Count the days after `start` to `end`; negative if `end` is earlier."""
    return end - start


def clear_days(start: Column, end: Column) -> Column:
    """Count the days wholly between two; negative if `end` is earlier."""
    difference = end - start
    return _signed(difference, difference.abs() - 1)


def working_days(start: Column, end: Column) -> Column:
    """Count the working days after `start` to `end`, given their positions."""
    return end - start


def clear_working_days(start: tuple[Column, Column], end: tuple[Column, Column]) -> Column:
    """Count the working days wholly between two, given the position of each and whether it is a working day."""
    (first, first_works), (last, last_works) = start, end
    forward = last - first - _as_number(last_works)
    backward = first - last - _as_number(first_works)
    return ibis.cases((last >= first, _not_negative(forward)), (last < first, -_not_negative(backward)))


def position_away(position: Column, is_working: Column, count: Column, direction: int) -> Column:
    """Return the position of the `count`th working day after (1) or before (-1) a day; `count` is above zero."""
    if direction > 0:
        return position + count
    return position - _as_number(is_working) - count + 1


def valid_number(count: Column) -> Column:
    """Return a number of days, or NULL where it is none that is counted."""
    return ibis.cases(((count >= 0) & (count <= MAX_PERIOD_DAYS), count))


def valid_day(day: Column) -> Cell:
    """Return a day, or NULL where no calendar of ours can show it."""
    return Cell(ibis.cases(((day >= _FIRST_ORDINAL) & (day <= _LAST_ORDINAL), day)))


def end_of_years(day: Column, years: Column) -> Column:
    """Return the last day of so many years after the year of a day."""
    return _last_day_of(_year_of(day) + years)


def _year_of(day: Column) -> Column:
    year = floor_divide(day * 400, whole(_DAYS_IN_400_YEARS)) + 1
    return ibis.cases((day > _last_day_of(year), year + 1), (day <= _last_day_of(year - 1), year - 1), else_=year)


def _last_day_of(year: Column) -> Column:
    leap_days = [floor_divide(year, whole(years)) for years in (4, 100, 400)]
    return year * 365 + leap_days[0] - leap_days[1] + leap_days[2]


def _signed(sign: Column, count: Column) -> Column:
    return ibis.cases((sign < 0, -_not_negative(count)), (sign >= 0, _not_negative(count)))


def _not_negative(count: Column) -> Column:
    return ibis.cases((count > 0, count), (count <= 0, whole(0)))


def _as_number(flag: Column) -> Column:
    return ibis.cases((flag, whole(1)), else_=whole(0))
