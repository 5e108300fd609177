"""Derived facts that need no other row, as columns: sums, choices, figures, amounts and shares.

Each function gives what its namesake of `rules.language` computes, and None where it is unknown in every row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, TypeAlias

import ibis

from rules.columns import arithmetic
from rules.columns.cells import Cell
from rules.columns.condition_columns import truth_column
from rules.columns.figures import FigureCell, FigureClass
from rules.columns.scopes import Scope
from rules.columns.truths import Column, TruthColumn, any_of, as_column
from rules.errors import EngineError
from rules.language.derivation_context import DerivedFact
from rules.language.derivation_schema import ChoiceRules, PercentOf, Portion, ShareOf, VatBasisConversion
from rules.values.money import Vat

RowFunction: TypeAlias = Callable[[DerivedFact, Any, Scope], Cell | None]
_MAX_FACTOR = 10_000
"""The largest figure by which an amount is multiplied: larger ones could pass 64 bits."""


def known_cells(scope: Scope, facts: Sequence[str]) -> list[Cell] | None:
    """Return the cells of some facts; None if one is unknown in every row."""
    cells = [scope.cells[fact] for fact in facts if fact in scope.cells]
    return cells if len(cells) == len(facts) else None


def add_cells(cells: Sequence[Cell]) -> Cell:
    """Add counts, or amounts on one VAT basis."""
    total = reduce(lambda left, right: left + right, (cell.value for cell in cells))
    first = cells[0].vat
    if first is None:
        return Cell(total)
    pence = arithmetic.within_money_bounds(total)
    same = [first == cell.vat for cell in cells[1:]]
    added = Cell(pence, ibis.cases((pence.notnull(), first)))
    return added.where(reduce(lambda left, right: left & right, same)) if same else added


def _sum_of(_: DerivedFact, names: tuple[str, ...], scope: Scope) -> Cell | None:
    cells = known_cells(scope, names)
    return None if cells is None else add_cells(cells)


def _percent_of(_: DerivedFact, share: PercentOf, scope: Scope) -> Cell | None:
    cells = known_cells(scope, (share.part, share.whole))
    return None if cells is None else Cell(arithmetic.percentage(cells[0].value, cells[1].value))


def _share_of(derived: DerivedFact, share: ShareOf, scope: Scope) -> Cell | None:
    count = scope.cells.get(share.whole)
    parts, divisor = (scope.figure(value, derived.governed_by) for value in (share.parts, share.divided_by))
    if count is None or parts is None or divisor is None:
        return None
    _refuse_large_factors(scope, share.parts)
    return Cell(arithmetic.share_of(count.value, parts.cell.value, divisor.cell.value))


def first_figure(values: Sequence[str], scope: Scope, governed_by: str) -> Cell | None:
    """Return in each row the figure of the first of several dated values that is set for it.

    It is unknown, too, while one before it may be set: where a fact that selects it is not asked for.
    """
    branches: list[tuple[Column, Cell | None]] = []
    for value in values:
        figure = scope.figure(value, governed_by)
        if figure is not None:
            branches.append((figure.cell.is_known, figure.cell))
        may_be_set = _may_be_in_force(value, scope, governed_by)
        if may_be_set is True:
            break
        if may_be_set is not False:
            branches.append((may_be_set, None))
    cells = [cell for _, cell in branches if cell is not None]
    if not cells:
        return None
    nothing = Cell(ibis.null(cells[0].value.type()), None if cells[0].vat is None else ibis.null("string"))
    chosen = [(holds, cell or nothing) for holds, cell in branches]
    vat = None if cells[0].vat is None else ibis.cases(*((holds, cell.vat) for holds, cell in chosen))
    return Cell(ibis.cases(*((holds, cell.value) for holds, cell in chosen)), vat)


def _may_be_in_force(value: str, scope: Scope, governed_by: str) -> TruthColumn:
    """Return in which rows a figure is unknown for want of a fact that the source does not carry."""
    unasked = [fact for fact in (governed_by, *scope.values[value].by) if not scope.is_asked(fact)]
    return any_of(scope.cells[fact].value.isnull() if fact in scope.cells else True for fact in unasked)


def _look_up(derived: DerivedFact, values: tuple[str, ...], scope: Scope) -> Cell | None:
    return first_figure(values, scope, derived.governed_by)


def _choose(derived: DerivedFact, choose: ChoiceRules, scope: Scope) -> Cell | None:
    """Choose by the first line that holds; unknown where one before it is unknown."""
    branches: list[tuple[Column, Column]] = []
    otherwise = ibis.literal(choose.otherwise)
    for condition, line in zip(derived.conditions, choose.lines, strict=True):
        truth = truth_column(condition, scope, derived.governed_by)
        if truth is False:
            continue
        if truth is None or truth is True:
            otherwise = ibis.literal(line.then) if truth else ibis.null("string")
            break
        branches += [(truth.isnull(), ibis.null("string")), (truth, ibis.literal(line.then))]
    return Cell(ibis.cases(*branches, else_=otherwise) if branches else otherwise)


def _portion(derived: DerivedFact, portion: Portion, scope: Scope) -> Cell | None:
    amount = scope.cells.get(portion.amount)
    percent = scope.figure(portion.percent, derived.governed_by)
    if amount is None or percent is None:
        return None
    _refuse_large_factors(scope, portion.percent)
    return Cell(arithmetic.portion_of(amount.value, percent.cell.value), amount.vat)


def _on_basis(derived: DerivedFact, basis: VatBasisConversion, scope: Scope) -> Cell | None:
    """Convert an amount to the VAT basis of a dated value; while that is not set, the amount stays as it is."""
    stated = scope.cells.get(basis.amount)
    reference = scope.figure(basis.value, derived.governed_by)
    if stated is None:
        return None
    may_be_set = _may_be_in_force(basis.value, scope, derived.governed_by)
    unconverted = stated if may_be_set is False else stated.unless(as_column(may_be_set))
    if reference is None:
        return unconverted
    _refuse_large_factors(scope, basis.rate)
    rate = scope.figure(basis.rate, derived.governed_by)
    converted = [_convert_to(stated, reference, kind, rate) for kind in reference.classes]
    unset = reference.cell.value.isnull()
    return Cell(
        ibis.cases((unset, unconverted.value), else_=reference.choose([cell.value for cell in converted])),
        ibis.cases((unset, unconverted.vat), else_=reference.choose([cell.vat for cell in converted])),
    )


def _convert_to(stated: Cell, reference: FigureCell, kind: FigureClass, rate: FigureCell | None) -> Cell:
    """Convert an amount to the basis of figures of one class."""
    if kind.like is None or kind.like.vat is Vat.UNSTATED:
        return stated
    basis = ibis.literal(kind.like.vat.code)
    pence = ibis.null("int64")
    if rate is not None:
        pence = arithmetic.convert_vat(stated.value, rate.cell.value, to_included=kind.like.vat is Vat.INCLUDED)
    is_unstated = stated.vat == Vat.UNSTATED.code
    settled = list(_settle(stated, reference, kind, pence))
    return Cell(
        ibis.cases(
            (stated.vat == basis, stated.value),
            (is_unstated, ibis.cases(*((holds, value) for holds, value, _ in settled))),
            else_=pence,
        ),
        ibis.cases(
            (stated.vat == basis, stated.vat),
            (is_unstated, ibis.cases(*((holds, vat) for holds, _, vat in settled))),
            else_=ibis.cases((pence.notnull(), basis)),
        ),
    )


def _settle(
    stated: Cell, reference: FigureCell, kind: FigureClass, converted: Column
) -> Iterator[tuple[Column, Column, Column]]:
    """Yield when an amount as stated can be judged, with its pence and its basis; unknown where its basis decides."""
    if kind.like is None:
        return
    basis, limit = ibis.literal(kind.like.vat.code), reference.cell.value
    yield converted == stated.value, converted, basis
    if kind.like.pence >= 0:
        excluded = kind.like.vat is Vat.EXCLUDED
        yield (stated.value <= limit if excluded else stated.value >= limit), stated.value, stated.vat
    same_side = (converted > limit) == (stated.value > limit)
    yield (converted != limit) & same_side, converted, basis


def _refuse_large_factors(scope: Scope, value: str) -> None:
    for row in scope.values[value].history:
        if not isinstance(row.figure, int) or not 0 <= row.figure <= _MAX_FACTOR:
            raise EngineError(f"{value} has the figure {row.figure}; columns multiply by at most {_MAX_FACTOR:,}")


ROW_FUNCTIONS: Mapping[str, RowFunction] = {
    "sum": _sum_of,
    "percent_of": _percent_of,
    "share_of": _share_of,
    "look_up": _look_up,
    "choose": _choose,
    "portion": _portion,
    "on_basis": _on_basis,
}
"""The functions that need no other row, by their key in a pack."""
