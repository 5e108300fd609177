"""The Word file of a document: its styles, numbers, margins and properties, and that no text becomes markup."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document as WordFile
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as Line

from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.view import Document
from decisions.errors import DocumentError
from decisions.output.pdf import render_file
from decisions.output.word.docx_builder import TEXT_WIDTH
from decisions.output.word.package import MAIN_DOCUMENT, Element, pack_parts, parse_part, read_parts, read_properties
from rules.values.passages import Cell, Paragraph, Table
from tests.decisions import sample
from tests.decisions.cases import DECISION_FORM, DOCUMENTS, OPENED_FACTS, case_at, document_view
from tests.decisions.output.test_html import HOSTILE, only, with_text
from tests.plain_run import only_long

ROOT = Path(__file__).parents[4]


@cache
def word_file(document: Document) -> bytes:
    return render_file(document, "docx")


def open_word(document: Document) -> WordFile:
    return docx.Document(io.BytesIO(word_file(document)))


def styled_lines(file: WordFile) -> list[tuple[str, str]]:
    """Return the style and the text of every paragraph of the body, also of those in content controls."""
    paragraphs = (Line(element, file.part) for element in file.element.body.iter(qn("w:p")))
    return [(str(line.style and line.style.name), text_in(line._p)) for line in paragraphs]


def text_in(element: Element) -> str:
    return "".join(each.text or "" for each in element.iter(qn("w:t")))


def margins(file: WordFile) -> list[str]:
    section = file.sections[0]
    parts = (section.first_page_header, section.header, section.first_page_footer, section.footer)
    return ["\n".join(line.text for line in each.paragraphs) for each in parts]


class TestStructure:
    def test_headings_have_heading_styles_in_order(self) -> None:
        found = [
            (style, text)
            for style, text in styled_lines(open_word(sample.decided_document()))
            if style.startswith("Heading")
        ]
        assert found[0] == ("Heading 1", sample.decided_document().title)
        headings = [
            block for block in sample.decided_document().blocks if isinstance(block, Heading) and block.text != "Notes"
        ]
        assert [style for style, _ in found[1:]] == [f"Heading {block.level}" for block in headings]

    def test_word_counts_sections_and_their_clauses(self) -> None:
        levels = {}
        for each in open_word(sample.decided_document()).element.body.iter(qn("w:p")):
            number = each.pPr is not None and each.pPr.numPr
            if number is not None and number is not False and number.numId.val == 1:
                levels[text_in(each)[:30]] = number.ilvl.val
        assert levels["Introduction and background"] == 0
        assert levels["The first stage of the project"] == 1
        assert list(levels.values()).count(0) == 6
        assert not any(text[0].isdigit() for text in levels)

    def test_a_number_that_word_would_count_differently_stays_text(self) -> None:
        file = open_word(
            only(Heading("Odd"), Heading("3. Third", 3), Paragraph("Words.", "3.1."), Paragraph("More.", "A."))
        )
        assert ("Heading 3", "3. Third") in styled_lines(file)
        assert [text for style, text in styled_lines(file) if style == "Clause"] == ["3.1.Words.", "A.More."]

    def test_recommendations_keep_the_letters_of_the_record(self) -> None:
        found = [
            (style, text)
            for style, text in styled_lines(open_word(sample.decided_document()))
            if style.startswith("List")
        ]
        assert found[0][0] == "List Cited"
        assert found[0][1].startswith("1.Approve")
        assert [text[:2] for style, text in found if style == "List Cited 2"][:5] == ["a.", "b.", "c.", "d.", "e."]
        assert {style for style, _ in found} == {"List Cited", "List Cited 2", "List Bullet"}

    def test_the_first_row_of_a_table_is_repeated_and_no_row_is_split(self) -> None:
        tables = open_word(sample.decided_document()).tables
        assert len(tables) == 2
        for rows in (table._tbl.tr_lst for table in tables):
            heads = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
            assert heads == [True, *[False] * (len(rows) - 1)]
            assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)

    def test_notes_are_footnotes_that_word_counts(self) -> None:
        parts = read_parts(word_file(sample.decided_document()))
        notes = {each.get(qn("w:id")): text_in(each).strip() for each in parse_part(parts["word/footnotes.xml"])}
        cited = [each.get(qn("w:id")) for each in parse_part(parts[MAIN_DOCUMENT]).iter(qn("w:footnoteReference"))]
        own, prices = "Each unit has agreed to its share.", "At the prices of 2017/18."
        assert [notes[number] for number in cited] == [own, prices, own, prices]
        assert "Notes" not in [text for _, text in styled_lines(open_word(sample.decided_document()))]

    def test_amounts_are_aligned_to_the_right(self) -> None:
        table = open_word(sample.decided_document()).tables[0]
        right = [[cell.paragraphs[0].alignment is not None for cell in row.cells] for row in table.rows]
        assert right == [[False, True, True]] * 4

    def test_columns_are_as_wide_as_their_longest_words_need(self) -> None:
        row = (Cell("Originating officer declaration of this unit"), Cell("Supported"), Cell("16 April 2018"))
        columns = open_word(only(Table((Cell("Step"), Cell("Outcome"), Cell("Date")), (row,)))).tables[0].columns
        widths = [int(column.width.pt) if column.width else 0 for column in columns]
        assert sum(widths) in range(448, 454)
        assert widths[0] > widths[2] > 60
        assert widths[1] > 60
        endless = Table((Cell("w" * 90), Cell("B")), ((Cell(""), Cell("")),))
        assert all(column.width for column in open_word(only(endless)).tables[0].columns)

    def test_long_words_in_some_columns_leave_room_for_the_words_of_the_others(self) -> None:
        long = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
        cells = (long, "Programme", "Responsibilities", "2018", "Interoperability", "£1,234,567", long, "Note")
        file = open_word(only(Table(tuple(map(Cell, cells)), (tuple(map(Cell, cells)),))))
        widths = [column.width.twips if column.width else 0 for column in file.tables[0].columns]
        needed = {place: 180 + 140 * len(cells[place]) for place in (1, 3, 5, 7)}
        assert {place: widths[place] for place in needed} == needed
        assert min(widths) >= 180 + 4 * 140
        assert sum(widths) <= TEXT_WIDTH

    def test_a_signature_stays_on_one_page(self) -> None:
        file = open_word(sample.decided_document())
        signed = [line for line in file.paragraphs if line.style and line.style.name in ("Declared", "Signed")]
        last_lines = [line for line in signed if line.paragraph_format.keep_with_next is False]
        assert [line.text.split("\t")[0] for line in last_lines] == ["Signature", "Date"]
        assert all(file.styles[name].paragraph_format.keep_with_next for name in ("Declared", "Signed"))

    def test_no_text_is_smaller_than_twelve_points_or_justified(self) -> None:
        root = open_word(sample.decided_document()).styles.element
        assert min(int(size.get(qn("w:val"))) for size in root.iter(qn("w:sz"))) == 24
        assert not list(root.iter(qn("w:jc")))

    def test_every_style_that_is_used_is_defined(self) -> None:
        for kind, part in DOCUMENTS:
            parts = read_parts(word_file(document_view(kind, part)))
            defined = {each.get(qn("w:styleId")) for each in parse_part(parts["word/styles.xml"]).iter(qn("w:style"))}
            used = {
                each.get(qn("w:val"))
                for name in parts
                if name.endswith(".xml")
                for tag in ("w:pStyle", "w:rStyle", "w:tblStyle")
                for each in parse_part(parts[name]).iter(qn(tag))
            }
            assert used <= defined


class TestMargins:
    def test_marking_status_source_and_page_stand_in_the_margins(self) -> None:
        draft = replace(sample.draft_document(), reference="APS 1")
        first, others, first_foot, foot = margins(open_word(draft))
        assert first == f"{draft.marking}\tDraft"
        assert others == f"{draft.marking}\tDraft\nAPS 1 · Authority for Public Safety"
        assert first_foot == foot == f"{draft.marking}\tPage  of "  # the numbers are fields, not runs

    def test_the_page_and_the_number_of_pages_are_fields(self) -> None:
        footer = read_parts(word_file(sample.draft_document()))["word/footer1.xml"]
        assert [each.get(qn("w:instr")) for each in parse_part(footer).iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]

    def test_a_draft_has_its_status_in_the_masthead_too(self) -> None:
        assert ("Particular", "StatusDraft") in styled_lines(open_word(sample.draft_document()))
        assert not any(text.startswith("Status") for _, text in styled_lines(open_word(sample.decided_document())))


class TestProperties:
    def test_core_properties_come_from_the_case(self) -> None:
        properties, document = open_word(sample.decided_document()).core_properties, sample.decided_document()
        assert properties.title == f"APS 2018/361: {document.title} – Request for decision (Part 1)"
        assert (properties.author, properties.last_modified_by, properties.language) == (
            document.authority,
            document.authority,
            "en-GB",
        )
        assert properties.created == properties.modified == datetime(2018, 4, 16, tzinfo=UTC)
        assert properties.comments == ""

    def test_custom_properties_hold_the_imprint(self) -> None:
        assert read_properties(read_parts(word_file(sample.decided_document()))) == {
            "case": "APS-2018-361", "version": "14", "head": sample.LEDGER_HEAD, "kind": "decision", "part": "1",
        }  # fmt: skip

    def test_the_language_is_that_of_the_document(self) -> None:
        welsh = replace(sample.decided_document(), language="cy")
        root = open_word(welsh).styles.element
        assert {each.get(qn("w:val")) for each in root.iter(qn("w:lang"))} == {"cy"}
        assert open_word(welsh).core_properties.language == "cy"

    def test_nothing_is_left_of_the_template_of_python_docx(self) -> None:
        parts = read_parts(word_file(sample.decided_document()))
        assert set(parts) == {
            "[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "docProps/custom.xml", MAIN_DOCUMENT,
            "word/_rels/document.xml.rels", "word/footnotes.xml", "word/footer1.xml", "word/footer2.xml",
            "word/header1.xml", "word/header2.xml", "word/numbering.xml", "word/settings.xml", "word/styles.xml",
        }  # fmt: skip
        traces = (b"python-docx", b"2013-", b"rsid")
        assert [word for word in traces for content in parts.values() if word in content] == []


class TestBytes:
    PROGRAM = (
        "import hashlib; from tests.decisions.cases import document_view\n"
        "from decisions.output.pdf import render_file\n"
        "print(hashlib.sha256(render_file(document_view('decision-form', 1), 'docx')).hexdigest())"
    )

    @pytest.mark.parametrize(("seed", "zone"), [("0", "UTC"), ("1", "Pacific/Kiritimati"), ("77", "America/St_Johns")])
    def test_the_same_case_is_the_same_bytes_in_any_process_and_time_zone(self, seed: str, zone: str) -> None:
        environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed, "TZ": zone}
        done = subprocess.run(
            [sys.executable, "-c", self.PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == hashlib.sha256(word_file(document_view(DECISION_FORM, 1))).hexdigest()

    def test_the_package_has_no_time_stamps_and_no_trace_of_the_machine(self) -> None:
        with zipfile.ZipFile(io.BytesIO(word_file(sample.decided_document()))) as package:
            found = {(each.date_time, each.create_system, each.compress_type) for each in package.infolist()}
            assert found == {((1980, 1, 1, 0, 0, 0), 0, zipfile.ZIP_STORED)}
            assert package.namelist()[0] == "[Content_Types].xml"
        assert pack_parts(read_parts(word_file(sample.decided_document()))) == word_file(sample.decided_document())


class TestHostileText:
    @staticmethod
    def structure(document: Document) -> list[Any]:
        """Return the elements of every part, without their text."""
        parts = read_parts(word_file(document))
        return [(name, [each.tag for each in parse_part(parts[name]).iter()]) for name in sorted(parts)]

    @pytest.mark.parametrize(
        "text",
        [
            *HOSTILE[::4],
            *only_long(*HOSTILE[1::4], *HOSTILE[2::4], *HOSTILE[3::4]),
            "{ PAGE }",
            "PAGE \\* MERGEFORMAT",
            "DDEAUTO c:\\x cmd",
            "=1+1",
        ],
    )
    def test_hostile_text_gives_the_same_elements_as_harmless_text(self, text: str) -> None:
        plain = replace(with_text(sample.decided_document(), "x" * len(text)), editable=())
        hostile = replace(with_text(sample.decided_document(), text), editable=())
        assert self.structure(hostile) == self.structure(plain)
        hostile_lines = [found for _, found in styled_lines(open_word(hostile))]
        assert sum(text in found for found in hostile_lines) == sum(
            "x" * len(text) in found for _, found in styled_lines(open_word(plain))
        )

    def test_text_that_cannot_be_printed_is_refused_as_for_a_page(self) -> None:
        for text, message in (
            ("a\u202eb", "which does not print"),
            ("w" * 2_001, "without a space"),
            ("\x00", "print"),
        ):
            with pytest.raises(DocumentError, match=message):
                render_file(only(Fields((Field("Label", text),))), "docx")


class TestContentControls:
    def test_each_text_of_the_paper_has_a_content_control_with_its_address(self) -> None:
        body = open_word(document_view(DECISION_FORM, 1, case_at("draft", OPENED_FACTS))).element.body
        tags = [each.get(qn("w:val")) for each in body.iter(qn("w:tag"))]
        assert tags[:3] == ["assent:required_by", "assent:part_2.exists", "assent:executive_summary"]
        assert {"assent:form.introduction", "assent:form.issues", "assent:recommendation:dmpc-1a.text"} <= set(tags)
        assert len({each.get(qn("w:val")) for each in body.iter(qn("w:id"))}) == len(tags)
        assert {each.get(qn("w:val")) for each in body.iter(qn("w:lock"))} == {"sdtLocked"}

    def test_only_what_a_paper_states_can_be_edited(self) -> None:
        body = open_word(document_view(DECISION_FORM, 2)).element.body
        tags = {each.get(qn("w:val")) for each in body.iter(qn("w:tag"))}
        assert tags >= {
            "assent:confidential.business_case", "assent:exemption:s43.whose_interest", "assent:exemption:s43.section",
            "assent:part_2.marking",
        }  # fmt: skip
        assert not {tag for tag in tags if tag.startswith(("assent:decision.", "assent:opened."))}
