"""Dated values as columns: in each row the figure in force on its governing day, for its choices.

Invariants:
- A row without the day, or without a choice that the value depends on, has no figure, as has a day of no row.
- Figures that are compared in different ways (by VAT basis, sign or operator) are of different classes. Most values
  have one class, and then nothing depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import NamedTuple

import ibis

from rules.columns.cells import Cell, as_literal
from rules.columns.truths import Column, TruthColumn, all_of
from rules.language.dated_values import DatedFigure, DatedValue
from rules.values.money import Money

_ONE_DAY = timedelta(days=1)


class FigureClass(NamedTuple):
    """What decides how a figure is compared: its operator, and an amount of its basis and sign if it is one."""

    operator: str
    like: Money | None


@dataclass(frozen=True, slots=True)
class FigureCell:
    """The figure in force in every row, and the number of its class where there are several."""

    cell: Cell
    classes: tuple[FigureClass, ...]
    class_number: Column | None = None

    def compare_each(self, compare: Callable[[FigureClass], TruthColumn]) -> Column:
        """Compare by class: `compare` gives the truth for one of them."""
        if self.class_number is None:
            return compare(self.classes[0])
        return self.choose([compare(each) for each in self.classes])

    def choose(self, by_class: list[Column]) -> Column:
        """Return in each row the column of its figure's class."""
        if self.class_number is None:
            return by_class[0]
        return ibis.cases(*((self.class_number == number, column) for number, column in enumerate(by_class)))


def figure_in_force(value: DatedValue, governed_by: str, cells: Mapping[str, Cell]) -> FigureCell | None:
    """Return the figure in force in each row; None if there is none in any."""
    selectors = [cells.get(fact) for fact in (governed_by, *value.by)]
    if not value.history or None in selectors:
        return None
    classes = tuple(dict.fromkeys(map(_class_of, value.history)))
    find = partial(_find_in_force, value, cells[governed_by].value, cells)
    cell = Cell(find(lambda row: as_literal(row.figure)), _vat_of(value, find))
    if len(classes) == 1:
        return FigureCell(cell, classes)
    return FigureCell(cell, classes, find(lambda row: ibis.literal(classes.index(_class_of(row)), "int64")))


def _vat_of(value: DatedValue, find: Callable[[Callable[[DatedFigure], Column]], Column]) -> Column | None:
    """Return the code of the VAT basis of each figure; None if they are no amounts."""
    if value.kind != "money":
        return None
    codes = {row.figure.vat.code for row in value.history}
    if len(codes) == 1:
        return ibis.literal(codes.pop())
    return find(lambda row: ibis.literal(row.figure.vat.code))


def _find_in_force(
    value: DatedValue, day: Column, cells: Mapping[str, Cell], column_of: Callable[[DatedFigure], Column]
) -> Column:
    """Return what `column_of` makes of the row in force: first by the choices, and then by the day.

    One list of all rows would try a hundred for each case, where a value depends on two choices.
    """
    by_choices: dict[tuple[tuple[str, str], ...], list[DatedFigure]] = {}
    for row in value.history:
        by_choices.setdefault(tuple(sorted(row.choices.items())), []).append(row)
    found = {choices: _find_by_day(rows, day, column_of) for choices, rows in by_choices.items()}
    if not value.by:
        return found[()]
    tests = (all_of(cells[fact].value == choice for fact, choice in choices) for choices in found)
    return ibis.cases(*zip(tests, found.values(), strict=True))


def _find_by_day(rows: Iterable[DatedFigure], day: Column, column_of: Callable[[DatedFigure], Column]) -> Column:
    """Return what `column_of` makes of the row in force on a day: the latest that has begun, if it has not ended."""
    latest_first = sorted(rows, key=lambda row: row.first, reverse=True)
    branches: list[tuple[Column, Column]] = []
    for later, row in zip([None, *latest_first], latest_first, strict=False):
        found = column_of(row)
        if row.last is not None and (later is None or later.first - row.last > _ONE_DAY):
            found = ibis.cases((day <= as_literal(row.last), found))
        branches.append((day >= as_literal(row.first), found))
    return ibis.cases(*branches)


def _class_of(row: DatedFigure) -> FigureClass:
    if not isinstance(row.figure, Money):
        return FigureClass(row.operator or "", None)
    pence = row.figure.pence
    return FigureClass(row.operator or "", Money((pence > 0) - (pence < 0), row.figure.vat))
