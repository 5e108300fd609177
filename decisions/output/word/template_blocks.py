"""Write the blocks of a form around its author's text to a Word file: headings, fields, declarations, signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.shared import Twips

from decisions.documents.blocks.bar_chart import BarChart
from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.signature import Signature
from decisions.documents.blocks.statements import Statements
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.table_layout import MAX_SHORT_ROWS
from decisions.output.word.clause_counter import CLAUSE_LIST_ID
from decisions.output.word.docx_builder import TEXT_WIDTH, DocxBuilder
from decisions.output.word.xml_elements import set_list_number
from rules.values.calendar import long_date
from rules.values.passages import Cell

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph as Line

_MAX_SIDE_LABEL_LENGTH, _MAX_SIDE_VALUE_LENGTH = 26, 300
"""How many characters a label and a value may have to stand side by side; longer ones stand one below the other."""
_CONFIRMATION_WIDTH = 2300


def write_heading(builder: DocxBuilder, block: Heading) -> None:
    """Write a heading; let Word count its section number if Word would come to the same one."""
    unnumbered_text = builder.clause_counter.advance_section(block.text)
    line = builder.add_paragraph(f"Heading {block.level}", unnumbered_text or block.text)
    if unnumbered_text:
        set_list_number(line, CLAUSE_LIST_ID, 0)


def write_fields(builder: DocxBuilder, block: Fields) -> None:
    """Write labels, each with its value below it."""
    for item in block.items:
        builder.add_paragraph("Label", item.label)
        builder.add_value(builder.add_paragraph("Answer"), item)


def write_bar_chart(builder: DocxBuilder, block: BarChart) -> None:
    """Write the numbers of a chart in words."""
    builder.add_paragraph("Normal", block.alt)


def write_summary_box(builder: DocxBuilder, block: SummaryBox) -> None:
    """Write a box with a heading, which stays on one page."""
    builder.add_paragraph("Box Heading", block.heading)
    *lines, last = _write_labelled_values(builder, "Box Entry", block.items)
    for line in lines:
        line.paragraph_format.keep_with_next = True
    last.paragraph_format.space_after = Twips(360)


def _write_labelled_values(builder: DocxBuilder, style: str, items: tuple[Field, ...]) -> list[Line]:
    """Write labels with their values beside them; if any is long, all values stand below their labels."""
    is_long = any(
        len(item.label) > _MAX_SIDE_LABEL_LENGTH or len(item.value) > _MAX_SIDE_VALUE_LENGTH for item in items
    )
    return [_write_labelled_value(builder, f"{style} Below" if is_long else style, item) for item in items]


def _write_labelled_value(builder: DocxBuilder, style: str, item: Field) -> Line:
    line = builder.add_paragraph(style)
    line.add_run(item.label, "Strong")
    if style.endswith("Below"):
        line.add_run().add_break()
    else:
        line.add_run("\t")
    builder.add_value(line, item)
    return line


def write_statements(builder: DocxBuilder, block: Statements) -> None:
    """Write a declaration as a table of statements and their confirmations."""
    builder.add_paragraph("Caption", block.caption)
    rows = [(block.heading, block.confirmation), *((row.label, row.value or row.placeholder) for row in block.rows)]
    cells = [(Cell(statement), Cell(confirmation)) for statement, confirmation in rows]
    widths = (TEXT_WIDTH - _CONFIRMATION_WIDTH, _CONFIRMATION_WIDTH)
    builder.add_table(widths, cells, keep_together=len(rows) <= MAX_SHORT_ROWS)


def write_signature(builder: DocxBuilder, block: Signature) -> None:
    """Write a signature, or a place to sign, which stays on one page with the words that are signed."""
    for words in block.words:
        builder.add_paragraph("Declared", words)
    _write_labelled_values(builder, "Signed", block.items)
    if block.name:
        name = builder.add_paragraph("Signed")
        name.add_run(f"{block.done_by}\t{block.name}", "Strong")
        name.add_run(" (as recorded)")
    days = (Field("Date", long_date(block.done_on)),) if block.done_on else ()
    _write_labelled_values(builder, "Signed", (Field("Capacity", block.capacity), *days))
    _write_labelled_values(builder, "Signed", block.remarks)
    last = _write_line_for_ink(builder, "Signature" if block.name else "Signature (not yet signed)")
    if not block.done_on:
        last = _write_line_for_ink(builder, "Date")
    last.paragraph_format.keep_with_next = False


def _write_line_for_ink(builder: DocxBuilder, label: str) -> Line:
    """Write an empty line on which to sign or to write the day by hand."""
    line = builder.add_paragraph("Signed")
    line.add_run(label, "Strong")
    line.add_run("\t\t")
    line.paragraph_format.space_before = Twips(360)
    return line
