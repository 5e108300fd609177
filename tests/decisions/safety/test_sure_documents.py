"""The test of a text for the proof that a document can be made: quick, and the same as one letter by letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.safety.sure_documents import _find_rare, _has_long_word, is_plain

ACUTE = "\u0301"


def longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from(" \n\t\u2003é")), max_size=12))
def test_a_long_word_is_found_wherever_it_stands(pieces: list[tuple[int, str]]) -> None:
    text = "".join("x" * length + after for length, after in pieces)
    assert _has_long_word(text) == (longest_word(text) >= 180)


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_every_rare_character_is_found_in_its_order(text: str) -> None:
    assert _find_rare(text) == "".join(sign for sign in text if not (sign in "\t\n" or " " <= sign <= "~"))


@pytest.mark.parametrize("text", ["", "A plain text.\n\tFor £5 – “quoted”, of café owners.", "x" * 179, f"e{ACUTE}"])
def test_a_plain_text(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    ["a | b", "a[^1]", "x" * 180, "\u202eturned", "\x07", "\ud800", "漢", f"{'£' * 9}e{ACUTE * 40}", f"e{ACUTE * 40}"],
)
def test_a_text_that_may_keep_a_document_from_being_made(text: str) -> None:
    assert not is_plain(text)
