"""One kind of subject while its facts are derived: a table that grows by joins, and the names of its columns.

Invariants:
- Every column has a short name of its own, since names of facts are long, and a database cuts them off.
- A stage is written in two steps: first its joins, and then its columns, so that all columns are of one table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from rules.columns.cells import Cell
from rules.columns.engine import Engine, Table
from rules.columns.figures import FigureCell, FigureClass, figure_in_force
from rules.columns.truths import Column
from rules.language.dated_values import DatedValue

CASE_ID, SUBJECT_KEY = "case_id", "subject_key"
Predicate: TypeAlias = Callable[[Table, Table], list[Column]]


@dataclass(frozen=True, slots=True)
class CellNames:
    """The names of the columns of one fact: its value, and its VAT basis if it is an amount."""

    value: str
    vat: str = ""

    def of(self, table: Table) -> Cell:
        """Return the fact as it stands in a table."""
        return Cell(table[self.value], table[self.vat] if self.vat else None)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column of the fact."""
        return (self.value, self.vat) if self.vat else (self.value,)


@dataclass(frozen=True, slots=True)
class FigureNames:
    """The names of the columns of one figure in force, and its classes."""

    cell: CellNames
    classes: tuple[FigureClass, ...]
    class_number: str = ""

    def of(self, table: Table) -> FigureCell:
        """Return the figure as it stands in a table."""
        return FigureCell(self.cell.of(table), self.classes, table[self.class_number] if self.class_number else None)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column of the figure."""
        return (*self.cell.names, self.class_number) if self.class_number else self.cell.names


class ColumnNames:
    """Gives each new column a short name."""

    def __init__(self) -> None:
        self._last = 0

    def next_name(self) -> str:
        """Return a name that no other column has."""
        self._last += 1
        return f"c{self._last}"

    def name_cell(self, cell: Cell) -> CellNames:
        """Return names for the columns of a fact."""
        return CellNames(self.next_name(), "" if cell.vat is None else self.next_name())


@dataclass(slots=True)
class Stage:
    """The subjects of one kind: their table, the keys of its rows, and the columns of each fact.

    `names` are shared by all stages of a judgement. `kept` is the table as it was last kept, before any later join.
    """

    kind: str
    table: Table
    keys: tuple[str, ...]
    engine: Engine
    names: ColumnNames
    facts: dict[str, CellNames] = field(default_factory=dict)
    figures: dict[tuple[str, str], FigureNames | None] = field(default_factory=dict)
    kept: Table = field(init=False, default=None)

    def cells(self) -> dict[str, Cell]:
        """Return every fact as a cell of the table as it is now."""
        return {fact: names.of(self.table) for fact, names in self.facts.items()}

    def join(self, other: Table, predicate: Predicate, wanted: Iterable[str]) -> dict[str, str]:
        """Join columns of another table to each row that has one; return their new names."""
        renamed = {column: self.names.next_name() for column in other.columns}
        right = other.select(**{new: other[old] for old, new in renamed.items()})
        bound = _Renamed(right, renamed)
        joined = self.table.left_join(right, predicate(self.table, bound))
        kept = {old: renamed[old] for old in wanted}
        self.table = joined.select(*self.table.columns, *kept.values())
        return kept

    def add(self, new: Mapping[str, Cell]) -> None:
        """Add facts, and keep the table."""
        columns: dict[str, Column] = {}
        for fact, cell in new.items():
            self.facts[fact] = self._name_columns(cell, columns)
        self._keep_with(columns)

    def add_figures(self, values: Mapping[str, DatedValue], wanted: Iterable[tuple[str, str]]) -> None:
        """Add the figures in force of dated values, each by its name and the day that governs it, and keep the table.

        Each stands in many comparisons, and is written once.
        """
        columns: dict[str, Column] = {}
        for value, governed_by in dict.fromkeys(wanted):
            if (value, governed_by) not in self.figures:
                figure = figure_in_force(values[value], governed_by, self.cells())
                self.figures[value, governed_by] = figure and self._name_figure(figure, columns)
        if columns:
            self._keep_with(columns)

    def figure_cells(self) -> dict[tuple[str, str], FigureCell | None]:
        """Return every figure as it stands in the table as it is now."""
        return {key: names and names.of(self.table) for key, names in self.figures.items()}

    def _name_figure(self, figure: FigureCell, columns: dict[str, Column]) -> FigureNames:
        cell = self._name_columns(figure.cell, columns)
        if figure.class_number is None:
            return FigureNames(cell, figure.classes)
        number = self.names.next_name()
        columns[number] = figure.class_number
        return FigureNames(cell, figure.classes, number)

    def _name_columns(self, cell: Cell, columns: dict[str, Column]) -> CellNames:
        names = self.names.name_cell(cell)
        columns[names.value] = cell.value
        if cell.vat is not None:
            columns[names.vat] = cell.vat
        return names

    def _keep_with(self, new: Mapping[str, Column]) -> None:
        named = (*self.facts.values(), *filter(None, self.figures.values()))
        own = dict.fromkeys(name for names in named for name in names.names if name not in new)
        self._keep(self.table.select(*self.keys, *own, **new))

    def import_facts(self, case: Stage, facts: Iterable[str]) -> None:
        """Add facts of the case to each of its subjects."""
        new = [fact for fact in dict.fromkeys(facts) if fact in case.facts and fact not in self.facts]
        if not new or self is case:
            return
        columns = [name for fact in new for name in case.facts[fact].names]
        kept = self.join(case.table.select(CASE_ID, *columns), _same_case, columns)
        for fact in new:
            names = case.facts[fact]
            self.facts[fact] = CellNames(kept[names.value], kept[names.vat] if names.vat else "")
        self._keep(self.table)

    def _keep(self, table: Table) -> None:
        self.table = self.kept = self.engine.keep(table)


class _Renamed:
    """A table whose columns are found by the names that they had before a join."""

    def __init__(self, table: Table, names: Mapping[str, str]) -> None:
        self._table, self._names = table, names

    def __getitem__(self, name: str) -> Column:
        return self._table[self._names[name]]


def _same_case(left: Table, right: Table) -> list[Column]:
    return [left[CASE_ID] == right[CASE_ID]]
