"""Tables keep words whole as far as there is room, and no column is too narrow to read."""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest
from pypdf import PdfReader

from decisions.documents.table_layout import (
    MAX_ROW_LETTERS,
    MAX_SHORT_LINES,
    MAX_SHORT_ROWS,
    css_classes,
    is_short,
    unbroken_day,
)
from decisions.output.html import load_stylesheet
from rules.values.passages import Cell, Paragraph, Table, amount_columns
from rules.values.prose_parser import MAX_COLUMNS
from tests.decisions.cases import document_pdf
from tests.decisions.output.test_html import only

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
UNEVEN = (
    LONG, "Programme", "Responsibilities", "Year", "Interoperability", "Cost", "Telecommunications", "Note",
)  # fmt: skip


def table(*rows: tuple[str, ...]) -> Table:
    head, *others = (tuple(map(Cell, row)) for row in rows)
    return Table(head, tuple(others))


@pytest.mark.parametrize("dash", ["–", "-", "—", "−", ""])
def test_a_column_of_dashes_alone_is_none_of_amounts(dash: str) -> None:
    assert amount_columns(table(("Name", "Interest"), ("Ann", dash), ("Bob", dash))) == set()
    assert amount_columns(table(("Name", "Cost"), ("Ann", dash), ("Bob", "£4,000"))) == {1}


def test_what_follows_a_day_may_stand_on_the_next_line() -> None:
    assert unbroken_day("8 April 2024 (recorded on 9 May 2024)") == "8\u00a0April\u00a02024 (recorded on 9 May 2024)"


RIGHT_MARGIN_AT = 596 - 24 * 72 / 25.4
"""The right edge of the text area of a page, in points."""


def boxes(page: pypdfium2.PdfPage) -> list[tuple[float, str]]:
    """Return the right edge of each letter on a page, and the letter."""
    text = page.get_textpage()
    return [(text.get_charbox(at)[2], text.get_text_range(at, 1)) for at in range(text.count_chars())]


class TestWords:
    def test_all_columns_keep_their_words_whole_if_they_fit(self) -> None:
        assert css_classes(table(("Item", "Supplier", "Cost"), ("One", "Somebody", "£1"))) == ["whole", "short"]

    def test_one_long_word_breaks_no_word_of_another_column(self) -> None:
        uneven = table(("Case", "Title", "Number"), ("MOPAC-2018-11", "A" * 190, "12"))
        assert css_classes(uneven) == ["whole-1", "whole-3", "short"]

    def test_columns_that_must_break_words_are_equally_wide(self) -> None:
        crowded = table(("Characterisation", "x", "Responsibilities", "Interoperability", "£1,234,567"), (LONG,) * 5)
        assert css_classes(crowded) == ["of-5", "short"]

    @pytest.mark.parametrize("columns", range(2, MAX_COLUMNS + 1))
    def test_the_style_sheet_has_every_class(self, columns: int) -> None:
        crowded = table((LONG,) * columns, ("x",) * columns)
        assert f".of-{columns} th {{ width: {100 / columns:.4g}% }}" in load_stylesheet()
        assert f"of-{columns}" in css_classes(crowded)
        assert f".whole-{columns} tr > :nth-child({columns})" in load_stylesheet()

    def test_amounts_are_kept_whole_before_words(self) -> None:
        uneven = table(UNEVEN, (LONG, "short", "x", "2018", "y", "£1,234,567", LONG, "–"))
        assert {"whole-4", "whole-6", "whole-8"} <= set(css_classes(uneven))

    def test_the_long_head_of_a_column_of_amounts_is_not_cut_at_the_edge_of_the_page(self) -> None:
        data = document_pdf(only(table(("Item", "W" * 150), ("One", "£1"))))
        letters = [box for page in pypdfium2.PdfDocument(data) for box in boxes(page)]
        right_edges = [right for right, letter in letters if letter == "W"]
        assert len(right_edges) >= len("W" * 150)
        assert max(right_edges) <= RIGHT_MARGIN_AT

    def test_no_heading_is_broken_into_single_letters(self) -> None:
        rows = [(LONG, "short", "x", "2018", "some words", "£1,234,567", f"https://example.com/{LONG}", "–")] * 2
        text = PdfReader(io.BytesIO(document_pdf(only(table(UNEVEN, *rows))))).pages[0].extract_text()
        assert all(word in text for word in ("Programme", "Year", "£1,234,567", "Note", "words"))
        assert re.search(r"Respo\w*\s", text)

    def test_the_number_of_a_case_stands_in_one_line_beside_a_long_title(self) -> None:
        uneven = table(("Case", "Title", "Number"), *[("MOPAC-2018-11", "A" * 190, "12")] * 2)
        text = PdfReader(io.BytesIO(document_pdf(only(uneven)))).pages[0].extract_text()
        assert text.count("MOPAC-2018-11") == 2


class TestShort:
    def test_a_table_of_few_rows_and_lines_is_short(self) -> None:
        assert is_short(table(("a", "b"), *[("c", "d")] * MAX_SHORT_ROWS))
        assert not is_short(table(("a", "b"), *[("c", "d")] * (MAX_SHORT_ROWS + 1)))

    def test_a_table_of_few_tall_rows_is_not_short(self) -> None:
        line = "word " * (MAX_ROW_LETTERS // 10)
        assert is_short(table(("a", "b"), ("c", line * (MAX_SHORT_LINES - 1))))
        assert not is_short(table(("a", "b"), ("c", line * MAX_SHORT_LINES)))

    def test_words_that_introduce_a_tall_table_stand_on_the_page_where_it_begins(self) -> None:
        tall = table(("Item", "Words"), *[("One", "Words that go on and on. " * 30)] * 4)
        before = [Paragraph(f"Paragraph {number}. " + "It says something. " * 20) for number in range(4)]
        pages = PdfReader(io.BytesIO(document_pdf(only(*before, Paragraph("See this table:"), tall)))).pages
        page_text = next(text for page in pages if "See this table:" in (text := page.extract_text()))
        assert re.search(r"See this table:\s*Item\s+Words\s+One", page_text)
