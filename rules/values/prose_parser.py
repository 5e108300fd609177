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
from rules.values.passages import Cell, Item, Listing, Note, NoteReference, NoteReferences, Paragraph, Passage, Table

MIN_COLUMNS, MAX_COLUMNS = 2, 8
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
_EDGE_SPACES = " \u00a0"
_NUMBER, _LETTER, _CAPITAL = r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,3}", r"(?:[a-z]|[ivx]{1,5})", r"(?:[A-Z]|[IVX]{1,5})"
# "A. " is no mark, as names begin so; nor is "s.\u00a043".
_LABEL = rf"(?:{_NUMBER}|{_LETTER})[.)]|{_CAPITAL}\)|\((?:{_NUMBER}|{_LETTER}|{_CAPITAL})\)"
_ITEM_MARK = re.compile(rf"([{_BULLETS}{_DASH}])[{_EDGE_SPACES}]+|({_LABEL})\u00a0* ")
_TABLE_RULE = re.compile(r":?-+:?")
_NOTE_MARK = re.compile(r" *\[\^(\w{1,20})\]")
_NOTE_DEFINITION = re.compile(rf"\[\^(\w{{1,20}})\]:[{_EDGE_SPACES}]*(?=\S)")
_PLAIN_KEY = re.compile("[0-9]{1,3}")


class Prose(NamedTuple):
    """What a text says: its passages in order, and the notes that they cite."""

    passages: tuple[Passage, ...]
    notes: tuple[Note, ...]


def parse_prose(text: str, notes_before: int = 0) -> Prose:
    """The passages of a text; its notes are numbered on from those that a document has already.

    The lines of a paragraph are joined by single spaces. Raises `InputError`, naming the line, for a table whose rows
    are not alike or that no page holds, and for a note that is cited and not there, or there and not cited; and for a
    text of too many pieces.
    """
    lines = [_TextLine.parse(number, written) for number, written in enumerate(text.split("\n"), 1)]
    flow, notes = _split_off_notes(lines)
    numbers = _number_notes(flow, notes, notes_before)
    passages = tuple(_build_passage(run, numbers) for run in _group_lines(flow))
    _refuse_too_many(sum(map(_count_pieces, passages)) + len(notes))
    return Prose(passages, tuple(Note(number, notes[key].words) for key, number in numbers.items()))


def refuse_malformed(text: str) -> None:
    """Raise `InputError` for a text of too many pieces, or whose tables or notes are not as they must be."""
    if "|" in text or "[^" in text or text.count("\n") >= MAX_PIECES:
        parse_prose(text)


def strip_note_marks(text: str) -> str:
    """A text without the marks of its notes, as it is read."""
    return _NOTE_MARK.sub("", text)


def _refuse_too_many(pieces: int) -> None:
    if pieces > MAX_PIECES:
        raise InputError(
            f"the text has {pieces:,} paragraphs, items, cells and notes; at most {MAX_PIECES:,} are taken",
            "Make it shorter, or give what is long in a paper of its own.",
        )


def _count_pieces(passage: Passage) -> int:
    if isinstance(passage, Table):
        return len(passage.head) * (1 + len(passage.rows))
    return sum(1 + len(item.subitems) for item in passage.items) if isinstance(passage, Listing) else 1


@dataclass(frozen=True, slots=True)
class _TextLine:
    """A line of a text: how far it is indented, the mark of an item that it begins with, and its words."""

    number: int
    indent: int
    mark: str
    words: str

    @classmethod
    def parse(cls, number: int, written: str) -> _TextLine:
        """The line as it is written, but for the spacing between its words."""
        words = _SPACING.sub(" ", written).strip(_EDGE_SPACES)
        indent = len(written) - len(written.lstrip(f"\t{_EDGE_SPACES}"))
        if marked := _ITEM_MARK.match(words):
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
        first, *cells, last = self.words.split("|") if self.words.count("|") > MIN_COLUMNS else ("", "")
        return [] if self.mark or first or last else [cell.strip(_EDGE_SPACES) for cell in cells]

    def continue_with(self, line: _TextLine) -> _TextLine:
        """The line together with another that goes on with it."""
        return replace(self, words=f"{self.words} {line.written}")


_NotesByKey = dict[str, _TextLine]
_NoteNumbers = dict[str, int]


def _split_off_notes(lines: Iterable[_TextLine]) -> tuple[list[_TextLine], _NotesByKey]:
    """The lines of a text that are not notes, and the notes by what they are cited as."""
    flow: list[_TextLine] = []
    notes: _NotesByKey = {}
    open_note = ""
    for line in lines:
        defined = _NOTE_DEFINITION.match(line.words)
        if defined:
            open_note = defined[1]
            if open_note in notes:
                raise InputError(
                    f"the note {_describe_mark(open_note)} is there twice, in line {line.number} of the text again"
                )
            notes[open_note] = replace(line, words=line.words[defined.end() :])
            flow.append(replace(line, words=""))  # what follows a note does not go on with what is before it
        elif open_note and line.indent and line.words.strip():
            notes[open_note] = notes[open_note].continue_with(line)
        else:
            open_note = ""
            flow.append(line)
    return flow, notes


def _number_notes(flow: Iterable[_TextLine], notes: _NotesByKey, before: int) -> _NoteNumbers:
    """The numbers of the notes, in the order in which they are cited first."""
    _refuse_notes_on_notes(notes)
    found: _NoteNumbers = {}
    for line in flow:
        for key in _NOTE_MARK.findall(line.words):
            if key not in notes:
                advice = f"Add a line that begins with {_describe_mark(key)}: and says it, or take the mark out."
                raise InputError(
                    f"line {line.number} of the text cites the note {_describe_mark(key)}, which is not there", advice
                )
            found.setdefault(key, before + len(found) + 1)
    for key, note in notes.items():
        if key not in found:
            advice = f"Write {_describe_mark(key)} where it belongs, or take it out."
            raise InputError(
                f"the note {_describe_mark(key)} in line {note.number} of the text is cited nowhere", advice
            )
    return found


def _refuse_notes_on_notes(notes: _NotesByKey) -> None:
    for key, note in notes.items():
        if _NOTE_MARK.search(note.words):
            advice = "Write what that says into the note, or cite it in the text."
            raise InputError(
                f"the note {_describe_mark(key)} in line {note.number} of the text cites a note itself", advice
            )


def _describe_mark(key: str) -> str:
    """The mark of a note as an error may show it: a name that somebody gave it could be one of Part 2."""
    return f"[^{key}]" if _PLAIN_KEY.fullmatch(key) else "[^…]"


class _LineGroup(NamedTuple):
    """Lines that make one passage, of the kinds in `_PASSAGE_BUILDERS`; of "nothing" none."""

    kind: str
    lines: list[_TextLine]

    def accepts(self, line: _TextLine) -> bool:
        """Whether a list goes on with an item: a part of its last one, or one more that is marked in the same way."""
        first = self.lines[0]
        return self.kind == "list" and (line.indent > first.indent or bool(line.label) is bool(first.label))


def _group_lines(flow: Iterable[_TextLine]) -> list[_LineGroup]:
    """The lines of a text by the passages that they make; what goes on with a line is joined to it."""
    runs: list[_LineGroup] = []
    last = _LineGroup("nothing", [])  # as at the start and after a blank line
    for line in flow:
        kind = _classify_line(line, last)
        if not kind:
            last.lines[-1] = last.lines[-1].continue_with(line)
        elif kind == "nothing":
            last = _LineGroup(kind, [])
        elif kind == last.kind == "table" or (kind == "list" and runs and runs[-1].accepts(line)):
            last = runs[-1]
            last.lines.append(line)
        else:
            last = _LineGroup(kind, [line])
            runs.append(last)
    return runs


def _classify_line(line: _TextLine, group: _LineGroup) -> str:
    """What a line is after what went before: "nothing" where it is blank, and empty where it goes on with the last."""
    if not line.words.strip():
        return "nothing"
    if line.cells:
        return "table"
    _refuse_broken_row(line, group)
    if line.mark and (group.kind != "paragraph" or line.mark in _BULLETS or group.lines[-1].words.endswith(":")):
        return "list"
    goes_on = group.kind == "paragraph" or (group.kind == "list" and line.indent)
    return "" if goes_on else "paragraph"


def _refuse_broken_row(line: _TextLine, group: _LineGroup) -> None:
    if group.kind == "table" and not line.mark and "|" in (line.words[0], line.words[-1]):
        raise InputError(
            f"line {line.number} of the text stands below a row of a table, and is not one",
            "Begin and end each row with a bar, with as many cells as the header has; or leave a blank line above it.",
        )


def _build_passage(group: _LineGroup, numbers: _NoteNumbers) -> Passage:
    return _PASSAGE_BUILDERS[group.kind](group.lines, numbers)


def _build_paragraph(lines: Sequence[_TextLine], numbers: _NoteNumbers) -> Paragraph:
    text, cites = _extract_references(" ".join(line.written for line in lines), numbers)
    return Paragraph(text, note_references=cites)


def _build_listing(lines: Sequence[_TextLine], numbers: _NoteNumbers) -> Listing:
    items: list[Item] = []
    for line in lines:
        text, cites = _extract_references(line.words, numbers)
        item = Item(text, line.label, note_references=cites)
        if line.indent > lines[0].indent:
            items[-1] = replace(items[-1], subitems=(*items[-1].subitems, item))
        else:
            items.append(item)
    return Listing(tuple(items))


def _build_table(lines: Sequence[_TextLine], numbers: _NoteNumbers) -> Table | Paragraph:
    """A table; a lone line between bars is a line of text."""
    head, *rest = lines
    rows = rest[1:] if rest and all(map(_TABLE_RULE.fullmatch, rest[0].cells)) else rest
    if not rest:
        return _build_paragraph(lines, numbers)
    _refuse_malformed_table(head, rows)
    return Table(_build_row(head, numbers), tuple(_build_row(row, numbers) for row in rows))


def _refuse_malformed_table(head: _TextLine, rows: Sequence[_TextLine]) -> None:
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


def _build_row(line: _TextLine, numbers: _NoteNumbers) -> tuple[Cell, ...]:
    return tuple(Cell(*_extract_references(cell, numbers)) for cell in line.cells)


def _extract_references(words: str, numbers: _NoteNumbers) -> tuple[str, NoteReferences]:
    """Words without the marks of notes, and where these stood."""
    cites: list[NoteReference] = []
    said = ""
    start = 0
    for found in _NOTE_MARK.finditer(words):
        said += words[start : found.start()]
        cites.append(NoteReference(len(said), numbers[found[1]]))
        start = found.end()
    return said + words[start:], tuple(cites)


_PASSAGE_BUILDERS: dict[str, Callable[[Sequence[_TextLine], _NoteNumbers], Passage]] = {
    "paragraph": _build_paragraph,
    "list": _build_listing,
    "table": _build_table,
}
