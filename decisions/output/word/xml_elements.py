"""Those elements of a Word file for which python-docx has no words: content controls, fields, numbers of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from decisions.output.word.fact_markers import MAX_TAG_LENGTH, FactMarker
from decisions.output.word.package import Element

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph


def make_element(tag: str, /, **attributes: str) -> Element:
    """An element, with attributes of its own namespace."""
    made = OxmlElement(f"w:{tag}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def passage_control(fact: str, label: str, control_id: int, paragraphs: list[Element]) -> list[Element]:
    """A content control round whole paragraphs that are the text of a fact, and a bookmark round that.

    It is of the kind that holds a building block: LibreOffice loses words next to a note in one of any other kind.
    """
    gallery = make_element("docPartObj")
    gallery.append(make_element("docPartGallery", val="Quick Parts"))
    return _content_control(FactMarker(fact, is_line=False), label, control_id, paragraphs, gallery)


def line_control(fact: str, label: str, control_id: int, run: Element) -> list[Element]:
    """A content control round the one line of text that a fact is, and a bookmark round that."""
    return _content_control(FactMarker(fact, is_line=True), label, control_id, [run], make_element("text"))


def _content_control(
    key: FactMarker, label: str, control_id: int, wrapped: list[Element], control_type: Element
) -> list[Element]:
    """What is held can be edited; the control itself cannot be taken away."""
    properties, content, made = make_element("sdtPr"), make_element("sdtContent"), make_element("sdt")
    properties.append(make_element("alias", val=label[:MAX_TAG_LENGTH]))
    properties.append(make_element("tag", val=key.tag))
    properties.append(make_element("id", val=str(control_id)))
    properties.append(make_element("lock", val="sdtLocked"))
    properties.append(control_type)
    content.extend(wrapped)
    made.extend([properties, content])
    start = make_element("bookmarkStart", id=str(control_id), name=key.bookmark)
    return [start, made, make_element("bookmarkEnd", id=str(control_id))]


def add_field(paragraph: Paragraph, instruction: str) -> None:
    """Put a field at the end of a paragraph, such as PAGE; only fixed wording may ever be its instruction."""
    made = make_element("fldSimple", instr=instruction)
    made.append(_text_run("1"))  # until Word has counted
    paragraph.paragraph_format.element.append(made)


def footnote(number: int, text: str) -> Element:
    """A note at the foot of a page."""
    line = make_element("p")
    style = make_element("pPr")
    style.append(make_element("pStyle", val="FootnoteText"))
    line.extend([style, _footnote_run(make_element("footnoteRef")), _text_run(" "), _text_run(text)])
    made = make_element("footnote", id=str(number))
    made.append(line)
    return made


def footnote_reference(number: int) -> Element:
    """The mark of a note, where it is cited."""
    return _footnote_run(make_element("footnoteReference", id=str(number)))


def _footnote_run(mark: Element) -> Element:
    """A run that holds the mark of a note."""
    run, look = make_element("r"), make_element("rPr")
    look.append(make_element("rStyle", val="FootnoteReference"))
    run.extend([look, mark])
    return run


def _text_run(text: str) -> Element:
    run, said = make_element("r"), make_element("t")
    said.text = text
    said.set(qn("xml:space"), "preserve")
    run.append(said)
    return run


def set_list_number(paragraph: Paragraph, list_id: int, level: int) -> None:
    """Have a paragraph numbered as one of a list, at a level of it."""
    numbered = paragraph.paragraph_format.element.get_or_add_pPr().get_or_add_numPr()
    numbered.get_or_add_ilvl().val = level
    numbered.get_or_add_numId().val = list_id
