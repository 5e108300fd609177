"""Find the reference of a decision, in each way that a form writes it.

- `PCD-361`, `PCD361` and `PCD/361` are one reference; it is proposed as the form writes it.
- A letter where a number should stand is a misread figure: it is named, and no figure is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from rules.packs.form_reading import ReferenceForm

_PLACEHOLDER = re.compile(r"(\{(?:number|year|letter)\})")
_GAP = r"[\s\u00a0/_–-]{0,2}"
_PARTS = {
    "{number}": r"(?P<number>[0-9]{1,6})",
    "{year}": r"(?P<year>(?:19|20)[0-9]{2})",
    "{letter}": "(?P<letter>[a-z])",
}
_MISREAD_PARTS = {**_PARTS, "{number}": r"(?P<number>[0-9OoIlBSZ]{1,6})"}


class Reference(NamedTuple):
    """A reference as the form writes it, where it stands in a text, and the facts that it shows."""

    written: str
    start: int
    end: int
    shows: Mapping[str, Any]


@lru_cache(maxsize=256)
def _compile(written: str, *, is_misread: bool = False) -> re.Pattern[str]:
    parts = _MISREAD_PARTS if is_misread else _PARTS
    pattern = "".join(
        parts.get(piece) or "".join(_GAP if sign in " -/." else re.escape(sign) for sign in piece)
        for piece in _PLACEHOLDER.split(written)
        if piece
    )
    # A gap between a word and its number may be left out, and one may have crept in.
    pattern = re.sub(r"(?<=[A-Za-z])(?=\(\?P<number>)", lambda _: _GAP, pattern)
    return re.compile(rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])", re.IGNORECASE)


def find_references(text: str, references: tuple[ReferenceForm, ...]) -> Iterator[Reference]:
    """Yield the references in a text, in the order of the ways in which the form writes them."""
    for form in references:
        for match in _compile(form.written).finditer(text):
            yield Reference(_write(form.written, match), match.start(), match.end(), form.shows)


def find_misread_reference(text: str, references: tuple[ReferenceForm, ...]) -> str:
    """Return words that would be a reference if a letter were a figure; empty if there are none."""
    for form in references:
        for match in _compile(form.written, is_misread=True).finditer(text):
            if re.search("[A-Za-z]", match["number"]) and re.search("[0-9]", match["number"]):
                return match[0]
    return ""


def _write(written: str, match: re.Match[str]) -> str:
    """Return a reference that was found as the form writes it."""
    return _PLACEHOLDER.sub(lambda part: match[part[0].strip("{}")], written)
