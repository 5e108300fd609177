"""Parse a day as people write it: `28 June 2019`, `28/06/2019`, `June 28, 2019`, `2019-06-28`.

Invariants:
- A day in figures alone begins with the day, as in the United Kingdom, or with a year of four figures.
- Nothing is guessed: a year of two figures, a month after 12 and a weekday that does not fit are refused, each with
  what to write instead.
- Files of rules write days in one form, which `parse_iso_day` reads.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from rules.errors import InputError
from rules.values.calendar import FIRST_YEAR, LAST_YEAR, MONTHS
from rules.values.suggestions import closest
from rules.values.text import quote

MAX_DAY_LENGTH = 40

_ADVICE = "Write a day as 28 June 2019, 28/06/2019 or 2019-06-28."
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT_NAME = 3
_FULL_YEAR = 4
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})")
_IN_FIGURES = re.compile(r"(?P<day>[0-9]{1,2})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{1,4})")
_DAY_NUMBER = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_WITH_MONTH_NAME = (
    re.compile(rf"{_DAY_NUMBER}(?: of)?[ -]?(?P<month>[a-z]+)\.?,?[ -]?(?P<year>[0-9]{{1,4}})"),
    re.compile(rf"(?P<month>[a-z]+)\.? ?{_DAY_NUMBER},? (?P<year>[0-9]{{1,4}})"),
)
_WITH_WEEKDAY = re.compile(r"(?P<weekday>[a-z]+)\.?,? (?P<rest>(?:[0-9]|[a-z]+\.? [0-9]).*)")


def parse_day(text: str) -> date:
    """Parse a day as an officer writes it, in the years 1900 to 2200.

    Raises `InputError` that says what is wrong and what to write.
    """
    if match := _ISO_DAY.fullmatch(text):
        return _build_day(text, *map(int, match.groups()))
    if len(text) > MAX_DAY_LENGTH:
        raise InputError(f"{quote(text)} is not a day", _ADVICE)
    words = " ".join(text.split()).casefold()
    match = _WITH_WEEKDAY.fullmatch(words)
    weekday = _find_name(match["weekday"], WEEKDAYS) if match else ""
    if not match or not weekday:
        return _parse_words(text, words)
    day = _parse_words(text, match["rest"])
    if WEEKDAYS[day.weekday()] != weekday:
        true_weekday = WEEKDAYS[day.weekday()]
        raise InputError(f"{quote(text)} is not a day: that day is a {true_weekday}", "Check the day and the month.")
    return day


def parse_iso_day(text: str) -> date:
    """Parse a day written as YYYY-MM-DD, in the years 1900 to 2200; raises `InputError` that says what is wrong."""
    match = _ISO_DAY.fullmatch(text)
    if match is None:
        raise InputError(f"{quote(text)} is not a day in the form YYYY-MM-DD", "Write a day as 2018-03-30.")
    return _build_day(text, *map(int, match.groups()))


def _parse_words(text: str, words: str) -> date:
    if match := _YEAR_FIRST.fullmatch(words):
        return _build_day(text, int(match["year"]), int(match["month"]), int(match["day"]))
    if match := _IN_FIGURES.fullmatch(words):
        return _build_day_first(text, match)
    for pattern in _WITH_MONTH_NAME:
        if match := pattern.fullmatch(words):
            month = _parse_month(text, match["month"])
            return _build_day(text, _parse_year(text, match["year"]), month, int(match["day"]))
    raise InputError(f"{quote(text)} is not a day", _ADVICE)


def _build_day_first(text: str, match: re.Match[str]) -> date:
    """Return the day of figures that begin with the day; refuse those in the order of the United States."""
    year, month, day = _parse_year(text, match["year"]), int(match["month"]), int(match["day"])
    if day <= len(MONTHS) < month:
        raise InputError(
            f"{quote(text)} is not a day: the day comes first, and there is no month {month}",
            f"Write {month:02d}/{day:02d}/{year} if you mean {month} {MONTHS[day - 1]} {year}." if day else _ADVICE,
        )
    return _build_day(text, year, month, day)


def _parse_year(text: str, year: str) -> int:
    if len(year) != _FULL_YEAR:
        raise InputError(f"{quote(text)} does not give the year in full", "Write the year in four figures, as 2019.")
    return int(year)


def _parse_month(text: str, name: str) -> int:
    month = "September" if name == "sept" else _find_name(name, MONTHS)
    if not month:
        near = closest(name, MONTHS)
        advice = f"Did you mean {near}?" if near else _ADVICE
        raise InputError(f"{quote(text)} is not a day: {quote(name)} is not a month", advice)
    return MONTHS.index(month) + 1


def _find_name(typed: str, names: tuple[str, ...]) -> str:
    """Return the name that is typed in full or by its first three letters, or ""."""
    return next((name for name in names if typed in (name.casefold(), name[:_SHORT_NAME].casefold())), "")


def _build_day(text: str, year: int, month: int, day: int) -> date:
    """Return a day of the calendar; raise `InputError` if there is none."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(f"{text} is not in the years {FIRST_YEAR} to {LAST_YEAR}", "Check the year.")
    if not 1 <= month <= len(MONTHS):
        raise InputError(f"{text} is not a day: months are 01 to 12", _ADVICE)
    last_day = monthrange(year, month)[1]
    if not 1 <= day <= last_day:
        month_name = f"{MONTHS[month - 1]} {year}"
        raise InputError(
            f"{text} is not a day: {month_name} has {last_day} days", f"Use 01 to {last_day} for {month_name}."
        )
    return date(year, month, day)
