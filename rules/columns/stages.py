"""One kind of subject while its facts are derived: a table that grows by joins, and the names of its columns.

Invariants:
- Every column has a short name of its own, since names of facts are long, and a database cuts them off.
- Rows are joined by numbers, which are faster than names; what each number stands for is in the first table.
- A stage keeps only what a later one reads: of a fact that is only tested for being known, not its value.
- A stage is written in two steps: first its joins, and then its columns, so that all columns are of one table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import ibis
from ibis.expr.operations import Field

from rules.columns.cells import Cell
from rules.columns.engine import Engine, Table
from rules.columns.figures import FigureCell, FigureClass, figure_in_force
from rules.columns.truths import Column
from rules.language.dated_values import DatedValue

CASE_ID, SUBJECT_KEY = "case_id", "subject_key"
CASE_NUMBER, SUBJECT_NUMBER = "case_no", "subject_no"
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


@dataclass(frozen=True, slots=True)
class Needs:
    """What later stages read: the facts that they compare, those only tested for being known, and figures in force."""

    compared: frozenset[str]
    presence: frozenset[str]
    figures: frozenset[tuple[str, str]]


@dataclass(slots=True)
class Stage:
    """The subjects of one kind: their table, the keys of its rows, and the columns of each fact.

    `names` are shared by all stages of a judgement. `kept` is the table as it was last named, before any later join.
    Where the database nests views, a stage is computed only when several others read it: see `compute`.
    """

    kind: str
    table: Table
    keys: tuple[str, ...]
    engine: Engine
    names: ColumnNames
    facts: dict[str, CellNames] = field(default_factory=dict)
    figures: dict[tuple[str, str], FigureNames | None] = field(default_factory=dict)
    kept: Table = field(init=False)
    _computed: Table = field(init=False)
    _own_table: Table = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Begin with a table that is computed already."""
        self.kept = self._computed = self.table

    def cells(self) -> dict[str, Cell]:
        """Return every fact as a cell of the table as it is now."""
        return self._cells_of(self.table)

    def kept_cells(self) -> dict[str, Cell]:
        """Return every fact as a cell of the table as it was before any join of this level."""
        return self._cells_of(self.kept)

    def _cells_of(self, table: Table) -> dict[str, Cell]:
        return {fact: names.of(table) for fact, names in self.facts.items()}

    def join(self, other: Table, predicate: Predicate, wanted: Iterable[str]) -> dict[str, str]:
        """Join columns of another table to each row that has one; return their new names."""
        renamed = {column: self.names.next_name() for column in other.columns}
        right = other.select(**{new: other[old] for old, new in renamed.items()})
        bound = _Renamed(right, renamed)
        joined = self.table.left_join(right, predicate(self.table, bound))
        kept = {old: renamed[old] for old in wanted}
        self.table = joined.select(*self.table.columns, *kept.values())
        return kept

    def add(self, new: Mapping[str, Cell], needs: Needs) -> None:
        """Add facts, and name the table."""
        columns: dict[str, Column] = {}
        added = {fact: self._name_columns(cell, columns) for fact, cell in new.items()}
        self._retain(needs, columns)
        self.facts |= added
        self._name(self._select(columns))

    def add_figures(self, values: Mapping[str, DatedValue], wanted: Iterable[tuple[str, str]]) -> None:
        """Add the figures in force of dated values, each by its name and the day that governs it.

        Each stands in many comparisons, and is written once.
        """
        columns: dict[str, Column] = {}
        for value, governed_by in dict.fromkeys(wanted):
            if (value, governed_by) not in self.figures:
                figure = figure_in_force(values[value], governed_by, self.cells())
                self.figures[value, governed_by] = None if figure is None else self._name_figure(figure, columns)
        if columns:
            is_computed = self.kept is self._computed
            self._name(self._select(columns))
            if is_computed:  # figures are so quick to find that nothing is gained by keeping them
                self._computed = self.kept

    def _name(self, table: Table) -> None:
        """Take a table as that of the stage from here on."""
        if self.engine.nests_views:
            self.table = self.kept = self.engine.name_stage(table)
        else:
            self._keep(table)

    def compute(self) -> None:
        """Compute the table, since several others read it."""
        if self.kept is not self._computed:
            self._keep(self.table)

    def _keep(self, table: Table) -> None:
        """Compute a table as that of the stage, and free the one before it, unless views of others may read it."""
        before = self._own_table
        self.table = self.kept = self._computed = self._own_table = self.engine.keep(table)
        if before is not None and not self.engine.nests_views:
            self.engine.forget(before)

    def _retain(self, needs: Needs, columns: dict[str, Column]) -> None:
        """Forget what no later stage reads; of facts only tested for being known, keep whether they are."""
        for fact, names in list(self.facts.items()):
            if fact in needs.compared:
                continue
            if fact not in needs.presence:
                del self.facts[fact]
            elif self.table[names.value].type() != ibis.dtype("boolean"):
                present = ibis.cases((self.table[names.value].notnull(), ibis.literal(True)))  # noqa: FBT003 - a column
                self.facts[fact] = self._name_columns(Cell(present), columns)
        for key in self.figures.keys() - needs.figures:
            del self.figures[key]

    def _select(self, new: Mapping[str, Column]) -> Table:
        named: list[CellNames | FigureNames] = [*self.facts.values(), *filter(None, self.figures.values())]
        own = dict.fromkeys(name for names in named for name in names.names if name not in new)
        return self.table.select(*self.keys, *own, **new)

    def figure_cells(self) -> dict[tuple[str, str], FigureCell | None]:
        """Return every figure as it stands in the table as it is now."""
        return self._figures_of(self.table)

    def kept_figure_cells(self) -> dict[tuple[str, str], FigureCell | None]:
        """Return every figure as it stood before any join of this level."""
        return self._figures_of(self.kept)

    def _figures_of(self, table: Table) -> dict[tuple[str, str], FigureCell | None]:
        return {key: None if names is None else names.of(table) for key, names in self.figures.items()}

    def _name_figure(self, figure: FigureCell, columns: dict[str, Column]) -> FigureNames:
        cell = self._name_columns(figure.cell, columns)
        if figure.class_number is None:
            return FigureNames(cell, figure.classes)
        return FigureNames(cell, figure.classes, self._name_column(figure.class_number, columns))

    def _name_columns(self, cell: Cell, columns: dict[str, Column]) -> CellNames:
        names = [self._name_column(column, columns) for column in (cell.value, cell.vat) if column is not None]
        return CellNames(*names)

    def _name_column(self, column: Column, columns: dict[str, Column]) -> str:
        """Return the name of a column; one of the table as it is keeps its own."""
        operation = column.op()
        if isinstance(operation, Field) and operation.rel == self.table.op():
            return str(operation.name)
        name = self.names.next_name()
        columns[name] = column
        return name

    def import_facts(self, case: Stage, facts: Iterable[str]) -> None:
        """Add facts of the case to each of its subjects."""
        new = [fact for fact in dict.fromkeys(facts) if fact in case.facts and fact not in self.facts]
        if not new or self is case:
            return
        case.compute()
        columns = list(dict.fromkeys(name for fact in new for name in case.facts[fact].names))
        kept = self.join(case.table.select(CASE_NUMBER, *columns), same_case, columns)
        for fact in new:
            names = case.facts[fact]
            self.facts[fact] = CellNames(kept[names.value], kept[names.vat] if names.vat else "")
        self._name(self.table)

    def reduce_to(self, facts: Collection[str]) -> None:
        """Compute some facts alone, since only these are read from here on."""
        self.facts = {fact: names for fact, names in self.facts.items() if fact in facts}
        self.figures = {}
        self._keep(self._select({}))


class _Renamed:
    """A table whose columns are found by the names that they had before a join."""

    def __init__(self, table: Table, names: Mapping[str, str]) -> None:
        self._table, self._names = table, names

    def __getitem__(self, name: str) -> Column:
        return self._table[self._names[name]]


def same_case(left: Table, right: Table) -> list[Column]:
    """Join rows of one case."""
    return [left[CASE_NUMBER] == right[CASE_NUMBER]]


def same_subject(left: Table, right: Table) -> list[Column]:
    """Join rows of one subject."""
    return [left[SUBJECT_NUMBER] == right[SUBJECT_NUMBER]]
