"""The blocks of a document on a sheet, in order; the text of each fact in a content control of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from decisions.documents.view import Block, Boxed, Document, Fields, Heading, Signature, Statements
from decisions.output.word.author_text import set_listing, set_paragraph, set_table
from decisions.output.word.form_blocks import set_boxed, set_fields, set_heading, set_signature, set_statements
from decisions.output.word.sheet import Sheet
from rules.values.passages import Listing, Paragraph, Table

_INSET = 760


def set_blocks(sheet: Sheet, document: Document) -> None:
    """Every block of a document."""
    editable = {each.first: each for each in document.editable}
    place = 0
    while place < len(document.blocks):
        held = editable.get(place)
        after = held.after if held else place + 1
        work = partial(_set, sheet, document.blocks[place:after])
        if held:
            sheet.hold(held.fact, held.label, work)
        else:
            work()
        place = after


def _set(sheet: Sheet, blocks: tuple[Block, ...]) -> None:
    for block in blocks:
        _SET[type(block)](sheet, block)
        if not isinstance(block, (Listing, Table)):  # which belong to the clause above them
            sheet.inset = _INSET if isinstance(block, Paragraph) and block.number else 0


_SET: dict[type[Block], Callable[[Sheet, Any], None]] = {
    Heading: set_heading,
    Paragraph: set_paragraph,
    Listing: set_listing,
    Table: set_table,
    Fields: set_fields,
    Boxed: set_boxed,
    Statements: set_statements,
    Signature: set_signature,
}
