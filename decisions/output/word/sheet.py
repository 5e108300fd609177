"""The sheet on which a document is set: a Word file that grows by lines, tables, notes and content controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Twips

from decisions.documents.view import Field
from decisions.output.word.elements import element, line_control, note, note_reference, passage_control
from decisions.output.word.numbers import Numbers
from decisions.output.word.package import Element
from rules.values.passages import Cell, Words, pieces

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from docx.text.paragraph import Paragraph as Line

WIDTH = 9070
"""How wide the text is, in twentieths of a point."""


@dataclass
class Sheet:
    """A Word file on which a document is being set, and the texts of its notes by their numbers.

    `inset` is how far what belongs to a clause stands to the right.
    """

    file: WordFile
    texts: Mapping[int, str]
    numbers: Numbers = field(default_factory=Numbers)
    notes: list[Element] = field(default_factory=list)
    controls: int = 0
    inset: int = 0

    def line(self, style: str, text: str = "") -> Line:
        """One paragraph more."""
        return self.file.add_paragraph(text, style)

    def say(self, line: Line, words: Words) -> None:
        """An author's words at the end of a line, with the notes that they cite."""
        for piece in pieces(words):
            if isinstance(piece, int):
                self.notes.append(note(len(self.notes) + 1, self.texts[piece]))
                line.paragraph_format.element.append(note_reference(len(self.notes)))
            elif piece:
                line.add_run(piece)

    def value(self, line: Line, item: Field) -> None:
        """What was entered for a field, at the end of a line; in a content control where it can be edited."""
        run = line.add_run(item.value or item.nothing, None if item.value else "Nothing Stated")
        if item.fact:
            self._hold_run(line, run.element, item.fact, item.label)

    def fact(self, line: Line, fact: str, label: str, text: str) -> None:
        """The text of a fact at the end of a line, in a content control."""
        self._hold_run(line, line.add_run(text).element, fact, label)

    def _hold_run(self, line: Line, run: Element, fact: str, label: str) -> None:
        self.controls += 1
        line.paragraph_format.element.extend(line_control(fact, label, self.controls, run))

    def hold(self, fact: str, label: str, work: Callable[[], None]) -> None:
        """What some work puts on the sheet, in a content control by which the text of a fact is known again."""
        body = self.file.element.body
        first = len(body) - 1  # the last is what says how pages are laid out
        work()
        held = list(body)[first:-1]
        self.controls += 1
        body[first:first] = passage_control(fact, label, self.controls, held)

    def table(self, widths: Sequence[int], rows: Sequence[Sequence[Cell]], right: set[int]) -> None:
        """A table, of which the first row stands again at the head of each page; some columns are set to the right."""
        table = self.file.add_table(0, len(widths), "Ruled")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Twips(width)
        for row in rows:
            for place, (cell, words) in enumerate(zip(table.add_row().cells, row, strict=True)):
                line = cell.paragraphs[0]
                line.style = "Cell"
                if place in right:
                    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self.say(line, words)
        self._bind()
        self.line("After Table")  # two tables would be one, and nobody could write below the last

    def _bind(self) -> None:
        """Keep each row of the last table on one page, and have its head repeated."""
        table = self.file.element.body.tbl_lst[-1]
        for row in table.tr_lst:
            row.get_or_add_trPr().append(element("cantSplit"))
        table.tr_lst[0].get_or_add_trPr().append(element("tblHeader"))
        if self.inset:
            inset = element("tblInd", w=str(self.inset), type="dxa")
            table.tblPr.insert_element_before(inset, "w:tblLayout", "w:tblLook")
