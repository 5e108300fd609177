"""Lays out words in columns and lines of a given width, for any output.

A word is anything without a space: an id, a day, a figure, a link.
No word is broken unless it is longer than a whole line, and no word is lost.
Widths count characters, so text must not hold styles: those are added afterwards.

    Id                     From        Label
    procurement.threshold  2018-04-16  Value from which a
                                       procurement is regulated
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

COLUMN_GAP = "  "
MIN_LAST_COLUMN_WIDTH = 32
"""The least width of the last column of `align_columns`, whatever the others take."""
MAX_LINES_PER_CELL = 3
"""About how many lines a cell may take; a higher row is hard to read across."""
_NARROW_COLUMN_WIDTH, _DEFAULT_INDENT = 8, 4
"""Cells below a row start under its second column if the first is at most this wide, else at the default indent."""
EMPTY_CELLS = ("", "–")
"""Cells that hold nothing."""
_NO_BREAK_SPACE = "\u00a0"
"""Replaces a space at which no line may break, until `restore_spaces`."""
_CELL_SEPARATOR = f"{_NO_BREAK_SPACE}· "
"""Separates the cells that follow one another below a row."""
_FIGURE_PATTERN = re.compile(r"£\d.*|\d[\d,.]*%?", re.ASCII)

TableRow = Sequence[str]
"""The cells of a row. A table is a list of rows of one length; the first row holds the headings."""


def pad_cell(cell: str, cell_width: int) -> str:
    """Pad a cell to its width and the gap after it."""
    return cell.ljust(cell_width) + COLUMN_GAP


def wrap_text(prefix: str, text: str, line_width: int) -> str:
    """Wrap text after a prefix, each line below where the text starts; a long word may exceed the width."""
    return (
        textwrap.fill(
            text,
            line_width,
            initial_indent=prefix,
            subsequent_indent=" " * len(prefix),
            break_long_words=False,
            break_on_hyphens=False,
        ).rstrip()
        or prefix.rstrip()
    )


def fit_text(prefix: str, text: str, line_width: int) -> str:
    """Wrap text after a prefix and never exceed the width: a long word starts further left, on its own line."""
    lines: list[str] = []
    for line in _split_into_lines(text, line_width - len(prefix)):
        indent = max(0, min(len(prefix), line_width - len(line)))
        lines += textwrap.wrap(line, line_width, initial_indent=" " * indent, break_on_hyphens=False)
    if not lines or not lines[0].startswith(" " * len(prefix)):
        return "\n".join([prefix.rstrip(), *lines])
    return "\n".join([prefix + lines[0][len(prefix) :], *lines[1:]])


def _split_into_lines(text: str, line_width: int) -> list[str]:
    return textwrap.wrap(text, max(1, line_width), break_long_words=False, break_on_hyphens=False)


def right_align_figures(table_rows: Sequence[TableRow]) -> list[TableRow]:
    """Return the table with columns of figures aligned at the right, and no figure breakable."""
    return list(zip(*map(_right_align_if_figures, zip(*table_rows, strict=True)), strict=True))


def _right_align_if_figures(column: TableRow) -> TableRow:
    cells = [cell for cell in column[1:] if cell]
    if not cells or not all(map(_FIGURE_PATTERN.fullmatch, cells)):
        return column
    width = max(map(len, column))
    return [cell and cell.rjust(width).replace(" ", _NO_BREAK_SPACE) for cell in column]


def restore_spaces(text: str) -> str:
    """Return text that is laid out with ordinary spaces."""
    return text.replace(_NO_BREAK_SPACE, " ")


def align_columns(table_rows: Sequence[TableRow], line_width: int) -> Iterator[str]:
    """Yield rows in columns as wide as their cells, the last one wrapped; lines may exceed the width."""
    widths = [max(map(len, column)) for column in list(zip(*table_rows, strict=True))[:-1]]
    prefixes = ["".join(map(pad_cell, row, widths)) for row in table_rows]
    full_width = max(line_width, sum(widths) + MIN_LAST_COLUMN_WIDTH)
    return (wrap_text(prefix, row[-1], full_width) for prefix, row in zip(prefixes, table_rows, strict=True))


def stack_columns(table_rows: Sequence[TableRow], line_width: int, always_below: Sequence[int] = ()) -> Iterator[str]:
    """Yield rows that never exceed the width: columns that do not fit follow below their row.

    Columns with an index in `always_below` follow there, too. The headings are laid out like every other row. Empty
    cells below a row are left out.
    """
    beside = _columns_that_fit(table_rows, line_width, always_below)
    below = [index for index in range(len(table_rows[0])) if index not in beside]
    rows_beside, rows_below = _select_columns(beside, table_rows), _select_columns(below, table_rows)
    widths = fit_column_widths(rows_beside, line_width) or [line_width]
    indent = " " * (widths[0] + len(COLUMN_GAP) if widths[0] <= _NARROW_COLUMN_WIDTH else _DEFAULT_INDENT)
    for row, others in zip(format_cells(rows_beside, widths), rows_below, strict=True):
        text = _CELL_SEPARATOR.join(cell.strip(_NO_BREAK_SPACE) for cell in others if cell not in EMPTY_CELLS)
        yield f"{row}\n{_fill_text(text, line_width, indent)}" if text else row


def _columns_that_fit(table_rows: Sequence[TableRow], line_width: int, always_below: Sequence[int]) -> list[int]:
    """Return the indexes of the columns that fit side by side; the first column is always one."""
    beside = [0]
    for index in range(1, len(table_rows[0])):
        if index not in always_below and fit_column_widths(_select_columns([*beside, index], table_rows), line_width):
            beside.append(index)
    return beside


def _select_columns(column_indexes: Sequence[int], table_rows: Sequence[TableRow]) -> list[TableRow]:
    return [[row[index] for index in column_indexes] for row in table_rows]


def _fill_text(text: str, line_width: int, indent: str = "") -> str:
    return textwrap.fill(
        text, max(1, line_width), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def fit_column_widths(table_rows: Sequence[TableRow], line_width: int) -> list[int] | None:
    """Return a width for each column so that the table fits, or None if it would be unreadable.

    Each column first gets its least width. The spare width is then shared, starting with the columns that need least.
    """
    columns = list(zip(*table_rows, strict=True))
    full_widths = [max(map(len, column)) for column in columns]
    widths = [max(map(_min_cell_width, column)) for column in columns]
    spare = line_width - sum(widths) - len(COLUMN_GAP) * (len(widths) - 1)
    if spare < 0:
        return None
    by_need = sorted(range(len(widths)), key=lambda index: full_widths[index] - widths[index])
    for columns_left, index in zip(range(len(widths), 0, -1), by_need, strict=True):
        extra = min(full_widths[index] - widths[index], spare // columns_left)
        widths[index] += extra
        spare -= extra
    return widths


def _min_cell_width(cell: str) -> int:
    """Return the least width of a cell: its longest word, or enough to keep it to a few lines."""
    return max(*map(len, cell.split(" ")), -(-len(cell) // MAX_LINES_PER_CELL))


def format_cells(table_rows: Iterable[TableRow], column_widths: Sequence[int]) -> Iterator[str]:
    """Yield rows in columns of given widths; a longer cell continues on the next line of its column."""
    for row in table_rows:
        cells = [_fill_text(cell, width).split("\n") for cell, width in zip(row, column_widths, strict=True)]
        lines = zip_longest(*cells, fillvalue="")
        yield "\n".join("".join(map(pad_cell, line, column_widths)).rstrip() for line in lines)
