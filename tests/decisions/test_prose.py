"""What an author's plain text becomes, and which characters it may not hold."""

from __future__ import annotations

import pytest

from decisions.prose import blocks, refuse_unprintable, unprintable_in
from decisions.view import Bullets, Paragraph


class TestBlocks:
    def test_a_blank_line_parts_two_paragraphs_and_the_lines_of_each_are_joined(self) -> None:
        assert blocks("One\ntwo.\n\n \t\nThree.") == (Paragraph("One two."), Paragraph("Three."))

    def test_lines_that_begin_with_a_dash_are_one_list(self) -> None:
        assert blocks("- one\n- two") == (Bullets(("one", "two")),)

    def test_a_list_may_follow_its_paragraph_at_once(self) -> None:
        assert blocks("Among them:\n- one\n- two\n") == (Paragraph("Among them:"), Bullets(("one", "two")))

    def test_an_indented_line_goes_on_with_the_item_above_it(self) -> None:
        assert blocks("- one\n  and more\n- two") == (Bullets(("one and more", "two")),)

    def test_a_line_that_is_not_indented_ends_the_list(self) -> None:
        assert blocks("- one\nAfter it.") == (Bullets(("one",)), Paragraph("After it."))

    def test_a_blank_line_between_items_does_not_part_the_list(self) -> None:
        assert blocks("- one\n\n- two") == (Bullets(("one", "two")),)

    @pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\n"])
    def test_no_words_are_no_blocks(self, text: str) -> None:
        assert blocks(text) == ()

    @pytest.mark.parametrize("text", ["-", "-5 degrees", "1. one", "* one", "# one", "**one**", "<b>one</b>"])
    def test_there_is_no_other_markup(self, text: str) -> None:
        assert blocks(text) == (Paragraph(text),)

    def test_a_space_that_must_not_break_is_kept(self) -> None:
        assert blocks("£5\u00a0million\t  more") == (Paragraph("£5\u00a0million more"),)


class TestUnprintable:
    @pytest.mark.parametrize(
        "text", ["", "Plain.\n\tIndented.", "Ŵyth o’r gloch – £5m ≤ €7m", "Προμήθεια", "Закупка", "a\u0302"]
    )
    def test_what_people_write_is_accepted(self, text: str) -> None:
        refuse_unprintable(text)

    @pytest.mark.parametrize(
        ("character", "name"),
        [
            ("\x00", r"U\+0000 \(control character\)"),
            ("\x07", r"U\+0007 \(control character\)"),
            ("\r", r"U\+000D \(control character\)"),
            ("\x85", r"U\+0085 \(control character\)"),
            ("\u00ad", r"U\+00AD \(soft hyphen\)"),
            ("\u061c", r"U\+061C \(arabic letter mark\)"),
            ("\u200b", r"U\+200B \(zero width space\)"),
            ("\u2028", r"U\+2028 \(line separator\)"),
            ("\u202e", r"U\+202E \(right-to-left override\)"),
            ("\u2066", r"U\+2066 \(left-to-right isolate\)"),
            ("\ufeff", r"U\+FEFF \(zero width no-break space\)"),
            ("\ufffd", r"U\+FFFD \(replacement character\)"),
            ("\uffff", r"U\+FFFF \(not a character\)"),
            ("\ud800", r"U\+D800 \(half of a character\)"),
            ("\ue000", r"U\+E000 \(private character\)"),
            ("\U000e0041", r"U\+E0041 \(tag latin capital letter a\)"),
            ("\U0010fffd", r"U\+10FFFD \(private character\)"),
        ],
    )
    def test_what_does_not_print_is_refused_by_name(self, character: str, name: str) -> None:
        with pytest.raises(ValueError, match=name):
            refuse_unprintable(f"approved{character}")

    def test_the_place_is_given_as_line_and_column_counted_from_one(self) -> None:
        with pytest.raises(ValueError, match="line 3, column 6 does not print"):
            refuse_unprintable("First.\nSecond.\nThird\u202e")
        with pytest.raises(ValueError, match="line 1, column 1 does not print"):
            refuse_unprintable("\u202e")

    def test_the_first_of_several_is_named(self) -> None:
        assert unprintable_in("a\u200bb\u202e") == "U+200B (zero width space)"
        assert unprintable_in("a plain text") == ""
