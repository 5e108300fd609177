"""The sheet on which a document is set: a Word file that grows by lines, tables, notes and content controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Twips

from decisions.documents.blocks.fields import Field
from decisions.output.word.clause_counter import ClauseCounter
from decisions.output.word.package import Element
from decisions.output.word.xml_elements import footnote, footnote_reference, line_control, make_element, passage_control
from rules.values.passages import AnnotatedText, Cell, split_at_notes

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from docx.text.paragraph import Paragraph as Line

TEXT_WIDTH = 9070
"""How wide the text is, in twentieths of a point."""


@dataclass
class DocxBuilder:
    """A Word file on which a document is being set, and the texts of its notes by their numbers.

    `inset` is how far what belongs to a clause stands to the right.
    """

    file: WordFile
    note_texts: Mapping[int, str]
    clause_counter: ClauseCounter = field(default_factory=ClauseCounter)
    footnotes: list[Element] = field(default_factory=list)
    control_count: int = 0
    indent: int = 0

    def add_paragraph(self, style: str, text: str = "") -> Line:
        """One paragraph more."""
        return self.file.add_paragraph(text, style)

    def add_words(self, paragraph: Line, words: AnnotatedText) -> None:
        """An author's words at the end of a line, with the notes that they cite."""
        for piece in split_at_notes(words):
            if isinstance(piece, int):
                self.footnotes.append(footnote(len(self.footnotes) + 1, self.note_texts[piece]))
                paragraph.paragraph_format.element.append(footnote_reference(len(self.footnotes)))
            elif piece:
                paragraph.add_run(piece)

    def add_value(self, paragraph: Line, item: Field) -> None:
        """What was entered for a field, at the end of a line; in a content control where it can be edited."""
        run = paragraph.add_run(item.value or item.placeholder, None if item.value else "Nothing Stated")
        if item.fact:
            self._wrap_run(paragraph, run.element, item.fact, item.label)

    def add_fact(self, paragraph: Line, fact: str, label: str, text: str) -> None:
        """The text of a fact at the end of a line, in a content control."""
        self._wrap_run(paragraph, paragraph.add_run(text).element, fact, label)

    def _wrap_run(self, paragraph: Line, run: Element, fact: str, label: str) -> None:
        self.control_count += 1
        paragraph.paragraph_format.element.extend(line_control(fact, label, self.control_count, run))

    def wrap_passage(self, fact: str, label: str, write_content: Callable[[], None]) -> None:
        """What some work puts on the sheet, in a content control by which the text of a fact is known again."""
        body = self.file.element.body
        first = len(body) - 1  # the last is what says how pages are laid out
        write_content()
        held = list(body)[first:-1]
        self.control_count += 1
        body[first:first] = passage_control(fact, label, self.control_count, held)

    def add_table(self, widths: Sequence[int], rows: Sequence[Sequence[Cell]], right_aligned: set[int]) -> None:
        """A table, of which the first row stands again at the head of each page; some columns are set to the right."""
        table = self.file.add_table(0, len(widths), "Ruled")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Twips(width)
        for row in rows:
            for place, (cell, words) in enumerate(zip(table.add_row().cells, row, strict=True)):
                line = cell.paragraphs[0]
                line.style = "Cell"
                if place in right_aligned:
                    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self.add_words(line, words)
        self._keep_rows_whole()
        self.add_paragraph("After Table")  # two tables would be one, and nobody could write below the last

    def _keep_rows_whole(self) -> None:
        """Keep each row of the last table on one page, and have its head repeated."""
        table = self.file.element.body.tbl_lst[-1]
        for row in table.tr_lst:
            row.get_or_add_trPr().append(make_element("cantSplit"))
        table.tr_lst[0].get_or_add_trPr().append(make_element("tblHeader"))
        if self.indent:
            inset = make_element("tblInd", w=str(self.indent), type="dxa")
            table.tblPr.insert_element_before(inset, "w:tblLayout", "w:tblLook")
