"""Read a Word file that assent made and an officer edited: its imprint, and the text of each fact in it.

- The file may have been saved by Word or LibreOffice, which change its structure but not its text.
- Anything that is not text (pictures, macros, formulas) and anything unsettled (tracked changes) is refused.
- Messages of `InputError` continue the name of the file, say what to do in Word, and repeat no word of its text.
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
    """The content of an edited file: its imprint, the texts of facts, its notes, and all other text.

    `passages` and `lines` map the tag or bookmark of a fact (see `FactMarker`) to each of its copies in the file. A
    text that was removed is missing.
    """

    imprint: Imprint
    passages: Mapping[str, list[tuple[Passage, ...]]]
    lines: Mapping[str, list[str]]
    notes: Mapping[int, str]
    other_text: tuple[str, ...]

    def passage_versions(self, fact: str) -> list[tuple[Passage, ...]]:
        """Return each copy of a fact's text with paragraphs of its own."""
        marker = FactMarker(fact, is_line=False)
        return self.passages.get(marker.tag) or self.passages.get(marker.bookmark, [])

    def line_versions(self, fact: str) -> list[str]:
        """Return each copy of a fact's text that stands as one line."""
        marker = FactMarker(fact, is_line=True)
        return self.lines.get(marker.tag) or self.lines.get(marker.bookmark, [])


def read_edited_file(data: bytes) -> EditedFile:
    """Return the content of an edited file; raise `InputError` if it is not one that can be read back."""
    parts = read_parts(data)
    imprint = _read_imprint(parts)
    _refuse_non_text(parts)
    body = parse_part(parts[MAIN_DOCUMENT]).find(f"{W}body")
    if body is None:
        raise InputError("has no text")
    notes = _read_notes(parts)
    note_numbers = {note_id: number for number, note_id in enumerate(notes, 1)}
    passage_reader = PassageReader(ParagraphClassifier.from_parts(parts), note_numbers)
    return _read_body(body, imprint, passage_reader, dict(enumerate(notes.values(), 1)))


def _read_imprint(parts: Mapping[str, bytes]) -> Imprint:
    values = read_properties(parts)
    has_texts = {"case", "head", "kind"} <= values.keys()
    if not has_texts or not all(_NUMBER.fullmatch(values.get(name, "")) for name in _NUMERIC_PROPERTIES):
        advice = "Make one with: assent document render CASE KIND --to docx"
        raise InputError("is not a document that assent made", advice)
    return Imprint(values["case"], int(values["version"]), values["head"], values["kind"], int(values["part"]))


def _refuse_non_text(parts: Mapping[str, bytes]) -> None:
    if any(_MACRO_PART in name for name in parts):
        raise InputError("has macros", "Save it as .docx, which has none.")
    roots = [parse_part(parts[name]) for name in (MAIN_DOCUMENT, FOOTNOTES) if name in parts]
    if _contains_any(roots, _TRACKED_CHANGE_TAGS):
        advice = "In Word: Review, Accept, Accept All Changes and Stop Tracking; then save."
        raise InputError("has tracked changes that nobody has accepted or rejected", advice)
    if any(name.startswith(_NON_TEXT_FOLDERS) for name in parts) or _contains_any(roots, _NON_TEXT_TAGS):
        advice = "Take them out: the text of a paper has paragraphs, lists, tables and footnotes."
        raise InputError("has pictures, symbols, endnotes or other things that are no text", advice)
    if any(next(root.iter(_FORMULA_TAG), None) is not None for root in roots):
        raise InputError("has formulas", "Write them as text.")


def _contains_any(roots: list[Element], tags: tuple[str, ...]) -> bool:
    """Whether some parts contain an element with one of some tags."""
    return any(next(root.iter(*(f"{W}{tag}" for tag in tags)), None) is not None for root in roots)


def _read_notes(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the words of the notes by their ids, without the separator lines, which are notes of a `type`."""
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
    """A paragraph or table of the body, and the content control of ours around it, or None."""

    element: Element
    control: Element


def _body_blocks(parent: Element, control: Element = None) -> Iterator[_BodyBlock]:
    """Yield every paragraph and table of the body, also those in content controls."""
    for element in parent:
        if element.tag in (f"{W}p", f"{W}tbl"):
            yield _BodyBlock(element, control)
        elif element.tag == f"{W}sdt" and element.find(f"{W}sdtContent") is not None:
            own_control = element if control_tag(element).startswith(OWN_PREFIX) else control
            yield from _body_blocks(element.find(f"{W}sdtContent"), own_control)
        elif element.tag in (f"{W}customXml", f"{W}smartTag"):
            yield from _body_blocks(element, control)


def _read_body(body: Element, imprint: Imprint, passage_reader: PassageReader, notes: Mapping[int, str]) -> EditedFile:
    blocks = list(_body_blocks(body))
    passages: dict[str, list[tuple[Passage, ...]]] = {}
    fact_elements: set[int] = set()
    for key, group in (*_blocks_by_control(blocks), *_blocks_by_bookmark(body, blocks)):
        passages.setdefault(key, []).append(passage_reader.read_passages(block.element for block in group))
        fact_elements |= {id(block.element) for block in group}
    lines: dict[str, list[str]] = {}
    other_elements = (block.element for block in blocks if id(block.element) not in fact_elements)
    other_text = [_text_outside_facts(element, passage_reader, lines) for element in other_elements]
    return EditedFile(imprint, passages, lines, notes, tuple(filter(None, other_text)))


def _text_outside_facts(element: Element, passage_reader: PassageReader, lines: dict[str, list[str]]) -> str:
    """Return the text of a paragraph or table without its one-line facts, which are added to `lines`."""
    runs = list(read_runs(element, {}))
    for key in dict.fromkeys(chain.from_iterable(run.line_keys for run in runs)):
        lines.setdefault(key, []).append(passage_reader.read_line(run for run in runs if key in run.line_keys))
    return join_runs(run for run in runs if not run.line_keys)[0]


def _blocks_by_control(body_blocks: list[_BodyBlock]) -> Iterator[tuple[str, list[_BodyBlock]]]:
    """Yield the tag and the blocks of each content control of ours."""
    in_controls = (block for block in body_blocks if block.control is not None)
    for _, run in groupby(in_controls, key=lambda block: id(block.control)):
        group = list(run)
        # In a control that was emptied, Word shows a prompt such as "Click here to enter text".
        is_emptied = group[0].control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
        yield control_tag(group[0].control), [] if is_emptied else group


def _blocks_by_bookmark(body: Element, body_blocks: list[_BodyBlock]) -> Iterator[tuple[str, list[_BodyBlock]]]:
    """Yield the name and the blocks of each bookmark of ours that has no content control of ours inside."""
    positions = {id(block.element): position for position, block in enumerate(body_blocks)}
    for name, (start, stop) in _bookmark_ranges(body, positions).items():
        group = body_blocks[start:stop]
        if group and all(block.control is None for block in group):
            yield name, group


def _bookmark_ranges(body: Element, positions: Mapping[int, int]) -> dict[str, tuple[int, int]]:
    """Return, for each bookmark of ours, the range of body blocks that it covers.

    `positions` gives the position of each block by the id of its element. A bookmark may start or end inside a block,
    as LibreOffice writes it, or between two blocks; a block in which it starts or ends is covered.
    """
    names: dict[str, str] = {}  # of our bookmarks, by their ids in the file
    ranges: dict[str, tuple[int, int]] = {}
    begun = 0  # how many blocks have begun before this element
    for element in body.iter():
        begun = positions.get(id(element), begun - 1) + 1
        is_inside = any(id(ancestor) in positions for ancestor in element.iterancestors())
        name = element.get(f"{W}name", "")
        if element.tag == f"{W}bookmarkStart" and name.startswith(PASSAGE_BOOKMARK_PREFIX):
            names[element.get(f"{W}id", "")] = name
            ranges.setdefault(name, (begun - is_inside, begun))
        elif element.tag == f"{W}bookmarkEnd" and element.get(f"{W}id", "") in names:
            name = names[element.get(f"{W}id", "")]
            ranges[name] = (ranges[name][0], begun)
    return ranges
