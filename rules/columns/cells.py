"""Facts as columns, and how they are compared: the comparisons of `rules.language.conditions`, for all rows at once.

Invariants:
- An amount is two columns, its pence and its VAT basis; both are NULL where it is unknown.
- A day is its ordinal (1 January of year 1 is 1), so that days are counted by whole numbers on every back end.
- A comparison is NULL where the plain evaluator finds it unknown, and nowhere else.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis

from rules.columns.truths import Column, TruthColumn, all_of, any_of
from rules.language.conditions import OPPOSITE, AllOf, proof_as_stated, split_list_comparison
from rules.values.facts import FactValue
from rules.values.money import Money, Vat

_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "at_least": operator.ge,
    "on_or_after": operator.ge,
    "more_than": operator.gt,
    "after": operator.gt,
    "at_most": operator.le,
    "on_or_before": operator.le,
    "less_than": operator.lt,
    "before": operator.lt,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One fact in every row: its value, and the code of its VAT basis if it is an amount."""

    value: Column
    vat: Column | None = None

    @property
    def is_known(self) -> Column:
        """In which rows it is known."""
        return self.value.notnull()

    def where(self, condition: Column) -> Cell:
        """Return the fact in the rows where a condition holds; unknown elsewhere."""
        return Cell(
            ibis.cases((condition, self.value)), None if self.vat is None else ibis.cases((condition, self.vat))
        )

    def unless(self, condition: Column) -> Cell:
        """Return the fact in the rows where a condition does not hold; unknown where it does."""
        nothing = ibis.null(self.value.type())
        vat = None if self.vat is None else ibis.cases((condition, ibis.null("string")), else_=self.vat)
        return Cell(ibis.cases((condition, nothing), else_=self.value), vat)

    def equals(self, other: Cell) -> Column:
        """In which rows two facts of one kind are equal: amounts only on one VAT basis."""
        same: Column = self.value == other.value
        return same if self.vat is None else same & (self.vat == other.vat)


def as_literal(value: FactValue) -> Column:
    """Return a value as it stands in a column: an amount by its pence, a day by its ordinal."""
    if isinstance(value, Money):
        return ibis.literal(value.pence, "int64")
    if isinstance(value, date):
        return ibis.literal(value.toordinal(), "int64")
    if isinstance(value, bool):
        return ibis.literal(value)
    return ibis.literal(value, "int64") if isinstance(value, int) else ibis.literal(value)


def compare_values(comparator: str, left: Column, right: Column) -> Column:
    """Compare two columns of one kind; NULL where one is."""
    return _OPERATORS[comparator](left, right)


def compare_facts(comparator: str, left: Cell, right: Cell) -> Column:
    """Compare two facts: amounts where they are surely on one VAT basis."""
    compared = compare_values(comparator, left.value, right.value)
    if left.vat is None or right.vat is None:
        return compared
    return ibis.cases((_are_surely_comparable(left, right), compared))


def _are_surely_comparable(left: Cell, right: Cell) -> Column:
    return (left.vat == right.vat) | _is_nothing_as_stated(left) | _is_nothing_as_stated(right)


def _is_nothing_as_stated(amount: Cell) -> Column:
    return (amount.value == 0) & (amount.vat == Vat.UNSTATED.code)


def compare_with_figure(comparator: str, left: Cell, figure: FactValue | tuple[FactValue, ...]) -> TruthColumn:
    """Compare a fact with a figure, or with a list of them."""
    if isinstance(figure, tuple):
        if left.vat is not None:
            return _compare_amount_with_list(comparator, left, figure)
        group, parts = split_list_comparison(comparator, figure)
        if comparator == "one_of":
            return left.value.isin([as_literal(part) for part in figure])
        truths = [compare_values(part, left.value, as_literal(bound)) for part, bound in parts]
        return all_of(truths) if group is AllOf else any_of(truths)
    if isinstance(figure, Money):
        return compare_amount(comparator, left, figure, as_literal(figure))
    return compare_values(comparator, left.value, as_literal(figure))


def compare_amount(comparator: str, left: Cell, like: Money, pence: Column) -> Column:
    """Compare an amount with a figure of some pence, whose VAT basis and sign are those of `like`."""
    plain = compare_values(comparator, left.value, pence)
    if like.vat is Vat.UNSTATED:
        return plain
    return ibis.cases(
        (left.vat == like.vat.code, plain),
        (left.vat == Vat.UNSTATED.code, _compare_as_stated(comparator, left, like, pence)),
    )


def _compare_as_stated(comparator: str, left: Cell, like: Money, pence: Column) -> Column:
    """Compare an amount whose basis is not known; NULL where the basis decides."""
    branches = [(left.value == 0, compare_values(comparator, left.value, pence))]
    for proved, holds in ((comparator, True), (OPPOSITE[comparator], False)):
        if proof := proof_as_stated(proved, like):
            branches.append((compare_values(proof, left.value, pence), ibis.literal(holds)))
    return ibis.cases(*branches)


def _compare_amount_with_list(comparator: str, left: Cell, figures: tuple[FactValue, ...]) -> Column:
    """Compare an amount with two bounds on one VAT basis. No other list of amounts can be written."""
    group, parts = split_list_comparison(comparator, figures)
    truths = [compare_with_figure(part, left, figure) for part, figure in parts]
    return all_of(truths) if group is AllOf else any_of(truths)
