"""Build the body of a Word file: paragraphs, tables, footnotes and content controls, one after the other.

- The text of a fact that can be edited stands in a content control with a number of its own.
- Footnotes are collected here in the order of their citations; the writer puts them into the file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Twips

from decisions.documents.blocks.fields import Field
from decisions.output.word.clause_counter import ClauseCounter
from decisions.output.word.fact_markers import FactMarker
from decisions.output.word.package import Element
from decisions.output.word.xml_elements import (
    ControlKind,
    footnote,
    footnote_reference,
    line_control,
    make_element,
    passage_control,
    typed_control,
)
from rules.values.passages import AnnotatedText, Cell, split_at_notes

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from docx.text.paragraph import Paragraph as Line

TEXT_WIDTH = 9070
"""The width of the text on a page, in twentieths of a point."""


@dataclass
class DocxBuilder:
    """A Word file that is being written, and the texts of the document's notes by number.

    `indent` is how far lists and tables below a clause are indented, in twentieths of a point.
    """

    file: WordFile
    note_texts: Mapping[int, str]
    clause_counter: ClauseCounter = field(default_factory=ClauseCounter)
    footnotes: list[Element] = field(default_factory=list)
    control_count: int = 0
    indent: int = 0
    style_ids: dict[str, str | None] = field(default_factory=dict)

    def add_paragraph(self, style: str, text: str = "") -> Line:
        """Add a paragraph of a style."""
        line = self.file.add_paragraph(text)
        self.set_style(line, style)
        return line

    def set_style(self, line: Line, style: str) -> None:
        """Give a paragraph a style, whose id python-docx would look for among all styles each time."""
        element = line.paragraph_format.element
        if style in self.style_ids:
            element.style = self.style_ids[style]
        else:
            line.style = style
            self.style_ids[style] = element.style

    def add_words(self, paragraph: Line, words: AnnotatedText) -> None:
        """Add an author's words and their notes to a paragraph."""
        for piece in split_at_notes(words):
            if isinstance(piece, int):
                self.footnotes.append(footnote(len(self.footnotes) + 1, self.note_texts[piece]))
                paragraph.paragraph_format.element.append(footnote_reference(len(self.footnotes)))
            elif piece:
                paragraph.add_run(piece)

    def add_value(self, paragraph: Line, item: Field) -> None:
        """Add the value of a field to a paragraph, in a content control if it can be edited."""
        run = paragraph.add_run(item.value or item.placeholder, None if item.value else "Nothing Stated")
        if item.fact:
            self._wrap_run(paragraph, run.element, item.fact, item.label)

    def add_fact(self, paragraph: Line, fact: str, label: str, text: str) -> None:
        """Add a fact's text to a paragraph, in a content control."""
        self._wrap_run(paragraph, paragraph.add_run(text).element, fact, label)

    def _wrap_run(self, paragraph: Line, run: Element, fact: str, label: str) -> None:
        self.control_count += 1
        paragraph.paragraph_format.element.extend(line_control(fact, label, self.control_count, run))

    def add_control(self, paragraph: Line, marker: FactMarker, control: ControlKind, text: str) -> None:
        """Add a content control of a kind to a paragraph, with its text or, without one, its prompt."""
        run = paragraph.add_run(text or control.prompt, None if text else "Form Prompt").element
        self.control_count += 1
        paragraph.paragraph_format.element.extend(
            typed_control(marker, control, self.control_count, run, is_empty=not text)
        )

    def wrap_passage(self, fact: str, label: str, write_content: Callable[[], None], *, is_empty: bool = False) -> None:
        """Put what `write_content` writes into a content control, by which the text of a fact is read back.

        If it `is_empty`, what is written is only a prompt.
        """
        body = self.file.element.body
        start = len(body) - 1  # the last element is the page layout, and stays last
        write_content()
        content = list(body)[start:-1]
        self.control_count += 1
        body[start:start] = passage_control(fact, label, self.control_count, content, is_empty=is_empty)

    def add_table(
        self,
        widths: Sequence[int],
        rows: Sequence[Sequence[Cell]],
        right_aligned: Collection[int] = (),
        *,
        keep_together: bool = False,
    ) -> None:
        """Add a table whose first row is repeated on each page; `right_aligned` are columns, counted from 0.

        With `keep_together` it stays on one page, which is for short tables only.
        """
        table = self.file.add_table(0, len(widths), "Ruled")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Twips(width)
        for row in rows:
            for column_index, (cell, words) in enumerate(zip(table.add_row().cells, row, strict=True)):
                line = cell.paragraphs[0]
                self.set_style(line, "Cell")
                line.paragraph_format.keep_with_next = (keep_together and row is not rows[-1]) or None
                if column_index in right_aligned:
                    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self.add_words(line, words)
        self.keep_rows_whole()
        self.add_paragraph("After Table")  # else Word joins two tables, and nobody can type below the last

    def keep_rows_whole(self) -> None:
        """Keep each row of the last table on one page, and repeat its first row."""
        table = self.file.element.body.tbl_lst[-1]
        for row in table.tr_lst:
            row.get_or_add_trPr().append(make_element("cantSplit"))
        table.tr_lst[0].get_or_add_trPr().append(make_element("tblHeader"))
        if self.indent:
            inset = make_element("tblInd", w=str(self.indent), type="dxa")
            table.tblPr.insert_element_before(inset, "w:tblLayout", "w:tblLook")
