"""An edited Word file is read back as the plain text that would make it, whichever program saved it."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from copy import deepcopy

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from decisions.issuing.text_changes import find_text_changes
from decisions.output.pdf import render_file
from decisions.output.word.package import (
    CONTENT_TYPES,
    MAIN_DOCUMENT,
    MAX_PARTS,
    PROPERTIES,
    Element,
    pack_parts,
    parse_part,
    read_parts,
)
from decisions.output.word.reader import FORM, open_edited_file, read_edited_file
from rules.errors import InputError
from rules.values.passages import Paragraph
from rules.values.prose_parser import parse_prose
from rules.values.prose_writer import write_prose
from tests.decisions import sample
from tests.decisions.output.word.office_programs import FOOTNOTES, PROGRAMS, edit_part, resave_by, save_package
from tests.decisions.output.word.word_forms import (
    LINE,
    NOTED,
    TEXT,
    adding,
    document,
    text_of,
    texts_of,
    with_block,
    with_entry,
    without,
    word_file,
)  # fmt: skip
from tests.rules.values.test_prose_writer import TEXTS, begins_like_an_item


class TestRoundTrip:
    @pytest.mark.parametrize("program", ["", *PROGRAMS])
    @pytest.mark.parametrize("numbered", ["1", "7", ""])
    def test_a_text_is_read_back_as_it_was(self, numbered: str, program: str) -> None:
        data = word_file(TEXT, numbered)
        assert text_of(resave_by(program, data) if program else data) == TEXT

    @settings(max_examples=60)
    @given(TEXTS)
    def test_any_text_is_read_back(self, plain_text: str) -> None:
        try:
            passages, notes = parse_prose(plain_text)
        except InputError:
            return
        assume(passages and not any(begins_like_an_item(passage) for passage in passages))
        assume(all(not isinstance(p, Paragraph) or p.text or p.note_references for p in passages))
        normal_text = write_prose(passages, {note.number: note.text for note in notes})
        read_back = text_of(render_file(document(plain_text), "docx"))
        assert read_back == normal_text
        assert parse_prose(read_back) == parse_prose(normal_text)

    @pytest.mark.parametrize("program", PROGRAMS)
    def test_a_field_is_read_back_without_its_label(self, program: str) -> None:
        edited = read_edited_file(resave_by(program, word_file()))
        assert edited.line_versions(LINE) == ["The supplier"]
        assert "Whose interest" in edited.other_texts[FORM]
        assert not any("supplier" in line or "clause" in line for line in edited.other_texts[FORM])

    def test_the_imprint_is_read_back(self) -> None:
        assert open_edited_file(word_file()).imprint == sample.draft_document().imprint


class TestEdits:
    @pytest.mark.parametrize("program", PROGRAMS)
    def test_changed_words_are_read(self, program: str) -> None:
        data = edit_part(word_file(), ("The last.", "The last of all."), ("The supplier", "The new supplier"))
        edited = read_edited_file(resave_by(program, data))
        assert texts_of(edited) == [TEXT.replace("The last.", "The last of all.")]
        assert edited.line_versions(LINE) == ["The new supplier"]

    def test_an_added_paragraph_is_read(self) -> None:
        added_xml = '<w:p><w:pPr><w:pStyle w:val="Clause"/></w:pPr><w:r><w:t>One more.</w:t></w:r></w:p></w:sdtContent>'
        assert text_of(edit_part(word_file(), ("</w:sdtContent>", added_xml))).endswith(
            "The last.\n\nOne more.\n\n" + NOTED
        )

    def test_an_added_item_keeps_the_letter_that_was_typed(self) -> None:
        added_xml = (
            '<w:p><w:pPr><w:pStyle w:val="ListCited"/></w:pPr><w:r><w:t>c.</w:t><w:tab/><w:t>new</w:t></w:r></w:p>'
        )
        data = edit_part(word_file(), ("the next</w:t></w:r></w:p>", f"the next</w:t></w:r></w:p>{added_xml}"))
        assert "b. the next\nc. new\n" in text_of(data)

    def test_a_list_that_word_numbers_keeps_the_numbers_that_word_shows(self) -> None:
        numbering = (
            '<w:abstractNum w:abstractNumId="9"><w:lvl w:ilvl="0"><w:numFmt w:val="lowerRoman"/>'
            '<w:lvlText w:val="(%1)"/></w:lvl></w:abstractNum>'
            '<w:num w:numId="9"><w:abstractNumId w:val="9"/></w:num></w:numbering>'
        )
        number = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="9"/></w:numPr></w:pPr>'
        item = f"<w:p>{number}<w:r><w:t>x</w:t></w:r></w:p>"
        listed = edit_part(word_file(), ("</w:numbering>", numbering), part="word/numbering.xml")
        assert "The last.\n\n(i) x\n(ii) x\n(iii) x\n(iv) x" in text_of(
            edit_part(listed, ("</w:sdtContent>", f"{item * 4}</w:sdtContent>"))
        )

    def test_an_added_and_a_removed_note_are_read(self) -> None:
        note = '<w:footnote w:id="9"><w:p><w:r><w:t>New words.</w:t></w:r></w:p></w:footnote></w:footnotes>'
        data = edit_part(word_file(), ("</w:footnotes>", note), part=FOOTNOTES)
        mark = '<w:footnoteReference w:id="9"/>'
        data = edit_part(data, ('<w:footnoteReference w:id="2"/>', ""), ("The last.</w:t>", f"The last.</w:t>{mark}"))
        assert text_of(data).endswith("The last.[^2]\n\n[^1]: At the prices of 2018.\n[^2]: New words.")

    def test_breaks_tabs_and_hyphens_of_word_become_those_of_plain_text(self) -> None:
        start = "<w:t>The</w:t><w:br/><w:t>very</w:t><w:tab/><w:t>non</w:t><w:noBreakHyphen/>"
        data = edit_part(word_file(), ("<w:t>The last.</w:t>", f"{start}<w:t>fi</w:t><w:softHyphen/><w:t>nal</w:t>"))
        assert "\n\nThe very non\u2011final\n\n" in text_of(data)

    def test_words_whose_strikethrough_was_removed_are_read(self) -> None:
        assert "not struck" in text_of(adding('<w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>not struck</w:t></w:r>'))

    def test_comments_and_links_of_word_are_ignored(self) -> None:
        link = '<w:hyperlink w:anchor="x"><w:r><w:t>The last.</w:t></w:r></w:hyperlink>'
        comment = '<w:r><w:commentReference w:id="1"/></w:r>'
        assert text_of(edit_part(word_file(), ("<w:r><w:t>The last.</w:t></w:r>", link + comment))) == TEXT

    def test_a_copied_passage_is_read_twice(self) -> None:
        body = read_parts(word_file())[MAIN_DOCUMENT].decode()
        control = body[body.index("<w:sdt>") : body.index("</w:sdt>") + len("</w:sdt>")]
        edited = edit_part(word_file(), (control, control + control.replace("The last.", "Another.")))
        assert texts_of(read_edited_file(edited)) == [
            TEXT, TEXT.replace("The last.", "Another."),
        ]  # fmt: skip

    def test_an_emptied_passage_is_an_empty_text(self) -> None:
        emptied = edit_part(
            word_file(), ('<w:lock w:val="sdtLocked"/>', '<w:lock w:val="sdtLocked"/><w:showingPlcHdr/>')
        )
        assert texts_of(read_edited_file(emptied)) == [""]

    def test_words_written_outside_a_fact_are_other_text(self) -> None:
        edited = read_edited_file(edit_part(word_file(), ("More words.", "Other words.")))
        assert "Other words." in edited.other_texts[FORM]
        assert texts_of(edited) == [TEXT]


MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
MERGED = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
ONE_CELL = "<w:tr><w:tc><w:p><w:r><w:t>Words</w:t></w:r></w:p></w:tc></w:tr>"


EXTERNAL_TYPE = '<!DOCTYPE x SYSTEM "file:///x">'
BOMB = "<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "is not a Word file"),
            (b"%PDF-1.7", "is not a Word file"),
            (word_file()[:5_000], "is not a Word file, or a damaged one"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), "is protected by a password, or in the format of before"),
            (pack_parts({CONTENT_TYPES: b"<x/>", "x": b""}), "is not a Word file"),
            (without(PROPERTIES), "is not a document that assent made"),
            (edit_part(word_file(), ("assent:case", "x:case"), part=PROPERTIES), "is not a document that assent made"),
            (edit_part(word_file(), (">14<", ">x<"), part=PROPERTIES), "is not a document that assent made"),
            (adding('<w:ins w:id="9" w:author="x"><w:r><w:t>new</w:t></w:r></w:ins>'), "has tracked changes"),
            (adding('<w:del w:id="9" w:author="x"><w:r><w:delText>x</w:delText></w:r></w:del>'), "has tracked changes"),
            (adding("<w:r><w:drawing/></w:r>"), "has a picture, shape or text box, in a field, paragraph 12"),
            (adding("<w:r><w:object/></w:r>"), "has an embedded object"),
            (adding('<w:r><w:sym w:font="Wingdings" w:char="F026"/></w:r>'), "has a sign of a symbol font"),
            (with_entry("word/vbaProject.bin"), "has macros"),
            (adding("<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"), "holds hidden text"),
            (adding("<w:r><w:rPr><w:strike/></w:rPr><w:t>struck</w:t></w:r>"), "holds words that are struck through"),
            (adding("<w:r><w:rPr><w:dstrike/></w:rPr><w:t>struck</w:t></w:r>"), "holds words that are struck through"),
            (adding(f"<m:oMath {MATH}><m:r><m:t>E</m:t></m:r></m:oMath>"), "has a formula"),
            (adding("<w:r><w:txbxContent><w:p/></w:txbxContent></w:r>"), "has something that is no text"),
            (adding("<w:r><w:ruby/></w:r>"), "has a reading aid above its words"),
            (with_block(f"<w:tbl>{ONE_CELL * 2}</w:tbl>"), "has a table of one column"),
            (edit_part(word_file(), ("<w:tc>", f"<w:tc>{MERGED}")), "a table with merged cells"),
            (edit_part(word_file(), ("£3", "£3 | £4")), "in a table, where it separates cells"),
            (edit_part(word_file(), ("<w:body>", "<w:body><w:bad>")), "a part of it is no XML"),
            (edit_part(word_file(), ("<w:document", f"<!DOCTYPE x [{BOMB}]><w:document")), "declares entities"),
            (edit_part(word_file(), ("<w:document", EXTERNAL_TYPE + "<w:document")), "declares entities"),
        ],
    )  # fmt: skip
    def test_a_file_that_cannot_be_read_back_is_refused_without_its_words(self, data: bytes, message: str) -> None:
        with pytest.raises(InputError, match=message) as refused:
            read_edited_file(data)
        assert "The last" not in f"{refused.value} {refused.value.advice()}"

    def test_tracked_changes_are_refused_with_how_to_accept_them(self) -> None:
        with pytest.raises(InputError) as refused:
            read_edited_file(adding('<w:ins w:id="9" w:author="x"><w:r><w:t>new</w:t></w:r></w:ins>'))
        assert "Accept All Changes" in refused.value.advice()

    def test_a_zip_bomb_is_refused_before_it_is_unpacked(self) -> None:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(MAIN_DOCUMENT, bytes(64 * 1024 * 1024))
        assert len(data.getvalue()) < 100_000
        with pytest.raises(InputError, match="is larger, once unpacked"):
            read_edited_file(data.getvalue())

    def test_a_file_that_states_a_wrong_size_is_refused(self) -> None:
        data = save_package(read_parts(word_file()))
        size = len(read_parts(word_file())[MAIN_DOCUMENT]).to_bytes(4, "little")
        assert size in data
        with pytest.raises(InputError, match="is not a Word file, or a damaged one"):
            read_edited_file(data.replace(size, (12).to_bytes(4, "little")))

    def test_too_many_parts_and_two_parts_of_one_name_are_refused(self) -> None:
        many = {f"x{number}": b"" for number in range(MAX_PARTS)}
        with pytest.raises(InputError, match="is larger, once unpacked"):
            read_edited_file(save_package({**read_parts(word_file()), **many}))
        data = io.BytesIO(word_file())
        with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(data, "a") as package:
            package.writestr(MAIN_DOCUMENT, "<x/>")
        with pytest.raises(InputError, match="holds two parts of one name"):
            read_edited_file(data.getvalue())

    @pytest.mark.parametrize("depth", [300, 30_000])
    def test_a_file_nested_too_deep_is_refused(self, depth: int) -> None:
        deep = "<w:smartTag>" * depth + "</w:smartTag>" * depth
        with pytest.raises(InputError, match="a part of it is no XML"):
            read_edited_file(edit_part(word_file(), ("<w:body>", f"<w:body>{deep}")))

    def test_styles_based_on_each_other_are_no_endless_loop(self) -> None:
        circular = edit_part(
            word_file(), ('<w:basedOn w:val="Normal"/>', '<w:basedOn w:val="ListCited"/>'), part="word/styles.xml"
        )
        assert text_of(circular)


class TestDamage:
    """A file of ours that was damaged in any way is read or refused; no other error is raised."""

    @staticmethod
    def damage(root: Element, change: str, place: int, other_place: int, value: str) -> None:
        elements = list(root.iter())[1:]
        if not elements:
            return
        element, other = elements[place % len(elements)], elements[other_place % len(elements)]
        if change == "remove":
            element.getparent().remove(element)
        elif change == "copy":
            other.insert(0, deepcopy(element))
        elif change == "rename":
            element.tag = other.tag
        else:
            for name in element.attrib:
                element.set(name, value)

    @settings(max_examples=150)
    @given(
        st.sampled_from(
            [
                MAIN_DOCUMENT,
                MAIN_DOCUMENT,
                MAIN_DOCUMENT,
                "word/numbering.xml",
                "word/styles.xml",
                "word/settings.xml",
                "word/_rels/document.xml.rels",
                "_rels/.rels",
                FOOTNOTES,
                PROPERTIES,
            ]
        ),
        st.lists(
            st.tuples(
                st.sampled_from(["remove", "copy", "rename", "set"]),
                st.integers(0, 5_000),
                st.integers(0, 5_000),
                st.sampled_from(["", "-1", "9" * 5_000, "%1", "²", "1"]),
            ),
            min_size=1,
            max_size=4,
        ),
    )
    def test_a_damaged_file_is_read_or_refused(self, name: str, changes: list[tuple[str, int, int, str]]) -> None:
        parts = read_parts(word_file())
        root = parse_part(parts[name])
        for change in changes:
            self.damage(root, *change)
        with suppress(InputError):
            edited = read_edited_file(save_package({**parts, name: etree.tostring(root)}))
            assert all(isinstance(each, str) for each in (*texts_of(edited), *edited.other_texts[FORM]))
            find_text_changes(document(TEXT), edited)
