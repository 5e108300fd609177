"""Take the wrappers out of a part of a Word file, so that tables, rows, cells, paragraphs and runs stand in each other.

Word and other programs wrap any of these in links, fields, smart tags, foreign content controls and alternatives for
older programs. Afterwards:

- what a wrapper holds stands in its place: nothing that is shown is lost, and no alternative is read twice;
- the only content controls are ours, by which the texts of facts are found;
- prompts such as "Click or tap to enter a date." have no text, since nobody wrote it;
- instructions of fields have no text, and their results are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from decisions.output.word.package import OWN_PREFIX, Element, W
from decisions.output.word.prompts import OWN_PROMPTS
from rules.errors import InputError

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ALTERNATIVES = f"{_COMPATIBILITY}AlternateContent"
"""The element that is left in place only where its alternatives have different words."""
_WRAPPERS = tuple(f"{W}{name}" for name in ("hyperlink", "smartTag", "customXml", "fldSimple", "dir", "bdo"))
_WRAPPER_PROPERTIES = tuple(f"{W}{name}" for name in ("smartTagPr", "customXmlPr"))
_SHOWN = tuple(f"{W}{name}" for name in ("t", "sym", "tab", "br", "cr", "noBreakHyphen", "softHyphen"))
_MARGINS = (f"{W}hdr", f"{W}ftr")
_COUNTED_BY_WORD = ("PAGE", "NUMPAGES", "SECTIONPAGES")
"""Fields of a margin whose results Word counts anew whenever it saves the file."""
_MAX_OPEN_FIELDS = 50
"""How many fields may stand inside each other: what is inside is kept for each of them."""
_WORD_2010 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_OFF_VALUES = ("0", "false", "off", "none")
_PROMPTS = OWN_PROMPTS | frozenset(
    {
        "click or tap here to enter text.", "click here to enter text.", "click or tap to enter a date.",
        "click here to enter a date.", "choose an item.", "choose a building block.", "click or tap to enter text.",
    }
)  # fmt: skip
"""Our prompts, and those of Word in English; some programs drop the mark by which a prompt is known."""


def is_on(element: Element | None) -> bool:
    """Whether an on-off property is there, and not switched off."""
    return element is not None and element.get(f"{W}val") not in _OFF_VALUES


def control_tag(control: Element) -> str:
    """Return the tag of a content control, or an empty text."""
    tag = control.find(f"{W}sdtPr/{W}tag")
    return "" if tag is None else str(tag.get(f"{W}val", ""))


def is_own_control(control: Element) -> bool:
    """Whether a content control marks the text of a fact."""
    return control_tag(control).startswith(OWN_PREFIX)


def shows_prompt(control: Element) -> bool:
    """Whether a content control holds only the prompt that Word shows in an empty one."""
    words = _words(control)
    is_marked = is_on(control.find(f"{W}sdtPr/{W}showingPlcHdr")) and not _is_chosen(control, words)
    return is_marked or is_prompt(words)


def _is_chosen(control: Element, words: str) -> bool:
    """Whether words are a choice of a control's list, or a day in it: LibreOffice may leave the mark of a prompt there.

    No prompt for a day has a figure in it, in any language.
    """
    items = (each.get(f"{W}displayText") for each in control.iterfind(f"{W}sdtPr/*/{W}listItem"))
    is_day = control.find(f"{W}sdtPr/{W}date") is not None
    return words.strip() in items or (is_day and any(map(str.isdigit, words)))


def is_prompt(text: str) -> bool:
    """Whether a text is a prompt, of ours or of Word, in an empty content control."""
    return " ".join(text.split()).lower() in _PROMPTS


def box_answer(control: Element) -> str:
    """Return the answer of a content control that is a box to tick, "yes" or "no"; empty for any other control."""
    box = control.find(f"{W}sdtPr/{_WORD_2010}checkbox")
    if box is None:
        return ""
    checked = box.find(f"{_WORD_2010}checked")
    return "no" if checked is None or checked.get(f"{_WORD_2010}val", "1") in _OFF_VALUES else "yes"


def simplify(root: Element) -> list[str]:
    """Take the wrappers out of a part; return the prompts of foreign content controls."""
    for alternatives in list(root.iter(ALTERNATIVES)):
        _resolve_alternatives(alternatives)
    prompts = [prompt for control in list(root.iter(f"{W}sdt")) if (prompt := _open_foreign_control(control))]
    if root.tag in _MARGINS:
        _empty_counted_fields(root)
    for wrapper in list(root.iter(*_WRAPPERS)):
        # Words that are shown from right to left would be read in another order than they are shown.
        if wrapper.tag not in (f"{W}bdo", f"{W}dir") or wrapper.get(f"{W}val") != "rtl":
            _replace(wrapper, [child for child in wrapper if child.tag not in _WRAPPER_PROPERTIES])
    _remove_field_instructions(root)
    return prompts


def _replace(element: Element, content: list[Element]) -> None:
    for each in reversed(content):
        element.addnext(each)  # to find its place among thousands of siblings would take too long
    element.getparent().remove(element)


def _words(element: Element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{W}t"))


def _resolve_alternatives(alternatives: Element) -> None:
    """Keep one of several alternatives: the one for newer programs if it has words or is a drawing."""
    choice, fallback = alternatives.find(f"{_COMPATIBILITY}Choice"), alternatives.find(f"{_COMPATIBILITY}Fallback")
    words, fallback_words = (_words(each) if each is not None else "" for each in (choice, fallback))
    if words and fallback_words and words != fallback_words:
        return
    is_drawing = choice is not None and next(choice.iter(f"{W}drawing"), None) is not None
    kept = choice if choice is not None and (words or is_drawing or fallback is None) else fallback
    _replace(alternatives, [] if kept is None else list(kept))


def _open_foreign_control(control: Element) -> str:
    """Put the content of a foreign control in its place; return the prompt that it showed, and empty it."""
    content = control.find(f"{W}sdtContent")
    if content is not None and is_own_control(control):
        return ""
    prompt = _words(control) if content is not None and shows_prompt(control) else ""
    if prompt:
        for shown in list(content.iter(*_SHOWN)):
            shown.getparent().remove(shown)
    _replace(control, [] if content is None else list(content))
    return prompt


@dataclass
class _Field:
    """A field that has begun: the elements of its instruction and of its result, so far."""

    instruction: list[Element] = field(default_factory=list)
    result: list[Element] = field(default_factory=list)
    in_result: bool = False

    @property
    def name(self) -> str:
        words = "".join(each.text or "" for each in self.instruction if each.tag == f"{W}instrText").split()
        return words[0].upper() if words else ""


def _remove_field_instructions(root: Element) -> None:
    """Remove what stands in the instructions of fields, where a field inside another one leaves words."""
    for ended in _ended_fields(root):
        for shown in ended.instruction:
            _remove(shown)


def _empty_counted_fields(root: Element) -> None:
    """Remove the numbers of pages, which Word counts anew, from a margin."""
    for simple in root.iter(f"{W}fldSimple"):
        if (simple.get(f"{W}instr", "").split() or [""])[0].upper() in _COUNTED_BY_WORD:
            for shown in list(simple.iter(*_SHOWN)):
                _remove(shown)
    for ended in _ended_fields(root):
        if ended.name in _COUNTED_BY_WORD:
            for shown in ended.result:
                _remove(shown)


def _remove(element: Element) -> None:
    if element.getparent() is not None:
        element.getparent().remove(element)


def _ended_fields(root: Element) -> list[_Field]:
    """Return the fields that begin and end in a part; one that never ends hides nothing.

    Raises `InputError` where more of them are open at once than any program writes.
    """
    begun: list[_Field] = []
    ended: list[_Field] = []
    for element in root.iter(f"{W}fldChar", f"{W}instrText", *_SHOWN):
        kind = element.get(f"{W}fldCharType") if element.tag == f"{W}fldChar" else ""
        if kind == "begin":
            if len(begun) == _MAX_OPEN_FIELDS:
                raise InputError(
                    "has fields that begin and never end", "In Word: select all, press Ctrl+Shift+F9, save."
                )
            begun.append(_Field())
        elif kind == "separate" and begun:
            begun[-1].in_result = True
        elif kind == "end" and begun:
            ended.append(begun.pop())
        elif not kind:
            for each in begun:
                (each.result if each.in_result else each.instruction).append(element)
    return ended
