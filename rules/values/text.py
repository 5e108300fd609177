"""Check the characters of text that people typed, and quote or list it in messages.

A character that prints nothing can still change how a text reads or what a terminal does, so it is refused, never
dropped. Every error names the character and its line and column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rules.errors import InputError
from rules.values.font_coverage import find_missing_glyph

MAX_COMBINING_MARKS = 30
"""Combining marks on one letter: the limit of Unicode's stream-safe text format."""

MAX_QUOTED_LENGTH = 42

# Controls, formats such as right-to-left overrides, surrogates, private and unassigned characters, and the separators
# of lines and paragraphs, which printed text does not need. Tab and line feed are allowed apart from these.
_UNPRINTABLE_CATEGORIES = frozenset(["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
# Fillers, joiners and variation selectors count as letters or marks but print nothing. The last two of the basic plane
# stand for lost characters. Other characters without a glyph are found by `find_missing_glyph`.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufffc\ufffd\U000e0100-\U000e01ef]"
)
_SUSPECT = re.compile(r"[^\t\n\x20-\x7e]")
_NAMELESS = {"Cc": "control character", "Co": "private character", "Cs": "half of a character"}


def refuse_unprintable(text: str) -> None:
    """Raise `InputError` at the first character that does not print."""
    position = _find_unprintable(text)
    if position is not None:
        raise InputError(f"{_describe_position(text, position)} cannot be printed; remove it")


def refuse_without_glyph(text: str) -> None:
    """Raise `InputError` at the first character without a glyph."""
    position = find_missing_glyph(text)
    if position is not None:
        raise InputError(
            f"{_describe_position(text, position)} is in no font of the documents; use other characters instead"
        )


def _describe_position(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return f"{_describe_character(text[position])} in line {line}, column {column} of the text"


def quote(text: str, max_length: int = MAX_QUOTED_LENGTH) -> str:
    """Quote typed text on one line for an error message; a long text ends in `…`."""
    return repr(text if len(text) <= max_length else f"{text[:max_length]}…")


def list_first(names: Sequence[str], most: int) -> str:
    """List names with commas; beyond the first few, only count them: `a, b and 3 more`."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def list_alternatives(names: Sequence[str]) -> str:
    """List names to choose one from: `a, b or c`."""
    return " or ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def first_unprintable(text: str) -> str:
    """Name the first character that does not print: `U+202E (right-to-left override)`.

    The name is empty if every character prints.
    """
    position = _find_unprintable(text)
    return "" if position is None else _describe_character(text[position])


def _find_unprintable(text: str) -> int | None:
    marks, last_position = 0, -1
    for match in _SUSPECT.finditer(text):
        position, character = match.start(), match.group()
        marks_before = marks if position == last_position + 1 else 0
        marks = marks_before + 1 if unicodedata.combining(character) else 0
        if (
            marks > MAX_COMBINING_MARKS
            or unicodedata.category(character) in _UNPRINTABLE_CATEGORIES
            or _INVISIBLE.match(character)
        ):
            return position
        last_position = position
    return None


def _describe_character(character: str) -> str:
    name = unicodedata.name(character, _NAMELESS.get(unicodedata.category(character), "not a character"))
    return f"U+{ord(character):04X} ({name.lower()})"


def replace_unprintable(text: str) -> str:
    """Replace each unprintable character by `?`, for safe printing.

    Such a character could send commands to the terminal.
    """
    return "".join(character if character.isprintable() else "?" for character in text)
