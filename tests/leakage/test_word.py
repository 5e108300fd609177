"""The last look at a public Word file: what of Part 2 stands in it is found, in whichever part, element or seam."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from decisions.documents.view import Document
from decisions.errors import DocumentError
from decisions.issuing.issue import issue_document
from decisions.issuing.issued_files import documents_by_template
from decisions.issuing.jobs import RenderJob
from decisions.output.extraction import extract_text
from decisions.output.pdf import render_file
from decisions.output.word.package import MAIN_DOCUMENT, PROPERTIES, pack_parts, read_parts
from tests.decisions import sample
from tests.decisions.cases import DECISION_FORM
from tests.leakage.test_disclosure import HELD, SECRETS
from tests.leakage.test_documents import CASE, opened, with_canaries
from workflow.services import commands
from workflow.services.commands import Request, Revision, Services

CUT = "".join(f"<w:r><w:rPr><w:b/></w:rPr><w:t>{letter}</w:t></w:r>" for letter in HELD)


@cache
def sound() -> bytes:
    return render_file(sample.draft_document(), "docx")


def told(data: bytes) -> list[str]:
    return SECRETS.find_disclosures(extract_text(data, "docx"))


def changed(name: str, before: str, after: str) -> bytes:
    """The sound file with a change in one part."""
    parts = read_parts(sound())
    text = parts[name].decode()
    assert before in text
    return pack_parts({**parts, name: text.replace(before, after, 1).encode()})


def with_part(name: str, content: bytes) -> bytes:
    return pack_parts({**read_parts(sound()), name: content})


def rezipped(change: Callable[[zipfile.ZipFile], object]) -> bytes:
    made = io.BytesIO(sound())
    with zipfile.ZipFile(made, "a") as package:
        change(package)
    return made.getvalue()


PLACES = {
    "a paragraph": (MAIN_DOCUMENT, "</w:body>", f"<w:p><w:r><w:t>{HELD}</w:t></w:r></w:p></w:body>"),
    "letters in runs of their own": (MAIN_DOCUMENT, "</w:body>", f"<w:p>{CUT}</w:p></w:body>"),
    "hidden text": (
        MAIN_DOCUMENT, "</w:body>", f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{HELD}</w:t></w:r></w:p></w:body>",
    ),
    "deleted text": (
        MAIN_DOCUMENT,
        "</w:body>",
        f'<w:p><w:del w:id="1"><w:r><w:delText>{HELD}</w:delText></w:r></w:del></w:p></w:body>',
    ),
    "a field": (MAIN_DOCUMENT, "</w:body>", f"<w:p><w:r><w:instrText>{HELD}</w:instrText></w:r></w:p></w:body>"),
    "an attribute": (MAIN_DOCUMENT, "<w:body>", f'<w:body w:rsid="{HELD}">'),
    "the name of a content control": (
        MAIN_DOCUMENT, "<w:body>", f'<w:body><w:sdt><w:sdtPr><w:alias w:val="{HELD}"/></w:sdtPr></w:sdt>',
    ),
    "a comment of XML": (MAIN_DOCUMENT, "<w:body>", f"<w:body><!-- {HELD} -->"),
    "an instruction of XML": (MAIN_DOCUMENT, "<w:body>", f"<w:body><?x {HELD} ?>"),
    "text between elements": (MAIN_DOCUMENT, "<w:body>", f"<w:body>{HELD}"),
    "text before the last tag": (MAIN_DOCUMENT, "</w:body>", f"</w:body>{HELD}"),
    "before the first tag": (MAIN_DOCUMENT, "<w:document", f"<!-- {HELD} --><w:document"),
    "after the last tag": (MAIN_DOCUMENT, "</w:document>", f"</w:document><!-- {HELD} -->"),
    "the header": ("word/header1.xml", "</w:hdr>", f"<w:p><w:r><w:t>{HELD}</w:t></w:r></w:p></w:hdr>"),
    "the footer": ("word/footer2.xml", "</w:ftr>", f"<w:p><w:r><w:t>{HELD}</w:t></w:r></w:p></w:ftr>"),
    "the title": ("docProps/core.xml", "</cp:coreProperties>", f"<dc:x>{HELD}</dc:x></cp:coreProperties>"),
    "a property": (PROPERTIES, "</vt:lpwstr>", f"{HELD}</vt:lpwstr>"),
    "a style": ("word/styles.xml", 'w:val="Clause"', f'w:val="{HELD}"'),
    "the target of a link": ("word/_rels/document.xml.rels", 'Target="styles.xml"', f'Target="styles.xml" x="{HELD}"'),
}  # fmt: skip
"""Where a word of Part 2 could stand in a Word file: the part, and what is written there in the place of what."""


class TestEveryPlace:
    def test_a_sound_file_tells_nothing(self) -> None:
        assert told(sound()) == told(pack_parts(read_parts(sound()))) == []

    @pytest.mark.parametrize("place", PLACES)
    def test_what_is_put_there_is_found(self, place: str) -> None:
        found = told(changed(*PLACES[place]))
        assert "a run of words of Part 2" in found
        assert "an exempt amount" in found

    def test_a_further_part_and_its_name_are_read_too(self) -> None:
        assert told(with_part("word/comments.xml", f"<x>{HELD}</x>".encode()))
        assert told(with_part(f"word/{HELD}.xml", b"<x/>"))

    @pytest.mark.parametrize(
        "content",
        [
            HELD.encode(), HELD.encode("utf-16"), sound()[:500], b"\x89PNG",
            f'<!DOCTYPE x [<!ENTITY a "{HELD}">]><x>&a;</x>'.encode(),
        ],
    )  # fmt: skip
    def test_a_part_that_cannot_be_read_throughout_is_refused(self, content: bytes) -> None:
        with pytest.raises(DocumentError, match="could not be read throughout"):
            told(with_part("word/media/image1.bin", content))

    @pytest.mark.parametrize(
        "data",
        [
            sound() + HELD.encode(),
            HELD.encode() + sound(),
            rezipped(lambda package: setattr(package, "comment", HELD.encode())),
            rezipped(lambda package: package.writestr("x/", HELD)),
            sound().replace(b"\x14\x00\x00\x00\x00\x00\x00\x00!\x00", b"\x14\x00\x00\x00\x00\x00\x01\x00!\x00", 1),
        ],
        ids=["behind it", "before it", "in the comment of the package", "in a folder", "in a time"],
    )
    def test_a_file_with_anything_beside_its_parts_is_refused(self, data: bytes) -> None:
        with pytest.raises(DocumentError, match="holds something beside its parts"):
            told(data)


class TestNobodyGetsIt:
    def test_a_document_that_would_tell_is_neither_given_nor_recorded(self, tmp_path: Path) -> None:
        services = opened(tmp_path / "assent.db", with_canaries())

        def careless(view: Document, wanted: str) -> bytes:
            parts = read_parts(render_file(view, wanted))
            return pack_parts({**parts, "word/comments.xml": b"<x>Canary-Egret of the rationale.</x>"})

        with pytest.raises(DocumentError, match=CASE) as refused:
            issue_document(services, RenderJob(CASE, DECISION_FORM, 1, "docx"), Request(""), careless)
        assert "Egret" not in f"{refused.value} {refused.value.advice()}"
        assert all(not made for _, made in documents_by_template(services, CASE))

    def test_an_exempt_amount_in_the_prose_of_part_1_is_told_to_the_officer(self, tmp_path: Path) -> None:
        services: Services = opened(tmp_path / "assent.db", with_canaries())
        slip = Revision({"executive_summary": "All of it comes to £7,318,642.17 in the end."}, {})
        commands.amend_paper(services, CASE, slip, Request("rosa-lee", date(2018, 3, 7)))
        with pytest.raises(DocumentError, match="would tell an exempt amount"):
            issue_document(services, RenderJob(CASE, DECISION_FORM, 1, "docx"), Request(""), render_file)
