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
from decisions.output.word.fact_markers import PASSAGE_BOOKMARK_PREFIX, FactMarker
from decisions.output.word.package import MAIN_DOCUMENT, OWN_PREFIX, Element, W, parse_part, read_parts, read_properties
from decisions.output.word.paragraph_classifier import ParagraphClassifier
from decisions.output.word.passage_reader import PassageReader
from decisions.output.word.text_runs import control_tag, join_runs, read_runs
from rules.errors import InputError
from rules.values.passages import Passage

FOOTNOTES = "word/footnotes.xml"
_TRACKED_CHANGE_TAGS = ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "moveFromRangeStart")
_NON_TEXT_TAGS = ("drawing", "pict", "object", "sym", "altChunk", "control", "endnoteReference", "txbxContent", "ruby")
_FORMULA_TAG = "{*}oMath"
_NON_TEXT_FOLDERS = ("word/media/", "word/embeddings/", "word/activeX/", "word/charts/", "word/diagrams/")
_MACRO_PART = "vbaProject"
_NUMERIC_PROPERTIES, _NUMBER = ("version", "part"), re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class EditedFile:
    """What an edited file says: its imprint, the text of facts by key, its notes, and all other text.

    A text is there as often as it stands in the file; one that was taken out altogether is not there.
    """

    imprint: Imprint
    passages: Mapping[str, list[tuple[Passage, ...]]]
    lines: Mapping[str, list[str]]
    notes: Mapping[int, str]
    other_text: tuple[str, ...]

    def passage_versions(self, fact: str) -> list[tuple[Passage, ...]]:
        """The text of a fact, wherever it stands in paragraphs of its own."""
        key = FactMarker(fact, is_line=False)
        return self.passages.get(key.tag) or self.passages.get(key.bookmark, [])

    def line_versions(self, fact: str) -> list[str]:
        """The text of a fact, wherever it stands as one line."""
        key = FactMarker(fact, is_line=True)
        return self.lines.get(key.tag) or self.lines.get(key.bookmark, [])


def read_edited_file(data: bytes) -> EditedFile:
    """What an edited file says; raises `InputError` for any other file, and says what to do about it in Word."""
    parts = read_parts(data)
    imprint = _read_imprint(parts)
    _refuse_non_text(parts)
    body = parse_part(parts[MAIN_DOCUMENT]).find(f"{W}body")
    if body is None:
        raise InputError("has no text")
    notes = _read_notes(parts)
    numbers = {key: number for number, key in enumerate(notes, 1)}
    return _read_body(
        body, imprint, PassageReader(ParagraphClassifier.from_parts(parts), numbers), dict(enumerate(notes.values(), 1))
    )


def _read_imprint(parts: Mapping[str, bytes]) -> Imprint:
    said = read_properties(parts)
    if not {"case", "head", "kind"} <= said.keys() or not all(
        _NUMBER.fullmatch(said.get(n, "")) for n in _NUMERIC_PROPERTIES
    ):
        advice = "Make one with: assent document render CASE KIND --to docx"
        raise InputError("is not a document that assent made", advice)
    return Imprint(said["case"], int(said["version"]), said["head"], said["kind"], int(said["part"]))


def _refuse_non_text(parts: Mapping[str, bytes]) -> None:
    if any(_MACRO_PART in name for name in parts):
        raise InputError("has macros", "Save it as .docx, which has none.")
    texts = [parse_part(parts[name]) for name in (MAIN_DOCUMENT, FOOTNOTES) if name in parts]
    if _contains_any(texts, _TRACKED_CHANGE_TAGS):
        advice = "In Word: Review, Accept, Accept All Changes and Stop Tracking; then save."
        raise InputError("has tracked changes that nobody has accepted or rejected", advice)
    if any(name.startswith(_NON_TEXT_FOLDERS) for name in parts) or _contains_any(texts, _NON_TEXT_TAGS):
        advice = "Take them out: the text of a paper has paragraphs, lists, tables and footnotes."
        raise InputError("has pictures, symbols, endnotes or other things that are no text", advice)
    if any(next(text.iter(_FORMULA_TAG), None) is not None for text in texts):
        raise InputError("has formulas", "Write them as text.")


def _contains_any(texts: list[Element], tags: tuple[str, ...]) -> bool:
    """Whether an element of one of some names is anywhere in some texts."""
    return any(next(text.iter(*(f"{W}{name}" for name in tags)), None) is not None for text in texts)


def _read_notes(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The words of the notes, by what the file calls them, but for the lines that it draws above notes."""
    if FOOTNOTES not in parts:
        return {}
    notes = [note for note in parse_part(parts[FOOTNOTES]).findall(f"{W}footnote") if not note.get(f"{W}type")]
    return {
        str(note.get(f"{W}id", "")): " ".join(_paragraph_text(line) for line in note.iter(f"{W}p")).strip()
        for note in notes
    }


def _paragraph_text(paragraph: Element) -> str:
    return join_runs(read_runs(paragraph, {}))[0]


class _BodyBlock(NamedTuple):
    """A paragraph or table of the body, and our content control round it, or None."""

    element: Element
    control: Element


def _body_blocks(parent: Element, control: Element = None) -> Iterator[_BodyBlock]:
    """Every paragraph and table of the body, those in content controls too."""
    for each in parent:
        if each.tag in (f"{W}p", f"{W}tbl"):
            yield _BodyBlock(each, control)
        elif each.tag == f"{W}sdt" and each.find(f"{W}sdtContent") is not None:
            own = each if control_tag(each).startswith(OWN_PREFIX) else control
            yield from _body_blocks(each.find(f"{W}sdtContent"), own)
        elif each.tag in (f"{W}customXml", f"{W}smartTag"):
            yield from _body_blocks(each, control)


def _read_body(body: Element, imprint: Imprint, passage_reader: PassageReader, notes: Mapping[int, str]) -> EditedFile:
    places = list(_body_blocks(body))
    passages: dict[str, list[tuple[Passage, ...]]] = {}
    taken: set[int] = set()
    for key, some in (*_blocks_by_control(places), *_blocks_by_bookmark(body, places)):
        passages.setdefault(key, []).append(passage_reader.read_passages(place.element for place in some))
        taken |= {id(place.element) for place in some}
    lines: dict[str, list[str]] = {}
    left = (place.element for place in places if id(place.element) not in taken)
    rest = tuple(filter(None, [_text_outside_facts(block, passage_reader, lines) for block in left]))
    return EditedFile(imprint, passages, lines, notes, rest)


def _text_outside_facts(block: Element, passage_reader: PassageReader, lines: dict[str, list[str]]) -> str:
    """What a paragraph or table says round the facts of one line that stand in it; these are put to the others."""
    said = list(read_runs(block, {}))
    for key in dict.fromkeys(chain.from_iterable(each.line_keys for each in said)):
        lines.setdefault(key, []).append(passage_reader.read_line(each for each in said if key in each.line_keys))
    return join_runs(each for each in said if not each.line_keys)[0]


def _blocks_by_control(body_blocks: list[_BodyBlock]) -> Iterator[tuple[str, list[_BodyBlock]]]:
    """What our content controls hold, by their tags; nothing in one where Word shows what to write there."""
    for _, run in groupby(
        (place for place in body_blocks if place.control is not None), key=lambda place: id(place.control)
    ):
        held = list(run)
        is_emptied = held[0].control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
        yield control_tag(held[0].control), [] if is_emptied else held


def _blocks_by_bookmark(body: Element, body_blocks: list[_BodyBlock]) -> Iterator[tuple[str, list[_BodyBlock]]]:
    """What stands between our bookmarks, by their names, where no content control of ours does.

    A bookmark that ends before the first word of a paragraph ends with the paragraph before.
    """
    for name, (first, after) in _bookmark_ranges(
        body, {id(place.element): at for at, place in enumerate(body_blocks)}
    ).items():
        some = body_blocks[first:after]
        if some and all(place.control is None for place in some):
            yield name, some


def _bookmark_ranges(body: Element, positions: Mapping[int, int]) -> dict[str, tuple[int, int]]:
    """For each of our bookmarks the first paragraph or table in it, and the first behind it, by their places."""
    names: dict[str, str] = {}
    found: dict[str, tuple[int, int]] = {}
    begun = 0
    for each in body.iter():
        begun = positions.get(id(each), begun - 1) + 1
        inside = any(id(around) in positions for around in each.iterancestors())
        name = each.get(f"{W}name", "")
        if each.tag == f"{W}bookmarkStart" and name.startswith(PASSAGE_BOOKMARK_PREFIX):
            names[each.get(f"{W}id", "")] = name
            found.setdefault(name, (begun - inside, begun))
        elif each.tag == f"{W}bookmarkEnd" and each.get(f"{W}id", "") in names:
            name = names[each.get(f"{W}id", "")]
            found[name] = (found[name][0], begun)
    return found
