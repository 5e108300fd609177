"""A function that finds days and periods in texts that cannot be right, such as 31 June.

Invariants:
- Only days with their year count. A month stands for any of its days, so that nothing is found by a guess.
- A period of so many years or months may miss its own length by a few weeks, as people round.
- A search takes linear time, because anybody may write the text that is searched.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from datetime import date

from rules.errors import InputError
from rules.language.derivation_context import DerivationContext
from rules.language.derived_text import join_quotes, quote_at, texts_of
from rules.values.calendar import MONTHS
from rules.values.days import WEEKDAYS, parse_day
from rules.values.facts import Facts
from rules.values.lazy_pattern import compile_lazily

_MONTH, _WEEKDAY = "|".join(MONTHS), "|".join(WEEKDAYS)
_WHOLE_DAY = (
    rf"(?:(?:{_WEEKDAY}),?\s)?[0-9]{{1,2}}(?:st|nd|rd|th)?(?:\sof)?\s(?:{_MONTH}),?\s[0-9]{{4}}"
    rf"|(?:{_MONTH})\s[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s[0-9]{{4}}|[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{4}}"
)
_DAY_OR_MONTH = rf"{_WHOLE_DAY}|(?:{_MONTH})\s[0-9]{{4}}"
_END_OF_DAY = compile_lazily(r"[0-9]{4}(?<=[\s/][0-9]{4})(?![\w/])")
_LONGEST_DAY = 40
_DAY_AT_END = compile_lazily(rf"(?<![\w/])(?:{_WHOLE_DAY})\Z", re.IGNORECASE)
_PERIOD = compile_lazily(
    rf"(?<![\w/])(?:the\s)?(?P<first>{_DAY_OR_MONTH})\s?(?:to|until|till|and\sending(?:\son)?|-|–)\s?(?:the\s)?"
    rf"(?P<last>{_DAY_OR_MONTH})(?![\w/])",
    re.IGNORECASE,
)
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LENGTH = compile_lazily(
    rf"(?<!up to )(?<![\w+-])(?P<number>[0-9]{{1,2}}|{'|'.join(_NUMBERS)})[\s-](?P<unit>year|month)s?(?![\w-])"
    r"[^.;:()0-9£+]{0,60}?\s(?:from|(?:commencing|starting|beginning)(?: on)?)\s(?:the\s)?"
    rf"(?P<first>{_DAY_OR_MONTH})(?![\w/])(?P<gap>[^.;:()0-9]{{1,60}})(?P<last>{_DAY_OR_MONTH})(?![\w/])",
    re.IGNORECASE,
)
_CLOSES_PERIOD = compile_lazily(r"(?:\bto|\buntil|\btill|\bon|–|-)\s(?:the\s)?$", re.IGNORECASE)
_LENGTHENED = compile_lazily(r"\b(?:option|options|plus|extend|extended|extension|extensions|further)\b", re.IGNORECASE)
_FINANCIAL_YEAR = compile_lazily(
    r"(?<![\w-])(?:in|for|during|FY|financial\syear)\s20(?P<first>[0-9]{2})\s?[/-]\s?(?:20)?(?P<last>[0-9]{2})(?![0-9/-])"
)
_FROM_YEAR_TO = compile_lazily(r"[0-9]{4}\s?(?:to|until|till|and|-|–)", re.IGNORECASE)
_MAY_HAVE_LENGTH = compile_lazily(r"(?:year|month)s?(?![\w-])", re.IGNORECASE)
_TWO_YEARS = compile_lazily(r"20[0-9]{2}\s?[/-]")
_DAYS_IN_YEAR, _MONTHS_IN_YEAR, _DAYS_OF_ROUNDING = 365.25, 12, 20


def impossible_days(context: DerivationContext, facts: Facts, names: tuple[str, ...], each: tuple[str, ...]) -> str:
    """Return each place with a day or a period that cannot be right, or an empty text.

    That is a day that no calendar has, or on another weekday; a period that ends before it begins, or that is not as
    long as it is said to be; and a financial year that does not end in a later one.
    """
    texts = texts_of(context, facts, names, each)
    found = (quote_at(place, text, *match.span()) for place, text in texts for match in _find_odd(text))
    return join_quotes(found)


def has_impossible_days(text: str) -> bool:
    """Return whether a text has a day or a period that cannot be right."""
    return any(True for _ in _find_odd(text))


def _find_odd(text: str) -> Iterator[re.Match[str]]:
    """Yield each day and period that cannot be right; patterns that take long are tried after quick ones alone."""
    years = list(_END_OF_DAY.finditer(text))
    yield from (match for match in _find_days(text, years) if _read_days(match[0]) is None)
    if len(years) > 1 and _FROM_YEAR_TO.search(text):
        yield from (match for match in _PERIOD.finditer(text) if _ends_before_it_begins(match))
    if len(years) > 1 and _MAY_HAVE_LENGTH.search(text):
        yield from (match for match in _LENGTH.finditer(text) if _has_other_length(match))
    for match in _FINANCIAL_YEAR.finditer(text) if _TWO_YEARS.search(text) else ():
        if 0 <= int(match["first"]) - int(match["last"]) <= 1:
            yield match


def _find_days(text: str, years: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Yield the days whose years these are: each day ends with one."""
    for year in years:
        if found := _DAY_AT_END.search(text, max(year.end() - _LONGEST_DAY, 0), year.end()):
            yield found


def _read_days(words: str) -> tuple[date, date] | None:
    """Return the first and the last day that words can stand for, or None if they are no day."""
    name, _, year = words.partition(" ")
    months = [month.casefold() for month in MONTHS]
    if name.casefold() in months and year.isdecimal():
        month = months.index(name.casefold()) + 1
        return date(int(year), month, 1), date(int(year), month, calendar.monthrange(int(year), month)[1])
    try:
        day = parse_day(words)
    except (InputError, ValueError):
        return None
    return day, day


def _ends_before_it_begins(match: re.Match[str]) -> bool:
    first, last = _read_days(match["first"]), _read_days(match["last"])
    return first is not None and last is not None and last[1] < first[0]


def _has_other_length(match: re.Match[str]) -> bool:
    """Return whether a period is not as long as the years or months before it say."""
    first, last = _read_days(match["first"]), _read_days(match["last"])
    if first is None or last is None or not _CLOSES_PERIOD.search(match["gap"]) or _LENGTHENED.search(match[0]):
        return False
    number = match["number"].casefold()
    count = _NUMBERS.index(number) + 1 if number in _NUMBERS else int(number)
    years = count if match["unit"].casefold() == "year" else count / _MONTHS_IN_YEAR
    shortest, longest = (last[0] - first[1]).days + 1, (last[1] - first[0]).days + 1
    return not shortest - _DAYS_OF_ROUNDING <= years * _DAYS_IN_YEAR <= longest + _DAYS_OF_ROUNDING
