"""Read the rows of a CSV file with a header.

Invariants:
- Rows are counted as in a spreadsheet: the header is row 1 unless empty lines stand above it. Each later row has as
  many cells as the header; an empty cell states nothing, and an empty row is passed over.
- Text is UTF-8, or the encoding that a mapping file names. Nothing is guessed of a cell in another encoding: its row is
  reported, and the rest is read.
- Cells are separated by the first of comma, tab, semicolon and bar that the header has, unless a mapping file says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import count

from workflow.papers.byte_source import ByteSource
from workflow.papers.records import Record, UnreadRow

_DELIMITERS = (",", "\t", ";", "|")
_MAX_CELL = 131_072
_TOO_LONG = "\0"
"""Stands for a line that is too long to be read."""
_UNDECODED = range(0xDC80, 0xDD00)
"""The code points that stand for bytes which are no text in the encoding."""


class CsvRows:
    """The rows of a CSV file, each as a mapping of its header to its cells."""

    def __init__(self, source: ByteSource, file: str, encoding: str = "utf-8", delimiter: str = "") -> None:
        self.file = file
        self.encoding = encoding
        lines = (line.decode(encoding, "surrogateescape") if line else f"{_TOO_LONG}\n" for line in source.lines())
        first, self._row = "", 0
        while not first.strip() and (line := next(lines, "")):
            first, self._row = line, self._row + 1
        self._delimiter = delimiter or next((mark for mark in _DELIMITERS if mark in first), ",")
        self._rows = csv.reader(_chain(first, lines), delimiter=self._delimiter, strict=True)
        self.header: tuple[str, ...] = ()
        self.fault = self._read_header()

    def _read_header(self) -> UnreadRow | None:
        """Read the header; return what is wrong with it."""
        try:
            cells = [cell.strip() for cell in next(self._rows, [])]
        except csv.Error as error:
            return UnreadRow(self.file, self._row, None, _describe_error(error))
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            return UnreadRow(self.file, None, None, "is empty")
        for place, name in enumerate(cells, start=1):
            column = name if name and not _is_undecoded(name) else f"column {place}"
            if not name:
                return UnreadRow(self.file, self._row, column, "has no name in the header")
            if _is_undecoded(name):
                return UnreadRow(self.file, self._row, column, self._not_decoded())
            if cells.index(name) + 1 != place:
                return UnreadRow(self.file, self._row, column, "stands twice in the header")
        self.header = tuple(cells)
        return None

    def rows(self) -> Iterator[Record | UnreadRow]:
        """Yield each row below the header."""
        found = False
        for number in count(self._row + 1):
            try:
                cells = next(self._rows)
            except StopIteration:
                break
            except csv.Error as error:
                found = True
                yield UnreadRow(self.file, number, None, _describe_error(error))
                continue
            if any(cell.strip() for cell in cells):
                found = True
                yield self._read_row(number, cells)
        if not found:
            yield UnreadRow(self.file, None, None, "has a header and no rows")

    def _read_row(self, number: int, cells: list[str]) -> Record | UnreadRow:
        size = len(self.header)
        if cells == [_TOO_LONG]:
            return UnreadRow(self.file, number, None, "is too long to be read")
        if len(cells) < size or any(cell.strip() for cell in cells[size:]):
            reason = (
                f"has {len(cells)} cells and the header has {size}. A text with {_name(self._delimiter)} in it must "
                "stand in quotes"
            )
            return UnreadRow(self.file, number, None, reason)
        stated = dict(zip(self.header, cells, strict=False))
        for column, cell in stated.items():
            if _is_undecoded(cell):
                return UnreadRow(self.file, number, column, self._not_decoded())
            if "\0" in cell:
                return UnreadRow(self.file, number, column, "has a character that cannot be printed")
        return Record(number, {column: cell for column, cell in stated.items() if cell.strip()})

    def _not_decoded(self) -> str:
        return (
            f"is not {self.encoding.upper()} text. Save the file as CSV UTF-8, or name its encoding in a mapping file: "
            "encoding: cp1252"
        )


def _chain(first: str, lines: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from lines


def _is_undecoded(text: str) -> bool:
    return any(ord(character) in _UNDECODED for character in text)


def _name(delimiter: str) -> str:
    return {",": "a comma", "\t": "a tab", ";": "a semicolon", "|": "a bar"}.get(delimiter, f"a {delimiter}")


def _describe_error(error: csv.Error) -> str:
    """Return what is wrong with a row, in other words than those of the library."""
    message = str(error)
    if "field larger" in message:
        return f"has a cell of more than {_MAX_CELL:,} characters: is a quote not closed?"
    if "unexpected end" in message:
        return "begins a quote that is never closed"
    if "new-line" in message:
        return "ends its lines with CR alone: save the file again as CSV UTF-8"
    return "has a quote in the middle of a cell: double it, and put the cell in quotes"
