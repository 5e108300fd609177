"""What a paragraph of a Word file says: its words, however they are cut into runs, and the notes that it cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from decisions.output.word.keys import LINE
from decisions.output.word.package import OURS, Element, W
from rules.errors import InputError
from rules.values.passages import Cite, Cites

_SPACING = re.compile(r"[ \t\n]+")
_SPOKEN = {"tab": "\t", "ptab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "\u2011", "softHyphen": ""}
_OFF = ("0", "false", "off", "none")


class Spoken(NamedTuple):
    """Some words, or the number of a note that is cited; and the one line of text that they belong to, if any."""

    words: str | int
    owners: frozenset[str] = frozenset()


def spoken_in(paragraph: Element, notes: Mapping[str, int]) -> Iterator[Spoken]:
    """All that a paragraph says, in order; `notes` gives the numbers of notes by what the file calls them."""
    marked: dict[str, str] = {}  # our bookmarks that are open, by their number in the file
    for each in paragraph.iter():
        name = str(each.tag).removeprefix(W)
        if name == "bookmarkStart" and each.get(f"{W}name", "").startswith(LINE):
            marked[each.get(f"{W}id", "")] = each.get(f"{W}name")
        elif name == "bookmarkEnd":
            marked.pop(each.get(f"{W}id", ""), None)
        elif (said := _said(each, name, notes)) is not None:
            yield Spoken(said, frozenset(marked.values()) | frozenset(_tags_round(each)))


def _said(each: Element, name: str, notes: Mapping[str, int]) -> str | int | None:
    """What one element of a run says; None where it is no part of what is said."""
    run = each.getparent()
    if run is None or run.tag != f"{W}r":
        return None
    if name == "footnoteReference":
        return notes.get(each.get(f"{W}id", ""))
    said = each.text if name == "t" else _SPOKEN.get(name)
    if said and said.strip():
        _refuse_unmeant(run)
    return said


def _refuse_unmeant(run: Element) -> None:
    """Raise `InputError` for words of which nobody can say whether they are to stand there."""
    if _has(run, "vanish"):
        raise InputError("holds hidden text", "In Word: select all, Font, take the tick from Hidden; then save.")
    if _has(run, "strike") or _has(run, "dstrike"):
        advice = "Delete those words; or select them, Font, take the tick from Strikethrough; then save."
        raise InputError("holds words that are struck through", advice)


def _has(run: Element, look: str) -> bool:
    found = run.find(f"{W}rPr/{W}{look}")
    return found is not None and found.get(f"{W}val") not in _OFF


def tags_of(control: Element) -> str:
    """The tag of a content control."""
    tag = control.find(f"{W}sdtPr/{W}tag")
    return "" if tag is None else str(tag.get(f"{W}val", ""))


def _tags_round(each: Element) -> Iterator[str]:
    """The tags of our content controls round an element."""
    return (tag for control in each.iterancestors(f"{W}sdt") if (tag := tags_of(control)).startswith(OURS))


def joined(said: Iterable[Spoken]) -> tuple[str, Cites]:
    """Words with single spaces between them, and where in them notes are cited."""
    text, cites = "", list[Cite]()
    for words, _ in said:
        if isinstance(words, int):
            text = text.rstrip()
            cites.append(Cite(len(text), words))
        else:
            text = _SPACING.sub(" ", text + words)
    left = text.lstrip()
    gone = len(text) - len(left)
    return left.rstrip(), tuple(Cite(max(cite.place - gone, 0), cite.note) for cite in cites)
