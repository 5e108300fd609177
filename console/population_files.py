"""Files of a population as tables of facts: Parquet, CSV with a header, or JSON with one record on each line.

Invariants:
- A row that cannot be read leaves its whole case out, and is listed with its file, row, column and reason: a case
  without one of its exemptions would be judged wrongly.
- A fact whose column a file has was asked for. Of a fact without a column the source says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

import ibis
from duckdb import Error as DuckdbError

from console.files import is_folder, printable_name
from console.population_columns import as_text
from console.population_rows import read_rows
from rules.columns.engine import Engine, Table
from rules.columns.stages import CASE_ID, CASE_NUMBER, SUBJECT_KEY, SUBJECT_NUMBER
from rules.errors import InputError
from rules.values.fact_table import FactTable
from rules.values.facts import CASE
from rules.values.suggestions import did_you_mean

SUFFIXES = (".parquet", ".csv", ".jsonl", ".ndjson")
_CASE_COLUMNS = ("case", CASE_ID)
_KEY_COLUMNS = ("key", "subject", SUBJECT_KEY)
MAX_LISTED_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that cannot be read, and why."""

    file: str
    row: int
    case: str
    column: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {"file": self.file, "row": self.row, "case": self.case, "column": self.column, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class ReadPopulation:
    """The tables of a population, the facts and kinds that it asks for, and what could not be read or was not used."""

    tables: Mapping[str, Table]
    asked: frozenset[str]
    problems: list[RowProblem]
    unread_rows: int
    unused_columns: list[str]


@dataclass(slots=True)
class PopulationReader:
    """Reads the files of one population into DuckDB.

    `columns` gives the fact of a column that is not called as its fact is. `day_of_act` names the column whose day is
    that of the act that is judged.
    """

    engine: Engine
    facts: FactTable
    columns: Mapping[str, str] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _unused: list[str] = field(default_factory=list)

    def read(self, path: Path) -> ReadPopulation:
        """Return the population of a file of cases, or of a folder with a file for each kind of subject."""
        files = self._files_by_kind(path)
        cleaned = {CASE: self._clean(CASE, files[CASE])}
        cleaned |= {kind: self._clean(kind, file, cleaned[CASE]) for kind, file in files.items() if kind != CASE}
        found = [
            rows.select(CASE_ID, "row", "problem", file=ibis.literal(printable_name(files[kind])))
            for kind, table in cleaned.items()
            for rows in self._problems_of(kind, table)
        ]
        unread = self.engine.keep(reduce(lambda left, right: left.union(right), found))
        count = int(unread.count().execute())
        tables = {kind: self._sound_rows(table, unread if count else None) for kind, table in cleaned.items()}
        listed = [
            RowProblem(row["file"], row["row"], row[CASE_ID] or "", *row["problem"].split("|", 1))
            for row in self.engine.pull(unread.order_by("file", "row").limit(MAX_LISTED_PROBLEMS))
        ]
        return ReadPopulation(tables, frozenset({*self._asked, *files}), listed, count, self._unused)

    def _files_by_kind(self, path: Path) -> dict[str, Path]:
        if not is_folder(path):
            return {CASE: path}
        files: dict[str, Path] = {}
        for file in sorted(path.iterdir()):
            kind = self._kind_of(file.stem)
            if file.suffix.casefold() in SUFFIXES and kind:
                if kind in files:
                    raise InputError(f"{printable_name(path)} has two files of each {kind}", "Keep one of them.")
                files[kind] = file
        if CASE not in files:
            raise InputError(
                f"{printable_name(path)} has no file of cases", "Call it case.parquet, case.csv or case.jsonl."
            )
        return files

    def _kind_of(self, stem: str) -> str:
        return next((kind for kind in (CASE, *self.facts.subject_kinds) if stem in (kind, f"{kind}s")), "")

    def _open(self, path: Path) -> Table:
        connection, name = self.engine.connection, printable_name(path)
        try:
            match path.suffix.casefold():
                case ".parquet":
                    return connection.read_parquet(str(path))
                case ".csv":
                    return connection.read_csv(str(path), all_varchar=True, header=True)
                case ".jsonl" | ".ndjson":
                    return connection.read_json(str(path), format="newline_delimited")
        except (DuckdbError, ibis.IbisError, UnicodeDecodeError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise InputError(
                f"{name} cannot be read: {reason:.300}", "Save it again as UTF-8, with a header."
            ) from None
        raise InputError(f"{name} is no population", f"Give a file that ends in {', '.join(SUFFIXES)}, or a folder.")

    def _clean(self, kind: str, path: Path, cases: Table | None = None) -> Table:
        """Return the rows of a file with the facts of their columns, their numbers, and the first problem of each."""
        raw = self._open(path)
        name = printable_name(path)
        keys = {CASE_ID: as_text(raw[self._key_column(raw, _CASE_COLUMNS, name)])}
        if cases is not None:
            keys[SUBJECT_KEY] = as_text(raw[self._key_column(raw, _KEY_COLUMNS, name)])
        columns = self._facts_of(kind, raw, name)
        self._asked.update(columns.values())
        facts = {column: (fact, self.facts[fact]) for column, fact in columns.items()}
        rows = read_rows(self.engine, raw, keys, facts)
        first = 2 if path.suffix.casefold() == ".csv" else 1  # a spreadsheet shows the header as row 1
        if cases is None:
            return self.engine.name_stage(rows.mutate(row=rows.rowid() + first, **{CASE_NUMBER: rows.rowid()}))
        numbers = cases.anti_join(self._doubles(CASE, cases), "row").select(CASE_ID, CASE_NUMBER)
        joined = rows.mutate(row=rows.rowid() + first).left_join(numbers, CASE_ID).drop(f"{CASE_ID}_right")
        return self.engine.number(joined, SUBJECT_NUMBER)

    def _key_column(self, raw: Table, names: tuple[str, ...], file: str) -> str:
        found = next((column for column in raw.columns if self._meaning_of(column).casefold() in names), "")
        if not found:
            advice = f"Name it {names[0]}, or say in the file of --columns which it is: No.: {names[0]}"
            raise InputError(f"{file} has no column {names[0]}", advice)
        return found

    def _facts_of(self, kind: str, raw: Table, file: str) -> dict[str, str]:
        """Return the fact of each column that has one."""
        found: dict[str, str] = {}
        for column in raw.columns:
            if self._meaning_of(column).casefold() in (*_CASE_COLUMNS, *_KEY_COLUMNS):
                continue
            fact = self.columns.get(column) or self._find_fact(kind, column)
            if fact:
                if fact in found.values():
                    raise InputError(f"{file} has two columns of {fact}", "Keep one of them.")
                found[column] = fact
            elif not column.endswith(".vat"):
                self._unused.append(f"{file}: {column}. {did_you_mean(column, self.facts)}".strip())
        return found

    def _meaning_of(self, column: str) -> str:
        """Return what the mapping says that a column means, or else its name."""
        return self.columns.get(column, column)

    def _find_fact(self, kind: str, column: str) -> str:
        if column in self.facts:
            return column if self.facts.subject_kind_of(column) == kind else ""
        if kind != CASE:
            return self.facts.find_fact_of(kind, column)
        return self.facts.find_address(column)

    def _problems_of(self, kind: str, table: Table) -> Iterator[Table]:
        """Yield rows that cannot be read, those of no case, and those that stand twice."""
        yield table.filter(table.problem.notnull())
        if kind != CASE:
            orphans = table.filter(table[CASE_ID].notnull() & table[CASE_NUMBER].isnull())
            yield orphans.mutate(problem=ibis.literal("case|is the number of no case"))
        yield self._doubles(kind, table)

    def _doubles(self, kind: str, table: Table) -> Table:
        """Return the rows whose case or key stood in one before."""
        keys = [CASE_ID] if kind == CASE else [CASE_ID, SUBJECT_KEY]
        doubled = table.group_by(keys).aggregate(number=table.count()).filter(lambda rows: rows.number > 1)
        rows = table.semi_join(doubled, keys)
        places = rows.mutate(place=ibis.row_number().over(ibis.window(group_by=keys, order_by="row")))
        column = "case" if kind == CASE else "key"
        return places.filter(places.place > 0).mutate(problem=ibis.literal(f"{column}|stands twice"))

    def _sound_rows(self, table: Table, unread: Table | None) -> Table:
        """Return the rows of cases that can be read. Where all can, they keep their numbers."""
        if unread is None:
            return self.engine.name_stage(table.drop("row", "problem"))
        sound = table.anti_join(unread, CASE_ID).filter(lambda rows: rows[CASE_ID].notnull())
        numbers = [number for number in (CASE_NUMBER, SUBJECT_NUMBER) if number in table.columns]
        return self.engine.name_stage(sound.drop("row", "problem", *numbers))
