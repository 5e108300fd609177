"""Find amounts and days in the text of a form.

Nothing is guessed: what looks like an amount or a day and is none is a problem with its place. Only the century of a
year of two figures is added, from the days in which the form was used, and then a person checks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from decisions.intake.wording import find_first
from rules.errors import InputError
from rules.language.schema_types import Period
from rules.values.calendar import FIRST_YEAR
from rules.values.days import parse_day
from rules.values.found_amounts import WITH_VAT, WITHOUT_VAT
from rules.values.money import Money
from rules.values.typed_money import parse_typed_money

_AMOUNT = re.compile(
    r"£\s?(?:[0-9]{1,3}(?: [0-9]{3})+(?![0-9,])|[0-9][0-9,.]{0,24})"
    r"(?:\s?(?:k|mn?|bn|thousand|million|billion)(?![a-z]))?"
    rf"(?:{WITHOUT_VAT.pattern}|{WITH_VAT.pattern})?",
    re.IGNORECASE,
)
_MISREAD_AMOUNT = re.compile(r"(?<![A-Za-z0-9])[fE][0-9]{1,3}(?:(?:,[0-9]{3})+|\.[0-9]{1,2}m|m)(?![A-Za-z0-9])")
_SHORT_YEAR = re.compile(r"(?P<day>[0-9]{1,2})\s?[-/.]\s?(?P<month>[0-9]{1,2})\s?[-/.]\s?(?P<year>[0-9]{2})")
_CENTURY = 100
_WORDS_BEFORE = 60
"""The most characters before an amount in which the words that say what it is of may begin."""


class FoundAmount(NamedTuple):
    """An amount in a text, its place, and the words before it; without a value, why it is none."""

    value: Money | None
    start: int
    words: str
    reason: str = ""


def find_amounts(text: str) -> Iterator[FoundAmount]:
    """Yield the amounts of a text in order, and what looks like one and is not."""
    for match in _AMOUNT.finditer(text):
        words = match[0].rstrip(" ,.")
        try:
            yield FoundAmount(parse_typed_money(_unify_basis(words)), match.start(), words)
        except InputError as error:
            yield FoundAmount(None, match.start(), words, error.message)
    for match in _MISREAD_AMOUNT.finditer(text):
        reason = f"{match[0]} may be an amount whose pound sign was misread"
        yield FoundAmount(None, match.start(), match[0], reason)


def _unify_basis(words: str) -> str:
    """Return an amount with the words on VAT that `parse_typed_money` knows."""
    return WITH_VAT.sub(" inc VAT", WITHOUT_VAT.sub(" ex VAT", words))


def words_before(text: str, amount: FoundAmount, phrases: tuple[str, ...]) -> str:
    """Return the phrase that ends right before an amount; empty if none does."""
    start = max(0, amount.start - _WORDS_BEFORE)
    before = text[start : amount.start]
    for phrase in phrases:
        at = 0
        while found := find_first(before, (phrase,), at):
            if not before[found.end :].strip(" ("):
                return phrase
            at = found.end
    return ""


def parse_form_day(text: str, period: Period) -> tuple[date, str]:
    """Return the day of a line, and the reason to check it; raises `InputError` if it is none.

    A year of two figures is the one in the days of the form.
    """
    words = text.strip(" .:;,")
    match = _SHORT_YEAR.fullmatch(words)
    if match is None:
        return parse_day(words), ""
    for century in range(FIRST_YEAR, FIRST_YEAR + 3 * _CENTURY, _CENTURY):
        year = century + int(match["year"])
        if period.first.year <= year <= (period.last or date.max).year:
            day = parse_day(f"{match['day']}/{match['month']}/{year}")
            return day, "the year is printed with two figures"
    return parse_day(words), ""
