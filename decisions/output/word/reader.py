"""A Word file that assent made and somebody edited: where it comes from, and the text of each fact in it.

It may have been written anew by Word or LibreOffice. What it holds beside text, and what is not yet settled in it, is
refused; so is anything that is no Word file of ours. No message here repeats a word of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby
from typing import NamedTuple

from decisions.documents.view import Imprint
from decisions.output.word.body_reader import Returned
from decisions.output.word.keys import PASSAGE, Key
from decisions.output.word.package import MAIN, OURS, Element, W, parsed, parts_of, properties_of
from decisions.output.word.paragraph_styles import Shapes
from decisions.output.word.paragraph_text import joined, spoken_in, tags_of
from rules.errors import InputError
from rules.values.passages import Passage

NOTES = "word/footnotes.xml"
_TRACKED = ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "moveFromRangeStart")
_PICTURES = ("drawing", "pict", "object", "sym", "altChunk", "control", "endnoteReference", "txbxContent", "ruby")
_FORMULAS = "{*}oMath"
_FOLDERS = ("word/media/", "word/embeddings/", "word/activeX/", "word/charts/", "word/diagrams/")
_MACROS = "vbaProject"
_COUNTS, _COUNT = ("version", "part"), re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edited file says: its imprint, the text of facts by key, its notes, and all other text.

    A text is there as often as it stands in the file; one that was taken out altogether is not there.
    """

    imprint: Imprint
    passages: Mapping[str, list[tuple[Passage, ...]]]
    lines: Mapping[str, list[str]]
    notes: Mapping[int, str]
    rest: tuple[str, ...]

    def passage(self, fact: str) -> list[tuple[Passage, ...]]:
        """The text of a fact, wherever it stands in paragraphs of its own."""
        key = Key(fact, is_line=False)
        return self.passages.get(key.tag) or self.passages.get(key.bookmark, [])

    def line(self, fact: str) -> list[str]:
        """The text of a fact, wherever it stands as one line."""
        key = Key(fact, is_line=True)
        return self.lines.get(key.tag) or self.lines.get(key.bookmark, [])


def read(data: bytes) -> Edited:
    """What an edited file says; raises `InputError` for any other file, and says what to do about it in Word."""
    parts = parts_of(data)
    imprint = _imprint(parts)
    _refuse_what_is_no_text(parts)
    body = parsed(parts[MAIN]).find(f"{W}body")
    if body is None:
        raise InputError("has no text")
    notes = _notes(parts)
    numbers = {key: number for number, key in enumerate(notes, 1)}
    return _read(body, imprint, Returned(Shapes.of(parts), numbers), dict(enumerate(notes.values(), 1)))


def _imprint(parts: Mapping[str, bytes]) -> Imprint:
    said = properties_of(parts)
    if not {"case", "head", "kind"} <= said.keys() or not all(_COUNT.fullmatch(said.get(n, "")) for n in _COUNTS):
        advice = "Make one with: assent document render CASE KIND --to docx"
        raise InputError("is not a document that assent made", advice)
    return Imprint(said["case"], int(said["version"]), said["head"], said["kind"], int(said["part"]))


def _refuse_what_is_no_text(parts: Mapping[str, bytes]) -> None:
    if any(_MACROS in name for name in parts):
        raise InputError("has macros", "Save it as .docx, which has none.")
    texts = [parsed(parts[name]) for name in (MAIN, NOTES) if name in parts]
    if _is_one_there(texts, _TRACKED):
        advice = "In Word: Review, Accept, Accept All Changes and Stop Tracking; then save."
        raise InputError("has tracked changes that nobody has accepted or rejected", advice)
    if any(name.startswith(_FOLDERS) for name in parts) or _is_one_there(texts, _PICTURES):
        advice = "Take them out: the text of a paper has paragraphs, lists, tables and footnotes."
        raise InputError("has pictures, symbols, endnotes or other things that are no text", advice)
    if any(next(text.iter(_FORMULAS), None) is not None for text in texts):
        raise InputError("has formulas", "Write them as text.")


def _is_one_there(texts: list[Element], names: tuple[str, ...]) -> bool:
    """Whether an element of one of some names is anywhere in some texts."""
    return any(next(text.iter(*(f"{W}{name}" for name in names)), None) is not None for text in texts)


def _notes(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The words of the notes, by what the file calls them, but for the lines that it draws above notes."""
    if NOTES not in parts:
        return {}
    notes = [note for note in parsed(parts[NOTES]).findall(f"{W}footnote") if not note.get(f"{W}type")]
    return {
        str(note.get(f"{W}id", "")): " ".join(_words(line) for line in note.iter(f"{W}p")).strip() for note in notes
    }


def _words(paragraph: Element) -> str:
    return joined(spoken_in(paragraph, {}))[0]


class _Place(NamedTuple):
    """A paragraph or table of the body, and our content control round it, or None."""

    block: Element
    control: Element


def _places(around: Element, control: Element = None) -> Iterator[_Place]:
    """Every paragraph and table of the body, those in content controls too."""
    for each in around:
        if each.tag in (f"{W}p", f"{W}tbl"):
            yield _Place(each, control)
        elif each.tag == f"{W}sdt" and each.find(f"{W}sdtContent") is not None:
            own = each if tags_of(each).startswith(OURS) else control
            yield from _places(each.find(f"{W}sdtContent"), own)
        elif each.tag in (f"{W}customXml", f"{W}smartTag"):
            yield from _places(each, control)


def _read(body: Element, imprint: Imprint, how: Returned, notes: Mapping[int, str]) -> Edited:
    places = list(_places(body))
    passages: dict[str, list[tuple[Passage, ...]]] = {}
    taken: set[int] = set()
    for key, some in (*_controlled(places), *_bookmarked(body, places)):
        passages.setdefault(key, []).append(how.passages(place.block for place in some))
        taken |= {id(place.block) for place in some}
    lines: dict[str, list[str]] = {}
    left = (place.block for place in places if id(place.block) not in taken)
    rest = tuple(filter(None, [_around(block, how, lines) for block in left]))
    return Edited(imprint, passages, lines, notes, rest)


def _around(block: Element, how: Returned, lines: dict[str, list[str]]) -> str:
    """What a paragraph or table says round the facts of one line that stand in it; these are put to the others."""
    said = list(spoken_in(block, {}))
    for key in dict.fromkeys(chain.from_iterable(each.owners for each in said)):
        lines.setdefault(key, []).append(how.line(each for each in said if key in each.owners))
    return joined(each for each in said if not each.owners)[0]


def _controlled(places: list[_Place]) -> Iterator[tuple[str, list[_Place]]]:
    """What our content controls hold, by their tags; nothing in one where Word shows what to write there."""
    for _, run in groupby(
        (place for place in places if place.control is not None), key=lambda place: id(place.control)
    ):
        held = list(run)
        is_emptied = held[0].control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
        yield tags_of(held[0].control), [] if is_emptied else held


def _bookmarked(body: Element, places: list[_Place]) -> Iterator[tuple[str, list[_Place]]]:
    """What stands between our bookmarks, by their names, where no content control of ours does.

    A bookmark that ends before the first word of a paragraph ends with the paragraph before.
    """
    for name, (first, after) in _ranges(body, {id(place.block): at for at, place in enumerate(places)}).items():
        some = places[first:after]
        if some and all(place.control is None for place in some):
            yield name, some


def _ranges(body: Element, at: Mapping[int, int]) -> dict[str, tuple[int, int]]:
    """For each of our bookmarks the first paragraph or table in it, and the first behind it, by their places."""
    names: dict[str, str] = {}
    found: dict[str, tuple[int, int]] = {}
    begun = 0
    for each in body.iter():
        begun = at.get(id(each), begun - 1) + 1
        inside = any(id(around) in at for around in each.iterancestors())
        name = each.get(f"{W}name", "")
        if each.tag == f"{W}bookmarkStart" and name.startswith(PASSAGE):
            names[each.get(f"{W}id", "")] = name
            found.setdefault(name, (begun - inside, begun))
        elif each.tag == f"{W}bookmarkEnd" and each.get(f"{W}id", "") in names:
            name = names[each.get(f"{W}id", "")]
            found[name] = (found[name][0], begun)
    return found
