"""Read the papers of a file of any kind: YAML, JSON, lines of JSON, CSV, or releases of procurement notices.

Invariants:
- A file is read once, from its beginning, a case at a time. What cannot be read is reported with its row and column,
  and the rest goes on.
- The kind of a file is that of the ending of its name. Without a known ending it is told from the first character.
- A paper that names no scheme is one for national law alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from rules.errors import Fault, FileError, InputError
from rules.packs.national_law import NationalLaw
from rules.packs.scheme import Scheme
from rules.reading.yaml_reader import YamlFile
from rules.values.facts import is_address, split_address
from workflow.cases.paper import EXEMPT, PUBLIC, ImportedPaper, build_imported_paper, read_paper_file
from workflow.papers.byte_source import ByteSource, ByteStream
from workflow.papers.columns import CASE_COLUMN, KEY_COLUMNS, NO_MAPPING, ColumnMapping, TableFacts, column_of
from workflow.papers.csv_records import CsvRows
from workflow.papers.json_records import read_json, read_json_lines
from workflow.papers.kinds import CSV, JSON, YAML, find_kind
from workflow.papers.law_papers import LawPaper, build_law_paper
from workflow.papers.records import PaperData, Record, UnreadRow
from workflow.papers.releases import PROCESS_KEY, UnreadableRecordError, read_release
from workflow.papers.yaml_records import YamlPart, divide_yaml

_PAPER_KEYS = (PUBLIC, EXEMPT, "recorded")
SHOWN_FACTS = "facts"
"""The key under which `case show --format json` has the facts of a case."""


class NamedPaper(NamedTuple):
    """A paper of a file, with its name; `notes` say what of it was not understood."""

    name: str
    paper: ImportedPaper | LawPaper
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class PaperReader:
    """Reads papers by the schemes and the law of a library.

    `load_scheme` returns the scheme of a name, or raises `InputError`. `also_recorded` are facts that a file may give
    under `recorded` though no act records them.
    """

    load_scheme: Callable[[str], Scheme]
    load_law: Callable[[], NationalLaw]
    also_recorded: Collection[str] = ()
    mapping: ColumnMapping = NO_MAPPING
    _tables: dict[str, TableFacts] = field(default_factory=dict)

    def read_one(self, content: bytes, file: str) -> NamedPaper:
        """Return the paper of a YAML file of one case; raise `FileError` with every fault of it."""
        return NamedPaper(file, self._build(read_paper_file(content, file)))

    def read(self, stream: ByteStream, file: str, kind: str = "") -> Iterator[NamedPaper | UnreadRow]:
        """Yield each paper of an open file, and each row that cannot be read."""
        source = ByteSource(stream)
        self._tables = {}
        if source.is_utf_16:
            yield UnreadRow(file, None, None, "is UTF-16 text: save it as UTF-8")
            return
        if not source.peek().strip():
            yield UnreadRow(file, None, None, "is empty")
            return
        kind = kind or find_kind(source.peek())
        if kind == YAML:
            yield from self._read_yaml(source, file)
        elif kind == CSV:
            yield from self._read_csv(source, file)
        else:
            for record in (read_json if kind == JSON else read_json_lines)(source, file):
                yield from (record,) if isinstance(record, UnreadRow) else self._read_data(record, file)

    def _read_yaml(self, source: ByteSource, file: str) -> Iterator[NamedPaper | UnreadRow]:
        parts = divide_yaml(source)
        first = next(parts, None)
        second = next(parts, None) if first else None
        if first is None:
            yield UnreadRow(file, None, None, "is empty")
        elif second is None:
            yield from self._read_part(first, file, file)
        else:
            for number, part in enumerate(chain((first, second), parts), start=1):
                yield from self._read_part(part, file, f"{file} {number}")

    def _read_part(self, part: YamlPart, file: str, name: str) -> Iterator[NamedPaper | UnreadRow]:
        try:
            source = read_paper_file(part.text, file)
            paper = self._build(source)
        except FileError as error:
            for fault in error.faults:
                line = fault.line + part.lines_before if fault.line else None
                yield UnreadRow(file, line, fault.key or None, fault.message)
            return
        yield NamedPaper(name, paper)

    def _read_csv(self, source: ByteSource, file: str) -> Iterator[NamedPaper | UnreadRow]:
        rows = CsvRows(source, file, self.mapping.encoding, self.mapping.delimiter)
        if rows.fault:
            yield rows.fault
            return
        for record in rows.rows():
            yield from (record,) if isinstance(record, UnreadRow) else self._read_row(record, file, rows.header)

    def _read_data(self, record: Record, file: str) -> Iterator[NamedPaper | UnreadRow]:
        """Yield the paper of JSON data: of a release, of a paper, or of a row of facts."""
        data = record.data
        if PROCESS_KEY in data:
            yield from self._read_release(record, file)
        elif isinstance(data.get(SHOWN_FACTS), dict) and "scheme" in data:
            yield from self._read_shown_case(record, file)
        elif not data.keys().isdisjoint(_PAPER_KEYS):
            name = str(data.pop(CASE_COLUMN, ""))
            yield from self._build_named(PaperData(data, {}, name), record, file)
        else:
            yield from self._read_row(record, file, tuple(data))

    def _read_release(self, record: Record, file: str) -> Iterator[NamedPaper | UnreadRow]:
        try:
            release = read_release(record.data, self.load_law(), self.mapping.codes)
        except UnreadableRecordError as error:
            yield UnreadRow(file, record.row, None, str(error))
            return
        yield from self._build_named(release, record, file)

    def _read_shown_case(self, record: Record, file: str) -> Iterator[NamedPaper | UnreadRow]:
        """Yield the paper of a case as `case show --format json` writes it, without what the workflow itself stated."""
        try:
            scheme = load_named_scheme(str(record.data["scheme"]), self.load_scheme)
        except FileError as error:
            yield from (UnreadRow(file, record.row, "scheme", fault.message) for fault in error.faults)
            return
        recorded = scheme.act_recorded_facts.union(self.also_recorded)
        shown = {
            address: value
            for address, value in record.data[SHOWN_FACTS].items()
            if not is_address(address) or scheme.may_be_stated(address) or split_address(address)[0] in recorded
        }
        keys: dict[str, Any] = {key: record.data[key] for key in KEY_COLUMNS if key in record.data}
        yield from self._read_row(Record(record.row, {**shown, **keys}), file, (*shown, *keys))

    def _read_row(self, record: Record, file: str, header: Collection[str]) -> Iterator[NamedPaper | UnreadRow]:
        try:
            table = self._table_of(record.data)
        except FileError as error:
            yield from (UnreadRow(file, record.row, "scheme", fault.message) for fault in error.faults)
            return
        for unknown in table.unknown_columns(header):
            yield UnreadRow(file, 1 if len(self._tables) == 1 else record.row, unknown.column, unknown.reason)
        if not table.states_any(header):
            yield UnreadRow(file, record.row, None, "states no fact that is known here")
            return
        yield from self._build_named(table.read_row(record.data), record, file)

    def _table_of(self, row: Mapping[str, Any]) -> TableFacts:
        """Return how the columns are read for the scheme of a row, or for national law."""
        named = next((value for column, value in row.items() if column.casefold() == "scheme"), self.mapping.scheme)
        key = named.strip() if isinstance(named, str) else ""
        if key not in self._tables:
            self._tables[key] = self._make_table(key)
        return self._tables[key]

    def _make_table(self, name: str) -> TableFacts:
        if not name:
            return TableFacts(self.mapping, self.load_law().rulebook.facts, ())
        scheme = load_named_scheme(name, self.load_scheme)
        recorded = scheme.act_recorded_facts.union(self.also_recorded)
        return TableFacts(self.mapping, scheme.rulebook.facts, recorded)

    def _build_named(self, stated: PaperData, record: Record, file: str) -> Iterator[NamedPaper | UnreadRow]:
        """Yield the paper of the data of a row, or each fault in it."""
        try:
            paper = self._build(YamlFile(file, stated.data, {(): record.row or 1}))
        except FileError as error:
            for fault in error.faults:
                yield UnreadRow(file, record.row, column_of(fault, stated.columns), fault.message)
            return
        yield NamedPaper(stated.name or f"{file} {record.row}", paper, stated.notes)

    def _build(self, source: YamlFile) -> ImportedPaper | LawPaper:
        if source.data.get("scheme"):
            return build_imported_paper(source, self.load_scheme, self.also_recorded, allow_bounds=True)
        return build_law_paper(source, self.load_law())


def load_named_scheme(name: str, load_scheme: Callable[[str], Scheme]) -> Scheme:
    """Return the scheme of a name; raise `FileError` if there is none."""
    try:
        return load_scheme(name)
    except InputError as error:
        raise FileError([Fault("", 0, "scheme", f"{error}. {error.advice()}".strip())]) from None
