"""Dated values as columns: in each row the figure in force on its governing day, for its choices.

Invariants:
- A row without the day, or without a choice that the value depends on, has no figure, as has a day of no row.
- Figures that are compared in different ways (by VAT basis, sign or operator) are of different classes. Most values
  have one class, and then nothing depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import ibis

from rules.columns.cells import Cell, as_literal
from rules.columns.truths import Column, TruthColumn, all_of
from rules.language.dated_values import DatedFigure, DatedValue
from rules.values.money import Money


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
    rows = [(_is_in_force(row, governed_by, cells), row) for row in value.history]
    figure = ibis.cases(*((holds, as_literal(row.figure)) for holds, row in rows))
    cell = Cell(figure, _vat_of(value, rows))
    if len(classes) == 1:
        return FigureCell(cell, classes)
    numbers = ((holds, ibis.literal(classes.index(_class_of(row)), "int64")) for holds, row in rows)
    return FigureCell(cell, classes, ibis.cases(*numbers))


def _vat_of(value: DatedValue, rows: list[tuple[Column, DatedFigure]]) -> Column | None:
    """Return the code of the VAT basis of each figure; None if they are no amounts."""
    if value.kind != "money":
        return None
    codes = [row.figure.vat.code for _, row in rows]
    if len(set(codes)) == 1:
        return ibis.literal(codes[0])
    return ibis.cases(*((holds, ibis.literal(code)) for (holds, _), code in zip(rows, codes, strict=True)))


def _is_in_force(row: DatedFigure, governed_by: str, cells: Mapping[str, Cell]) -> TruthColumn:
    day = cells[governed_by].value
    tests = [day >= as_literal(row.first), *([] if row.last is None else [day <= as_literal(row.last)])]
    return all_of([*tests, *(cells[fact].value == choice for fact, choice in row.choices.items())])


def _class_of(row: DatedFigure) -> FigureClass:
    if not isinstance(row.figure, Money):
        return FigureClass(row.operator or "", None)
    pence = row.figure.pence
    return FigureClass(row.operator or "", Money((pence > 0) - (pence < 0), row.figure.vat))
