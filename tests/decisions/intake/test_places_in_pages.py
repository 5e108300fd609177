"""A place in a page is one that a person can find, also where the whole page is one line."""

from __future__ import annotations

from decisions.intake.readers.html_reader import read_html
from decisions.intake.source_text import Place

PAGE = (
    "<html><body><h1>Radios</h1><p>One <b>bold</b> word.</p>"
    "<ul><li>First</li><li>Second<br>line</li></ul></body></html>"
)


def test_lines_are_enough_for_a_page_of_short_lines() -> None:
    blocks = read_html(PAGE.replace("><", ">\n<").encode()).blocks
    assert all(block.place.character == 0 for block in blocks)
    assert len({block.place.line for block in blocks}) > 3


def test_each_block_of_one_long_line_has_its_character() -> None:
    page = PAGE.replace("</h1>", "</h1><!--" + "x" * 500 + "-->")
    blocks = read_html(page.encode()).blocks
    assert [block.text for block in blocks] == ["Radios", "One bold word.", "• First", "• Second", "line"]
    for block, start in zip(blocks[:4], ("<h1>", "<p>", "<li>First", "<li>Second"), strict=True):
        assert block.place == Place(0, 1, page.index(start) + 1)
    assert str(blocks[0].place) == "line 1, character 13"
    assert blocks[0].place.as_json() == {"page": None, "line": 1, "character": 13}


def test_a_long_line_after_others_keeps_their_numbers() -> None:
    long = "<p>" + "word " * 100 + "</p><p>end</p>"
    blocks = read_html(f"<html><body>\n<p>short</p>\n{long}\n<p>last</p></body></html>".encode()).blocks
    places = [(block.place.line, block.place.character) for block in blocks]
    assert places == [(2, 0), (3, 1), (3, long.index("<p>end") + 1), (4, 0)]
