"""Read paragraphs and tables of a Word file as passages of an author's text.

The passages are those that the plain text of a paper can have: anything else, such as merged cells, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

from decisions.output.word.package import Element, W
from decisions.output.word.reading.paragraph_classifier import ParagraphClassifier, ParagraphKind
from decisions.output.word.reading.places import naming_place
from decisions.output.word.reading.text_runs import RunReader, TextRun, join_runs
from rules.errors import InputError
from rules.values.passages import Cell, Item, Listing, NoteReferences, Paragraph, Passage, Table
from rules.values.prose_parser import MIN_COLUMNS

_LABEL = re.compile(r"(\([0-9A-Za-z.]{1,15}\)|[0-9A-Z.]{1,15}\)|[0-9a-z.]{1,15}[.)])(?: |$)")
_CLAUSE_NUMBER = re.compile(r"\S{0,20}\.\t")
_MERGED_CELL_TAGS = ("gridSpan", "vMerge", "hMerge")


class _ListLine(NamedTuple):
    """An item of a list, and its level (0 or 1)."""

    item: Item
    level: int


@dataclass
class PassageReader:
    """Reads paragraphs and tables of one file, by its lists, its styles and its notes."""

    classifier: ParagraphClassifier
    run_reader: RunReader

    def read_passages(self, blocks: Iterable[Element], label: str) -> tuple[Passage, ...]:
        """Return the passages of paragraphs and tables, without empty ones.

        `label` is the name of the fact whose text they are; an error names it, and the paragraph or table.
        """
        passages: list[Passage] = []
        lines: list[_ListLine] = []  # of the list that is being read
        for part in self._read_blocks(blocks, label):
            if isinstance(part, _ListLine) and (not lines or _continues_list(lines[0], part)):
                lines.append(part)
                continue
            passages += _make_lists(lines)
            lines = [part] if isinstance(part, _ListLine) else []
            passages += [] if isinstance(part, _ListLine) else [part]
        return (*passages, *_make_lists(lines))

    def read_line(self, runs: Iterable[TextRun]) -> str:
        """Return the text of a one-line fact; raise `InputError` if it cites a note."""
        text, cites = join_runs(runs)
        if cites:
            raise InputError("cites a note, for which there is no room", "Write the words of the note into the text.")
        return text

    def _read_blocks(self, blocks: Iterable[Element], label: str) -> Iterator[Passage | _ListLine]:
        for number, block in enumerate(blocks, 1):
            if block.tag == f"{W}p":
                with naming_place(f"{label}, paragraph {number}"):
                    yield from list(self._read_paragraph(block))
            elif block.tag == f"{W}tbl":
                yield self._read_table(block, label)
            else:
                kind = "another file" if block.tag == f"{W}altChunk" else "something that is no text"
                raise InputError(f"has {kind}, in {label}", "Write or paste its words instead.")

    def _read_paragraph(self, block: Element) -> Iterator[Paragraph | _ListLine]:
        kind = self.classifier.classify(block)
        runs = self.run_reader.read(block, is_fact=True)
        text, cites = join_runs(runs)
        label = _find_label(kind, text, runs)
        text, cites = text[len(label) :].lstrip(), _shift_cites(cites, len(label), text)
        if not text and not cites:
            return
        label = kind.label or label
        if kind.kind == "item" or (kind.kind == "labelled" and label):
            yield _ListLine(Item(text, label, note_references=cites), kind.level)
        else:
            yield Paragraph(text, note_references=cites)

    def _read_table(self, table: Element, label: str) -> Table:
        with naming_place(label):
            if next(table.iter(*(f"{W}{name}" for name in _MERGED_CELL_TAGS)), None) is not None:
                raise InputError("has a table with merged cells", "In Word: Table Layout, Split Cells; then save.")
            rows = [list(_held_elements(row, f"{W}tc")) for row in _held_elements(table, f"{W}tr")]
            if not rows or len(rows[0]) < MIN_COLUMNS:
                raise InputError("has a table of one column", "Write it as paragraphs or as a list.")
            if len({len(row) for row in rows}) > 1:
                raise InputError("has a table whose rows have different numbers of cells", "Give each row as many.")
        head, *others = (
            tuple(self._read_cell(cell, f"{label}, row {row}, column {column}") for column, cell in enumerate(cells, 1))
            for row, cells in enumerate(rows, 1)
        )
        return Table(head, tuple(others))

    def _read_cell(self, cell: Element, place: str) -> Cell:
        with naming_place(place):
            if cell.find(f".//{W}tbl") is not None:
                raise InputError("has a table in a table", "Write it as a table of its own.")
            runs: list[TextRun] = []
            for paragraph in cell.iter(f"{W}p"):
                runs += [*self.run_reader.read(paragraph, is_fact=True), TextRun(" ")]
            text, cites = join_runs(runs)
            if "|" in text:
                raise InputError('has the sign "|" in a table, where it separates cells', "Write another sign instead.")
            return Cell(text, cites)


def _held_elements(parent: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also those in content controls of ours."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif element.tag == f"{W}sdt":
            yield from _held_elements(element.find(f"{W}sdtContent"), tag)


def _find_label(kind: ParagraphKind, text: str, runs: Sequence[TextRun]) -> str:
    """Return the label or number at the start of a paragraph that is not part of the author's text."""
    if kind.kind == "labelled":
        match = _LABEL.match(text)
        return match[1] if match else ""
    if kind.kind == "clause":
        # The tab after the number is lost in `text`, and a clause may begin with words such as "etc.".
        start = "".join(str(run.words) for run in takewhile(lambda run: isinstance(run.words, str), runs))
        match = _CLAUSE_NUMBER.match(start.lstrip())
        return match[0].rstrip("\t") if match else ""
    return ""


def _shift_cites(cites: NoteReferences, label_length: int, text: str) -> NoteReferences:
    """Return where notes are cited once the label and the space after it are removed."""
    if not label_length:
        return cites
    after_label = text[label_length:]
    shift = label_length + len(after_label) - len(after_label.lstrip())
    return tuple(replace(cite, offset=max(cite.offset - shift, 0)) for cite in cites)


def _continues_list(first: _ListLine, line: _ListLine) -> bool:
    """Whether a line continues a list, as in plain text: bullets and labels are not mixed at one level."""
    return bool(line.level) or bool(line.item.label) is bool(first.item.label)


def _make_lists(lines: Sequence[_ListLine]) -> list[Listing]:
    """Return the list of some lines, if there are any; a line of the second level goes below the last item."""
    items: list[list[Item]] = []
    for line in lines:
        if items and line.level:
            items[-1].append(line.item)
        else:
            items.append([line.item])
    return [Listing(tuple(replace(item, subitems=tuple(below)) for item, *below in items))] if items else []
