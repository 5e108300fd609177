"""The last check of a public Word file finds anything of Part 2, in any part, in any element and between parts."""

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
from decisions.output.word.package import MAIN_DOCUMENT, PROPERTIES, pack_parts, read_parts
from tests.decisions import sample
from tests.decisions.cases import DECISION_FORM
from tests.leakage.canaries import CASE, LEAK, LEAK_PATTERNS, open_case, with_canaries
from tests.rendered_documents import render_once
from workflow.services import commands
from workflow.services.commands import Request, Revision, Services

LETTER_RUNS = "".join(f"<w:r><w:rPr><w:b/></w:rPr><w:t>{letter}</w:t></w:r>" for letter in LEAK)


@cache
def harmless_file() -> bytes:
    return render_once(sample.draft_document(), "docx")


def disclosures(data: bytes) -> list[str]:
    return LEAK_PATTERNS.find_disclosures(extract_text(data, "docx"))


def changed_file(name: str, before: str, after: str) -> bytes:
    """Return the harmless file with a change in one part."""
    parts = read_parts(harmless_file())
    text = parts[name].decode()
    assert before in text
    return pack_parts({**parts, name: text.replace(before, after, 1).encode()})


def with_part(name: str, content: bytes) -> bytes:
    return pack_parts({**read_parts(harmless_file()), name: content})


def changed_package(change: Callable[[zipfile.ZipFile], object]) -> bytes:
    data = io.BytesIO(harmless_file())
    with zipfile.ZipFile(data, "a") as package:
        change(package)
    return data.getvalue()


PLACES = {
    "a paragraph": (MAIN_DOCUMENT, "</w:body>", f"<w:p><w:r><w:t>{LEAK}</w:t></w:r></w:p></w:body>"),
    "letters in runs of their own": (MAIN_DOCUMENT, "</w:body>", f"<w:p>{LETTER_RUNS}</w:p></w:body>"),
    "hidden text": (
        MAIN_DOCUMENT, "</w:body>", f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{LEAK}</w:t></w:r></w:p></w:body>",
    ),
    "deleted text": (
        MAIN_DOCUMENT,
        "</w:body>",
        f'<w:p><w:del w:id="1"><w:r><w:delText>{LEAK}</w:delText></w:r></w:del></w:p></w:body>',
    ),
    "a field": (MAIN_DOCUMENT, "</w:body>", f"<w:p><w:r><w:instrText>{LEAK}</w:instrText></w:r></w:p></w:body>"),
    "an attribute": (MAIN_DOCUMENT, "<w:body>", f'<w:body w:rsid="{LEAK}">'),
    "the name of a content control": (
        MAIN_DOCUMENT, "<w:body>", f'<w:body><w:sdt><w:sdtPr><w:alias w:val="{LEAK}"/></w:sdtPr></w:sdt>',
    ),
    "a comment of XML": (MAIN_DOCUMENT, "<w:body>", f"<w:body><!-- {LEAK} -->"),
    "an instruction of XML": (MAIN_DOCUMENT, "<w:body>", f"<w:body><?x {LEAK} ?>"),
    "text between elements": (MAIN_DOCUMENT, "<w:body>", f"<w:body>{LEAK}"),
    "text before the last tag": (MAIN_DOCUMENT, "</w:body>", f"</w:body>{LEAK}"),
    "before the first tag": (MAIN_DOCUMENT, "<w:document", f"<!-- {LEAK} --><w:document"),
    "after the last tag": (MAIN_DOCUMENT, "</w:document>", f"</w:document><!-- {LEAK} -->"),
    "the header": ("word/header1.xml", "</w:hdr>", f"<w:p><w:r><w:t>{LEAK}</w:t></w:r></w:p></w:hdr>"),
    "the footer": ("word/footer2.xml", "</w:ftr>", f"<w:p><w:r><w:t>{LEAK}</w:t></w:r></w:p></w:ftr>"),
    "the title": ("docProps/core.xml", "</cp:coreProperties>", f"<dc:x>{LEAK}</dc:x></cp:coreProperties>"),
    "a property": (PROPERTIES, "</vt:lpwstr>", f"{LEAK}</vt:lpwstr>"),
    "a style": ("word/styles.xml", 'w:val="Clause"', f'w:val="{LEAK}"'),
    "the target of a link": ("word/_rels/document.xml.rels", 'Target="styles.xml"', f'Target="styles.xml" x="{LEAK}"'),
}  # fmt: skip
"""Where a secret could hide in a Word file: the part, and the text to replace there by which text."""


class TestEveryPlace:
    def test_a_harmless_file_gives_nothing_away(self) -> None:
        assert disclosures(harmless_file()) == disclosures(pack_parts(read_parts(harmless_file()))) == []

    @pytest.mark.parametrize("place", PLACES)
    def test_a_secret_in_this_place_is_found(self, place: str) -> None:
        found = disclosures(changed_file(*PLACES[place]))
        assert "a run of words of Part 2" in found
        assert "an exempt amount" in found

    def test_an_unknown_part_and_its_name_are_read_too(self) -> None:
        assert disclosures(with_part("word/comments.xml", f"<x>{LEAK}</x>".encode()))
        assert disclosures(with_part(f"word/{LEAK}.xml", b"<x/>"))

    @pytest.mark.parametrize(
        "content",
        [
            LEAK.encode(), LEAK.encode("utf-16"), harmless_file()[:500], b"\x89PNG",
            f'<!DOCTYPE x [<!ENTITY a "{LEAK}">]><x>&a;</x>'.encode(),
        ],
    )  # fmt: skip
    def test_a_part_that_cannot_be_read_completely_is_refused(self, content: bytes) -> None:
        with pytest.raises(DocumentError, match="could not be read throughout"):
            disclosures(with_part("word/media/image1.bin", content))

    @pytest.mark.parametrize(
        "data",
        [
            harmless_file() + LEAK.encode(),
            LEAK.encode() + harmless_file(),
            changed_package(lambda package: setattr(package, "comment", LEAK.encode())),
            changed_package(lambda package: package.writestr("x/", LEAK)),
            harmless_file().replace(
                b"\x14\x00\x00\x00\x00\x00\x00\x00!\x00", b"\x14\x00\x00\x00\x00\x00\x01\x00!\x00", 1
            ),
        ],
        ids=["after it", "before it", "in the comment of the package", "in a folder", "in a time stamp"],
    )
    def test_a_file_with_anything_beside_its_parts_is_refused(self, data: bytes) -> None:
        with pytest.raises(DocumentError, match="holds something beside its parts"):
            disclosures(data)


class TestRefusal:
    def test_a_document_that_gives_something_away_is_neither_issued_nor_recorded(self, tmp_path: Path) -> None:
        services = open_case(tmp_path / "assent.db", with_canaries())

        def render_with_secret(view: Document, output_format: str) -> bytes:
            parts = read_parts(render_once(view, output_format))
            return pack_parts({**parts, "word/comments.xml": b"<x>Canary-Egret of the rationale.</x>"})

        with pytest.raises(DocumentError, match=CASE) as refused:
            issue_document(services, RenderJob(CASE, DECISION_FORM, 1, "docx"), Request(""), render_with_secret)
        assert "Egret" not in f"{refused.value} {refused.value.advice()}"
        assert all(not issued for _, issued in documents_by_template(services, CASE))

    def test_an_exempt_amount_in_the_prose_of_part_1_is_refused(self, tmp_path: Path) -> None:
        services: Services = open_case(tmp_path / "assent.db", with_canaries())
        revision = Revision({"executive_summary": "All of it comes to £7,318,642.17 in the end."}, {})
        commands.amend_paper(services, CASE, revision, Request("rosa-lee", date(2018, 3, 7)))
        with pytest.raises(DocumentError, match="Part 1, Executive summary, says “£7,318,642"):
            issue_document(services, RenderJob(CASE, DECISION_FORM, 1, "docx"), Request(""), render_once)
