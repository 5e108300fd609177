"""How a table is laid out: which columns keep their words whole, and whether it stays on one page.

The HTML page and the Word file use the same rules, so that a table reads alike in both.
"""

from __future__ import annotations

from math import ceil

from rules.values.passages import Table, amount_columns

MAX_ROW_LETTERS, MIN_COLUMN_LETTERS = 60, 6
"""How many letters fit across a table, and how many a narrow column must hold at least."""
MAX_HYPHENATED_LETTERS, SYLLABLE_LETTERS, MAX_HYPHENATED_ROW = 20, 8, 72
"""The longest word that is hyphenated, the room that its parts need in a column, and the room of all columns then."""
MAX_SHORT_ROWS, MAX_SHORT_LINES = 8, 24
"""How many rows and lines of text a table may have to be kept on one page."""
_NO_BREAK_SPACE = "\u00a0"


def keep_day_together(day: str) -> str:
    """Return a day in words whose number and month stay on one line of a narrow column: 16 April 2018."""
    return day.replace(" ", _NO_BREAK_SPACE, 1)


def unbroken_day(day: str) -> str:
    """Return a day in words that stays on one line whole, unlike what may follow it: (recorded on 9 May 2018)."""
    return day.replace(" ", _NO_BREAK_SPACE, 2)


def css_classes(table: Table) -> list[str]:
    """Return the style sheet classes of a table: `whole-2` keeps words of column 2 whole, `whole` those of all.

    In a `hyphenated` table, words of the other columns break at a hyphen and nowhere else.
    """
    unbroken, columns = unbroken_columns(table), len(table.head)
    names = [f"whole-{column + 1}" for column in sorted(unbroken)] if len(unbroken) < columns else ["whole"]
    is_shared = columns - len(unbroken) > 1
    if len(unbroken) < columns and _can_hyphenate(table, unbroken):
        names.append("hyphenated")
    elif is_shared:
        names.append(f"of-{columns}")
    return [*names, *["short"] * is_short(table)]


def _can_hyphenate(table: Table, unbroken: set[int]) -> bool:
    """Whether the columns that must break words have ordinary words only, and room for the parts of these."""
    needed = _longest_word_lengths(table)
    room = sum(needed[column] + 1 if column in unbroken else SYLLABLE_LETTERS for column in range(len(needed)))
    broken = (cell.text for row in (table.head, *table.rows) for at, cell in enumerate(row) if at not in unbroken)
    return room <= MAX_HYPHENATED_ROW and all(_is_ordinary(word) for text in broken for word in text.split())


def _is_ordinary(word: str) -> bool:
    """Whether a word is short or can be hyphenated: of letters alone, but for punctuation at its ends."""
    letters = word.strip("()[],.;:!?‘’“”'\"")
    return len(word) <= SYLLABLE_LETTERS or (letters.isalpha() and len(letters) <= MAX_HYPHENATED_LETTERS)


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
