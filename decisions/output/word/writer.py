"""Render a document as a Word file that officers can edit.

- The same document gives the same bytes: nothing of this machine, of the time or of python-docx's template is left.
- The imprint stands in the file's properties, and the texts of facts stand in content controls, so that an edited file
  can be read back (`decisions.output.word.reader`).

This is an edge: it reads our styles from `templates/word`, and python-docx reads its own template.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from decisions.documents.blocks.prose import Notes
from decisions.documents.blocks.registry import Block
from decisions.documents.printability import refuse_unprintable
from decisions.documents.view import Document, LetterheadView
from decisions.output import html
from decisions.output.word.block_writer import write_document_blocks
from decisions.output.word.docx_builder import DocxBuilder
from decisions.output.word.package import PROPERTIES, Element, build_properties, pack_parts, read_parts
from decisions.output.word.xml_elements import add_field
from rules.values.calendar import long_date

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from docx.section import Section
    from docx.text.paragraph import Paragraph

_KEPT_RELATIONSHIPS = {
    RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES,
    RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.NUMBERING, RELATIONSHIP_TYPE.SETTINGS, RELATIONSHIP_TYPE.HEADER,
    RELATIONSHIP_TYPE.FOOTER, RELATIONSHIP_TYPE.FOOTNOTES,
}  # fmt: skip
_MAX_PROPERTY_LENGTH = 255
"""How many characters the format allows in a core property."""


def render_docx(document: Document) -> bytes:
    """Return the Word file of a document; raise `DocumentError` as `refuse_unprintable` does."""
    refuse_unprintable(document)
    file = start_file(document, asdict(document.imprint))
    builder = DocxBuilder(file, _note_texts(document))
    _write_masthead(builder, document)
    write_document_blocks(builder, replace(document, blocks=tuple(_without_notes(document.blocks))))
    _write_imprint(builder, document)
    return finish_file(builder)


def finish_file(builder: DocxBuilder) -> bytes:
    """Return the file that was built, with its notes."""
    _add_notes(builder.file, builder.footnotes)
    saved = io.BytesIO()
    builder.file.save(saved)
    return pack_parts(read_parts(saved.getvalue()))  # python-docx would compress it and date its parts


def start_file(document: Document, properties: Mapping[str, object]) -> WordFile:
    """Return a file without text, with our styles, the properties by which it is read back, and the page margins.

    Nothing else of python-docx's template is left.
    """
    file = docx.Document()
    for relations in (file.part.package.rels, file.part.rels):
        for key in [key for key, relation in relations.items() if relation.reltype not in _KEPT_RELATIONSHIPS]:
            del relations[key]
    for name, root in (
        ("styles", file.styles.element),
        ("numbering", file.part.numbering_part.element),
        ("settings", file.settings.element),
    ):
        _replace_content(root, name)
    for language in (*file.styles.element.iter(qn("w:lang")), *file.settings.element.iter(qn("w:themeFontLang"))):
        language.set(qn("w:val"), document.language)
    file.element.body.sectPr.attrib.clear()  # they name the editing session in which the template was written
    _set_properties(file, document, properties)
    _set_page_layout(file.sections[0], document)
    return file


def _replace_content(root: Element, name: str) -> None:
    """Replace the content of a part by our template of it."""
    root[:] = list(parse_xml(read_template(name)))


def read_template(name: str) -> bytes:
    """Return one of our templates of the parts of a Word file."""
    return (html.TEMPLATE_FOLDER / "word" / f"{name}.xml").read_bytes()


def _set_properties(file: WordFile, document: Document, own: Mapping[str, object]) -> None:
    properties, day = file.core_properties, datetime.combine(document.document_date, time(), UTC)
    reference = f"{document.reference}: " if document.reference else ""
    properties.title = f"{reference}{document.title} – {document.kind}"[:_MAX_PROPERTY_LENGTH]
    properties.author = properties.last_modified_by = document.authority[:_MAX_PROPERTY_LENGTH]
    properties.subject = document.subtitle[:_MAX_PROPERTY_LENGTH]
    properties.language, properties.content_status = document.language, document.status[:_MAX_PROPERTY_LENGTH]
    properties.created = properties.modified = day
    properties.comments = ""
    package = file.part.package
    part = Part(
        PackURI(f"/{PROPERTIES}"),
        CONTENT_TYPE.OFC_CUSTOM_PROPERTIES,
        build_properties(own),
        package,
    )
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def _set_page_layout(section: Section, document: Document) -> None:
    """Set A4 pages, with marking, status, source and page number in the margins of every page."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(32), Mm(27)
    section.header_distance, section.footer_distance = Mm(12), Mm(12)
    section.different_first_page_header_footer = True
    for header in (section.first_page_header, section.header):
        header.is_linked_to_previous = False
        _add_marking(header.paragraphs[0], document).add_run(f"\t{document.status}", "Strong")
    source = f"{document.reference} · {document.authority}" if document.reference else document.authority
    section.header.add_paragraph(source, "Header")
    for footer in (section.first_page_footer, section.footer):
        footer.is_linked_to_previous = False
        line = _add_marking(footer.paragraphs[0], document)
        line.add_run("\tPage ")
        add_field(line, "PAGE")
        line.add_run(" of ")
        add_field(line, "NUMPAGES")


def _add_marking(paragraph: Paragraph, document: Document) -> Paragraph:
    paragraph.add_run(document.marking, "Strong")
    return paragraph


def _write_masthead(builder: DocxBuilder, document: Document) -> None:
    if document.letterhead:
        write_letterhead(builder, document.letterhead)
    builder.add_paragraph("Authority", document.authority)
    builder.add_paragraph("Kind of Document", document.kind)
    builder.add_paragraph("Heading 1", document.title)
    if document.subtitle:
        builder.add_paragraph("Subtitle", document.subtitle)
    _write_masthead_line(builder, "Reference", document.reference or "Not yet given")
    _write_masthead_line(builder, "Date", long_date(document.document_date))
    if document.status:
        _write_masthead_line(builder, "Status", document.status)
    builder.add_paragraph("End of Masthead")


def write_letterhead(builder: DocxBuilder, letterhead: LetterheadView) -> None:
    """Write the logo with its description, and beside it the lines, one below the other."""
    line = builder.add_paragraph("Letterhead")
    picture = line.add_run().add_picture(io.BytesIO(letterhead.logo), Mm(letterhead.width_mm), Mm(letterhead.height_mm))
    # python-docx gives no other way to the properties.
    for properties in picture._inline.iter(qn("wp:docPr"), qn("pic:cNvPr")):  # noqa: SLF001
        properties.set("name", "Logo")
        properties.set("descr", letterhead.alt)
    for text in letterhead.lines:
        builder.add_paragraph("Letterhead Line", text)


def _write_masthead_line(builder: DocxBuilder, label: str, value: str) -> None:
    line = builder.add_paragraph("Particular")
    line.add_run(label, "Strong")
    line.add_run(f"\t{value}")


def _note_texts(document: Document) -> dict[int, str]:
    """Return the texts of a document's notes by number."""
    return {note.number: note.text for block in document.blocks if isinstance(block, Notes) for note in block.items}


def _without_notes(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield the blocks without the notes and the heading above them: Word sets notes at the foot of its pages."""
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if not isinstance(block, Notes) and not isinstance(following, Notes):
            yield block


def _add_notes(file: WordFile, notes: list[Element]) -> None:
    """Add the cited notes to the file."""
    root = parse_xml(read_template("footnotes"))
    root.extend(notes)
    package = file.part.package
    part = XmlPart(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, root, package)
    file.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _write_imprint(builder: DocxBuilder, document: Document) -> None:
    imprint = document.imprint
    line = builder.add_paragraph("Imprint", f"{imprint.line} ")
    line.add_run().add_break()
    line.add_run(imprint.head)
