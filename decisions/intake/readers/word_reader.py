"""Read a Word file that somebody else wrote: paragraphs, list items with their numbers, and rows of tables.

- What has tracked changes is unsettled: each such paragraph is named and not read.
- Hidden and struck words are left out by name, since nobody sees them on paper.
"""

from __future__ import annotations

from collections.abc import Iterator

from decisions.intake.source_text import BlockCollector, Place, Problem, SourceText
from decisions.output.word.package import Element, W, read_parts
from decisions.output.word.reader import TRACKED_CHANGE_TAGS
from decisions.output.word.reading.opened_package import OpenedPackage
from decisions.output.word.reading.paragraph_classifier import ParagraphClassifier
from decisions.output.word.reading.style_sheet import StyleSheet, child_value
from decisions.output.word.reading.text_runs import RunReader, join_runs
from rules.errors import InputError

_CHANGES = tuple(f"{W}{tag}" for tag in TRACKED_CHANGE_TAGS)
_UNSEEN = "holds "
"""How the messages of `RunReader` on hidden, struck and illegible words begin; those on pictures begin otherwise."""
_OTHER_FILE_REASON = "another file stands in this one, after this line: it is not read"
_CHANGE_REASON = "the paragraph has tracked changes that nobody accepted or rejected: it is not read"


def read_word(data: bytes) -> SourceText:
    """Return the text of a Word file; raises `InputError` for another kind of file, or a protected one."""
    package = OpenedPackage.open(read_parts(data))
    styles = StyleSheet.from_package(package)
    reader = _WordReader(
        styles, RunReader(styles, {}), ParagraphClassifier.from_parts(styles, package.first_related("numbering"))
    )
    for body in package.main.findall(f"{W}body"):
        reader.read(body)
    return reader.collector.finish()


class _WordReader:
    """Reads the paragraphs of one file, and counts them as lines."""

    def __init__(self, styles: StyleSheet, runs: RunReader, classifier: ParagraphClassifier) -> None:
        self.collector = BlockCollector()
        self._styles, self._runs, self._classifier = styles, runs, classifier
        self._line = 0

    def read(self, parent: Element) -> None:
        """Add every paragraph and row below an element, in order, whatever stands round them."""
        for element in parent:
            if element.tag == f"{W}p":
                self._add_paragraph(element)
            elif element.tag == f"{W}tbl":
                for row in element.iter(f"{W}tr"):
                    self._add_row(row)
            elif element.tag == f"{W}altChunk":
                self.collector.problems.append(Problem(Place(0, self._line), _OTHER_FILE_REASON))
            elif next(element.iter(f"{W}p"), None) is not None:
                self.read(element)

    def _add_paragraph(self, paragraph: Element) -> None:
        self._line += 1
        kind = self._classifier.classify(paragraph)
        text = self._read_settled(paragraph)
        if not text:
            return
        label = kind.label or ("•" if kind.kind == "item" else "")
        depth = kind.level + 1 if label else 0
        level = 0 if label else self._heading_level(paragraph)
        self.collector.add(f"{label} {text}".strip(), Place(0, self._line), level, depth)

    def _add_row(self, row: Element) -> None:
        self._line += 1
        texts = [" ".join(filter(None, map(self._read_settled, cell.iter(f"{W}p")))) for cell in _cells(row)]
        self.collector.add(" ".join(filter(None, texts)), Place(0, self._line))

    def _read_settled(self, paragraph: Element) -> str:
        """Return the words of a paragraph; note a problem and return none for what is not settled or readable."""
        is_changed = next(paragraph.iter(*_CHANGES), None) is not None
        if is_changed or next(paragraph.iterancestors(*_CHANGES), None) is not None:
            self.collector.problems.append(Problem(Place(0, self._line), _CHANGE_REASON))
            return ""
        try:
            return join_runs(self._runs.read(paragraph, is_fact=True))[0]
        except InputError as error:
            is_unseen = error.message.startswith(_UNSEEN)
            rest = "it is not read" if is_unseen else "only its words are read"
            self.collector.problems.append(Problem(Place(0, self._line), f"the paragraph {error.message}: {rest}"))
            return "" if is_unseen else join_runs(self._runs.read(paragraph))[0]

    def _heading_level(self, paragraph: Element) -> int:
        """Return the level of a heading by its style, or 0."""
        for style in self._styles.ancestry(self._styles.paragraph_style(paragraph)):
            name = child_value(self._styles.styles[style], "name").casefold()
            if name in ("title", "heading"):
                return 1
            word, _, number = name.partition(" ")
            if word == "heading" and number.isdigit():
                return min(int(number), 6)
        return 0


def _cells(row: Element) -> Iterator[Element]:
    yield from row.iter(f"{W}tc")
