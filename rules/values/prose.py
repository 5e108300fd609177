"""An author's plain text, read as passages: all the structure that it can have.

A blank line parts two paragraphs. A line that begins with "- " is an item of a list, as is one with such a bullet as
word processors and mail give ("• "), and so is one that begins with a number or letter, as "1. ", "b) " or "(iv) " do,
which stays as it was written; an item that is indented is a part of the one above it, and any other indented line goes
on with what is above it. Lines that begin and end with "|" are a table, the first of them its header. "[^1]" cites a
note, and the line "[^1]: words" is that note. There is no other markup, so nothing of the author's can become any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rules.errors import InputError
from rules.values.passages import Cell, Cite, Cites, Item, Listing, Note, Paragraph, Passage, Table

LEAST_COLUMNS, MAX_COLUMNS = 2, 8
"""How many columns a table has: what has one is a list, and a page holds no more that can be read."""

MAX_ROWS = 200
"""How many rows a table may have: to set longer ones takes long, and nobody reads them."""

MAX_PIECES = 2_000
"""How many paragraphs, items, cells and notes a text may have together: what is longer takes too long to set."""

BULLET = "-"
_BULLETS = "-•·‣▪■●◦○"
_DASH = "–"
"""What a word processor makes of "- "; in the midst of a paragraph it may be a dash at which a line was broken."""
# Not every white space: a no-break space was put there on purpose ("£5 million" stays on one line).
_SPACING = re.compile("[ \t]+")
# At the ends of a line and of a cell, and behind a mark, it was not: pages that were copied are full of them there.
_ROUND = " \u00a0"
_NUMBER, _LETTER, _CAPITAL = r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,3}", r"(?:[a-z]|[ivx]{1,5})", r"(?:[A-Z]|[IVX]{1,5})"
# "A. " is no mark, as names begin so; nor is "s.\u00a043".
_LABEL = rf"(?:{_NUMBER}|{_LETTER})[.)]|{_CAPITAL}\)|\((?:{_NUMBER}|{_LETTER}|{_CAPITAL})\)"
_MARK = re.compile(rf"([{_BULLETS}{_DASH}])[{_ROUND}]+|({_LABEL})\u00a0* ")
_RULE = re.compile(r":?-+:?")
_CITED = re.compile(r" *\[\^(\w{1,20})\]")
_DEFINED = re.compile(rf"\[\^(\w{{1,20}})\]:[{_ROUND}]*(?=\S)")
_PLAIN_KEY = re.compile("[0-9]{1,3}")


class Prose(NamedTuple):
    """What a text says: its passages in order, and the notes that they cite."""

    passages: tuple[Passage, ...]
    notes: tuple[Note, ...]


def prose(text: str, notes_before: int = 0) -> Prose:
    """The passages of a text; its notes are numbered on from those that a document has already.

    The lines of a paragraph are joined by single spaces. Raises `InputError`, naming the line, for a table whose rows
    are not alike or that no page holds, and for a note that is cited and not there, or there and not cited; and for a
    text of too many pieces.
    """
    lines = [_Line.of(number, written) for number, written in enumerate(text.split("\n"), 1)]
    flow, notes = _without_notes(lines)
    numbers = _numbers(flow, notes, notes_before)
    passages = tuple(_passage(run, numbers) for run in _runs(flow))
    _refuse_too_many(sum(map(_pieces_of, passages)) + len(notes))
    return Prose(passages, tuple(Note(number, notes[key].words) for key, number in numbers.items()))


def refuse_misshapen(text: str) -> None:
    """Raise `InputError` for a text of too many pieces, or whose tables or notes are not as they must be."""
    if "|" in text or "[^" in text or text.count("\n") >= MAX_PIECES:
        prose(text)


def without_marks(text: str) -> str:
    """A text without the marks of its notes, as it is read."""
    return _CITED.sub("", text)


def _refuse_too_many(pieces: int) -> None:
    if pieces > MAX_PIECES:
        raise InputError(
            f"the text has {pieces:,} paragraphs, items, cells and notes; at most {MAX_PIECES:,} are taken",
            "Make it shorter, or give what is long in a paper of its own.",
        )


def _pieces_of(passage: Passage) -> int:
    if isinstance(passage, Table):
        return len(passage.head) * (1 + len(passage.rows))
    return sum(1 + len(item.parts) for item in passage.items) if isinstance(passage, Listing) else 1


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text: how far it is indented, the mark of an item that it begins with, and its words."""

    number: int
    indent: int
    mark: str
    words: str

    @classmethod
    def of(cls, number: int, written: str) -> _Line:
        """The line as it is written, but for the spacing between its words."""
        words = _SPACING.sub(" ", written).strip(_ROUND)
        indent = len(written) - len(written.lstrip(f"\t{_ROUND}"))
        if marked := _MARK.match(words):
            return cls(number, indent, marked[1] or marked[2], words[marked.end() :])
        return cls(number, indent, "", words)

    @property
    def written(self) -> str:
        return f"{self.mark} {self.words}" if self.mark else self.words

    @property
    def label(self) -> str:
        """The number or letter that the item is cited by, or none."""
        return "" if self.mark in (*_BULLETS, _DASH) else self.mark

    @property
    def cells(self) -> list[str]:
        """The cells of a row of a table, of which there are two at least; none where the line is no row."""
        first, *cells, last = self.words.split("|") if self.words.count("|") > LEAST_COLUMNS else ("", "")
        return [] if self.mark or first or last else [cell.strip(_ROUND) for cell in cells]

    def and_more(self, line: _Line) -> _Line:
        """The line together with another that goes on with it."""
        return replace(self, words=f"{self.words} {line.written}")


_Notes = dict[str, _Line]
_Numbers = dict[str, int]


def _without_notes(lines: Iterable[_Line]) -> tuple[list[_Line], _Notes]:
    """The lines of a text that are not notes, and the notes by what they are cited as."""
    flow: list[_Line] = []
    notes: _Notes = {}
    open_note = ""
    for line in lines:
        defined = _DEFINED.match(line.words)
        if defined:
            open_note = defined[1]
            if open_note in notes:
                raise InputError(f"the note {_mark(open_note)} is there twice, in line {line.number} of the text again")
            notes[open_note] = replace(line, words=line.words[defined.end() :])
            flow.append(replace(line, words=""))  # what follows a note does not go on with what is before it
        elif open_note and line.indent and line.words.strip():
            notes[open_note] = notes[open_note].and_more(line)
        else:
            open_note = ""
            flow.append(line)
    return flow, notes


def _numbers(flow: Iterable[_Line], notes: _Notes, before: int) -> _Numbers:
    """The numbers of the notes, in the order in which they are cited first."""
    _refuse_notes_on_notes(notes)
    found: _Numbers = {}
    for line in flow:
        for key in _CITED.findall(line.words):
            if key not in notes:
                advice = f"Add a line that begins with {_mark(key)}: and says it, or take the mark out."
                raise InputError(
                    f"line {line.number} of the text cites the note {_mark(key)}, which is not there", advice
                )
            found.setdefault(key, before + len(found) + 1)
    for key, note in notes.items():
        if key not in found:
            advice = f"Write {_mark(key)} where it belongs, or take it out."
            raise InputError(f"the note {_mark(key)} in line {note.number} of the text is cited nowhere", advice)
    return found


def _refuse_notes_on_notes(notes: _Notes) -> None:
    for key, note in notes.items():
        if _CITED.search(note.words):
            advice = "Write what that says into the note, or cite it in the text."
            raise InputError(f"the note {_mark(key)} in line {note.number} of the text cites a note itself", advice)


def _mark(key: str) -> str:
    """The mark of a note as an error may show it: a name that somebody gave it could be one of Part 2."""
    return f"[^{key}]" if _PLAIN_KEY.fullmatch(key) else "[^…]"


class _Run(NamedTuple):
    """Lines that make one passage, of the kinds in `_PASSAGES`; of "nothing" none."""

    kind: str
    lines: list[_Line]

    def takes(self, line: _Line) -> bool:
        """Whether a list goes on with an item: a part of its last one, or one more that is marked in the same way."""
        first = self.lines[0]
        return self.kind == "list" and (line.indent > first.indent or bool(line.label) is bool(first.label))


def _runs(flow: Iterable[_Line]) -> list[_Run]:
    """The lines of a text by the passages that they make; what goes on with a line is joined to it."""
    runs: list[_Run] = []
    last = _Run("nothing", [])  # as at the start and after a blank line
    for line in flow:
        kind = _kind(line, last)
        if not kind:
            last.lines[-1] = last.lines[-1].and_more(line)
        elif kind == "nothing":
            last = _Run(kind, [])
        elif kind == last.kind == "table" or (kind == "list" and runs and runs[-1].takes(line)):
            last = runs[-1]
            last.lines.append(line)
        else:
            last = _Run(kind, [line])
            runs.append(last)
    return runs


def _kind(line: _Line, last: _Run) -> str:
    """What a line is after what went before: "nothing" where it is blank, and empty where it goes on with the last."""
    if not line.words.strip():
        return "nothing"
    if line.cells:
        return "table"
    _refuse_half_a_row(line, last)
    if line.mark and (last.kind != "paragraph" or line.mark in _BULLETS or last.lines[-1].words.endswith(":")):
        return "list"
    goes_on = last.kind == "paragraph" or (last.kind == "list" and line.indent)
    return "" if goes_on else "paragraph"


def _refuse_half_a_row(line: _Line, last: _Run) -> None:
    if last.kind == "table" and not line.mark and "|" in (line.words[0], line.words[-1]):
        raise InputError(
            f"line {line.number} of the text stands below a row of a table, and is not one",
            "Begin and end each row with a bar, with as many cells as the header has; or leave a blank line above it.",
        )


def _passage(run: _Run, numbers: _Numbers) -> Passage:
    return _PASSAGES[run.kind](run.lines, numbers)


def _paragraph(lines: Sequence[_Line], numbers: _Numbers) -> Paragraph:
    text, cites = _marked(" ".join(line.written for line in lines), numbers)
    return Paragraph(text, cites=cites)


def _listing(lines: Sequence[_Line], numbers: _Numbers) -> Listing:
    items: list[Item] = []
    for line in lines:
        text, cites = _marked(line.words, numbers)
        item = Item(text, line.label, cites=cites)
        if line.indent > lines[0].indent:
            items[-1] = replace(items[-1], parts=(*items[-1].parts, item))
        else:
            items.append(item)
    return Listing(tuple(items))


def _table(lines: Sequence[_Line], numbers: _Numbers) -> Table | Paragraph:
    """A table; a lone line between bars is a line of text."""
    head, *rest = lines
    rows = rest[1:] if rest and all(map(_RULE.fullmatch, rest[0].cells)) else rest
    if not rest:
        return _paragraph(lines, numbers)
    _refuse_misshapen_table(head, rows)
    return Table(_row(head, numbers), tuple(_row(row, numbers) for row in rows))


def _refuse_misshapen_table(head: _Line, rows: Sequence[_Line]) -> None:
    where, columns = f"line {head.number} of the text", len(head.cells)
    if columns > MAX_COLUMNS or len(rows) > MAX_ROWS:
        raise InputError(
            f"the table in {where} is larger than {MAX_COLUMNS} columns and {MAX_ROWS} rows",
            "Make several smaller tables of it.",
        )
    if not all(head.cells):
        raise InputError(f"the header of a table, {where}, has a column without a name", "Name each column.")
    if not rows:
        raise InputError(f"the table in {where} has a header and no rows", "Add its rows, each between bars.")
    for row in rows:
        if len(row.cells) != columns:
            raise InputError(
                f"line {row.number} of the text has {len(row.cells)} cells; the table's header has {columns}",
                "Give each row as many cells between bars as the header has; a cell may be empty.",
            )


def _row(line: _Line, numbers: _Numbers) -> tuple[Cell, ...]:
    return tuple(Cell(*_marked(cell, numbers)) for cell in line.cells)


def _marked(words: str, numbers: _Numbers) -> tuple[str, Cites]:
    """Words without the marks of notes, and where these stood."""
    cites: list[Cite] = []
    said = ""
    start = 0
    for found in _CITED.finditer(words):
        said += words[start : found.start()]
        cites.append(Cite(len(said), numbers[found[1]]))
        start = found.end()
    return said + words[start:], tuple(cites)


_PASSAGES: dict[str, Callable[[Sequence[_Line], _Numbers], Passage]] = {
    "paragraph": _paragraph,
    "list": _listing,
    "table": _table,
}
