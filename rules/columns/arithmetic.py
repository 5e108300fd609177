"""Whole-number arithmetic that is exact on every back end: a division of large amounts by floating point is not."""

from __future__ import annotations

import ibis

from rules.columns.truths import Column
from rules.values.money import MAX_PENCE

_THOUSAND, _HUNDRED = 1000, 100


def whole(number: int) -> Column:
    """Return a whole number as a column of 64 bits."""
    return ibis.literal(number, "int64")


def remainder(number: Column, divisor: Column) -> Column:
    """Return what a division that rounds down leaves over; the divisor is above zero."""
    # A remainder in SQL has the sign of the number.
    return (number % divisor + divisor) % divisor


def floor_divide(number: Column, divisor: Column) -> Column:
    """Divide two whole numbers and round down; the divisor is above zero, and the quotient at most 10 to the 15th.

    What is divided by floating point is a multiple of the divisor, so that the nearest whole number is exact.
    """
    multiple = number - remainder(number, divisor)
    return (multiple.cast("float64") / divisor.cast("float64")).round().cast("int64")


def scale(number: Column, numerator: Column, denominator: Column) -> Column:
    """Multiply by a fraction and round down, without a product beyond 64 bits."""
    rest = remainder(number, denominator)
    return floor_divide(number, denominator) * numerator + floor_divide(rest * numerator, denominator)


def within_money_bounds(pence: Column) -> Column:
    """Return pence, or NULL beyond what an amount may be."""
    return ibis.cases((pence.abs() <= whole(MAX_PENCE), pence))


def convert_vat(pence: Column, rate: Column, *, to_included: bool) -> Column:
    """Convert pence to the other VAT basis, to the nearest penny, half a penny up. `rate` is in thousandths."""
    with_vat = rate + whole(_THOUSAND)
    numerator, denominator = (with_vat, whole(_THOUSAND)) if to_included else (whole(_THOUSAND), with_vat)
    return within_money_bounds(_scale_to_nearest(pence, numerator, denominator))


def _scale_to_nearest(number: Column, numerator: Column, denominator: Column) -> Column:
    """Multiply by a fraction and round to the nearest whole number, a half up."""
    rest = remainder(number, denominator) * numerator
    # Doubled, so that a half rounds up.
    return floor_divide(number, denominator) * numerator + floor_divide(rest * 2 + denominator, denominator * 2)


def percentage(part: Column, of: Column) -> Column:
    """Return one count as a percentage of another, a half rounded up; NULL of nothing."""
    sign = ibis.cases((of < 0, whole(-1)), (of > 0, whole(1)))
    return _scale_to_nearest(part * sign, whole(_HUNDRED), of * sign)


def portion_of(pence: Column, percent: Column) -> Column:
    """Return so many percent of an amount, rounded down to the penny."""
    return within_money_bounds(scale(pence, percent, whole(_HUNDRED)))


def share_of(count: Column, parts: Column, divisor: Column) -> Column:
    """Return so many parts of a count, rounded up."""
    return -scale(-count, parts, divisor)
