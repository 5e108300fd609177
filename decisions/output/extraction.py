"""What a file tells, extracted from wherever it stands in it, whether or not anybody would see it.

Of a PDF: the words that its glyphs spell, in the order of each stream, whichever page or object that belongs to; every
string of every object, referenced or not; and every other stream, unpacked. Of a page: its text, the values of its
attributes, and all else as it is written. A PDF that carries an earlier version of itself, or that cannot be read
throughout, is refused. Of a Word file: the text of every part, however it is cut into runs, the values of all
attributes, and comments; one that holds anything but XML, or anything between its parts, is refused.
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
"""What stands for a glyph that a font has not: as part of a word, so that what is left of that is no word."""
_END_OF_PDF = re.compile(rb"^startxref\r?\n[0-9]+\r?\n%%EOF\s*", re.MULTILINE)
_WORD_BREAKING_TAGS = frozenset(["p", "tab", "br", "cr"])
_STYLE = re.compile(r"<style\b[^>]*>.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_ATTRIBUTE = re.compile(r'="([^"]*)"')

GlyphMap: TypeAlias = Mapping[int, str]


class TextPiece(NamedTuple):
    """A piece of what a file tells: speech, or what programs read, in which single words mean nothing."""

    text: str
    is_prose: bool = True


def extract_text(data: bytes, output_format: str) -> Iterator[TextPiece]:
    """Every piece of text that a file of a form (`pdf`, `html`, `docx`) tells; no word reaches from one into the next.

    Raises `DocumentError` for a PDF or Word file that could tell more than can be read of it.
    """
    return _EXTRACTORS[output_format](data)


def _extract_html(data: bytes) -> Iterator[TextPiece]:
    written = _STYLE.sub(" ", data.decode())
    yield TextPiece(unescape(_TAG.sub(" ", written)))
    for found in (*_ATTRIBUTE.findall(written), *_COMMENT.findall(written)):
        yield TextPiece(unescape(found), is_prose=False)


def _extract_pdf(data: bytes) -> Iterator[TextPiece]:
    import pikepdf

    ends = list(_END_OF_PDF.finditer(data))
    if len(ends) != 1 or ends[0].end() != len(data):
        raise DocumentError("the PDF goes on after its end, or carries an earlier version of itself", _FAULT_ADVICE)
    try:
        with pikepdf.open(io.BytesIO(data)) as read:
            fonts = [_parse_glyph_map(found) for found in _streams_under_key(read, "/ToUnicode")]
            for found in read.objects:
                yield from _extract_pdf_object(found, fonts)
            yield from map(TextPiece, _pdf_strings(read.trailer, 0))
    except pikepdf.PdfError as error:
        raise DocumentError(f"the PDF could not be read throughout ({type(error).__name__})", _FAULT_ADVICE) from error


def _streams_under_key(pdf: pikepdf.Pdf, key: str) -> Iterator[bytes]:
    """The streams that the objects of a PDF have under a key."""
    import pikepdf

    for found in pdf.objects:
        if isinstance(found, pikepdf.Dictionary) and key in found:
            yield bytes(found[key].get_stream_buffer())


def _parse_glyph_map(to_unicode: bytes) -> GlyphMap:
    """What the glyphs of a font stand for, by their numbers."""
    found: dict[int, str] = {}
    for block in _BFCHAR_SECTION.findall(to_unicode):
        found |= {int(number, 16): _decode_utf16(text) for number, text in _CODE_PAIR.findall(block)}
    for block in _BFRANGE_SECTION.findall(to_unicode):
        for first, last, text in _CODE_RANGE.findall(block):
            start = int(first, 16)
            found |= {at: chr(int(text, 16) + at - start) for at in range(start, int(last, 16) + 1)}
    return found


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
    elif "/Length1" not in pdf_object:  # of a font program nothing is told but shapes
        yield TextPiece(content.decode("utf-8", "replace"), is_prose=False)


def _decode_shown_text(content: pikepdf.Stream, fonts: list[GlyphMap]) -> Iterator[str]:
    """What a stream spells with the glyphs of each font, as it does not say by itself which font a name stands for."""
    shown = list(_shown_glyphs(content))
    for font in fonts:
        yield " ".join(
            "".join(font.get(number, UNKNOWN_GLYPH) for number in _glyph_numbers(glyphs)) for glyphs in shown
        )


def _shown_glyphs(content: pikepdf.Stream) -> Iterator[bytes]:
    """The glyphs that a stream shows, by the numbers that they have in a font; those of one operator together."""
    import pikepdf

    for one in pikepdf.parse_content_stream(content):
        if str(one.operator) in _TEXT_OPERATORS:
            yield b"".join(bytes(part) for part in _flatten(one.operands) if isinstance(part, pikepdf.String))


def _flatten(operands: Any) -> Iterator[Any]:  # noqa: ANN401  # the operands of an operator
    import pikepdf

    for part in operands:
        if isinstance(part, (list, pikepdf.Array)):
            yield from _flatten(part)
        else:
            yield part


def _glyph_numbers(glyphs: bytes) -> Iterator[int]:
    return (int.from_bytes(glyphs[at : at + 2], "big") for at in range(0, len(glyphs), 2))


def _pdf_strings(pdf_object: Any, depth: int) -> Iterator[str]:  # noqa: ANN401  # any object of a PDF
    """The strings in an object, but for those of other objects that it only refers to."""
    import pikepdf

    if depth and getattr(pdf_object, "is_indirect", False):
        return
    if isinstance(pdf_object, pikepdf.String):
        yield str(pdf_object)
    elif isinstance(pdf_object, (pikepdf.Dictionary, pikepdf.Stream)):
        for key in pdf_object.keys():  # noqa: SIM118  # to ask a stream for its values is another thing
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
    """What a part says, and what its attributes do. A word may go on in the next run, and not in the next paragraph."""
    from decisions.output.word.package import W

    said: list[str] = []
    for each in chain(root.itersiblings(preceding=True), root.iter(), root.itersiblings()):
        name = str(each.tag)
        ends_word = not name.startswith(W) or name.removeprefix(W) in _WORD_BREAKING_TAGS
        said += [" " * ends_word, each.text or "", each.tail or ""]
        if name != f"{W}pgSz":  # of which the figures are those of the paper
            yield from (TextPiece(value, is_prose=False) for value in each.attrib.values())
    yield TextPiece("".join(said))


_EXTRACTORS: Mapping[str, Callable[[bytes], Iterator[TextPiece]]] = {
    "pdf": _extract_pdf,
    "html": _extract_html,
    "docx": _extract_docx,
}
