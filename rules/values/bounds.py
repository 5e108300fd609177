"""Bounds: a day or an amount that a source gives only as a range, such as `before 24 February 2025` or `up to £3.5m`.

Of a choice there are possible values in their place.

Invariants:
- A bound is kept as two facts beside each other, the lowest and the highest value, both included. Their names are those
  of the fact with `LOW` and `HIGH` at the end, which no pack can declare.
- A fact has either a value or bounds, never both. Bounds that only follow from other facts are not stated: whether
  such a fact is known is judged as if it had none.
- Possible values are two or more, and fewer than all. They only follow from other facts, and are kept beside each other
  too, under the name of the fact with `POSSIBLE` and a number at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import count, takewhile
from typing import NamedTuple

from rules.errors import InputError
from rules.values.calendar import FIRST_YEAR, LAST_YEAR
from rules.values.days import parse_day
from rules.values.facts import MAX_COUNT, FactDeclaration, FactValue
from rules.values.money import MAX_PENCE, Money, Vat
from rules.values.text import quote

LOW, HIGH = "..low", "..high"
INFERRED = "..inferred"
"""Beside bounds that nobody stated, because they only follow from other facts."""
POSSIBLE = "..possible"
ENDING = ".."
"""In the name of each bound and possible value, and in no other."""
EARLIEST, LATEST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
_ONE_DAY = timedelta(days=1)
_WORDS = re.compile(
    r"(?P<words>on or before|on or after|not before|not after|no later than|before|after|until|since|"
    r"up to|at most|no more than|at least|more than|over|above|less than|under|below|between|from)\s+(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_TO = re.compile(r"\s+(?:and|to)\s+", re.IGNORECASE)
_IN_YEAR = re.compile(r"(?:in|during)\s+(?P<year>[0-9]{4})", re.IGNORECASE)


class Bounds(NamedTuple):
    """The lowest and the highest value that a fact can have."""

    low: FactValue
    high: FactValue

    def as_facts(self, address: str, *, is_stated: bool = True) -> dict[str, FactValue]:
        """Return the bounds as facts beside each other, by address."""
        bounds: dict[str, FactValue] = {address + LOW: self.low, address + HIGH: self.high}
        return bounds if is_stated else {**bounds, address + INFERRED: True}


def plain_name(name: str) -> str:
    """Return the fact or address whose bound or possible value a name is of; any other name as it is."""
    return name.partition(ENDING)[0]


def is_bound(name: str) -> bool:
    """Return whether a name is that of a bound or a possible value of a fact."""
    return ENDING in name


def find_bounds(facts: Mapping[str, FactValue], fact: str) -> Bounds | None:
    """Return the bounds of a fact among some facts; None if it has none."""
    low, high = facts.get(fact + LOW), facts.get(fact + HIGH)
    return None if low is None or high is None else Bounds(low, high)


def possible_as_facts(fact: str, values: Iterable[FactValue]) -> dict[str, FactValue]:
    """Return the possible values of a choice as facts beside each other."""
    return {f"{fact}{POSSIBLE}{number}": value for number, value in enumerate(values)}


def possible_names(facts: Mapping[str, FactValue], fact: str) -> tuple[str, ...]:
    """Return the names of the possible values of a choice among some facts; none if it has a value, or any may be."""
    if fact + POSSIBLE + "0" not in facts:
        return ()
    names = (f"{fact}{POSSIBLE}{number}" for number in count())
    return tuple(takewhile(facts.__contains__, names))


def parse_bounds(text: str, declaration: FactDeclaration) -> Bounds | None:
    """Parse bounds of a day or an amount; None for a text that gives no bounds.

    Raises `InputError` for bounds in the wrong order, and for words with something else than a day or an amount.
    """
    words = " ".join(text.split())
    if declaration.kind == "day":
        return _parse_day_bounds(words)
    return _parse_amount_bounds(words, declaration) if declaration.kind == "money" else None


def _parse_day_bounds(text: str) -> Bounds | None:
    if match := _IN_YEAR.fullmatch(text):
        year = int(match["year"])
        return _ordered(text, date(year, 1, 1), date(year, 12, 31)) if FIRST_YEAR <= year <= LAST_YEAR else None
    match = _WORDS.fullmatch(text)
    if match is None:
        return None
    words, rest = match["words"].casefold(), match["rest"]
    if words in ("between", "from") and len(ends := _TO.split(rest)) == 2:  # noqa: PLR2004 - a first and a last
        return _ordered(text, parse_day(ends[0]), parse_day(ends[1]))
    edge = _DAY_EDGES.get(words)
    return edge(parse_day(rest)) if edge else None


_DAY_EDGES: Mapping[str, Callable[[date], Bounds]] = {
    "before": lambda day: Bounds(EARLIEST, day - _ONE_DAY),
    "after": lambda day: Bounds(day + _ONE_DAY, LATEST),
    **dict.fromkeys(("on or before", "not after", "no later than", "until"), lambda day: Bounds(EARLIEST, day)),
    **dict.fromkeys(("on or after", "not before", "since", "from"), lambda day: Bounds(day, LATEST)),
}


def _parse_amount_bounds(text: str, declaration: FactDeclaration) -> Bounds | None:
    match = _WORDS.fullmatch(text)
    words, rest = (match["words"].casefold(), match["rest"]) if match else ("", text)
    if words in ("between", "from"):
        ends = [_parse_amount(end, declaration) for end in _TO.split(rest)]
        return _ordered_amounts(text, ends) if len(ends) == 2 else None  # noqa: PLR2004
    if words in ("up to", "at most", "no more than"):
        return _below(_parse_amount(rest, declaration), declaration, 0)
    if words in ("less than", "under", "below"):
        return _below(_parse_amount(rest, declaration), declaration, 1)
    if words in ("at least", "more than", "over", "above"):
        amount = _parse_amount(rest, declaration)
        return Bounds(Money(amount.pence + (words != "at least"), amount.vat), Money(MAX_PENCE, amount.vat))
    return None


def _parse_amount(text: str, declaration: FactDeclaration) -> Money:
    amount = declaration.parse(text)
    if not isinstance(amount, Money):
        raise InputError(f"{quote(text)} is not an amount")
    return amount


def _below(amount: Money, declaration: FactDeclaration, short_by: int) -> Bounds:
    lowest = -MAX_PENCE if declaration.negative else 0
    return _ordered(str(amount), Money(lowest, amount.vat), Money(amount.pence - short_by, amount.vat))


def _ordered_amounts(text: str, ends: list[Money]) -> Bounds:
    """Return two amounts as bounds; the first takes the VAT basis of the second where it gives none."""
    low, high = ends
    if low.vat is Vat.UNSTATED:
        low = Money(low.pence, high.vat)
    if low.vat is not high.vat:
        raise InputError(f"{quote(text)} has amounts on two VAT bases", "Give both on one basis.")
    return _ordered(text, low, high)


def _ordered(text: str, low: date | Money, high: date | Money) -> Bounds:
    if value_key(low) > value_key(high):
        raise InputError(f"{quote(text)} ends before it begins", "Give the lower bound first.")
    return Bounds(low, high)


def value_key(value: FactValue) -> int:
    """Return what days, counts and amounts are ordered by."""
    if isinstance(value, Money):
        return value.pence
    return value.toordinal() if isinstance(value, date) else int(value)


def format_bounds(bounds: Bounds, declaration: FactDeclaration) -> str:
    """Format bounds for people: `before 24 February 2025`, `from £1 to £5`, `at least 2`."""
    low, high = (declaration.format_value(value) for value in bounds)
    is_open_below = bounds.low == EARLIEST or (isinstance(bounds.low, Money) and bounds.low.pence in (0, -MAX_PENCE))
    is_open_above = bounds.high in (LATEST, MAX_COUNT) or value_key(bounds.high) == MAX_PENCE
    if is_open_below:
        return f"on or before {high}" if declaration.kind == "day" else f"up to {high}"
    if is_open_above:
        return f"on or after {low}" if declaration.kind == "day" else f"at least {low}"
    return f"between {low} and {high}"
