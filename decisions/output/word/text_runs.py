"""Read the words of a paragraph in a Word file, however they are cut into runs, and the notes that it cites.

Hidden and struck-through words are refused: nobody can say whether they belong to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from decisions.output.word.fact_markers import LINE_BOOKMARK_PREFIX
from decisions.output.word.package import OWN_PREFIX, Element, W
from rules.errors import InputError
from rules.values.passages import NoteReference, NoteReferences

_SPACING = re.compile(r"[ \t\n]+")
_SPECIAL_TEXT = {"tab": "\t", "ptab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "\u2011", "softHyphen": ""}
_OFF_VALUES = ("0", "false", "off", "none")


class TextRun(NamedTuple):
    """Some words, or the number of a cited note; `line_keys` mark the one-line fact that they belong to, if any."""

    words: str | int
    line_keys: frozenset[str] = frozenset()


def read_runs(paragraph: Element, note_numbers: Mapping[str, int]) -> Iterator[TextRun]:
    """Yield the content of a paragraph in order; `note_numbers` gives the number of each note by its id in the file."""
    open_bookmarks: dict[str, str] = {}  # names by id
    for element in paragraph.iter():
        tag = str(element.tag).removeprefix(W)
        if tag == "bookmarkStart" and element.get(f"{W}name", "").startswith(LINE_BOOKMARK_PREFIX):
            open_bookmarks[element.get(f"{W}id", "")] = element.get(f"{W}name")
        elif tag == "bookmarkEnd":
            open_bookmarks.pop(element.get(f"{W}id", ""), None)
        elif (content := _run_content(element, tag, note_numbers)) is not None:
            yield TextRun(content, frozenset(open_bookmarks.values()) | frozenset(_enclosing_tags(element)))


def _run_content(element: Element, tag: str, note_numbers: Mapping[str, int]) -> str | int | None:
    """Return the text or the note number of one element of a run; None for any other element."""
    run = element.getparent()
    if run is None or run.tag != f"{W}r":
        return None
    if tag == "footnoteReference":
        return note_numbers.get(element.get(f"{W}id", ""))
    text = element.text if tag == "t" else _SPECIAL_TEXT.get(tag)
    if text and text.strip():
        _refuse_hidden_or_struck(run)
    return text


def _refuse_hidden_or_struck(run: Element) -> None:
    if _has_format(run, "vanish"):
        raise InputError("holds hidden text", "In Word: select all, open Font, clear Hidden; then save.")
    if _has_format(run, "strike") or _has_format(run, "dstrike"):
        advice = "Delete those words; or select them, open Font, clear Strikethrough; then save."
        raise InputError("holds words that are struck through", advice)


def _has_format(run: Element, format_tag: str) -> bool:
    element = run.find(f"{W}rPr/{W}{format_tag}")
    return element is not None and element.get(f"{W}val") not in _OFF_VALUES


def control_tag(control: Element) -> str:
    """Return the tag of a content control, or an empty text."""
    tag = control.find(f"{W}sdtPr/{W}tag")
    return "" if tag is None else str(tag.get(f"{W}val", ""))


def _enclosing_tags(element: Element) -> Iterator[str]:
    """Yield the tags of our content controls round an element."""
    return (tag for control in element.iterancestors(f"{W}sdt") if (tag := control_tag(control)).startswith(OWN_PREFIX))


def join_runs(runs: Iterable[TextRun]) -> tuple[str, NoteReferences]:
    """Return the text of some runs, with single spaces, and the places where it cites notes."""
    text, cites = "", list[NoteReference]()
    for words, _ in runs:
        if isinstance(words, int):
            text = text.rstrip()
            cites.append(NoteReference(len(text), words))
        else:
            text = _SPACING.sub(" ", text + words)
    stripped = text.lstrip()
    shift = len(text) - len(stripped)
    return stripped.rstrip(), tuple(NoteReference(max(cite.offset - shift, 0), cite.number) for cite in cites)
