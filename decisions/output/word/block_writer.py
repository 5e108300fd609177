"""The blocks of a document on a sheet, in order; the text of each fact in a content control of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from decisions.documents.view import Block, Document, Fields, Heading, Signature, Statements, SummaryBox
from decisions.output.word.author_blocks import write_listing, write_paragraph, write_table
from decisions.output.word.docx_builder import DocxBuilder
from decisions.output.word.template_blocks import (
    write_fields,
    write_heading,
    write_signature,
    write_statements,
    write_summary_box,
)
from rules.values.passages import Listing, Paragraph, Table

_CLAUSE_INDENT = 760


def write_document_blocks(builder: DocxBuilder, document: Document) -> None:
    """Every block of a document."""
    editable = {each.start: each for each in document.editable}
    place = 0
    while place < len(document.blocks):
        held = editable.get(place)
        after = held.stop if held else place + 1
        work = partial(_write_blocks, builder, document.blocks[place:after])
        if held:
            builder.wrap_passage(held.fact, held.label, work)
        else:
            work()
        place = after


def _write_blocks(builder: DocxBuilder, blocks: tuple[Block, ...]) -> None:
    for block in blocks:
        _BLOCK_WRITERS[type(block)](builder, block)
        if not isinstance(block, (Listing, Table)):  # which belong to the clause above them
            builder.indent = _CLAUSE_INDENT if isinstance(block, Paragraph) and block.number else 0


_BLOCK_WRITERS: dict[type[Block], Callable[[DocxBuilder, Any], None]] = {
    Heading: write_heading,
    Paragraph: write_paragraph,
    Listing: write_listing,
    Table: write_table,
    Fields: write_fields,
    SummaryBox: write_summary_box,
    Statements: write_statements,
    Signature: write_signature,
}
