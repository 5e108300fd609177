"""What a paragraph of a Word file says: its words, however they are cut into runs, and the notes that it cites."""

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
    """Some words, or the number of a note that is cited; and the one line of text that they belong to, if any."""

    words: str | int
    line_keys: frozenset[str] = frozenset()


def read_runs(paragraph: Element, note_numbers: Mapping[str, int]) -> Iterator[TextRun]:
    """All that a paragraph says, in order; `notes` gives the numbers of notes by what the file calls them."""
    marked: dict[str, str] = {}  # our bookmarks that are open, by their number in the file
    for each in paragraph.iter():
        name = str(each.tag).removeprefix(W)
        if name == "bookmarkStart" and each.get(f"{W}name", "").startswith(LINE_BOOKMARK_PREFIX):
            marked[each.get(f"{W}id", "")] = each.get(f"{W}name")
        elif name == "bookmarkEnd":
            marked.pop(each.get(f"{W}id", ""), None)
        elif (said := _run_content(each, name, note_numbers)) is not None:
            yield TextRun(said, frozenset(marked.values()) | frozenset(_enclosing_tags(each)))


def _run_content(element: Element, tag: str, note_numbers: Mapping[str, int]) -> str | int | None:
    """What one element of a run says; None where it is no part of what is said."""
    run = element.getparent()
    if run is None or run.tag != f"{W}r":
        return None
    if tag == "footnoteReference":
        return note_numbers.get(element.get(f"{W}id", ""))
    said = element.text if tag == "t" else _SPECIAL_TEXT.get(tag)
    if said and said.strip():
        _refuse_hidden_or_struck(run)
    return said


def _refuse_hidden_or_struck(run: Element) -> None:
    """Raise `InputError` for words of which nobody can say whether they are to stand there."""
    if _has_format(run, "vanish"):
        raise InputError("holds hidden text", "In Word: select all, Font, take the tick from Hidden; then save.")
    if _has_format(run, "strike") or _has_format(run, "dstrike"):
        advice = "Delete those words; or select them, Font, take the tick from Strikethrough; then save."
        raise InputError("holds words that are struck through", advice)


def _has_format(run: Element, format_tag: str) -> bool:
    found = run.find(f"{W}rPr/{W}{format_tag}")
    return found is not None and found.get(f"{W}val") not in _OFF_VALUES


def control_tag(control: Element) -> str:
    """The tag of a content control."""
    tag = control.find(f"{W}sdtPr/{W}tag")
    return "" if tag is None else str(tag.get(f"{W}val", ""))


def _enclosing_tags(element: Element) -> Iterator[str]:
    """The tags of our content controls round an element."""
    return (tag for control in element.iterancestors(f"{W}sdt") if (tag := control_tag(control)).startswith(OWN_PREFIX))


def join_runs(runs: Iterable[TextRun]) -> tuple[str, NoteReferences]:
    """Words with single spaces between them, and where in them notes are cited."""
    text, cites = "", list[NoteReference]()
    for words, _ in runs:
        if isinstance(words, int):
            text = text.rstrip()
            cites.append(NoteReference(len(text), words))
        else:
            text = _SPACING.sub(" ", text + words)
    left = text.lstrip()
    gone = len(text) - len(left)
    return left.rstrip(), tuple(NoteReference(max(cite.offset - gone, 0), cite.number) for cite in cites)
