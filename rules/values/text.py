"""Text that people typed: which characters in it print, and which change what is read while they print nothing."""

from __future__ import annotations

import re
import unicodedata

from rules.errors import InputError
from rules.values.font_coverage import find_missing_glyph

MAX_COMBINING_MARKS = 30
"""Combining marks on one letter: as many as Unicode's stream-safe text may have."""

MAX_QUOTED_LENGTH = 42

# Controls, formats such as orders to write from right to left, halves of characters, private and unassigned ones, and
# the two separators that no printed line needs. Tab and line feed are spacing.
_UNPRINTABLE_CATEGORIES = frozenset(["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
# Fillers, joiners and variation selectors, which count as letters or marks and yet print nothing; and the two signs
# for what was lost. Any other character that no font has is met when a page is set.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufffc\ufffd\U000e0100-\U000e01ef]"
)
_SUSPECT = re.compile(r"[^\t\n\x20-\x7e]")
_NAMELESS = {"Cc": "control character", "Co": "private character", "Cs": "half of a character"}


def refuse_unprintable(text: str) -> None:
    """Raise `InputError` at the first character that prints nothing yet changes what is read, with its place."""
    place = _find_unprintable(text)
    if place is not None:
        raise InputError(f"{_describe_position(text, place)} cannot be printed; take it out")


def refuse_without_glyph(text: str) -> None:
    """Raise `InputError` at the first character that no font of the documents has, with its place."""
    place = find_missing_glyph(text)
    if place is not None:
        raise InputError(
            f"{_describe_position(text, place)} is in no font of the documents; write it in other characters"
        )


def _describe_position(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return f"{_describe_character(text[position])} in line {line}, column {column} of the text"


def quote(text: str, max_length: int = MAX_QUOTED_LENGTH) -> str:
    """What somebody typed, in quotes and on one line; what is left out at its end is shown to be."""
    return repr(text if len(text) <= max_length else f"{text[:max_length]}…")


def first_unprintable(text: str) -> str:
    """The first character of a text that does not print, as `U+202E (right-to-left override)`; empty if all do."""
    place = _find_unprintable(text)
    return "" if place is None else _describe_character(text[place])


def _find_unprintable(text: str) -> int | None:
    marks, last = 0, -1
    for found in _SUSPECT.finditer(text):
        place, character = found.start(), found.group()
        follows = marks if place == last + 1 else 0
        marks = follows + 1 if unicodedata.combining(character) else 0
        if (
            marks > MAX_COMBINING_MARKS
            or unicodedata.category(character) in _UNPRINTABLE_CATEGORIES
            or _INVISIBLE.match(character)
        ):
            return place
        last = place
    return None


def _describe_character(character: str) -> str:
    name = unicodedata.name(character, _NAMELESS.get(unicodedata.category(character), "not a character"))
    return f"U+{ord(character):04X} ({name.lower()})"


def replace_unprintable(text: str) -> str:
    """A name as it may be shown: with a question mark for what prints nothing or would speak to the terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)
