"""A day that stands in a text after some words, such as `expire on 29 April 2024` or `with effect from May 2018`.

Invariants:
- Only a day with its year counts. A month stands for its last day, so that nothing is found late or early by a guess.
- A day that cannot be read, such as 31/02/2019, is left alone.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date

from rules.errors import InputError
from rules.language.derivation_context import DerivationContext, DerivationFunction
from rules.language.derived_text import find_words, split_words, texts_of
from rules.language.text_schema import DayInText
from rules.values.calendar import MONTHS
from rules.values.days import parse_day
from rules.values.facts import Facts, FactValue
from rules.values.lazy_pattern import compile_lazily

_YEAR = compile_lazily(r"[0-9]{4}")
_MONTH = "|".join(MONTHS)
_DAY = compile_lazily(
    rf":?\s+(?:the\s+)?(?:(?P<day>[0-9]{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})\s+[0-9]{{4}}"
    rf"|(?:{_MONTH})\s+[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s+[0-9]{{4}}|[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{4}})"
    rf"|(?P<month>{_MONTH})\s+(?P<year>[0-9]{{4}}))(?![0-9/])",
    re.IGNORECASE,
)


def day_in_text(arguments: DayInText) -> DerivationFunction:
    """Find the earliest day that stands right after one of some phrases."""
    phrases = tuple((frozenset(split_words(phrase)), _phrase_pattern(phrase)) for phrase in arguments.after)

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        texts = texts_of(context, facts, arguments.facts, arguments.each)
        return min((day for _, text in texts for day in _find_days(text, phrases)), default=None)

    return compute


def _phrase_pattern(phrase: str) -> re.Pattern[str]:
    words = r"\W+".join(map(re.escape, split_words(phrase)))
    return compile_lazily(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _find_days(text: str, phrases: tuple[tuple[frozenset[str], re.Pattern[str]], ...]) -> Iterator[date]:
    """Yield each day that stands after a phrase; phrases come with their words."""
    if not _YEAR.search(text):
        return
    words = find_words(text)
    for needed, pattern in phrases:
        for match in pattern.finditer(text) if needed <= words else ():
            if (found := _DAY.match(text, match.end())) and (day := _read_day(found)):
                yield day


def _read_day(found: re.Match[str]) -> date | None:
    if found["month"]:
        month, year = [name.casefold() for name in MONTHS].index(found["month"].casefold()) + 1, int(found["year"])
        return date(year, month, calendar.monthrange(year, month)[1]) if year else None
    try:
        return parse_day(found["day"])
    except InputError:
        return None
