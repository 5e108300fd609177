"""Texts brought to one plain form, so that a search finds words however they are typed.

- Invisible characters are left out, and characters that look like a Latin letter, a digit or a space become it.
- Line breaks, the bars of tables and the marks of notes become spaces: a sum that is cut by a cell is still a sum.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rules.values.prose_parser import strip_note_marks

_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХҮаеѕіјорсухһԁԛԝӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧοıǀ₤",  # noqa: RUF001  # these are the confusable letters
    "ABESIJKMHOPCTYXYaesijopcyxhdqwlABEZHIKMNOPTYXoil£",
)
_PUNCTUATION = str.maketrans("‐‑‒–—−’‘ʼ“”⁄", "------''" + "'" + '""/')  # noqa: RUF001
_FRACTIONS = (("¼", "25"), ("½", "5"), ("¾", "75"))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_GAPS = re.compile(r"[\s|]+")
_AFTER_DIGIT = r"(?<=[0-9])\s?"
_DIGITS_TYPED_AS_LETTERS = re.compile(r"£ ?[0-9OoIl][0-9OoIl,.]*(?=[kmb\s,.;:)]|$)")
_LETTERS_FOR_DIGITS = str.maketrans("OoIl", "0011")


@lru_cache(maxsize=512)
def flatten(text: str) -> str:
    """Return a text in plain characters on one line.

    >>> flatten("£1,4OO,OOO | in all")
    '£1,400,000 in all'
    """
    # Gaps first: the search for note marks takes the square of a run of spaces in time.
    plain = strip_note_marks(_GAPS.sub(" ", text))
    if not plain.isascii():
        plain = _GAPS.sub(" ", _to_plain_characters(plain))
    return _DIGITS_TYPED_AS_LETTERS.sub(lambda match: match.group().translate(_LETTERS_FOR_DIGITS), plain)


def _to_plain_characters(text: str) -> str:
    for sign, decimals in _FRACTIONS:
        if sign in text:
            text = re.sub(f"{_AFTER_DIGIT}{sign}", f".{decimals}", text).replace(sign, f"0.{decimals}")
    plain = _NOT_ASCII.sub(_fold_character, unicodedata.normalize("NFC", text))
    return plain.translate(_LOOKALIKES).translate(_PUNCTUATION)


def _fold_character(match: re.Match[str]) -> str:
    """Return a character in its compatible form; nothing for one that prints nothing."""
    character = match.group()
    if unicodedata.category(character) in ("Cf", "Mn"):
        return ""
    return unicodedata.normalize("NFKC", character)
