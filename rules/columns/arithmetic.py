"""Whole-number arithmetic that is exact on every back end: a division of large amounts by floating point is not."""

from __future__ import annotations

import ibis

from rules.columns.truths import Column
from rules.values.money import MAX_PENCE

_THOUSAND, _HUNDRED = 1000, 100


def whole(number: int) -> Column:
    """Return a whole number as a column of 64 bits."""
    return ibis.literal(number, "int64")


def floor_divide(number: Column, divisor: Column) -> Column:
    """Divide two whole numbers and round down; NULL where the divisor is not above zero.

    The quotient of floating point is right to some units. What it leaves over says how many are missing.
    """
    positive = ibis.cases((divisor > 0, divisor))
    first = _estimate(number, positive)
    second = first + _estimate(number - first * positive, positive)
    rest = number - second * positive
    return second + ibis.cases((rest < 0, whole(-1)), (rest >= positive, whole(1)), else_=whole(0))


def _estimate(number: Column, divisor: Column) -> Column:
    return (number.cast("float64") / divisor.cast("float64")).floor().cast("int64")


def scale(number: Column, numerator: Column, denominator: Column) -> Column:
    """Multiply by a fraction and round down, without a product beyond 64 bits."""
    quotient = floor_divide(number, denominator)
    rest = number - quotient * denominator
    return quotient * numerator + floor_divide(rest * numerator, denominator)


def within_money_bounds(pence: Column) -> Column:
    """Return pence, or NULL beyond what an amount may be."""
    return ibis.cases((pence.abs() <= whole(MAX_PENCE), pence))


def convert_vat(pence: Column, rate: Column, *, to_included: bool) -> Column:
    """Convert pence to the other VAT basis, to the nearest penny, half a penny up. `rate` is in thousandths."""
    with_vat = rate + whole(_THOUSAND)
    numerator, denominator = (with_vat, whole(_THOUSAND)) if to_included else (whole(_THOUSAND), with_vat)
    quotient = floor_divide(pence, denominator)
    rest = pence - quotient * denominator
    # Doubled, so that a half rounds up.
    rounded = quotient * numerator + floor_divide(rest * numerator * 2 + denominator, denominator * 2)
    return within_money_bounds(rounded)


def percentage(part: Column, of: Column) -> Column:
    """Return one count as a percentage of another, a half rounded up; NULL of nothing."""
    sign = ibis.cases((of < 0, whole(-1)), else_=whole(1))
    return floor_divide(part * sign * (2 * _HUNDRED) + of * sign, of * sign * 2)


def portion_of(pence: Column, percent: Column) -> Column:
    """Return so many percent of an amount, rounded down to the penny."""
    return within_money_bounds(scale(pence, percent, whole(_HUNDRED)))


def share_of(count: Column, parts: Column, divisor: Column) -> Column:
    """Return so many parts of a count, rounded up."""
    return -scale(-count, parts, divisor)
