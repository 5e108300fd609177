"""Paragraphs and tables of a Word file as the passages of an author's text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

from decisions.output.word.package import Element, W
from decisions.output.word.paragraph_classifier import ParagraphClassifier, ParagraphKind
from decisions.output.word.text_runs import TextRun, join_runs, read_runs
from rules.errors import InputError
from rules.values.passages import Cell, Item, Listing, NoteReferences, Paragraph, Passage, Table
from rules.values.prose_parser import MIN_COLUMNS

_LABEL = re.compile(r"(\([0-9A-Za-z.]{1,15}\)|[0-9A-Z.]{1,15}\)|[0-9a-z.]{1,15}[.)])(?: |$)")
_CLAUSE_NUMBER = re.compile(r"\S{0,20}\.\t")
_MERGED_CELL_TAGS = ("gridSpan", "vMerge", "hMerge")


class _ListLine(NamedTuple):
    """An item of a list, and its level there."""

    item: Item
    level: int


@dataclass
class PassageReader:
    """How paragraphs and tables of one file are read: by its styles and lists, and by the numbers of its notes."""

    classifier: ParagraphClassifier
    note_numbers: Mapping[str, int]

    def read_passages(self, blocks: Iterable[Element]) -> tuple[Passage, ...]:
        """The passages that some paragraphs and tables are, in order; what says nothing is left out."""
        found: list[Passage] = []
        for made in self._read_blocks(blocks):
            if not isinstance(made, _ListLine):
                found.append(made)
            elif found and isinstance(found[-1], Listing) and _accepts_line(found[-1], made):
                found[-1] = _append_line(found[-1], made)
            else:
                found.append(Listing((made.item,)))
        return tuple(found)

    def read_line(self, runs: Iterable[TextRun]) -> str:
        """What a fact of one line says; raises `InputError` where a note is cited in it."""
        text, cites = join_runs(runs)
        if cites:
            raise InputError("cites a note, for which there is no room", "Write the words of the note into the text.")
        return text

    def _read_blocks(self, blocks: Iterable[Element]) -> Iterator[Passage | _ListLine]:
        for block in blocks:
            if block.tag == f"{W}tbl":
                yield self._read_table(block)
            else:
                yield from self._read_paragraph(block)

    def _read_paragraph(self, block: Element) -> Iterator[Paragraph | _ListLine]:
        shape = self.classifier.classify(block)
        said = list(read_runs(block, self.note_numbers))
        text, cites = join_runs(said)
        label = _find_label(shape, text, said)
        text, cites = text[len(label) :].lstrip(), _shift_cites(cites, len(label), text)
        if not text and not cites:
            return
        label = shape.label or label
        if shape.kind == "item" or (shape.kind == "labelled" and label):
            yield _ListLine(Item(text, label, note_references=cites), shape.level)
        else:
            yield Paragraph(text, note_references=cites)

    def _read_table(self, table: Element) -> Table:
        if next(table.iter(*(f"{W}{name}" for name in _MERGED_CELL_TAGS)), None) is not None:
            raise InputError("has a table with merged cells", "In Word: Table Layout, Split Cells; then save.")
        rows = [tuple(self._read_cell(cell) for cell in row.findall(f"{W}tc")) for row in table.findall(f"{W}tr")]
        if not rows or len(rows[0]) < MIN_COLUMNS:
            raise InputError("has a table of one column", "Write it as paragraphs or as a list.")
        head, *others = rows
        return Table(head, tuple(others))

    def _read_cell(self, cell: Element) -> Cell:
        if cell.find(f".//{W}tbl") is not None:
            raise InputError("has a table in a table", "Write it as a table of its own.")
        said: list[TextRun] = []
        for paragraph in cell.iter(f"{W}p"):
            said += [*read_runs(paragraph, self.note_numbers), TextRun(" ")]
        text, cites = join_runs(said)
        if "|" in text:
            raise InputError('has the sign "|" in a table, which parts cells there', "Write something else for it.")
        return Cell(text, cites)


def _find_label(kind: ParagraphKind, text: str, runs: Sequence[TextRun]) -> str:
    """The label with which the text of a paragraph begins, where it is no part of what its author says."""
    if kind.kind == "labelled":
        found = _LABEL.match(text)
        return found[1] if found else ""
    if kind.kind == "clause":
        start = "".join(str(each.words) for each in takewhile(lambda each: isinstance(each.words, str), runs))
        numbered = _CLAUSE_NUMBER.match(start.lstrip())
        return numbered[0].rstrip("\t") if numbered else ""
    return ""


def _shift_cites(cites: NoteReferences, label_length: int, text: str) -> NoteReferences:
    """Where notes are cited once the label, and the space behind it, is taken off."""
    gone = label_length + (len(text[label_length:]) - len(text[label_length:].lstrip())) if label_length else 0
    return tuple(replace(cite, offset=max(cite.offset - gone, 0)) for cite in cites)


def _accepts_line(listing: Listing, line: _ListLine) -> bool:
    """Whether a list goes on with a line, as it does in a plain text: bullets and labels are not mixed at one level."""
    return bool(line.level) or bool(line.item.label) is bool(listing.items[0].label)


def _append_line(listing: Listing, line: _ListLine) -> Listing:
    """A list with one item more; one of the second level is a part of the last."""
    *others, last = listing.items
    if line.level:
        return Listing((*others, replace(last, subitems=(*last.subitems, line.item))))
    return Listing((*listing.items, line.item))
