"""The questions of a paper: what its gates and documents still need, and what each answer leads to."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import NotInForce
from rules.packs.scheme import Scheme
from rules.values.money import parse_money
from tests.workflow.services.filled_papers import DAYS, walked_papers
from tests.workflow.walk import shipped_library
from workflow.cases.paper import Paper
from workflow.services.paper_branches import find_branches
from workflow.services.paper_questions import PaperPlan, plan_paper

ON = DAYS
EMPTY = Paper({}, {})


@pytest.fixture(scope="module")
def mopac() -> Scheme:
    return shipped_library().scheme("mopac")


def plan(scheme: Scheme, public: dict[str, object] | None = None) -> PaperPlan:
    return plan_paper(scheme, Paper(public or {}, {}), ON[scheme.id])  # type: ignore[arg-type]


def needed(scheme: Scheme, public: dict[str, object] | None = None) -> set[str]:
    return {question.address for question in plan(scheme, public).needed}


@pytest.mark.parametrize("name", ON)
def test_an_empty_paper_is_asked_for_its_title_and_value_first(name: str) -> None:
    questions = plan(shipped_library().scheme(name)).needed
    assert {"title", "estimated_value"} <= {question.address for question in questions}


@pytest.mark.parametrize("name", ON)
def test_only_facts_that_a_paper_may_state_are_asked_for(name: str) -> None:
    scheme = shipped_library().scheme(name)
    assert all(scheme.may_be_stated(question.address) for question in plan(scheme).questions)


def test_an_answer_closes_its_question(mopac: Scheme) -> None:
    assert "matter.novel" in needed(mopac)
    assert "matter.novel" not in needed(mopac, {"matter.novel": False})


def test_a_route_that_changes_no_contract_needs_no_value_of_that_contract(mopac: Scheme) -> None:
    assert "modification.original_value" in needed(mopac)
    assert "modification.original_value" not in needed(mopac, {"procurement_route": "quotations"})


def test_a_recommendation_to_each_board_is_added_and_asked_about(mopac: Scheme) -> None:
    made = plan(mopac)
    assert made.added == {
        "recommendation:pib-1": {"recommendation.body": "pib"},
        "recommendation:iab-1": {"recommendation.body": "iab"},
        "recommendation:dmpc-1": {"recommendation.body": "dmpc"},
    }
    asked = {question.address for question in made.needed}
    assert {"recommendation:pib-1.verb", "recommendation:pib-1.text", "recommendation:pib-1.number"} <= asked


def test_an_added_subject_takes_no_name_that_the_paper_uses(mopac: Scheme) -> None:
    made = plan(mopac, {"recommendation:pib-1.body": "iab", "recommendation:pib-1.text": "x."})
    assert set(made.added) == {"recommendation:pib-2", "recommendation:dmpc-1"}


def test_a_part_2_needs_an_exemption_with_its_grounds(mopac: Scheme) -> None:
    made = plan(mopac, {"part_2.exists": True})
    assert "exemption:exemption-1" in made.added
    asked = {question.address for question in made.needed}
    assert {"part_2.marking", "exemption:exemption-1.section", "exemption:exemption-1.rationale"} <= asked


def test_what_an_answer_leads_to_is_known_before_it_is_given(mopac: Scheme) -> None:
    [follow_up] = find_branches(mopac, plan(mopac), ON["mopac"]).follow_ups["deferral.asked"]
    assert follow_up.answer is True
    assert [question.address for question in follow_up.questions] == ["deferral.reason"]


def test_a_question_that_hangs_on_another_answer_says_on_which(mopac: Scheme) -> None:
    conditions = find_branches(mopac, plan(mopac), ON["mopac"]).conditions
    assert conditions["modification.original_value"] == ("procurement_route", ("modification",))
    assert "title" not in conditions


def test_what_acts_lack_at_the_first_stage_is_no_problem_of_the_paper() -> None:
    made = plan(shipped_library().scheme("board"))
    assert {"title", "author", "matter", "summary", "proposal"} <= {question.address for question in made.needed_now}
    assert not made.problems


def test_no_paper_is_planned_for_a_day_before_its_scheme() -> None:
    with pytest.raises(NotInForce, match="2024-04-01"):
        plan_paper(shipped_library().scheme("board"), EMPTY, date(2024, 3, 31))


def test_the_title_and_what_decides_on_documents_come_first(mopac: Scheme) -> None:
    made = plan(mopac, {"estimated_value": parse_money("£40,000 ex VAT")})
    assert [question.address for question in made.questions][:2] == ["title", "part_2.exists"]
    assert made.list_addresses()[:3] == ("title", "part_2.exists", "estimated_value")


def test_there_is_a_part_2_once_something_stands_in_it_or_a_document_of_it_is_made(mopac: Scheme) -> None:
    assert not plan(mopac).has_part_2
    assert plan(mopac, {"part_2.exists": True}).has_part_2
    assert plan_paper(mopac, Paper({}, {"title": "x"}), ON["mopac"]).has_part_2


def test_full_papers_of_walks_have_no_question_left_that_is_needed_now() -> None:
    tried = 0
    for name in ON:
        scheme = shipped_library().scheme(name)
        for walked in walked_papers(name):
            tried += 1
            paper = Paper(walked.full_case.case.facts, walked.full_case.exempt_part.facts)
            left = [question.address for question in plan_paper(scheme, paper, walked.on).needed_now]
            assert not left, (name, walked.walk)
    assert tried > len(ON)


def test_each_question_says_which_control_asks_and_by_which_clause(mopac: Scheme) -> None:
    for question in plan(mopac).needed:
        assert question.reasons
        assert all(reason.requirement and reason.citation.provision for reason in question.reasons)


def test_questions_follow_the_order_of_the_documents(mopac: Scheme) -> None:
    texts = [question.address for question in plan(mopac).questions if question.address.startswith("form.")]
    assert texts[:3] == ["form.introduction", "form.issues", "form.financial"]


def test_a_wrong_answer_is_a_problem_and_not_a_question(mopac: Scheme) -> None:
    public = {
        "deferral.asked": True,
        "deferral.reason": "The supplier asked.",
        "deferral.until": date(2020, 1, 1),
    }
    problems = {finding.control for finding in plan(mopac, public).problems}
    assert problems  # the day is over before the decision
    assert not problems & {finding.control for finding in plan(mopac).problems}


def test_a_fact_that_part_2_states_is_not_asked_for_again(mopac: Scheme) -> None:
    paper = Paper({}, {"estimated_value": parse_money("£40,000 ex VAT")})
    asked = {question.address for question in plan_paper(mopac, paper, ON["mopac"]).questions}
    assert "estimated_value" not in asked


def test_choices_are_those_that_fit_what_is_stated_and_else_wait_for_it(mopac: Scheme) -> None:
    open_plan = plan(mopac, {"part_2.exists": True})
    limb = next(asked for asked in open_plan.questions if asked.address == "exemption:exemption-1.limb")
    assert limb.waits_for == "exemption:exemption-1.section"
    stated = plan(mopac, {"part_2.exists": True, "exemption:one.section": "s43"})
    limb = next(asked for asked in stated.questions if asked.address == "exemption:one.limb")
    assert set(limb.declaration.choices) == {"trade_secret", "commercial_interests"}
    assert not limb.waits_for
