"""Find the words of a form in a text, whatever their case, spaces, dashes and quotes, and allow for misread letters.

Invariants:
- A phrase matches its own letters first. A match that needs a misread letter (`l` for `1`, `rn` for `m`) is marked, so
  that a person checks what follows from it.
- Every pattern is a row of single letters and short gaps, so that no text takes long to search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_MISREAD = {
    **dict.fromkeys("il1", "[il1|!]"), **dict.fromkeys("o0", "[o0]"), **dict.fromkeys("s5", "[s5]"),
    **dict.fromkeys("ec", "[ec]"), "m": "(?:m|rn)", "b": "[b8]", "8": "[8b]", "t": "[t+]",
}  # fmt: skip
"""What a scanner reads for a letter of print."""
_SAME = {"'": "['’‘`]?", '"': '["“”]?', "-": r"\s?[-–—\u2011]\s?", "–": r"\s?[-–—\u2011]\s?", "—": r"\s?[-–—\u2011]\s?"}
_SPACE = r"[\s\u00a0]{1,3}"
_MARKER = re.compile(
    r"(?P<bullet>[•·▪●◦○■–—*\uf0b7-])\s+"
    r"|(?P<capital>\(?[A-Z]\))(?P<roman_after>[ivx]{1,5}|[a-z])?[.)]?\s+"
    r"|(?P<dotted>[0-9]{1,3}(?:\.[0-9]{1,3}){1,3})[.)]{0,2}\s+(?![%m])"
    r"|(?P<number>\(?[0-9]{1,3})[.)]{1,2}\s*(?=\D)"
    r"|(?P<small>\(?(?:[ivx]{1,5}|[a-z]))(?:\.\)|[.)])\s+"
)
_ROMAN = re.compile(r"m{0,3}(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})")
_EDGES = " \t:;.,?!*-–—|"


class Found(NamedTuple):
    """Where a phrase stands in a text, and whether it was found letter by letter."""

    start: int
    end: int
    is_exact: bool


class Marked(NamedTuple):
    """The number, letter or bullet that begins an item: its kind, its label, a second label, and the words after it."""

    kind: str
    label: str
    inner: str
    text: str


@lru_cache(maxsize=4_096)
def _compile(phrase: str, *, is_misread: bool) -> re.Pattern[str]:
    parts = []
    for character in " ".join(phrase.casefold().split()):
        if character == " ":
            parts.append(_SPACE)
        elif character in _SAME:
            parts.append(_SAME[character])
        else:
            parts.append(_MISREAD.get(character, re.escape(character)) if is_misread else re.escape(character))
    start = r"(?<![^\W_])" if phrase[0].isalnum() else ""
    end = r"(?![^\W_])" if phrase[-1].isalnum() else ""
    return re.compile(f"{start}{''.join(parts)}{end}", re.IGNORECASE)


def find_phrase(text: str, phrase: str, start: int = 0) -> Found | None:
    """Return the first place of a phrase as whole words."""
    for is_misread in (False, True):
        if match := _compile(phrase, is_misread=is_misread).search(text, start):
            return Found(match.start(), match.end(), is_exact=not is_misread)
    return None


def find_first(text: str, phrases: Iterable[str], start: int = 0) -> Found | None:
    """Return the first place of any phrase; of several at one place, the longest."""
    found = [each for phrase in phrases if (each := find_phrase(text, phrase, start))]
    return min(found, key=lambda each: (not each.is_exact, each.start, -each.end), default=None)


def starts_with(text: str, phrases: Iterable[str]) -> Found | None:
    """Return the phrase with which a text begins; the longest of several."""
    starts = []
    for phrase in phrases:
        for is_misread in (False, True):
            if match := _compile(phrase, is_misread=is_misread).match(text):
                starts.append(Found(0, match.end(), is_exact=not is_misread))
                break
    return max(starts, key=lambda each: (each.is_exact, each.end), default=None)


def is_heading(text: str, headings: Iterable[str]) -> bool:
    """Whether a text is one of some headings, with or without its number and a colon."""
    return match_heading(text, headings) is not None


def match_heading(text: str, headings: Iterable[str]) -> Found | None:
    """Return the heading that a text is; None for any other text."""
    words = split_marker(text.strip(_EDGES)).text.strip(_EDGES)
    found = starts_with(words, headings)
    return found if found and not words[found.end :].strip(_EDGES) else None


def split_marker(text: str) -> Marked:
    """Split the number, letter or bullet off the start of a text; the label is empty if there is none."""
    match = _MARKER.match(text)
    if not match:
        return Marked("none", "", "", text)
    rest = text[match.end() :].strip()
    if match["bullet"]:
        inner = split_marker(rest)  # a program that lost the layout writes "- 1. Approve"
        return Marked("bullet", "•", "", rest) if inner.kind in ("none", "bullet") else inner
    if match["capital"]:
        return Marked("capital", match["capital"].strip("()"), match["roman_after"] or "", rest)
    if match["dotted"]:
        return Marked("dotted", match["dotted"], "", rest)
    if match["number"]:
        return Marked("number", match["number"].strip("()"), "", rest)
    small = match["small"].strip("()")
    return Marked("roman" if _is_roman(small) else "letter", small, "", rest)


def _is_roman(label: str) -> bool:
    """Whether a label is a Roman number; `c` and `d` are letters of a list far more often."""
    return bool(_ROMAN.fullmatch(label)) and set(label) <= set("ivx")
