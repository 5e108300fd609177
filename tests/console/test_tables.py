"""How words are laid out in columns: nothing is longer than there is room, and nothing that is one word is broken."""

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


def shown(room: int) -> list[str]:
    sizes = fit_column_widths([HEADS, ROW], room)
    assert sizes
    return "\n".join(format_cells([HEADS, ROW], sizes)).split("\n")


class TestATable:
    def test_columns_are_as_wide_as_what_stands_in_them_where_there_is_room(self) -> None:
        assert shown(100) == [
            "Id                     From        Label",
            "procurement.threshold  2018-04-16  Value from which a procurement is regulated",
        ]

    def test_words_give_way_within_their_cell_and_ids_and_days_do_not(self) -> None:
        assert shown(60) == [
            "Id                     From        Label",
            "procurement.threshold  2018-04-16  Value from which a",
            "                                   procurement is regulated",
        ]

    def test_two_columns_of_words_share_what_is_left(self) -> None:
        assert fit_column_widths([("a a a a a a a a a a", "b b b b b b b b b b", "c")], 24) == [9, 10, 1]

    def test_there_are_no_widths_where_a_word_would_have_to_be_broken(self) -> None:
        least = len(ROW[0]) + len(ROW[1]) + len(ROW[2]) // MAX_LINES_PER_CELL + len("  ") * 2 + 1
        assert fit_column_widths([HEADS, ROW], least)
        assert fit_column_widths([HEADS, ROW], least - 1) is None

    def test_nor_where_a_long_text_would_be_a_tower(self) -> None:
        text = " ".join(["word"] * 60)
        assert fit_column_widths([("a", text)], len(text) // MAX_LINES_PER_CELL) is None

    @given(rows, st.integers(20, 120))
    def test_it_fits_and_every_word_of_it_is_there(self, table: list[tuple[str, ...]], room: int) -> None:
        sizes = fit_column_widths(table, room)
        if sizes is None:
            return
        lines = "\n".join(format_cells(table, sizes)).split("\n")
        assert max(map(len, lines)) <= room
        told = " ".join(" ".join(row) for row in table)
        assert sorted(" ".join(lines).split()) == sorted(told.split())


class TestColumnsForWhichThereIsNoRoom:
    def test_they_follow_below_their_row_as_their_headings_do(self) -> None:
        table = [
            ("Id", "Link", "From", "Citation"),
            (ROW[0], LINK, ROW[1], "Public Contracts Regulations 2015, reg 72"),
        ]
        assert lines_of(table, 48) == [
            "Id                     From",
            "    Link · Citation",
            "procurement.threshold  2018-04-16",
            f"    {LINK[:44]}",
            f"    {LINK[44:]} · Public Contracts Regulations",
            "    2015, reg 72",
        ]

    def test_what_is_empty_is_left_out(self) -> None:
        table = [("Path", "To", "Link"), (ROW[0], "", LINK), (ROW[0], "–", "")]
        assert lines_of(table, 60) == [
            "Path                   To",
            "    Link",
            "procurement.threshold",
            f"    {LINK}",
            "procurement.threshold  –",
        ]

    def test_below_a_narrow_first_column_they_begin_where_the_second_one_does(self) -> None:
        assert lines_of([("Entry", "On", "Seal"), ("9", "2018-04-16", "c0a61150")], 20) == [
            "Entry  On",
            "       Seal",
            "    9  2018-04-16",
            "       c0a61150",
        ]

    def test_words_of_the_first_column_are_broken_where_they_are_longer_than_the_line(self) -> None:
        assert lines_of([("Link", "To"), (LINK, "open")], 30) == ["Link", "    To", LINK[:30], LINK[30:], "    open"]

    @given(rows, st.integers(40, 120))
    def test_it_fits_and_every_word_of_it_is_there(self, table: list[tuple[str, ...]], room: int) -> None:
        lines = lines_of(table, room)
        assert max(map(len, lines)) <= room
        told = " ".join(" ".join(row) for row in table)
        assert sorted(" ".join(lines).replace(" ·", "").split()) == sorted(told.split())


def lines_of(table: Sequence[TableRow], room: int) -> list[str]:
    return restore_spaces("\n".join(stack_columns(right_align_figures(table), room))).split("\n")


class TestColumnsOfFigures:
    def test_numbers_and_amounts_end_at_the_right_below_their_heading(self) -> None:
        table = [("Pack", "Rows", "Figure"), ("vat", "5", "£500 as stated"), ("foia", "1,167", "£10,000 as stated")]
        assert lines_of(table, 60) == [
            "Pack   Rows             Figure",
            "vat       5     £500 as stated",
            "foia  1,167  £10,000 as stated",
        ]

    def test_they_do_so_where_there_is_no_terminal(self) -> None:
        table = right_align_figures([("Version", "Case"), ("9", "MOPAC-2018-1")])
        assert [restore_spaces(line) for line in align_columns(table, 60)] == ["Version  Case", "      9  MOPAC-2018-1"]

    @pytest.mark.parametrize("cell", ["2018-04-16", "s43", "9 of 10", "PCD 361"])
    def test_days_ids_and_words_begin_at_the_left(self, cell: str) -> None:
        assert lines_of([("A long heading", "B"), (cell, "b")], 60)[1].startswith(cell)

    def test_no_amount_is_broken(self) -> None:
        table = [("Figure", "For"), ("£101,323 excluding VAT", "works of utilities")]
        assert lines_of(table, 36)[1].startswith("£101,323 excluding VAT  works")


class TestAValueAfterItsLabel:
    def test_it_goes_on_below_where_it_begins(self) -> None:
        assert fit_text("cure  ", "State the value of it", 21).split("\n") == [
            "cure  State the value",
            "      of it",
        ]

    def test_a_long_word_begins_further_left_and_stays_whole(self) -> None:
        assert fit_text("clause  ", f"Act <{LINK}>", 60).split("\n") == [
            "clause  Act",
            f"   <{LINK}>",
        ]

    def test_a_long_word_that_comes_first_stands_below_its_label(self) -> None:
        assert fit_text("link    ", LINK, 60).split("\n") == ["link", f"     {LINK}"]

    def test_a_word_longer_than_the_line_is_broken_and_none_of_it_is_lost(self) -> None:
        lines = fit_text("link  ", LINK, 30).split("\n")
        assert max(map(len, lines)) <= 30
        assert "".join("".join(lines).split()) == f"link{LINK}"

    @given(st.text("ab ", max_size=8), words, st.integers(30, 120))
    def test_no_line_is_longer_than_there_is_room(self, label: str, text: str, room: int) -> None:
        start = f"{label}  "
        lines = fit_text(start, text, room).split("\n")
        assert max(map(len, lines)) <= room
        assert " ".join(lines).split() == f"{start}{text}".split()
