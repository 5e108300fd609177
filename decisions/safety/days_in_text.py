"""Find the days in a text, in any form that people write them.

A day may lack its year ("28 June"), and a month its day ("June 2019"). A day in digits alone is read in both orders.
The text must be flat (see `decisions.safety.plain_text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from decisions.safety.figures_in_text import read_number_words
from rules.values.calendar import MONTHS

_MONTHS = [month.casefold() for month in MONTHS]
_NUMBER_OF_MONTH = {name: number for number, month in enumerate(_MONTHS, start=1) for name in (month, month[:3])}
_NUMBER_OF_MONTH["sept"] = 9
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_ORDINALS = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
]  # fmt: skip
_NUMBER_OF_ORDINAL = {word: number for number, word in enumerate(_ORDINALS, start=1)} | {"thirtieth": 30}
_NUMBER_OF_ORDINAL |= {f"{tens} {word}": start + number for tens, start in (("twenty", 20), ("thirty", 30))
                       for number, word in enumerate(_ORDINALS[:9], start=1)}  # fmt: skip
_ORDINAL = "|".join(word.replace(" ", "[ -]") for word in sorted(_NUMBER_OF_ORDINAL, key=len, reverse=True))
_DAY = rf"(?:(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?|(?P<ordinal>{_ORDINAL}))\b"
_YEAR_IN_WORDS = r"(?P<century>twenty|two thousand(?: and)?)[ -](?P<tens>[a-z]+(?:-[a-z]+)?)\b"
_YEAR = rf"(?P<year>'?[0-9]{{2}}\b(?![:.,]?[0-9])|[0-9]{{4}}\b|{_YEAR_IN_WORDS})"
_ALONE, _NOT_GOING_ON = r"(?<![\w.,/-])", r"(?![\w/]|[.,-][0-9])"
_TWO_DIGITS, _FOUR_DIGITS = "[0-9]{1,2}", "(?:19|20)[0-9]{2}"
_SIGN = " ?[-/. ] ?"
_FORMS_WITH_MONTH = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_DAY}(?: day)?(?: of)?[ .,/-]*{_MONTH}(?:[ ,./-]*{_YEAR})?",
        rf"\b{_MONTH},? ?-?(?:the )?{_DAY}(?:,? ?-?{_YEAR})?",
        rf"\b{_MONTH},? ?(?:of )?(?P<year>[0-9]{{4}})\b",
    )
)
_ROMAN_NUMBERS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_NUMBER_OF_MONTH |= {roman: number for number, roman in enumerate(_ROMAN_NUMBERS, start=1)}
_ROMAN_MONTH = rf"(?P<month>{'|'.join(map(str.upper, _ROMAN_NUMBERS))})"
_FORMS_IN_DIGITS = tuple(
    re.compile(f"{_ALONE}{form}{_NOT_GOING_ON}")
    for form in (
        rf"(?P<year>[0-9]{{4}}){_SIGN}(?P<number>{_TWO_DIGITS}){_SIGN}(?P<day>{_TWO_DIGITS})",
        rf"(?P<year>{_FOUR_DIGITS})(?P<number>[0-9]{{2}})(?P<day>[0-9]{{2}})(?:T[0-9]{{2,6}})?",
        rf"(?P<day>[0-9]{{2}})(?P<number>[0-9]{{2}})(?P<year>{_FOUR_DIGITS})",
        rf"(?P<day>{_TWO_DIGITS}){_SIGN}(?P<number>{_TWO_DIGITS}){_SIGN}(?P<year>[0-9]{{4}}|'?[0-9]{{2}})",
        rf"(?P<day>{_TWO_DIGITS}){_SIGN}{_ROMAN_MONTH}{_SIGN}(?P<year>[0-9]{{4}}|'?[0-9]{{2}})",
        rf"(?P<day>{_TWO_DIGITS})/(?P<number>{_TWO_DIGITS})",
    )
)
_BEFORE_MONTH = "(?:(?<![a-z])|(?<=of)|(?<=day))"
_HAS_DAY_IN_DIGITS = re.compile(rf"[0-9]{_SIGN}(?:[0-9]{{1,2}}|[IVX]+){_SIGN}'?[0-9]|[0-9]{{8}}|[0-9]/[0-9]")
_ALL_MONTHS = frozenset(range(1, len(MONTHS) + 1))
_FIRST_TWO_DIGIT_YEAR_OF_LAST_CENTURY = 70


class WrittenDay(NamedTuple):
    """A day in a text and the words that say it; a `year` or `day` of 0 is left out there.

    `is_certain` is false for digits that say this day only if the month is put first, or if they are no fraction.
    """

    year: int
    month: int
    day: int
    words: str
    start: int
    is_certain: bool = True


def may_have_day(text: str, months: frozenset[int]) -> bool:
    """Whether a flat text can have a day of some months: most have none, and to find days takes far longer."""
    return bool(_HAS_DAY_IN_DIGITS.search(text) or _month_pattern(months).search(text))


@lru_cache(maxsize=64)
def _month_pattern(months: frozenset[int]) -> re.Pattern[str]:
    names = "|".join(_MONTHS[month - 1][:3] for month in sorted(months))
    return re.compile(rf"{_BEFORE_MONTH}(?:{names})", re.IGNORECASE)


def find_days(text: str) -> list[WrittenDay]:
    """Return every day of a flat text.

    >>> [day[:3] for day in find_days("28.6.19, or the twenty-eighth of June 2019")]
    [(2019, 6, 28), (2019, 6, 28)]
    """
    has_month = _month_pattern(_ALL_MONTHS).search(text)
    forms = (*_FORMS_WITH_MONTH, *_FORMS_IN_DIGITS) if has_month else _FORMS_IN_DIGITS
    days = [day for form in forms for match in form.finditer(text) for day in _read_match(match)]
    whole = [(day.start, day.start + len(day.words)) for day in days if day.day]
    return [day for day in days if day.day or not any(start < day.start < end for start, end in whole)]


def _read_match(match: re.Match[str]) -> Iterator[WrittenDay]:
    groups = match.groupdict()
    words, start = match.group().strip(" ,"), match.start()
    year = _read_year(groups)
    day = _NUMBER_OF_ORDINAL.get(re.sub("[ -]+", " ", (groups.get("ordinal") or "").lower())) or int(
        groups.get("day") or 0
    )
    if month_name := groups.get("month"):
        yield WrittenDay(year, _NUMBER_OF_MONTH[month_name.lower()], day, words, start)
        return
    month = int(groups["number"] or 0)
    yield WrittenDay(year, month, day, words, start, is_certain=bool(year))
    if match.start("number") > match.start("day"):
        yield WrittenDay(year, day, month, words, start, is_certain=bool(year) and month > len(MONTHS))


def _read_year(groups: dict[str, str | None]) -> int:
    written = groups.get("year") or ""
    if groups.get("century"):
        return 2000 + _read_two_digits(groups.get("tens") or "")
    digits = written.strip("'")
    if len(digits) != len("19"):
        return int(digits or 0)
    return int(digits) + (1900 if int(digits) >= _FIRST_TWO_DIGIT_YEAR_OF_LAST_CENTURY else 2000)


def _read_two_digits(words: str) -> int:
    """Return the number that words such as `nineteen` say; 0 if they say none."""
    number = read_number_words(words)
    return int(number) if number is not None else 0
