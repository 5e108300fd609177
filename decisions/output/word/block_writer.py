"""Write the blocks of a document to a Word file, in order.

- Each kind of block has one writer, listed in `WORD_WRITERS`.
- Blocks that are the text of a fact stand in a content control, by which an edited file is read back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from decisions.documents.blocks.registry import BLOCK_KINDS, Block
from decisions.documents.view import Document
from decisions.output.word.author_blocks import write_listing, write_paragraph, write_table
from decisions.output.word.docx_builder import DocxBuilder
from decisions.output.word.template_blocks import (
    write_bar_chart,
    write_fields,
    write_heading,
    write_signature,
    write_statements,
    write_summary_box,
)
from rules.values.passages import Listing, Paragraph, Table

WORD_WRITERS: Mapping[str, Callable[[DocxBuilder, Any], None]] = {
    "heading": write_heading,
    "paragraph": write_paragraph,
    "listing": write_listing,
    "table": write_table,
    "fields": write_fields,
    "summary_box": write_summary_box,
    "statements": write_statements,
    "signature": write_signature,
    "bar_chart": write_bar_chart,
}
"""The writer of each kind in `BLOCK_KINDS`, but for notes, which Word sets at the foot of its pages."""

_CLAUSE_INDENT = 760


def write_document_blocks(builder: DocxBuilder, document: Document) -> None:
    """Write every block of a document."""
    spans = {span.start: span for span in document.editable}
    place = 0
    while place < len(document.blocks):
        span = spans.get(place)
        stop = span.stop if span else place + 1
        write = partial(_write_blocks, builder, document.blocks[place:stop])
        if span:
            builder.wrap_passage(span.fact, span.label, write)
        else:
            write()
        place = stop


def _write_blocks(builder: DocxBuilder, blocks: tuple[Block, ...]) -> None:
    for block in blocks:
        WORD_WRITERS[BLOCK_KINDS[type(block)]](builder, block)
        if not isinstance(block, (Listing, Table)):  # these belong to the clause above them and keep its indent
            builder.indent = _CLAUSE_INDENT if isinstance(block, Paragraph) and block.number else 0
