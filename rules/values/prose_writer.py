"""Passages as the plain text that gives them again: what `rules.values.prose` reads, written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rules.values.passages import Item, Listing, Paragraph, Passage, Table, Words, pieces
from rules.values.prose import BULLET

_Notes = Mapping[int, str]
_Keys = dict[str, int]


def plain(passages: Iterable[Passage], notes: Mapping[int, str]) -> str:
    """The text of some passages, with that of the notes which they cite.

    A text that somebody wrote comes out in one way, however its lines were broken and its notes were named; notes of
    the same words are one note, and a paragraph that begins as an item does becomes one.
    """
    keys: _Keys = {}
    written = ["\n".join(_WRITE[type(passage)](passage, notes, keys)) for passage in passages]
    listed = "\n".join(f"[^{key}]: {words}" for words, key in keys.items())
    return "\n\n".join(filter(None, [*written, listed]))


def _paragraph(passage: Paragraph, notes: _Notes, keys: _Keys) -> Iterator[str]:
    yield _said(passage, notes, keys)


def _listing(passage: Listing, notes: _Notes, keys: _Keys) -> Iterator[str]:
    for item in passage.items:
        yield _item(item, notes, keys)
        for part in item.parts:
            yield f"  {_item(part, notes, keys)}"


def _item(item: Item, notes: _Notes, keys: _Keys) -> str:
    return f"{item.label or BULLET} {_said(item, notes, keys)}"


def _table(passage: Table, notes: _Notes, keys: _Keys) -> Iterator[str]:
    head, *rows = ([_said(cell, notes, keys) for cell in row] for row in (passage.head, *passage.rows))
    # Without a line below the header a first row of dashes would be taken for it.
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cells)} |"


def _said(words: Words, notes: _Notes, keys: _Keys) -> str:
    said = ""
    for piece in pieces(words):
        said += piece if isinstance(piece, str) else f"[^{keys.setdefault(notes[piece], len(keys) + 1)}]"
    return said


_WRITE: dict[type[Passage], Callable[[Any, _Notes, _Keys], Iterator[str]]] = {
    Paragraph: _paragraph,
    Listing: _listing,
    Table: _table,
}
