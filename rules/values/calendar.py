"""Count days as rules do: calendar, clear and working days.

Clear days leave out both ends: the day on which the period begins and the day of the event at its end. So rule 2.8(3)
of the Civil Procedure Rules 1998 (SI 1998/3132) defines them. Between a notice of the 1st and a meeting on the 7th lie
five clear days, the 2nd to the 6th. Clear working days are those of them that are working days.

Working days depend on the bank holidays of one division, such as England and Wales. Nothing here knows today's date.
Nothing is guessed: a year whose bank holidays are not listed raises `OutsideCalendar`. Years that nobody has announced
yet are listed by the rule that fixes their days, and each row says so (`fixed_by`).

Some law counts a bank holiday in any part of the country as a day off. `Calendar.anywhere` has the days of all parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from rules.errors import InputError

FIRST_YEAR, LAST_YEAR = 1900, 2200
MAX_PERIOD_YEARS = 200
MAX_PERIOD_DAYS = 36_600

_ONE_DAY = timedelta(days=1)
_WEEKDAYS_PER_WEEK = 5  # Monday is 0, Saturday 5
# The standard library's month names follow the locale of the machine. A document must not.
_FIRST_HALF = ("January", "February", "March", "April", "May", "June")
MONTHS = (*_FIRST_HALF, "July", "August", "September", "October", "November", "December")
FIXED_BY: tuple[str, ...] = ("law", "custom")
"""Why a day that nobody announced yet is listed: the law fixes it, or it is appointed in this way every year."""
_EXPECTED = " (expected, not announced yet)"
_HOLIDAY_EXTRAS: list[dict[str, object]] = [{}, {"special": True}]
_HOLIDAY_EXTRAS += [{"fixed_by": each} for each in FIXED_BY]
_EXTRAS_TEXT = "special: true, or fixed_by: law or custom"
_CALENDAR_KEYS = frozenset(["division", "title", "citation", "sources", "covers", "holidays", "elsewhere"])


class OutsideCalendar(InputError):
    """A day in a year whose bank holidays are not listed."""

    def __init__(self, day: date, calendar: Calendar) -> None:
        years = f"{calendar.first_year} to {calendar.last_year}"
        super().__init__(
            f"{day.isoformat()} is outside {years}, the years with bank holidays listed for {calendar.title}",
            f"Check the day, or add the bank holidays of its year to the file of days for {calendar.division}.",
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one division: Monday to Friday without its bank holidays.

    `holidays` gives the name of each bank holiday by its day. `elsewhere` gives those of other parts of the country
    that are none here; None if they are not listed. The holidays of the years after `last_announced_year` are listed by
    rule: a special day may still be appointed in them. Every method but `covers` raises `OutsideCalendar` for a day
    outside `first_year` to `last_year`.
    """

    division: str
    title: str
    first_year: int
    last_year: int
    holidays: Mapping[date, str] = field(hash=False)
    elsewhere: Mapping[date, str] | None = field(default=None, hash=False)
    by_rule: frozenset[date] = frozenset()
    anywhere: Calendar | None = field(init=False, hash=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Copy the holidays, so that nobody can change them, and join those of all parts of the country."""
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))
        anywhere = None
        if self.elsewhere is not None:
            object.__setattr__(self, "elsewhere", MappingProxyType(dict(self.elsewhere)))
            every_day_off = {**self.elsewhere, **self.holidays}
            anywhere = Calendar(
                self.division, self.title, self.first_year, self.last_year, every_day_off, by_rule=self.by_rule
            )
        object.__setattr__(self, "anywhere", anywhere)

    def covers(self, day: date) -> bool:
        """Return whether the bank holidays of the day's year are listed."""
        return self.first_year <= day.year <= self.last_year

    @property
    def last_announced_year(self) -> int:
        """The last year before those whose holidays are listed by rule."""
        return min((day.year for day in self.by_rule), default=self.last_year + 1) - 1

    def is_working_day(self, day: date) -> bool:
        """Return whether the day is no Saturday, Sunday or bank holiday."""
        return not self.day_off_reason(day)

    def day_off_reason(self, day: date) -> str:
        """Return why a day is off: `Good Friday`, `a Saturday`.

        A working day gives an empty text.
        """
        self._require_covered(day)
        weekend = {5: "a Saturday", 6: "a Sunday"}.get(day.weekday(), "")
        return self.holidays.get(day, weekend)

    def next_working_day(self, day: date) -> date:
        """Return the first working day on or after the day."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def previous_working_day(self, day: date) -> date:
        """Return the last working day on or before the day."""
        while not self.is_working_day(day):
            day -= _ONE_DAY
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start`, up to and including `end`.

        The count is negative if `end` is before `start`.
        """
        if end < start:
            return -self.working_days_between(end, start)
        self._require_covered(start)
        self._require_covered(end)
        holidays = sum(start < day <= end and day.weekday() < _WEEKDAYS_PER_WEEK for day in self.holidays)
        return _weekdays_through(end) - _weekdays_through(start) - holidays

    def clear_working_days_between(self, start: date, end: date) -> int:
        """Count the working days between two days, leaving out both.

        The count is negative if `end` is before `start`.
        """
        if end < start:
            return -self.clear_working_days_between(end, start)
        return max(0, self.working_days_between(start, end) - self.is_working_day(end))

    def add_working_days(self, start: date, count: int) -> date:
        """Return the `count`th working day after `start`.

        A negative count goes back from `start`; 0 gives `start` itself, working day or not.
        """
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
    """Count the weekdays from 1 January of year 1, so that a difference needs no loop over days."""
    weeks, days = divmod(day.toordinal(), 7)  # ordinal 1 is a Monday
    return weeks * _WEEKDAYS_PER_WEEK + min(days, _WEEKDAYS_PER_WEEK)


def calendar_days_between(start: date, end: date) -> int:
    """Count the days after `start` to `end`; negative if `end` is earlier."""
    return (end - start).days


def clear_days_between(start: date, end: date) -> int:
    """Count the clear days between both, without either; negative if `end` is earlier.

    Both the day of a notice and the day of the meeting are left out, as in rule 2.8(3) of the Civil Procedure Rules
    1998. The same day and the next have no clear day between them.
    """
    if end < start:
        return -clear_days_between(end, start)
    return max(0, calendar_days_between(start, end) - 1)


def end_of_years_after(day: date, years: int) -> date:
    """Return the last day of the years after a day's year.

    The Freedom of Information Act 2000, section 62(1), counts the age of a record in this way. Raises `InputError`
    unless `years` is from 1 to `MAX_PERIOD_YEARS`.
    """
    if not 1 <= years <= MAX_PERIOD_YEARS:
        raise InputError(f"a period of {years} years is not from 1 to {MAX_PERIOD_YEARS} years", "Check the number.")
    return date(day.year + years, 12, 31)


def long_date(day: date) -> str:
    """Format a day as documents print it: `7 March 2023`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def parse_calendar(data: Mapping[str, object]) -> Calendar:
    """Build the calendar from the data of a file of days.

    A day that only custom fixes is named as expected. Raises one `InputError` that lists every fault.
    """
    faults = [f"{key}: is not a known key" for key in sorted(data.keys() - _CALENDAR_KEYS)]
    faults += [f"{key}: must be text" for key in ("division", "title") if not isinstance(data.get(key), str)]
    if not isinstance(data.get("citation"), Mapping):
        faults.append("citation: is missing; name the law or notice that the days come from")
    first, last = _parse_years(data.get("covers"), faults)
    holidays = _parse_holidays("holidays", data.get("holidays"), faults)
    elsewhere = _parse_holidays("elsewhere", data["elsewhere"], faults) if "elsewhere" in data else None
    if not faults:  # coverage can be checked only against years and holidays that were read
        faults += _find_coverage_faults("holidays", holidays, first, last)
        if elsewhere is not None:
            faults += _find_coverage_faults("elsewhere", elsewhere, first, last)
            both = sorted(holidays.keys() & elsewhere.keys())
            faults += [f"elsewhere: {day.isoformat()} is listed under holidays too" for day in both]
    if faults:
        raise InputError("\n".join(faults), "Correct the file of days. Nothing was read from it.")
    by_rule = frozenset(row["day"] for key in ("holidays", "elsewhere") for row in _rows_by_rule(data.get(key)))
    return Calendar(str(data["division"]), str(data["title"]), first, last, holidays, elsewhere, by_rule)


def _parse_years(covers: object, faults: list[str]) -> tuple[int, int]:
    match covers:
        case {"from": int(first), "to": int(last)} if FIRST_YEAR <= first <= last <= LAST_YEAR:
            return first, last
    faults.append(f"covers: must give the years from and to, in order, from {FIRST_YEAR} to {LAST_YEAR}")
    return 0, 0


def _parse_holidays(key: str, rows: object, faults: list[str]) -> dict[date, str]:
    holidays: dict[date, str] = {}
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        match row:
            case {"day": date() as day} if day in holidays:
                faults.append(f"{key}.{number}.day: {day.isoformat()} is listed twice")
            case {"day": date() as day, "name": str(name), **rest} if name.strip() and rest in _HOLIDAY_EXTRAS:
                holidays[day] = name + (_EXPECTED if rest.get("fixed_by") == "custom" else "")
            case _:
                faults.append(f"{key}.{number}: must have a day and a name, and may have {_EXTRAS_TEXT}")
    return holidays


def _rows_by_rule(rows: object) -> Iterator[Mapping[str, date]]:
    return (row for row in (rows if isinstance(rows, list) else ()) if "fixed_by" in row)


def _find_coverage_faults(key: str, holidays: Mapping[date, str], first: int, last: int) -> Iterator[str]:
    for day in holidays:
        if not first <= day.year <= last:
            yield f"{key}: {day.isoformat()} is outside the years {first} to {last} that the file covers"
    # A year without holidays was forgotten: all its weekdays would count as working days.
    for year in sorted(set(range(first, last + 1)) - {day.year for day in holidays}):
        yield f"{key}: {year} is covered but has no holidays"
