"""Write passages as plain text that `rules.values.prose_parser` parses into the same passages.

The same passages always give the same text, however the author broke the lines and named the notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rules.values.passages import AnnotatedText, Item, Listing, Paragraph, Passage, Table, split_at_notes
from rules.values.prose_parser import BULLET

_NoteTexts = Mapping[int, str]
_NoteKeys = dict[str, int]


def write_prose(passages: Iterable[Passage], notes: Mapping[int, str]) -> str:
    """Write passages as plain text, followed by the notes that they cite.

    `notes` gives the text of each note by its number. Two things do not survive: notes of the same words become one
    note, and a paragraph that begins like an item of a list becomes one.
    """
    keys: _NoteKeys = {}
    written = ["\n".join(_WRITERS[type(passage)](passage, notes, keys)) for passage in passages]
    definitions = "\n".join(f"[^{key}]: {words}" for words, key in keys.items())
    return "\n\n".join(filter(None, [*written, definitions]))


def _write_paragraph(passage: Paragraph, notes: _NoteTexts, keys: _NoteKeys) -> Iterator[str]:
    yield _write_text(passage, notes, keys)


def _write_listing(passage: Listing, notes: _NoteTexts, keys: _NoteKeys) -> Iterator[str]:
    for item in passage.items:
        yield _write_item(item, notes, keys)
        for subitem in item.subitems:
            yield f"  {_write_item(subitem, notes, keys)}"


def _write_item(item: Item, notes: _NoteTexts, keys: _NoteKeys) -> str:
    return f"{item.label or BULLET} {_write_text(item, notes, keys)}"


def _write_table(passage: Table, notes: _NoteTexts, keys: _NoteKeys) -> Iterator[str]:
    head, *rows = ([_write_text(cell, notes, keys) for cell in row] for row in (passage.head, *passage.rows))
    # A rule below the header, so that a first row of dashes is not taken for one.
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cells)} |"


def _write_text(annotated: AnnotatedText, notes: _NoteTexts, keys: _NoteKeys) -> str:
    written = ""
    for piece in split_at_notes(annotated):
        written += piece if isinstance(piece, str) else f"[^{keys.setdefault(notes[piece], len(keys) + 1)}]"
    return written


_WRITERS: dict[type[Passage], Callable[[Any, _NoteTexts, _NoteKeys], Iterator[str]]] = {
    Paragraph: _write_paragraph,
    Listing: _write_listing,
    Table: _write_table,
}
