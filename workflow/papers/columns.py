"""Columns of a table as facts: by a mapping file, or by headers that are names or labels of facts.

Invariants:
- A column states the fact that a mapping file gives it, or else the fact whose name or label its header is. Any other
  column is reported once and not read; nothing is guessed from what stands in it.
- What acts record goes to `recorded`, everything else to `public`. A table has no confidential part.
- A cell is read as an officer types: `£1.4m`, `28/06/2019`, `yes`.
"""

from __future__ import annotations

import codecs
from collections.abc import Collection, Mapping
from typing import Any, Final, Literal, NamedTuple

from pydantic import Field, field_validator

from rules.errors import Fault, FileError
from rules.reading.yaml_reader import read_yaml
from rules.values.citation import Declaration
from rules.values.fact_table import FactTable
from rules.values.facts import split_address
from rules.values.names import find_meant_name, fold_name
from rules.values.suggestions import did_you_mean
from workflow.cases.paper import PUBLIC, RECORDED
from workflow.papers.records import PaperData

CASE_COLUMN: Final = "case"
KEY_COLUMNS: Final = (CASE_COLUMN, "scheme", "stage", "source")
"""Columns that are no facts: the name of the case, its scheme and stage, and the kind of source of the row."""
SOURCE_OF_TABLE: Final = "spreadsheet_row"
_UNITS = {"pounds": "", "thousands": "k", "millions": "m"}


class ColumnUse(Declaration, title="Column"):
    """What a column of a table states, and how its cells are written."""

    fact: str = Field(min_length=1, description="The fact, or the key `case`, `scheme`, `stage` or `source`.")
    vat: Literal["ex", "inc", ""] = Field(default="", description="The VAT basis of amounts that do not state one.")
    unit: Literal["pounds", "thousands", "millions"] = Field(default="pounds", description="What an amount counts.")
    choices: dict[str, str] = Field(
        default_factory=dict, description="The choice that each text means. Other texts are read as they stand."
    )

    def as_typed(self, cell: object) -> object:
        """Return a cell as an officer would type it."""
        if not isinstance(cell, str):
            return cell
        meant = find_meant_name(cell, self.choices)
        if meant:
            return self.choices[meant]
        text = f"{cell.strip()}{_UNITS[self.unit]}"
        return f"{text} {self.vat} VAT" if self.vat and "vat" not in text.casefold() else text


class ColumnMapping(Declaration, title="Mapping file"):
    """A mapping file: which column of a table states which fact, and what every row states alike."""

    columns: dict[str, ColumnUse] = Field(default_factory=dict, description="The facts by the headers of columns.")
    constants: dict[str, str] = Field(default_factory=dict, description="Facts that every row states alike.")
    codes: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="For releases: what further codes mean, by the tables of the packs, such as `buyer_names`.",
    )
    ignore: tuple[str, ...] = Field(default=(), description="Columns that state no fact.")
    scheme: str = Field(default="", description="The scheme of every row. Left out, rows are judged by law alone.")
    stage: str = Field(default="", description="The stage of every case.")
    source: str = Field(default=SOURCE_OF_TABLE, description="The kind of source of every row.")
    encoding: str = Field(default="utf-8", description="The encoding of the file, such as `cp1252`.")
    delimiter: str = Field(default="", max_length=1, description="What stands between cells, if it is unusual.")

    @field_validator("columns", mode="before")
    @classmethod
    def _take_names(cls, raw: object) -> object:
        if not isinstance(raw, dict):
            return raw
        return {header: {"fact": use} if isinstance(use, str) else use for header, use in raw.items()}

    @field_validator("encoding")
    @classmethod
    def _know_encoding(cls, name: str) -> str:
        try:
            codecs.lookup(name)
            "a\n".encode(name).decode(name).index("\n")
        except (LookupError, UnicodeError):
            raise ValueError("is not an encoding: write utf-8, cp1252 or latin-1") from None
        if "a\n".encode(name) != b"a\n":
            raise ValueError("is not an encoding of single bytes: save the file as UTF-8")
        return name


NO_MAPPING: Final = ColumnMapping()


def read_mapping(content: bytes, file: str) -> ColumnMapping:
    """Return a mapping file; raise `FileError` with every fault of it."""
    source = read_yaml(content, file, scalars_as_text=True)
    mapping, faults = source.validate(ColumnMapping)
    if mapping is None:
        raise FileError(faults)
    return mapping


class UnknownColumn(NamedTuple):
    """A column that states no fact, and why."""

    column: str
    reason: str


class TableFacts:
    """The facts that the columns of a table state in one scheme, or by law alone."""

    def __init__(self, mapping: ColumnMapping, facts: FactTable, recorded: Collection[str]) -> None:
        self.mapping, self.facts, self.recorded = mapping, facts, recorded
        self._uses: dict[str, ColumnUse | UnknownColumn | None] = {}
        self._ignored = {fold_name(column) for column in mapping.ignore}
        self._named = {fold_name(column): use for column, use in mapping.columns.items()}
        self._reported: set[str] = set()

    def unknown_columns(self, columns: Collection[str]) -> list[UnknownColumn]:
        """Return the columns that state no fact and were not reported before."""
        unknown = [use for column in columns if isinstance(use := self._use_of(column), UnknownColumn)]
        fresh = [one for one in unknown if one.column not in self._reported]
        self._reported.update(one.column for one in fresh)
        return fresh

    def states_any(self, columns: Collection[str]) -> bool:
        """Return whether any of some columns states a fact."""
        uses = map(self._use_of, columns)
        return any(isinstance(use, ColumnUse) and use.fact not in KEY_COLUMNS for use in uses)

    def read_row(self, row: Mapping[str, Any]) -> PaperData:
        """Return a row as the data of a paper."""
        data: dict[str, Any] = {PUBLIC: {}, RECORDED: {}, "source": self.mapping.source}
        data |= {key: value for key in ("scheme", "stage") if (value := getattr(self.mapping, key))}
        columns: dict[str, str] = {}
        for fact, constant in self.mapping.constants.items():
            self._state(data, self.facts.find_address(fact) or fact, constant)
        for column, cell in row.items():
            use = self._use_of(column)
            if isinstance(use, ColumnUse):
                key = self._state(data, use.fact, use.as_typed(cell))
                columns[key] = column
        name = str(data.pop(CASE_COLUMN, ""))
        return PaperData({key: value for key, value in data.items() if value or key == PUBLIC}, columns, name)

    def _use_of(self, column: str) -> ColumnUse | UnknownColumn | None:
        if column not in self._uses:
            self._uses[column] = self._find_use(column)
        return self._uses[column]

    def _find_use(self, column: str) -> ColumnUse | UnknownColumn | None:
        folded = fold_name(column)
        if folded in self._ignored:
            return None
        named = self._named.get(folded)
        typed = named.fact if named else column
        key = find_meant_name(typed, KEY_COLUMNS)
        address = key or self.facts.find_address(typed)
        if not address and typed in self.facts.subject_kinds:
            address = typed  # JSON states the things of a kind together
        if not address:
            known = {**dict.fromkeys(KEY_COLUMNS, ""), **dict.fromkeys(self.facts, "")}
            advice = did_you_mean(typed, known) or "Name its fact in a mapping file, or list it there under ignore."
            return UnknownColumn(column, f"is no fact that is known here, so it was not read. {advice}")
        return named.model_copy(update={"fact": address}) if named else ColumnUse(fact=address)

    def _state(self, data: dict[str, Any], address: str, value: object) -> str:
        """Put a value where a paper states it; return its key there."""
        if address in KEY_COLUMNS:
            data[address] = value
            return address
        kind, colon, rest = address.partition(":")
        part = RECORDED if split_address(address)[0] in self.recorded else PUBLIC
        if not colon:
            data[part][address] = value
            return f"{part}.{address}"
        key, _, fact = rest.partition(".")
        data[part].setdefault(kind, {}).setdefault(key, {})[fact] = value
        return f"{part}.{kind}.{key}.{fact}"


def column_of(fault: Fault, columns: Mapping[str, str]) -> str | None:
    """Return the column that a fault is about; its key if it is no column's, and None if it has none."""
    return columns.get(fault.key, fault.key) or None
