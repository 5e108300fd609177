"""Amounts that are worked out from others: together with those of other subjects, on another VAT basis, or in part."""

from __future__ import annotations

from rules.language.derived_facts import Function, Scene
from rules.values.facts import Facts, FactValue, subject_of
from rules.values.money import MAX_PENCE, Money, Vat, total

_THOUSAND, _HUNDRED = 1000, 100


def with_those_of(own: str, take: str) -> Function:
    """The case's own amount with that of every subject of a kind; not known where one is not, or on another basis."""
    kind = subject_of(take)

    def work_out(scene: Scene, facts: Facts) -> FactValue | None:
        parts = [facts.get(own), *(other.get(take) for other in scene.among(kind).values())]
        amounts = [part for part in parts if isinstance(part, Money)]
        return total(amounts) if len(amounts) == len(parts) else None

    return work_out


def on_basis_of(amount: str, value: str, rate: str) -> Function:
    """An amount on the VAT basis on which a dated value is stated, to the nearest penny, half a penny up.

    `rate` is a dated value that gives VAT in thousandths of the price; it is asked only where the bases differ. While
    nobody can tell the value there is nothing to be put beside, and the amount stays as it is.
    """

    def work_out(scene: Scene, facts: Facts) -> FactValue | None:
        stated = facts.get(amount)
        beside = scene.figure(value, facts)
        if not isinstance(stated, Money) or not isinstance(beside, Money) or stated.comparable(beside):
            return stated
        thousandths = scene.figure(rate, facts)
        return _restated(stated, beside.vat, thousandths) if isinstance(thousandths, int) else None

    return work_out


def _restated(stated: Money, basis: Vat, rate: int) -> Money | None:
    with_vat = _THOUSAND + rate
    up, down = (with_vat, _THOUSAND) if basis is Vat.INCLUDED else (_THOUSAND, with_vat)
    pence = (2 * stated.pence * up + down) // (2 * down)
    return Money(pence, basis) if pence <= MAX_PENCE else None


def portion(amount: str, percent: str) -> Function:
    """So many hundredths of an amount, to the penny below; how many is a dated value."""

    def work_out(scene: Scene, facts: Facts) -> FactValue | None:
        whole = facts.get(amount)
        hundredths = scene.figure(percent, facts)
        if not isinstance(whole, Money) or not isinstance(hundredths, int):
            return None
        return Money(whole.pence * hundredths // _HUNDRED, whole.vat)

    return work_out
