"""What a scheme answers: its actions, documents, days in force, and which facts may be stated."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import InputError, NotInForce
from rules.packs.scheme import Scheme
from rules.packs.workflow_facts import workflow_fact_declarations
from tests.rules.manual_packs import HEAD, manual_bundle, manual_scheme


@pytest.fixture
def scheme() -> Scheme:
    return manual_scheme()


class TestNames:
    def test_an_action_is_found_by_its_name(self, scheme: Scheme) -> None:
        assert scheme.action("submit").to == "advice"

    @pytest.mark.parametrize(
        ("look_up", "message", "advice"),
        [
            (lambda scheme: scheme.action("sumbit"), "'sumbit' is not an action of example", "Did you mean submit?"),
            (lambda scheme: scheme.review_action("relaese"), "'relaese' is not an outcome of a review in example",
             "Did you mean release?"),
            (lambda scheme: scheme.fact_declaration("titel"), "'titel' is not a fact that is known here",
             "Did you mean title?"),
            (lambda scheme: scheme.document_template("decison", 1), "'decison' is not a document of example",
             "Did you mean decision?"),
            (lambda scheme: scheme.document_template("decision", 3), "example has no Part 3 of decision", ""),
        ],
    )  # fmt: skip
    def test_a_name_that_there_is_not_is_refused(self, scheme: Scheme, look_up, message: str, advice: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a lambda
        with pytest.raises(InputError) as refused:
            look_up(scheme)
        assert (str(refused.value), refused.value.advice()) == (message, advice)

    def test_a_fact_like_no_other_is_answered_with_how_to_see_them(self, scheme: Scheme) -> None:
        with pytest.raises(InputError) as refused:
            scheme.fact_declaration("zzzzzzzzzz")
        assert "assent case show CASE" in refused.value.advice()

    def test_both_parts_of_a_document_have_templates_of_their_own(self, scheme: Scheme) -> None:
        names = [scheme.document_template("decision", part).name for part in (1, 2)]
        assert names == ["Decision record", "Confidential part"]


class TestStages:
    def test_the_actions_of_a_stage_are_in_the_order_of_the_scheme(self, scheme: Scheme) -> None:
        assert list(scheme.actions_at("draft")) == ["submit", "withdraw"]
        assert scheme.actions_at("published") == {}

    def test_each_stage_has_its_place(self, scheme: Scheme) -> None:
        stages = list(scheme.declaration.stages)
        assert [scheme.stage_index(stage) for stage in stages] == list(range(len(stages)))
        assert scheme.declaration.last_stages() == {"published", "closed"}

    def test_a_stage_has_the_outcomes_of_its_actions(self, scheme: Scheme) -> None:
        assert scheme.declaration.outcomes_under("advice") == {
            "supported": "Supported by the manager",
            "returned": "Returned",
        }
        assert scheme.declaration.outcomes_under("draft") == {}  # sending a paper on is no outcome


class TestDaysInForce:
    @pytest.mark.parametrize("day", [date(2020, 4, 1), date(9999, 12, 31)])
    def test_a_scheme_without_a_last_day_is_in_force_from_its_first(self, scheme: Scheme, day: date) -> None:
        scheme.refuse_out_of_force(day)

    def test_before_its_first_day_it_is_not_in_force(self, scheme: Scheme) -> None:
        with pytest.raises(NotInForce, match=r"the scheme of example .* first in force on 2020-04-01"):
            scheme.refuse_out_of_force(date(2020, 3, 31))

    def test_it_is_in_force_on_its_last_day_and_not_after(self) -> None:
        ended = manual_bundle((HEAD, "in_force: {from: 2020-04-01}", "in_force: {from: 2020-04-01, to: 2024-03-31}"))
        ended.scheme().refuse_out_of_force(date(2024, 3, 31))
        with pytest.raises(NotInForce, match="last in force on 2024-03-31"):
            ended.scheme().refuse_out_of_force(date(2024, 4, 1))


class TestStatedFacts:
    @pytest.mark.parametrize(
        ("address", "may_be_stated"),
        [
            ("title", True),
            ("exemption:s8.reason", True),
            ("discount", False),  # the scheme gives it
            ("visits.all", False),  # it is derived
            ("exemption:s8.same_section", False),
            ("checked", False),  # an act asks for it
            ("decided_on", False),  # an act dates it
            ("decision.outcome", False),
            ("exemption:s8.review_outcome", False),  # a review records it
            ("exemption:s8.review_on", True),  # a review asks for it anew, and a paper states the first
            ("case.stage", False),
            ("act.on", False),
        ],
    )
    def test_a_paper_states_only_what_nobody_else_does(self, scheme: Scheme, address: str, may_be_stated: bool) -> None:
        assert scheme.may_be_stated(address) is may_be_stated

    def test_acts_record_answers_days_and_the_outcomes_of_their_stages(self, scheme: Scheme) -> None:
        recorded = scheme.declaration.facts_recorded_by_acts()
        assert recorded == scheme.act_recorded_facts
        assert {"checked", "decided_on", "advice.outcome", "advice.role", "exemption.reviewed_on"} <= recorded
        assert recorded.isdisjoint({"draft.outcome", "draft.on", "published.on", "exemption.review_on"})

    def test_the_days_of_acts_are_those_of_stages_and_what_acts_and_reviews_date(self, scheme: Scheme) -> None:
        places = {"advice", "declaration", "certificate", "decision", "publication", "safety_check", "planting_check"}
        assert scheme.act_day_facts == {
            *(f"{place}.on" for place in places), "decided_on", "published_on", "exemption.reviewed_on",
        }  # fmt: skip

    def test_the_workflow_declares_facts_of_each_stage_that_has_an_outcome(self, scheme: Scheme) -> None:
        declared = workflow_fact_declarations(scheme.declaration)
        assert declared["case.stage"].choices == {
            name: stage.label for name, stage in scheme.declaration.stages.items()
        }
        assert declared["decision.role"].choices["chair"] == "Chair of the Parks Committee"
        assert declared["advice.outcome"].choices == {
            "supported": "Supported by the manager",
            "returned": "Returned",
        }
        assert "draft.outcome" not in declared

    @pytest.mark.parametrize(
        ("address", "value", "words"),
        [
            ("exemption:s8.section", "s8", "Section 8, commercial interests"),
            ("discount", 5, "5%"),
            ("decided_on", date(2024, 3, 1), "1 March 2024"),
            ("urgent", False, "no"),
            ("decision.role", "chair", "Chair of the Parks Committee"),
        ],
    )
    def test_a_value_is_formatted_by_the_declaration_of_its_fact(
        self, scheme: Scheme, address: str, value: str | int | bool | date, words: str
    ) -> None:
        assert scheme.format_fact(address, value) == words
