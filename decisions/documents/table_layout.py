"""How a table is laid out: which columns keep their words whole, and whether it stays on one page.

The HTML page and the Word file use the same rules, so that a table reads alike in both.
"""

from __future__ import annotations

from math import ceil

from rules.values.passages import Table, amount_columns

MAX_ROW_LETTERS, MIN_COLUMN_LETTERS = 60, 6
"""How many letters fit across a table, and how many a narrow column must hold at least."""
MAX_SHORT_ROWS, MAX_SHORT_LINES = 8, 24
"""How many rows and lines of text a table may have to be kept on one page."""
_NO_BREAK_SPACE = "\u00a0"


def keep_day_together(day: str) -> str:
    """Return a day in words whose number and month stay on one line of a narrow column: 16 April 2018."""
    return day.replace(" ", _NO_BREAK_SPACE, 1)


def css_classes(table: Table) -> list[str]:
    """Return the style sheet classes of a table: `whole-2` keeps words of column 2 whole, `whole` those of all."""
    unbroken, columns = unbroken_columns(table), len(table.head)
    names = [f"whole-{column + 1}" for column in sorted(unbroken)] if len(unbroken) < columns else ["whole"]
    is_shared = columns - len(unbroken) > 1
    return [*names, *[f"of-{columns}"] * is_shared, *["short"] * is_short(table)]


def unbroken_columns(table: Table) -> set[int]:
    """Return the columns, counted from 0, whose words are kept whole: as many as fit, amounts and short words first.

    A column with a very long word is left out: kept whole, it would make the others too narrow to read.
    """
    needed = [longest + 1 for longest in _longest_word_lengths(table)]
    unbroken, room, amounts = set[int](), MAX_ROW_LETTERS, amount_columns(table)
    for column in sorted(range(len(needed)), key=lambda column: (column not in amounts, needed[column])):
        rest = [width for other, width in enumerate(needed) if other not in {*unbroken, column}]
        if needed[column] + sum(min(width, MIN_COLUMN_LETTERS) for width in rest) <= room:
            unbroken.add(column)
            room -= needed[column]
    return unbroken


def is_short(table: Table) -> bool:
    """Whether a table is kept on one page, because it has few rows of few lines."""
    letters_in_line = MAX_ROW_LETTERS / len(table.head)
    lines = (max(ceil(len(cell.text) / letters_in_line) for cell in row) for row in (table.head, *table.rows))
    return len(table.rows) <= MAX_SHORT_ROWS and sum(lines) <= MAX_SHORT_LINES


def _longest_word_lengths(table: Table) -> list[int]:
    """Return the length of the longest word of each column."""
    columns = zip(table.head, *table.rows, strict=True)
    return [max(len(word) for cell in cells for word in ("", *cell.text.split())) for cells in columns]
