"""The listed font coverage is that of the shipped fonts, and other characters are refused when typed."""

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


def code_points_in_fonts() -> set[int]:
    """Return the code points of the shipped fonts, without control characters."""
    code_points: set[int] = set()
    for path in FONTS.glob("*.ttf"):
        with TTFont(path) as font:
            code_points |= set(font.getBestCmap())
    return {code_point for code_point in code_points if code_point >= 32}


def listed_code_points() -> set[int]:
    bounds = [written.partition("-") for written in FONT_COVERAGE.split()]
    return {code for first, _, last in bounds for code in range(int(first, 16), int(last or first, 16) + 1)}


def test_the_listed_coverage_is_that_of_the_fonts() -> None:
    assert listed_code_points() == code_points_in_fonts()


@given(st.characters(min_codepoint=32, exclude_categories=["Cs"]))
def test_a_character_is_refused_if_no_font_has_it(character: str) -> None:
    assert (find_missing_glyph(f"ab{character}") == 2) is (ord(character) not in listed_code_points())


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
def test_the_languages_and_symbols_of_decisions_are_accepted(text: str) -> None:
    assert clean_text(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "The 日 of the decision",
            r"U\+65E5 \(cjk unified ideograph-65e5\) in line 1, column 5 of the text is in no font",
        ),
        ("One\nand 🚓 two", r"U\+1F693 \(police car\) in line 2, column 5"),
        ("שלום", r"U\+05E9 \(hebrew letter shin\) in line 1, column 1"),
    ],
)
def test_other_characters_are_refused_with_their_position(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        clean_text(text)
