"""Passages are written as text that parses into the same passages."""

from __future__ import annotations

import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.errors import InputError
from rules.values.passages import Cell, Item, Listing, Paragraph, Table
from rules.values.prose_parser import Prose, parse_prose
from rules.values.prose_writer import write_prose

TEXT = """First, with a note[^a]
over two lines:

- one
- two
   (i) its part[^b]

1. and so on

| Year | Cost |
| 2018/19 | £3 |

[^b]: Of the part.
[^a]: Of the first.
"""


def rewrite(text: str) -> str:
    passages, notes = parse_prose(text)
    return write_prose(passages, {note.number: note.text for note in notes})


def test_a_text_is_rewritten_in_one_way() -> None:
    assert rewrite(TEXT) == (
        "First, with a note[^1] over two lines:\n\n- one\n- two\n  (i) its part[^2]\n\n1. and so on\n\n"
        "| Year | Cost |\n| --- | --- |\n| 2018/19 | £3 |\n\n[^1]: Of the first.\n[^2]: Of the part."
    )


def test_notes_with_the_same_words_become_one() -> None:
    assert rewrite("a[^1] b[^2]\n\n[^1]: Same.\n[^2]: Same.") == "a[^1] b[^1]\n\n[^1]: Same."


def test_a_first_row_of_dashes_stays_a_row() -> None:
    table = Table((Cell("A"), Cell("B")), ((Cell("-"), Cell("-")),))
    assert parse_prose(write_prose([table], {})) == Prose((table,), ())


def test_the_number_of_a_paragraph_in_a_form_is_not_written() -> None:
    assert write_prose([Paragraph("Words.", "1.1."), Listing((Item("x", "a."),))], {}) == "Words.\n\na. x"


LINES = st.sampled_from(
    [
        "", "", "words", "cites[^1]", "two [^2][^1] cites", "- one", "-", "- ", "  - part", "   (i) part[^2]",
        "a. first", "1.1) one", "a.", "asks to:", "| x | y |", "| --- | --- |", "| -- | |", "|a|", "| b[^1] | |",
        "  goes on", "b | c", "[^1]: A note.", "[^2]: Another one", "   of two lines", "\t- far part",
    ]
)  # fmt: skip
"""Lines that together make texts with every kind of passage."""

TEXTS = st.lists(LINES, max_size=12).map("\n".join) | st.text(alphabet="ab1.)(-| \n\t[^]:", max_size=120)


def begins_like_an_item(passage: object) -> bool:
    """Return whether a paragraph of joined lines would be parsed as an item on one line."""
    return isinstance(passage, Paragraph) and bool(re.match(r"(-|\(?[0-9a-z.]+[.)]) ", passage.text))


class TestProperties:
    @settings(max_examples=400)
    @given(TEXTS)
    def test_written_text_parses_into_the_same_passages(self, text: str) -> None:
        try:
            passages, notes = parse_prose(text)
        except InputError:
            return
        assume(len({note.text for note in notes}) == len(notes))
        assume(not any(begins_like_an_item(passage) for passage in passages))
        written = write_prose(passages, {note.number: note.text for note in notes})
        assert parse_prose(written) == (passages, notes)
        assert rewrite(written) == written
