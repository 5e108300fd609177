"""The parts of an author's text: paragraphs, lists, tables and notes.

`rules.values.prose_parser` parses them and `rules.values.prose_writer` writes them back. They hold plain text only,
never markup, and never change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from rules.values.lazy_pattern import compile_lazily

_AMOUNT = compile_lazily(r"[-−–(]?£?[0-9][0-9,.]*(?: ?(?:%|k|m|bn|thousand|million|billion))?\)?")
_NO_AMOUNTS = ("", "-", "–", "—", "−")


@dataclass(frozen=True, slots=True)
class NoteReference:
    """A mark that cites a note by number, after `offset` characters of a text."""

    offset: int
    number: int


NoteReferences: TypeAlias = tuple[NoteReference, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, with the number that a form gives it ("1.1.") or none."""

    text: str
    number: str = ""
    note_references: NoteReferences = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list.

    `label` is the number or letter that it is cited by, or empty for a bullet. `verb` is the verb of a recommendation.
    `fact` is the address of the fact that holds the text, if it is a fact of its own.
    """

    text: str
    label: str = ""
    verb: str = ""
    subitems: tuple[Item, ...] = ()
    note_references: NoteReferences = ()
    fact: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of one or two levels, in order."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell of a table."""

    text: str
    note_references: NoteReferences = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; each row has as many cells as the header."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A note and the number it is cited by."""

    number: int
    text: str


Passage: TypeAlias = Paragraph | Listing | Table
AnnotatedText: TypeAlias = Paragraph | Item | Cell


def split_at_notes(annotated: AnnotatedText) -> Iterator[str | int]:
    """Split the text of a passage at the notes it cites."""
    start = 0
    for reference in annotated.note_references:
        yield from (annotated.text[start : reference.offset], reference.number)
        start = reference.offset
    yield annotated.text[start:]


def amount_columns(table: Table) -> set[int]:
    """Return the indexes of the columns that hold amounts, and nothing else but dashes and empty cells."""
    columns = enumerate(zip(*table.rows, strict=True))
    return {index for index, cells in columns if _are_amounts([cell.text for cell in cells])}


def _are_amounts(texts: Sequence[str]) -> bool:
    """Whether some of these cells are amounts, and the others say that there is none."""
    is_any_amount = any(text not in _NO_AMOUNTS for text in texts)
    return is_any_amount and all(text in _NO_AMOUNTS or _AMOUNT.fullmatch(text) for text in texts)
