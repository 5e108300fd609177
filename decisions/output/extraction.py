"""Extract all text from a finished file, wherever it stands and whether or not a reader would see it.

- PDF: the words that its glyphs spell, in the order of each stream; every string of every object, referenced or not;
  and every other stream, unpacked.
- HTML: the text, the values of attributes, and comments. Our own style sheet is left out.
- Word: the text of every part, however it is cut into runs; the values of all attributes; comments.
- A file that could hide text is refused: a PDF that contains an earlier version of itself, a Word file with anything
  between its parts or anything but XML in them, and any file that cannot be read completely.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from decisions.errors import DocumentError
from rules.errors import InputError

if TYPE_CHECKING:
    import pikepdf

_FAULT_ADVICE = "This is a fault of assent: report it. Nothing has been written."
_TEXT_OPERATORS = {"Tj", "TJ", "'", '"'}
_CODE_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_CODE_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_BFCHAR_SECTION = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_BFRANGE_SECTION = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
UNKNOWN_GLYPH = "_"
"""Stands for a glyph that a font lacks. It counts as a letter, so that the rest of its word does not pass as a word."""
_END_OF_PDF = re.compile(rb"^startxref\r?\n[0-9]+\r?\n%%EOF\s*", re.MULTILINE)
_WORD_BREAKING_TAGS = frozenset(["p", "tab", "br", "cr"])
_STYLE = re.compile(r"<style\b[^>]*>.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_ATTRIBUTE = re.compile(r'="([^"]*)"')

GlyphMap: TypeAlias = Mapping[int, str]
"""The text of each glyph of a font, by the number of the glyph."""


class TextPiece(NamedTuple):
    """A piece of text in a file: prose for readers, or text for programs, where a single word means nothing."""

    text: str
    is_prose: bool = True


def extract_text(data: bytes, output_format: str) -> Iterator[TextPiece]:
    """Yield every piece of text in a file; no word continues from one piece into the next.

    `output_format` is `pdf`, `html` or `docx`. Raises `DocumentError` if a PDF or Word file could hold more text than
    can be read from it.
    """
    return _EXTRACTORS[output_format](data)


def _extract_html(data: bytes) -> Iterator[TextPiece]:
    page = _STYLE.sub(" ", data.decode())
    yield TextPiece(unescape(_TAG.sub(" ", page)))
    for text in (*_ATTRIBUTE.findall(page), *_COMMENT.findall(page)):
        yield TextPiece(unescape(text), is_prose=False)


def _extract_pdf(data: bytes) -> Iterator[TextPiece]:
    import pikepdf

    ends = list(_END_OF_PDF.finditer(data))
    if len(ends) != 1 or ends[0].end() != len(data):
        raise DocumentError("the PDF goes on after its end, or carries an earlier version of itself", _FAULT_ADVICE)
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            fonts = [_parse_glyph_map(stream) for stream in _streams_under_key(pdf, "/ToUnicode")]
            for pdf_object in pdf.objects:
                yield from _extract_pdf_object(pdf_object, fonts)
            yield from map(TextPiece, _pdf_strings(pdf.trailer, 0))
    except pikepdf.PdfError as error:
        raise DocumentError(f"the PDF could not be read throughout ({type(error).__name__})", _FAULT_ADVICE) from error


def _streams_under_key(pdf: pikepdf.Pdf, key: str) -> Iterator[bytes]:
    """Yield the streams that objects of a PDF have under a key."""
    import pikepdf

    for pdf_object in pdf.objects:
        if isinstance(pdf_object, pikepdf.Dictionary) and key in pdf_object:
            yield bytes(pdf_object[key].get_stream_buffer())


def _parse_glyph_map(to_unicode: bytes) -> GlyphMap:
    """Return the text of each glyph of a font, from its /ToUnicode stream (ISO 32000-1, 9.10.3)."""
    glyph_map: dict[int, str] = {}
    for section in _BFCHAR_SECTION.findall(to_unicode):
        glyph_map |= {int(number, 16): _decode_utf16(text) for number, text in _CODE_PAIR.findall(section)}
    for section in _BFRANGE_SECTION.findall(to_unicode):
        for first, last, text in _CODE_RANGE.findall(section):
            start = int(first, 16)
            glyph_map |= {number: chr(int(text, 16) + number - start) for number in range(start, int(last, 16) + 1)}
    return glyph_map


def _decode_utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")


def _extract_pdf_object(pdf_object: pikepdf.Object, fonts: list[GlyphMap]) -> Iterator[TextPiece]:
    import pikepdf

    yield from map(TextPiece, _pdf_strings(pdf_object, 0))
    if not isinstance(pdf_object, pikepdf.Stream):
        return
    content = bytes(pdf_object.get_stream_buffer())
    if b"BT" in content and b"ET" in content:
        yield from map(TextPiece, _decode_shown_text(pdf_object, fonts))
    elif "/Length1" not in pdf_object:  # a font program holds shapes, not text
        yield TextPiece(content.decode("utf-8", "replace"), is_prose=False)


def _decode_shown_text(content: pikepdf.Stream, fonts: list[GlyphMap]) -> Iterator[str]:
    """Yield what a stream spells in each font: a stream does not say by itself which font a name stands for."""
    shown = list(_shown_glyphs(content))
    for font in fonts:
        yield " ".join(
            "".join(font.get(number, UNKNOWN_GLYPH) for number in _glyph_numbers(glyphs)) for glyphs in shown
        )


def _shown_glyphs(content: pikepdf.Stream) -> Iterator[bytes]:
    """Yield the glyph numbers that each text operator of a stream shows, as bytes."""
    import pikepdf

    for instruction in pikepdf.parse_content_stream(content):
        if str(instruction.operator) in _TEXT_OPERATORS:
            strings = (part for part in _flatten(instruction.operands) if isinstance(part, pikepdf.String))
            yield b"".join(map(bytes, strings))


def _flatten(operands: Any) -> Iterator[Any]:  # noqa: ANN401  # the operands of an operator
    import pikepdf

    for part in operands:
        if isinstance(part, (list, pikepdf.Array)):
            yield from _flatten(part)
        else:
            yield part


def _glyph_numbers(glyphs: bytes) -> Iterator[int]:
    return (int.from_bytes(glyphs[start : start + 2], "big") for start in range(0, len(glyphs), 2))


def _pdf_strings(pdf_object: Any, depth: int) -> Iterator[str]:  # noqa: ANN401  # any object of a PDF
    """Yield the strings in an object, without those of other objects that it refers to."""
    import pikepdf

    if depth and getattr(pdf_object, "is_indirect", False):
        return
    if isinstance(pdf_object, pikepdf.String):
        yield str(pdf_object)
    elif isinstance(pdf_object, (pikepdf.Dictionary, pikepdf.Stream)):
        for key in pdf_object.keys():  # noqa: SIM118  # iterating over a stream would not give its keys
            yield from _pdf_strings(pdf_object[key], depth + 1)
    elif isinstance(pdf_object, pikepdf.Array):
        for inner in pdf_object:
            yield from _pdf_strings(inner, depth + 1)


def _extract_docx(data: bytes) -> Iterator[TextPiece]:
    from decisions.output.word.package import pack_parts, parse_part, read_parts

    try:
        parts = read_parts(data)
        roots = [parse_part(parts[name]) for name in parts]
    except InputError as error:
        raise DocumentError(f"the Word file could not be read throughout: it {error}", _FAULT_ADVICE) from error
    if pack_parts(parts) != data:
        raise DocumentError("the Word file holds something beside its parts", _FAULT_ADVICE)
    yield from (TextPiece(name, is_prose=False) for name in parts)
    for root in roots:
        yield from _extract_xml_part(root)


def _extract_xml_part(root: Any) -> Iterator[TextPiece]:  # noqa: ANN401  # an element of lxml
    """Yield the attribute values and the text of a part; a word may continue in the next run of a paragraph."""
    from decisions.output.word.package import W

    text: list[str] = []
    for element in chain(root.itersiblings(preceding=True), root.iter(), root.itersiblings()):
        tag = str(element.tag)
        ends_word = not tag.startswith(W) or tag.removeprefix(W) in _WORD_BREAKING_TAGS
        text += [" " * ends_word, element.text or "", element.tail or ""]
        if tag != f"{W}pgSz":  # its numbers are the size of the page, and could be mistaken for an amount
            yield from (TextPiece(value, is_prose=False) for value in element.attrib.values())
    yield TextPiece("".join(text))


_EXTRACTORS: Mapping[str, Callable[[bytes], Iterator[TextPiece]]] = {
    "pdf": _extract_pdf,
    "html": _extract_html,
    "docx": _extract_docx,
}
