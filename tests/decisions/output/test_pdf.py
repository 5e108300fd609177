"""The PDF of a document: its metadata, its page breaks, and that it is the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject
from weasyprint.pdf import pydyf

from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.signature import Signature
from decisions.documents.blocks.statements import Statements
from decisions.documents.build import build_document
from decisions.documents.record_views import build_public_record
from decisions.documents.view import Document, Imprint, LetterheadView
from decisions.errors import DocumentError
from decisions.output import html, pdf
from decisions.output.conformance import refuse_nonconforming
from decisions.output.pdf import XMP_NAMESPACE, _compress_stream, _repack_picture, render_pdf
from decisions.proving.walk_proof import load_walks
from decisions.proving.walks import run_walk
from rules.values.passages import Cell, Item, Listing, Paragraph, Table, split_at_notes
from tests.decisions import sample
from tests.decisions.cases import document_pdf
from tests.decisions.output import verapdf
from tests.decisions.output.test_html import HOSTILE, only, with_text
from tests.plain_run import only_long
from tests.rendered_documents import render_once
from tests.rules.manual_packs import manual_scheme
from tests.workflow.walk import shipped_library

HOUSE = Path(__file__).resolve().parents[3]


@cache
def form() -> bytes:
    """Return the PDF of the sample form."""
    return document_pdf(sample.decided_document())


def read(data: bytes) -> PdfReader:
    """Return a reader of a PDF."""
    return PdfReader(io.BytesIO(data))


def words(data: bytes) -> str:
    """Return all words of a PDF in reading order, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in read(data).pages).split())


def tags(data: bytes) -> list[str]:
    """Return the types of all structure elements, depth first."""

    def walk(node: Any) -> Iterator[str]:  # noqa: ANN401  # pypdf's objects
        resolved = node.get_object()
        if isinstance(resolved, ArrayObject):
            for each in resolved:
                yield from walk(each)
        elif isinstance(resolved, DictionaryObject):
            if "/S" in resolved:
                yield str(resolved["/S"])
            if "/K" in resolved:
                yield from walk(resolved.raw_get("/K"))

    root: Any = read(data).trailer["/Root"]
    return list(walk(root["/StructTreeRoot"]["/K"]))


def lengthened(lines: int) -> Document:
    """Return the form with more lines on its first page, so that its pages break elsewhere."""
    form = sample.decided_document()
    filler = tuple(Paragraph(f"Filler line number {line}.") for line in range(lines))
    return replace(form, blocks=(*form.blocks[:3], *filler, *form.blocks[3:]))


class TestMetadata:
    def test_the_metadata_claim_both_standards_and_hold_the_imprint_uncompressed(self) -> None:
        xmp = form()[form().index(b"<?xpacket begin") : form().index(b"<?xpacket end")].decode()
        assert 'pdfaid:part="2"' in xmp
        assert 'pdfaid:conformance="A"' in xmp
        assert 'pdfuaid:part="1"' in xmp
        assert f'assent:head="{sample.LEDGER_HEAD}"' in xmp
        assert xmp.count(XMP_NAMESPACE) == 2

    def test_the_document_information_has_title_author_day_and_imprint(self) -> None:
        information = read(form()).metadata
        assert information is not None
        assert information == {
            "/Title": f"APS 2018/361: {sample.decided_document().title} – Request for decision (Part 1)",
            "/Author": "Authority for Public Safety",
            "/Subject": "Business justification paper",
            "/Creator": "assent",
            "/Producer": information["/Producer"],
            "/CreationDate": "D:20180416",
            "/ModDate": "D:20180416",
            "/assentcase": "APS-2018-361",
            "/assentversion": "14",
            "/assenthead": sample.LEDGER_HEAD,
            "/assentkind": "decision",
            "/assentpart": "1",
        }

    def test_the_pdf_is_tagged_has_its_language_and_shows_its_title(self) -> None:
        root: Any = read(form()).trailer["/Root"]
        assert root["/Lang"] == "en-GB"
        assert root["/MarkInfo"]["/Marked"].value is True
        assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True

    def test_the_bookmarks_are_the_headings_in_order(self) -> None:
        def titles(outline: list[Any]) -> Iterator[str]:
            for entry in outline:
                if isinstance(entry, list):
                    yield from titles(entry)
                else:
                    yield str(entry.title)

        headings = [block.text for block in sample.decided_document().blocks if isinstance(block, Heading)]
        assert list(titles(read(form()).outline)) == [sample.decided_document().title, "The decision", *headings]

    def test_the_tags_are_those_of_an_ordered_document(self) -> None:
        found = tags(form())
        assert found[0] == "/Document"
        assert found.count("/H1") == 1
        assert {"/H2", "/H3", "/P", "/L", "/LI", "/LBody", "/Table", "/TR", "/TH", "/TD", "/Caption"} <= set(found)

    def test_an_imprint_with_signs_of_markup_stays_text(self) -> None:
        imprint = Imprint('A"><&B', 1, "$head", "decision", 2)
        data = document_pdf(replace(sample.decided_document(), imprint=imprint))
        assert b'assent:case="A&quot;&gt;&lt;&amp;B" assent:version="1" assent:head="$head"' in data


class TestPages:
    def test_every_page_is_a4_and_carries_marking_and_number(self) -> None:
        pages = read(form()).pages
        for number, page in enumerate(pages, start=1):
            text = page.extract_text()
            assert text.count("OFFICIAL – PUBLIC") == 2
            assert f"Page {number} of {len(pages)}" in text
            assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
            assert "Draft" not in text

    def test_every_page_after_the_first_names_authority_and_reference(self) -> None:
        first, *others = (page.extract_text() for page in read(form()).pages)
        assert "APS 2018/361 · Authority for Public Safety" not in first
        assert all("APS 2018/361 · Authority for Public Safety" in text for text in others)

    def test_every_page_of_a_draft_has_its_status(self) -> None:
        assert all("Draft" in page.extract_text() for page in read(document_pdf(sample.draft_document())).pages)

    def test_the_words_are_read_in_the_order_of_the_blocks(self) -> None:
        between = r"OFFICIAL – PUBLIC Page \d of \d OFFICIAL – PUBLIC APS 2018/361 · Authority for Public Safety "
        text = re.sub(between, "", words(form()))
        place = 0
        for block in sample.decided_document().blocks:
            if isinstance(block, Paragraph | Heading):
                start = block.text if isinstance(block, Heading) else str(next(iter(split_at_notes(block))))
                place = text.index(start, place) + len(start)

    def test_no_text_is_smaller_than_twelve_points(self) -> None:
        sizes: set[float] = set()

        def note(text: str, page: list[float], matrix: list[float], _font: Any, size: float) -> None:  # noqa: ANN401
            if text.strip():
                sizes.add(round(size * abs(page[0] * matrix[0]), 1))

        for page in read(form()).pages:
            page.extract_text(visitor_text=note)
        assert sizes == {12, 13, 14, 16, 25}

    def test_a_heading_stays_with_what_it_heads(self) -> None:
        for lines in range(18, 27):
            filler = (Paragraph("Filler."),) * lines
            blocks = (Heading("Heading"), Heading("Heading below", 3), Paragraph("What it heads."))
            data = document_pdf(only(*filler, *blocks))
            page = next(page for page in read(data).pages if "Heading below" in page.extract_text())
            assert re.search(r"Heading\s+Heading below\s+What it heads", page.extract_text())

    @pytest.mark.parametrize("lines", [0, 5, 13, 19, *only_long(2, 9, 16, 22)])
    def test_no_page_ends_in_a_heading_and_no_signature_is_split(self, lines: int) -> None:
        document = lengthened(lines)
        titles = {block.text for block in document.blocks if isinstance(block, Heading)}
        titles |= {block.caption for block in document.blocks if isinstance(block, Statements)}
        for page in read(document_pdf(document)).pages:
            text = page.extract_text()
            body = [line for line in text.splitlines() if not re.match("OFFICIAL|Page |APS 2018/361 ·", line)]
            assert body[-1].strip() not in titles
            assert not body[-1].endswith("asked to:")
            assert ("I confirm that I have considered" in text) == ("Rhiannon" in text)
            assert ("I have been consulted" in text) == ("Chief Executive" in text)
            assert not body[0].startswith("Case APS-2018-361, version")

    @pytest.mark.parametrize(("answers", "pages"), [*only_long((3, 1)), (7, 2)])
    def test_no_answer_of_a_list_stands_alone_on_a_page(self, answers: int, pages: int) -> None:
        fields = Fields(tuple(Field(f"Question {number}.", "It is so.") for number in range(answers)))
        most_pages = 0
        for lines in range(10, 30):
            data = document_pdf(only(*(Paragraph("Filler."),) * lines, fields))
            on_pages = [page.extract_text().count("Question") for page in read(data).pages]
            assert 1 not in on_pages, (lines, on_pages)
            most_pages = max(most_pages, sum(map(bool, on_pages)))
        assert most_pages == pages

    def test_a_declaration_stands_on_the_page_where_it_is_signed(self) -> None:
        [table] = [block for block in sample.decided_document().blocks if isinstance(block, Statements)]
        signature = Signature("Head", (), "Declared by", "A N Officer", date(2018, 4, 9))
        for lines in range(4, 24, 3):
            data = document_pdf(only(*(Paragraph("Filler."),) * lines, table, signature))
            [page] = [page for page in read(data).pages if "A N Officer" in page.extract_text()]
            assert table.caption in page.extract_text()


class TestLastPage:
    ROWS = Table((Cell("Step"), Cell("By")), ((Cell("Decision"), Cell("A N Officer")),) * 3)

    def pages(self, lines: int) -> list[str]:
        blocks = [block for place in range(lines) for block in (Heading(f"Part {place}"), Paragraph("Filler."))]
        data = document_pdf(only(*blocks, Heading("Who acted"), self.ROWS))
        return [page.extract_text() for page in read(data).pages]

    def test_the_record_of_acts_never_stands_alone_on_a_page(self) -> None:
        page_counts = set()
        for lines in range(4, 22):
            pages = self.pages(lines)
            page_counts.add(len(pages))
            assert "Filler." in pages[-1], (lines, len(pages))
        assert len(page_counts) > 1

    def test_a_document_of_one_page_is_not_laid_out_again(self) -> None:
        assert len(self.pages(1)) == 1


class TestPagesBefore:
    """A page that what follows it left nearly empty is saved by a compact layout, if one saves it."""

    SIGNATURE = Signature("Mayor", ("I decide.",) * 13, "Approved by", "A N Officer", date(2018, 4, 9))

    def pages(self, lines: int) -> list[str]:
        before = (*(Paragraph("Filler."),) * lines, Heading("Facts"), Paragraph("Filler."))
        document = only(*before, Heading("Mayor"), self.SIGNATURE, Heading("End"), Paragraph("Filler."))
        data = render_pdf(html.render_html(document), document)
        return [page.extract_text() for page in read(data).pages]

    def test_a_gap_before_a_signature_is_closed_where_that_saves_a_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        saved = {}
        for lines in (21, 22, 31, 32):  # on both sides of the first and the last length for which it does
            closed = len(self.pages(lines))
            with monkeypatch.context() as patched:
                patched.setattr(pdf, "MAX_PAGES_WITH_GAP", 0)
                saved[lines] = len(self.pages(lines)) - closed
        assert saved == {21: 0, 22: 1, 31: 1, 32: 0}

    def test_a_page_is_not_left_half_empty_by_answers_that_are_kept_together(self) -> None:
        """A notice: the reasons for Part 2 once stood with the table of acts, below half a page."""
        answers = Fields(tuple(Field(f"Question {number}", "Answer") for number in range(4)))
        acts = Table((Cell("Step"), Cell("By")), ((Cell("Decision"), Cell("A N Officer")),) * 8)
        for lines in (6, 8):
            before = (*(Paragraph("Filler."),) * lines, Heading("What is not published"), Paragraph("Because:"))
            document = only(*before, answers, Heading("Who acted"), acts)
            first, last = read(render_pdf(html.render_html(document), document)).pages
            assert "Answer" in first.extract_text()
            assert "Who acted" in last.extract_text()

    def test_a_gap_that_no_page_saves_is_closed_by_letting_the_last_section_begin_a_page(self) -> None:
        """A rejection: the approval of the Chief Executive once stood with the table of acts, below half a page."""
        texts = form_after_walk("The Deputy Mayor rejects the case")
        [declared] = [text for text in texts if "Originating officer declaration" in text]
        assert "Officer approval" in declared
        assert "Who acted on this request" in texts[-1]

    @pytest.mark.parametrize(
        "walk",
        ["PCD 361 from the paper to the last review of Part 2", *only_long("Nobody does what belongs to another role")],
    )
    def test_what_is_said_above_the_table_of_acts_stands_with_it(self, walk: str) -> None:
        """A form whose acts were recorded late: the table once began the last page, without its heading."""
        last = form_after_walk(walk, recorded_on=date(2026, 12, 1))[-1]
        assert "recorded later, on 1 December 2026" in last
        assert "Who acted on this request" in last
        assert "Officer approval" in last


def form_after_walk(name: str, recorded_on: date | None = None) -> list[str]:
    """Return the text of each page of the form to which a walk leads; a day if its acts were all recorded on that."""
    walks, _ = load_walks(shipped_library(), "mopac")
    found = next(each for each in walks if each.walk.walk.name == name)
    last = run_walk(found.walk, found.scheme).last_case
    assert last
    late = [replace(act, late_by=(recorded_on - act.on).days) for act in last.case.acts] if recorded_on else None
    case = replace(last.case, acts=tuple(late or last.case.acts))
    document = build_document(
        found.scheme.document_template("decision-form", 1), build_public_record(case, "0" * 64, found.scheme)
    )
    return [page.extract_text() for page in read(render_once(document, "pdf")).pages]


class TestLetterhead:
    @staticmethod
    def document(logo: bytes = b"") -> Document:
        drawn = manual_scheme().logo
        assert drawn
        view = LetterheadView(logo or drawn.data, "A tree above two waves", 13.5, 16, ("The Lodge", "Exampleton"))
        return replace(sample.decided_document(), letterhead=view)

    def test_the_logo_is_drawn_in_its_colours_with_words_for_what_it_shows(self) -> None:
        data = document_pdf(self.document())
        [picture] = read(data).pages[0].images
        colours = picture.image.convert("RGB").getcolors(maxcolors=1000) if picture.image else []
        assert (34, 96, 60) in [colour for _, colour in colours or []]
        assert "/Figure" in tags(data)
        assert b"A tree above two waves" in data or "A tree above two waves".encode("utf-16-be") in data

    def test_both_standards_are_kept_with_it_by_two_validators(self) -> None:
        data = document_pdf(self.document())
        refuse_nonconforming(data, "")
        assert [verapdf.failed_clauses(data, profile) for profile in verapdf.PROFILES] == [[], []]

    def test_the_same_logo_gives_the_same_bytes(self) -> None:
        page = html.render_html(self.document())
        assert render_pdf(page, self.document()) == render_pdf(page, self.document())

    def test_the_lines_stand_on_the_first_page_alone(self) -> None:
        first, *others = (page.extract_text() for page in read(document_pdf(self.document())).pages)
        assert "The Lodge\nExampleton" in first
        assert not any("The Lodge" in page for page in others)

    def test_a_picture_never_ends_in_a_carriage_return(self) -> None:
        packed = b"picture\r"
        stream = pydyf.Stream([packed], {"Filter": "/FlateDecode", "DecodeParms": pydyf.Dictionary({"Predictor": 15})})
        _repack_picture(stream)
        assert not stream.stream[0].endswith(b"\r")
        assert zlib.decompress(stream.stream[0]) == packed
        assert stream.extra["Filter"] == ["/FlateDecode", "/FlateDecode"]
        assert stream.extra["DecodeParms"][0] == "null"
        lucky = pydyf.Stream([b"picture"], {"Filter": "/FlateDecode"})
        _repack_picture(lucky)
        assert (lucky.stream, lucky.extra) == ([b"picture"], {"Filter": "/FlateDecode"})


class TestSameBytes:
    PROGRAM = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1])\n"
        "from decisions.output import html, pdf\n"
        "assert 'weasyprint' not in sys.modules\n"
        "from tests.decisions import sample\n"
        "view = sample.decided_document()\n"
        "print(hashlib.sha256(pdf.render_pdf(html.render_html(view), view)).hexdigest())\n"
    )

    @pytest.mark.long  # test_writer shows it of Word files, test_workers of pages
    def test_bytes_do_not_depend_on_process_hash_seed_time_zone_locale_or_folder(self, tmp_path: Path) -> None:
        settings = (
            {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
            {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "FONTCONFIG_FILE": "/nowhere"},
            {"PYTHONHASHSEED": "1", "TZ": "America/Anchorage", "LANG": "cy_GB.UTF-8", "HOME": str(tmp_path)},
        )
        outputs = {
            subprocess.run(
                [sys.executable, "-c", self.PROGRAM, str(HOUSE)],
                check=True, capture_output=True, text=True, cwd=folder, env={**os.environ, **setting},
            ).stdout
            for setting, folder in zip(settings, (HOUSE, tmp_path, Path("/")), strict=True)
        }  # fmt: skip
        assert outputs == {hashlib.sha256(form()).hexdigest() + "\n"}

    def test_one_process_repeats_itself_after_another_document(self) -> None:
        view = sample.decided_document()
        assert document_pdf(sample.draft_document()) != form() == render_pdf(html.render_html(view), view)


class TestFonts:
    def test_only_our_fonts_are_used_and_all_are_embedded(self) -> None:
        is_embedded = {}
        for page in read(document_pdf(only(Paragraph("Plain ≤ √ → ✓ ☐")))).pages:
            resources: Any = page["/Resources"]
            for font in resources["/Font"].values():
                descendant = font.get_object()["/DescendantFonts"][0].get_object()
                is_embedded[descendant["/BaseFont"].split("+")[1]] = "/FontFile2" in descendant["/FontDescriptor"]
        assert set(is_embedded) == {"Noto-Sans", "Noto-Sans-Bold", "Noto-Sans-Math", "Noto-Sans-Symbols2"}
        assert all(is_embedded.values())

    def test_welsh_greek_cyrillic_and_money_print(self) -> None:
        text = "Ystyried y gwŷr a’r ŵyn; Προμήθεια ὑπηρεσιῶν; Закупка; £5m, €7m"
        assert text in words(document_pdf(only(Paragraph(text))))

    def test_a_character_that_no_font_has_is_refused_by_name(self) -> None:
        with pytest.raises(DocumentError, match=r'no font has "日" \(U\+65E5\)') as refused:
            document_pdf(only(Paragraph("The 日 of the decision")))
        assert "Amend the paper" in refused.value.advice()


class TestHostileText:
    @pytest.mark.parametrize("text", HOSTILE[::4], ids=lambda text: text[:40])
    def test_hostile_text_is_printed_as_text_in_the_same_structure(self, text: str) -> None:
        def structure(words: str) -> list[str]:
            # A text has one span for each line; only the number of lines may differ.
            return [tag for tag in tags(document_pdf(with_text(short, words))) if tag not in {"/Span", "/NonStruct"}]

        recommendations = Listing((Item("this", "1.", "Note", (Item("that", "a."),)),))
        short = only(Heading("Heading"), Paragraph("Said", "1.1."), Paragraph("Said"), recommendations)
        assert structure(text) == structure("word " * (len(text) // 5 + 1))

    @pytest.mark.parametrize(
        "markup",
        [
            '<img alt="x" src="file:///etc/passwd">',
            '<img alt="x" src="http://localhost:1/x.png">',
            '<link rel="attachment" href="file:///etc/passwd">',
            "<style>p { colour: red }</style>",
            *only_long(
                '<img alt="x" src="relative.png">',
                '<img alt="x" src="data:image/png;base64,AAAA">',
                '<link rel="stylesheet" href="file:///etc/passwd">',
                "<style>p { background: url(file:///etc/passwd) }</style>",
            ),
        ],
    )
    def test_markup_that_got_through_would_fetch_and_print_nothing(self, markup: str) -> None:
        page = html.render_html(sample.decided_document()).replace("<main>", f"{markup}<main>")
        with pytest.raises(DocumentError):
            render_pdf(page, sample.decided_document())

    def test_an_error_leaves_no_log_handler_behind(self) -> None:
        with pytest.raises(DocumentError):
            document_pdf(only(Paragraph("日")))
        assert [type(handler) for handler in logging.getLogger("weasyprint").handlers] == [logging.NullHandler]
        view = sample.decided_document()
        assert render_pdf(html.render_html(view), view) == form()


class TestConformance:
    def test_no_stream_ends_in_a_carriage_return(self) -> None:
        """ISO 19005-2, 6.1.7.1: Length is the number of bytes before the end of line that precedes `endstream`."""
        unlucky = b"\x0c"
        assert zlib.compress(unlucky, 9).endswith(b"\r")
        content = pydyf.Stream([unlucky], {"Length1": len(unlucky)})
        _compress_stream(content)
        assert not content.stream[0].endswith(b"\r")
        assert zlib.decompress(content.stream[0]) == unlucky + b"\n"
        assert content.extra == {"Length1": len(unlucky) + 1, "Filter": "/FlateDecode"}

    def test_streams_are_compressed_once_and_the_metadata_not_at_all(self) -> None:
        assert b"\r\nendstream" not in form()
        streams = re.findall(rb"<<[^<>]*(?:<<[^<>]*>>[^<>]*)*>>\nstream\n", form())
        assert len(streams) >= len(read(form()).pages) + 4
        plain = [found for found in streams if found.count(b"/FlateDecode") != 1]
        assert [b"/Type /Metadata" in found for found in plain] == [True]

    @pytest.mark.parametrize(
        "document", [sample.decided_document(), sample.draft_document(), lengthened(2)], ids=["done", "draft", "long"]
    )
    def test_both_standards_are_kept(self, document: Document) -> None:
        refuse_nonconforming(document_pdf(document), "")
