"""Whatever wraps a row, a cell, a paragraph or a run of a Word file, nothing that is shown is lost or read twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from decisions.output.word.package import MAIN_DOCUMENT, read_parts
from decisions.output.word.reader import FORM, read_edited_file
from tests.decisions.output.word.office_programs import edit_part
from tests.decisions.output.word.word_forms import (
    COMPATIBILITY,
    LINE,
    NOTED,
    TEXT,
    adding,
    document,
    refusal_of,
    styled_run,
    text_of,
    texts_of,
    with_block,
    word_file,
)  # fmt: skip

Wrap = Callable[[str], str]
PROMPT = "<w:showingPlcHdr/>"


def control(content: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr><w:id w:val='77'/>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def smart_tag(content: str) -> str:
    return f'<w:smartTag w:uri="x" w:element="place"><w:smartTagPr/>{content}</w:smartTag>'


def custom_xml(content: str) -> str:
    return f'<w:customXml w:element="x"><w:customXmlPr/>{content}</w:customXml>'


def alternatives(content: str) -> str:
    choice = f'<mc:Choice Requires="w14">{content}</mc:Choice>'
    return f"<mc:AlternateContent {COMPATIBILITY}>{choice}<mc:Fallback>{content}</mc:Fallback></mc:AlternateContent>"


def link(content: str) -> str:
    return f'<w:hyperlink w:anchor="x">{content}</w:hyperlink>'


def simple_field(content: str) -> str:
    return f'<w:fldSimple w:instr=" REF x ">{content}</w:fldSimple>'


def left_to_right(content: str) -> str:
    return f'<w:bdo w:val="ltr">{content}</w:bdo>'


def complex_field(content: str) -> str:
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{each}"/></w:r>' for each in ("begin", "separate", "end"))
    return f"{begin}<w:r><w:instrText> REF x </w:instrText></w:r>{separate}{content}{end}"


ANYWHERE = [control, smart_tag, custom_xml, alternatives]
AROUND_RUNS = [*ANYWHERE, link, simple_field, left_to_right, complex_field]
LAST_RUN = "<w:r><w:t>The last.</w:t></w:r>"


def element_round(text: str, tag: str, body: str) -> str:
    """Return the element of a tag in the main part that has a text."""
    place = body.index(text)
    start = max(body.rfind(f"<w:{tag}>", 0, place), body.rfind(f"<w:{tag} ", 0, place))
    end = body.index(f"</w:{tag}>", place) + len(f"</w:{tag}>")
    return body[start:end]


def wrapped(tag: str, text: str, wrap: Wrap) -> bytes:
    element = element_round(text, tag, main_part())
    return edit_part(word_file(), (element, wrap(element)))


class TestOneWrapper:
    @pytest.mark.parametrize("wrap", AROUND_RUNS)
    @pytest.mark.parametrize("text", ["The last.", "a bullet", "£3", "The supplier"])
    def test_a_run_is_read_in_any_wrapper(self, wrap: Wrap, text: str) -> None:
        edited = read_edited_file(wrapped("r", text, wrap))
        assert texts_of(edited) == [TEXT]
        assert edited.line_versions(LINE) == ["The supplier"]

    @pytest.mark.parametrize("wrap", ANYWHERE)
    @pytest.mark.parametrize(("tag", "text"), [("p", "The last."), ("p", "a bullet"), ("p", "£3"), ("tbl", "£3")])
    def test_a_paragraph_or_table_is_read_in_any_wrapper(self, wrap: Wrap, tag: str, text: str) -> None:
        assert text_of(wrapped(tag, text, wrap)) == TEXT

    @pytest.mark.parametrize("wrap", ANYWHERE)
    @pytest.mark.parametrize("tag", ["tr", "tc"])
    @pytest.mark.parametrize("text", ["Year", "£3", "Later"])
    def test_a_row_or_cell_is_read_in_any_wrapper(self, wrap: Wrap, tag: str, text: str) -> None:
        assert text_of(wrapped(tag, text, wrap)) == TEXT

    def test_a_row_added_in_a_content_control_is_read(self) -> None:
        cells = "".join(f"<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>" for words in ("2020/21", "£4"))
        row = element_round("Later", "tr", main_part())
        data = edit_part(word_file(), (row, row + control(f"<w:tr>{cells}</w:tr>")))
        assert "| Later |  |\n| 2020/21 | £4 |\n" in text_of(data)

    def test_a_bookmark_of_another_program_inside_a_run_hides_no_words(self) -> None:
        mark = '<w:bookmarkStart w:id="90" w:name="x"/><w:bookmarkEnd w:id="90"/>'
        assert text_of(edit_part(word_file(), (LAST_RUN, LAST_RUN.replace("<w:r>", f"<w:r>{mark}")))) == TEXT

    def test_the_words_of_the_form_are_read_in_a_wrapper(self) -> None:
        edited = read_edited_file(wrapped("p", "More words.", control))
        assert edited.other_texts[FORM] == read_edited_file(word_file()).other_texts[FORM]


def main_part() -> str:
    return read_parts(word_file())[MAIN_DOCUMENT].decode()


class TestManyWrappers:
    def test_wrappers_in_wrappers_are_opened(self) -> None:
        nested = LAST_RUN
        for wrap in (complex_field, link, smart_tag, control, custom_xml, alternatives, simple_field):
            nested = wrap(nested)
        assert text_of(edit_part(word_file(), (LAST_RUN, nested))) == TEXT

    def test_a_row_in_a_control_of_a_repeating_section_is_read(self) -> None:
        row = element_round("Later", "tr", main_part())
        assert text_of(edit_part(word_file(), (row, control(control(row))))) == TEXT

    def test_an_empty_wrapper_holds_nothing(self) -> None:
        empty = "<w:sdt><w:sdtPr/></w:sdt><w:smartTag/><w:hyperlink/>" + alternatives("")
        assert text_of(adding(empty)) == TEXT


class TestAlternatives:
    def test_equal_words_for_older_programs_are_read_once(self) -> None:
        assert text_of(edit_part(word_file(), (LAST_RUN, alternatives(LAST_RUN)))) == TEXT

    def test_words_only_for_older_programs_are_read(self) -> None:
        sign = (
            f'<w:r><mc:AlternateContent {COMPATIBILITY}><mc:Choice Requires="w16se">'
            '<w16se:symEx xmlns:w16se="http://schemas.microsoft.com/office/word/2015/wordml/symex" w16se:char="2713"/>'
            "</mc:Choice><mc:Fallback><w:t>\u2713</w:t></mc:Fallback></mc:AlternateContent></w:r>"
        )
        assert "The last.\u2713\n" in text_of(adding(sign))

    def test_words_only_for_newer_programs_are_read(self) -> None:
        choice = f'<mc:Choice Requires="w14">{styled_run("new")}</mc:Choice>'
        alternative = f"<mc:AlternateContent {COMPATIBILITY}>{choice}<mc:Fallback/></mc:AlternateContent>"
        assert "The last.new\n" in text_of(adding(alternative))

    def test_words_that_differ_between_versions_of_word_are_refused(self) -> None:
        choice = f'<mc:Choice Requires="w14">{styled_run("£1m")}</mc:Choice>'
        fallback = f"<mc:Fallback>{styled_run('£2m')}</mc:Fallback>"
        two = f"<mc:AlternateContent {COMPATIBILITY}>{choice}{fallback}</mc:AlternateContent>"
        assert "has words that differ between versions of Word, in a field, paragraph 12" in refusal_of(adding(two))


class TestFields:
    def test_words_in_the_instruction_of_a_field_are_not_shown_and_not_read(self) -> None:
        begin, separate, end = (
            f'<w:r><w:fldChar w:fldCharType="{each}"/></w:r>' for each in ("begin", "separate", "end")
        )
        inner = f"{begin}<w:r><w:instrText> PAGE </w:instrText></w:r>{separate}{styled_run('7')}{end}"
        outer = f"{begin}<w:r><w:instrText> IF </w:instrText></w:r>{inner}{separate}{styled_run(' shown')}{end}"
        assert "The last. shown\n" in text_of(adding(outer))

    def test_a_field_that_never_ends_hides_nothing(self) -> None:
        begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        assert "The last. more\n" in text_of(adding(begin + styled_run(" more")))

    @pytest.mark.parametrize("kind", ["checkBox", "ddList"])
    def test_a_check_box_or_list_of_an_old_form_is_refused(self, kind: str) -> None:
        old = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:{kind}/></w:ffData></w:fldChar></w:r>'
        assert "has a check box or list of an old form, in a field, paragraph 12" in refusal_of(adding(old))


class TestPrompts:
    DATE = "Click or tap to enter a date."

    @pytest.mark.parametrize("properties", [PROMPT, ""])
    def test_a_prompt_is_not_read_as_text_but_listed(self, properties: str) -> None:
        edited = read_edited_file(adding(control(styled_run(self.DATE), properties)))
        assert texts_of(edited) == [TEXT]
        assert edited.other_texts["Prompt of an empty field"] == (self.DATE,)

    def test_what_somebody_wrote_in_a_foreign_control_is_read(self) -> None:
        date = "<w:date w:fullDate='2026-03-01T00:00:00Z'/>"
        assert "The last. 1 March\n" in text_of(adding(control(styled_run(" 1 March"), date)))

    def test_a_prompt_in_a_cell_leaves_an_empty_cell(self) -> None:
        cell = element_round("£3", "tc", main_part())
        emptied = control(cell.replace("£3", "Choose an item."), PROMPT)
        assert "| 2018/19 |  |\n" in text_of(edit_part(word_file(), (cell, emptied)))

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("<w:text/></w:sdtPr>", f"<w:text/>{PROMPT}</w:sdtPr>"),
            ("The supplier", "Click or tap here to enter text."),
        ],
    )
    def test_a_field_of_ours_that_was_emptied_is_empty(self, before: str, after: str) -> None:
        edited = read_edited_file(edit_part(word_file(), (before, after)))
        assert edited.line_versions(LINE) == [""]
        assert texts_of(edited) == [TEXT]


class TestFieldsOfOurs:
    def test_a_control_that_word_put_round_the_paragraph_is_read(self) -> None:
        main = main_part()
        paragraph = element_round("The supplier", "p", main)
        inline = paragraph[paragraph.index("<w:sdt>") : paragraph.index("</w:sdt>") + len("</w:sdt>")]
        run = element_round("The supplier", "r", main)
        moved = inline.replace(run, paragraph.replace(inline, run))
        assert read_edited_file(edit_part(word_file(), (paragraph, moved))).line_versions(LINE) == ["The supplier"]

    def test_a_control_that_word_put_round_the_cell_is_read(self) -> None:
        paragraph = element_round("The supplier", "p", main_part())
        inline = paragraph[paragraph.index("<w:sdt>") : paragraph.index("</w:sdt>") + len("</w:sdt>")]
        run = element_round("The supplier", "r", main_part())
        cell = inline.replace(run, f"<w:tc><w:p>{run}</w:p></w:tc>")
        label = "<w:tc><w:p><w:r><w:t>Label</w:t></w:r></w:p></w:tc>"
        table = f"<w:tbl><w:tr>{label}{cell}</w:tr></w:tbl>"
        edited = read_edited_file(edit_part(word_file(), (paragraph, table)))
        assert edited.line_versions(LINE) == ["The supplier"]
        assert "Label" in edited.other_texts[FORM]

    @pytest.mark.parametrize(("checked", "answer"), [('w14:val="1"', "yes"), ('w14:val="0"', "no"), ("", "yes")])
    def test_a_box_to_tick_is_yes_or_no(self, checked: str, answer: str) -> None:
        box = (
            '<w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
            f"<w14:checked {checked}/></w14:checkbox>"
        )
        ticked = edit_part(word_file(), ("<w:text/></w:sdtPr>", f"{box}</w:sdtPr>"), ("The supplier", "☒"))
        assert read_edited_file(ticked).line_versions(LINE) == [answer]

    def test_a_field_that_stands_twice_in_one_paragraph_is_read_twice(self) -> None:
        main = main_part()
        start = main.rindex("<w:sdt>", 0, main.index("The supplier"))
        inline = main[start : main.index("</w:sdt>", start) + len("</w:sdt>")]
        twice = edit_part(word_file(), (inline, inline + inline.replace("The supplier", "Another")))
        assert read_edited_file(twice).line_versions(LINE) == ["The supplier", "Another"]

    def test_a_field_inside_another_field_is_refused(self) -> None:
        paragraph = element_round("The supplier", "p", main_part())
        moved = edit_part(word_file(), (paragraph, "<w:p/>"), (element_round("The last.", "p", main_part()), paragraph))
        assert "has a field inside a field. In Word: cut the inner field" in refusal_of(moved)


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ('<w:bdo w:val="rtl"><w:r><w:t>123</w:t></w:r></w:bdo>', "has words that run from right to left"),
            ('<w:r><w:endnoteReference w:id="2"/></w:r>', "has an endnote"),
            ("<w:r><w:pict/></w:r>", "has a picture, shape or text box"),
            ("<w:r><w:dayLong/></w:r>", "has something that is no text"),
            ('<w:subDoc r:id="x" xmlns:r="y"/>', "has another file"),
        ],
    )
    def test_what_is_no_text_is_refused_with_its_place(self, content: str, message: str) -> None:
        assert f"{message}, in a field, paragraph 12" in refusal_of(adding(content))

    def test_a_file_inserted_into_a_text_is_refused(self) -> None:
        inserted = '<w:altChunk r:id="x" xmlns:r="y"/>'
        assert "has another file, in a field" in refusal_of(with_block(inserted))

    def test_words_in_an_unknown_element_are_refused_in_a_text_and_listed_elsewhere(self) -> None:
        unknown = '<x:new xmlns:x="x"><w:p><w:r><w:t>New words</w:t></w:r></w:p></x:new>'
        assert "has something that is no text, in a field" in refusal_of(with_block(unknown))
        more = element_round("More words.", "p", main_part())
        outside = edit_part(word_file(), (more, more + unknown))
        assert "New words" in read_edited_file(outside).other_texts[FORM]

    def test_a_second_body_is_refused(self) -> None:
        assert "has two texts" in refusal_of(edit_part(word_file(), ("</w:body>", "</w:body><w:body><w:p/></w:body>")))

    def test_the_place_in_a_table_is_its_row_and_column(self) -> None:
        struck = edit_part(word_file(), ("<w:r><w:t>£3", "<w:r><w:rPr><w:strike/></w:rPr><w:t>£3"))
        assert "struck through, in a field, row 2, column 2" in refusal_of(struck)

    def test_rows_of_different_lengths_are_refused(self) -> None:
        cell = element_round("£3", "tc", main_part())
        assert "whose rows have different numbers of cells" in refusal_of(edit_part(word_file(), (cell, "")))


def test_comments_of_xml_do_not_cut_a_word() -> None:
    assert text_of(edit_part(word_file(), ("The last.", "The <!-- x -->last.<?x?>"))) == TEXT


def test_the_form_itself_is_read() -> None:
    assert document(TEXT).editable
    assert text_of(word_file()).endswith(NOTED)
