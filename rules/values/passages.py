"""The parts of an author's text: paragraphs, lists, tables and notes. `rules.values.prose_parser` parses them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

_AMOUNT_CELL = re.compile(r"[-−–(]?£?[0-9][0-9,.]*(?: ?(?:%|k|m|bn|thousand|million|billion))?\)?|[-–]?|")


@dataclass(frozen=True, slots=True)
class NoteReference:
    """The mark of a note, by its number, after so many characters of a text."""

    offset: int
    number: int


NoteReferences: TypeAlias = tuple[NoteReference, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, with the number that a form gives it ("1.1.") or none."""

    text: str
    number: str = ""
    note_references: NoteReferences = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: its text, the number or letter it is cited by (none: a bullet), its verb, and its parts.

    `fact` is the address at which a paper states the text, where it is a fact of its own.
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
    """What stands in one cell of a table."""

    text: str
    note_references: NoteReferences = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its header, and rows of as many cells as that has."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Note:
    """One note, by the number that stands where it is cited."""

    number: int
    text: str


Passage: TypeAlias = Paragraph | Listing | Table
AnnotatedText: TypeAlias = Paragraph | Item | Cell


def split_at_notes(words: AnnotatedText) -> Iterator[str | int]:
    """The text of a passage, broken where a note is cited: there stands the note's number."""
    start = 0
    for cite in words.note_references:
        yield from (words.text[start : cite.offset], cite.number)
        start = cite.offset
    yield words.text[start:]


def amount_columns(table: Table) -> set[int]:
    """The columns of a table, by their places, in which there are amounts alone."""
    columns = enumerate(zip(*table.rows, strict=True))
    return {place for place, cells in columns if all(_AMOUNT_CELL.fullmatch(cell.text) for cell in cells)}
