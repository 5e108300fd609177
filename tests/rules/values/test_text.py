"""Which characters a text may have, and how an unprintable one is named."""

from __future__ import annotations

import pytest

from rules.errors import InputError
from rules.values.text import (
    MAX_COMBINING_MARKS,
    MAX_QUOTED_LENGTH,
    first_unprintable,
    list_first,
    quote,
    refuse_unprintable,
)


class TestUnprintable:
    @pytest.mark.parametrize(
        "text", ["", "Plain.\n\tIndented.", "Ŵyth o’r gloch – £5m ≤ €7m", "Προμήθεια", "Закупка", "a\u0302"]
    )
    def test_ordinary_text_is_accepted(self, text: str) -> None:
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
            ("\u0378", r"U\+0378 \(not a character\)"),
            ("\u0604", r"U\+0604 \(arabic sign samvat\)"),
            ("\u3164", r"U\+3164 \(hangul filler\)"),
            ("\ufe0f", r"U\+FE0F \(variation selector-16\)"),
            ("\ufffd", r"U\+FFFD \(replacement character\)"),
            ("\uffff", r"U\+FFFF \(not a character\)"),
            ("\ud800", r"U\+D800 \(half of a character\)"),
            ("\ue000", r"U\+E000 \(private character\)"),
            ("\U000e0041", r"U\+E0041 \(tag latin capital letter a\)"),
            ("\U0010fffd", r"U\+10FFFD \(private character\)"),
        ],
    )
    def test_an_unprintable_character_is_refused_by_name(self, character: str, name: str) -> None:
        with pytest.raises(InputError, match=name):
            refuse_unprintable(f"approved{character}")

    def test_the_error_gives_line_and_column_counted_from_one(self) -> None:
        with pytest.raises(InputError, match="in line 3, column 6 of the text cannot be printed"):
            refuse_unprintable("First.\nSecond.\nThird\u202e")
        with pytest.raises(InputError, match="in line 1, column 1 of the text cannot be printed"):
            refuse_unprintable("\u202e")

    def test_the_first_of_several_unprintable_characters_is_named(self) -> None:
        assert first_unprintable("a\u200bb\u202e") == "U+200B (zero width space)"
        assert first_unprintable("a plain text") == ""

    def test_combining_marks_on_a_letter_are_limited(self) -> None:
        refuse_unprintable("a" + "\u0301" * MAX_COMBINING_MARKS)
        refuse_unprintable(("a" + "\u0301" * MAX_COMBINING_MARKS) * 2)
        with pytest.raises(InputError, match=rf"in line 1, column {MAX_COMBINING_MARKS + 2} "):
            refuse_unprintable("a" + "\u0301" * (MAX_COMBINING_MARKS + 1))

    def test_every_control_character_and_no_letter_is_refused(self) -> None:
        refused = {chr(code) for code in range(0x250) if first_unprintable(chr(code))}
        assert refused == {chr(code) for code in (*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0xAD)}


class TestQuote:
    def test_a_short_text_is_quoted_whole(self) -> None:
        assert quote("soon") == "'soon'"
        assert quote("a" * MAX_QUOTED_LENGTH) == f"'{'a' * MAX_QUOTED_LENGTH}'"

    def test_a_longer_text_is_cut_and_ends_in_an_ellipsis(self) -> None:
        assert quote("a" * (MAX_QUOTED_LENGTH + 1)) == f"'{'a' * MAX_QUOTED_LENGTH}…'"
        assert quote("a long name", 6) == "'a long…'"

    def test_a_quoted_text_stays_on_one_line(self) -> None:
        assert quote("one\ntwo") == r"'one\ntwo'"


@pytest.mark.parametrize(
    ("most", "listed"), [(1, "a and 2 more"), (2, "a, b and 1 more"), (3, "a, b, c"), (9, "a, b, c")]
)
def test_a_long_list_of_names_ends_in_a_count(most: int, listed: str) -> None:
    assert list_first(("a", "b", "c"), most) == listed
