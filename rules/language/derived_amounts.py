"""Amounts that are worked out from others: together with those of other subjects, on another VAT basis, or in part."""

from __future__ import annotations

from rules.language.derived_facts import DerivationContext, DerivationFunction
from rules.values.facts import Facts, FactValue, subject_kind_of
from rules.values.money import MAX_PENCE, Money, Vat, sum_money

_THOUSAND, _HUNDRED = 1000, 100


def total_with_subjects(case_amount: str, subject_amount: str) -> DerivationFunction:
    """The case's own amount with that of every subject of a kind; not known where one is not, or on another basis."""
    kind = subject_kind_of(subject_amount)

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        parts = [
            facts.get(case_amount),
            *(other.get(subject_amount) for other in context.facts_by_subject(kind).values()),
        ]
        amounts = [part for part in parts if isinstance(part, Money)]
        return sum_money(amounts) if len(amounts) == len(parts) else None

    return compute


def on_vat_basis(amount: str, reference_value: str, vat_rate: str) -> DerivationFunction:
    """An amount on the VAT basis on which a dated value is stated, to the nearest penny, half a penny up.

    `rate` is a dated value that gives VAT in thousandths of the price; it is asked only where the bases differ. While
    nobody can tell the value there is nothing to be put beside, and the amount stays as it is.
    """

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        stated = facts.get(amount)
        beside = context.figure_in_force(reference_value, facts)
        if not isinstance(stated, Money) or not isinstance(beside, Money) or stated.is_comparable_with(beside):
            return stated
        thousandths = context.figure_in_force(vat_rate, facts)
        return _convert_vat(stated, beside.vat, thousandths) if isinstance(thousandths, int) else None

    return compute


def _convert_vat(amount: Money, basis: Vat, rate: int) -> Money | None:
    with_vat = _THOUSAND + rate
    up, down = (with_vat, _THOUSAND) if basis is Vat.INCLUDED else (_THOUSAND, with_vat)
    pence = (2 * amount.pence * up + down) // (2 * down)
    return Money(pence, basis) if pence <= MAX_PENCE else None


def portion(amount: str, percent_value: str) -> DerivationFunction:
    """So many hundredths of an amount, to the penny below; how many is a dated value."""

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        whole = facts.get(amount)
        hundredths = context.figure_in_force(percent_value, facts)
        if not isinstance(whole, Money) or not isinstance(hundredths, int):
            return None
        return Money(whole.pence * hundredths // _HUNDRED, whole.vat)

    return compute
