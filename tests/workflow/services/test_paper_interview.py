"""The logic of an interview: what it asks, how answers are read, and where they go."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue
from tests.plain_run import in_turn
from tests.workflow.services.filled_papers import DAYS, choose_answer
from tests.workflow.walk import shipped_library
from workflow.cases.paper import Paper
from workflow.services.paper_interview import Interview, OfferedAnswer
from workflow.services.paper_questions import Question


@pytest.fixture(scope="module")
def mopac() -> Scheme:
    return shipped_library().scheme("mopac")


def begin(scheme: Scheme, public: dict[str, FactValue] | None = None) -> Interview:
    return Interview(scheme, DAYS[scheme.id], Paper(public or {}, {}))


def question_at(interview: Interview, address: str) -> Question:
    return next(question for question in interview.plan.questions if question.address == address)


@pytest.mark.parametrize("name", in_turn(list(DAYS)))
def test_answering_one_question_at_a_time_leaves_nothing_missing_or_wrong(name: str) -> None:
    interview = begin(shipped_library().scheme(name))
    asked = []
    while left := interview.open_questions():
        question = left[0]
        asked.append(question.address)
        value = interview.parse(question, choose_answer(interview.scheme, question.address))
        assert not interview.answer(question, value, is_confidential=False), question.address
    assert len(asked) == len(set(asked))
    assert not interview.plan.needed
    assert not interview.plan.problems


@pytest.mark.parametrize(
    ("address", "typed", "value"),
    [
        ("matter.novel", "Yes", True),
        ("matter.novel", "n", False),
        ("matter.kind", "3", "award"),
        ("matter.kind", "award", "award"),
        ("matter.kind", "grant given or received", "grant"),
        ("required_by", " 2024-06-28 ", date(2024, 6, 28)),
        ("recommendation:pib-1.number", "2", 2),
        ("title", "1", "1"),
    ],
)
def test_answers_are_read_as_people_type_them(mopac: Scheme, address: str, typed: str, value: FactValue) -> None:
    interview = begin(mopac)
    assert interview.parse(question_at(interview, address), typed) == value


@pytest.mark.parametrize(
    ("address", "typed"),
    [("matter.novel", "maybe"), ("matter.kind", "17"), ("matter.kind", "0"), ("matter.kind", "²"), ("title", " ")],
)
def test_answers_that_cannot_be_meant_are_refused(mopac: Scheme, address: str, typed: str) -> None:
    interview = begin(mopac)
    with pytest.raises(InputError):
        interview.parse(question_at(interview, address), typed)


def test_no_error_repeats_what_was_typed_once_there_is_a_part_2(mopac: Scheme) -> None:
    interview = begin(mopac, {"part_2.exists": True})
    with pytest.raises(InputError) as refused:
        interview.parse(question_at(interview, "estimated_value"), "zebra")
    assert "zebra" not in f"{refused.value} {refused.value.advice()}"


def test_confidential_answers_are_kept_in_part_2_and_can_be_moved(mopac: Scheme) -> None:
    interview = begin(mopac, {"part_2.exists": True})
    question = question_at(interview, "estimated_value")
    assert interview.may_be_confidential(question)
    interview.answer(question, interview.parse(question, "£9 ex VAT"), is_confidential=True)
    assert interview.is_exempt("estimated_value")
    assert [answer.part for answer in interview.list_answers() if answer.address == "estimated_value"] == [2]
    interview.answer(question, interview.parse(question, "£9 ex VAT"), is_confidential=False)
    assert not interview.paper.exempt


def test_nobody_is_asked_whether_an_answer_is_confidential_without_a_part_2(mopac: Scheme) -> None:
    interview = begin(mopac)
    assert not any(map(interview.may_be_confidential, interview.plan.questions))
    with_part_2 = begin(mopac, {"part_2.exists": True})
    assert not with_part_2.may_be_confidential(question_at(with_part_2, "title"))


def test_skipped_questions_are_not_asked_again_until_one_goes_back(mopac: Scheme) -> None:
    interview = begin(mopac)
    assert interview.go_back() is None
    first, second = interview.open_questions()[:2]
    interview.skip(first)
    assert interview.open_questions()[0] == second
    assert interview.go_back() == first
    assert interview.open_questions()[0] == first


def test_an_answer_can_be_asked_for_again_and_taken_out(mopac: Scheme) -> None:
    interview = begin(mopac, {"title": "Radios"})
    assert interview.find_question("title").reasons
    assert interview.value_of("title") == "Radios"
    interview.take_out("title")
    assert interview.value_of("title") is None
    assert "title" in {question.address for question in interview.plan.needed}
    assert "title" not in {question.address for question in interview.open_questions()}


def test_what_an_answer_makes_wrong_is_returned_once(mopac: Scheme) -> None:
    stated: dict[str, FactValue] = {"deferral.asked": True, "deferral.reason": "They asked."}
    interview = begin(mopac, stated)
    question = question_at(interview, "deferral.until")
    problems = interview.answer(question, date(2020, 1, 1), is_confidential=False)
    assert problems
    assert not interview.answer(question, date(2020, 1, 1), is_confidential=False)


def test_optional_questions_are_asked_only_if_wanted(mopac: Scheme) -> None:
    interview = begin(mopac)
    assert "required_by" not in {question.address for question in interview.open_questions()}
    interview.with_optional = True
    assert "required_by" in {question.address for question in interview.open_questions()}


def test_what_a_warning_reads_is_asked_without_being_wanted(mopac: Scheme) -> None:
    asked = {question.address: question for question in begin(mopac).open_questions()}
    matters = {f"recommendation:{body}-1.matter" for body in ("pib", "iab", "dmpc")}
    assert {*matters, "notice.planned"} <= asked.keys()
    assert {asked[address].need for address in matters} == {"optional"}


def test_only_what_is_left_for_documents_counts_as_optional(mopac: Scheme) -> None:
    interview = begin(mopac)
    left = interview.count_optional()
    interview.answer(question_at(interview, "required_by"), date(2024, 5, 31), is_confidential=False)
    assert interview.count_optional() == left - 1
    interview.with_optional = True
    assert interview.count_optional() == 0


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("title", ""),
        ("matter.kind", ""),
        ("form.introduction", "DMPC decision form, Part 1"),
        ("report.introduction", "Investment Advisory Board report, Part 1"),
        ("required_by", "DMPC decision form, Part 1, The decision"),
    ],
)
def test_a_question_says_where_a_document_shows_the_answer(mopac: Scheme, address: str, place: str) -> None:
    interview = begin(mopac)
    assert interview.place_of(question_at(interview, address)) == place


def test_labels_say_to_what_an_answer_belongs(mopac: Scheme) -> None:
    interview = begin(mopac)
    assert interview.label_of("title") == "Title"
    assert interview.label_of("recommendation:pib-1.text") == (
        "Recommendation pib-1 (MPS Portfolio & Investment Board): Text"
    )
    interview.answer(question_at(interview, "recommendation:pib-1.verb"), "approve", is_confidential=False)
    assert interview.label_of("recommendation:pib-1.text") == (
        "Recommendation pib-1 (MPS Portfolio & Investment Board): Text"
    )
    assert [answer.label for answer in interview.list_answers()][:2] == [
        "Recommendation pib-1: Which body is asked?",
        "Recommendation pib-1: What the body is asked to do",
    ]


def test_the_usual_answer_is_offered_until_the_question_is_answered(mopac: Scheme) -> None:
    interview = begin(mopac)
    question = question_at(interview, "deferral.asked")
    assert interview.offer_answer(question) == OfferedAnswer(value=False)
    assert interview.offer_answer(question_at(interview, "part_2.exists")) is None
    interview.answer(question, True, is_confidential=False)
    assert interview.offer_answer(question) is None


def test_the_answer_about_the_body_before_is_offered_for_the_next(mopac: Scheme) -> None:
    interview = begin(mopac)
    first, second, third = (f"recommendation:{body}-1.text" for body in ("pib", "iab", "dmpc"))
    assert interview.offer_answer(question_at(interview, first)) is None
    interview.answer(question_at(interview, first), "the radios.", is_confidential=False)
    assert interview.offer_answer(question_at(interview, second)) == OfferedAnswer("the radios.")
    interview.answer(question_at(interview, second), "the other radios.", is_confidential=False)
    assert interview.offer_answer(question_at(interview, third)) == OfferedAnswer("the other radios.")


def test_a_confidential_answer_is_offered_as_a_confidential_one(mopac: Scheme) -> None:
    interview = begin(mopac, {"part_2.exists": True})
    first, second = (question_at(interview, f"recommendation:{body}-1.text") for body in ("pib", "iab"))
    interview.answer(first, "the radios.", is_confidential=True)
    assert interview.offer_answer(second) == OfferedAnswer("the radios.", is_exempt=True)


def test_one_more_exemption_is_asked_what_the_first_one_states(mopac: Scheme) -> None:
    interview = begin(mopac, {"part_2.exists": True, "exemption:s43.section": "s43", "exemption:s43.prejudice": True})
    assert interview.list_addable_kinds()["exemption"] == "Exemption"
    addresses = interview.add_subject("exemption")
    assert addresses == ["exemption:exemption-1.section", "exemption:exemption-1.prejudice"]
    section = interview.find_question(addresses[0])
    assert interview.offer_answer(section) is None
    interview.answer(section, "s40", is_confidential=False)
    assert interview.offer_answer(interview.find_question(addresses[1])) is None
    assert "exemption:exemption-1.limb" in {question.address for question in interview.open_questions()}
    assert interview.add_subject("exemption")[0] == "exemption:exemption-2.section"


def test_the_first_thing_of_a_kind_begins_with_what_kind_of_thing_it_is(mopac: Scheme) -> None:
    assert begin(mopac).add_subject("exemption") == ["exemption:exemption-1.section"]
