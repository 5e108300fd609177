"""A population: the facts of many cases as tables, one row for each case, and one for each subject of a kind.

A table of cases has the column `case_id`; one of subjects has `subject_key` too. A fact has a column of its own name:
pence for an amount, beside one of its VAT basis (`estimated_value|vat`), and dates, whole numbers, flags or texts for
all others. Other columns are not read, but for numbers: a table of cases can have `case_no`, which numbers them from 0
without a gap, and each table of subjects then has the number of its case and `subject_no` of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import ibis

from rules.columns.cells import Cell
from rules.columns.engine import Table
from rules.columns.truths import Column
from rules.values.fact_table import FactTable

_UNIX_ORDINAL = date(1970, 1, 1).toordinal()


def vat_column(fact: str) -> str:
    """Return the column with the VAT basis of an amount."""
    return f"{fact}|vat"


@dataclass(frozen=True, slots=True)
class Population:
    """The tables of a population by kind of subject, `case` for the cases.

    `asked` are the facts and kinds of subject that its source asks for; None for every one. Of any other fact it is not
    known whether it was left out, and of any other kind it is not known which subjects there are.
    """

    tables: Mapping[str, Table]
    facts: FactTable
    asked: frozenset[str] | None = None

    def cells_of(self, kind: str) -> dict[str, Cell]:
        """Return the facts of a kind of subject that its table has."""
        table = self.tables[kind]
        return {
            fact: self._cell(table, fact)
            for fact in self.facts
            if fact in table.columns and self.facts.subject_kind_of(fact) == kind
        }

    def _cell(self, table: Table, fact: str) -> Cell:
        column: Column = table[fact]
        if self.facts[fact].kind == "money":
            vat = table[vat_column(fact)]
            return Cell(column.cast("int64"), vat).where(column.notnull() & vat.notnull())
        if self.facts[fact].kind == "day":
            return Cell((column.delta(ibis.date(1970, 1, 1), unit="day") + _UNIX_ORDINAL).cast("int64"))
        return Cell(column.cast("int64") if self.facts[fact].kind == "count" else column)
