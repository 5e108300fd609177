"""How words are laid out in columns: lines and widths only, whatever they are shown on.

A word is what has no space in it, such as an id, a day, a figure or a link: none is broken, but for one that is longer
than the whole line.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

GAP = "  "
NARROWEST = 32
"""The least width of a last column that is wrapped beside others which are as wide as they are."""
MOST_LINES = 3
"""About how many lines one cell may take, or a row could no longer be read across."""
_NARROW, _FURTHER_IN = 8, 4
"""What stands below a row begins below its second column where the first is narrow, else somewhat further in."""
NOTHING = ("", "–")
"""How a cell says that there is nothing to say."""
_BOUND = "\u00a0"
"""Stands for a space at which no line may end."""
_BETWEEN = f"{_BOUND}· "
"""Stands between the cells that follow one another below a row."""
_FIGURE = re.compile(r"£\d.*|\d[\d,.]*%?", re.ASCII)

Row = Sequence[str]


def padded(cell: str, size: int) -> str:
    """A cell of a column that others follow."""
    return cell.ljust(size) + GAP


def wrapped(start: str, text: str, room: int) -> str:
    """A text after its start, in lines that begin below where it begins."""
    return (
        textwrap.fill(
            text,
            room,
            initial_indent=start,
            subsequent_indent=" " * len(start),
            break_long_words=False,
            break_on_hyphens=False,
        ).rstrip()
        or start.rstrip()
    )


def fitted(start: str, text: str, room: int) -> str:
    """The same, and no line is longer than there is room: a long word begins further left, on a line of its own."""
    found: list[str] = []
    for line in _broken(text, room - len(start)):
        at = max(0, min(len(start), room - len(line)))
        found += textwrap.wrap(line, room, initial_indent=" " * at, break_on_hyphens=False)
    if not found or not found[0].startswith(" " * len(start)):
        return "\n".join([start.rstrip(), *found])
    return "\n".join([start + found[0][len(start) :], *found[1:]])


def _broken(text: str, room: int) -> list[str]:
    return textwrap.wrap(text, max(1, room), break_long_words=False, break_on_hyphens=False)


def with_figures_at_right(lines: Sequence[Row]) -> list[Row]:
    """The same rows below their headings; in a column of figures all end at the right, and none is broken."""
    return list(zip(*map(_at_right_if_figures, zip(*lines, strict=True)), strict=True))


def _at_right_if_figures(column: Row) -> Row:
    stated = [cell for cell in column[1:] if cell]
    if not stated or not all(map(_FIGURE.fullmatch, stated)):
        return column
    size = max(map(len, column))
    return [cell and cell.rjust(size).replace(" ", _BOUND) for cell in column]


def with_spaces(text: str) -> str:
    """A text that was laid out, with the spaces for which others stood."""
    return text.replace(_BOUND, " ")


def lined_up(lines: Sequence[Row], room: int) -> Iterator[str]:
    """Rows whose columns are as wide as what stands in them; the last one is wrapped to the room."""
    sizes = [max(map(len, column)) for column in list(zip(*lines, strict=True))[:-1]]
    shown = ["".join(map(padded, row, sizes)) for row in lines]
    whole = max(room, sum(sizes) + NARROWEST)
    return (wrapped(start, row[-1], whole) for start, row in zip(shown, lines, strict=True))


def stacked(lines: Sequence[Row], room: int) -> Iterator[str]:
    """Rows whose columns stand side by side, but for those that there is no room for: they follow below the others.

    The first of the rows are the headings, and are laid out as the others are. What is empty is left out below.
    """
    beside = _side_by_side(lines, room)
    sizes = sizes_within(_only(beside, lines), room) or [room]
    begin = " " * (sizes[0] + len(GAP) if sizes[0] <= _NARROW else _FURTHER_IN)
    below = [place for place in range(len(lines[0])) if place not in beside]
    for across, others in zip(in_cells(_only(beside, lines), sizes), _only(below, lines), strict=True):
        told = _BETWEEN.join(cell.strip(_BOUND) for cell in others if cell not in NOTHING)
        yield f"{across}\n{_filled(told, room, begin)}" if told else across


def _side_by_side(lines: Sequence[Row], room: int) -> list[int]:
    """The places of the columns for which there is room beside those before them; the first one is always there."""
    beside = [0]
    for place in range(1, len(lines[0])):
        if sizes_within(_only([*beside, place], lines), room):
            beside.append(place)
    return beside


def _only(places: Sequence[int], lines: Sequence[Row]) -> list[Row]:
    return [[row[place] for place in places] for row in lines]


def _filled(text: str, room: int, begin: str = "") -> str:
    return textwrap.fill(text, max(1, room), initial_indent=begin, subsequent_indent=begin, break_on_hyphens=False)


def sizes_within(lines: Sequence[Row], room: int) -> list[int] | None:
    """The widths at which the columns of a table fit; None where there are none at which it could be read.

    Columns of words give way; those that need little more than their least get it first.
    """
    columns = list(zip(*lines, strict=True))
    whole = [max(map(len, column)) for column in columns]
    sizes = [max(map(_least, column)) for column in columns]
    spare = room - sum(sizes) - len(GAP) * (len(sizes) - 1)
    if spare < 0:
        return None
    wanting = sorted(range(len(sizes)), key=lambda place: whole[place] - sizes[place])
    for left, place in zip(range(len(sizes), 0, -1), wanting, strict=True):
        more = min(whole[place] - sizes[place], spare // left)
        sizes[place] += more
        spare -= more
    return sizes


def _least(cell: str) -> int:
    """The least width of a cell: that of its longest word, or of so much of a long text that it is not too high."""
    return max(*map(len, cell.split(" ")), -(-len(cell) // MOST_LINES))


def in_cells(lines: Iterable[Row], sizes: Sequence[int]) -> Iterator[str]:
    """Rows whose columns have some widths; what is longer goes on below, within its cell."""
    for row in lines:
        cells = [_filled(cell, size).split("\n") for cell, size in zip(row, sizes, strict=True)]
        across = zip_longest(*cells, fillvalue="")
        yield "\n".join("".join(map(padded, line, sizes)).rstrip() for line in across)
