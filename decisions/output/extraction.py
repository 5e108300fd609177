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

_FAULT = "This is a fault of assent: report it. Nothing has been written."
_SHOWS = {"Tj", "TJ", "'", '"'}
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_CHARS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
UNKNOWN = "_"
"""What stands for a glyph that a font has not: as part of a word, so that what is left of that is no word."""
_END = re.compile(rb"^startxref\r?\n[0-9]+\r?\n%%EOF\s*", re.MULTILINE)
_BETWEEN_WORDS = frozenset(["p", "tab", "br", "cr"])
_STYLE = re.compile(r"<style\b[^>]*>.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_ATTRIBUTE = re.compile(r'="([^"]*)"')

Glyphs: TypeAlias = Mapping[int, str]


class Piece(NamedTuple):
    """A piece of what a file tells: speech, or what programs read, in which single words mean nothing."""

    text: str
    is_speech: bool = True


def told_by(data: bytes, to: str) -> Iterator[Piece]:
    """Every piece of text that a file of a form (`pdf`, `html`, `docx`) tells; no word reaches from one into the next.

    Raises `DocumentError` for a PDF or Word file that could tell more than can be read of it.
    """
    return _OF[to](data)


def _of_page(data: bytes) -> Iterator[Piece]:
    written = _STYLE.sub(" ", data.decode())
    yield Piece(unescape(_TAG.sub(" ", written)))
    for found in (*_ATTRIBUTE.findall(written), *_COMMENT.findall(written)):
        yield Piece(unescape(found), is_speech=False)


def _of_pdf(data: bytes) -> Iterator[Piece]:
    import pikepdf

    ends = list(_END.finditer(data))
    if len(ends) != 1 or ends[0].end() != len(data):
        raise DocumentError("the PDF goes on after its end, or carries an earlier version of itself", _FAULT)
    try:
        with pikepdf.open(io.BytesIO(data)) as read:
            fonts = [_glyphs(found) for found in _with(read, "/ToUnicode")]
            for found in read.objects:
                yield from _of_object(found, fonts)
            yield from map(Piece, _strings(read.trailer, 0))
    except pikepdf.PdfError as error:
        raise DocumentError(f"the PDF could not be read throughout ({type(error).__name__})", _FAULT) from error


def _with(read: pikepdf.Pdf, key: str) -> Iterator[bytes]:
    """The streams that the objects of a PDF have under a key."""
    import pikepdf

    for found in read.objects:
        if isinstance(found, pikepdf.Dictionary) and key in found:
            yield bytes(found[key].get_stream_buffer())


def _glyphs(to_unicode: bytes) -> Glyphs:
    """What the glyphs of a font stand for, by their numbers."""
    found: dict[int, str] = {}
    for block in _CHARS.findall(to_unicode):
        found |= {int(number, 16): _utf16(text) for number, text in _PAIR.findall(block)}
    for block in _RANGES.findall(to_unicode):
        for first, last, text in _RANGE.findall(block):
            start = int(first, 16)
            found |= {at: chr(int(text, 16) + at - start) for at in range(start, int(last, 16) + 1)}
    return found


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")


def _of_object(found: pikepdf.Object, fonts: list[Glyphs]) -> Iterator[Piece]:
    import pikepdf

    yield from map(Piece, _strings(found, 0))
    if not isinstance(found, pikepdf.Stream):
        return
    content = bytes(found.get_stream_buffer())
    if b"BT" in content and b"ET" in content:
        yield from map(Piece, _spelt(found, fonts))
    elif "/Length1" not in found:  # of a font program nothing is told but shapes
        yield Piece(content.decode("utf-8", "replace"), is_speech=False)


def _spelt(content: pikepdf.Stream, fonts: list[Glyphs]) -> Iterator[str]:
    """What a stream spells with the glyphs of each font, as it does not say by itself which font a name stands for."""
    shown = list(_shown(content))
    for font in fonts:
        yield " ".join("".join(font.get(number, UNKNOWN) for number in _numbers(glyphs)) for glyphs in shown)


def _shown(content: pikepdf.Stream) -> Iterator[bytes]:
    """The glyphs that a stream shows, by the numbers that they have in a font; those of one operator together."""
    import pikepdf

    for one in pikepdf.parse_content_stream(content):
        if str(one.operator) in _SHOWS:
            yield b"".join(bytes(part) for part in _flat(one.operands) if isinstance(part, pikepdf.String))


def _flat(given: Any) -> Iterator[Any]:  # noqa: ANN401  # the operands of an operator
    import pikepdf

    for part in given:
        if isinstance(part, (list, pikepdf.Array)):
            yield from _flat(part)
        else:
            yield part


def _numbers(glyphs: bytes) -> Iterator[int]:
    return (int.from_bytes(glyphs[at : at + 2], "big") for at in range(0, len(glyphs), 2))


def _strings(found: Any, depth: int) -> Iterator[str]:  # noqa: ANN401  # any object of a PDF
    """The strings in an object, but for those of other objects that it only refers to."""
    import pikepdf

    if depth and getattr(found, "is_indirect", False):
        return
    if isinstance(found, pikepdf.String):
        yield str(found)
    elif isinstance(found, (pikepdf.Dictionary, pikepdf.Stream)):
        for key in found.keys():  # noqa: SIM118  # to ask a stream for its values is another thing
            yield from _strings(found[key], depth + 1)
    elif isinstance(found, pikepdf.Array):
        for inner in found:
            yield from _strings(inner, depth + 1)


def _of_word(data: bytes) -> Iterator[Piece]:
    from decisions.output.word.package import packed, parsed, parts_of

    try:
        parts = parts_of(data)
        roots = [parsed(parts[name]) for name in parts]
    except InputError as error:
        raise DocumentError(f"the Word file could not be read throughout: it {error}", _FAULT) from error
    if packed(parts) != data:
        raise DocumentError("the Word file holds something beside its parts", _FAULT)
    yield from (Piece(name, is_speech=False) for name in parts)
    for root in roots:
        yield from _of_part(root)


def _of_part(root: Any) -> Iterator[Piece]:  # noqa: ANN401  # an element of lxml
    """What a part says, and what its attributes do. A word may go on in the next run, and not in the next paragraph."""
    from decisions.output.word.package import W

    said: list[str] = []
    for each in chain(root.itersiblings(preceding=True), root.iter(), root.itersiblings()):
        name = str(each.tag)
        ends_word = not name.startswith(W) or name.removeprefix(W) in _BETWEEN_WORDS
        said += [" " * ends_word, each.text or "", each.tail or ""]
        if name != f"{W}pgSz":  # of which the figures are those of the paper
            yield from (Piece(value, is_speech=False) for value in each.attrib.values())
    yield Piece("".join(said))


_OF: Mapping[str, Callable[[bytes], Iterator[Piece]]] = {"pdf": _of_pdf, "html": _of_page, "docx": _of_word}
