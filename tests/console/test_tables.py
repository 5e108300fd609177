"""Layout of tables: no line exceeds the width, and no word is broken or lost."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.tables import (
    MAX_LINES_PER_CELL,
    TableRow,
    align_columns,
    fit_column_widths,
    fit_text,
    format_cells,
    restore_spaces,
    right_align_figures,
    stack_columns,
)

HEADS = ("Id", "From", "Label")
ROW = ("procurement.threshold", "2018-04-16", "Value from which a procurement is regulated")
LINK = "https://example.org/a/page/about/procurement-thresholds"

words = st.lists(st.text("abc.-:", min_size=1, max_size=30), max_size=12).map(" ".join)
rows = st.integers(1, 6).flatmap(lambda columns: st.lists(st.tuples(*[words] * columns), min_size=1, max_size=5))


def format_example(width: int) -> list[str]:
    widths = fit_column_widths([HEADS, ROW], width)
    assert widths
    return "\n".join(format_cells([HEADS, ROW], widths)).split("\n")


class TestColumnsSideBySide:
    def test_columns_are_as_wide_as_their_cells_if_there_is_room(self) -> None:
        assert format_example(100) == [
            "Id                     From        Label",
            "procurement.threshold  2018-04-16  Value from which a procurement is regulated",
        ]

    def test_text_is_wrapped_within_its_cell_and_ids_and_days_are_not(self) -> None:
        assert format_example(60) == [
            "Id                     From        Label",
            "procurement.threshold  2018-04-16  Value from which a",
            "                                   procurement is regulated",
        ]

    def test_two_columns_of_text_share_the_spare_width(self) -> None:
        assert fit_column_widths([("a a a a a a a a a a", "b b b b b b b b b b", "c")], 24) == [9, 10, 1]

    def test_there_are_no_widths_if_a_word_would_have_to_be_broken(self) -> None:
        least_width = len(ROW[0]) + len(ROW[1]) + len(ROW[2]) // MAX_LINES_PER_CELL + len("  ") * 2 + 1
        assert fit_column_widths([HEADS, ROW], least_width)
        assert fit_column_widths([HEADS, ROW], least_width - 1) is None

    def test_there_are_no_widths_if_a_cell_would_be_too_high(self) -> None:
        text = " ".join(["word"] * 60)
        assert fit_column_widths([("a", text)], len(text) // MAX_LINES_PER_CELL) is None

    @given(rows, st.integers(20, 120))
    def test_it_fits_the_width_and_loses_no_word(self, table: list[tuple[str, ...]], width: int) -> None:
        widths = fit_column_widths(table, width)
        if widths is None:
            return
        lines = "\n".join(format_cells(table, widths)).split("\n")
        assert max(map(len, lines)) <= width
        text = " ".join(" ".join(row) for row in table)
        assert sorted(" ".join(lines).split()) == sorted(text.split())


class TestColumnsThatDoNotFit:
    def test_they_follow_below_their_row_like_their_headings(self) -> None:
        table = [
            ("Id", "Link", "From", "Citation"),
            (ROW[0], LINK, ROW[1], "Public Contracts Regulations 2015, reg 72"),
        ]
        assert stack_lines(table, 48) == [
            "Id                     From",
            "    Link · Citation",
            "procurement.threshold  2018-04-16",
            f"    {LINK[:44]}",
            f"    {LINK[44:]} · Public Contracts Regulations",
            "    2015, reg 72",
        ]

    def test_empty_cells_are_left_out(self) -> None:
        table = [("Path", "To", "Link"), (ROW[0], "", LINK), (ROW[0], "–", "")]
        assert stack_lines(table, 60) == [
            "Path                   To",
            "    Link",
            "procurement.threshold",
            f"    {LINK}",
            "procurement.threshold  –",
        ]

    def test_below_a_narrow_first_column_they_start_under_the_second(self) -> None:
        assert stack_lines([("Entry", "On", "Seal"), ("9", "2018-04-16", "c0a61150")], 20) == [
            "Entry  On",
            "       Seal",
            "    9  2018-04-16",
            "       c0a61150",
        ]

    def test_a_first_column_longer_than_the_line_is_broken(self) -> None:
        assert stack_lines([("Link", "To"), (LINK, "open")], 30) == ["Link", "    To", LINK[:30], LINK[30:], "    open"]

    @given(rows, st.integers(40, 120))
    def test_it_fits_the_width_and_loses_no_word(self, table: list[tuple[str, ...]], width: int) -> None:
        lines = stack_lines(table, width)
        assert max(map(len, lines)) <= width
        text = " ".join(" ".join(row) for row in table)
        assert sorted(" ".join(lines).replace(" ·", "").split()) == sorted(text.split())


def stack_lines(table: Sequence[TableRow], width: int) -> list[str]:
    return restore_spaces("\n".join(stack_columns(right_align_figures(table), width))).split("\n")


class TestColumnsOfFigures:
    def test_numbers_and_amounts_are_aligned_right(self) -> None:
        table = [("Pack", "Rows", "Figure"), ("vat", "5", "£500 as stated"), ("foia", "1,167", "£10,000 as stated")]
        assert stack_lines(table, 60) == [
            "Pack   Rows             Figure",
            "vat       5     £500 as stated",
            "foia  1,167  £10,000 as stated",
        ]

    def test_they_are_aligned_right_without_a_terminal_too(self) -> None:
        table = right_align_figures([("Version", "Case"), ("9", "MOPAC-2018-1")])
        assert [restore_spaces(line) for line in align_columns(table, 60)] == ["Version  Case", "      9  MOPAC-2018-1"]

    @pytest.mark.parametrize("cell", ["2018-04-16", "s43", "9 of 10", "PCD 361"])
    def test_days_ids_and_text_are_aligned_left(self, cell: str) -> None:
        assert stack_lines([("A long heading", "B"), (cell, "b")], 60)[1].startswith(cell)

    def test_no_amount_is_broken(self) -> None:
        table = [("Figure", "For"), ("£101,323 excluding VAT", "works of utilities")]
        assert stack_lines(table, 36)[1].startswith("£101,323 excluding VAT  works")


class TestTextAfterALabel:
    def test_it_continues_below_where_it_starts(self) -> None:
        assert fit_text("cure  ", "State the value of it", 21).split("\n") == [
            "cure  State the value",
            "      of it",
        ]

    def test_a_long_word_starts_further_left_and_stays_whole(self) -> None:
        assert fit_text("clause  ", f"Act <{LINK}>", 60).split("\n") == [
            "clause  Act",
            f"   <{LINK}>",
        ]

    def test_a_long_first_word_goes_below_its_label(self) -> None:
        assert fit_text("link    ", LINK, 60).split("\n") == ["link", f"     {LINK}"]

    def test_a_word_longer_than_the_line_is_broken_and_none_of_it_is_lost(self) -> None:
        lines = fit_text("link  ", LINK, 30).split("\n")
        assert max(map(len, lines)) <= 30
        assert "".join("".join(lines).split()) == f"link{LINK}"

    @given(st.text("ab ", max_size=8), words, st.integers(30, 120))
    def test_no_line_exceeds_the_width(self, label: str, text: str, width: int) -> None:
        start = f"{label}  "
        lines = fit_text(start, text, width).split("\n")
        assert max(map(len, lines)) <= width
        assert " ".join(lines).split() == f"{start}{text}".split()
