"""What a form prints round the text of its author, on a sheet: headings, fields, declarations and signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.shared import Twips

from decisions.documents.view import Boxed, Field, Fields, Heading, Signature, Statements
from decisions.output.word.elements import set_number
from decisions.output.word.numbers import CLAUSES
from decisions.output.word.sheet import WIDTH, Sheet
from rules.values.calendar import spoken
from rules.values.passages import Cell

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph as Line

_LONG_LABEL, _LONG_VALUE = 26, 300
"""From how many characters on a label or a value would make a column narrow: it stands below, or above."""
_CONFIRMED_WIDTH = 2300


def set_heading(sheet: Sheet, block: Heading) -> None:
    """A heading; the number that it begins with is counted by Word where it comes to the same."""
    left = sheet.numbers.heading(block.text)
    line = sheet.line(f"Heading {block.level}", left or block.text)
    if left:
        set_number(line, CLAUSES, 0)


def set_fields(sheet: Sheet, block: Fields) -> None:
    """Labels, and below each what was entered for it."""
    for item in block.items:
        sheet.line("Label", item.label)
        sheet.value(sheet.line("Answer"), item)


def set_boxed(sheet: Sheet, block: Boxed) -> None:
    """A box with a heading, which stays on one page."""
    sheet.line("Box Heading", block.heading)
    *lines, last = _entries(sheet, "Box Entry", block.items)
    for line in lines:
        line.paragraph_format.keep_with_next = True
    last.paragraph_format.space_after = Twips(360)


def _entries(sheet: Sheet, style: str, items: tuple[Field, ...]) -> list[Line]:
    """Labels with their values beside them, or where one is long below them."""
    wide = any(len(item.label) > _LONG_LABEL or len(item.value) > _LONG_VALUE for item in items)
    return [_entry(sheet, f"{style} Below" if wide else style, item) for item in items]


def _entry(sheet: Sheet, style: str, item: Field) -> Line:
    line = sheet.line(style)
    line.add_run(item.label, "Strong")
    if style.endswith("Below"):
        line.add_run().add_break()
    else:
        line.add_run("\t")
    sheet.value(line, item)
    return line


def set_statements(sheet: Sheet, block: Statements) -> None:
    """A declaration, as a table of statements and what confirms them."""
    sheet.line("Caption", block.caption)
    rows = [(block.heading, block.confirmation), *((row.label, row.value or row.nothing) for row in block.rows)]
    cells = [(Cell(statement), Cell(confirmation)) for statement, confirmation in rows]
    sheet.table((WIDTH - _CONFIRMED_WIDTH, _CONFIRMED_WIDTH), cells, set())


def set_signature(sheet: Sheet, block: Signature) -> None:
    """A signature, or the place for one, which stays on one page with the words that are signed."""
    for words in block.words:
        sheet.line("Declared", words)
    _entries(sheet, "Signed", block.items)
    _signed(sheet, "Signed" if block.name else "Signature (not yet signed)", block.name)
    _entries(sheet, "Signed", (Field("Capacity", block.capacity),))
    last = _signed(sheet, "Date", spoken(block.signed_on) if block.signed_on else "")
    last.paragraph_format.keep_with_next = False


def _signed(sheet: Sheet, label: str, value: str) -> Line:
    """A name or day, or a rule on which somebody can write it."""
    line = sheet.line("Signed")
    line.add_run(label, "Strong")
    if value:
        line.add_run(f"\t{value}", "Strong")
    else:
        line.add_run("\t\t")
        line.paragraph_format.space_before = Twips(360)
    return line
