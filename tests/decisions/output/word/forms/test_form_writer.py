"""A form is a Word file with a typed control for each answer, that people can read and programs can fill in."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from itertools import pairwise

import pytest
from lxml import etree

from decisions.documents.view import LetterheadView
from decisions.issuing.paper_forms import make_word_form
from decisions.output.word.fact_markers import MAX_TAG_LENGTH
from decisions.output.word.forms.choices import choice_texts
from decisions.output.word.forms.form_marks import FormMarks, digest_of
from decisions.output.word.forms.form_reader import open_paper_form
from decisions.output.word.forms.form_writer import render_paper_form
from decisions.output.word.forms.wording import PART_HEADINGS, format_numbers
from decisions.output.word.package import MAIN_DOCUMENT, Element, W, read_parts, read_properties
from decisions.output.word.prompts import PROMPTS, find_prompt
from rules.values.facts import FactDeclaration
from tests.decisions.output.word.forms.form_filling import marks_of
from tests.plain_run import in_turn
from tests.rules.values.test_png import png
from tests.workflow.services.filled_papers import DAYS
from tests.workflow.walk import shipped_library
from workflow.cases.paper import Paper
from workflow.services.paper_drafts import make_draft
from workflow.services.paper_form import make_paper_form, name_fields


@cache
def form(name: str = "mopac") -> bytes:
    draft = make_draft(shipped_library().scheme(name), Paper({}, {}), DAYS[name])
    return make_word_form(draft, "digest", "my paper.docx")


@cache
def body(name: str = "mopac") -> Element:
    return etree.fromstring(read_parts(form(name))[MAIN_DOCUMENT])


def control(address: str, name: str = "mopac") -> Element:
    return next(
        each
        for each in body(name).iter(f"{W}sdt")
        if each.find(f"{W}sdtPr/{W}tag").get(f"{W}val") == f"assent:{address}"
    )


def words(element: Element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{W}t"))


def style_of(paragraph: Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val"))


@pytest.mark.parametrize("name", in_turn(list(DAYS), keep=len(DAYS)))
class TestEveryScheme:
    def test_the_same_form_has_the_same_bytes(self, name: str) -> None:
        assert form(name) == form.__wrapped__(name)

    def test_word_accepts_the_names_and_numbers_of_its_controls(self, name: str) -> None:
        controls = list(body(name).iter(f"{W}sdt"))
        ids = Counter(each.find(f"{W}sdtPr/{W}id").get(f"{W}val") for each in controls)
        assert max(ids.values()) == 1
        for each in controls:
            assert len(each.find(f"{W}sdtPr/{W}alias").get(f"{W}val")) <= MAX_TAG_LENGTH
            assert len(each.find(f"{W}sdtPr/{W}tag").get(f"{W}val")) <= MAX_TAG_LENGTH

    def test_lists_have_no_two_equal_choices(self, name: str) -> None:
        for offered in body(name).iter(f"{W}dropDownList"):
            texts = [item.get(f"{W}displayText") for item in offered]
            values = [item.get(f"{W}value") for item in offered]
            assert len(set(texts)) == len(texts) > 0
            assert len(set(values)) == len(values)

    def test_headings_go_down_by_one_level_at_a_time(self, name: str) -> None:
        levels = [int(style_of(line)[-1]) for line in body(name).iter(f"{W}p") if style_of(line).startswith("Heading")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))

    def test_every_table_has_a_header_row_that_is_repeated(self, name: str) -> None:
        for table in body(name).iter(f"{W}tbl"):
            assert table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
            assert words(table.find(f"{W}tr")) == "QuestionAnswer"

    def test_no_property_is_longer_than_word_allows(self, name: str) -> None:
        assert max(map(len, read_properties(read_parts(form(name))).values())) <= 255


def test_each_kind_of_fact_has_a_control_of_its_own() -> None:
    assert control("required_by").find(f"{W}sdtPr/{W}date/{W}dateFormat").get(f"{W}val") == "d MMMM yyyy"
    assert control("required_by").find(f"{W}sdtPr/{W}date/{W}lid").get(f"{W}val") == "en-GB"
    yes_no = control("deferral.asked").findall(f"{W}sdtPr/{W}dropDownList/{W}listItem")
    assert [item.get(f"{W}displayText") for item in yes_no] == ["Yes", "No"]
    assert control("estimated_value").find(f"{W}sdtPr/{W}text") is not None
    assert control("executive_summary").find(f"{W}sdtPr/{W}docPartObj") is not None
    assert words(control("estimated_value")) == PROMPTS["money"]


def test_an_empty_box_is_marked_as_showing_a_prompt_and_a_filled_one_is_not() -> None:
    assert control("title").find(f"{W}sdtPr/{W}showingPlcHdr") is not None
    assert control("recommendation:pib-1.body").find(f"{W}sdtPr/{W}showingPlcHdr") is None
    assert words(control("recommendation:pib-1.body")) == "MPS Portfolio & Investment Board"


def test_a_question_says_why_with_its_clause_once_and_then_refers_to_it() -> None:
    reasons = [words(line) for line in body().iter(f"{W}p") if style_of(line) == "FormWhy"]
    full = [reason for reason in reasons if not reason.startswith("Why: as for question ")]
    assert all(reason.startswith("Why: ") and reason.endswith(")") for reason in full)
    assert "Why: as for question 1." in reasons
    assert len(set(full)) == len(full)


def test_a_question_says_what_its_answer_leads_to_and_what_it_hangs_on() -> None:
    helps = [words(line) for line in body().iter(f"{W}p") if style_of(line) == "FormHelp"]
    assert any(text.startswith("If your answer is “Yes”, also answer questions ") for text in helps)
    label = shipped_library().scheme("mopac").rulebook.facts["part_2.exists"].label
    assert any(text.startswith(f"Answer this only if question 2 ({label}) is “Yes”") for text in helps)


def test_a_file_name_that_a_shell_would_split_is_quoted() -> None:
    assert "assent case open 'my paper.docx' --as NAME" in words(body())


def test_part_2_begins_on_a_page_of_its_own_and_only_where_there_is_one() -> None:
    heading = next(line for line in body().iter(f"{W}p") if words(line) == PART_HEADINGS[2])
    assert heading.find(f"{W}pPr/{W}pageBreakBefore") is not None
    assert PART_HEADINGS[2] not in words(body("board"))


def test_a_letterhead_stands_above_the_form_and_is_no_text_of_somebody_else() -> None:
    scheme = shipped_library().scheme("board")
    layout = make_paper_form(make_draft(scheme, Paper({}, {}), DAYS["board"]))
    letterhead = LetterheadView(png(size=(40, 20)), "The logo of the board", 40, 20, ("1 High Street",))
    data = render_paper_form(layout, "digest", letterhead, "paper.docx")
    opened = open_paper_form(data)
    assert opened is not None
    assert not opened.read(name_fields(scheme, opened.marks.addresses)).outside
    assert "1 High Street" in words(etree.fromstring(read_parts(data)[MAIN_DOCUMENT]))


def test_the_numbers_of_questions_are_put_into_words() -> None:
    assert format_numbers([3]) == "question 3"
    assert format_numbers([4, 3]) == "questions 3 to 4"
    assert format_numbers([3, 7, 12, 13, 14, 3]) == "questions 3, 7 and 12 to 14"


def test_choices_that_begin_alike_are_told_apart_by_their_codes() -> None:
    declaration = FactDeclaration(kind="choice", label="Which", choices={"a": "The same", "b": "The same", "c": "Else"})
    assert choice_texts(declaration) == {"The same (a)": "a", "The same (b)": "b", "Else": "c"}


def test_marks_are_kept_whole_in_short_properties() -> None:
    addresses = tuple(f"recommendation:number-{number}.text" for number in range(60))
    marks = FormMarks(
        "mopac", date(2024, 3, 4), "0" * 64, addresses, ("a.b",), (), has_part_2=True, words=("1234abcd",)
    )
    properties = marks.as_properties()
    assert FormMarks.from_properties(properties) == marks
    assert max(map(len, properties.values())) <= 255


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"form": "paper"},
        {"form": "paper", "on": "2024-13-40"},
        {"form": "paper", "on": "2024-03-04", "public-1": "title no address:"},
        {"form": "other"},
    ],
)
def test_properties_of_other_files_are_no_marks(values: dict[str, str]) -> None:
    assert FormMarks.from_properties(values) is None


def test_the_words_of_a_form_are_known_by_digests_alone() -> None:
    marks = marks_of(form())
    assert digest_of("Part 2:  confidential") in marks.words
    assert list(marks.find_new_texts(["Part 2: confidential", "New", "[Write here]"])) == ["New"]


def test_a_prompt_is_found_among_other_words() -> None:
    assert find_prompt("[Choose one] Works") == "[Choose one]"
    assert not find_prompt("Choose one")
