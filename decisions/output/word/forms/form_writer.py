"""Write a paper as a Word form: headings, questions with what helps to answer them, and a control for each answer.

- The same form gives the same bytes, like every Word file that assent makes.
- It keeps in its properties what is needed to read it back (`decisions.output.word.forms.form_marks`).
- Facts of one thing stand in a table of two columns; a text with paragraphs stands below it, since a cell has one line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from docx.oxml import parse_xml
from docx.shared import Twips

from decisions.documents.printability import refuse_unprintable
from decisions.documents.view import Document, Imprint, LetterheadView
from decisions.output.word.block_writer import WORD_WRITERS
from decisions.output.word.docx_builder import TEXT_WIDTH, DocxBuilder
from decisions.output.word.fact_markers import FactMarker
from decisions.output.word.forms import wording
from decisions.output.word.forms.choices import YES_NO, choice_texts
from decisions.output.word.forms.form_marks import CONFIDENTIAL_FIELDS, FormMarks, confidential_markers, digest_of
from decisions.output.word.prompts import PROMPTS, QUESTION_PROMPT
from decisions.output.word.reader import open_edited_file
from decisions.output.word.writer import finish_file, read_template, start_file, write_letterhead
from decisions.output.word.xml_elements import ControlKind
from rules.values.facts import CASE, subject_of_address
from rules.values.passages import Listing, Paragraph, Table
from rules.values.prose_parser import parse_prose
from workflow.services.paper_branches import Condition
from workflow.services.paper_form import FormBlock, FormField, PaperForm, name_fields

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph as Line

_QUESTION_WIDTH = 4300
_PASSAGE_WRITERS = {Paragraph: "paragraph", Listing: "listing", Table: "table"}


def render_paper_form(form: PaperForm, packs: str, letterhead: LetterheadView | None, file_name: str) -> bytes:
    """Return the Word file of a form; `packs` is the digest of its packs, `file_name` what it calls itself.

    Raises `DocumentError` for answers that no document can show.
    """
    refuse_unprintable(_margins(form, letterhead))
    marks = FormMarks(
        form.scheme.id,
        form.on,
        packs,
        public=tuple(each.address for each in form.fields(1)),
        exempt=tuple(each.address for each in form.fields(2)),
        given=tuple(form.given),
        has_part_2=form.has_part_2,
    )
    draft = _write(form, letterhead, marks, file_name)
    texts = open_edited_file(draft).read({}).other_texts.values()
    words = dict.fromkeys(digest_of(text) for of_place in texts for text in of_place)
    return _write(form, letterhead, replace(marks, words=tuple(words)), file_name)


def _write(form: PaperForm, letterhead: LetterheadView | None, marks: FormMarks, file_name: str) -> bytes:
    document = _margins(form, letterhead)
    file = start_file(document, marks.as_properties())
    file.styles.element.extend(list(parse_xml(read_template("form_styles"))))
    builder = DocxBuilder(file, {})
    if letterhead:
        write_letterhead(builder, letterhead)
    builder.add_paragraph("Authority", document.authority)
    builder.add_paragraph("Kind of Document", wording.KIND)
    builder.add_paragraph("Heading 1", document.title)
    _FormWriter(form, builder, file_name).write()
    return finish_file(builder)


def _margins(form: PaperForm, letterhead: LetterheadView | None) -> Document:
    """Return the document of which a form has the margins and the properties."""
    return Document(
        title=wording.TITLE,
        kind=wording.KIND,
        authority=form.scheme.declaration.name,
        subtitle="",
        marking=wording.MARKING if form.has_part_2 else "",
        reference="",
        status="",
        document_date=form.on,
        blocks=(),
        imprint=Imprint("", 0, "", "", 0),
        letterhead=letterhead,
    )


class _FormWriter:
    """Writes the body of one form."""

    def __init__(self, form: PaperForm, builder: DocxBuilder, file_name: str) -> None:
        self._form, self._builder, self._file_name = form, builder, file_name
        self._fields = form.numbers
        self._names = name_fields(form.scheme, list(self._fields))
        self._reasons = wording.Reasons()

    def write(self) -> None:
        """Write how to use the form, and each part."""
        self._add("Heading 2", wording.HOW_TO_HEADING)
        for text in wording.describe_use(self._form, self._file_name):
            self._add("Normal", text)
        for part, blocks in self._form.blocks.items():
            heading = self._add("Heading 2", wording.PART_HEADINGS[part])
            heading.paragraph_format.page_break_before = part != 1 or None
            if self._form.has_part_2:
                self._add("Normal", wording.PART_NOTES[part])
            for block in blocks:
                if not block.is_spare:
                    self._write_block(block)
            if part != 1:
                self._write_confidential_answers()
            self._write_spares([block for block in blocks if block.is_spare])

    def _write_spares(self, blocks: list[FormBlock]) -> None:
        if blocks:
            self._add("Heading 3", wording.SPARE_HEADING)
            self._add("Normal", wording.SPARE_NOTE)
            for block in blocks:
                self._write_block(block)

    def _write_block(self, block: FormBlock) -> None:
        if block.subject == CASE:
            self._write_section(block)
            return
        self._add("Heading 3", block.heading)
        conditions = Counter(each.condition for each in block.fields if each.condition)
        shared = max(conditions, key=lambda condition: conditions[condition], default=None)
        about = [block.about, wording.describe_condition(shared, self._fields) if shared else ""]
        for text in filter(None, about):
            self._add("Form Help", text)
        short = [each for each in block.fields if not each.is_long]
        if short:
            self._write_table(short, shared)
        for each in block.fields:
            if each.is_long:
                self._write_field(each, shown=shared)

    def _write_section(self, block: FormBlock) -> None:
        [first, *others] = block.fields
        is_own_heading = not others and first.is_long and first.declaration.label in block.heading
        if is_own_heading:
            self._add("Heading 3", wording.label_of(first))
        elif block.heading:
            self._add("Heading 3", block.heading)
        for each in block.fields:
            self._write_field(each, with_label=not is_own_heading)

    def _write_field(self, form_field: FormField, *, with_label: bool = True, shown: Condition | None = None) -> None:
        if with_label:
            self._add("Form Question", wording.label_of(form_field))
        for text in wording.describe_help(form_field, self._fields, shown):
            self._add("Form Help", text)
        if why := self._reasons.describe(form_field):
            self._add("Form Why", why)
        if form_field.is_long:
            self._write_text(form_field)
        else:
            self._write_answer(form_field, self._add("Form Answer"))

    def _write_table(self, fields: list[FormField], shown: Condition | None) -> None:
        """Write short answers of one thing as a table with a row for each; `shown` is a condition that stands above."""
        table = self._builder.file.add_table(0, 2, "Ruled")
        table.autofit = False
        for column, width in zip(table.columns, (_QUESTION_WIDTH, TEXT_WIDTH - _QUESTION_WIDTH), strict=True):
            column.width = Twips(width)
        for cell, text in zip(table.add_row().cells, (wording.QUESTION_HEAD, wording.ANSWER_HEAD), strict=True):
            self._builder.set_style(cell.paragraphs[0], "Cell")
            cell.paragraphs[0].add_run(text)
        for each in fields:
            question, answer = table.add_row().cells
            self._builder.set_style(question.paragraphs[0], "Form Cell Question")
            question.paragraphs[0].add_run(wording.label_of(each))
            for text in self._help_in_cell(each, shown):
                self._builder.set_style(question.add_paragraph(text), "Form Cell Help")
            self._builder.set_style(answer.paragraphs[0], "Cell")
            self._write_answer(each, answer.paragraphs[0])
        self._builder.keep_rows_whole()
        self._builder.add_paragraph("After Table")

    def _help_in_cell(self, form_field: FormField, shown: Condition | None) -> Iterator[str]:
        yield from wording.describe_help(form_field, self._fields, shown)
        if why := self._reasons.describe(form_field):
            yield why

    def _write_answer(self, form_field: FormField, line: Line) -> None:
        """Write the control for an answer of one line, with the answer that is known."""
        declaration, value = form_field.declaration, form_field.value
        choices = choice_texts(declaration) if declaration.kind == "choice" else {}
        control = ControlKind(
            self._names[form_field.address],
            PROMPTS[declaration.kind],
            YES_NO if declaration.kind == "flag" else choices,
            is_day=declaration.kind == "day",
        )
        text = "" if value is None else wording.format_answer(declaration, value)
        self._builder.add_control(line, FactMarker(form_field.address, is_line=True), control, text)

    def _write_text(self, form_field: FormField) -> None:
        """Write the control for a text with paragraphs of its own."""
        if form_field.value is None:
            self._write_prompt(form_field.address, self._names[form_field.address])
            return
        prose = parse_prose(str(form_field.value))
        self._builder.note_texts = {note.number: note.text for note in prose.notes}

        def write() -> None:
            for passage in prose.passages:
                WORD_WRITERS[_PASSAGE_WRITERS[type(passage)]](self._builder, passage)

        self._builder.wrap_passage(form_field.address, self._names[form_field.address], write)

    def _write_prompt(self, address: str, label: str) -> None:
        def write() -> None:
            self._add("Form Answer").add_run(PROMPTS["text"], "Form Prompt")

        self._builder.wrap_passage(address, label, write, is_empty=True)

    def _write_confidential_answers(self) -> None:
        """Write the fields for confidential answers to questions of Part 1."""
        fields = [each for each in self._form.fields(1) if self._may_be_confidential(each)]
        choices = {self._names[each.address]: str(each.number) for each in fields}
        self._add("Heading 3", wording.CONFIDENTIAL_HEADING)
        self._add("Normal", wording.CONFIDENTIAL_NOTE)
        for number in range(1, CONFIDENTIAL_FIELDS + 1):
            question, answer = confidential_markers(number)
            name = f"{wording.CONFIDENTIAL_ANSWER} {number}"
            self._add("Form Question", f"{name}: the question")
            control = ControlKind(f"{name}: the question", QUESTION_PROMPT, choices)
            self._builder.add_control(self._add("Form Answer"), question, control, "")
            self._add("Form Question", f"{name}: the answer")
            self._write_prompt(answer.fact, f"{name}: the answer")

    def _may_be_confidential(self, form_field: FormField) -> bool:
        """Whether an answer of Part 1 may be given in Part 2: not one by which documents are chosen and named."""
        is_head = subject_of_address(form_field.address) == CASE and form_field.address in self._form.head_facts
        return form_field.value is None and not is_head

    def _add(self, style: str, text: str = "") -> Line:
        return self._builder.add_paragraph(style, text)
