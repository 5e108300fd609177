"""Paragraphs and tables of a Word file as the passages of an author's text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

from decisions.output.word.package import Element, W
from decisions.output.word.paragraph_styles import Shape, Shapes
from decisions.output.word.paragraph_text import Spoken, joined, spoken_in
from rules.errors import InputError
from rules.values.passages import Cell, Cites, Item, Listing, Paragraph, Passage, Table
from rules.values.prose import LEAST_COLUMNS

_LABEL = re.compile(r"(\([0-9A-Za-z.]{1,15}\)|[0-9A-Z.]{1,15}\)|[0-9a-z.]{1,15}[.)])(?: |$)")
_CLAUSE_NUMBER = re.compile(r"\S{0,20}\.\t")
_MERGED = ("gridSpan", "vMerge", "hMerge")


class _Line(NamedTuple):
    """An item of a list, and its level there."""

    item: Item
    level: int


@dataclass
class Returned:
    """How paragraphs and tables of one file are read: by its styles and lists, and by the numbers of its notes."""

    shapes: Shapes
    notes: Mapping[str, int]

    def passages(self, blocks: Iterable[Element]) -> tuple[Passage, ...]:
        """The passages that some paragraphs and tables are, in order; what says nothing is left out."""
        found: list[Passage] = []
        for made in self._all(blocks):
            if not isinstance(made, _Line):
                found.append(made)
            elif found and isinstance(found[-1], Listing) and _takes(found[-1], made):
                found[-1] = _with(found[-1], made)
            else:
                found.append(Listing((made.item,)))
        return tuple(found)

    def line(self, said: Iterable[Spoken]) -> str:
        """What a fact of one line says; raises `InputError` where a note is cited in it."""
        text, cites = joined(said)
        if cites:
            raise InputError("cites a note, for which there is no room", "Write the words of the note into the text.")
        return text

    def _all(self, blocks: Iterable[Element]) -> Iterator[Passage | _Line]:
        for block in blocks:
            if block.tag == f"{W}tbl":
                yield self._table(block)
            else:
                yield from self._paragraph(block)

    def _paragraph(self, block: Element) -> Iterator[Paragraph | _Line]:
        shape = self.shapes.shape(block)
        said = list(spoken_in(block, self.notes))
        text, cites = joined(said)
        label = _label(shape, text, said)
        text, cites = text[len(label) :].lstrip(), _moved(cites, len(label), text)
        if not text and not cites:
            return
        label = shape.label or label
        if shape.kind == "item" or (shape.kind == "labelled" and label):
            yield _Line(Item(text, label, cites=cites), shape.level)
        else:
            yield Paragraph(text, cites=cites)

    def _table(self, table: Element) -> Table:
        if next(table.iter(*(f"{W}{name}" for name in _MERGED)), None) is not None:
            raise InputError("has a table with merged cells", "In Word: Table Layout, Split Cells; then save.")
        rows = [tuple(self._cell(cell) for cell in row.findall(f"{W}tc")) for row in table.findall(f"{W}tr")]
        if not rows or len(rows[0]) < LEAST_COLUMNS:
            raise InputError("has a table of one column", "Write it as paragraphs or as a list.")
        head, *others = rows
        return Table(head, tuple(others))

    def _cell(self, cell: Element) -> Cell:
        if cell.find(f".//{W}tbl") is not None:
            raise InputError("has a table in a table", "Write it as a table of its own.")
        said: list[Spoken] = []
        for paragraph in cell.iter(f"{W}p"):
            said += [*spoken_in(paragraph, self.notes), Spoken(" ")]
        text, cites = joined(said)
        if "|" in text:
            raise InputError('has the sign "|" in a table, which parts cells there', "Write something else for it.")
        return Cell(text, cites)


def _label(shape: Shape, text: str, said: Sequence[Spoken]) -> str:
    """The label with which the text of a paragraph begins, where it is no part of what its author says."""
    if shape.kind == "labelled":
        found = _LABEL.match(text)
        return found[1] if found else ""
    if shape.kind == "clause":
        start = "".join(str(each.words) for each in takewhile(lambda each: isinstance(each.words, str), said))
        numbered = _CLAUSE_NUMBER.match(start.lstrip())
        return numbered[0].rstrip("\t") if numbered else ""
    return ""


def _moved(cites: Cites, label: int, text: str) -> Cites:
    """Where notes are cited once the label, and the space behind it, is taken off."""
    gone = label + (len(text[label:]) - len(text[label:].lstrip())) if label else 0
    return tuple(replace(cite, place=max(cite.place - gone, 0)) for cite in cites)


def _takes(listing: Listing, line: _Line) -> bool:
    """Whether a list goes on with a line, as it does in a plain text: bullets and labels are not mixed at one level."""
    return bool(line.level) or bool(line.item.label) is bool(listing.items[0].label)


def _with(listing: Listing, line: _Line) -> Listing:
    """A list with one item more; one of the second level is a part of the last."""
    *others, last = listing.items
    if line.level:
        return Listing((*others, replace(last, parts=(*last.parts, line.item))))
    return Listing((*listing.items, line.item))
