"""Find amounts of money in running text: `£1.4m`, `£575,000`, `£79.9 million and £102.7 million`.

Invariants:
- Only an amount with a pound sign is found. One that cannot be read is reported as malformed, never repaired.
- An amount keeps the precision of its writing: £4.6m can stand for anything from £4.55m to £4.65m.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from rules.values.lazy_pattern import compile_lazily
from rules.values.money import Vat
from rules.values.typed_money import SCALES

_SCALE = rf"(?:[ \u00a0]?(?P<scale>{'|'.join(sorted(SCALES, key=len, reverse=True))})(?![A-Za-z]))?"
_FIGURES = r"(?P<number>[0-9](?:[0-9,]*[0-9])?)(?:\.(?P<decimals>[0-9]+))?"
_FOUND = compile_lazily(rf"£[ \u00a0]?{_FIGURES}{_SCALE}(?P<more>[.,][0-9]+)?", re.IGNORECASE)
_LATER_SCALE = compile_lazily(rf"[ \u00a0]?(?:-|–|to|and)[ \u00a0]?£?[0-9][0-9.,]*{_SCALE}", re.IGNORECASE)
"""The scale of the second figure of a range counts for the first: £450-£500k."""
_GROUPED = compile_lazily(r"[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+")
# A scan reads £ as f: f350k, f1,200,000. And a pound sign before a letter that looks like a figure.
_MISREAD = (
    compile_lazily(r"f(?<!\wf)[0-9][0-9,.]*(?:k|m|bn|,[0-9]{3})(?!\w)", re.ASCII),
    compile_lazily(r"£[ \u00a0]?[lIO][0-9,.]+", re.ASCII),
)
# A figure after the comma and a space: £1,948, 419. Two such places, so that a list of amounts is left alone.
_SPACED = compile_lazily(
    r"£[ \u00a0]?[0-9]{1,3}(?:,[0-9]{3}, [0-9]{3}|, [0-9]{3},[ ]?[0-9]{3})(?![0-9,]*[0-9])", re.ASCII
)
_RATE_AFTER = compile_lazily(r"[ \u00a0]?(?:per|an?|each|for each|/|-|–|to|and)(?![a-z])", re.IGNORECASE)
"""What follows an amount of pounds and tenths of a pound, such as £1.5 an hour."""
_BASIS = r"\s?\(?{}\s?(?:of )?VAT\)?"
WITHOUT_VAT: Final = compile_lazily(
    _BASIS.format(r"(?:plus|\+|exclusive of|excluding|ex(?:cl?)?\.?|net of|before)"), re.IGNORECASE
)
"""Words right after an amount without VAT."""
WITH_VAT: Final = compile_lazily(_BASIS.format(r"(?:inclusive of|including|incl?\.?)"), re.IGNORECASE)
"""Words right after an amount with VAT."""
_LIMIT_BEFORE = compile_lazily(
    r"(?<!\w)(?:above|over|exceed|exceeds|exceeding|below|under|less than|more than|"
    r"greater than|in excess of)[ \u00a0]$",
    re.IGNORECASE,
)
_LIMIT_AFTER = compile_lazily(r"[ \u00a0](?:or|and)[ \u00a0](?:above|over|more|greater)(?!\w)", re.IGNORECASE)
_OF_RULE = compile_lazily(
    r"(?<!\w)(?:requires?|directions?|delegat\w+|thresholds?|standing orders?|rules|regulations|schemes?)(?!\w)",
    re.IGNORECASE,
)
_UNSCALED_BELOW: Final = 1_000
_PENCE_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """An amount in a text: its pence, the precision of its writing in pence, and where its words stand."""

    pence: int
    precision: int
    start: int
    end: int
    words: str

    @property
    def is_scaled(self) -> bool:
        """Whether it is written with thousand, million or billion."""
        return self.words[-1].isalpha()

    def can_stand_for(self, other: FoundAmount) -> bool:
        """Whether it is the other amount, rounded as it is written; cut off, too, if it is written with a scale."""
        apart = abs(self.pence - other.pence)
        return apart < self.precision if self.is_scaled else 2 * apart <= self.precision

    def is_same_sum_as(self, other: FoundAmount) -> bool:
        """Whether both can be one sum, written more or less exactly."""
        return self.pence == other.pence or self.can_stand_for(other) or other.can_stand_for(self)


@lru_cache(maxsize=2048)
def find_amounts(text: str) -> tuple[FoundAmount, ...]:
    """Return every well-formed amount in a text, in order."""
    if "£" not in text:
        return ()
    return tuple(_read_amounts(text))


def is_limit_of_rule(sentence: str, amount: FoundAmount) -> bool:
    """Return whether an amount in a sentence is the limit of a rule: expenditure of £150,000 or above requires it."""
    before, after = sentence[: amount.start], sentence[amount.end :]
    if _LIMIT_AFTER.match(after):
        return True
    return bool(_LIMIT_BEFORE.search(before) and _OF_RULE.search(sentence))


def find_vat_basis(words: str) -> Vat:
    """Return the VAT basis that words right after an amount give; unstated if they give none."""
    if WITHOUT_VAT.match(words):
        return Vat.EXCLUDED
    return Vat.INCLUDED if WITH_VAT.match(words) else Vat.UNSTATED


def _read_amounts(text: str) -> Iterator[FoundAmount]:
    for match in _FOUND.finditer(text):
        if _is_malformed(match):
            continue
        number, decimals, scale = match["number"].replace(",", ""), match["decimals"] or "", match["scale"] or ""
        if not scale and int(number) < _UNSCALED_BELOW and (later := _LATER_SCALE.match(text, match.end())):
            scale = later["scale"] or ""
        power = SCALES.get(scale.casefold(), 0) + _PENCE_DIGITS
        pence = int(Decimal(f"{number}.{decimals or 0}").scaleb(power))
        yield FoundAmount(pence, _precision(number, decimals, power), match.start(), match.end(), match[0])


def _precision(number: str, decimals: str, power: int) -> int:
    """Return the worth in pence of the last figure that is not a zero."""
    digits = number + decimals
    return int(10 ** max(power - len(decimals) + len(digits) - len(digits.rstrip("0") or "0"), 0))


def _is_malformed(match: re.Match[str]) -> bool:
    return bool(match["more"]) or not _GROUPED.fullmatch(match["number"])


@lru_cache(maxsize=2048)
def find_malformed_amount(text: str) -> str:
    """Return the first words of a text that must be an amount and cannot be read as one, or an empty text."""
    found = list(_FOUND.finditer(text))
    has_scale = any(match["scale"] for match in found)
    broken = (match for match in found if _is_malformed(match) or (has_scale and _has_lost_scale(match, text)))
    odd = (*broken, *(match for pattern in (*_MISREAD, _SPACED) for match in pattern.finditer(text)))
    first = min(odd, key=lambda match: match.start(), default=None)
    return first[0] if first else ""


def _has_lost_scale(match: re.Match[str], text: str) -> bool:
    """Return whether an amount ends with tenths of a pound: beside others in millions, its own word is lost."""
    has_tenths = len(match["decimals"] or "") == 1 and not match["scale"]
    return has_tenths and not _RATE_AFTER.match(text, match.end())
