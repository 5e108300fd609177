"""How words are laid out in columns: nothing is longer than there is room, and nothing that is one word is broken."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from decisions.console.layout import MOST_LINES, fitted, in_cells, one_after_another, sizes_within

HEADS = ("Id", "From", "Label")
ROW = ("procurement.threshold", "2018-04-16", "Value from which a procurement is regulated")
LINK = "https://example.org/a/page/about/procurement-thresholds"

words = st.lists(st.text("abc.-:", min_size=1, max_size=30), max_size=12).map(" ".join)
rows = st.integers(1, 6).flatmap(lambda columns: st.lists(st.tuples(*[words] * columns), min_size=1, max_size=5))


def shown(room: int) -> list[str]:
    sizes = sizes_within([HEADS, ROW], room)
    assert sizes
    return "\n".join(in_cells([HEADS, ROW], sizes)).split("\n")


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
        assert sizes_within([("a a a a a a a a a a", "b b b b b b b b b b", "c")], 24) == [9, 10, 1]

    def test_there_are_no_widths_where_a_word_would_have_to_be_broken(self) -> None:
        least = len(ROW[0]) + len(ROW[1]) + len("procurement") + 4
        assert sizes_within([HEADS, ROW], least)
        assert sizes_within([HEADS, ROW], least - 1) is None

    def test_nor_where_a_long_text_would_be_a_tower(self) -> None:
        text = " ".join(["word"] * 60)
        assert sizes_within([("a", text)], len(text) // MOST_LINES) is None

    @given(rows, st.integers(20, 120))
    def test_it_fits_and_every_word_of_it_is_there(self, table: list[tuple[str, ...]], room: int) -> None:
        sizes = sizes_within(table, room)
        if sizes is None:
            return
        lines = "\n".join(in_cells(table, sizes)).split("\n")
        assert max(map(len, lines)) <= room
        told = " ".join(" ".join(row) for row in table)
        assert sorted(" ".join(lines).split()) == sorted(told.split())


class TestARowForWhichThereIsNoRoom:
    def test_each_cell_is_told_after_its_heading(self) -> None:
        assert one_after_another(HEADS, ROW, 60).split("\n") == [
            "Id: procurement.threshold · From: 2018-04-16 · Label: Value",
            "    from which a procurement is regulated",
        ]

    def test_what_is_empty_is_left_out(self) -> None:
        assert one_after_another(("Last day", "For", "To"), ("2018-04-16", "", "open"), 60) == (
            "Last day: 2018-04-16 · To: open"
        )

    def test_a_heading_stands_beside_what_it_is_of(self) -> None:
        told = one_after_another(("Recorded at", "Seal"), ("2026-11-27T15:06:35", "c0a611500fc6c0c4"), 36)
        assert told.split("\n") == ["Recorded at: 2026-11-27T15:06:35 ·", "    Seal: c0a611500fc6c0c4"]


class TestAValueAfterItsLabel:
    def test_it_goes_on_below_where_it_begins(self) -> None:
        assert fitted("cure  ", "State the value of it", 21).split("\n") == [
            "cure  State the value",
            "      of it",
        ]

    def test_a_long_word_begins_further_left_and_stays_whole(self) -> None:
        assert fitted("clause  ", f"Act <{LINK}>", 60).split("\n") == [
            "clause  Act",
            f"   <{LINK}>",
        ]

    def test_a_long_word_that_comes_first_stands_below_its_label(self) -> None:
        assert fitted("link    ", LINK, 60).split("\n") == ["link", f"     {LINK}"]

    def test_a_word_longer_than_the_line_is_broken_and_none_of_it_is_lost(self) -> None:
        lines = fitted("link  ", LINK, 30).split("\n")
        assert max(map(len, lines)) <= 30
        assert "".join("".join(lines).split()) == f"link{LINK}"

    @given(st.text("ab ", max_size=8), words, st.integers(30, 120))
    def test_no_line_is_longer_than_there_is_room(self, label: str, text: str, room: int) -> None:
        start = f"{label}  "
        lines = fitted(start, text, room).split("\n")
        assert max(map(len, lines)) <= room
        assert " ".join(lines).split() == f"{start}{text}".split()
