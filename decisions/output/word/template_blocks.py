"""What a form prints round the text of its author, on a sheet: headings, fields, declarations and signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.shared import Twips

from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.signature import Signature
from decisions.documents.blocks.statements import Statements
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.output.word.clause_counter import CLAUSE_LIST_ID
from decisions.output.word.docx_builder import TEXT_WIDTH, DocxBuilder
from decisions.output.word.xml_elements import set_list_number
from rules.values.calendar import long_date
from rules.values.passages import Cell

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph as Line

_MAX_SIDE_LABEL_LENGTH, _MAX_SIDE_VALUE_LENGTH = 26, 300
"""From how many characters on a label or a value would make a column narrow: it stands below, or above."""
_CONFIRMATION_WIDTH = 2300


def write_heading(builder: DocxBuilder, block: Heading) -> None:
    """A heading; the number that it begins with is counted by Word where it comes to the same."""
    left = builder.clause_counter.advance_section(block.text)
    line = builder.add_paragraph(f"Heading {block.level}", left or block.text)
    if left:
        set_list_number(line, CLAUSE_LIST_ID, 0)


def write_fields(builder: DocxBuilder, block: Fields) -> None:
    """Labels, and below each what was entered for it."""
    for item in block.items:
        builder.add_paragraph("Label", item.label)
        builder.add_value(builder.add_paragraph("Answer"), item)


def write_summary_box(builder: DocxBuilder, block: SummaryBox) -> None:
    """A box with a heading, which stays on one page."""
    builder.add_paragraph("Box Heading", block.heading)
    *lines, last = _write_labelled_values(builder, "Box Entry", block.items)
    for line in lines:
        line.paragraph_format.keep_with_next = True
    last.paragraph_format.space_after = Twips(360)


def _write_labelled_values(builder: DocxBuilder, style: str, items: tuple[Field, ...]) -> list[Line]:
    """Labels with their values beside them, or where one is long below them."""
    wide = any(len(item.label) > _MAX_SIDE_LABEL_LENGTH or len(item.value) > _MAX_SIDE_VALUE_LENGTH for item in items)
    return [_write_labelled_value(builder, f"{style} Below" if wide else style, item) for item in items]


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
    """A declaration, as a table of statements and what confirms them."""
    builder.add_paragraph("Caption", block.caption)
    rows = [(block.heading, block.confirmation), *((row.label, row.value or row.placeholder) for row in block.rows)]
    cells = [(Cell(statement), Cell(confirmation)) for statement, confirmation in rows]
    builder.add_table((TEXT_WIDTH - _CONFIRMATION_WIDTH, _CONFIRMATION_WIDTH), cells, set())


def write_signature(builder: DocxBuilder, block: Signature) -> None:
    """A signature, or the place for one, which stays on one page with the words that are signed."""
    for words in block.words:
        builder.add_paragraph("Declared", words)
    _write_labelled_values(builder, "Signed", block.items)
    _write_signature_line(builder, "Signed" if block.name else "Signature (not yet signed)", block.name)
    _write_labelled_values(builder, "Signed", (Field("Capacity", block.capacity),))
    last = _write_signature_line(builder, "Date", long_date(block.signed_on) if block.signed_on else "")
    last.paragraph_format.keep_with_next = False


def _write_signature_line(builder: DocxBuilder, label: str, value: str) -> Line:
    """A name or day, or a rule on which somebody can write it."""
    line = builder.add_paragraph("Signed")
    line.add_run(label, "Strong")
    if value:
        line.add_run(f"\t{value}", "Strong")
    else:
        line.add_run("\t\t")
        line.paragraph_format.space_before = Twips(360)
    return line
