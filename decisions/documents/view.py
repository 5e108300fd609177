"""What one document shows, as plain data: the only thing that a template ever sees.

A `Document` is made by `decisions.documents.build` from a record and from the wording that a scheme declares, and is
turned into HTML by `decisions.output.html`. All text in it is text: nothing here is markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import TypeAlias

from rules.values.passages import Note, Passage


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the document; level 2 is a main heading (the title is level 1), 3 the one below it."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a document, in the order in which they are cited."""

    items: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A label and what was entered for it, or the words that say that nothing was.

    `fact` is the address at which a paper states it as text, or empty where it cannot be edited in the document.
    """

    label: str
    value: str
    placeholder: str = "Not recorded"
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Labelled values, one below the other."""

    items: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Statements:
    """A declaration: each statement beside the word that confirms it, or those that say it is not yet made."""

    caption: str
    heading: str
    confirmation: str
    rows: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, what and in which capacity and when; `name` and `signed_on` are empty until the act is done.

    `items` is what the one who signs enters with the signature, such as interests.
    """

    capacity: str
    words: tuple[str, ...]
    name: str = ""
    signed_on: date | None = None
    items: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class SummaryBox:
    """A few fields that must be seen at a glance, with a heading of their own (the decision box of the first page)."""

    heading: str
    items: tuple[Field, ...]


Block: TypeAlias = Heading | Passage | Notes | Fields | Statements | Signature | SummaryBox


@dataclass(frozen=True, slots=True)
class Imprint:
    """Where a document comes from, printed at its end and kept in its metadata: the record to check it against.

    One that is not of a single case has none; its version counts the entries of the whole record.
    """

    case: str
    version: int
    head: str
    kind: str
    part: int

    @property
    def line(self) -> str:
        """What is printed before the head, if there is one: a case that is in no record has none."""
        if not self.head:
            return "Told by a file, and in no record."
        part = f", Part {self.part}" if self.part else ""
        of = f"Case {self.case}, version {self.version}{part}" if self.case else f"The record, entry {self.version}"
        return f"{of}. Sealed in the record as"


@dataclass(frozen=True, slots=True)
class EditableSpan:
    """Where the text of one fact stands in a document, so that it can be edited there: in `blocks[first:after]`.

    `label` is what the fact is called; without a text the blocks only say so, and it is not `stated`.
    """

    fact: str
    label: str
    start: int
    stop: int
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """One whole document. `marking` stands at the top and foot of every page; `status` is "Draft" until decided."""

    title: str
    kind: str
    authority: str
    subtitle: str
    marking: str
    reference: str
    status: str
    document_date: date
    blocks: tuple[Block, ...]
    imprint: Imprint
    language: str = "en-GB"
    editable: tuple[EditableSpan, ...] = ()

    @property
    def display_name(self) -> str:
        """What it is called in a message: by its case, or where it is of none by its title."""
        return self.imprint.case or self.title


MAX_TEXTS = 6_000
"""How many texts a document may have: a hundred pages, and more than anybody reads, take a quarter of a minute."""
_HIDDEN_FIELDS = ("fact", "editable")
"""What a view keeps for those who edit a document: nobody reads it there."""


def texts_in(node: object) -> Iterator[str]:
    """Every text that a document or a part of one shows, in order; an author's without the marks of notes."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for each in node:
            yield from texts_in(each)
    elif is_dataclass(node):
        for field in fields(node):
            if field.name not in _HIDDEN_FIELDS:
                yield from texts_in(getattr(node, field.name))
