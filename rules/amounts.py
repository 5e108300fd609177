"""Amounts that are worked out from others: together with those of other subjects, on another VAT basis, or in part."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from rules.conditions import Unsettled
from rules.derived import Scene
from rules.facts import FactValue, subject_of
from rules.money import MAX_PENCE, Money, Vat

THOUSAND, HUNDRED = 1000, 100


def with_those_of(own: str, take: str) -> Callable[[Scene], FactValue | None]:
    """The case's own amount with that of every subject of a kind; not known where one is not, or on another basis."""
    kind = subject_of(take)

    def work_out(scene: Scene) -> FactValue | None:
        parts = [scene.facts.get(own), *(facts.get(take) for facts in scene.among(kind).values())]
        amounts = [part for part in parts if isinstance(part, Money)]
        return reduce(_added, amounts[1:], amounts[0]) if len(amounts) == len(parts) and _on_one(amounts) else None

    return work_out


def _on_one(amounts: list[Money]) -> bool:
    """Whether amounts can be added: on one VAT basis, and to no more than an amount can be."""
    return len({amount.vat for amount in amounts}) == 1 and sum(amount.pence for amount in amounts) <= MAX_PENCE


def _added(one: Money, other: Money) -> Money:
    return one + other


def on_basis_of(amount: str, value: str, rate: str) -> Callable[[Scene], FactValue | None]:
    """An amount on the VAT basis on which a dated value is stated, to the nearest penny, half a penny up.

    `rate` is a dated value that gives VAT in thousandths of the price; it is asked only where the bases differ. While
    nobody can tell the value there is nothing to be put beside, and the amount stays as it is.
    """

    def work_out(scene: Scene) -> FactValue | None:
        stated = scene.facts.get(amount)
        row = scene.law.in_force(value, scene.facts, scene.governed_by)
        if not isinstance(stated, Money) or isinstance(row, Unsettled):
            return stated
        basis = row.figure.vat
        if stated.vat is basis or Vat.UNSTATED in (stated.vat, basis):
            return stated
        there = scene.law.in_force(rate, scene.facts, scene.governed_by)
        return None if isinstance(there, Unsettled) else _restated(stated, basis, there.figure)

    return work_out


def _restated(stated: Money, basis: Vat, rate: int) -> Money | None:
    with_vat = THOUSAND + rate
    up, down = (with_vat, THOUSAND) if basis is Vat.INCLUDED else (THOUSAND, with_vat)
    pence = (2 * stated.pence * up + down) // (2 * down)
    return Money(pence, basis) if pence <= MAX_PENCE else None


def portion(amount: str, percent: str) -> Callable[[Scene], FactValue | None]:
    """So many hundredths of an amount, to the penny below; how many is a dated value."""

    def work_out(scene: Scene) -> FactValue | None:
        whole = scene.facts.get(amount)
        row = scene.law.in_force(percent, scene.facts, scene.governed_by)
        if not isinstance(whole, Money) or isinstance(row, Unsettled):
            return None
        return Money(whole.pence * row.figure // HUNDRED, whole.vat)

    return work_out
