"""What an author's plain text becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InputError
from rules.values.facts import MAX_TEXT_BYTES, clean_text
from rules.values.passages import (
    AnnotatedText,
    Cell,
    Item,
    Listing,
    Note,
    NoteReference,
    Paragraph,
    Passage,
    Table,
    split_at_notes,
)
from rules.values.prose_parser import MAX_COLUMNS, MAX_PIECES, MAX_ROWS, parse_prose


def passages(text: str) -> tuple[Passage, ...]:
    """What a text without notes becomes."""
    made, notes = parse_prose(text)
    assert not notes
    return made


def listed(*texts: str) -> Listing:
    return Listing(tuple(map(Item, texts)))


def lettered(*items: tuple[str, str]) -> Listing:
    return Listing(tuple(Item(text, label) for label, text in items))


class TestParagraphsAndBullets:
    def test_a_blank_line_parts_two_paragraphs_and_the_lines_of_each_are_joined(self) -> None:
        assert passages("One\ntwo.\n\n \t\nThree.") == (Paragraph("One two."), Paragraph("Three."))

    def test_lines_that_begin_with_a_dash_are_one_list(self) -> None:
        assert passages("- one\n- two") == (listed("one", "two"),)

    def test_a_list_may_follow_its_paragraph_at_once(self) -> None:
        assert passages("Among them:\n- one\n- two\n") == (Paragraph("Among them:"), listed("one", "two"))

    def test_an_indented_line_goes_on_with_the_item_above_it(self) -> None:
        assert passages("- one\n  and more\n- two") == (listed("one and more", "two"),)

    def test_a_line_that_is_not_indented_ends_the_list(self) -> None:
        assert passages("- one\nAfter it.") == (listed("one"), Paragraph("After it."))

    def test_a_blank_line_between_items_does_not_part_the_list(self) -> None:
        assert passages("- one\n\n- two") == (listed("one", "two"),)

    def test_a_paragraph_after_a_blank_line_ends_the_list_even_where_it_is_indented(self) -> None:
        assert passages("- one\n\n  Said.\n- two") == (listed("one"), Paragraph("Said."), listed("two"))

    @pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\n"])
    def test_no_words_are_no_passages(self, text: str) -> None:
        assert passages(text) == ()

    @pytest.mark.parametrize(
        "text",
        ["-", "-5 degrees", "* one", "# one", "**one**", "<b>one</b>", "A. Smith agreed", "2018. It was", "1.5 million",
         "i.e. one", "1.one", "a.", "ab. one", "| cat", "cat |", "|", "||", "| one |", "| a | b |", "[1]: one",
         "[^]", "[^a b]", "> one", "    one()"],
    )  # fmt: skip
    def test_there_is_no_other_markup(self, text: str) -> None:
        assert passages(text) == (Paragraph(text.strip()),)

    def test_a_space_that_must_not_break_is_kept(self) -> None:
        assert passages("£5\u00a0million\t  more") == (Paragraph("£5\u00a0million more"),)


class TestPasted:
    """Text as it comes out of word processors, mail and web pages."""

    @pytest.mark.parametrize("bullet", ["•\t", "• ", "•\u00a0", "·\u00a0\u00a0\u00a0 ", "▪ ", "◦ ", "-\u00a0", "-\t"])
    def test_their_bullets_are_bullets(self, bullet: str) -> None:
        assert passages(f"Among them\n{bullet}one\n{bullet}two") == (Paragraph("Among them"), listed("one", "two"))

    def test_a_dash_is_a_bullet_where_it_cannot_be_a_dash(self) -> None:
        assert passages("Among them:\n– one\n– two") == (Paragraph("Among them:"), listed("one", "two"))
        assert passages("– one\n  – two") == (Listing((Item("one", subitems=(Item("two"),)),)),)
        assert passages("The fund\n– a small one –\nis used.") == (Paragraph("The fund – a small one – is used."),)

    def test_a_no_break_space_round_a_line_or_a_cell_is_spacing(self) -> None:
        assert passages("One\u00a0\n\u00a0\n\u00a0Two") == (Paragraph("One"), Paragraph("Two"))
        assert passages("| a | b |\u00a0\n|\u00a0c\u00a0|\u00a0|") == (Table(row("a", "b"), (row("c", ""),)),)
        assert passages("• one\n\u00a0\u00a0• two") == (Listing((Item("one", subitems=(Item("two"),)),)),)

    def test_a_number_may_be_followed_by_a_tab_or_by_spaces_of_both_kinds(self) -> None:
        assert passages("1.\tone\n2.\u00a0\u00a0 two") == (lettered(("1.", "one"), ("2.", "two")),)

    def test_a_section_is_not_taken_for_an_item(self) -> None:
        assert passages("s.\u00a043 applies.") == (Paragraph("s.\u00a043 applies."),)

    def test_lines_that_end_as_on_windows_are_lines(self) -> None:
        assert clean_text("One\r\n\r\n- two\r\n- three\r\n") == "One\n\n- two\n- three"


class TestLabelledLists:
    @pytest.mark.parametrize(
        "label",
        ["1.", "1)", "(1)", "12.", "a.", "z)", "(b)", "i.", "(iv)", "xii.", "1.1.", "2.10.3)", "(A)", "B)", "(IV)"],
    )
    def test_a_number_or_letter_is_kept_as_it_was_written(self, label: str) -> None:
        assert passages(f"{label} one") == (lettered((label, "one")),)

    def test_they_need_not_be_in_order_nor_begin_with_one(self) -> None:
        assert passages("7. one\n3. two\n3. three") == (lettered(("7.", "one"), ("3.", "two"), ("3.", "three")),)

    def test_in_the_midst_of_a_paragraph_a_number_is_a_number(self) -> None:
        assert passages("It was agreed on page\n5. The rest\na. is on") == (
            Paragraph("It was agreed on page 5. The rest a. is on"),
        )

    def test_after_a_colon_they_follow_at_once(self) -> None:
        assert passages("To approve:\na. one\nb. two") == (
            Paragraph("To approve:"),
            lettered(("a.", "one"), ("b.", "two")),
        )

    def test_bullets_and_numbers_are_two_lists(self) -> None:
        assert passages("- one\n1. two") == (listed("one"), lettered(("1.", "two")))

    def test_what_is_indented_is_a_part_of_the_item_above(self) -> None:
        text = "1. one\n   a. first\n      of them\n   b. second\n2. two\n\n   - dash"
        assert passages(text) == (
            Listing((
                Item("one", "1.", subitems=(Item("first of them", "a."), Item("second", "b."))),
                Item("two", "2.", subitems=(Item("dash"),)),
            )),
        )  # fmt: skip

    def test_there_are_two_levels_and_no_third(self) -> None:
        assert passages("- one\n  - two\n    - three") == (
            Listing((Item("one", subitems=(Item("two"), Item("three"))),)),
        )

    def test_a_list_that_is_indented_as_a_whole_is_of_the_first_level(self) -> None:
        assert passages("Among them:\n  - one\n  - two") == (Paragraph("Among them:"), listed("one", "two"))


def row(*texts: str) -> tuple[Cell, ...]:
    return tuple(map(Cell, texts))


class TestTables:
    def test_lines_between_bars_are_a_table_whose_first_row_is_its_header(self) -> None:
        text = "Costs:\n| Year | Cost |\n| 2018/19 | £5 |\n|2019/20||\nAfter it."
        table = Table(row("Year", "Cost"), (row("2018/19", "£5"), row("2019/20", "")))
        assert passages(text) == (Paragraph("Costs:"), table, Paragraph("After it."))

    def test_a_rule_below_the_header_is_no_row(self) -> None:
        assert passages("| a | b |\n|:---|---:|\n| c | d |") == (Table(row("a", "b"), (row("c", "d"),)),)

    def test_a_blank_line_parts_two_tables(self) -> None:
        text = "| a | b |\n| c | d |\n\n| e | f |\n| g | h |"
        assert passages(text) == (Table(row("a", "b"), (row("c", "d"),)), Table(row("e", "f"), (row("g", "h"),)))

    def test_what_begins_as_an_item_is_one(self) -> None:
        assert passages("- | a | b |\n- | c | d |") == (listed("| a | b |", "| c | d |"),)

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("Said.\n\n| a | b |\n| c | d |\n| e |f|g|", "line 5 of the text has 3 cells; the table's header has 2"),
            ("| a | |\n| c | d |", "the header of a table, line 1 of the text, has a column without a name"),
            ("| a | b |\n|---|---|", "the table in line 1 of the text has a header and no rows"),
            ("| a | b |\n| c | d |\n| e | f", "line 3 of the text stands below a row of a table, and is not one"),
            ("| a | b |\n| c | d |\n| e", "line 3 of the text stands below a row"),
            ("| a | b |\nc | d |", "line 2 of the text stands below a row"),
            ("| a | b |\n| c | d |\n| e |", "line 3 of the text stands below a row"),
            ("|\u00a0| b |\n| c | d |", "the header of a table, line 1 of the text, has a column without a name"),
            ("|a" * (MAX_COLUMNS + 1) + "|\n" + "|b" * (MAX_COLUMNS + 1) + "|", "is larger than 8 columns"),
            ("|a|b|\n" * (MAX_ROWS + 2), "is larger than 8 columns and 200 rows"),
        ],
    )
    def test_a_table_that_cannot_be_one_is_refused_at_intake_with_its_line(self, text: str, told: str) -> None:
        with pytest.raises(InputError, match=told):
            clean_text(text)

    def test_the_largest_table_is_taken(self) -> None:
        assert clean_text(("|a" * MAX_COLUMNS + "|\n") * (MAX_ROWS + 1))


class TestNotes:
    def test_a_note_is_taken_out_of_the_text_and_numbered_as_it_is_cited(self) -> None:
        text = "One[^b], two [^a].\n\n[^a]: Said\n  and more.\n[^b]: Told.\n\nThree[^b]."
        assert parse_prose(text) == (
            (
                Paragraph("One, two.", note_references=(NoteReference(3, 1), NoteReference(8, 2))),
                Paragraph("Three.", note_references=(NoteReference(5, 1),)),
            ),
            (Note(1, "Told."), Note(2, "Said and more.")),
        )

    def test_items_and_cells_cite_them_too(self) -> None:
        (items, table), notes = parse_prose("- one[^1]\n\n| a[^2] | b |\n| c | d[^1] |\n\n[^1]: Said.\n[^2]: Told.")
        assert items == Listing((Item("one", note_references=(NoteReference(3, 1),)),))
        assert table == Table(
            (Cell("a", (NoteReference(1, 2),)), Cell("b")), ((Cell("c"), Cell("d", (NoteReference(1, 1),))),)
        )
        assert notes == (Note(1, "Said."), Note(2, "Told."))

    def test_they_are_numbered_on_from_those_before(self) -> None:
        assert parse_prose("One[^1].\n\n[^1]: Said.", 4) == (
            (Paragraph("One.", note_references=(NoteReference(3, 5),)),),
            (Note(5, "Said."),),
        )

    def test_a_line_that_is_not_indented_ends_a_note(self) -> None:
        assert parse_prose("One[^1].\n[^1]: Said.\nTwo.")[0][1:] == (Paragraph("Two."),)

    def test_there_need_be_no_space_before_its_words(self) -> None:
        assert parse_prose("One[^1].\n\n[^1]:Said.").notes == (Note(1, "Said."),)

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            (
                "One[^1], two[^2].\n\n[^1]: Said[^2].\n[^2]: Told.",
                r"the note \[\^1\] in line 3 of the text cites a note",
            ),
            ("One[^1].\n\n[^1]: Said[^2].\n[^2]: Told.", r"the note \[\^1\] in line 3 of the text cites a note itself"),
            ("One[^1].\n\n[^1]:", r"line 1 of the text cites the note \[\^1\], which is not there"),
            ("One.\nTwo[^1].", r"line 2 of the text cites the note \[\^1\], which is not there"),
            ("One.\n\n[^1]: Said.", r"the note \[\^1\] in line 3 of the text is cited nowhere"),
            ("One[^1].\n[^1]: Said.\n[^1]: Again.", r"the note \[\^1\] is there twice, in line 3"),
        ],
    )
    def test_a_note_that_is_not_as_it_must_be_is_refused_at_intake_with_its_line(self, text: str, told: str) -> None:
        with pytest.raises(InputError, match=told):
            clean_text(text)

    @pytest.mark.parametrize(
        "text",
        ["One[^quokka].", "One.\n\n[^quokka]: x", "One[^quokka].\n[^quokka]: x\n[^quokka]: y",
         "One[^quokka].\n[^quokka]: x[^1]\n[^1]: y"],
    )  # fmt: skip
    def test_what_somebody_called_a_note_is_not_repeated_as_it_may_be_of_part_2(self, text: str) -> None:
        with pytest.raises(InputError, match=r"\[\^…\]") as refused:
            clean_text(text)
        assert "quokka" not in f"{refused.value} {refused.value.advice()}"


class TestTooMany:
    @pytest.mark.parametrize(
        ("piece", "each"), [("a\n\n", 1), ("- a\n", 1), ("- a\n  - b\n", 2), ("|a|b|\n|c|d|\n\n", 4)]
    )
    def test_a_text_of_more_pieces_than_anybody_reads_is_refused_at_intake(self, piece: str, each: int) -> None:
        assert clean_text(piece * (MAX_PIECES // each))
        with pytest.raises(InputError, match=r"the text has 2,00\d paragraphs, items, cells and notes; at most 2,000"):
            clean_text(piece * (MAX_PIECES // each + 1))

    def test_lines_that_are_one_paragraph_are_one_piece(self) -> None:
        assert clean_text("a\n" * (MAX_PIECES + 1))


class TestPieces:
    def test_a_text_is_broken_where_a_note_is_cited(self) -> None:
        references = (NoteReference(3, 1), NoteReference(3, 2), NoteReference(7, 3))
        assert list(split_at_notes(Paragraph("One two", note_references=references))) == [
            "One", 1, "", 2, " two", 3, "",
        ]  # fmt: skip


def said(words: AnnotatedText) -> str:
    return f"{words.label if isinstance(words, Item) else ''}{words.text}"


def told(passage: Passage) -> str:
    """All that a passage says, in order."""
    if isinstance(passage, Paragraph):
        return said(passage)
    if isinstance(passage, Listing):
        return "".join(said(each) for item in passage.items for each in (item, *item.subitems))
    return "".join(said(cell) for cells in (passage.head, *passage.rows) for cell in cells)


class TestEveryText:
    @given(st.text(alphabet="ab1.)(-| \n\t[^]:", max_size=120))
    def test_no_word_is_lost_and_none_added(self, text: str) -> None:
        try:
            made, notes = parse_prose(text)
        except InputError:
            return
        if not notes and "|" not in text:
            kept = "".join(map(told, made)) + " "
            assert "".join(kept.split()).replace("-", "") == "".join(text.split()).replace("-", "")

    @pytest.mark.parametrize("line", ["a\n", "- a\n", "  - a\n", "1. a\n", "|a|\n", "\n", "a[^1] ", "(((", "1.1.1.1"])
    def test_the_longest_texts_are_read_whole(self, line: str) -> None:
        text = (line * (MAX_PIECES - 1))[: MAX_TEXT_BYTES - 20] + "\n\n[^1]: x" * ("[" in line)
        made, _ = parse_prose(text)
        assert "".join(map(told, made)).count("a") == text.count("a")
