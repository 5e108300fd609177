"""Every kind of block that a document is made of. Start here to add one or to change how one looks.

Each kind has a name in `BLOCK_KINDS`, and by that name:

- a macro in `templates/blocks.html` renders it as HTML, and so for the PDF (styles: `templates/print.css`);
- a function in `WORD_WRITERS` (`decisions/output/word/block_writer.py`) writes it to a Word file.

To add a kind: write its data class and its builder as a module of this folder; list the class in `Block` and
`BLOCK_KINDS`; write the macro and the Word writer; and, if schemes ask for it by a key of its own, add the key to
`BlockSpec` (`rules/packs/document_schema.py`) and to `BLOCK_BUILDERS`. A test compares these lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from decisions.documents.blocks.acts import build_acts
from decisions.documents.blocks.bar_chart import BarChart
from decisions.documents.blocks.corrections import build_corrections
from decisions.documents.blocks.fields import Fields, build_fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.point_list import build_point_list
from decisions.documents.blocks.prose import Notes
from decisions.documents.blocks.signature import Signature
from decisions.documents.blocks.statements import Statements, build_statements
from decisions.documents.blocks.subject_details import build_subject_details
from decisions.documents.blocks.subject_table import build_subject_table
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.record_views import CaseRecord
from rules.packs.document_schema import BlockSpec
from rules.values.passages import Listing, Paragraph, Passage, Table

Block: TypeAlias = Heading | Passage | Notes | Fields | Statements | Signature | SummaryBox | BarChart

BLOCK_KINDS: Mapping[type[Block], str] = {
    Heading: "heading",
    Paragraph: "paragraph",
    Listing: "listing",
    Table: "table",
    Notes: "notes",  # Word has notes of its own at the foot of its pages, so no Word writer
    Fields: "fields",
    SummaryBox: "summary_box",
    Statements: "statements",
    Signature: "signature",
    BarChart: "bar_chart",
}

BLOCK_BUILDERS: Mapping[str, Callable[[BlockSpec, CaseRecord], Iterator[Block]]] = {
    "points": build_point_list,
    "fields": build_fields,
    "details_of": build_subject_details,
    "statements": build_statements,
    "table_of": build_subject_table,
    "acts": build_acts,
    "corrections": build_corrections,
}
"""The builder for each of these keys of a `BlockSpec`, in the order in which their blocks stand below its text.

The other keys are read by `decisions.documents.build`: `boxed`, `heading`, `words` and `signature` come first, then
`text`.
"""
