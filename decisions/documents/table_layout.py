"""How a table is set: in which columns no word is broken, and whether it stays on one page."""

from __future__ import annotations

from math import ceil

from rules.values.passages import Table, amount_columns

MAX_ROW_LETTERS, MIN_COLUMN_LETTERS = 60, 6
"""How many letters stand beside each other in the columns of a table, and in one that is narrow."""
MAX_SHORT_ROWS, MAX_SHORT_LINES = 8, 24
"""How many rows, and lines of text, a table has at most that stays on one page."""


def css_classes(table: Table) -> list[str]:
    """The classes of the style sheet by which a table is set."""
    kept, columns = unbroken_columns(table), len(table.head)
    names = [f"whole-{place + 1}" for place in sorted(kept)] if len(kept) < columns else ["whole"]
    is_shared = columns - len(kept) > 1
    return [*names, *[f"of-{columns}"] * is_shared, *["short"] * is_short(table)]


def unbroken_columns(table: Table) -> set[int]:
    """The columns of which no word is broken, by their places: as many as fit, amounts and short words first.

    Where one has a long word, the others would be made so narrow for it that nobody could read them.
    """
    needed = [longest + 1 for longest in _longest_word_lengths(table)]
    kept, room, numbers = set[int](), MAX_ROW_LETTERS, amount_columns(table)
    for place in sorted(range(len(needed)), key=lambda place: (place not in numbers, needed[place])):
        others = (min(each, MIN_COLUMN_LETTERS) for other, each in enumerate(needed) if other not in {*kept, place})
        if needed[place] + sum(others) <= room:
            kept.add(place)
            room -= needed[place]
    return kept


def is_short(table: Table) -> bool:
    """Whether a table stays on one page: it has few rows, and these few lines."""
    in_line = MAX_ROW_LETTERS / len(table.head)
    lines = (max(ceil(len(cell.text) / in_line) for cell in row) for row in (table.head, *table.rows))
    return len(table.rows) <= MAX_SHORT_ROWS and sum(lines) <= MAX_SHORT_LINES


def _longest_word_lengths(table: Table) -> list[int]:
    """How many letters the longest word of each column has."""
    columns = zip(table.head, *table.rows, strict=True)
    return [max(len(word) for cell in cells for word in ("", *cell.text.split())) for cells in columns]
