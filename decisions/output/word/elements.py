"""Those elements of a Word file for which python-docx has no words: content controls, fields, numbers of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from decisions.output.word.keys import LONGEST_TAG, Key
from decisions.output.word.package import Element

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph


def element(tag: str, /, **attributes: str) -> Element:
    """An element, with attributes of its own namespace."""
    made = OxmlElement(f"w:{tag}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def passage_control(fact: str, label: str, number: int, lines: list[Element]) -> list[Element]:
    """A content control round whole paragraphs that are the text of a fact, and a bookmark round that.

    It is of the kind that holds a building block: LibreOffice loses words next to a note in one of any other kind.
    """
    gallery = element("docPartObj")
    gallery.append(element("docPartGallery", val="Quick Parts"))
    return _control(Key(fact, is_line=False), label, number, lines, gallery)


def line_control(fact: str, label: str, number: int, run: Element) -> list[Element]:
    """A content control round the one line of text that a fact is, and a bookmark round that."""
    return _control(Key(fact, is_line=True), label, number, [run], element("text"))


def _control(key: Key, label: str, number: int, held: list[Element], kind: Element) -> list[Element]:
    """What is held can be edited; the control itself cannot be taken away."""
    properties, content, made = element("sdtPr"), element("sdtContent"), element("sdt")
    properties.append(element("alias", val=label[:LONGEST_TAG]))
    properties.append(element("tag", val=key.tag))
    properties.append(element("id", val=str(number)))
    properties.append(element("lock", val="sdtLocked"))
    properties.append(kind)
    content.extend(held)
    made.extend([properties, content])
    start = element("bookmarkStart", id=str(number), name=key.bookmark)
    return [start, made, element("bookmarkEnd", id=str(number))]


def add_field(paragraph: Paragraph, instruction: str) -> None:
    """Put a field at the end of a paragraph, such as PAGE; only fixed wording may ever be its instruction."""
    made = element("fldSimple", instr=instruction)
    made.append(_run("1"))  # until Word has counted
    paragraph.paragraph_format.element.append(made)


def note(number: int, text: str) -> Element:
    """A note at the foot of a page."""
    line = element("p")
    style = element("pPr")
    style.append(element("pStyle", val="FootnoteText"))
    line.extend([style, _marked(element("footnoteRef")), _run(" "), _run(text)])
    made = element("footnote", id=str(number))
    made.append(line)
    return made


def note_reference(number: int) -> Element:
    """The mark of a note, where it is cited."""
    return _marked(element("footnoteReference", id=str(number)))


def _marked(mark: Element) -> Element:
    """A run that holds the mark of a note."""
    run, look = element("r"), element("rPr")
    look.append(element("rStyle", val="FootnoteReference"))
    run.extend([look, mark])
    return run


def _run(text: str) -> Element:
    run, said = element("r"), element("t")
    said.text = text
    said.set(qn("xml:space"), "preserve")
    run.append(said)
    return run


def set_number(paragraph: Paragraph, number_of: int, level: int) -> None:
    """Have a paragraph numbered as one of a list, at a level of it."""
    numbered = paragraph.paragraph_format.element.get_or_add_pPr().get_or_add_numPr()
    numbered.get_or_add_ilvl().val = level
    numbered.get_or_add_numId().val = number_of
