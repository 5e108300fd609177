"""Read a published file of any kind as blocks with places: a web page, a PDF, a Word file or plain text.

The first bytes decide the kind, not the name: pages are saved under many names. Messages of `InputError` continue the
name of the file.
"""

from __future__ import annotations

from decisions.intake.source_text import SourceText
from rules.errors import InputError

MAX_INTAKE_BYTES = 24_000_000
"""The size of one file. A decision with its report is at most a few megabytes."""
MAX_TEXT_BYTES = 4_000_000
"""The size of a page or a text file, which are words alone."""
_ADVICE = "Give a web page (.html), a PDF with text, a Word file (.docx) or a text file."
_OTHER_KINDS = {
    b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"II*\x00": "a picture",
    b"{\\rtf": "rich text (.rtf)", b"\x1f\x8b": "a packed file (.gz)", b"Rar!": "a packed file (.rar)",
}  # fmt: skip
_LEGACY_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_FIRST_BYTES = 1_024


def read_source(data: bytes) -> SourceText:
    """Return the text of a file; raises `InputError` for a file that cannot be read at all."""
    start = data[:_FIRST_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"%PDF") or b"%PDF-" in data[:_FIRST_BYTES]:
        from decisions.intake.readers.pdf_reader import read_pdf

        return read_pdf(data)
    if data.startswith((b"PK\x03\x04", _LEGACY_OFFICE)):
        from decisions.intake.readers.word_reader import read_word

        return read_word(data)
    _refuse_other_kinds(data, start)
    if _is_page(start):
        from decisions.intake.readers.html_reader import read_html

        return read_html(data)
    from decisions.intake.readers.plain_text import read_plain_text

    return read_plain_text(data)


def _refuse_other_kinds(data: bytes, start: bytes) -> None:
    if not start:
        raise InputError("is empty", _ADVICE)
    for signature, kind in _OTHER_KINDS.items():
        if data.startswith(signature):
            raise InputError(f"is {kind}, which has no text that can be read", _ADVICE)
    if len(data) > MAX_TEXT_BYTES:
        raise InputError(f"is too large for a page: {len(data):,} bytes", f"The limit is {MAX_TEXT_BYTES:,} bytes.")
    is_utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in data[:_FIRST_BYTES] and not is_utf_16:
        raise InputError("is not text", _ADVICE)


def _is_page(start: bytes) -> bool:
    lowered = start.lower()
    is_tagged = lowered.startswith((b"<!doctype html", b"<?xml", b"<")) and b">" in lowered
    return is_tagged or b"<html" in lowered or b"<body" in lowered
