"""The layout of a paper as a form: one field for each answer, in the right part, with what it depends on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, split_address
from tests.plain_run import in_turn
from tests.workflow.services.filled_papers import DAYS
from tests.workflow.walk import shipped_library
from workflow.cases.paper import Paper
from workflow.services.paper_branches import Condition
from workflow.services.paper_drafts import PaperDraft, make_draft
from workflow.services.paper_form import PaperForm, make_paper_form, name_fields


@cache
def blank_draft(name: str) -> PaperDraft:
    return make_draft(scheme_of(name), Paper({}, {}), DAYS[name])


@cache
def blank_form(name: str) -> PaperForm:
    return make_paper_form(blank_draft(name))


def scheme_of(name: str) -> Scheme:
    return shipped_library().scheme(name)


def form_of(name: str, public: Mapping[str, FactValue], exempt: Mapping[str, FactValue] | None = None) -> PaperForm:
    return make_paper_form(make_draft(scheme_of(name), Paper(public, exempt or {}), DAYS[name]))


@pytest.mark.parametrize("name", in_turn(list(DAYS)))
class TestEveryScheme:
    def test_every_question_of_the_plan_has_one_field(self, name: str) -> None:
        addresses = [each.address for part in (1, 2) for each in blank_form(name).fields(part)]
        assert len(addresses) == len(set(addresses))
        assert {asked.address for asked in blank_draft(name).plan.questions} <= set(addresses)

    def test_every_answer_that_another_one_leads_to_has_a_field_that_says_so(self, name: str) -> None:
        fields = blank_form(name).numbers
        for parent, follow_ups in blank_draft(name).branches.follow_ups.items():
            for answer, questions in follow_ups:
                for question in questions:
                    condition = fields[question.address].condition
                    assert condition is None or condition.address != parent or answer in condition.answers

    def test_fields_are_numbered_through_and_named_by_their_numbers(self, name: str) -> None:
        form = blank_form(name)
        numbers = [each.number for part in (1, 2) for each in form.fields(part)]
        assert numbers == list(range(1, len(numbers) + 1))
        names = name_fields(form.scheme, list(form.numbers))
        assert len(set(names.values())) == len(names)
        assert all(names[each.address].startswith(f"{each.number}. ") for each in form.numbers.values())

    def test_what_a_control_reads_of_the_case_is_asked_in_part_1(self, name: str) -> None:
        judged = scheme_of(name).rulebook.gate_rules(None).relevant_facts
        case_facts = {split_address(each.address)[0] for each in blank_form(name).fields(2) if ":" not in each.address}
        assert not case_facts & judged

    def test_a_form_without_answers_states_none(self, name: str) -> None:
        form = blank_form(name)
        stated = {each.address: each.value for each in form.numbers.values() if each.value is not None}
        assert stated == form.given


def test_recommendations_to_each_body_are_filled_in_with_the_body() -> None:
    bodies = [value for address, value in blank_form("mopac").given.items() if address.endswith(".body")]
    assert sorted(bodies) == ["dmpc", "iab", "pib"]


def test_there_are_blank_blocks_for_each_kind_of_thing_that_a_paper_states() -> None:
    spare = {block.subject.partition(":")[0] for block in blank_form("mopac").blocks[1] if block.is_spare}
    assert spare == {
        "exemption", "recommendation", "contract", "section", "figure", "link", "milestone", "payment", "gift",
        "request",
    }  # fmt: skip


def test_a_question_that_hangs_on_an_answer_comes_behind_it_with_the_answer() -> None:
    fields = blank_form("mopac").numbers
    assert fields["part_2.made_on"].condition == Condition("part_2.exists", (True,))
    assert fields["part_2.made_on"].number == fields["part_2.exists"].number + 1


def test_what_a_document_may_show_later_says_on_which_answer_it_hangs() -> None:
    fields = blank_form("council").numbers
    assert fields["notice.matter"].condition == Condition("executive.key_decision", (True,))


def test_a_confidential_document_makes_a_second_part() -> None:
    form = blank_form("mopac")
    assert {"confidential.financial", "exemption:exemption-1.rationale"} <= {each.address for each in form.fields(2)}
    assert "exemption:exemption-1.section" in {each.address for each in form.fields(1)}
    assert not blank_form("board").has_part_2


def test_a_paper_that_says_it_has_no_part_2_gets_none() -> None:
    form = form_of("mopac", {"part_2.exists": False})
    assert not form.has_part_2
    assert not form.fields(2)


def test_answers_stand_in_the_part_that_states_them() -> None:
    form = form_of("mopac", {"title": "Radios", "part_2.exists": True}, {"contract_kind": "works"})
    assert form.numbers["contract_kind"].part == 2
    assert form.numbers["contract_kind"].value == "works"
    assert form.numbers["title"].part == 1


@pytest.mark.parametrize("name", ["gla", "lfc", "mopac"])
def test_a_value_in_part_1_stands_under_no_heading_of_a_confidential_document(name: str) -> None:
    value = scheme_of(name).rulebook.facts["estimated_value"].parse("£40,000 ex VAT")
    blocks = form_of(name, {"estimated_value": value}).blocks[1]
    [heading] = [block.heading for block in blocks if "estimated_value" in {each.address for each in block.fields}]
    assert not heading


def test_choices_wait_for_the_answer_on_which_they_depend() -> None:
    field = blank_form("mopac").numbers["exemption:exemption-1.limb"]
    assert field.waits_for == "exemption:exemption-1.section"
    stated: dict[str, FactValue] = {"part_2.exists": True, "exemption:one.section": "s43"}
    limited = form_of("mopac", stated).numbers["exemption:one.limb"]
    assert not limited.waits_for
    assert len(limited.declaration.choices) == 2


def test_a_fact_that_the_scheme_does_not_know_is_named_by_its_address() -> None:
    assert name_fields(scheme_of("gla"), ["title", "old.fact"]) == {"title": "1. Title", "old.fact": "2. old.fact"}
