"""Read the text layer of a PDF, line by line; a page without one is named.

- Pages are opened one at a time and closed at once. PDFium is C++: only a file within the size limit reaches it.
- A number or bullet that a file holds apart from its item, as browsers print it, goes before the item at its height.
- Page numbers, and lines that run along the top or foot of most pages, belong to no paragraph and are left out.
- Recognising letters in pictures is left to other programs: a scanned page is a problem, never a guess.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from decisions.intake.readers.plain_text import Line, collect_lines
from decisions.intake.source_text import BlockCollector, Place, Problem, SourceText
from decisions.intake.wording import split_marker
from rules.errors import InputError

if TYPE_CHECKING:
    import pypdfium2

MAX_PAGES = 400
MAX_PAGE_CHARACTERS = 60_000
_LOCKED_ADVICE = "Save a copy without a password: print it to PDF, or ask its publisher."
_SCAN_REASON = "the page has no text that can be read, as a scan has none: run OCR over the file first"
_DAMAGED_REASON = "the page is damaged: it is not read"
_FULL_LINE = 0.8
"""The share of the width of a page's longest line from which a line counts as full."""
_GAP = 0.6
"""The space between two lines, as a share of their height, from which it counts as a gap."""
_EDGE, _LEAST_RUNNING = 2, 3
"""How many lines at the top and foot of a page may run through all pages, and on how many pages at least."""
_PAGE_NUMBER = re.compile(r"(?:page )?[0-9]{1,3}(?: of [0-9]{1,3})?")
_HAIR = 0.25
"""How far, in points, letters of different pieces may lie above each other."""
_ITEM = "Item"
"""Words for an item, to try whether something is its marker."""
_ROW_GAP = 1.0
"""The space between two words of a line, as a share of their height, from which they stand in cells of a row."""


class _Piece(NamedTuple):
    """Some text on a page and the box around it; `bottom` and `top` count upwards. A row has a wide gap in it."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    is_row: bool = False


def read_pdf(data: bytes) -> SourceText:
    """Return the text layer of a PDF; raises `InputError` for an encrypted or damaged one, or one without any text."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or b"/Encrypt" in data:
            raise InputError("is protected by a password", _LOCKED_ADVICE) from None
        raise InputError("is not a PDF, or a damaged one", "Open it, and save or print it as PDF again.") from None
    try:
        return _read_document(document)
    finally:
        document.close()


def _read_document(document: pypdfium2.PdfDocument) -> SourceText:
    collector = BlockCollector()
    count = len(document)
    pages: list[list[Line]] = []
    for index in range(min(count, MAX_PAGES)):
        lines, reason = _read_page(document, index)
        pages.append(lines)
        if not lines:
            collector.problems.append(Problem(Place(index + 1, 1), reason))
    collect_lines([line for lines in _drop_running_lines(pages) for line in lines], collector)
    if count > MAX_PAGES:
        collector.problems.append(Problem(Place(MAX_PAGES, 1), f"the file has {count} pages: the rest is not read"))
    if not collector.blocks and any(problem.reason == _DAMAGED_REASON for problem in collector.problems):
        raise InputError("is a damaged PDF: no page of it can be read", "Open it, and save or print it as PDF again.")
    if not collector.blocks:
        noun = "page" if count == 1 else "pages"
        raise InputError(f"has no text on its {count} {noun}: it is a scan", "Run OCR over it, then give that file.")
    return collector.finish()


def _read_page(document: pypdfium2.PdfDocument, index: int) -> tuple[list[Line], str]:
    """Return the lines of a page; for a page without any, also the reason."""
    import pypdfium2

    try:
        return list(_read_lines(document, index)), _SCAN_REASON
    except pypdfium2.PdfiumError:
        return [], _DAMAGED_REASON


def _drop_running_lines(pages: list[list[Line]]) -> Iterator[list[Line]]:
    """Yield the lines of each page without its number and what stands at the top or foot of most pages."""
    edges = Counter(key for lines in pages for key in {_running_key(line) for line in _edge_lines(lines)})
    running = {key for key, count in edges.items() if count >= _LEAST_RUNNING and count * 2 > len(pages)}
    for index, lines in enumerate(pages):
        edge = _edge_lines(lines)
        kept = [line for line in lines if not (line in edge and (_running_key(line) in running or _is_number(line)))]
        # The first line of a page may go on with the paragraph of the page before.
        yield [line._replace(after_gap=False) if index and place == 0 else line for place, line in enumerate(kept)]


def _edge_lines(lines: list[Line]) -> list[Line]:
    return [*lines[:_EDGE], *lines[-_EDGE:]]


def _running_key(line: Line) -> str:
    """Return a line with its figures alike, as they count the pages."""
    return re.sub("[0-9]+", "0", line.text.casefold())


def _is_number(line: Line) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(line.text.casefold()))


def _read_lines(document: pypdfium2.PdfDocument, index: int) -> Iterator[Line]:
    """Yield the lines of a page from top to bottom."""
    page = document[index]
    try:
        text_page = page.get_textpage()
        try:
            pieces = _place_markers(list(_read_pieces(text_page)))
        finally:
            text_page.close()
    finally:
        page.close()
    margin = max((piece.right for piece in pieces), default=0.0)
    before: _Piece | None = None
    for number, line in enumerate(_join_pieces(pieces), 1):
        height = max(line.top - line.bottom, 1.0)
        gap = before is None or _has_gap(before, line, height)
        is_full = line.right >= _FULL_LINE * margin and not line.is_row
        yield Line(" ".join(line.text.split()), Place(index + 1, number), gap, is_full)
        before = line


def _has_gap(before: _Piece, line: _Piece, height: float) -> bool:
    """Whether there is room between two lines, or the lower one stands in another column."""
    return before.bottom - line.top > _GAP * height or line.bottom > before.bottom


def _read_pieces(text_page: pypdfium2.PdfTextPage) -> Iterator[_Piece]:
    characters = 0
    for index in range(text_page.count_rects()):
        box = text_page.get_rect(index)
        left, bottom, right, top = box
        # A letter of another piece can reach into the box by a hair.
        text = text_page.get_text_bounded(left + _HAIR, bottom, right - _HAIR, top)
        characters += len(text)
        if characters > MAX_PAGE_CHARACTERS:
            return
        if text.strip():
            yield _Piece(text, *box)


def _place_markers(pieces: list[_Piece]) -> list[_Piece]:
    """Return the pieces with each lone number or bullet before the piece to its right; the others keep their order."""
    placed = [piece for piece in pieces if not _is_marker(piece)]
    for marker in filter(_is_marker, pieces):
        beside = [place for place, piece in enumerate(placed) if _is_beside(piece, marker._replace(left=piece.right))]
        right = [place for place in beside if placed[place].left >= marker.right - 1]
        nearest = min(right, key=lambda place: placed[place].left, default=None)
        placed.insert(len(placed) if nearest is None else nearest, marker)
    return placed


def _is_marker(piece: _Piece) -> bool:
    """Whether a piece is the number or bullet of an item and nothing else."""
    marked = split_marker(f"{piece.text.strip()} {_ITEM}")
    return bool(marked.label) and marked.text == _ITEM


def _join_pieces(pieces: list[_Piece]) -> Iterator[_Piece]:
    """Yield lines: pieces that follow one another at one height are one line."""
    line: _Piece | None = None
    for piece in pieces:
        if line and _is_beside(line, piece):
            is_apart = line.text[-1:].isspace() or piece.text[:1].isspace()
            space = " " if is_apart or piece.left - line.right >= _word_gap(piece) else ""
            line = _Piece(
                f"{line.text.rstrip()}{space}{piece.text.lstrip()}",
                line.left,
                min(line.bottom, piece.bottom),
                piece.right,
                max(line.top, piece.top),
                is_row=line.is_row or piece.left - line.right > _ROW_GAP * (piece.top - piece.bottom),
            )
            continue
        if line:
            yield line
        line = piece
    if line:
        yield line


def _is_beside(line: _Piece, piece: _Piece) -> bool:
    """Whether a piece stands at the height of a line, to its right."""
    middle = (piece.top + piece.bottom) / 2
    return line.bottom <= middle <= line.top and piece.left >= line.right - 1


def _word_gap(piece: _Piece) -> float:
    return 0.12 * (piece.top - piece.bottom)
