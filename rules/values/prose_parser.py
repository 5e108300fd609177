"""Parse an author's plain text into paragraphs, lists, tables and notes.

- A blank line ends a paragraph.
- "- ", a bullet pasted from elsewhere ("• "), or a number or letter ("1. ", "b) ", "(iv) ") begins an item of a list.
  Numbers and letters stay as written. An indented item belongs to the item above it; any other indented line continues
  the line above it.
- Lines that begin and end with "|" are a table; the first is its header.
- "[^1]" cites a note, and the line "[^1]: words" is that note.

There is no other markup: no text of an author's can become HTML. No word is lost or added.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from rules.errors import InputError
from rules.values.passages import Cell, Item, Listing, Note, NoteReference, NoteReferences, Paragraph, Passage, Table

MIN_COLUMNS, MAX_COLUMNS = 2, 8
"""The columns of a table. One column would be a list, and more than eight are too narrow to read on a page."""

MAX_ROWS = 200
"""The rows of a table. Longer tables take long to lay out, and nobody reads them."""

MAX_PIECES = 2_000
"""Paragraphs, items, cells and notes of a text together. Longer texts take too long to lay out."""

MAX_TEXTS_KEPT = 256
"""The most texts that stay parsed: the documents of one case print the same texts."""

BULLET = "-"
_BULLETS = "-•·‣▪■●◦○"
_DASH = "–"
"""A word processor turns "- " into this. Inside a paragraph it may be a real dash, where a line happened to break."""
# Not all white space: authors use a no-break space on purpose, to keep "£5 million" on one line.
_SPACING = re.compile("[ \t]+")
# But text copied from web pages has stray ones at the ends of lines and cells and after bullets.
_EDGE_SPACES = " \u00a0"
_NUMBER, _LETTER, _CAPITAL = r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,3}", r"(?:[a-z]|[ivx]{1,5})", r"(?:[A-Z]|[IVX]{1,5})"
# "A. " is no label, because names begin like this; nor is "s.\u00a043", a section.
_LABEL = rf"(?:{_NUMBER}|{_LETTER})[.)]|{_CAPITAL}\)|\((?:{_NUMBER}|{_LETTER}|{_CAPITAL})\)"
_ITEM_MARK = re.compile(rf"([{_BULLETS}{_DASH}])[{_EDGE_SPACES}]+|({_LABEL})\u00a0* ")
_TABLE_RULE = re.compile(r":?-+:?")
_NOTE_MARK = re.compile(r" *\[\^(\w{1,20})\]")
_NOTE_DEFINITION = re.compile(rf"\[\^(\w{{1,20}})\]:[{_EDGE_SPACES}]*(?=\S)")
_PLAIN_KEY = re.compile("[0-9]{1,3}")


class Prose(NamedTuple):
    """A parsed text: its passages in order, and the notes that they cite."""

    passages: tuple[Passage, ...]
    notes: tuple[Note, ...]


@lru_cache(maxsize=MAX_TEXTS_KEPT)
def parse_prose(text: str, notes_before: int = 0) -> Prose:
    """Parse a text into passages and numbered notes.

    Notes are numbered after the `notes_before` that a document has already. The lines of a paragraph are joined by
    single spaces. Raises `InputError` for a text of too many pieces, for a table that is too large or whose rows differ
    in length, and for a note that is missing, not cited or defined twice.
    """
    lines = [_TextLine.parse(number, written) for number, written in enumerate(text.split("\n"), 1)]
    body, notes = _split_off_notes(lines)
    numbers = _number_notes(body, notes, notes_before)
    passages = tuple(_build_passage(group, numbers) for group in _group_lines(body))
    _refuse_too_many(sum(map(_count_pieces, passages)) + len(notes))
    return Prose(passages, tuple(Note(number, notes[key].words) for key, number in numbers.items()))


def refuse_malformed(text: str) -> None:
    """Raise `InputError` for a malformed table or note, or too many pieces."""
    if "|" in text or "[^" in text or text.count("\n") >= MAX_PIECES:  # nothing else can be malformed
        parse_prose(text)


def strip_note_marks(text: str) -> str:
    """Remove the marks that cite notes."""
    return _NOTE_MARK.sub("", text)


def _refuse_too_many(pieces: int) -> None:
    if pieces > MAX_PIECES:
        raise InputError(
            f"the text has {pieces:,} paragraphs, items, cells and notes; at most {MAX_PIECES:,} are allowed",
            "Make it shorter, or move the long part to a paper of its own.",
        )


def _count_pieces(passage: Passage) -> int:
    if isinstance(passage, Table):
        return len(passage.head) * (1 + len(passage.rows))
    return sum(1 + len(item.subitems) for item in passage.items) if isinstance(passage, Listing) else 1


@dataclass(frozen=True, slots=True)
class _TextLine:
    """One line of a text: its indent, the bullet or label that it begins with, and its words."""

    number: int
    indent: int
    mark: str
    words: str

    @classmethod
    def parse(cls, number: int, written: str) -> _TextLine:
        """Parse a line; runs of spaces become one."""
        words = _SPACING.sub(" ", written).strip(_EDGE_SPACES)
        indent = len(written) - len(written.lstrip(f"\t{_EDGE_SPACES}"))
        if match := _ITEM_MARK.match(words):
            return cls(number, indent, match[1] or match[2], words[match.end() :])
        return cls(number, indent, "", words)

    @property
    def written(self) -> str:
        return f"{self.mark} {self.words}" if self.mark else self.words

    @property
    def label(self) -> str:
        """The number or letter of an item; empty for a bullet."""
        return "" if self.mark in (*_BULLETS, _DASH) else self.mark

    @property
    def cells(self) -> list[str]:
        """The cells of a table row, at least two; none if the line is no row."""
        first, *cells, last = self.words.split("|") if self.words.count("|") > MIN_COLUMNS else ("", "")
        return [] if self.mark or first or last else [cell.strip(_EDGE_SPACES) for cell in cells]

    def continue_with(self, line: _TextLine) -> _TextLine:
        """Return this line joined with the next one, which continues it."""
        return replace(self, words=f"{self.words} {line.written}")


_NotesByKey = dict[str, _TextLine]
_NoteNumbers = dict[str, int]


def _split_off_notes(lines: Iterable[_TextLine]) -> tuple[list[_TextLine], _NotesByKey]:
    """Return the lines of a text without its notes, and the notes by their keys."""
    body: list[_TextLine] = []
    notes: _NotesByKey = {}
    open_note = ""
    for line in lines:
        definition = _NOTE_DEFINITION.match(line.words)
        if definition:
            open_note = definition[1]
            if open_note in notes:
                raise InputError(
                    f"line {line.number} of the text defines the note {_describe_mark(open_note)} a second time",
                    "Remove one of the two.",
                )
            notes[open_note] = replace(line, words=line.words[definition.end() :])
            body.append(replace(line, words=""))  # so that the lines before and after a note are not joined
        elif open_note and line.indent and line.words.strip():
            notes[open_note] = notes[open_note].continue_with(line)
        else:
            open_note = ""
            body.append(line)
    return body, notes


def _number_notes(body: Iterable[_TextLine], notes: _NotesByKey, before: int) -> _NoteNumbers:
    """Number the notes in the order in which they are first cited."""
    _refuse_notes_on_notes(notes)
    numbers: _NoteNumbers = {}
    for line in body:
        for key in _NOTE_MARK.findall(line.words):
            mark = _describe_mark(key)
            if key not in notes:
                raise InputError(
                    f"line {line.number} of the text cites the note {mark}, which is missing",
                    f"Add a line that begins with {mark}: and the words of the note, or remove the mark.",
                )
            numbers.setdefault(key, before + len(numbers) + 1)
    for key, note in notes.items():
        mark = _describe_mark(key)
        if key not in numbers:
            raise InputError(
                f"the note {mark} in line {note.number} of the text is not cited anywhere",
                f"Write {mark} where it belongs, or remove the note.",
            )
    return numbers


def _refuse_notes_on_notes(notes: _NotesByKey) -> None:
    for key, note in notes.items():
        if _NOTE_MARK.search(note.words):
            raise InputError(
                f"the note {_describe_mark(key)} in line {note.number} of the text cites a note itself",
                "Put the words of the second note into the first, or cite it in the text.",
            )


def _describe_mark(key: str) -> str:
    """Return the mark of a note for an error message.

    A key that is no number is not repeated: the text may be exempt, and its author may have named the note.
    """
    return f"[^{key}]" if _PLAIN_KEY.fullmatch(key) else "[^…]"


class _LineGroup(NamedTuple):
    """The lines of one passage. `kind` is a key of `_PASSAGE_BUILDERS`, or "nothing" for blank lines."""

    kind: str
    lines: list[_TextLine]

    def accepts(self, line: _TextLine) -> bool:
        """Return whether an item continues this list."""
        first = self.lines[0]
        return self.kind == "list" and (line.indent > first.indent or bool(line.label) is bool(first.label))


def _group_lines(body: Iterable[_TextLine]) -> list[_LineGroup]:
    """Group lines into passages, and join continuation lines to the line above."""
    groups: list[_LineGroup] = []
    last = _LineGroup("nothing", [])  # at the start of a text and after each blank line
    for line in body:
        kind = _classify_line(line, last)
        if not kind:
            last.lines[-1] = last.lines[-1].continue_with(line)
        elif kind == "nothing":
            last = _LineGroup(kind, [])
        elif kind == last.kind == "table" or (kind == "list" and groups and groups[-1].accepts(line)):
            last = groups[-1]  # a list goes on after a blank line
            last.lines.append(line)
        else:
            last = _LineGroup(kind, [line])
            groups.append(last)
    return groups


def _classify_line(line: _TextLine, group: _LineGroup) -> str:
    """Return the kind of passage that a line begins or continues, given the group before it.

    A blank line is "nothing"; an empty text means that the line continues the line above.
    """
    if not line.words.strip():
        return "nothing"
    if line.cells:
        return "table"
    _refuse_broken_row(line, group)
    # Inside a paragraph "5. " may be the end of a sentence that happened to break there, unless a colon leads up to it.
    if line.mark and (group.kind != "paragraph" or line.mark in _BULLETS or group.lines[-1].words.endswith(":")):
        return "list"
    continues = group.kind == "paragraph" or (group.kind == "list" and line.indent)
    return "" if continues else "paragraph"


def _refuse_broken_row(line: _TextLine, group: _LineGroup) -> None:
    if group.kind == "table" and not line.mark and "|" in (line.words[0], line.words[-1]):
        raise InputError(
            f"line {line.number} of the text follows a table row but is not one itself",
            "Begin and end each row with a bar, with as many cells as the header has; or leave a blank line above it.",
        )


def _build_passage(group: _LineGroup, numbers: _NoteNumbers) -> Passage:
    return _PASSAGE_BUILDERS[group.kind](group.lines, numbers)


def _build_paragraph(lines: Sequence[_TextLine], numbers: _NoteNumbers) -> Paragraph:
    text, references = _extract_references(" ".join(line.written for line in lines), numbers)
    return Paragraph(text, note_references=references)


def _build_listing(lines: Sequence[_TextLine], numbers: _NoteNumbers) -> Listing:
    items: list[Item] = []
    for line in lines:
        text, references = _extract_references(line.words, numbers)
        item = Item(text, line.label, note_references=references)
        if line.indent > lines[0].indent:
            items[-1] = replace(items[-1], subitems=(*items[-1].subitems, item))
        else:
            items.append(item)
    return Listing(tuple(items))


def _build_table(lines: Sequence[_TextLine], numbers: _NoteNumbers) -> Table | Paragraph:
    """Build a table; a single line between bars is a paragraph."""
    head, *below = lines
    rows = below[1:] if below and all(map(_TABLE_RULE.fullmatch, below[0].cells)) else below
    if not below:
        return _build_paragraph(lines, numbers)
    _refuse_malformed_table(head, rows)
    return Table(_build_row(head, numbers), tuple(_build_row(row, numbers) for row in rows))


def _refuse_malformed_table(head: _TextLine, rows: Sequence[_TextLine]) -> None:
    place, columns = f"line {head.number} of the text", len(head.cells)
    if columns > MAX_COLUMNS or len(rows) > MAX_ROWS:
        raise InputError(
            f"the table in {place} has more than {MAX_COLUMNS} columns or {MAX_ROWS} rows",
            "Split it into smaller tables.",
        )
    if not all(head.cells):
        raise InputError(f"the table header in {place} has a column without a name", "Name each column.")
    if not rows:
        raise InputError(f"the table in {place} has a header but no rows", "Add its rows, each between bars.")
    for row in rows:
        if len(row.cells) != columns:
            raise InputError(
                f"line {row.number} of the text has {len(row.cells)} cells; the table's header has {columns}",
                "Give each row as many cells between bars as the header has; a cell may be empty.",
            )


def _build_row(line: _TextLine, numbers: _NoteNumbers) -> tuple[Cell, ...]:
    return tuple(Cell(*_extract_references(cell, numbers)) for cell in line.cells)


def _extract_references(words: str, numbers: _NoteNumbers) -> tuple[str, NoteReferences]:
    """Take the marks of notes out of a text, and return the positions where they were."""
    references: list[NoteReference] = []
    text = ""
    start = 0
    for mark in _NOTE_MARK.finditer(words):
        text += words[start : mark.start()]
        references.append(NoteReference(len(text), numbers[mark[1]]))
        start = mark.end()
    return text + words[start:], tuple(references)


_PASSAGE_BUILDERS: dict[str, Callable[[Sequence[_TextLine], _NoteNumbers], Passage]] = {
    "paragraph": _build_paragraph,
    "list": _build_listing,
    "table": _build_table,
}
