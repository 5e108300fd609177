"""Write an author's text to a Word file: clauses, lists of one or two levels, and tables."""

from __future__ import annotations

from docx.shared import Twips

from decisions.documents.table_layout import is_short, unbroken_columns
from decisions.output.word.clause_counter import CLAUSE_LIST_ID
from decisions.output.word.docx_builder import TEXT_WIDTH, DocxBuilder
from decisions.output.word.xml_elements import set_list_number
from rules.values.passages import Item, Listing, Paragraph, Table, amount_columns

_INDENTS = {"List Bullet": 380, "List Bullet 2": 760, "List Cited": 520, "List Cited 2": 1040}
_LETTER_WIDTH, _CELL_MARGIN = 140, 180
"""The width of an average letter, and of a cell's margins together, in twentieths of a point."""
_MIN_COLUMN_WIDTH = _CELL_MARGIN + 4 * _LETTER_WIDTH
_MAX_COUNTED_LETTERS = 40
"""The length at which a longer text gets no more of a table's spare width."""


def write_paragraph(builder: DocxBuilder, block: Paragraph) -> None:
    """Write a paragraph; let Word count its clause number if Word would come to the same one."""
    is_counted = builder.clause_counter.advance_clause(block.number)
    label = f"{block.number}\t" if block.number and not is_counted else ""
    line = builder.add_paragraph("Clause" if block.number else "Normal", label)
    if is_counted:
        set_list_number(line, CLAUSE_LIST_ID, 1)
    builder.add_words(line, block)
    if block.text.endswith(":"):  # it introduces the list or table that follows
        line.paragraph_format.keep_with_next = True


def write_listing(builder: DocxBuilder, block: Listing) -> None:
    """Write a list of one or two levels."""
    for item in block.items:
        _write_item(builder, item, "")
        for subitem in item.subitems:
            _write_item(builder, subitem, " 2")


def _write_item(builder: DocxBuilder, item: Item, style_suffix: str) -> None:
    # A label is text and not counted by Word: officers cite an item by the letter or number that the record gave it.
    style = f"List Cited{style_suffix}" if item.label else f"List Bullet{style_suffix}"
    line = builder.add_paragraph(style, f"{item.label}\t" if item.label else "")
    if builder.indent:
        line.paragraph_format.left_indent = Twips(builder.indent + _INDENTS[style])
    if item.verb:
        line.add_run(f"{item.verb} ", "Strong")
    if item.fact:
        builder.add_fact(line, item.fact, item.label, item.text)
    else:
        builder.add_words(line, item)


def write_table(builder: DocxBuilder, block: Table) -> None:
    """Write a table of the whole text width, with amounts aligned to the right."""
    builder.add_table(
        _column_widths(block, TEXT_WIDTH - builder.indent),
        (block.head, *block.rows),
        amount_columns(block),
        keep_together=is_short(block),
    )


def _column_widths(block: Table, available_width: int) -> list[int]:
    """Return the width of each column: its longest word, and a share of the rest by the length of its texts."""
    columns = [" \n".join(cell.text for cell in column) for column in zip(block.head, *block.rows, strict=True)]
    min_widths = [_CELL_MARGIN + _LETTER_WIDTH * _longest_length(column.split()) for column in columns]
    shares = [1 + min(_longest_length(column.split("\n")), _MAX_COUNTED_LETTERS) for column in columns]
    spare_width = available_width - sum(min_widths)
    if spare_width < 0:
        return _squeezed_widths(block, available_width, min_widths)
    return [width + spare_width * share // sum(shares) for width, share in zip(min_widths, shares, strict=True)]


def _squeezed_widths(block: Table, available_width: int, min_widths: list[int]) -> list[int]:
    """Return the widths if some words must break: the same columns keep their words whole as on a page."""
    unbroken = unbroken_columns(block)
    rest_width = available_width - sum(min_widths[column] for column in unbroken)
    rest_count = len(min_widths) - len(unbroken)
    if rest_width < rest_count * _MIN_COLUMN_WIDTH or not rest_count:
        return [available_width * width // sum(min_widths) for width in min_widths]
    return [width if column in unbroken else rest_width // rest_count for column, width in enumerate(min_widths)]


def _longest_length(texts: list[str]) -> int:
    return max(map(len, texts), default=0)
