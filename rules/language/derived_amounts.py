"""Functions that derive amounts: totals over subjects, conversion to another VAT basis, and portions.

Amounts are exact to the penny, and each function states how it rounds. A result is unknown as long as an input is.
"""

from __future__ import annotations

from rules.language.derivation_context import DerivationContext, DerivationFunction
from rules.values.facts import Facts, FactValue
from rules.values.money import MAX_PENCE, Money, Vat, sum_money

_THOUSAND, _HUNDRED = 1000, 100


def total_with_subjects(case_amount: str, subject_amount: str) -> DerivationFunction:
    """Add the amounts of a kind's subjects to the case's own.

    The total is unknown if one amount is, or if they are on several VAT bases.
    """

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        subjects = context.related_subjects()
        values = [facts.get(case_amount), *(subject_facts.get(subject_amount) for subject_facts in subjects)]
        amounts = [value for value in values if isinstance(value, Money)]
        return sum_money(amounts) if len(amounts) == len(values) else None

    return compute


def on_vat_basis(amount: str, reference_value: str, vat_rate: str) -> DerivationFunction:
    """Convert an amount to the VAT basis of a dated value.

    The result is rounded to the nearest penny, half a penny up. `vat_rate` is a dated value in thousandths of the
    price, and needed only if the bases differ. While the reference value is unknown, there is no basis to convert to,
    and the amount stays as it is. An amount as stated is on the one basis or the other: the result is unknown where
    that decides on which side of the reference value it lies.
    """

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        stated = facts.get(amount)
        reference = context.figure_in_force(reference_value, facts)
        if not isinstance(stated, Money) or not isinstance(reference, Money):
            return None if context.may_be_in_force(reference_value, facts) else stated
        if reference.vat in (stated.vat, Vat.UNSTATED):
            return stated
        rate = context.figure_in_force(vat_rate, facts)
        if stated.vat is Vat.UNSTATED:
            return _settle_vat(stated, reference, rate)
        return _convert_vat(stated, reference.vat, rate) if isinstance(rate, int) else None

    return compute


def _settle_vat(amount: Money, reference: Money, rate: FactValue | None) -> Money | None:
    """Return an amount as stated in a form that can be judged; None if its basis decides on which side it lies.

    It stays as stated where judging can tell without a basis. Otherwise it is put on the basis of the reference.
    """
    other = Vat.INCLUDED if reference.vat is Vat.EXCLUDED else Vat.EXCLUDED
    converted = _convert_vat(Money(amount.pence, other), reference.vat, rate) if isinstance(rate, int) else None
    if converted and converted.pence == amount.pence:
        return converted
    if amount.is_surely_on_one_side_of(reference):
        return amount
    if converted is None or converted.pence == reference.pence:
        return None
    return converted if (converted.pence > reference.pence) is (amount.pence > reference.pence) else None


def _convert_vat(amount: Money, basis: Vat, rate: int) -> Money | None:
    with_vat = _THOUSAND + rate
    numerator, denominator = (with_vat, _THOUSAND) if basis is Vat.INCLUDED else (_THOUSAND, with_vat)
    pence = (2 * amount.pence * numerator + denominator) // (2 * denominator)  # doubled, so that a half rounds up
    return Money(pence, basis) if abs(pence) <= MAX_PENCE else None


def portion(amount: str, percent_value: str) -> DerivationFunction:
    """Take a percentage of an amount, rounded down to the penny; the percentage is a dated value.

    The result is unknown beyond `MAX_PENCE`, which a percentage over 100 can reach.
    """

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        whole = facts.get(amount)
        percent = context.figure_in_force(percent_value, facts)
        if not isinstance(whole, Money) or not isinstance(percent, int):
            return None
        pence = whole.pence * percent // _HUNDRED
        return Money(pence, whole.vat) if abs(pence) <= MAX_PENCE else None

    return compute
