"""Those elements of a Word file for which python-docx has no words: content controls, fields, numbers of a list."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from decisions.word.package import OURS, Element

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

LONGEST_TAG = 64
"""Word takes a file for damaged in which the tag or the name of a content control is longer."""


def tag_of(fact: str) -> str:
    """The tag of the content controls that hold the text of a fact: its address, or where that is long its digest."""
    plain = OURS + fact
    return plain if len(plain) <= LONGEST_TAG else OURS + sha256(fact.encode()).hexdigest()[:32]


def element(name: str, **attributes: str) -> Element:
    """An element, with attributes of its own namespace."""
    made = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def control(fact: str, label: str, number: int, held: list[Element]) -> Element:
    """A content control round the text of a fact, which can be edited but not be taken away.

    `held` are whole paragraphs, or runs of one.
    """
    properties, content = element("sdtPr"), element("sdtContent")
    properties.append(element("alias", val=label[:LONGEST_TAG]))
    properties.append(element("tag", val=tag_of(fact)))
    properties.append(element("id", val=str(number)))
    properties.append(element("lock", val="sdtLocked"))
    content.extend(held)
    made = element("sdt")
    made.extend([properties, content])
    return made


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
