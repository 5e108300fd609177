from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InputError
from rules.values.facts import clean_text
from rules.values.font_coverage import FONT_COVERAGE, find_missing_glyph

FONTS = Path(__file__).parents[3] / "templates" / "fonts"


def held_by_fonts() -> set[int]:
    """The numbers of all characters that the shipped fonts have, but for controls."""
    found: set[int] = set()
    for path in FONTS.glob("*.ttf"):
        with TTFont(path) as font:
            found |= set(font.getBestCmap())
    return {number for number in found if number >= 32}


def held() -> set[int]:
    ends = [one.partition("-") for one in FONT_COVERAGE.split()]
    return {number for first, _, last in ends for number in range(int(first, 16), int(last or first, 16) + 1)}


def test_what_is_told_is_what_the_fonts_have() -> None:
    assert held() == held_by_fonts()


@given(st.characters(min_codepoint=32, exclude_categories=["Cs"]))
def test_a_character_is_refused_where_no_font_has_it(character: str) -> None:
    assert (find_missing_glyph(f"ab{character}") == 2) is (ord(character) not in held())


@pytest.mark.parametrize(
    "text",
    [
        "Mae'r penderfyniad wedi'i gyhoeddi: ŵyr, tŷ, â, ê, î, ô, û, ẃ",  # Welsh
        "Η απόφαση δημοσιεύθηκε, Ὅμηρος",  # noqa: RUF001  # Greek
        "Решение опубликовано, ґ ї є",  # Cyrillic
        "“£5 million” – ½ of 50% … §43 • ✓ ≥ ≤ × → ☐",
        "e\u0301 composed, and lines\nwith\ttabs",
    ],
)
def test_the_languages_and_signs_of_decisions_are_taken(text: str) -> None:
    assert clean_text(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "The 日 of the decision",
            r"U\+65E5 \(cjk unified ideograph-65e5\) in line 1, column 5 of the text is in no font",
        ),
        ("One\nand 🚓 two", r"U\+1F693 \(police car\) in line 2, column 5"),
        ("שלום", r"U\+05E9 \(hebrew letter shin\) in line 1, column 1"),
    ],
)
def test_another_is_refused_when_it_is_typed_with_its_place(text: str, named: str) -> None:
    with pytest.raises(InputError, match=named):
        clean_text(text)
