"""How an author's plain text is parsed into passages, and which texts are refused."""

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
    """Parse a text without notes."""
    parsed, notes = parse_prose(text)
    assert not notes
    return parsed


def listed(*texts: str) -> Listing:
    return Listing(tuple(map(Item, texts)))


def lettered(*items: tuple[str, str]) -> Listing:
    return Listing(tuple(Item(text, label) for label, text in items))


class TestParagraphsAndBullets:
    def test_a_blank_line_ends_a_paragraph_and_lines_within_it_are_joined(self) -> None:
        assert passages("One\ntwo.\n\n \t\nThree.") == (Paragraph("One two."), Paragraph("Three."))

    def test_lines_that_begin_with_a_dash_are_one_list(self) -> None:
        assert passages("- one\n- two") == (listed("one", "two"),)

    def test_a_list_may_follow_a_paragraph_without_a_blank_line(self) -> None:
        assert passages("Among them:\n- one\n- two\n") == (Paragraph("Among them:"), listed("one", "two"))

    def test_an_indented_line_continues_the_item_above_it(self) -> None:
        assert passages("- one\n  and more\n- two") == (listed("one and more", "two"),)

    def test_a_line_that_is_not_indented_ends_the_list(self) -> None:
        assert passages("- one\nAfter it.") == (listed("one"), Paragraph("After it."))

    def test_a_blank_line_between_items_does_not_end_the_list(self) -> None:
        assert passages("- one\n\n- two") == (listed("one", "two"),)

    def test_a_paragraph_after_a_blank_line_ends_the_list_even_if_it_is_indented(self) -> None:
        assert passages("- one\n\n  Said.\n- two") == (listed("one"), Paragraph("Said."), listed("two"))

    @pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\n"])
    def test_a_text_without_words_has_no_passages(self, text: str) -> None:
        assert passages(text) == ()

    @pytest.mark.parametrize(
        "text",
        ["-", "-5 degrees", "* one", "# one", "**one**", "<b>one</b>", "A. Smith agreed", "2018. It was", "1.5 million",
         "i.e. one", "1.one", "a.", "ab. one", "| cat", "cat |", "|", "||", "| one |", "| a | b |", "[1]: one",
         "[^]", "[^a b]", "> one", "    one()"],
    )  # fmt: skip
    def test_there_is_no_other_markup(self, text: str) -> None:
        assert passages(text) == (Paragraph(text.strip()),)

    def test_a_no_break_space_between_words_is_kept(self) -> None:
        assert passages("£5\u00a0million\t  more") == (Paragraph("£5\u00a0million more"),)


class TestPasted:
    """Text pasted from word processors, mail and web pages."""

    @pytest.mark.parametrize("bullet", ["•\t", "• ", "•\u00a0", "·\u00a0\u00a0\u00a0 ", "▪ ", "◦ ", "-\u00a0", "-\t"])
    def test_pasted_bullets_are_bullets(self, bullet: str) -> None:
        assert passages(f"Among them\n{bullet}one\n{bullet}two") == (Paragraph("Among them"), listed("one", "two"))

    def test_an_en_dash_is_a_bullet_outside_a_paragraph(self) -> None:
        assert passages("Among them:\n– one\n– two") == (Paragraph("Among them:"), listed("one", "two"))
        assert passages("– one\n  – two") == (Listing((Item("one", subitems=(Item("two"),)),)),)
        assert passages("The fund\n– a small one –\nis used.") == (Paragraph("The fund – a small one – is used."),)

    def test_a_no_break_space_at_the_edge_of_a_line_or_cell_is_removed(self) -> None:
        assert passages("One\u00a0\n\u00a0\n\u00a0Two") == (Paragraph("One"), Paragraph("Two"))
        assert passages("| a | b |\u00a0\n|\u00a0c\u00a0|\u00a0|") == (Table(row("a", "b"), (row("c", ""),)),)
        assert passages("• one\n\u00a0\u00a0• two") == (Listing((Item("one", subitems=(Item("two"),)),)),)

    def test_a_label_may_be_followed_by_a_tab_or_spaces(self) -> None:
        assert passages("1.\tone\n2.\u00a0\u00a0 two") == (lettered(("1.", "one"), ("2.", "two")),)

    def test_a_section_of_an_act_is_not_an_item(self) -> None:
        assert passages("s.\u00a043 applies.") == (Paragraph("s.\u00a043 applies."),)

    def test_windows_line_ends_become_line_feeds(self) -> None:
        assert clean_text("One\r\n\r\n- two\r\n- three\r\n") == "One\n\n- two\n- three"


class TestLabelledLists:
    @pytest.mark.parametrize(
        "label",
        ["1.", "1)", "(1)", "12.", "a.", "z)", "(b)", "i.", "(iv)", "xii.", "1.1.", "2.10.3)", "(A)", "B)", "(IV)"],
    )
    def test_a_label_is_kept_as_written(self, label: str) -> None:
        assert passages(f"{label} one") == (lettered((label, "one")),)

    def test_labels_need_not_be_in_order(self) -> None:
        assert passages("7. one\n3. two\n3. three") == (lettered(("7.", "one"), ("3.", "two"), ("3.", "three")),)

    def test_a_number_inside_a_paragraph_is_not_a_label(self) -> None:
        assert passages("It was agreed on page\n5. The rest\na. is on") == (
            Paragraph("It was agreed on page 5. The rest a. is on"),
        )

    def test_a_labelled_list_may_follow_a_colon_without_a_blank_line(self) -> None:
        assert passages("To approve:\na. one\nb. two") == (
            Paragraph("To approve:"),
            lettered(("a.", "one"), ("b.", "two")),
        )

    def test_bullets_and_numbers_are_two_lists(self) -> None:
        assert passages("- one\n1. two") == (listed("one"), lettered(("1.", "two")))

    def test_an_indented_item_belongs_to_the_item_above(self) -> None:
        text = "1. one\n   a. first\n      of them\n   b. second\n2. two\n\n   - dash"
        assert passages(text) == (
            Listing((
                Item("one", "1.", subitems=(Item("first of them", "a."), Item("second", "b."))),
                Item("two", "2.", subitems=(Item("dash"),)),
            )),
        )  # fmt: skip

    def test_a_third_level_becomes_part_of_the_second(self) -> None:
        assert passages("- one\n  - two\n    - three") == (
            Listing((Item("one", subitems=(Item("two"), Item("three"))),)),
        )

    def test_a_list_indented_as_a_whole_is_on_the_first_level(self) -> None:
        assert passages("Among them:\n  - one\n  - two") == (Paragraph("Among them:"), listed("one", "two"))


def row(*texts: str) -> tuple[Cell, ...]:
    return tuple(map(Cell, texts))


class TestTables:
    def test_lines_between_bars_are_a_table_with_a_header(self) -> None:
        text = "Costs:\n| Year | Cost |\n| 2018/19 | £5 |\n|2019/20||\nAfter it."
        table = Table(row("Year", "Cost"), (row("2018/19", "£5"), row("2019/20", "")))
        assert passages(text) == (Paragraph("Costs:"), table, Paragraph("After it."))

    def test_a_rule_below_the_header_is_not_a_row(self) -> None:
        assert passages("| a | b |\n|:---|---:|\n| c | d |") == (Table(row("a", "b"), (row("c", "d"),)),)

    def test_a_blank_line_separates_two_tables(self) -> None:
        text = "| a | b |\n| c | d |\n\n| e | f |\n| g | h |"
        assert passages(text) == (Table(row("a", "b"), (row("c", "d"),)), Table(row("e", "f"), (row("g", "h"),)))

    def test_a_line_that_begins_with_a_bullet_is_an_item_even_with_bars(self) -> None:
        assert passages("- | a | b |\n- | c | d |") == (listed("| a | b |", "| c | d |"),)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("Words.\n\n| a | b |\n| c | d |\n| e |f|g|", "line 5 of the text has 3 cells; the table's header has 2"),
            ("| a | |\n| c | d |", "the table header in line 1 of the text has a column without a name"),
            ("| a | b |\n|---|---|", "the table in line 1 of the text has a header but no rows"),
            ("| a | b |\n| c | d |\n| e | f", "line 3 of the text follows a table row but is not one itself"),
            ("| a | b |\n| c | d |\n| e", "line 3 of the text follows a table row"),
            ("| a | b |\nc | d |", "line 2 of the text follows a table row"),
            ("| a | b |\n| c | d |\n| e |", "line 3 of the text follows a table row"),
            ("|\u00a0| b |\n| c | d |", "the table header in line 1 of the text has a column without a name"),
            ("|a" * (MAX_COLUMNS + 1) + "|\n" + "|b" * (MAX_COLUMNS + 1) + "|", "has more than 8 columns"),
            ("|a|b|\n" * (MAX_ROWS + 2), "has more than 8 columns or 200 rows"),
        ],
    )
    def test_a_malformed_table_is_refused_with_its_line(self, text: str, message: str) -> None:
        with pytest.raises(InputError, match=message):
            clean_text(text)

    def test_the_largest_table_is_accepted(self) -> None:
        assert clean_text(("|a" * MAX_COLUMNS + "|\n") * (MAX_ROWS + 1))


class TestNotes:
    def test_a_note_leaves_the_text_and_is_numbered_in_order_of_citation(self) -> None:
        text = "One[^b], two [^a].\n\n[^a]: Said\n  and more.\n[^b]: Told.\n\nThree[^b]."
        assert parse_prose(text) == (
            (
                Paragraph("One, two.", note_references=(NoteReference(3, 1), NoteReference(8, 2))),
                Paragraph("Three.", note_references=(NoteReference(5, 1),)),
            ),
            (Note(1, "Told."), Note(2, "Said and more.")),
        )

    def test_items_and_cells_also_cite_notes(self) -> None:
        (items, table), notes = parse_prose("- one[^1]\n\n| a[^2] | b |\n| c | d[^1] |\n\n[^1]: Said.\n[^2]: Told.")
        assert items == Listing((Item("one", note_references=(NoteReference(3, 1),)),))
        assert table == Table(
            (Cell("a", (NoteReference(1, 2),)), Cell("b")), ((Cell("c"), Cell("d", (NoteReference(1, 1),))),)
        )
        assert notes == (Note(1, "Said."), Note(2, "Told."))

    def test_notes_are_numbered_after_those_of_the_document(self) -> None:
        assert parse_prose("One[^1].\n\n[^1]: Said.", 4) == (
            (Paragraph("One.", note_references=(NoteReference(3, 5),)),),
            (Note(5, "Said."),),
        )

    def test_a_line_that_is_not_indented_ends_a_note(self) -> None:
        assert parse_prose("One[^1].\n[^1]: Said.\nTwo.")[0][1:] == (Paragraph("Two."),)

    def test_a_note_needs_no_space_before_its_words(self) -> None:
        assert parse_prose("One[^1].\n\n[^1]:Said.").notes == (Note(1, "Said."),)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (
                "One[^1], two[^2].\n\n[^1]: Said[^2].\n[^2]: Told.",
                r"the note \[\^1\] in line 3 of the text cites a note",
            ),
            ("One[^1].\n\n[^1]: Said[^2].\n[^2]: Told.", r"the note \[\^1\] in line 3 of the text cites a note itself"),
            ("One[^1].\n\n[^1]:", r"line 1 of the text cites the note \[\^1\], which is missing"),
            ("One.\nTwo[^1].", r"line 2 of the text cites the note \[\^1\], which is missing"),
            ("One.\n\n[^1]: Said.", r"the note \[\^1\] in line 3 of the text is not cited anywhere"),
            ("One[^1].\n[^1]: Said.\n[^1]: Again.", r"line 3 of the text defines the note \[\^1\] a second time"),
        ],
    )
    def test_a_malformed_note_is_refused_with_its_line(self, text: str, message: str) -> None:
        with pytest.raises(InputError, match=message):
            clean_text(text)

    @pytest.mark.parametrize(
        "text",
        ["One[^quokka].", "One.\n\n[^quokka]: x", "One[^quokka].\n[^quokka]: x\n[^quokka]: y",
         "One[^quokka].\n[^quokka]: x[^1]\n[^1]: y"],
    )  # fmt: skip
    def test_the_key_of_a_note_is_not_repeated_because_it_may_be_exempt(self, text: str) -> None:
        with pytest.raises(InputError, match=r"\[\^…\]") as refused:
            clean_text(text)
        assert "quokka" not in f"{refused.value} {refused.value.advice()}"


class TestTooMany:
    @pytest.mark.parametrize(
        ("piece", "each"), [("a\n\n", 1), ("- a\n", 1), ("- a\n  - b\n", 2), ("|a|b|\n|c|d|\n\n", 4)]
    )
    def test_a_text_of_too_many_pieces_is_refused(self, piece: str, each: int) -> None:
        assert clean_text(piece * (MAX_PIECES // each))
        with pytest.raises(InputError, match=r"the text has 2,00\d paragraphs, items, cells and notes; at most 2,000"):
            clean_text(piece * (MAX_PIECES // each + 1))

    def test_the_lines_of_one_paragraph_are_one_piece(self) -> None:
        assert clean_text("a\n" * (MAX_PIECES + 1))


class TestSplitAtNotes:
    def test_a_text_is_split_where_a_note_is_cited(self) -> None:
        references = (NoteReference(3, 1), NoteReference(3, 2), NoteReference(7, 3))
        assert list(split_at_notes(Paragraph("One two", note_references=references))) == [
            "One", 1, "", 2, " two", 3, "",
        ]  # fmt: skip


def words_of(annotated: AnnotatedText) -> str:
    return f"{annotated.label if isinstance(annotated, Item) else ''}{annotated.text}"


def all_words(passage: Passage) -> str:
    """Return all the words of a passage, in order."""
    if isinstance(passage, Paragraph):
        return words_of(passage)
    if isinstance(passage, Listing):
        return "".join(words_of(each) for item in passage.items for each in (item, *item.subitems))
    return "".join(words_of(cell) for cells in (passage.head, *passage.rows) for cell in cells)


class TestEveryText:
    @given(st.text(alphabet="ab1.)(-| \n\t[^]:", max_size=120))
    def test_no_word_is_lost_or_added(self, text: str) -> None:
        try:
            parsed, notes = parse_prose(text)
        except InputError:
            return
        if not notes and "|" not in text:
            kept = "".join(map(all_words, parsed)) + " "
            assert "".join(kept.split()).replace("-", "") == "".join(text.split()).replace("-", "")

    @pytest.mark.parametrize("line", ["a\n", "- a\n", "  - a\n", "1. a\n", "|a|\n", "\n", "a[^1] ", "(((", "1.1.1.1"])
    def test_the_longest_texts_are_parsed_in_full(self, line: str) -> None:
        text = (line * (MAX_PIECES - 1))[: MAX_TEXT_BYTES - 20] + "\n\n[^1]: x" * ("[" in line)
        parsed, _ = parse_prose(text)
        assert "".join(map(all_words, parsed)).count("a") == text.count("a")
