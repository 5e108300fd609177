"""An author's text on a sheet: clauses, lists of two levels, and tables."""

from __future__ import annotations

from docx.shared import Twips

from decisions.documents.table_layout import kept_whole
from decisions.output.word.elements import set_number
from decisions.output.word.numbers import CLAUSES
from decisions.output.word.sheet import WIDTH, Sheet
from rules.values.passages import Item, Listing, Paragraph, Table, amounts

_INDENTS = {"List Bullet": 380, "List Bullet 2": 760, "List Cited": 520, "List Cited 2": 1040}
_LETTER, _MARGIN = 140, 180
"""How wide a letter is, and what a cell has beside its text, in twentieths of a point."""
_NARROWEST = _MARGIN + 4 * _LETTER
_WIDEST = 40
"""As how many letters wide a text counts at most, when a table's width is shared out."""


def set_paragraph(sheet: Sheet, block: Paragraph) -> None:
    """A paragraph; the number of a clause is counted by Word where it comes to the same."""
    counted = sheet.numbers.counts(block.number)
    label = f"{block.number}\t" if block.number and not counted else ""
    line = sheet.line("Clause" if block.number else "Normal", label)
    if counted:
        set_number(line, CLAUSES, 1)
    sheet.say(line, block)
    if block.text.endswith(":"):  # it leads to what follows, and stays with that
        line.paragraph_format.keep_with_next = True


def set_listing(sheet: Sheet, block: Listing) -> None:
    """A list of one or two levels."""
    for item in block.items:
        _set_item(sheet, item, "")
        for part in item.parts:
            _set_item(sheet, part, " 2")


def _set_item(sheet: Sheet, item: Item, level: str) -> None:
    """A label is text, not counted: an item is cited by the letter or number that the record gave it."""
    style = f"List Cited{level}" if item.label else f"List Bullet{level}"
    line = sheet.line(style, f"{item.label}\t" if item.label else "")
    if sheet.inset:
        line.paragraph_format.left_indent = Twips(sheet.inset + _INDENTS[style])
    if item.verb:
        line.add_run(f"{item.verb} ", "Strong")
    if item.fact:
        sheet.fact(line, item.fact, item.label, item.text)
    else:
        sheet.say(line, item)


def set_table(sheet: Sheet, block: Table) -> None:
    """A table on the whole width; amounts are set to the right."""
    sheet.table(_widths(block, WIDTH - sheet.inset), (block.head, *block.rows), amounts(block))


def _widths(block: Table, room: int) -> list[int]:
    """How wide each column is: it holds its longest word, and what is left goes to those with the longest texts."""
    columns = [" \n".join(cell.text for cell in column) for column in zip(block.head, *block.rows, strict=True)]
    least = [_MARGIN + _LETTER * _longest(column.split()) for column in columns]
    texts = [1 + min(_longest(column.split("\n")), _WIDEST) for column in columns]
    left = room - sum(least)
    if left < 0:
        return _narrow(block, room, least)
    return [width + left * text // sum(texts) for width, text in zip(least, texts, strict=True)]


def _narrow(block: Table, room: int, least: list[int]) -> list[int]:
    """How wide columns are where there is no room for all words: those hold theirs that do so on a page, too."""
    kept = kept_whole(block)
    rest, others = room - sum(least[place] for place in kept), len(least) - len(kept)
    if rest < others * _NARROWEST or not others:
        return [room * width // sum(least) for width in least]
    return [width if place in kept else rest // others for place, width in enumerate(least)]


def _longest(words: list[str]) -> int:
    return max(map(len, words), default=0)
