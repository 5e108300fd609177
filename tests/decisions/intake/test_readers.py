"""Pages, PDFs, Word files and texts become blocks with places; what cannot be read is named."""

from __future__ import annotations

import pytest

from decisions.intake import source_text
from decisions.intake.reading import MAX_TEXT_BYTES, read_source
from decisions.intake.source_text import Place, quote_words
from rules.errors import InputError
from tests.decisions.intake import eras


def texts(data: bytes) -> list[str]:
    return [block.text for block in read_source(data).blocks]


def reasons(data: bytes) -> list[str]:
    return [problem.reason for problem in read_source(data).problems]


class TestPages:
    def test_lists_get_the_numbers_that_a_browser_shows(self) -> None:
        page = (
            "<html><body><ol><li>one<ol type=a><li>inner</li></ol></li><li>two</li></ol>"
            "<ol start=4 type=i><li>four</li></ol><ul><li>dot</li></ul></body></html>"
        )
        assert texts(page.encode()) == ["1. one", "a. inner", "2. two", "iv. four", "• dot"]

    def test_words_in_one_line_stay_together_and_breaks_divide(self) -> None:
        page = (
            "<html><body><p><strong>Date signed:</strong> 3 <em>May</em> 2019<br>Decision by: A</p>tail</body></html>"
        )
        assert texts(page.encode()) == ["Date signed: 3 May 2019", "Decision by: A", "tail"]

    def test_the_cells_of_a_row_are_one_block(self) -> None:
        page = b"<html><body><table><tr><td>Row</td><td>tick</td></tr><tr><td></td></tr></table></body></html>"
        assert texts(page) == ["Row tick"]

    def test_a_heading_of_a_row_is_the_label_of_its_cell(self) -> None:
        rows = "<tr><th>Date signed</th><td>3 May 2019</td></tr><tr><th>Notes</th><td></td></tr>"
        assert texts(f"<html><body><table>{rows}</table></body></html>".encode()) == [
            "Date signed: 3 May 2019",
            "Notes",
        ]

    def test_headings_have_their_level(self) -> None:
        blocks = read_source(b"<html><body><h1>A</h1><h3>B</h3><p>C</p></body></html>").blocks
        assert [(block.text, block.level) for block in blocks] == [("A", 1), ("B", 3), ("C", 0)]

    @pytest.mark.parametrize(
        "hidden",
        [
            "<script>x</script>", "<style>x</style>", "<nav>x</nav>", "<form>x</form>", "<!-- x -->",
            "<p hidden>x</p>", '<p aria-hidden="true">x</p>', '<div role="search">x</div>', "<template>x</template>",
        ],
    )  # fmt: skip
    def test_what_is_not_the_text_of_a_page_is_left_out(self, hidden: str) -> None:
        assert texts(f"<html><body><p>A</p>{hidden}</body></html>".encode()) == ["A"]

    def test_the_encoding_that_a_page_names_is_used(self) -> None:
        page = '<html><head><meta charset="windows-1252"></head><body><p>£5 – it’s</p></body></html>'
        assert texts(page.encode("cp1252")) == ["£5 – it’s"]

    def test_another_encoding_is_named_with_each_place_that_it_spoils(self) -> None:
        page = "<html><body>\n<p>whole</p>\n<p>a cost of £5</p></body></html>".encode("latin-1")
        assert "whole" in texts(page)
        problems = read_source(page).problems
        assert [problem.place.line for problem in problems] == [3, 3]
        assert "UTF-8" in problems[0].reason

    @pytest.mark.parametrize("page", [b"<html></html>", b"<html><body> </body></html>", b"<!DOCTYPE html>"])
    def test_an_empty_page_has_no_blocks(self, page: bytes) -> None:
        assert texts(page) == []

    def test_a_page_nested_without_end_is_cut_and_named(self) -> None:
        page = b"<html><body>" + b"<div>" * 230 + b"deep" + b"</div>" * 230 + b"<p>after</p></body></html>"
        assert texts(page) == ["after"]
        assert reasons(page) == ["the page is nested too deeply: this is not read"]


class TestPdfs:
    def test_a_scan_is_refused_and_says_what_to_do(self) -> None:
        with pytest.raises(InputError, match="has no text on its 2 pages: it is a scan") as refused:
            read_source(eras.scanned_pdf(2))
        assert "OCR" in refused.value.advice()

    def test_a_page_without_text_among_others_is_named(self) -> None:
        import io

        import pikepdf

        data = io.BytesIO()
        with pikepdf.open(io.BytesIO(eras.signed_form())) as pdf:
            pdf.add_blank_page()
            count = len(pdf.pages)
            pdf.save(data)
        [problem] = read_source(data.getvalue()).problems
        assert problem.place == Place(count, 1)
        assert "the page has no text" in problem.reason

    def test_an_encrypted_file_is_refused(self) -> None:
        with pytest.raises(InputError, match="is protected by a password"):
            read_source(eras.encrypted_pdf())

    @pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing", eras.signed_form()[:400]])
    def test_a_damaged_file_is_refused(self, data: bytes) -> None:
        with pytest.raises(InputError, match="is not a PDF, or a damaged one"):
            read_source(data)

    def test_a_damaged_page_is_named_and_the_rest_goes_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import pypdfium2

        load = pypdfium2.PdfDocument.get_page

        def fail_on_the_second(document: pypdfium2.PdfDocument, index: int) -> object:
            if index == 1:
                raise pypdfium2.PdfiumError("Failed to load page.")
            return load(document, index)

        monkeypatch.setattr(pypdfium2.PdfDocument, "__getitem__", fail_on_the_second)
        source = read_source(eras.signed_form())
        assert source.blocks[0].text == "Title: Horses for the park"
        [problem] = source.problems
        assert (problem.place, problem.reason) == (Place(2, 1), "the page is damaged: it is not read")

    def test_a_file_without_a_whole_page_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import pypdfium2

        def fail(_document: pypdfium2.PdfDocument, _index: int) -> object:
            raise pypdfium2.PdfiumError("Failed to load page.")

        monkeypatch.setattr(pypdfium2.PdfDocument, "__getitem__", fail)
        with pytest.raises(InputError, match="is a damaged PDF: no page of it can be read"):
            read_source(eras.signed_form())

    def test_a_row_with_a_tick_is_one_block_and_the_next_row_another(self) -> None:
        read = texts(eras.signed_form())
        [finance] = [text for text in read if text.startswith("The Chief Finance Officer")]
        assert finance.endswith("it is correct. √")
        assert "Legal Advice: Legal advice is not required. v" in read

    def test_a_paragraph_goes_on_below_the_lines_that_run_along_each_page(self) -> None:
        words = " ".join(f"w{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}rd" for number in range(1_400))
        style = (
            "<style>@page { size: A5; @top-left { content: 'OFFICIAL' } "
            "@bottom-right { content: 'Page ' counter(page) ' of ' counter(pages) } }</style>"
        )
        source = read_source(eras.print_pdf(f"{style}<p>{words}.</p><p>The end.</p>"))
        assert [block.text for block in source.blocks] == [f"{words}.", "The end."]
        assert source.blocks[-1].place.page > 2

    def test_a_number_in_the_middle_of_a_page_stays(self) -> None:
        lines = "".join(f"<p>{word}</p>" for word in ("First", "Second", "12", "Fourth", "Fifth"))
        assert texts(eras.print_pdf(lines)) == ["First", "Second", "12", "Fourth", "Fifth"]

    @pytest.mark.parametrize(("tag", "marks"), [("ol", ["1. A one", "2. A two"]), ("ul", ["• A one", "• A two"])])
    def test_markers_that_stand_apart_in_the_file_go_before_their_items(self, tag: str, marks: list[str]) -> None:
        lines = f"<p>Resolved:</p><{tag}><li>A one</li><li>A two</li></{tag}><p>The end.</p>"
        assert texts(eras.print_pdf(lines)) == ["Resolved:", *marks, "The end."]


class TestWordFiles:
    def test_paragraphs_have_the_numbers_that_word_shows_and_lines_that_count_them(self) -> None:
        blocks = read_source(eras.save(eras.word_form())).blocks
        assert "1. Approve ten saddles" in [block.text for block in blocks]
        assert [block.place.line for block in blocks] == sorted(block.place.line for block in blocks)
        assert next(block.level for block in blocks if block.text == "Recommendation") == 2

    def test_a_paragraph_with_tracked_changes_is_named_and_not_read(self) -> None:
        form = eras.word_form()
        paragraph = form.paragraphs[3]._p
        run = paragraph.r_lst[0]
        inserted = paragraph.makeelement("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}ins", {})
        paragraph.insert(0, inserted)
        inserted.append(run)
        data = eras.save(form)
        assert "The saddles are worn." not in texts(data)
        [problem] = read_source(data).problems
        assert problem.place == Place(0, 4)
        assert "tracked changes" in problem.reason

    def test_hidden_words_are_named_and_not_read(self) -> None:
        form = eras.word_form()
        form.paragraphs[3].runs[0].font.hidden = True
        data = eras.save(form)
        assert "The saddles are worn." not in texts(data)
        assert reasons(data) == ["the paragraph holds hidden text: it is not read"]

    def test_paragraphs_in_an_element_that_nobody_knows_are_read(self) -> None:
        form = eras.word_form()
        paragraph = form.paragraphs[3]._p
        unknown = paragraph.makeelement("{urn:other-program}page", {})
        paragraph.addprevious(unknown)
        unknown.append(paragraph)
        assert "The saddles are worn." in texts(eras.save(form))
        assert not reasons(eras.save(form))

    def test_another_file_in_the_file_is_named(self) -> None:
        form = eras.word_form()
        paragraph = form.paragraphs[3]._p
        chunk = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}altChunk"
        paragraph.addprevious(paragraph.makeelement(chunk, {}))
        assert reasons(eras.save(form)) == ["another file stands in this one, after this line: it is not read"]


class TestTexts:
    def test_each_line_of_a_copied_page_is_a_block(self) -> None:
        long = "word " * 40
        assert texts(f"Title\nDate signed:\n{long}\nNext one".encode()) == [
            "Title", "Date signed:", long.strip(), "Next one",
        ]  # fmt: skip

    def test_wrapped_lines_are_one_paragraph(self) -> None:
        wrapped = (
            "The first line of a paragraph that goes on below\nand ends here.\n\nAnother one.\n1. An item\n2. Next"
        )
        joined = "The first line of a paragraph that goes on below and ends here."
        assert texts(wrapped.encode()) == [joined, "Another one.", "1. An item", "2. Next"]

    def test_a_text_with_a_byte_order_mark_of_windows_is_read(self) -> None:
        assert texts("PCD 5 – £7".encode("utf-16")) == ["PCD 5 – £7"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\x89PNG\r\n", "is a picture"),
        (b"{\\rtf1 }", "is rich text"),
        (b"abc\x00\x01", "is not text"),
        (b"PK\x03\x04 no zip", "is not a Word file"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "is protected by a password, or in the format of before 2007"),
        (b"a" * (MAX_TEXT_BYTES + 1), "is too large for a page"),
    ],
)
def test_another_kind_of_file_is_refused_in_words(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_source(data)


def test_a_file_of_too_many_paragraphs_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_text, "MAX_BLOCKS", 3)
    assert texts(b"a\n\nb\n\nc\n\nd\n\ne") == ["a", "b", "c"]
    assert reasons(b"a\n\nb\n\nc\n\nd\n\ne") == ["the file has more than 3 paragraphs: the rest is not read"]


def test_a_paragraph_that_is_too_long_is_cut_and_says_so() -> None:
    data = b"<html><body><p>" + b"a " * 15_000 + b"</p></body></html>"
    [text] = texts(data)
    assert len(text) == source_text.MAX_BLOCK_CHARACTERS
    assert len(reasons(data)) == 1


def test_quoted_words_are_short() -> None:
    assert quote_words("a  b\nc") == "a b c"
    assert len(quote_words("word " * 100)) <= source_text.MAX_QUOTED_WORDS
