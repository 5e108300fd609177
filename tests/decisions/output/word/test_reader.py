"""An edited Word file is read back as the plain text that gives it again, whichever program wrote it anew."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.prose import Notes
from decisions.documents.view import Document, EditableSpan
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
from decisions.output.word.reader import FOOTNOTES, EditedFile, read_edited_file
from rules.errors import InputError
from rules.values.passages import Paragraph
from rules.values.prose_parser import parse_prose
from rules.values.prose_writer import write_prose
from tests.decisions import sample
from tests.decisions.output.word.office_programs import PROGRAMS, edit_part, resave_by, save_package
from tests.rules.values.test_prose_writer import TEXTS, begins_as_an_item

FACT, LINE = "form.issues", "exemption:s43.whose_interest"
TEXT = """The first clause, which cites[^1] a note and leads to:

- a bullet;
- another[^2]
  - with a part

a. a letter
  (i) and its part
b. the next

| Year | Cost |
| --- | --- |
| 2018/19 | £3 |
|  |  |
| Later |  |

| A | B |
| --- | --- |
| c | d |

The last.

[^1]: At the prices of 2018.
[^2]: Or so."""

NOTED = TEXT[TEXT.index("[^1]: ") :]


def document(text: str, numbered: str = "1") -> Document:
    """A document with one text, below words of the form and above a field."""
    passages, notes = parse_prose(text)
    numbers = iter(range(1, 100))
    blocks = [
        replace(p, number=f"{numbered}.{next(numbers)}.") if isinstance(p, Paragraph) and numbered else p
        for p in passages
    ]
    before = (Heading("Facts"), Heading(f"{numbered or 1}. Issues", 3), Paragraph("Words of the form."))
    after = (Paragraph("More words."), Fields((Field("Whose interest", "The supplier", fact=LINE),)))
    editable = EditableSpan(FACT, "Issues", len(before), len(before) + len(blocks))
    noted = (Heading("Notes"), Notes(notes)) if notes else ()
    return replace(sample.draft_document(), blocks=(*before, *blocks, *after, *noted), editable=(editable,))


@cache
def made(text: str = TEXT, numbered: str = "1") -> bytes:
    return render_file(document(text, numbered), "docx")


def texts(found: EditedFile) -> list[str]:
    return [write_prose(passages, found.notes) for passages in found.passage_versions(FACT)]


def text(data: bytes) -> str:
    [found] = texts(read_edited_file(data))
    return found


class TestRoundTrip:
    @pytest.mark.parametrize("program", ["", *PROGRAMS])
    @pytest.mark.parametrize("numbered", ["1", "7", ""])
    def test_a_text_comes_back_as_it_was(self, numbered: str, program: str) -> None:
        data = made(TEXT, numbered)
        assert text(resave_by(program, data) if program else data) == TEXT

    @settings(max_examples=60)
    @given(TEXTS)
    def test_whatever_it_says(self, written: str) -> None:
        try:
            passages, notes = parse_prose(written)
        except InputError:
            return
        assume(passages and not any(begins_as_an_item(passage) for passage in passages))
        assume(all(not isinstance(p, Paragraph) or p.text or p.note_references for p in passages))
        shown = write_prose(passages, {note.number: note.text for note in notes})
        back = text(render_file(document(written), "docx"))
        assert back == shown
        assert parse_prose(back) == parse_prose(shown)

    @pytest.mark.parametrize("program", PROGRAMS)
    def test_a_field_comes_back_and_what_stands_round_it_does_not(self, program: str) -> None:
        found = read_edited_file(resave_by(program, made()))
        assert found.line_versions(LINE) == ["The supplier"]
        assert "Whose interest" in found.other_text
        assert not any("supplier" in line or "clause" in line for line in found.other_text)

    def test_its_imprint_says_where_it_comes_from(self) -> None:
        assert read_edited_file(made()).imprint == sample.draft_document().imprint


class TestEdits:
    @pytest.mark.parametrize("program", PROGRAMS)
    def test_other_words_are_read(self, program: str) -> None:
        data = edit_part(made(), ("The last.", "The last of all."), ("The supplier", "The new supplier"))
        found = read_edited_file(resave_by(program, data))
        assert texts(found) == [TEXT.replace("The last.", "The last of all.")]
        assert found.line_versions(LINE) == ["The new supplier"]

    def test_a_paragraph_more_is_read(self) -> None:
        more = '<w:p><w:pPr><w:pStyle w:val="Clause"/></w:pPr><w:r><w:t>One more.</w:t></w:r></w:p></w:sdtContent>'
        assert text(edit_part(made(), ("</w:sdtContent>", more))).endswith("The last.\n\nOne more.\n\n" + NOTED)

    def test_an_item_more_keeps_the_letter_that_was_typed(self) -> None:
        more = '<w:p><w:pPr><w:pStyle w:val="ListCited"/></w:pPr><w:r><w:t>c.</w:t><w:tab/><w:t>new</w:t></w:r></w:p>'
        data = edit_part(made(), ("the next</w:t></w:r></w:p>", f"the next</w:t></w:r></w:p>{more}"))
        assert "b. the next\nc. new\n" in text(data)

    def test_a_list_that_word_numbers_keeps_the_numbers_that_were_seen(self) -> None:
        kind = (
            '<w:abstractNum w:abstractNumId="9"><w:lvl w:ilvl="0"><w:numFmt w:val="lowerRoman"/>'
            '<w:lvlText w:val="(%1)"/></w:lvl></w:abstractNum>'
            '<w:num w:numId="9"><w:abstractNumId w:val="9"/></w:num></w:numbering>'
        )
        number = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="9"/></w:numPr></w:pPr>'
        item = f"<w:p>{number}<w:r><w:t>x</w:t></w:r></w:p>"
        listed = edit_part(made(), ("</w:numbering>", kind), part="word/numbering.xml")
        assert "The last.\n\n(i) x\n(ii) x\n(iii) x\n(iv) x" in text(
            edit_part(listed, ("</w:sdtContent>", f"{item * 4}</w:sdtContent>"))
        )

    def test_a_note_more_and_one_less_are_read(self) -> None:
        note = '<w:footnote w:id="9"><w:p><w:r><w:t>New words.</w:t></w:r></w:p></w:footnote></w:footnotes>'
        data = edit_part(made(), ("</w:footnotes>", note), part=FOOTNOTES)
        mark = '<w:footnoteReference w:id="9"/>'
        data = edit_part(data, ('<w:footnoteReference w:id="2"/>', ""), ("The last.</w:t>", f"The last.</w:t>{mark}"))
        assert text(data).endswith("The last.[^2]\n\n[^1]: At the prices of 2018.\n[^2]: New words.")

    def test_breaks_tabs_and_hyphens_of_word_are_those_of_a_plain_text(self) -> None:
        start = "<w:t>The</w:t><w:br/><w:t>very</w:t><w:tab/><w:t>non</w:t><w:noBreakHyphen/>"
        data = edit_part(made(), ("<w:t>The last.</w:t>", f"{start}<w:t>fi</w:t><w:softHyphen/><w:t>nal</w:t>"))
        assert "\n\nThe very non\u2011final\n\n" in text(data)

    def test_words_of_which_the_line_through_them_was_taken_away_are_read(self) -> None:
        assert "not struck" in text(added('<w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>not struck</w:t></w:r>'))

    def test_comments_and_links_of_word_do_no_harm(self) -> None:
        link = '<w:hyperlink w:anchor="x"><w:r><w:t>The last.</w:t></w:r></w:hyperlink>'
        comment = '<w:r><w:commentReference w:id="1"/></w:r>'
        assert text(edit_part(made(), ("<w:r><w:t>The last.</w:t></w:r>", link + comment))) == TEXT

    def test_a_passage_that_was_copied_is_there_twice(self) -> None:
        body = read_parts(made())[MAIN_DOCUMENT].decode()
        control = body[body.index("<w:sdt>") : body.index("</w:sdt>") + len("</w:sdt>")]
        edited = edit_part(made(), (control, control + control.replace("The last.", "Another.")))
        assert texts(read_edited_file(edited)) == [
            TEXT, TEXT.replace("The last.", "Another."),
        ]  # fmt: skip

    def test_a_passage_that_was_emptied_says_nothing(self) -> None:
        shown = edit_part(made(), ('<w:lock w:val="sdtLocked"/>', '<w:lock w:val="sdtLocked"/><w:showingPlcHdr/>'))
        assert texts(read_edited_file(shown)) == [""]

    def test_what_was_written_outside_is_told_apart(self) -> None:
        found = read_edited_file(edit_part(made(), ("More words.", "Other words.")))
        assert "Other words." in found.other_text
        assert texts(found) == [TEXT]


def added(words: str) -> bytes:
    return edit_part(made(), ("The last.</w:t></w:r>", f"The last.</w:t></w:r>{words}"))


def below(block: str) -> bytes:
    """The file with a block more below its last clause."""
    return edit_part(made(), ("The last.</w:t></w:r></w:p>", f"The last.</w:t></w:r></w:p>{block}"))


MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
MERGED = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
ONE_CELL = "<w:tr><w:tc><w:p><w:r><w:t>Words</w:t></w:r></w:p></w:tc></w:tr>"


def with_entry(name: str, content: bytes = b"<x/>") -> bytes:
    return save_package(read_parts(made()), **{name: content})


def without(name: str) -> bytes:
    return save_package({each: content for each, content in read_parts(made()).items() if each != name})


BOMB = "<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "told"),
        [
            (b"", "is not a Word file"),
            (b"%PDF-1.7", "is not a Word file"),
            (made()[:5_000], "is not a Word file, or a damaged one"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), "is protected by a password, or in the format of before"),
            (pack_parts({CONTENT_TYPES: b"<x/>", "x": b""}), "is not a Word file"),
            (without(PROPERTIES), "is not a document that assent made"),
            (edit_part(made(), ("assent:case", "x:case"), part=PROPERTIES), "is not a document that assent made"),
            (edit_part(made(), (">14<", ">x<"), part=PROPERTIES), "is not a document that assent made"),
            (added('<w:ins w:id="9" w:author="x"><w:r><w:t>new</w:t></w:r></w:ins>'), "has tracked changes"),
            (added('<w:del w:id="9" w:author="x"><w:r><w:delText>x</w:delText></w:r></w:del>'), "has tracked changes"),
            (added("<w:r><w:drawing/></w:r>"), "has pictures, symbols"),
            (added("<w:r><w:object/></w:r>"), "has pictures, symbols"),
            (added('<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r>'), "has pictures, symbols"),
            (with_entry("word/media/image1.png"), "has pictures, symbols"),
            (with_entry("word/embeddings/x.bin"), "has pictures, symbols"),
            (with_entry("word/vbaProject.bin"), "has macros"),
            (added("<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"), "holds hidden text"),
            (added("<w:r><w:rPr><w:strike/></w:rPr><w:t>struck</w:t></w:r>"), "holds words that are struck through"),
            (added("<w:r><w:rPr><w:dstrike/></w:rPr><w:t>struck</w:t></w:r>"), "holds words that are struck through"),
            (added(f"<m:oMath {MATH}><m:r><m:t>E</m:t></m:r></m:oMath>"), "has formulas"),
            (added("<w:r><w:txbxContent><w:p/></w:txbxContent></w:r>"), "has pictures, symbols"),
            (added("<w:r><w:ruby/></w:r>"), "has pictures, symbols"),
            (below(f"<w:tbl>{ONE_CELL * 2}</w:tbl>"), "has a table of one column"),
            (edit_part(made(), ("<w:tc>", f"<w:tc>{MERGED}")), "a table with merged cells"),
            (edit_part(made(), ("£3", "£3 | £4")), "in a table, which parts cells there"),
            (edit_part(made(), ("<w:body>", "<w:body><w:bad>")), "a part of it is no XML"),
            (edit_part(made(), ("<w:document", f"<!DOCTYPE x [{BOMB}]><w:document")), "declares entities"),
            (edit_part(made(), ("<w:document", '<!DOCTYPE x SYSTEM "file:///x"><w:document')), "declares entities"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_read_back_is_refused_with_the_cure(self, data: bytes, told: str) -> None:
        with pytest.raises(InputError, match=told) as refused:
            read_edited_file(data)
        assert "The last" not in f"{refused.value} {refused.value.advice()}"

    def test_tracked_changes_are_refused_with_the_way_to_accept_them(self) -> None:
        with pytest.raises(InputError) as refused:
            read_edited_file(added('<w:ins w:id="9" w:author="x"><w:r><w:t>new</w:t></w:r></w:ins>'))
        assert "Accept All Changes" in refused.value.advice()

    def test_a_bomb_is_refused_before_it_is_unpacked(self) -> None:
        made_ = io.BytesIO()
        with zipfile.ZipFile(made_, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(MAIN_DOCUMENT, bytes(64 * 1024 * 1024))
        assert len(made_.getvalue()) < 100_000
        with pytest.raises(InputError, match="is larger, once unpacked"):
            read_edited_file(made_.getvalue())

    def test_a_file_that_lies_about_its_size_is_refused(self) -> None:
        data = save_package(read_parts(made()))
        size = len(read_parts(made())[MAIN_DOCUMENT]).to_bytes(4, "little")
        assert size in data
        with pytest.raises(InputError, match="is not a Word file, or a damaged one"):
            read_edited_file(data.replace(size, (12).to_bytes(4, "little")))

    def test_too_many_parts_and_two_of_one_name_are_refused(self) -> None:
        many = {f"x{number}": b"" for number in range(MAX_PARTS)}
        with pytest.raises(InputError, match="is larger, once unpacked"):
            read_edited_file(save_package({**read_parts(made()), **many}))
        made_ = io.BytesIO(made())
        with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(made_, "a") as package:
            package.writestr(MAIN_DOCUMENT, "<x/>")
        with pytest.raises(InputError, match="holds two parts of one name"):
            read_edited_file(made_.getvalue())

    @pytest.mark.parametrize("depth", [300, 30_000])
    def test_a_file_that_goes_too_deep_is_refused(self, depth: int) -> None:
        deep = "<w:smartTag>" * depth + "</w:smartTag>" * depth
        with pytest.raises(InputError, match="a part of it is no XML"):
            read_edited_file(edit_part(made(), ("<w:body>", f"<w:body>{deep}")))

    def test_styles_that_rest_on_each_other_do_no_harm(self) -> None:
        round_ = edit_part(
            made(), ('<w:basedOn w:val="Normal"/>', '<w:basedOn w:val="ListCited"/>'), part="word/styles.xml"
        )
        assert text(round_)


class TestDamage:
    """Whatever is done to a file of ours, it is read or refused, and nothing else comes of it."""

    @staticmethod
    def damage(root: Element, change: str, at: int, to: int, value: str) -> None:
        elements = list(root.iter())[1:]
        if not elements:
            return
        each, other = elements[at % len(elements)], elements[to % len(elements)]
        if change == "remove":
            each.getparent().remove(each)
        elif change == "copy":
            other.insert(0, deepcopy(each))
        elif change == "rename":
            each.tag = other.tag
        else:
            for name in each.attrib:
                each.set(name, value)

    @settings(max_examples=150)
    @given(
        st.sampled_from(
            [
                MAIN_DOCUMENT,
                MAIN_DOCUMENT,
                MAIN_DOCUMENT,
                "word/numbering.xml",
                "word/styles.xml",
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
    def test_it_is_read_or_refused(self, name: str, changes_: list[tuple[str, int, int, str]]) -> None:
        parts = read_parts(made())
        root = parse_part(parts[name])
        for change in changes_:
            self.damage(root, *change)
        with suppress(InputError):
            found = read_edited_file(save_package({**parts, name: etree.tostring(root)}))
            assert all(isinstance(each, str) for each in (*texts(found), *found.other_text))
            find_text_changes(document(TEXT), found)
