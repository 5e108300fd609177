"""Compare a figure in Part 1 with a withheld amount: is it the amount, or something that tells it?

- The same amount, without its pence or rounded to two digits or more, is as good as the amount. So is the amount with
  VAT or without it, at a rate that the law has or had.
- An amount rounded to one digit or rounded up, and a simple share of it, is only a likeness.
- Below `MIN_ROUNDED`, only the amount itself is compared: other small figures are alike by chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from decisions.safety.figures_in_text import HUNDREDTHS, Figure
from rules.values.money import Money, Vat

MIN_ROUNDED = 1_000 * HUNDREDTHS
"""The smallest withheld amount, in hundredths, whose rounded forms and shares are compared."""
MIN_DIGITS_ROUNDED, MIN_DIGITS_ALIKE = 2, 3
"""The fewest digits of a rounded amount that give it away, and of a share or an amount on another VAT basis."""
MIN_DIGITS_UNMARKED = 5
"""The fewest digits of a number that is compared as an amount although nothing marks it as one."""
MAX_TIMES_LARGER, MAX_TIMES_SMALLER = 4, 250
"""A figure further from an amount is no rounded form and no share of it, with VAT or without."""
SHARES = {
    Fraction(1, 2): "half of", Fraction(1, 3): "a third of", Fraction(2, 3): "two thirds of",
    Fraction(1, 4): "a quarter of", Fraction(3, 4): "three quarters of", Fraction(1, 5): "a fifth of",
    Fraction(1, 10): "a tenth of", Fraction(1, 12): "a twelfth of", Fraction(1, 52): "a fifty-second of",
    Fraction(1, 100): "a hundredth of",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AmountLikeness:
    """A likeness of a figure to a withheld amount, in words with `{}` for the name of the amount."""

    description: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class WithheldAmount:
    """An amount or count of Part 2 in hundredths, with its VAT basis (None: not an amount of money)."""

    value: int
    vat: Vat | None

    def compare(self, figure: Figure, vat_rates: Sequence[int]) -> AmountLikeness | None:
        """Return the closest likeness of a figure; None if it tells nothing. Rates are in tenths of a percent."""
        if figure.value == self.value:
            is_small = self.value < MIN_ROUNDED and not figure.is_marked
            return None if is_small or figure.is_percent else AmountLikeness("{}", is_refused=True)
        is_whole = figure.unit <= HUNDREDTHS and figure.digits >= MIN_DIGITS_UNMARKED
        is_far = figure.value > MAX_TIMES_LARGER * self.value or figure.value * MAX_TIMES_SMALLER < self.value
        if is_far or self.value < MIN_ROUNDED or figure.is_percent or not (figure.is_marked or is_whole):
            return None
        return self._compare_rounded(figure) or self._compare_other_basis(figure, vat_rates) or self._share(figure)

    def _compare_rounded(self, figure: Figure) -> AmountLikeness | None:
        if not _is_rounded(figure, self.value):
            is_ceiling = (
                figure.digits >= MIN_DIGITS_ROUNDED and -(-self.value // figure.unit) * figure.unit == figure.value
            )
            return AmountLikeness("{}, rounded up", is_refused=False) if is_ceiling else None
        if figure.unit <= HUNDREDTHS:
            return AmountLikeness("{}, without its pence", is_refused=True)
        return AmountLikeness("{}, rounded", is_refused=figure.digits >= MIN_DIGITS_ROUNDED)

    def _compare_other_basis(self, figure: Figure, vat_rates: Sequence[int]) -> AmountLikeness | None:
        for factor, description in self._other_bases(vat_rates):
            value = round(self.value * factor)
            if figure.value == value or (figure.digits >= MIN_DIGITS_ROUNDED and _is_rounded(figure, value)):
                is_close = figure.value == value or figure.digits >= MIN_DIGITS_ALIKE
                return AmountLikeness(description, is_refused=is_close)
        return None

    def _other_bases(self, vat_rates: Sequence[int]) -> Iterator[tuple[Fraction, str]]:
        for rate in vat_rates:
            percent = f"{rate // 10}.{rate % 10}%" if rate % 10 else f"{rate // 10}%"
            factor = Fraction(1000 + rate, 1000)
            if self.vat in (Vat.EXCLUDED, Vat.UNSTATED):
                yield factor, f"{{}} with VAT at {percent}"
            if self.vat in (Vat.INCLUDED, Vat.UNSTATED):
                yield 1 / factor, f"{{}} without VAT at {percent}"

    def _share(self, figure: Figure) -> AmountLikeness | None:
        for share, description in SHARES.items():
            value = self.value * share
            is_exact = figure.value == value and figure.digits >= MIN_DIGITS_ROUNDED
            if is_exact or (figure.digits >= MIN_DIGITS_ALIKE and _is_rounded(figure, round(value))):
                return AmountLikeness(f"{description} {{}}", is_refused=False)
        return None


def withheld_amount(value: object) -> WithheldAmount | None:
    """Return what is searched for of a fact; None if it is no amount or count."""
    if isinstance(value, Money):
        return WithheldAmount(abs(value.pence), value.vat)
    return WithheldAmount(value * HUNDREDTHS, None) if type(value) is int else None


def _is_rounded(figure: Figure, value: int) -> bool:
    """Whether a figure is a value rounded or cut to the places that the figure has."""
    unit = figure.unit
    return figure.value in (value // unit * unit, (value + unit // 2) // unit * unit)
