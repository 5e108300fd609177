"""Passages as the plain text that gives them again: what `rules.values.prose_parser` reads, written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rules.values.passages import AnnotatedText, Item, Listing, Paragraph, Passage, Table, split_at_notes
from rules.values.prose_parser import BULLET

_NoteTexts = Mapping[int, str]
_NoteKeys = dict[str, int]


def write_prose(passages: Iterable[Passage], notes: Mapping[int, str]) -> str:
    """The text of some passages, with that of the notes which they cite.

    A text that somebody wrote comes out in one way, however its lines were broken and its notes were named; notes of
    the same words are one note, and a paragraph that begins as an item does becomes one.
    """
    keys: _NoteKeys = {}
    written = ["\n".join(_WRITERS[type(passage)](passage, notes, keys)) for passage in passages]
    listed = "\n".join(f"[^{key}]: {words}" for words, key in keys.items())
    return "\n\n".join(filter(None, [*written, listed]))


def _write_paragraph(passage: Paragraph, notes: _NoteTexts, keys: _NoteKeys) -> Iterator[str]:
    yield _write_text(passage, notes, keys)


def _write_listing(passage: Listing, notes: _NoteTexts, keys: _NoteKeys) -> Iterator[str]:
    for item in passage.items:
        yield _write_item(item, notes, keys)
        for part in item.subitems:
            yield f"  {_write_item(part, notes, keys)}"


def _write_item(item: Item, notes: _NoteTexts, keys: _NoteKeys) -> str:
    return f"{item.label or BULLET} {_write_text(item, notes, keys)}"


def _write_table(passage: Table, notes: _NoteTexts, keys: _NoteKeys) -> Iterator[str]:
    head, *rows = ([_write_text(cell, notes, keys) for cell in row] for row in (passage.head, *passage.rows))
    # Without a line below the header a first row of dashes would be taken for it.
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cells)} |"


def _write_text(annotated: AnnotatedText, notes: _NoteTexts, keys: _NoteKeys) -> str:
    said = ""
    for piece in split_at_notes(annotated):
        said += piece if isinstance(piece, str) else f"[^{keys.setdefault(notes[piece], len(keys) + 1)}]"
    return said


_WRITERS: dict[type[Passage], Callable[[Any, _NoteTexts, _NoteKeys], Iterator[str]]] = {
    Paragraph: _write_paragraph,
    Listing: _write_listing,
    Table: _write_table,
}
