"""Text that people typed: which characters in it print, and which change what is read while they print nothing."""

from __future__ import annotations

import re
import unicodedata

from rules.errors import InputError
from rules.values.font_coverage import first_beyond

MAX_MARKS = 30
"""Combining marks on one letter: as many as Unicode's stream-safe text may have."""

LONGEST_QUOTED = 42

# Controls, formats such as orders to write from right to left, halves of characters, private and unassigned ones, and
# the two separators that no printed line needs. Tab and line feed are spacing.
_CATEGORIES = frozenset(["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
# Fillers, joiners and variation selectors, which count as letters or marks and yet print nothing; and the two signs
# for what was lost. Any other character that no font has is met when a page is set.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufffc\ufffd\U000e0100-\U000e01ef]"
)
_TO_LOOK_AT = re.compile(r"[^\t\n\x20-\x7e]")
_NAMELESS = {"Cc": "control character", "Co": "private character", "Cs": "half of a character"}


def refuse_unprintable(text: str) -> None:
    """Raise `InputError` at the first character that prints nothing yet changes what is read, with its place."""
    place = _unprintable(text)
    if place is not None:
        raise InputError(f"{_placed(text, place)} cannot be printed; take it out")


def refuse_without_glyph(text: str) -> None:
    """Raise `InputError` at the first character that no font of the documents has, with its place."""
    place = first_beyond(text)
    if place is not None:
        raise InputError(f"{_placed(text, place)} is in no font of the documents; write it in other characters")


def _placed(text: str, place: int) -> str:
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    return f"{_named(text[place])} in line {line}, column {column} of the text"


def quoted(text: str, most: int = LONGEST_QUOTED) -> str:
    """What somebody typed, in quotes and on one line; what is left out at its end is shown to be."""
    return repr(text if len(text) <= most else f"{text[:most]}…")


def unprintable_in(text: str) -> str:
    """The first character of a text that does not print, as `U+202E (right-to-left override)`; empty if all do."""
    place = _unprintable(text)
    return "" if place is None else _named(text[place])


def _unprintable(text: str) -> int | None:
    marks, last = 0, -1
    for found in _TO_LOOK_AT.finditer(text):
        place, character = found.start(), found.group()
        follows = marks if place == last + 1 else 0
        marks = follows + 1 if unicodedata.combining(character) else 0
        if marks > MAX_MARKS or unicodedata.category(character) in _CATEGORIES or _BLANK.match(character):
            return place
        last = place
    return None


def _named(character: str) -> str:
    name = unicodedata.name(character, _NAMELESS.get(unicodedata.category(character), "not a character"))
    return f"U+{ord(character):04X} ({name.lower()})"


def printable(text: str) -> str:
    """A name as it may be shown: with a question mark for what prints nothing or would speak to the terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)
