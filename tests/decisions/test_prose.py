"""What an author's plain text becomes."""

from __future__ import annotations

import pytest

from decisions.prose import blocks
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
