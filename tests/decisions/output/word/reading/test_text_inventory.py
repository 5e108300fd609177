"""Every text of a file that is not read is listed by its place, so that nothing goes unsaid."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from decisions.output.word.package import read_parts
from decisions.output.word.reader import read_edited_file
from tests.decisions.output.word.office_programs import FOOTNOTES, edit_part
from tests.decisions.output.word.word_forms import COMPATIBILITY, TEXT, W_NAMESPACE, text_of, with_parts, word_file

BOX = "<w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent>"
DRAWING = (
    '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    f'<wp:docPr id="1" name="x" descr="A map"/><x:wsp xmlns:x="x">{BOX}</x:wsp></wp:inline></w:drawing>'
)
PICT = f'<w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" alt="A map">{BOX}</v:shape></w:pict>'
BOTH = (
    f'<mc:AlternateContent {COMPATIBILITY}><mc:Choice Requires="wps">{DRAWING}</mc:Choice>'
    f"<mc:Fallback>{PICT}</mc:Fallback></mc:AlternateContent>"
)


def added(data: bytes) -> Mapping[str, tuple[str, ...]]:
    """Return the texts that a file has beside those of the form as it was made, by place."""
    before, after = (read_edited_file(each).other_texts for each in (word_file(), data))
    new = {place: tuple(text for text in after[place] if text not in before.get(place, ())) for place in after}
    return {place: texts for place, texts in new.items() if texts}


def in_the_form(run: str) -> bytes:
    return edit_part(word_file(), ("<w:r><w:t>More words.", f"<w:r>{run}</w:r><w:r><w:t>More words."))


def story(tag: str, content: str) -> str:
    return f"<w:{tag} {W_NAMESPACE}>{content}</w:{tag}>"


SENTENCE = "<w:p><w:r><w:t>Remember</w:t></w:r><w:r><w:tab/><w:t>this</w:t></w:r></w:p>"


class TestPlaces:
    @pytest.mark.parametrize("shape", [DRAWING, PICT, BOTH])
    def test_the_words_of_a_text_box_are_listed_once_with_its_description(self, shape: str) -> None:
        assert added(in_the_form(shape)) == {"Text box": ("In a box",), "Alternative text": ("A map",)}

    @pytest.mark.parametrize(
        ("kind", "name", "content", "place"),
        [
            (
                "comments",
                "comments.xml",
                story("comments", f'<w:comment w:id="1">{SENTENCE}</w:comment>'),
                "Comment",
            ),
            (
                "endnotes",
                "endnotes.xml",
                story("endnotes", f'<w:endnote w:id="2">{SENTENCE}</w:endnote>'),
                "Endnote",
            ),
            ("header", "header9.xml", story("hdr", SENTENCE), "Header"),
            (
                "footer",
                "footer9.xml",
                story("ftr", f"<w:tbl><w:tr><w:tc>{SENTENCE}</w:tc></w:tr></w:tbl>"),
                "Footer",
            ),
        ],
    )
    def test_other_parts_with_text_are_listed(self, kind: str, name: str, content: str, place: str) -> None:
        assert added(with_parts(word_file(), (kind, name, content))) == {place: ("Remember this",)}

    def test_charts_and_diagrams_are_listed(self) -> None:
        main = "http://schemas.openxmlformats.org/drawingml/2006"
        chart = f'<c:chart xmlns:c="{main}/chart" xmlns:a="{main}/main"><a:t>Costs</a:t><c:v>£3m</c:v></c:chart>'
        diagram = f'<d:x xmlns:d="{main}/diagram" xmlns:a="{main}/main"><a:t>First step</a:t></d:x>'
        data = with_parts(
            word_file(), ("chart", "charts/chart1.xml", chart), ("diagramData", "diagrams/data1.xml", diagram)
        )
        assert added(data) == {"Chart": ("Costs", "£3m"), "Diagram": ("First step",)}

    def test_pictures_and_embedded_files_are_named(self) -> None:
        data = with_parts(
            word_file(), ("image", "media/image1.png", ""), ("oleObject", "embeddings/oleObject1.bin", ""),
            ("aFChunk", "afchunk.mht", ""),
        )  # fmt: skip
        assert added(data) == {
            "Picture": ("word/media/image1.png",),
            "Embedded file": ("word/embeddings/oleObject1.bin",),
            "Inserted file": ("word/afchunk.mht",),
        }

    def test_a_watermark_is_listed(self) -> None:
        path = '<v:textpath xmlns:v="urn:schemas-microsoft-com:vml" string="SECRET"/>'
        mark = f"<w:p><w:r><w:pict>{path}</w:pict></w:r></w:p>"
        data = with_parts(word_file(), ("header", "header9.xml", story("hdr", mark)))
        assert added(data) == {"Watermark": ("SECRET",)}

    def test_a_note_that_no_text_cites_is_listed(self) -> None:
        note = ("</w:footnotes>", f'<w:footnote w:id="9">{SENTENCE}</w:footnote></w:footnotes>')
        assert added(edit_part(word_file(), note, part=FOOTNOTES)) == {"Footnote": ("Remember this",)}

    def test_a_changed_marking_is_listed(self) -> None:
        header = next(
            name for name, each in read_parts(word_file()).items() if "header" in name and b"OFFICIAL" in each
        )
        data = edit_part(word_file(), ("OFFICIAL", "OFFICIAL-SENSITIVE"), part=header)
        assert any("OFFICIAL-SENSITIVE" in text for text in added(data)["Header"])


class TestNumbersOfPages:
    def test_the_numbers_that_word_counts_are_no_text(self) -> None:
        footer = next(
            name for name, each in read_parts(word_file()).items() if "footer" in name and b"NUMPAGES" in each
        )
        begin, separate, end = (
            f'<w:r><w:fldChar w:fldCharType="{each}"/></w:r>' for each in ("begin", "separate", "end")
        )
        simple = '<w:fldSimple w:instr="NUMPAGES"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        assert simple in read_parts(word_file())[footer].decode().replace(' xml:space="preserve"', "")
        original = read_parts(word_file())[footer].decode()
        start = original.index('<w:fldSimple w:instr="NUMPAGES">')
        written = original[start : original.index("</w:fldSimple>", start) + len("</w:fldSimple>")]
        counted = f"{begin}<w:r><w:instrText> NUMPAGES </w:instrText></w:r>{separate}<w:r><w:t>30</w:t></w:r>{end}"
        assert added(edit_part(word_file(), (written, counted), part=footer)) == {}


def test_what_is_listed_does_not_change_the_texts_of_facts() -> None:
    assert text_of(in_the_form(BOTH)) == TEXT
