"""The rows of one file of a population, read in steps: each is a stage of its own, so that a value is read once.

What is written comes first, then that as a type of its fact, then what a fact can be. A row where something is written
and no value is left has a problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from console.population_columns import REASONS, as_text, as_written, bound, bound_amount, parse, parse_amount
from rules.columns.engine import Engine, Table
from rules.columns.population import vat_column
from rules.values.facts import FactDeclaration


def read_rows(
    engine: Engine, raw: Table, keys: Mapping[str, Any], facts: Mapping[str, tuple[str, FactDeclaration]]
) -> Table:
    """Keep the keys, facts and first problem of each row; `facts` gives the fact of each column that is read."""
    steps = _Steps(list(facts.items()))
    written = engine.name_stage(raw.select(**keys, **steps.written(raw)))
    parsed = engine.name_stage(written.select(*written.columns, **steps.parsed(written)))
    values = engine.name_stage(parsed.select(*parsed.columns, **steps.bound(parsed)))
    return engine.keep(values.select(*keys, problem=steps.problem(values, keys), **steps.named(values)))


class _Steps:
    """The columns of each step, under names of their own."""

    def __init__(self, facts: list[tuple[str, tuple[str, FactDeclaration]]]) -> None:
        self._facts = [(place, column, fact, declared) for place, (column, (fact, declared)) in enumerate(facts)]

    def written(self, raw: Table) -> dict[str, Any]:
        """Return what is written of each fact, as it is in the file and as it is read."""
        columns: dict[str, Any] = {}
        for place, column, _, declared in self._facts:
            columns[f"raw_{place}"] = raw[column]
            columns[f"written_{place}"] = as_written(declared, raw[column])
            if declared.kind == "money" and f"{column}.vat" in raw.columns:
                columns[f"vat_{place}"] = as_text(raw[f"{column}.vat"]).lower()
        return columns

    def parsed(self, rows: Table) -> dict[str, Any]:
        """Return that as a type of its fact: for an amount its pence, and the words for its VAT basis."""
        columns: dict[str, Any] = {}
        for place, _, _, declared in self._facts:
            written = rows[f"written_{place}"]
            if declared.kind == "money":
                vat = rows[f"vat_{place}"] if f"vat_{place}" in rows.columns else None
                columns[f"parsed_{place}"], columns[f"words_{place}"] = parse_amount(written, vat)
            else:
                columns[f"parsed_{place}"] = parse(declared, written)
        return columns

    def bound(self, rows: Table) -> dict[str, Any]:
        """Return what the facts can be."""
        columns: dict[str, Any] = {}
        for place, _, _, declared in self._facts:
            parsed = rows[f"parsed_{place}"]
            if declared.kind == "money":
                amount = bound_amount(declared, parsed, rows[f"words_{place}"])
                columns[f"value_{place}"], columns[f"basis_{place}"] = amount
            else:
                columns[f"value_{place}"] = bound(declared, parsed)
        return columns

    def problem(self, rows: Table, keys: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a column
        """Return the first problem of each row, with its column before a bar."""
        problems = [(rows[key].isnull(), ibis.literal(f"{key}|is empty")) for key in keys]
        for place, column, _, declared in self._facts:
            reason = ibis.literal(f"{column}|{REASONS[declared.kind]}: ") + as_text(rows[f"raw_{place}"]).substr(0, 60)
            problems.append((rows[f"written_{place}"].notnull() & rows[f"value_{place}"].isnull(), reason))
        return ibis.cases(*problems)

    def named(self, rows: Table) -> dict[str, Any]:
        """Return the values by the names of their facts."""
        columns: dict[str, Any] = {}
        for place, _, fact, declared in self._facts:
            columns[fact] = rows[f"value_{place}"]
            if declared.kind == "money":
                columns[vat_column(fact)] = rows[f"basis_{place}"]
        return columns
