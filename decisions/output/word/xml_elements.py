"""XML elements that python-docx cannot make: content controls, fields, footnotes and list numbers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

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


class ControlKind(NamedTuple):
    """A kind of content control for one line: its label, its prompt, and what can be put into it.

    `choices` gives the value of each text in a list to choose from; a `day` has a calendar to choose from.
    """

    label: str
    prompt: str
    choices: Mapping[str, str] = MappingProxyType({})
    is_day: bool = False

    def as_element(self) -> Element:
        """Return the element that makes a control one of this kind."""
        if self.is_day:
            element = make_element("date")
            for name, value in _BRITISH_DAYS.items():
                element.append(make_element(name, val=value))
            return element
        if not self.choices:
            return make_element("text", multiLine="1")
        element = make_element("dropDownList")
        element.extend(make_element("listItem", displayText=text, value=value) for text, value in self.choices.items())
        return element


_BRITISH_DAYS = {"dateFormat": "d MMMM yyyy", "lid": "en-GB", "storeMappedDataAs": "dateTime", "calendar": "gregorian"}


def passage_control(
    fact: str, label: str, control_id: int, paragraphs: list[Element], *, is_empty: bool = False
) -> list[Element]:
    """Return a content control round the paragraphs of a fact's text, with a bookmark round it.

    It is a building block control, because LibreOffice loses words next to a note in every other kind. If it
    `is_empty`, the paragraphs are only its prompt.
    """
    gallery = make_element("docPartObj")
    gallery.append(make_element("docPartGallery", val="Quick Parts"))
    properties = _properties(FactMarker(fact, is_line=False), label, control_id, gallery, is_empty=is_empty)
    return _content_control(FactMarker(fact, is_line=False), properties, control_id, paragraphs)


def line_control(fact: str, label: str, control_id: int, run: Element) -> list[Element]:
    """Return a content control round a fact's one line of text, with a bookmark round it."""
    marker = FactMarker(fact, is_line=True)
    return _content_control(marker, _properties(marker, label, control_id, make_element("text")), control_id, [run])


def typed_control(
    marker: FactMarker, control: ControlKind, control_id: int, run: Element, *, is_empty: bool
) -> list[Element]:
    """Return a content control of a kind round one line, which is its prompt if it `is_empty`."""
    properties = _properties(marker, control.label, control_id, control.as_element(), is_empty=is_empty)
    return _content_control(marker, properties, control_id, [run])


def _properties(
    marker: FactMarker, label: str, control_id: int, control_type: Element, *, is_empty: bool = False
) -> Element:
    """Return the properties of a content control that cannot be deleted."""
    properties = make_element("sdtPr")
    properties.append(make_element("alias", val=label[:MAX_TAG_LENGTH]))
    properties.append(make_element("tag", val=marker.tag))
    properties.append(make_element("id", val=str(control_id)))
    properties.append(make_element("lock", val="sdtLocked"))
    if is_empty:
        properties.append(make_element("showingPlcHdr"))
    properties.append(control_type)
    return properties


def _content_control(marker: FactMarker, properties: Element, control_id: int, wrapped: list[Element]) -> list[Element]:
    """Return a control with content that can be edited, between the ends of a bookmark."""
    content, control = make_element("sdtContent"), make_element("sdt")
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
