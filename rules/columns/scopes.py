"""What an expression may use: the facts of one kind of subject as columns of one table, and the figures in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rules.columns.cells import Cell
from rules.columns.figures import FigureCell
from rules.columns.truths import TruthColumn, all_of, any_of
from rules.language.dated_values import DatedValue


@dataclass(frozen=True, slots=True)
class Scope:
    """The facts that each subject of one kind has, those of its case included.

    A fact without a cell is unknown for every subject. Of the facts that are not `asked` for by the source it is not
    even known that they were left out; None stands for every fact. `figures` are those in force, by dated value and
    governing day.
    """

    cells: Mapping[str, Cell]
    figures: Mapping[tuple[str, str], FigureCell | None]
    values: Mapping[str, DatedValue]
    asked: Collection[str] | None = None

    def is_asked(self, name: str) -> bool:
        """Return whether the source asks for a fact, or lists every subject of a kind."""
        return self.asked is None or name in self.asked

    def is_known(self, fact: str) -> TruthColumn:
        """In which rows a fact is known; where it is not, that is unknown if the source does not carry it."""
        cell, unstated = self.cells.get(fact), False if self.is_asked(fact) else None
        return unstated if cell is None else any_of([cell.value.notnull(), unstated])

    def is_not_known(self, fact: str) -> TruthColumn:
        """In which rows a fact is not known: the negation of `is_known`."""
        cell, unstated = self.cells.get(fact), True if self.is_asked(fact) else None
        return unstated if cell is None else all_of([cell.value.isnull(), unstated])

    def figure(self, value: str, governed_by: str) -> FigureCell | None:
        """Return the figure of a dated value that is in force in each row; None if there is none in any."""
        return self.figures[value, governed_by]
