"""Read plain text: lines as blocks, with the lines of a wrapped paragraph joined.

A text copied from a page has one line for each paragraph, and a text layer has one for each line of print.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from decisions.intake.source_text import START, BlockCollector, Place, Problem, SourceText
from decisions.intake.wording import split_marker

_ENDS = (".", ":", ";", "!", "?", "”", '"')
_MAX_WRAPPED = 140
"""The longest line of a text that was wrapped. Where one is longer, each line is a paragraph."""
_LEAST_WRAPPED = 40
"""A shorter line is a label or the start of a list, not one that goes on below."""
_FULL_LINE = 0.75
"""The share of the longest line of a wrapped text from which a line counts as full: the next one goes on with it."""


class Line(NamedTuple):
    """A line of print, its place, whether there is a gap above it, and whether it reaches the right margin."""

    text: str
    place: Place
    after_gap: bool = False
    is_full: bool = False


def read_plain_text(data: bytes) -> SourceText:
    """Return the text of a file in UTF-8; each character that is not is a problem."""
    collector = BlockCollector()
    text = decode(data, collector)
    printed = [line.strip() for line in text.splitlines()]
    longest = max(map(len, printed), default=0)
    full = _FULL_LINE * longest if longest <= _MAX_WRAPPED else longest + 1
    gap, lines = True, list[Line]()
    for number, line in enumerate(printed, 1):
        if line:
            lines.append(Line(line, Place(0, number), gap, len(line) >= full))
        gap = not line
    collect_lines(lines, collector)
    return collector.finish()


def decode(data: bytes, collector: BlockCollector) -> str:
    """Return bytes as text; bytes that are not UTF-8 become signs that every block with one is named for."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = "the file is not in UTF-8 from here on: save it as UTF-8, so that £ and dashes are kept"
        collector.problems.append(Problem(Place(0, line) if line else START, reason))
        return data.decode("utf-8", "replace")


def collect_lines(lines: Sequence[Line], collector: BlockCollector) -> None:
    """Add the paragraphs of some lines."""
    for paragraph in _paragraphs(lines):
        collector.add(" ".join(line.text for line in paragraph), paragraph[0].place)


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and not _continues(paragraph[-1], line):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _continues(before: Line, line: Line) -> bool:
    """Whether a line goes on with the sentence of the line before."""
    if line.after_gap or split_marker(line.text).label:
        return False
    is_open = not before.text.endswith(_ENDS)
    if before.is_full:
        return is_open or line.text[0].islower()
    return is_open and line.text[0].islower() and len(before.text) >= _LEAST_WRAPPED
