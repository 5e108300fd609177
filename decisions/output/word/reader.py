"""Read a Word file that assent made and an officer edited: its imprint, the text of each fact, and all other text.

- The file may have been saved by Word, Word Online or LibreOffice, which change its structure but not its text.
- In the text of a fact, what is no text (pictures, formulas) and what is unsettled (tracked changes) is refused.
  Elsewhere it is listed as other text, so that nothing in the file goes unsaid.
- Messages of `InputError` continue the name of the file, name the place, say what to do in Word, and repeat no word of
  its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, groupby
from typing import NamedTuple

from decisions.documents.view import Imprint
from decisions.output.word.fact_markers import PASSAGE_BOOKMARK_PREFIX, FactMarker
from decisions.output.word.file_kinds import LOST_MARKS_ADVICE, SAVE_ADVICE
from decisions.output.word.package import Element, W, read_parts, read_properties
from decisions.output.word.reading.opened_package import OpenedPackage
from decisions.output.word.reading.paragraph_classifier import ParagraphClassifier
from decisions.output.word.reading.passage_reader import PassageReader
from decisions.output.word.reading.places import naming_place
from decisions.output.word.reading.style_sheet import StyleSheet
from decisions.output.word.reading.text_inventory import list_texts
from decisions.output.word.reading.text_runs import LineKey, RunReader, TextRun, join_runs
from decisions.output.word.reading.wrappers import control_tag, is_own_control, is_prompt, shows_prompt
from rules.errors import InputError
from rules.values.passages import AnnotatedText, Listing, Paragraph, Passage

FORM, FOOTNOTE = "Form", "Footnote"
"""The places of text in the form's own words, and in notes that no text of a fact cites."""
TRACKED_CHANGE_TAGS = ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "moveFromRangeStart")
_NUMERIC_PROPERTIES, _NUMBER = ("version", "part"), re.compile(r"[0-9]{1,9}")
_UNNAMED_FIELD = "a field"
_BLOCK_TAGS = (f"{W}p", f"{W}tbl", f"{W}altChunk")


@dataclass(frozen=True, slots=True)
class EditedFile:
    """The content of an edited file: the texts of facts, its notes, and all other text.

    `passages` and `lines` map the tag or bookmark of a fact (see `FactMarker`) to each of its copies in the file. A
    text that was removed is missing. `other_texts` are all other texts by the place where they stand.
    """

    passages: Mapping[str, list[tuple[Passage, ...]]]
    lines: Mapping[str, list[str]]
    notes: Mapping[int, str]
    other_texts: Mapping[str, tuple[str, ...]]

    def passage_versions(self, fact: str) -> list[tuple[Passage, ...]]:
        """Return each copy of a fact's text with paragraphs of its own."""
        marker = FactMarker(fact, is_line=False)
        # A program may put the control round the words of a paragraph instead.
        lines = [(Paragraph(line),) if line else () for line in self.lines.get(marker.tag, [])]
        return [*self.passages.get(marker.tag, []), *lines] or self.passages.get(marker.bookmark, [])

    def line_versions(self, fact: str) -> list[str]:
        """Return each copy of a fact's text that stands as one line."""
        marker = FactMarker(fact, is_line=True)
        # Word may put the control round the whole paragraph instead.
        whole = [" ".join(filter(None, map(_line_of, passages))) for passages in self.passages.get(marker.tag, [])]
        return [*self.lines.get(marker.tag, []), *whole] or self.lines.get(marker.bookmark, [])

    @property
    def field_tags(self) -> frozenset[str]:
        """The tags of all fields in the file."""
        return frozenset(key for key in (*self.passages, *self.lines) if FactMarker.is_tag(key))


def _line_of(passage: Passage) -> str:
    """Return a passage as one line; raise `InputError` if it is more than a paragraph without notes."""
    if not isinstance(passage, Paragraph) or passage.note_references:
        raise InputError("has a list, a table or a note in a field of one line", "Write one line of text there.")
    return passage.text


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A Word file, opened but not read yet: the properties that assent gave it say how it is to be read."""

    properties: Mapping[str, str]
    package: OpenedPackage

    @property
    def imprint(self) -> Imprint:
        """The record that a document was made from; raises `InputError` if it is no document that assent made."""
        return _read_imprint(self.properties)

    def read(self, labels: Mapping[str, str]) -> EditedFile:
        """Return the content of the file; raise `InputError` if it cannot be read back.

        `labels` names the field that a tag or bookmark marks, for messages.
        """
        bodies = self.package.main.findall(f"{W}body")
        if len(bodies) != 1:
            raise InputError("has no text" if not bodies else "has two texts, which no Word file has", SAVE_ADVICE)
        [body] = bodies
        _refuse_tracked_changes(self.package, labels)
        return _BodyReader(self, labels).read(body)


def open_edited_file(data: bytes) -> OpenedFile:
    """Return an edited file; raise `InputError` if it is no Word file."""
    parts = read_parts(data)
    package = OpenedPackage.open(parts)
    return OpenedFile(read_properties(parts), package)


def read_edited_file(data: bytes) -> EditedFile:
    """Return the content of an edited file; raise `InputError` if it is not one that can be read back."""
    opened = open_edited_file(data)
    _read_imprint(opened.properties)
    return opened.read({})


def _read_imprint(values: Mapping[str, str]) -> Imprint:
    has_texts = {"case", "head", "kind"} <= values.keys()
    if not has_texts or not all(_NUMBER.fullmatch(values.get(name, "")) for name in _NUMERIC_PROPERTIES):
        advice = f"Make one with: assent document render CASE KIND --to docx. {LOST_MARKS_ADVICE}"
        raise InputError("is not a document that assent made", advice)
    return Imprint(values["case"], int(values["version"]), values["head"], values["kind"], int(values["part"]))


def _refuse_tracked_changes(package: OpenedPackage, labels: Mapping[str, str]) -> None:
    for root in (package.main, *package.related("footnotes")):
        change = next(root.iter(*(f"{W}{tag}" for tag in TRACKED_CHANGE_TAGS)), None)
        if change is not None:
            control = next(filter(is_own_control, change.iterancestors(f"{W}sdt")), None)
            place = (
                "outside the fields" if control is None else f"in {labels.get(control_tag(control), _UNNAMED_FIELD)}"
            )
            advice = "In Word: Review, Accept, Accept All Changes and Stop Tracking; then save."
            raise InputError(f"has tracked changes that nobody has accepted or rejected, {place}", advice)


class _BodyBlock(NamedTuple):
    """A paragraph, a table or something unknown in the body, and the content control of ours around it, or None."""

    element: Element
    control: Element


def _body_blocks(parent: Element, control: Element = None) -> Iterator[_BodyBlock]:
    """Yield every paragraph and table of the body, also those in controls of ours, and whatever else has words."""
    for element in parent:
        if element.tag == f"{W}sdt":
            yield from _body_blocks(element.find(f"{W}sdtContent"), element)
        elif element.tag in _BLOCK_TAGS or next(element.iter(f"{W}t"), None) is not None:
            yield _BodyBlock(element, control)


@dataclass
class _BodyReader:
    """Reads the body of one file: first the texts of facts, then whatever else there is."""

    file: OpenedFile
    labels: Mapping[str, str]
    passages: dict[str, list[tuple[Passage, ...]]] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)
    faults: list[InputError] = field(default_factory=list)

    def read(self, body: Element) -> EditedFile:
        """Return the content of the file."""
        self._refuse_nested_fields(body)
        package = self.file.package
        styles = StyleSheet.from_package(package)
        footnotes = _list_footnotes(package)
        numbers = {note.get(f"{W}id", ""): number for number, note in enumerate(footnotes, 1)}
        run_reader = RunReader(styles, numbers, self.labels)
        notes = {number: _read_note(note, number, run_reader) for number, note in enumerate(footnotes, 1)}
        classifier = ParagraphClassifier.from_parts(styles, package.first_related("numbering"))
        form_texts = self._read_body(body, PassageReader(classifier, run_reader))
        _raise_together(self.faults)
        cited = set(_cited_notes(chain.from_iterable(chain.from_iterable(self.passages.values()))))
        uncited = tuple(text for number, text in notes.items() if number not in cited)
        other_texts = {FORM: form_texts, FOOTNOTE: uncited, **list_texts(package)}
        return EditedFile(self.passages, self.lines, notes, other_texts)

    def _refuse_nested_fields(self, body: Element) -> None:
        for control in body.iter(f"{W}sdt"):
            outer = next(control.iterancestors(f"{W}sdt"), None)
            if outer is not None:
                inside, around = (self.labels.get(control_tag(each), _UNNAMED_FIELD) for each in (control, outer))
                advice = "In Word: cut the inner field, and paste it below the outer one; or make a new form."
                raise InputError(f"has {inside} inside {around}", advice)

    def _read_body(self, body: Element, passage_reader: PassageReader) -> tuple[str, ...]:
        """Read the texts of facts; return the texts outside them, by paragraph."""
        blocks = list(_body_blocks(body))
        fact_elements: set[int] = set()
        for key, group in (*_blocks_by_control(blocks), *_blocks_by_bookmark(body, blocks)):
            label = self.labels.get(key, _UNNAMED_FIELD)
            is_empty = group[0].control is not None and shows_prompt(group[0].control)
            with self._noting_faults():
                text = () if is_empty else passage_reader.read_passages((block.element for block in group), label)
                self.passages.setdefault(key, []).append(text)
            fact_elements |= {id(block.element) for block in group}
        others = [block.element for block in blocks if id(block.element) not in fact_elements]
        texts = [self._read_outside(paragraph, passage_reader) for paragraph in chain(*map(_paragraphs, others))]
        return tuple(filter(None, texts))

    def _read_outside(self, paragraph: Element, passage_reader: PassageReader) -> str:
        """Return the text of a paragraph without its one-line facts, which are added to `lines`."""
        runs: list[TextRun] = []
        with self._noting_faults():
            runs = passage_reader.run_reader.read(paragraph)
        by_line: dict[LineKey, list[TextRun]] = {}
        for run in runs:
            for line_key in run.line_keys:
                by_line.setdefault(line_key, []).append(run)
        for line_key, line_runs in by_line.items():
            with self._noting_faults(), naming_place(self.labels.get(line_key.key, _UNNAMED_FIELD)):
                line = passage_reader.read_line(line_runs)
                self.lines.setdefault(line_key.key, []).append("" if is_prompt(line) else line)
        return join_runs(run for run in runs if not run.line_keys and isinstance(run.words, str))[0]

    @contextmanager
    def _noting_faults(self) -> Iterator[None]:
        """Note an `InputError`, so that the faults of all fields are named at once."""
        try:
            yield
        except InputError as error:
            self.faults.append(error)


def _raise_together(faults: list[InputError]) -> None:
    """Raise the only one of some faults, or one that lists them."""
    once = list({fault.message: fault for fault in faults}.values())
    if len(once) == 1:
        raise once[0]
    if once:
        lines = [" ".join(filter(None, [f"  It {fault.message}.", fault.advice()])) for fault in once]
        raise InputError("\n".join([f"cannot be read back, for {len(once)} reasons.", *lines]), "Nothing was recorded.")


def _list_footnotes(package: OpenedPackage) -> list[Element]:
    """Return the notes, without the separator lines, which are notes of a `type`."""
    root = package.first_related("footnotes")
    return [] if root is None else [note for note in root.findall(f"{W}footnote") if not note.get(f"{W}type")]


def _read_note(note: Element, number: int, run_reader: RunReader) -> str:
    with naming_place(f"footnote {number}"):
        return " ".join(join_runs(run_reader.read(line, is_fact=True))[0] for line in note.iter(f"{W}p")).strip()


def _cited_notes(passages: Iterator[Passage]) -> Iterator[int]:
    """Yield the numbers of the notes that some passages cite."""
    for passage in passages:
        texts: list[AnnotatedText]
        if isinstance(passage, Paragraph):
            texts = [passage]
        elif isinstance(passage, Listing):
            texts = [each for item in passage.items for each in (item, *item.subitems)]
        else:
            texts = [*passage.head, *chain(*passage.rows)]
        yield from (reference.number for text in texts for reference in text.note_references)


def _paragraphs(block: Element) -> list[Element]:
    """Return the paragraphs of a block of the body, without those of text boxes; an unknown block counts as one."""
    is_in_box = f"{W}txbxContent"
    found = [each for each in block.iter(f"{W}p") if next(each.iterancestors(is_in_box), None) is None]
    return found or [block]


def _blocks_by_control(body_blocks: list[_BodyBlock]) -> Iterator[tuple[str, list[_BodyBlock]]]:
    """Yield the tag and the blocks of each content control of ours."""
    in_controls = (block for block in body_blocks if block.control is not None)
    for _, run in groupby(in_controls, key=lambda block: id(block.control)):
        group = list(run)
        yield control_tag(group[0].control), group


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
        name = element.get(f"{W}name", "")
        if element.tag == f"{W}bookmarkStart" and name.startswith(PASSAGE_BOOKMARK_PREFIX):
            is_inside = any(id(ancestor) in positions for ancestor in element.iterancestors())
            names[element.get(f"{W}id", "")] = name
            ranges.setdefault(name, (begun - is_inside, begun))
        elif element.tag == f"{W}bookmarkEnd" and element.get(f"{W}id", "") in names:
            name = names[element.get(f"{W}id", "")]
            ranges[name] = (ranges[name][0], begun)
    return ranges
