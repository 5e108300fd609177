"""Find the amounts, counts and percentages in a text, in digits or in words.

Values are whole hundredths: pence of an amount, hundredths of a count or of a percent. The text must be flat (see
`decisions.safety.plain_text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

HUNDREDTHS = 100
_SCALES = {
    "k": 10**3, "thousand": 10**3, "lakh": 10**5, "m": 10**6, "mn": 10**6, "mil": 10**6, "mio": 10**6, "mln": 10**6,
    "million": 10**6, "crore": 10**7, "bn": 10**9, "billion": 10**9, "000": 10**3,
}  # fmt: skip
_SCALE_WORD = "|".join(sorted(_SCALES.keys() - {"000"}, key=len, reverse=True))
_SCALE = rf"[ -]?(?P<scale>{_SCALE_WORD})s?(?![a-z])"
_NUMBER = re.compile(
    r"(?<![\w.,])(?:(?P<sign>£|GBP) ?-?)?"
    r"(?P<whole>[0-9]{1,3}(?:(?:, ?|[ '])[0-9]{3}){1,5}(?![0-9])|[0-9]{1,3}(?:\.[0-9]{3}){2,5}(?![0-9])|[0-9]{1,15})"
    rf"(?:(?:[.·]|,(?=[0-9]{{1,2}}[ -]?(?:{_SCALE_WORD})\b))(?P<part>[0-9]{{1,6}}))?"
    rf"(?:{_SCALE}|(?: ?[x×*] ?10 ?\^? ?|e\+?0?)(?P<power>[2-9])(?![0-9]))?"
    r"(?:\.? ?(?P<unit>%|per ?cent\b|pounds?\b|GBP\b|sterling\b))?(?!\w)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    rf"(?:£|GBP) ?(?P<whole>[0-9][0-9.,']{{3,20}}[0-9])(?![0-9]| ?-?(?:{_SCALE_WORD})\b)", re.IGNORECASE
)
_WELL_FORMED = re.compile(r"[0-9]{1,3}(?:[,'][0-9]{3})*(?:\.[0-9]{1,2})?|[0-9]+(?:\.[0-9]+)?|[0-9]{1,3}(?:\.[0-9]{3})+")
_SCALED_HEADING = re.compile(r"(?:£ ?'?(000|k|mn?|bn)s?\b(?!,)|£ ?(thousand|million|billion)s?\b)", re.IGNORECASE)
_RANGE = re.compile(r" ?(?:-|to|and|or) ?", re.IGNORECASE)
_SUM_OF_SCALES = re.compile(r",? (?:and )?", re.IGNORECASE)
_LETTERS = re.compile("[a-z]+")
_DIGIT = re.compile("[0-9]")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")

_BELOW_TWENTY = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: value for value, word in enumerate(_BELOW_TWENTY)}
_SMALL |= {word: 10 * tens for tens, word in enumerate(_TENS, start=2)}
_MULTIPLES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_FRACTIONS = {"half": Decimal("0.5"), "quarter": Decimal("0.25"), "quarters": Decimal("0.25")}
_FIRST_WORD = "|".join(sorted([*_SMALL, *_FRACTIONS], key=len, reverse=True))
_MULTIPLE_WORD = "|".join(f"{word}s?" for word in _MULTIPLES)
_WORDS = re.compile(
    rf"\b(?:an? (?:half|quarter|{_MULTIPLE_WORD})|{_FIRST_WORD})"
    rf"(?:(?:,?[ -]and[ -]|, |[ -]| of )(?:an?[ -])?(?:point[ -])?(?:{_FIRST_WORD}|{_MULTIPLE_WORD}))*\b"
    r"(?P<unit> (?:pounds?|per ?cent))?",
    re.IGNORECASE,
)
_AND_A = re.compile(r"[ -]and[ -]an?[ -]", re.IGNORECASE)
_ONE = Decimal(HUNDREDTHS)
_LARGE_WORDS = ("hundred", "thousand", "million", "billion", "per cent", "percent")
"""One of them is in every figure in words."""
MIN_PLAIN_NUMBER = 1_000
"""A number below it is no figure, unless a pound sign, a scale or a percent sign marks it."""


class Figure(NamedTuple):
    """A figure in a text: its value in hundredths, the words that say it, and how exactly they do.

    `unit` is the value of one step of its last digit that is not zero, and `digits` counts its significant digits. It
    `is_marked` if a pound sign or a scale says that it is an amount.
    """

    value: int
    words: str
    start: int
    end: int
    unit: int
    digits: int
    is_marked: bool = True
    is_percent: bool = False


def find_figures(text: str) -> list[Figure]:
    """Return every figure of a flat text, and what it means in a column of thousands or millions.

    >>> [figure.value for figure in find_figures("£1.4m, or one and a half million pounds")]
    [140000000, 150000000]
    """
    in_digits = list(_figures_in_digits(text)) if _DIGIT.search(text) else []
    lowered = text.lower()
    in_words = _figures_in_words(text) if any(word in lowered for word in _LARGE_WORDS) else ()
    return [*in_digits, *in_words]


def _figures_in_digits(text: str) -> Iterator[Figure]:
    matches = list(_NUMBER.finditer(text))
    headings = {(first or second).lower() for first, second in _SCALED_HEADING.findall(text)}
    for match in matches:
        if _is_figure(match, text):
            yield _read_match(match)
        if headings and not _is_scaled(match) and not match["unit"]:
            yield from (_read_match(match, scale) for scale in headings)
    yield from _figures_in_pairs(matches, text)
    yield from _figures_with_odd_signs(text)


def _figures_with_odd_signs(text: str) -> Iterator[Figure]:
    """Yield what an amount says whose points and commas do not stand as they should: all of its digits are pounds."""
    for match in _AMOUNT.finditer(text):
        whole = match["whole"]
        if not _WELL_FORMED.fullmatch(whole):
            digits = Decimal(re.sub(r"\D", "", whole))
            yield _build_figure(digits * HUNDREDTHS, match, _ONE, is_marked=True)


def _figures_in_pairs(matches: Sequence[re.Match[str]], text: str) -> Iterator[Figure]:
    """Yield what two numbers side by side say: a range in one scale, or a sum of two scales."""
    for before, after in pairwise(matches):
        gap = text[before.end() : after.start()]
        if after["scale"] and before["sign"] and not before["scale"] and _RANGE.fullmatch(gap):
            yield _read_match(before, after["scale"].lower())
        if before["scale"] and not after["sign"] and _SUM_OF_SCALES.fullmatch(gap):
            yield _add(_read_match(before), _read_match(after), text)


def _is_figure(match: re.Match[str], text: str) -> bool:
    """Whether a number is an amount, a count or a share, and not a year, a page or a section."""
    if match["sign"] or _is_scaled(match) or match["unit"]:
        return True
    whole = match["whole"]
    is_large = len(re.sub(r"\D", "", whole)) >= len(str(MIN_PLAIN_NUMBER))
    return is_large and (not _YEAR.fullmatch(whole) or match.group().strip() == text.strip())


def _is_scaled(match: re.Match[str]) -> bool:
    return bool(match["scale"] or match["power"])


def _read_match(match: re.Match[str], scale: str = "") -> Figure:
    multiplier = HUNDREDTHS * _SCALES.get((match["scale"] or scale).lower(), 1) * 10 ** int(match["power"] or 0)
    whole, part = re.sub(r"\D", "", match["whole"]), match["part"] or ""
    unit_word = (match["unit"] or "").lower()
    is_money = unit_word in ("pound", "pounds", "gbp", "sterling")
    return _build_figure(
        Decimal(f"{whole}.{part or 0}") * multiplier,
        match,
        Decimal(multiplier).scaleb(-len(part)),
        is_marked=bool(match["sign"] or scale or _is_scaled(match) or is_money),
        is_percent=unit_word.startswith(("%", "per")),
    )


def _build_figure(
    value: Decimal, match: re.Match[str], step: Decimal, *, is_marked: bool, is_percent: bool = False
) -> Figure:
    """Return a figure; `step` is the value of one in the last place that was written."""
    significant = str(int(value / step)).lstrip("0") if step else ""
    if step >= HUNDREDTHS and (zeros := len(significant) - len(significant.rstrip("0"))):
        # Zeros before the point may only fill places: £2,000,000 can stand for anything near two million.
        step, significant = step.scaleb(zeros), significant.rstrip("0")
    return Figure(
        int(value), match.group().strip(), *match.span(), max(int(step), 1), len(significant), is_marked, is_percent
    )


def _add(first: Figure, second: Figure, text: str) -> Figure:
    words = text[first.start : second.end].strip()
    return Figure(first.value + second.value, words, first.start, second.end, second.unit, first.digits + second.digits)


def _figures_in_words(text: str) -> Iterator[Figure]:
    for match in _WORDS.finditer(text):
        is_percent = "cent" in (match["unit"] or "")
        value = read_number_words(match.group().removesuffix(match["unit"] or ""))
        if value is None or not (is_percent or value >= MIN_PLAIN_NUMBER):
            continue
        yield _build_figure(value * HUNDREDTHS, match, _ONE, is_marked=not is_percent, is_percent=is_percent)


def read_number_words(words: str) -> Decimal | None:
    """Return the number that some words say; None if they say none.

    >>> read_number_words("two million four hundred and fifty thousand")
    Decimal('2450000')
    """
    reading = _NumberReading()
    for word in _LETTERS.findall(words.lower()):
        reading.take(word, words)
    return reading.number


@dataclass(slots=True)
class _NumberReading:
    """A number in words, read up to some word: what stands before the last scale, and what has come since."""

    total: Decimal = Decimal(0)
    current: Decimal = Decimal(0)
    decimals: int = 0
    has_number: bool = False

    @property
    def number(self) -> Decimal | None:
        """The number so far; None without one."""
        return self.total + self.current if self.has_number else None

    def take(self, word: str, words: str) -> None:
        """Take the next of some words."""
        name = word.removesuffix("s") if word not in _FRACTIONS else word
        self.has_number |= word != "point" and (word in _SMALL or name in _MULTIPLES or name in _FRACTIONS)
        if word == "point":
            self.decimals = 1
        elif word in _SMALL:
            self.current += Decimal(_SMALL[word]).scaleb(-self.decimals)
            self.decimals += bool(self.decimals)
        elif name in _FRACTIONS:
            self.current = _take_fraction(self.current, name, words)
        elif name == "hundred":
            self.current = (self.current or Decimal(1)) * 100
        elif name in _MULTIPLES:
            self.total += (self.current or Decimal(1)) * _MULTIPLES[name]
            self.current, self.decimals = Decimal(0), 0


def _take_fraction(current: Decimal, name: str, words: str) -> Decimal:
    """Return the number after a fraction: `three quarters` is a product, `one and a half` is a sum."""
    is_sum = bool(_AND_A.search(words))
    return current + _FRACTIONS[name] if is_sum or not current else current * _FRACTIONS[name]
