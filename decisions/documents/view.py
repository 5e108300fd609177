"""The view of one document as plain data: the only thing that a template or the Word writer ever sees.

- `decisions.documents.build` makes a `Document` from a record and a template; `decisions.output` renders it.
- All text in it is text: nothing here is markup.
- It holds what is printed and no more, but for the addresses of facts that can be edited in Word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from decisions.documents.blocks.registry import Block


@dataclass(frozen=True, slots=True)
class Imprint:
    """The record that a document was made from, printed at its end and kept in its metadata.

    A report on several cases has no `case`; its `version` counts the entries of the whole ledger. A report on a file
    has no `head`, since the ledger knows nothing of it.
    """

    case: str
    version: int
    head: str
    kind: str
    part: int

    @property
    def line(self) -> str:
        """The words printed above the head."""
        if not self.head:
            return "Made from a file, and in no record."
        part = f", Part {self.part}" if self.part else ""
        source = f"Case {self.case}, version {self.version}{part}" if self.case else f"The record, entry {self.version}"
        return f"{source}. Sealed in the record as"


@dataclass(frozen=True, slots=True)
class EditableSpan:
    """The blocks that show the text of one fact, `blocks[start:stop]`, so that it can be edited in Word.

    `label` is the name of the fact. If it is not `stated`, the blocks only say so.
    """

    fact: str
    label: str
    start: int
    stop: int
    stated: bool = True


@dataclass(frozen=True, slots=True)
class LetterheadView:
    """The logo at the top of the first page, as a PNG file, what it shows in words, and the lines beside it."""

    logo: bytes
    alt: str
    width_mm: float
    height_mm: float
    lines: tuple[str, ...] = ()


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
    letterhead: LetterheadView | None = None

    @property
    def display_name(self) -> str:
        """The name of the document in messages: its case, or its title if it is of several cases."""
        return self.imprint.case or self.title


MAX_TEXTS = 6_000
"""How many texts a document may have. So many are about a hundred pages, and take 15 seconds to render."""

_HIDDEN_FIELDS = ("fact", "editable")
"""Fields of a view that are not printed: they serve those who edit the document."""


def texts_in(node: object) -> Iterator[str]:
    """Yield every text that a document, or a part of one, shows, in order; texts of authors without note marks."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for each in node:
            yield from texts_in(each)
    elif is_dataclass(node):
        for name in _shown_fields(node.__class__):
            yield from texts_in(getattr(node, name))


@cache
def _shown_fields(kind: Any) -> tuple[str, ...]:  # noqa: ANN401  # a dataclass, for which there is no type
    """Return the names of the fields of a dataclass that are printed."""
    return tuple(field.name for field in fields(kind) if field.name not in _HIDDEN_FIELDS)
