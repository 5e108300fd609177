"""An author's text on a sheet: clauses, lists of two levels, and tables."""

from __future__ import annotations

from docx.shared import Twips

from decisions.documents.table_layout import unbroken_columns
from decisions.output.word.clause_counter import CLAUSE_LIST_ID
from decisions.output.word.docx_builder import TEXT_WIDTH, DocxBuilder
from decisions.output.word.xml_elements import set_list_number
from rules.values.passages import Item, Listing, Paragraph, Table, amount_columns

_INDENTS = {"List Bullet": 380, "List Bullet 2": 760, "List Cited": 520, "List Cited 2": 1040}
_LETTER_WIDTH, _CELL_MARGIN = 140, 180
"""How wide a letter is, and what a cell has beside its text, in twentieths of a point."""
_MIN_COLUMN_WIDTH = _CELL_MARGIN + 4 * _LETTER_WIDTH
_MAX_COUNTED_LETTERS = 40
"""As how many letters wide a text counts at most, when a table's width is shared out."""


def write_paragraph(builder: DocxBuilder, block: Paragraph) -> None:
    """A paragraph; the number of a clause is counted by Word where it comes to the same."""
    counted = builder.clause_counter.advance_clause(block.number)
    label = f"{block.number}\t" if block.number and not counted else ""
    line = builder.add_paragraph("Clause" if block.number else "Normal", label)
    if counted:
        set_list_number(line, CLAUSE_LIST_ID, 1)
    builder.add_words(line, block)
    if block.text.endswith(":"):  # it leads to what follows, and stays with that
        line.paragraph_format.keep_with_next = True


def write_listing(builder: DocxBuilder, block: Listing) -> None:
    """A list of one or two levels."""
    for item in block.items:
        _write_item(builder, item, "")
        for part in item.subitems:
            _write_item(builder, part, " 2")


def _write_item(builder: DocxBuilder, item: Item, style_suffix: str) -> None:
    """A label is text, not counted: an item is cited by the letter or number that the record gave it."""
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
    """A table on the whole width; amounts are set to the right."""
    builder.add_table(
        _column_widths(block, TEXT_WIDTH - builder.indent), (block.head, *block.rows), amount_columns(block)
    )


def _column_widths(block: Table, available_width: int) -> list[int]:
    """How wide each column is: it holds its longest word, and what is left goes to those with the longest texts."""
    columns = [" \n".join(cell.text for cell in column) for column in zip(block.head, *block.rows, strict=True)]
    least = [_CELL_MARGIN + _LETTER_WIDTH * _longest_length(column.split()) for column in columns]
    texts = [1 + min(_longest_length(column.split("\n")), _MAX_COUNTED_LETTERS) for column in columns]
    left = available_width - sum(least)
    if left < 0:
        return _squeezed_widths(block, available_width, least)
    return [width + left * text // sum(texts) for width, text in zip(least, texts, strict=True)]


def _squeezed_widths(block: Table, available_width: int, min_widths: list[int]) -> list[int]:
    """How wide columns are where there is no room for all words: those hold theirs that do so on a page, too."""
    kept = unbroken_columns(block)
    rest, others = available_width - sum(min_widths[place] for place in kept), len(min_widths) - len(kept)
    if rest < others * _MIN_COLUMN_WIDTH or not others:
        return [available_width * width // sum(min_widths) for width in min_widths]
    return [width if place in kept else rest // others for place, width in enumerate(min_widths)]


def _longest_length(texts: list[str]) -> int:
    return max(map(len, texts), default=0)
