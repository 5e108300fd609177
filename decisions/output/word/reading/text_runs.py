"""Read the words of a paragraph in a Word file, however they are cut into runs, and the notes that it cites.

- Signs of symbol fonts, and raised or lowered characters, become the characters that look the same.
- In the text of a fact everything counts: words that nobody can see, or that are struck through, and whatever is no
  text are refused. Elsewhere they are read as far as they have words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from decisions.output.word.fact_markers import LINE_BOOKMARK_PREFIX
from decisions.output.word.package import Element, W
from decisions.output.word.reading.signs import read_shifted, read_signs
from decisions.output.word.reading.style_sheet import ParagraphFormat, RunFormat, StyleSheet
from decisions.output.word.reading.wrappers import box_answer, control_tag, is_own_control, shows_prompt
from rules.errors import InputError
from rules.values.passages import NoteReference, NoteReferences

_SPACING = re.compile(r"[ \t\n]+")
_SPECIAL_TEXT = {"tab": "\t", "ptab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "\u2011", "softHyphen": ""}
_SILENT = frozenset(
    {
        "rPr", "pPr", "lastRenderedPageBreak", "commentReference", "annotationRef", "footnoteRef", "endnoteRef",
        "instrText", "fldData", "proofErr", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd",
        "separator", "continuationSeparator", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr",
    }
)  # fmt: skip
"""Elements that show no words."""
_RANGE_MARK = re.compile(r"customXml\w+Range(?:Start|End)|bookmark(?:Start|End)")
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_BOXED = f"{W}txbxContent"
_LEGACY_CHOICES = (f"{W}checkBox", f"{W}ddList")
_NO_TEXT = {
    "drawing": "a picture, shape or text box", "pict": "a picture, shape or text box", "object": "an embedded object",
    "endnoteReference": "an endnote", "ruby": "a reading aid above its words", "oMath": "a formula",
    "oMathPara": "a formula", "bdo": "words that run from right to left", "dir": "words that run from right to left",
    "fldChar": "a check box or list of an old form", "AlternateContent": "words that differ between versions of Word",
    "altChunk": "another file", "subDoc": "another file",
}  # fmt: skip
_NO_TEXT_ADVICE = "Take it out, or write it as text: a paper has paragraphs, lists, tables and footnotes."
_PRIVATE_CHARACTERS = frozenset(map(chr, range(0xE000, 0xF900)))
_UNREADABLE = "\ufffd"
"""Stands for a sign outside the texts of facts that has no equal."""


class LineKey(NamedTuple):
    """The tag or bookmark that marks a one-line fact, and which of its copies in the paragraph this is."""

    key: str
    copy: int = 0


class TextRun(NamedTuple):
    """Some words, or the number of a cited note; `line_keys` mark the one-line fact that they belong to, if any."""

    words: str | int
    line_keys: frozenset[LineKey] = frozenset()


class _Piece(NamedTuple):
    """Some content of a run, the facts it belongs to, and whether it is raised (1) or lowered (-1)."""

    content: str | int
    line_keys: frozenset[LineKey]
    shift: int = 0


@dataclass(frozen=True, slots=True)
class RunReader:
    """Reads the runs of a file's paragraphs, by its styles and the numbers of its notes.

    `labels` names the field that a tag or bookmark marks.
    """

    styles: StyleSheet
    note_numbers: Mapping[str, int]
    labels: Mapping[str, str] = field(default_factory=dict)

    def read(self, paragraph: Element, *, is_fact: bool = False) -> list[TextRun]:
        """Return the content of a paragraph in order; raise `InputError` for what the text of a fact cannot hold."""
        own = filter(is_own_control, paragraph.iterancestors(f"{W}sdt"))
        keys = frozenset(LineKey(control_tag(each)) for each in own)
        walk = _ParagraphWalk(self, self.styles.format_paragraph(paragraph), is_fact)
        pieces = list(walk.pieces(paragraph, frozenset() if is_fact else keys))
        return list(walk.join_shifted(pieces))


@dataclass
class _ParagraphWalk:
    """A walk through the elements of one paragraph."""

    reader: RunReader
    paragraph_format: ParagraphFormat
    is_fact: bool
    open_bookmarks: dict[str, str] = field(default_factory=dict)  # names by id
    control_count: int = 0

    def pieces(self, parent: Element, keys: frozenset[LineKey]) -> Iterator[_Piece]:
        """Yield what an element holds, piece by piece."""
        for element in parent:
            name = str(element.tag).rpartition("}")[2]
            if name == "r" and element.tag == f"{W}r":
                yield from self._run_pieces(element, keys)
            elif name == "sdt":
                yield from self._control_pieces(element, keys)
            elif name in ("bookmarkStart", "bookmarkEnd"):
                yield from self._bookmark_pieces(element, name)
            elif name not in _SILENT and not _RANGE_MARK.fullmatch(name):
                yield from self._other_pieces(element, keys)

    def _control_pieces(self, control: Element, keys: frozenset[LineKey]) -> Iterator[_Piece]:
        """Yield the content of a control of ours: none while it shows a prompt, and yes or no for a box to tick."""
        self.control_count += 1
        keys |= frozenset() if self.is_fact else {LineKey(control_tag(control), self.control_count)}
        answer = box_answer(control)
        yield _Piece(answer, keys)
        if not answer and not shows_prompt(control):
            yield from self.pieces(control.find(f"{W}sdtContent"), keys)

    def _bookmark_pieces(self, element: Element, name: str) -> Iterator[_Piece]:
        """Note a bookmark of ours; yield no words for it, so that one round nothing is not taken for a missing one."""
        if name == "bookmarkEnd":
            self.open_bookmarks.pop(element.get(f"{W}id", ""), None)
        elif element.get(f"{W}name", "").startswith(LINE_BOOKMARK_PREFIX) and not self.is_fact:
            self.open_bookmarks[element.get(f"{W}id", "")] = element.get(f"{W}name")
            yield _Piece("", frozenset({LineKey(element.get(f"{W}name"))}))

    def _run_pieces(self, run: Element, keys: frozenset[LineKey]) -> Iterator[_Piece]:
        keys |= frozenset(map(LineKey, self.open_bookmarks.values()))
        run_format = None
        for element in run:
            name = str(element.tag).rpartition("}")[2]
            if name in _SILENT or (name == "fldChar" and next(element.iter(*_LEGACY_CHOICES), None) is None):
                continue
            if name == "footnoteReference":
                if number := self.reader.note_numbers.get(element.get(f"{W}id", "")):
                    yield _Piece(number, keys)
                continue
            if element.tag not in _TEXT_TAGS:
                if not _RANGE_MARK.fullmatch(name):  # some programs write bookmarks into runs
                    yield from self._other_pieces(element, keys)
                continue
            run_format = run_format or self.paragraph_format.format_run(run)
            text = self._read_text(element, name, run_format, keys)
            if text.strip():
                self._refuse_unseen(run_format, keys)
            yield _Piece(text, keys, run_format.shift)

    def _read_text(self, element: Element, name: str, run_format: RunFormat, keys: frozenset[LineKey]) -> str:
        """Return the words of one element of a run, with signs as the characters that look the same."""
        if name not in ("t", "sym"):
            return _SPECIAL_TEXT[name]
        font, text = run_format.symbol_font, element.text or ""
        if name == "sym":
            font, text = element.get(f"{W}font", ""), _parse_sign(element.get(f"{W}char", ""))
        signs = read_signs(font, text) if font else text
        if signs is None or signs == _UNREADABLE:
            self._refuse(keys, "has a sign of a symbol font that plain text has not", "Write it in words, or type it.")
        return text if signs is None else signs

    def _refuse_unseen(self, run_format: RunFormat, keys: frozenset[LineKey]) -> None:
        """Refuse words that nobody can see, or that are struck through: do they belong to the text?"""
        if run_format.is_hidden:
            self._refuse(keys, "holds hidden text", "In Word: select all, open Font, clear Hidden; then save.")
        if run_format.is_struck:
            advice = "Delete those words; or select them, open Font, clear Strikethrough; then save."
            self._refuse(keys, "holds words that are struck through", advice)
        if run_format.is_illegible:
            advice = "Delete those words; or select them and choose the font colour Automatic; then save."
            self._refuse(keys, "holds words in the colour of what is behind them", advice)
        if run_format.is_tiny:
            advice = "Delete those words; or select them and choose the size 12; then save."
            self._refuse(keys, "holds words too small to read", advice)

    def _other_pieces(self, element: Element, keys: frozenset[LineKey]) -> Iterator[_Piece]:
        """Yield the words of anything else; the text of a fact cannot hold it."""
        kind = _NO_TEXT.get(str(element.tag).rpartition("}")[2], "something that is no text")
        self._refuse(keys, f"has {kind}", _NO_TEXT_ADVICE)
        yield from (_Piece(each, keys) for each in _words_in(element))

    def _refuse(self, keys: frozenset[LineKey], message: str, advice: str) -> None:
        """Raise `InputError` if the words belong to a fact; whoever reads a passage names its place."""
        if self.is_fact:
            raise InputError(message, advice)
        if keys:
            label = next((self.reader.labels[each.key] for each in keys if each.key in self.reader.labels), "a field")
            raise InputError(f"{message}, in {label}", advice)

    def join_shifted(self, pieces: Iterable[_Piece]) -> Iterator[TextRun]:
        """Yield the content of pieces; raised ones are read together, since "21st" may be cut anywhere."""
        before = ""
        for (keys, shift), group in groupby(pieces, lambda piece: (piece.line_keys, piece.shift)):
            contents = [piece.content for piece in group]
            if shift:
                contents = [self._read_shifted("".join(map(str, contents)), shift, before, keys)]
            for content in contents:
                before = content if isinstance(content, str) and content else before
                yield TextRun(content, keys)

    def _read_shifted(self, text: str, shift: int, before: str, keys: frozenset[LineKey]) -> str:
        shifted = read_shifted(text, is_raised=shift > 0, before=before)
        if shifted is None:
            message = f"has {'raised' if shift > 0 else 'lowered'} characters that plain text has not"
            self._refuse(keys, message, "Write them on the line, in words if need be; then save.")
        return text if shifted is None else shifted


_TEXT_TAGS = frozenset(f"{W}{name}" for name in (*_SPECIAL_TEXT, "t", "sym"))


def _parse_sign(code: str) -> str:
    """Return the character that a `w:sym` names by its number; it may be one of a symbol font."""
    try:
        character = chr(int(code, 16))
    except (ValueError, OverflowError):
        return _UNREADABLE
    return character if character.isprintable() or character in _PRIVATE_CHARACTERS else _UNREADABLE


def _words_in(element: Element) -> Iterator[str]:
    """Yield the words of an element that is no text, without those of text boxes, which are read on their own."""
    for each in element.iter(f"{W}t", f"{_MATHS}t"):
        if each.text and next(each.iterancestors(_BOXED), None) is None:
            yield each.text


def join_runs(runs: Iterable[TextRun]) -> tuple[str, NoteReferences]:
    """Return the text of some runs, with single spaces, and the places where it cites notes."""
    text = _JoinedText()
    cites: list[NoteReference] = []
    for words, _ in runs:
        if isinstance(words, int):
            text.strip_end()
            cites.append(NoteReference(text.length, words))
        else:
            text.append(words)
    text.strip_end()
    return "".join(text.parts), tuple(cites)


@dataclass(slots=True)
class _JoinedText:
    """A text without space at its start, kept in parts: a paragraph of many runs is joined once."""

    parts: list[str] = field(default_factory=list)
    length: int = 0

    def append(self, words: str) -> None:
        """Add some words; spaces that meet become one."""
        spaced = _SPACING.sub(" ", words)
        if not self.parts:
            spaced = spaced.lstrip()
        elif self.parts[-1].endswith(" "):
            spaced = spaced.removeprefix(" ")
        if spaced:
            self.parts.append(spaced)
            self.length += len(spaced)

    def strip_end(self) -> None:
        """Remove space at the end."""
        while self.parts:
            last = self.parts.pop()
            kept = last.rstrip()
            self.length -= len(last) - len(kept)
            if kept:
                self.parts.append(kept)
                return
