"""Sums of money: whole pence, each with the basis on which VAT counts in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.errors import InputError
from rules.values.text import quote

MAX_PENCE = 10**17  # a quadrillion pounds: far above any budget, far below the engine's 64-bit numbers
MAX_AMOUNT_LENGTH = 60

_ADVICE = "Write it as £181,302 ex VAT or £181,302.50 inc VAT."
_NUMBER = re.compile(r"(?P<pounds>0|[1-9][0-9]{0,2}(,[0-9]{3})+|[1-9][0-9]*)(\.(?P<pence>[0-9]{2}))?")


class Vat(StrEnum):
    """Whether VAT counts in a sum; the value is how it is printed."""

    EXCLUDED = "excluding VAT"
    INCLUDED = "including VAT"
    UNSTATED = "as stated"

    @property
    def code(self) -> str:
        """The short word for this basis in data: `ex`, `inc` or `unstated`."""
        return _CODES[self]


_CODES = {Vat.EXCLUDED: "ex", Vat.INCLUDED: "inc", Vat.UNSTATED: "unstated"}
_VAT_WORDS = {
    **{f"{word} vat": Vat.EXCLUDED for word in ("ex", "excl", "excluding", "exclusive of", "net of")},
    **{f"{word} vat": Vat.INCLUDED for word in ("inc", "incl", "including", "inclusive of")},
    **{code: vat for vat, code in _CODES.items()},
    "net": Vat.EXCLUDED,
    "gross": Vat.INCLUDED,
    "as stated": Vat.UNSTATED,
}


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """A sum of `pence`, never negative, on one VAT basis.

    Equality is of the record: the same pence on another basis is another sum. Order (`<`, `<=`, `>`, `>=`)
    is of the pence, and only between `comparable` sums; others raise `InputError` rather than mislead.
    """

    pence: int
    vat: Vat

    def __post_init__(self) -> None:
        """Refuse what is not whole pence from 0 to `MAX_PENCE` on a known basis."""
        if type(self.pence) is not int:  # a flag is an int to isinstance
            raise InputError(f"{self.pence!r:.42} is not a whole number of pence")
        if self.pence < 0:
            raise InputError(f"{self.pence} pence is negative: a sum of money may not be", _ADVICE)
        if self.pence > MAX_PENCE:
            raise InputError(f"an amount is more than £{MAX_PENCE // 100:,}, the most that is taken", _ADVICE)
        if not isinstance(self.vat, Vat):
            raise InputError(f"{self.vat!r:.42} is not a VAT basis", "Use ex, inc or unstated.")

    def __str__(self) -> str:
        pounds, pence = divmod(self.pence, 100)
        return f"£{pounds:,}.{pence:02d} {self.vat}" if pence else f"£{pounds:,} {self.vat}"

    def is_comparable_with(self, other: Money) -> bool:
        """Whether the two can be put in order: on one basis, or either taken as its source stated it."""
        return self.vat is other.vat or Vat.UNSTATED in (self.vat, other.vat)

    def __lt__(self, other: Money) -> bool:
        return self.pence < self._comparable_pence(other)

    def __le__(self, other: Money) -> bool:
        return self.pence <= self._comparable_pence(other)

    def __gt__(self, other: Money) -> bool:
        return self.pence > self._comparable_pence(other)

    def __ge__(self, other: Money) -> bool:
        return self.pence >= self._comparable_pence(other)

    def _comparable_pence(self, other: Money) -> int:
        if not self.is_comparable_with(other):
            raise InputError(f"{self} cannot be compared with {other}", "Give both on the same VAT basis.")
        return other.pence


def sum_money(amounts: Sequence[Money]) -> Money | None:
    """What some sums come to; None where they are on several VAT bases, or come to more than a sum may be."""
    bases, pence = {one.vat for one in amounts}, sum(one.pence for one in amounts)
    return Money(pence, bases.pop()) if len(bases) == 1 and pence <= MAX_PENCE else None


def parse_vat(words: str) -> Vat:
    """The VAT basis that the words mean: a code, or words such as `ex VAT`, `including VAT`, `net`."""
    try:
        return _VAT_WORDS[words.lower()]
    except KeyError:
        raise InputError(f"{quote(words)} is not a VAT basis: say ex VAT or inc VAT", _ADVICE) from None


def parse_money(text: str) -> Money:
    """The sum that the text states, pounds and then VAT basis; raises `InputError` saying what is wrong."""
    if len(text) > MAX_AMOUNT_LENGTH:
        raise InputError(f"an amount may have {MAX_AMOUNT_LENGTH} characters; this has {len(text):,}", _ADVICE)
    stated = text.strip(" ")
    amount, _, basis = stated.removeprefix("£").lstrip(" ").partition(" ")
    pence = _parse_pence(amount, stated)
    if not basis.strip(" "):
        raise InputError(f"{stated!r} does not say whether VAT counts: say ex VAT or inc VAT", _ADVICE)
    return Money(pence, parse_vat(" ".join(basis.split())))


def _parse_pence(amount: str, text: str) -> int:
    found = _NUMBER.fullmatch(amount)
    if found is None:
        raise InputError(f"{text!r} {_describe_fault(amount)}", _ADVICE)
    return int(found["pounds"].replace(",", "")) * 100 + int(found["pence"] or 0)


def _describe_fault(amount: str) -> str:
    """What keeps the amount from being one, the likeliest slip first."""
    if not amount:
        return "has no amount"
    if amount[0] in "-\u2212(":
        return "is negative: a sum of money may not be"
    if not re.fullmatch(r"[0-9,.]+", amount):
        return "is not an amount in pounds: use the digits 0 to 9, commas for thousands, a point before pence"
    whole, point, pence = amount.partition(".")
    if point and not re.fullmatch(r"[0-9]{2}", pence):
        return "must have exactly two digits for pence after its point"
    if "," in whole:
        return "has a comma in the wrong place: commas stand between groups of three digits, as in 1,234,567"
    return "must begin with its first figure: no noughts stand before it, and 0.50 is fifty pence"
