"""Read a web page: its headings, paragraphs, list items and rows, without menus, scripts and forms.

- List items get the number that a browser shows, so that `1.` and `a.` are read alike on pages, in Word and in print.
- A line that is too long to look through is broken before each block, so that its parts have places of their own.
- Nothing is fetched, no entity is expanded, and no part of the page is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from lxml import etree, html

from decisions.intake.readers.plain_text import decode
from decisions.intake.source_text import START, BlockCollector, Place, Problem, SourceText

Element: TypeAlias = Any
"""An element of lxml, which has no type hints."""

_SKIPPED = frozenset(
    ["script", "style", "noscript", "template", "head", "nav", "form", "button", "select", "svg", "iframe", "object"]
)
_SKIPPED_ROLES = frozenset(["navigation", "search", "banner", "contentinfo", "dialog"])
_BLOCKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
        "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "html", "legend", "li", "main", "ol", "p", "pre",
        "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "hr",
    ]
)  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NUMBER_KINDS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
"""The kinds of number that a list can ask for, as Word calls them."""
_CHARSET = re.compile(rb"charset\s{0,3}=\s{0,3}[\"']?([A-Za-z0-9_-]{1,30})")
_FIRST_BYTES = 2_000
_BLOCK_TAG = re.compile(rf"<(?:{'|'.join(sorted(_BLOCKS))}|br)(?=[\s/>])", re.IGNORECASE)
_LONG_LINE = 400
"""Characters of a line that a person can look through."""
MAX_NESTING = 200
"""Elements inside one another. A page with more is damaged or made to do harm."""


def read_html(data: bytes) -> SourceText:
    """Return the text of a page."""
    collector = BlockCollector()
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        page, places = _break_long_lines(_decode_page(data, collector))
        root = html.document_fromstring(page, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        collector.problems.append(Problem(START, "the page has no text that can be read"))
        return collector.finish()
    _PageWalk(collector, places).walk(root, 0, 0)
    return collector.finish()


def _decode_page(data: bytes, collector: BlockCollector) -> str:
    """Return a page as text, by the encoding that it names or in UTF-8."""
    named = _CHARSET.search(data[:_FIRST_BYTES])
    encoding = named[1].decode().casefold() if named else "utf-8"
    if encoding in ("windows-1252", "cp1252", "iso-8859-1", "latin-1"):
        text = data.decode("cp1252", "replace")
    else:
        text = decode(data, collector)
    return re.sub(r"^\s{0,20}<\?xml[^>]{0,200}\?>", "", text).replace("\x00", "") or " "


def _break_long_lines(page: str) -> tuple[str, list[Place]]:
    """Return a page with a new line before each block of a long line, and the true place of each line.

    Pages without a long line stay as they are.
    """
    pieces: list[str] = []
    places: list[Place] = []
    for number, line in enumerate(page.split("\n"), 1):
        starts = [0, *(match.start() for match in _BLOCK_TAG.finditer(line) if match.start())]
        if len(line) <= _LONG_LINE:
            starts = [0]
        pieces += [line[first:last] for first, last in pairwise([*starts, len(line)])]
        places += [Place(0, number, start + 1 if len(line) > _LONG_LINE else 0) for start in starts]
    return "\n".join(pieces), places


@dataclass(slots=True)
class _PageWalk:
    """A walk through the elements of one page; `places` are those of its lines."""

    collector: BlockCollector
    places: list[Place]

    def place_of(self, element: Element) -> Place:
        """Return the place of an element: of the line on which its tag ends."""
        line = element.sourceline or 1
        return self.places[min(line, len(self.places)) - 1]

    def walk(self, element: Element, depth: int, nesting: int) -> None:
        """Add the blocks of an element that holds others; `depth` counts the lists around it."""
        if nesting > MAX_NESTING:
            self.collector.problems.append(
                Problem(self.place_of(element), "the page is nested too deeply: this is not read")
            )
            return
        run = _Run(self.place_of(element))
        if element.text:
            run.add(element.text, self.place_of(element))
        for child in element:
            if _is_skipped(child):
                pass
            elif child.tag == "br":
                run.flush(self.collector, depth)
            elif child.tag in _BLOCKS or _holds_blocks(child):
                run.flush(self.collector, depth)
                self._add_block(child, depth, nesting + 1)
            else:
                for words, place in self._inline_words(child):
                    run.add(words, place) if words != "\n" else run.flush(self.collector, depth)
            if child.tail:
                run.add(child.tail, self.place_of(child))
        run.flush(self.collector, depth)

    def _add_block(self, element: Element, depth: int, nesting: int) -> None:
        if element.tag in _HEADINGS:
            self.collector.add(element.text_content(), self.place_of(element), _HEADINGS[element.tag], depth)
        elif element.tag == "tr":
            self.collector.add(_read_row(element), self.place_of(element), depth=depth)
        elif element.tag in ("ol", "ul"):
            for label, item in _labelled_items(element):
                self._add_item(label, item, depth + 1, nesting)
        else:
            self.walk(element, depth, nesting)

    def _add_item(self, label: str, item: Element, depth: int, nesting: int) -> None:
        """Add an item of a list, with its number before its first words."""
        first = len(self.collector.blocks)
        self.walk(item, depth, nesting + 1)
        if len(self.collector.blocks) > first:
            block = self.collector.blocks[first]
            self.collector.blocks[first] = type(block)(f"{label} {block.text}", block.place, block.level, depth)

    def _inline_words(self, element: Element) -> Iterator[tuple[str, Place]]:
        """Yield the words of an element within a line, and a line feed for each line break."""
        if element.text:
            yield element.text, self.place_of(element)
        for child in element:
            if child.tag == "br":
                yield "\n", self.place_of(child)
            elif not _is_skipped(child):
                yield from self._inline_words(child)
            if child.tail:
                yield child.tail, self.place_of(child)


class _Run:
    """Words that stand side by side until a block or a line break ends them."""

    def __init__(self, place: Place) -> None:
        self._words: list[str] = []
        self._place = place

    def add(self, words: str, place: Place) -> None:
        """Add words; the first ones give the place."""
        if words.strip() and not "".join(self._words).strip():
            self._place = place
        self._words.append(words)

    def flush(self, collector: BlockCollector, depth: int) -> None:
        """Add what was collected as a block."""
        collector.add("".join(self._words), self._place, depth=depth)
        self._words.clear()


def _read_row(row: Element) -> str:
    """Return the cells of a row in one line; a heading and its one cell are a label and its value."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    texts = [" ".join(cell.text_content().split()) for cell in cells]
    is_labelled = [cell.tag for cell in cells] == ["th", "td"] and all(texts)
    return (": " if is_labelled else " ").join(filter(None, texts))


def _is_skipped(element: Element) -> bool:
    if not isinstance(element.tag, str):
        return True
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return element.tag in _SKIPPED or element.get("role") in _SKIPPED_ROLES or hidden


def _holds_blocks(element: Element) -> bool:
    return any(isinstance(child.tag, str) and child.tag in _BLOCKS for child in element.iterdescendants())


def _labelled_items(listing: Element) -> Iterator[tuple[str, Element]]:
    """Yield the items of a list, each with its number or bullet."""
    count = _parse_number(listing.get("start"), 1)
    for item in listing:
        if item.tag != "li":
            continue
        count = _parse_number(item.get("value"), count)
        yield "•" if listing.tag == "ul" else f"{_format_number(count, listing.get('type', '1'))}.", item
        count += 1


def _parse_number(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,4}", text) else default


def _format_number(count: int, kind: str) -> str:
    """Return the number of an item as a browser shows it."""
    from decisions.output.word.reading.paragraph_classifier import format_count

    return format_count(count, _NUMBER_KINDS.get(kind, ""))
