"""Divide YAML of many cases: documents after `---`, or the items of a list.

Invariants:
- YAML itself is read by the one strict reader, a document or an item at a time. Nothing is read here.
- A line that begins with `---` or `...` ends a document, and one that begins with `- ` begins an item: inside a value,
  YAML allows neither at the start of a line.
- No more is held of a part than the strict reader takes.
- Each part begins at its own line, so that a fault names the line of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rules.reading.yaml_reader import MAX_BYTES
from workflow.papers.byte_source import ByteSource

_MARK = re.compile(rb"(?:---|\.\.\.)(?=[ \t\r\n]|$)")
_ITEM = re.compile(rb"-(?=[ \t\r\n]|$)")
_COMMENT = re.compile(rb"\s*(#.*)?\r?\n?$")
_TOO_LONG = b"\x00"
"""Stands for a line that is too long to be read: the strict reader refuses it with its place."""


class YamlPart(NamedTuple):
    """The text of one case, and the number of lines before it."""

    text: bytes
    lines_before: int


def divide_yaml(source: ByteSource) -> Iterator[YamlPart]:
    """Yield the part of each case; documents without anything but comments are left out."""
    held: list[bytes] = []
    first = size = 0
    for number, line in enumerate(source.lines()):
        text = _TOO_LONG if line is None else line
        mark, item = _MARK.match(text), _ITEM.match(text)
        if mark or item:
            yield from _yield_stated(held, first)
            held, first, size = [], number, 0
            text = text[mark.end() :] if mark else b" " + text[1:]
        if size <= MAX_BYTES:  # the strict reader refuses what is longer, so the rest need not be held
            held.append(text)
        size += len(text)
    yield from _yield_stated(held, first)


def _yield_stated(lines: list[bytes], first: int) -> Iterator[YamlPart]:
    if not all(_COMMENT.match(line) for line in lines):
        yield YamlPart(b"".join(lines), first)
