"""A Word file is found by its relationships and read in both editions of the format; any other file is named."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from decisions.output.word.package import (
    CONTENT_TYPES,
    MAIN_DOCUMENT,
    MAX_ELEMENTS,
    PACKAGE_RELATIONSHIPS,
    PROPERTIES,
    read_parts,
    read_properties,
)  # fmt: skip
from decisions.output.word.reader import FORM, open_edited_file, read_edited_file
from decisions.output.word.reading.opened_package import OpenedPackage
from rules.errors import InputError
from tests.decisions import sample
from tests.decisions.output.word.office_programs import edit_part, save_package
from tests.decisions.output.word.word_forms import (
    LINE,
    TEXT,
    adding,
    refusal_of,
    styled_run,
    text_of,
    texts_of,
    word_file,
)

MAIN_RELATIONSHIPS = "word/_rels/document.xml.rels"


def renamed(data: bytes, names: dict[str, str]) -> bytes:
    """Return a file with other names of its parts, as its relationships then say."""
    parts = {}
    for name, content in read_parts(data).items():
        for before, after in names.items():
            base, new_base = before.rpartition("/")[2].encode(), after.rpartition("/")[2].encode()
            if name.endswith((".rels", CONTENT_TYPES)):
                content = content.replace(b"/" + base + b'"', b"/" + new_base + b'"')  # noqa: PLW2901
                content = content.replace(b'"' + base + b'"', b'"' + new_base + b'"')  # noqa: PLW2901
        parts[names.get(name, name)] = content
    return save_package(parts)


def in_strict_edition(data: bytes) -> bytes:
    """Return a file as Word saves it as "Strict Open XML Document"."""
    uri = re.compile(rb"http://schemas\.openxmlformats\.org/(wordprocessingml|officeDocument|drawingml)/2006/(\w+)")
    parts = {}
    for name, content in read_parts(data).items():
        strict = uri.sub(rb"http://purl.oclc.org/ooxml/\1/\2", content)
        parts[name] = strict.replace(b"2006/custom-properties", b"customProperties").replace(
            b"http://schemas.openxmlformats.org/officeDocument/customProperties",
            b"http://purl.oclc.org/ooxml/officeDocument/customProperties",
        )
    return save_package(parts)


class TestNames:
    WORD_ONLINE = {  # noqa: RUF012
        MAIN_DOCUMENT: "word/document2.xml",
        MAIN_RELATIONSHIPS: "word/_rels/document2.xml.rels",
        "word/styles.xml": "word/styles2.xml",
        "word/numbering.xml": "word/numbering2.xml",
        "word/footnotes.xml": "word/footnotes2.xml",
        PROPERTIES: "docProps/custom2.xml",
    }

    def test_the_parts_may_have_other_names_as_word_online_gives_them(self) -> None:
        data = renamed(word_file(), self.WORD_ONLINE)
        assert MAIN_DOCUMENT not in read_parts(data)
        edited = read_edited_file(data)
        assert texts_of(edited) == [TEXT]
        assert edited.line_versions(LINE) == ["The supplier"]
        assert open_edited_file(data).imprint == sample.draft_document().imprint
        assert edited.other_texts == read_edited_file(word_file()).other_texts

    def test_the_parts_may_stand_in_another_folder_or_be_spelt_in_capitals(self) -> None:
        parts = read_parts(word_file())
        parts[PACKAGE_RELATIONSHIPS] = parts[PACKAGE_RELATIONSHIPS].replace(b"word/document.xml", b"/Word/Document.xml")
        assert text_of(save_package(parts)) == TEXT
        moved = {f"files/{name}" if name.startswith("word/") else name: each for name, each in parts.items()}
        moved[PACKAGE_RELATIONSHIPS] = moved[PACKAGE_RELATIONSHIPS].replace(b"/Word/D", b"./other/../files/word/d")
        assert text_of(save_package(moved)) == TEXT

    def test_a_part_outside_the_file_is_never_followed(self) -> None:
        external = (
            '<Relationship Id="rId77" TargetMode="External" Target="file:///etc/passwd" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"/></Relationships>'
        )
        data = edit_part(word_file(), ("</Relationships>", external), part=MAIN_RELATIONSHIPS)
        assert text_of(data) == TEXT
        assert "etc" not in str(OpenedPackage.open(read_parts(data)).related_names("styles"))

    @pytest.mark.parametrize("target", ["https://example.org/document.xml", "../../../word/document.xml", ""])
    def test_a_main_part_outside_the_file_is_no_word_file(self, target: str) -> None:
        mode = ' TargetMode="External"' if target.startswith("http") else ""
        changed = ('Target="word/document.xml"', f'Target="{target or "gone.xml"}"{mode}')
        data = edit_part(word_file(), changed, part=PACKAGE_RELATIONSHIPS)
        if target.startswith(".."):
            assert text_of(data) == TEXT  # a path cannot leave the package
        else:
            assert refusal_of(data).startswith("is not a Word file")


class TestStrictEdition:
    def test_a_strict_file_is_read(self) -> None:
        data = in_strict_edition(word_file())
        assert b"schemas.openxmlformats.org/wordprocessingml" not in read_parts(data)[MAIN_DOCUMENT]
        assert read_properties(read_parts(data))["kind"] == sample.draft_document().imprint.kind
        edited = read_edited_file(data)
        assert texts_of(edited) == [TEXT]
        assert edited.line_versions(LINE) == ["The supplier"]
        assert edited.other_texts == read_edited_file(word_file()).other_texts

    def test_hidden_words_are_refused_in_a_strict_file_too(self) -> None:
        assert "holds hidden text" in refusal_of(in_strict_edition(adding(styled_run("x", "<w:vanish/>"))))
        assert "too small to read" in refusal_of(in_strict_edition(adding(styled_run("x", '<w:sz w:val="2pt"/>'))))


def zipped(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name in names:
            package.writestr(name, b"<x/>")
    return data.getvalue()


COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


class TestOtherFiles:
    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (COMPOUND_FILE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password. In Word: File, Info"),
            (
                COMPOUND_FILE + "WordDocument".encode("utf-16-le"),
                "is in the format of before 2007 (.doc). Save it",
            ),
            (COMPOUND_FILE, "is protected by a password, or in the format of before 2007. Save it as .docx, without"),
            (b"{\\rtf1\\ansi x}", "is not a Word file but rich text (.rtf). Save it in Word as .docx."),
            (b"%PDF-1.7", "is not a Word file but a PDF. Make a Word file with: assent document render"),
            (b"\xef\xbb\xbf <HTML><body>", "is not a Word file but a web page. Save it in Word as .docx."),
            (b"<!DOCTYPE html>", "is not a Word file but a web page."),
            (b"MIME-Version: 1.0\r\n", "is not a Word file but a web page in one file (.mht)."),
            (b"<?xml version='1.0'?><x/>", "is not a Word file but XML. Save it"),
            (
                b'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">',
                "is not a Word file but XML, as Word saves it on demand.",
            ),
            (zipped("mimetype", "content.xml"), "is not a Word file but one of LibreOffice (.odt) or another program."),
            (zipped("Index/Document.iwa"), "is not a Word file but one of Pages. In Pages: File, Export To, Word"),
            (zipped(CONTENT_TYPES, "xl/workbook.xml"), "is not a Word file but an Excel workbook."),
            (zipped(CONTENT_TYPES, "ppt/presentation.xml"), "is not a Word file but a PowerPoint file."),
            (zipped("readme.txt"), "is not a Word file. Save it in Word as .docx."),
        ],
    )
    def test_a_file_of_another_kind_is_named_with_what_to_do(self, data: bytes, message: str) -> None:
        assert refusal_of(data).startswith(message)

    def test_a_file_without_our_marks_names_the_programs_that_remove_them(self) -> None:
        unmarked = edit_part(word_file(), ("assent:case", "x:case"), part=PROPERTIES)
        assert "Google Docs and Pages remove what assent reads a file by" in refusal_of(unmarked)

    @pytest.mark.parametrize("kind", ["document", "template"])
    def test_macros_are_named(self, kind: str) -> None:
        mark = (
            "</Types>",
            f'<Override PartName="/x" ContentType="application/x.{kind}.macroEnabled.main+xml"/></Types>',
        )
        assert refusal_of(edit_part(word_file(), mark, part=CONTENT_TYPES)).startswith(
            "has macros. In Word: File, Save As"
        )

    @pytest.mark.parametrize("name", ["../evil.xml", "/word/x.xml", "word\\x.xml", "C:/x.xml", "word/../x.xml"])
    def test_a_part_with_an_unusual_name_is_refused(self, name: str) -> None:
        parts = {**read_parts(word_file()), name: b"<x/>"}
        assert "holds a part whose name no Word file has" in refusal_of(save_package(parts))

    def test_two_parts_that_differ_in_capitals_only_are_refused(self) -> None:
        parts = {**read_parts(word_file()), "WORD/document.xml": b"<x/>"}
        assert "holds two parts of one name" in refusal_of(save_package(parts))

    def test_a_part_in_another_encoding_is_refused(self) -> None:
        parts = dict(read_parts(word_file()))
        parts[MAIN_DOCUMENT] = parts[MAIN_DOCUMENT].decode().replace("UTF-8", "UTF-16").encode("utf-16")
        with pytest.raises(InputError, match="a part of it is no XML"):
            read_edited_file(save_package(parts))


def test_the_words_of_the_form_are_the_same_in_every_edition() -> None:
    assert read_edited_file(word_file()).other_texts[FORM]


class TestBounds:
    """What takes few bytes of a file may take much memory and time: it is refused before any of it is read."""

    @pytest.mark.parametrize("element", ["<w:p/>", "<w:p></w:p>", "<w:r><w:t>a</w:t></w:r>"])
    def test_too_many_elements_are_refused_with_the_bound(self, element: str) -> None:
        message = refusal_of(adding(element * MAX_ELEMENTS))
        assert re.search(r"has \d{3},\d{3} elements .* reads at most 100,000", message)

    def test_a_file_below_the_bound_is_read(self) -> None:
        words = "<w:r><w:t>on </w:t></w:r>" * 5_000
        assert "on " * 4_999 + "on" in text_of(adding(words))

    def test_too_many_open_fields_are_refused(self) -> None:
        begun = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        assert text_of(adding(begun * 50)) == TEXT
        assert "fields that begin and never end" in refusal_of(adding(begun * 51))
