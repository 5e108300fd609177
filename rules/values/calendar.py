"""Days as rules count them: calendar, clear and working days, with the bank holidays of a division.

Nothing here knows today's day, and nothing guesses: a day for which no holidays are listed is refused.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from rules.errors import InputError
from rules.values.text import quote

FIRST_YEAR, LAST_YEAR = 1900, 2200
MAX_PERIOD_YEARS = 200

_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ONE_DAY = timedelta(days=1)
_WEEKDAYS_PER_WEEK = 5  # Monday is 0, Saturday 5
# The standard library's names follow the locale of the machine; a document's may not.
_FIRST_HALF = ("January", "February", "March", "April", "May", "June")
_MONTHS = (*_FIRST_HALF, "July", "August", "September", "October", "November", "December")
_HOLIDAY_EXTRAS: tuple[dict[str, bool], ...] = ({}, {"special": True})
_CALENDAR_KEYS = frozenset(["division", "title", "citation", "sources", "covers", "holidays"])


class OutsideCalendar(InputError):
    """A day falls in a year whose holidays are not listed, so that its working days cannot be known."""

    def __init__(self, day: date, calendar: Calendar) -> None:
        years = f"{calendar.first_year} to {calendar.last_year}"
        super().__init__(
            f"{day.isoformat()} is outside {years}, the years whose holidays are listed for {calendar.title}",
            f"Check the day, or add its year to the list of days for {calendar.division}.",
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one division: Monday to Friday, but for its `holidays` (day to name).

    Every question about a day outside `first_year` to `last_year` raises `OutsideCalendar`.
    """

    division: str
    title: str
    first_year: int
    last_year: int
    holidays: Mapping[date, str] = field(hash=False)

    def __post_init__(self) -> None:
        """Take a copy of the holidays that nobody can change."""
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))

    def covers(self, day: date) -> bool:
        """Whether the calendar can tell anything about the day."""
        return self.first_year <= day.year <= self.last_year

    def is_working_day(self, day: date) -> bool:
        """Whether the day is neither a Saturday nor a Sunday nor a holiday."""
        return not self.day_off_reason(day)

    def day_off_reason(self, day: date) -> str:
        """Why the day is not a working day (`Good Friday`, `a Saturday`), or an empty text if it is one."""
        self._require_covered(day)
        weekend = {5: "a Saturday", 6: "a Sunday"}.get(day.weekday(), "")
        return self.holidays.get(day, weekend)

    def next_working_day(self, day: date) -> date:
        """The first working day on or after the day."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def previous_working_day(self, day: date) -> date:
        """The last working day on or before the day."""
        while not self.is_working_day(day):
            day -= _ONE_DAY
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days follow `start`, to the end of `end`; negative if `end` is before `start`."""
        if end < start:
            return -self.working_days_between(end, start)
        self._require_covered(start)
        self._require_covered(end)
        holidays = sum(start < day <= end and day.weekday() < _WEEKDAYS_PER_WEEK for day in self.holidays)
        return _weekdays_through(end) - _weekdays_through(start) - holidays

    def clear_working_days_between(self, start: date, end: date) -> int:
        """How many working days lie between the two, neither counted; negative if `end` is first."""
        if end < start:
            return -self.clear_working_days_between(end, start)
        return max(0, self.working_days_between(start, end) - self.is_working_day(end))

    def add_working_days(self, start: date, count: int) -> date:
        """The `count`th working day after `start`, or before it if negative; `start` itself if 0."""
        self._require_covered(start)
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        day = start
        for _ in range(abs(count)):
            day += step
            day = self.next_working_day(day) if count > 0 else self.previous_working_day(day)
        return day

    def _require_covered(self, day: date) -> None:
        if not self.first_year <= day.year <= self.last_year:
            raise OutsideCalendar(day, self)


def _weekdays_through(day: date) -> int:
    weeks, rest = divmod(day.toordinal(), 7)  # the first ordinal is a Monday
    return weeks * _WEEKDAYS_PER_WEEK + min(rest, _WEEKDAYS_PER_WEEK)


def calendar_days_between(start: date, end: date) -> int:
    """How many days follow `start`, up to and including `end`; negative if `end` is before `start`."""
    return (end - start).days


def clear_days_between(start: date, end: date) -> int:
    """How many days lie between the two, neither of them counted; negative if `end` is before `start`."""
    if end < start:
        return -clear_days_between(end, start)
    return max(0, calendar_days_between(start, end) - 1)


def end_of_years_after(day: date, years: int) -> date:
    """The end of the period of so many calendar years that begins with the year following the day.

    So the Freedom of Information Act 2000, section 62(1), reckons the age of a record.
    """
    if not 1 <= years <= MAX_PERIOD_YEARS:
        raise InputError(f"a period of {years} years is not from 1 to {MAX_PERIOD_YEARS} years")
    return date(day.year + years, 12, 31)


def parse_day(text: str) -> date:
    """The day written as YYYY-MM-DD, in the years 1900 to 2200; raises `InputError` saying what is wrong."""
    found = _ISO_DATE.fullmatch(text)
    if found is None:
        raise InputError(f"{quote(text)} is not a day in the form YYYY-MM-DD", "Write a day as 2018-03-30.")
    year, month, number = (int(part) for part in found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(f"{text} is not in the years {FIRST_YEAR} to {LAST_YEAR}", "Check the year.")
    if not 1 <= month <= len(_MONTHS):
        raise InputError(f"{text} is not a day: months are 01 to 12", "Write a day as 2018-03-30.")
    length = monthrange(year, month)[1]
    if not 1 <= number <= length:
        name = f"{_MONTHS[month - 1]} {year}"
        raise InputError(f"{text} is not a day: {name} has {length} days", f"Use 01 to {length} for {name}.")
    return date(year, month, number)


def long_date(day: date) -> str:
    """The day as documents print it: `7 March 2023`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def parse_calendar(data: Mapping[str, object]) -> Calendar:
    """The calendar that a file of days describes, as read; raises one `InputError` that names every fault."""
    faults = [f"{key}: is not a key that is known here" for key in sorted(data.keys() - _CALENDAR_KEYS)]
    faults += [f"{key}: must be text" for key in ("division", "title") if not isinstance(data.get(key), str)]
    if not isinstance(data.get("citation"), Mapping):
        faults.append("citation: is missing; say which law or notice the days come from")
    first, last = _parse_years(data.get("covers"), faults)
    holidays = _parse_holidays(data.get("holidays"), faults)
    if not faults:  # what lies outside the years can be said only once the years are known
        faults += _find_coverage_faults(holidays, first, last)
    if faults:
        raise InputError("\n".join(faults), "Mend the list of days; nothing was taken from it.")
    return Calendar(str(data["division"]), str(data["title"]), first, last, holidays)


def _parse_years(covers: object, faults: list[str]) -> tuple[int, int]:
    match covers:
        case {"from": int(first), "to": int(last)} if FIRST_YEAR <= first <= last <= LAST_YEAR:
            return first, last
    faults.append(f"covers: must give the years from and to, in order, from {FIRST_YEAR} to {LAST_YEAR}")
    return 0, 0


def _parse_holidays(rows: object, faults: list[str]) -> dict[date, str]:
    holidays: dict[date, str] = {}
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        match row:
            case {"day": date() as day} if day in holidays:
                faults.append(f"holidays.{number}.day: {day.isoformat()} stands twice")
            case {"day": date() as day, "name": str(name), **rest} if name.strip() and rest in _HOLIDAY_EXTRAS:
                holidays[day] = name
            case _:
                faults.append(f"holidays.{number}: must have a day and a name, and may have special: true")
    return holidays


def _find_coverage_faults(holidays: Mapping[date, str], first: int, last: int) -> Iterator[str]:
    for day in holidays:
        if not first <= day.year <= last:
            yield f"holidays: {day.isoformat()} is outside the years {first} to {last} that the file covers"
    for year in sorted(set(range(first, last + 1)) - {day.year for day in holidays}):
        yield f"holidays: {year} is covered but has no holidays"  # a forgotten year would look all working
