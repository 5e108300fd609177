"""XML elements that python-docx cannot make: content controls, fields, footnotes and list numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from decisions.output.word.fact_markers import MAX_TAG_LENGTH, FactMarker
from decisions.output.word.package import Element

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph


def make_element(tag: str, /, **attributes: str) -> Element:
    """Return an element of the `w:` namespace with its attributes."""
    element = OxmlElement(f"w:{tag}")
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element


def passage_control(fact: str, label: str, control_id: int, paragraphs: list[Element]) -> list[Element]:
    """Return a content control round the paragraphs of a fact's text, with a bookmark round it.

    It is a building block control, because LibreOffice loses words next to a note in every other kind.
    """
    gallery = make_element("docPartObj")
    gallery.append(make_element("docPartGallery", val="Quick Parts"))
    return _content_control(FactMarker(fact, is_line=False), label, control_id, paragraphs, gallery)


def line_control(fact: str, label: str, control_id: int, run: Element) -> list[Element]:
    """Return a content control round a fact's one line of text, with a bookmark round it."""
    return _content_control(FactMarker(fact, is_line=True), label, control_id, [run], make_element("text"))


def _content_control(
    marker: FactMarker, label: str, control_id: int, wrapped: list[Element], control_type: Element
) -> list[Element]:
    """Return a control that cannot be deleted, with content that can be edited, between the ends of a bookmark."""
    properties, content, control = make_element("sdtPr"), make_element("sdtContent"), make_element("sdt")
    properties.append(make_element("alias", val=label[:MAX_TAG_LENGTH]))
    properties.append(make_element("tag", val=marker.tag))
    properties.append(make_element("id", val=str(control_id)))
    properties.append(make_element("lock", val="sdtLocked"))
    properties.append(control_type)
    content.extend(wrapped)
    control.extend([properties, content])
    start = make_element("bookmarkStart", id=str(control_id), name=marker.bookmark)
    return [start, control, make_element("bookmarkEnd", id=str(control_id))]


def add_field(paragraph: Paragraph, instruction: str) -> None:
    """Add a field such as PAGE to a paragraph. Never pass text of a case: Word executes instructions."""
    element = make_element("fldSimple", instr=instruction)
    element.append(_text_run("1"))  # shown until Word has counted
    paragraph.paragraph_format.element.append(element)


def footnote(number: int, text: str) -> Element:
    """Return a note at the foot of a page."""
    line = make_element("p")
    style = make_element("pPr")
    style.append(make_element("pStyle", val="FootnoteText"))
    line.extend([style, _footnote_run(make_element("footnoteRef")), _text_run(" "), _text_run(text)])
    note = make_element("footnote", id=str(number))
    note.append(line)
    return note


def footnote_reference(number: int) -> Element:
    """Return the mark of a note at its citation."""
    return _footnote_run(make_element("footnoteReference", id=str(number)))


def _footnote_run(mark: Element) -> Element:
    """Return a run in the style of footnote marks."""
    run, properties = make_element("r"), make_element("rPr")
    properties.append(make_element("rStyle", val="FootnoteReference"))
    run.extend([properties, mark])
    return run


def _text_run(text: str) -> Element:
    run, content = make_element("r"), make_element("t")
    content.text = text
    content.set(qn("xml:space"), "preserve")
    run.append(content)
    return run


def set_list_number(paragraph: Paragraph, list_id: int, level: int) -> None:
    """Let Word number a paragraph as an item of a list, at a level of the list."""
    properties = paragraph.paragraph_format.element.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = list_id
