"""Amounts of money in whole pence, each with its VAT basis.

An amount is never a fraction of a penny. Text is read as a negative amount only where the caller says that one makes
sense, such as a change that reduces a contract. Nothing is guessed: text that could mean two amounts is refused.
Amounts that exclude and include VAT are never compared or added.
"""

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
_MINUS = re.compile("(?:[-\u2212] ?|minus )", re.IGNORECASE)
"""How a negative amount begins, before or after its pound sign; U+2212 is a true minus sign."""
_NUMBER = re.compile(r"(?P<pounds>0|[1-9][0-9]{0,2}(,[0-9]{3})+|[1-9][0-9]*)(\.(?P<pence>[0-9]{2}))?")


class Vat(StrEnum):
    """The VAT basis of an amount; the value is how it is printed."""

    EXCLUDED = "excluding VAT"
    INCLUDED = "including VAT"
    UNSTATED = "as stated"

    @property
    def code(self) -> str:
        """Return its word in data: `ex`, `inc` or `unstated`."""
        return _CODES[self]


_CODES = {Vat.EXCLUDED: "ex", Vat.INCLUDED: "inc", Vat.UNSTATED: "unstated"}
VAT_WORDS = {
    **dict.fromkeys(("ex", "excl", "excluding", "exclusive of", "net of"), Vat.EXCLUDED),
    **dict.fromkeys(("inc", "incl", "including", "inclusive of"), Vat.INCLUDED),
}
"""The VAT basis that each of some words means before `VAT`."""
_BASES = {
    **{f"{words} vat": vat for words, vat in VAT_WORDS.items()},
    **{code: vat for vat, code in _CODES.items()},
    "net": Vat.EXCLUDED,
    "gross": Vat.INCLUDED,
    "as stated": Vat.UNSTATED,
}


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount of `pence`, which may be negative, on one VAT basis.

    Two amounts are equal only on the same basis. `<`, `<=`, `>` and `>=` compare the pence of amounts for which
    `is_comparable_with` holds, and raise `InputError` for others rather than mislead.
    """

    pence: int
    vat: Vat

    def __post_init__(self) -> None:
        """Raise `InputError` unless it is whole pence, at most `MAX_PENCE` from zero, on a known basis."""
        if type(self.pence) is not int:  # isinstance would let a flag pass as a number
            raise InputError(f"{self.pence!r:.42} is not a whole number of pence")
        if abs(self.pence) > MAX_PENCE:
            raise InputError(f"an amount is more than £{MAX_PENCE // 100:,}, the highest allowed", _ADVICE)
        if not isinstance(self.vat, Vat):
            raise InputError(f"{self.vat!r:.42} is not a VAT basis", "Use ex, inc or unstated.")

    def __str__(self) -> str:
        pounds, pence = divmod(abs(self.pence), 100)
        # In words: a sign is lost by terminals without it, by screen readers, and at the end of a line.
        minus = "minus " if self.pence < 0 else ""
        return f"{minus}£{pounds:,}.{pence:02d} {self.vat}" if pence else f"{minus}£{pounds:,} {self.vat}"

    def is_comparable_with(self, other: Money) -> bool:
        """Return whether both have one VAT basis, or either is as stated."""
        return self.vat is other.vat or Vat.UNSTATED in (self.vat, other.vat)

    def is_surely_comparable_with(self, other: Money) -> bool:
        """Return whether both are on one VAT basis, whichever that of an amount as stated is."""
        return self.vat is other.vat or any(one.is_nothing_as_stated for one in (self, other))

    @property
    def is_nothing_as_stated(self) -> bool:
        """Return whether it is nothing, on a basis that is not known: nothing with VAT is nothing without."""
        return self.pence == 0 and self.vat is Vat.UNSTATED

    def is_surely_on_one_side_of(self, limit: Money) -> bool:
        """Return whether an amount as stated is below a limit without VAT, or above one with VAT, on either basis.

        VAT only adds: £100 as stated is at most £100 without VAT, and at least £100 with VAT.
        """
        if limit.pence < 0:
            return False
        return self.pence <= limit.pence if limit.vat is Vat.EXCLUDED else self.pence >= limit.pence

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
    """Add amounts; None without amounts, on several VAT bases, or beyond `MAX_PENCE`."""
    bases, pence = {amount.vat for amount in amounts}, sum(amount.pence for amount in amounts)
    return Money(pence, bases.pop()) if len(bases) == 1 and abs(pence) <= MAX_PENCE else None


def parse_vat(words: str) -> Vat:
    """Parse a VAT basis, such as `ex`, `including VAT` or `net`."""
    try:
        return _BASES[words.lower()]
    except KeyError:
        raise InputError(f"{quote(words)} is not a VAT basis: write ex VAT or inc VAT", _ADVICE) from None


def parse_money(text: str, *, negative: bool = False) -> Money:
    """Parse an amount with its VAT basis, such as `£181,302.50 inc VAT`.

    With `negative`, it may be below zero: `-£5,000 ex VAT`, or `minus £5,000 ex VAT`.
    Raises `InputError` that says what is wrong.
    """
    if len(text) > MAX_AMOUNT_LENGTH:
        raise InputError(f"an amount has at most {MAX_AMOUNT_LENGTH} characters; this has {len(text):,}", _ADVICE)
    trimmed = text.strip(" ")
    unsigned, sign = _split_sign(trimmed) if negative else (trimmed, 1)
    if negative and unsigned.startswith("("):
        raise InputError(f"{trimmed!r} does not say that it is negative with a minus", "Write it as -£5,000 ex VAT.")
    amount, _, basis = unsigned.removeprefix("£").lstrip(" ").partition(" ")
    pence = _parse_pence(amount, trimmed)
    if not basis.strip(" "):
        raise missing_vat_basis(trimmed)
    return Money(sign * pence, parse_vat(" ".join(basis.split())))


def _split_sign(text: str) -> tuple[str, int]:
    """Return the text of an amount without its minus, and 1 or -1."""
    pound = "£" if text.startswith("£") else ""
    minus = _MINUS.match(text, len(pound))
    return (f"{pound}{text[minus.end() :]}", -1) if minus else (text, 1)


def parse_money_as_stated(text: str) -> Money | None:
    """Parse an amount without a VAT basis as one that is as stated; None if it is no amount, or has a basis."""
    try:
        return parse_money(f"{text} as stated")
    except InputError:
        return None


def missing_vat_basis(text: str) -> InputError:
    """Return the error for an amount that does not say whether it includes VAT."""
    return InputError(f"{text!r} does not say whether it includes VAT: add ex VAT or inc VAT", _ADVICE)


def _parse_pence(amount: str, text: str) -> int:
    match = _NUMBER.fullmatch(amount)
    if match is None:
        raise InputError(f"{text!r} {_describe_fault(amount)}", _ADVICE)
    return int(match["pounds"].replace(",", "")) * 100 + int(match["pence"] or 0)


def _describe_fault(amount: str) -> str:
    """Return what is wrong with an amount, the most likely mistake first."""
    if not amount:
        return "has no amount"
    if amount[0] in "-\u2212(":
        return "is negative: an amount cannot be"
    if not re.fullmatch(r"[0-9,.]+", amount):
        return "is not an amount in pounds: use the digits 0 to 9, commas for thousands and a point before pence"
    whole, point, pence = amount.partition(".")
    if point and not re.fullmatch(r"[0-9]{2}", pence):
        return "must have exactly two digits for pence after its point"
    if "," in whole:
        return "has a comma in the wrong place: use commas between groups of three digits, as in 1,234,567"
    return "must not begin with extra zeros or a point: write 7 rather than 007, and 0.50 for fifty pence"
