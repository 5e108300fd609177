"""Imitate what Word and LibreOffice do to a file that an officer edits and saves."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from decisions.output.word.package import MAIN_DOCUMENT, read_parts

PROGRAMS = ("word", "libreoffice")
FOOTNOTES = "word/footnotes.xml"


def save_package(parts: Mapping[str, bytes], **entries: bytes) -> bytes:
    """Return a package as those programs write it: compressed, in another order, with a date."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in [*reversed(list(parts.items())), *entries.items()]:
            package.writestr(zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6)), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def edit_part(data: bytes, *changes: tuple[str, str], part: str = MAIN_DOCUMENT) -> bytes:
    """Return a file with some text or XML of one part replaced, each pair once."""
    parts = read_parts(data)
    text = parts[part].decode()
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return save_package({**parts, part: text.encode()})


def resave_by_word(data: bytes) -> bytes:
    """Return a file as Word saves it: runs split by the spelling checker, with attributes of its own."""
    parts = read_parts(data)
    text = parts[MAIN_DOCUMENT].decode()
    text = re.sub(r"(<w:r>)(?:<w:t>|<w:t xml:space=\"preserve\">)([^<]*)</w:t></w:r>", _split_runs, text)
    text = text.replace("<w:p>", '<w:p w:rsidR="00A1B2C3" w:rsidRDefault="00A1B2C3">')
    return save_package({**parts, MAIN_DOCUMENT: text.encode(), "docProps/app.xml": b"<Properties/>"})


def _split_runs(match: re.Match[str]) -> str:
    words = re.split(r"( )", match[2])
    return "".join(_spell_checked_runs(words))


def _spell_checked_runs(words: list[str]) -> Iterator[str]:
    for word in filter(None, words):
        yield '<w:proofErr w:type="spellStart"/><w:r w:rsidRPr="00A1B2C3"><w:rPr><w:lang w:val="en-GB"/></w:rPr>'
        yield f'<w:t xml:space="preserve">{word}</w:t></w:r><w:proofErr w:type="spellEnd"/>'


def resave_by_libreoffice(data: bytes) -> bytes:
    """Return a file as LibreOffice saves it: without tags, its bookmarks moved into the paragraphs next to them."""
    parts = read_parts(data)
    text = parts[MAIN_DOCUMENT].decode()
    text = re.sub(r'<w:tag w:val="[^"]*"/>|<w:lock w:val="sdtLocked"/>', "", text)
    before_paragraph = (
        r"(<w:bookmarkStart[^>]*_text_[^>]*/>)(<w:sdt>(?:(?!<w:p>).)*<w:p>(?:<w:pPr/>|<w:pPr>.*?</w:pPr>)?)"
    )
    text = re.sub(before_paragraph, r"\2\1", text)
    text = re.sub(r"(</w:p>)(</w:sdtContent></w:sdt>)(<w:bookmarkEnd[^>]*/>)", r"\3\1\2", text)
    return save_package({**parts, MAIN_DOCUMENT: text.encode()})


def resave_by(program: str, data: bytes) -> bytes:
    return resave_by_word(data) if program == "word" else resave_by_libreoffice(data)
