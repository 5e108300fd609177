"""Rows of CSV: every hostile file is named with its row, column and reason, and the rest is read."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.papers.readers import source_of
from workflow.papers.csv_records import CsvRows
from workflow.papers.records import Record, UnreadRow


def read_rows(content: bytes, encoding: str = "utf-8") -> list[Record | UnreadRow]:
    rows = CsvRows(source_of(content), "f.csv", encoding)
    return [rows.fault] if rows.fault else list(rows.rows())


@pytest.mark.parametrize(
    ("content", "row", "column", "reason"),
    [
        (b"", None, None, "is empty"),
        (b"\n\n , ,\n", None, None, "is empty"),
        (b"a,b\n", None, None, "has a header and no rows"),
        (b"a,,b\n1,2,3\n", 1, "column 2", "has no name in the header"),
        (b"a,b,a\n1,2,3\n", 1, "a", "stands twice in the header"),
        (b"a,caf\xe9\n1,2\n", 1, "column 2", "is not UTF-8 text"),
        (b"a,b\n1,2,3\n", 2, None, "has 3 cells and the header has 2. A text with a comma in it must stand in quotes"),
        (b"a,b\n1\n", 2, None, "has 1 cells and the header has 2"),
        (b"a;b\n1;2;3\n", 2, None, "A text with a semicolon in it"),
        (b"a,b\n1,caf\xe9\n", 2, "b", "is not UTF-8 text"),
        (b'a,b\n1,"x"y\n', 2, None, "has a quote in the middle of a cell"),
        (b'a,b\n1,"never closed\n', 2, None, "begins a quote that is never closed"),
        (b"a,b\n1,2\0\n", 2, "b", "cannot be printed"),
        (b"a,b\n1," + b"x" * 140_000 + b"\n", 2, None, "has a cell of more than"),
        (b"a,b\r1,2\r", 1, None, "ends its lines with CR alone"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_named_with_its_place(
    content: bytes, row: int | None, column: str | None, reason: str
) -> None:
    first = read_rows(content)[0]
    assert isinstance(first, UnreadRow)
    assert (first.row, first.column) == (row, column)
    assert reason in first.reason


@pytest.mark.parametrize(
    "wrong",
    [b"1,2,3\n", b"1\n", b"1,caf\xe9\n", b'1,"x"y\n', b"1,2\0\n"],
    ids=["long", "short", "encoding", "quote", "NUL"],
)
def test_the_rows_after_a_wrong_one_are_read(wrong: bytes) -> None:
    rows = read_rows(b"a,b\n1,2\n" + wrong + b"3,4\n")
    assert [one.row for one in rows] == [2, 3, 4]
    assert rows[2] == Record(4, {"a": "3", "b": "4"})


def test_rows_are_counted_as_in_a_spreadsheet() -> None:
    rows = read_rows(b'\xef\xbb\xbf\n a ,b\n"two\nlines",2\n,\n5,\n')
    assert rows == [Record(3, {"a": "two\nlines", "b": "2"}), Record(5, {"a": "5"})]


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_the_header_says_what_stands_between_cells(mark: str) -> None:
    assert read_rows(f"a{mark}b\n1{mark}2\n".encode()) == [Record(2, {"a": "1", "b": "2"})]


def test_empty_cells_at_the_end_of_a_row_are_no_fault() -> None:
    assert read_rows(b"a,b,,\n1,2,,\n") == [Record(2, {"a": "1", "b": "2"})]


def test_an_encoding_that_is_named_is_read() -> None:
    assert read_rows(b"a\ncaf\xe9 \x96 \xa35\n", "cp1252") == [Record(2, {"a": "café – £5"})]


@given(st.binary(max_size=150))
def test_no_bytes_stop_the_reader(content: bytes) -> None:
    for one in read_rows(content):
        assert isinstance(one, (Record, UnreadRow))


_cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)


@given(st.lists(st.tuples(_cells, _cells), min_size=1, max_size=5))
def test_what_a_spreadsheet_writes_is_read_again(rows: list[tuple[str, str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([("a", "b"), *rows])
    read = read_rows(written.getvalue().encode())
    expected = [
        Record(number, {column: cell for column, cell in zip("ab", row, strict=True) if cell.strip()})
        for number, row in enumerate(rows, start=2)
        if any(cell.strip() for cell in row)
    ]
    assert read == expected or (not expected and isinstance(read[0], UnreadRow))
