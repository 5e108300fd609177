"""What an expression may use: the facts of one kind of subject as columns of one table, and the figures in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.columns.cells import Cell
from rules.columns.figures import FigureCell, figure_in_force
from rules.columns.truths import TruthColumn, any_of
from rules.language.dated_values import DatedValue


@dataclass(frozen=True, slots=True)
class Scope:
    """The facts that each subject of one kind has, those of its case included.

    A fact without a cell is unknown for every subject. Of the facts `not_carried` by the source of a population it is
    not even known that they are not stated.
    """

    cells: Mapping[str, Cell]
    values: Mapping[str, DatedValue]
    not_carried: frozenset[str] = frozenset()
    figures: dict[tuple[str, str], FigureCell | None] = field(default_factory=dict)

    def is_known(self, fact: str) -> TruthColumn:
        """In which rows a fact is known; unknown where it is not, if the source does not carry it."""
        cell = self.cells.get(fact)
        if fact not in self.not_carried:
            return False if cell is None else cell.is_known
        return None if cell is None else any_of([cell.is_known, None])

    def figure(self, value: str, governed_by: str) -> FigureCell | None:
        """Return the figure of a dated value that is in force in each row; None if there is none in any."""
        key = value, governed_by
        if key not in self.figures:
            self.figures[key] = figure_in_force(self.values[value], governed_by, self.cells)
        return self.figures[key]
