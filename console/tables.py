"""How words are laid out in columns: lines and widths only, whatever they are shown on.

A word is what has no space in it, such as an id, a day, a figure or a link: none is broken, but for one that is longer
than the whole line.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

COLUMN_GAP = "  "
MIN_LAST_COLUMN_WIDTH = 32
"""The least width of a last column that is wrapped beside others which are as wide as they are."""
MAX_LINES_PER_CELL = 3
"""About how many lines one cell may take, or a row could no longer be read across."""
_NARROW_COLUMN_WIDTH, _DEFAULT_INDENT = 8, 4
"""What stands below a row begins below its second column where the first is narrow, else somewhat further in."""
EMPTY_CELLS = ("", "–")
"""How a cell says that there is nothing to say."""
_NO_BREAK_SPACE = "\u00a0"
"""Stands for a space at which no line may end."""
_CELL_SEPARATOR = f"{_NO_BREAK_SPACE}· "
"""Stands between the cells that follow one another below a row."""
_FIGURE_PATTERN = re.compile(r"£\d.*|\d[\d,.]*%?", re.ASCII)

TableRow = Sequence[str]


def pad_cell(cell: str, cell_width: int) -> str:
    """A cell of a column that others follow."""
    return cell.ljust(cell_width) + COLUMN_GAP


def wrap_text(prefix: str, text: str, line_width: int) -> str:
    """A text after its start, in lines that begin below where it begins."""
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
    """The same, and no line is longer than there is room: a long word begins further left, on a line of its own."""
    found: list[str] = []
    for line in _split_into_lines(text, line_width - len(prefix)):
        at = max(0, min(len(prefix), line_width - len(line)))
        found += textwrap.wrap(line, line_width, initial_indent=" " * at, break_on_hyphens=False)
    if not found or not found[0].startswith(" " * len(prefix)):
        return "\n".join([prefix.rstrip(), *found])
    return "\n".join([prefix + found[0][len(prefix) :], *found[1:]])


def _split_into_lines(text: str, line_width: int) -> list[str]:
    return textwrap.wrap(text, max(1, line_width), break_long_words=False, break_on_hyphens=False)


def right_align_figures(table_rows: Sequence[TableRow]) -> list[TableRow]:
    """The same rows below their headings; in a column of figures all end at the right, and none is broken."""
    return list(zip(*map(_right_align_if_figures, zip(*table_rows, strict=True)), strict=True))


def _right_align_if_figures(column: TableRow) -> TableRow:
    stated = [cell for cell in column[1:] if cell]
    if not stated or not all(map(_FIGURE_PATTERN.fullmatch, stated)):
        return column
    size = max(map(len, column))
    return [cell and cell.rjust(size).replace(" ", _NO_BREAK_SPACE) for cell in column]


def restore_spaces(text: str) -> str:
    """A text that was laid out, with the spaces for which others stood."""
    return text.replace(_NO_BREAK_SPACE, " ")


def align_columns(table_rows: Sequence[TableRow], line_width: int) -> Iterator[str]:
    """Rows whose columns are as wide as what stands in them; the last one is wrapped to the room."""
    sizes = [max(map(len, column)) for column in list(zip(*table_rows, strict=True))[:-1]]
    shown = ["".join(map(pad_cell, row, sizes)) for row in table_rows]
    whole = max(line_width, sum(sizes) + MIN_LAST_COLUMN_WIDTH)
    return (wrap_text(start, row[-1], whole) for start, row in zip(shown, table_rows, strict=True))


def stack_columns(table_rows: Sequence[TableRow], line_width: int) -> Iterator[str]:
    """Rows whose columns stand side by side, but for those that there is no room for: they follow below the others.

    The first of the rows are the headings, and are laid out as the others are. What is empty is left out below.
    """
    beside = _columns_that_fit(table_rows, line_width)
    sizes = fit_column_widths(_select_columns(beside, table_rows), line_width) or [line_width]
    begin = " " * (sizes[0] + len(COLUMN_GAP) if sizes[0] <= _NARROW_COLUMN_WIDTH else _DEFAULT_INDENT)
    below = [place for place in range(len(table_rows[0])) if place not in beside]
    for across, others in zip(
        format_cells(_select_columns(beside, table_rows), sizes), _select_columns(below, table_rows), strict=True
    ):
        told = _CELL_SEPARATOR.join(cell.strip(_NO_BREAK_SPACE) for cell in others if cell not in EMPTY_CELLS)
        yield f"{across}\n{_fill_text(told, line_width, begin)}" if told else across


def _columns_that_fit(table_rows: Sequence[TableRow], line_width: int) -> list[int]:
    """The places of the columns for which there is room beside those before them; the first one is always there."""
    beside = [0]
    for place in range(1, len(table_rows[0])):
        if fit_column_widths(_select_columns([*beside, place], table_rows), line_width):
            beside.append(place)
    return beside


def _select_columns(column_indexes: Sequence[int], table_rows: Sequence[TableRow]) -> list[TableRow]:
    return [[row[place] for place in column_indexes] for row in table_rows]


def _fill_text(text: str, line_width: int, indent: str = "") -> str:
    return textwrap.fill(
        text, max(1, line_width), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def fit_column_widths(table_rows: Sequence[TableRow], line_width: int) -> list[int] | None:
    """The widths at which the columns of a table fit; None where there are none at which it could be read.

    Columns of words give way; those that need little more than their least get it first.
    """
    columns = list(zip(*table_rows, strict=True))
    whole = [max(map(len, column)) for column in columns]
    sizes = [max(map(_min_cell_width, column)) for column in columns]
    spare = line_width - sum(sizes) - len(COLUMN_GAP) * (len(sizes) - 1)
    if spare < 0:
        return None
    wanting = sorted(range(len(sizes)), key=lambda place: whole[place] - sizes[place])
    for left, place in zip(range(len(sizes), 0, -1), wanting, strict=True):
        more = min(whole[place] - sizes[place], spare // left)
        sizes[place] += more
        spare -= more
    return sizes


def _min_cell_width(cell: str) -> int:
    """The least width of a cell: that of its longest word, or of so much of a long text that it is not too high."""
    return max(*map(len, cell.split(" ")), -(-len(cell) // MAX_LINES_PER_CELL))


def format_cells(table_rows: Iterable[TableRow], column_widths: Sequence[int]) -> Iterator[str]:
    """Rows whose columns have some widths; what is longer goes on below, within its cell."""
    for row in table_rows:
        cells = [_fill_text(cell, size).split("\n") for cell, size in zip(row, column_widths, strict=True)]
        across = zip_longest(*cells, fillvalue="")
        yield "\n".join("".join(map(pad_cell, line, column_widths)).rstrip() for line in across)
