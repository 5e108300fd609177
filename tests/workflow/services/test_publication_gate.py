"""Nothing is recorded that gives away Part 2 in Part 1, whichever command would record it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import yaml

from rules.errors import InputError
from tests.workflow.services.test_commands import last_entry, whole_record
from tests.workflow.walk import (
    APPROVAL_FACTS,
    AUTHOR,
    CASE_ID,
    DMPC,
    GOVERNANCE_TEAM,
    HEAD_OF_UNIT,
    PIB_CHAIR,
    SEND_BACK_FACTS,
    act_on_case,
    paper_bytes,
    request_by,
    walk_to_stage,
)
from workflow.cases.publication import ConfirmedWords, PublicationFindings
from workflow.errors import PublicationRefused, Refusal
from workflow.services import act_queries, commands, queries, verification
from workflow.services.command_context import Receipt
from workflow.services.commands import Correction, ReviewOutcome, Revision, Services, TypedAct
from workflow.services.dry_run import try_action
from workflow.services.ledger_audit import audit_cases

SUM, WORDS = "£2,450,000", "The extension costs £2.45m in all."
PLAIN_WORDS = r"£2\.45m"
ROUNDED = ConfirmedWords(("£2.45m",), "Budget book 2018, page 12")
MESSAGE = "Part 1, Executive summary, says “£2.45m”, which is confidential in Part 2 as the estimated value"


def amend(services: Services, **facts: str) -> Receipt:
    revision = Revision({name.replace("__", "."): value for name, value in facts.items()}, {})
    return commands.amend_paper(services, CASE_ID, revision, request_by(AUTHOR, "2018-03-07"))


def submit(services: Services, confirmed: ConfirmedWords = ROUNDED) -> Receipt:
    request = replace(request_by(AUTHOR, "2018-03-07"), confirmed=confirmed)
    return commands.perform_action(services, CASE_ID, TypedAct("submit", {}), request)


@pytest.fixture
def draft(services: Services) -> Services:
    """A case that could be submitted but for its summary, which says what Part 2 withholds."""
    walk_to_stage(services, "draft")
    amend(services, executive_summary=WORDS)
    return services


def test_what_can_be_done_next_says_that_part_1_gives_something_away(draft: Services) -> None:
    submit, *_ = act_queries.list_next_actions(draft, CASE_ID, date(2018, 3, 7)).actions
    assert [found.words for found in submit.gives_away] == ["£2.45m"]
    shown = submit.as_json()
    assert (shown["open"], shown["gives_away_part_2"]) == (False, True)
    assert "2.45" not in str(shown)


class TestDrafts:
    def test_a_draft_is_only_warned_of(self, services: Services) -> None:
        walk_to_stage(services, "draft")
        receipt = amend(services, executive_summary=WORDS)
        assert MESSAGE in [found.describe() for found in receipt.warnings]

    def test_it_cannot_be_submitted_and_nothing_is_recorded(self, draft: Services) -> None:
        before = whole_record(draft)
        with pytest.raises(PublicationRefused) as refused:
            act_on_case(draft, "submit", AUTHOR, "2018-03-07")
        assert MESSAGE in str(refused.value)
        assert refused.value.exit_code == 3
        assert whole_record(draft) == before

    def test_a_dry_run_is_refused_alike(self, draft: Services) -> None:
        with pytest.raises(PublicationRefused, match=PLAIN_WORDS):
            try_action(draft, CASE_ID, TypedAct("submit"), request_by(AUTHOR, "2018-03-07"))

    def test_it_can_be_submitted_once_the_words_are_taken_out(self, draft: Services) -> None:
        amend(draft, executive_summary="The sums stand in Part 2.")
        assert act_on_case(draft, "submit", AUTHOR, "2018-03-07").stage == "pib"


class TestLaterActs:
    @pytest.mark.parametrize(
        ("stage", "act"),
        [
            ("pib", lambda services: act_on_case(
                services, "pib-return", PIB_CHAIR, "2018-03-14", send_back__reason=f"Why {SUM}?")),
            ("declaration", lambda services: act_on_case(
                services, "declaration-return", HEAD_OF_UNIT, "2018-04-09", send_back__reason=f"Why {SUM}?")),
            ("dmpc", lambda services: commands.perform_action(
                services, CASE_ID, TypedAct("approve", {**APPROVAL_FACTS, "decision.late_reason": f"For {SUM}."}),
                request_by(DMPC, "2018-04-16"))),
            ("published", lambda services: commands.correct_case(
                services, CASE_ID, Correction({"title": f"For {SUM}"}, {}, "A slip."),
                request_by(GOVERNANCE_TEAM, "2018-05-01"))),
            ("published", lambda services: commands.correct_case(
                services, CASE_ID, Correction({"title": "Devices"}, {}, f"It cost {SUM}."),
                request_by(GOVERNANCE_TEAM, "2018-05-01"))),
        ],
    )  # fmt: skip
    def test_what_an_act_states_is_searched(
        self, services: Services, stage: str, act: Callable[[Services], object]
    ) -> None:
        walk_to_stage(services, stage)
        before = whole_record(services)
        with pytest.raises(PublicationRefused, match=SUM):
            act(services)
        assert whole_record(services) == before

    def test_words_of_a_review_are_searched(self, services: Services) -> None:
        walk_to_stage(services, "published")
        outcome = ReviewOutcome("exemption:s43", "release-in-full", {"exemption:s43.released": f"It was {SUM}."})
        before = whole_record(services)
        with pytest.raises(PublicationRefused, match=SUM):
            commands.record_review(services, CASE_ID, outcome, request_by(GOVERNANCE_TEAM, "2018-06-01"))
        assert whole_record(services) == before

    def test_a_refusal_by_a_rule_does_not_record_such_words_either(self, services: Services) -> None:
        walk_to_stage(services, "dmpc")
        facts = {"decision.late_reason": f"Because of {SUM}.", "interests.considered": "false"}
        before = whole_record(services)
        with pytest.raises(PublicationRefused, match=SUM):
            commands.perform_action(services, CASE_ID, TypedAct("approve", facts), request_by(DMPC, "2018-04-16"))
        assert whole_record(services) == before
        with pytest.raises(Refusal):
            commands.perform_action(
                services,
                CASE_ID,
                TypedAct("approve", {"interests.considered": "false"}),
                request_by(DMPC, "2018-04-16"),
            )
        assert last_entry(services).kind == "refused"

    def test_what_comes_into_part_2_later_is_searched_for_in_part_1(self, services: Services) -> None:
        walk_to_stage(services, "published")
        words = "one third of the workforce will still be tied to a desktop"
        correction = Correction({}, {"confidential.business_case": f"We know that {words}."}, "A slip.")
        with pytest.raises(PublicationRefused, match=words):
            commands.correct_case(services, CASE_ID, correction, request_by(GOVERNANCE_TEAM, "2018-05-01"))

    def test_a_return_to_draft_is_not_held_up_by_the_paper(self, draft: Services) -> None:
        unchecked = replace(draft, check_publication=lambda _case, _scheme: PublicationFindings())
        act_on_case(unchecked, "submit", AUTHOR, "2018-03-07")
        with pytest.raises(PublicationRefused, match=PLAIN_WORDS):
            act_on_case(draft, "pib-support", PIB_CHAIR, "2018-03-14")
        assert act_on_case(draft, "pib-return", PIB_CHAIR, "2018-03-14", **SEND_BACK_FACTS).stage == "draft"

    def test_an_imported_case_is_searched(self, services: Services) -> None:
        paper = yaml.safe_load(paper_bytes())
        paper["public"]["executive_summary"] = WORDS
        content = yaml.safe_dump(
            {"scheme": "mopac", "stage": "published", **paper, "recorded": {"decided_on": date(2018, 4, 16)}}
        ).encode()
        before = whole_record(services)
        with pytest.raises(PublicationRefused, match=PLAIN_WORDS):
            commands.open_case_from_paper(services, "", content, "p.yaml", request_by(AUTHOR, "2018-05-01"))
        assert whole_record(services) == before


class TestConfirmedWords:
    def test_they_pass_this_act_and_every_later_one(self, draft: Services) -> None:
        assert submit(draft).stage == "pib"
        assert act_on_case(draft, "pib-support", PIB_CHAIR, "2018-03-14").stage == "iab"
        verification.verify_ledger(draft, with_replay=True)

    def test_the_ledger_keeps_them_with_part_2_and_nowhere_else(self, draft: Services) -> None:
        submit(draft)
        entry = last_entry(draft)
        assert not any(words in entry.body for words in ("2.45", "Budget book", "already_public"))
        assert "Budget book" not in entry.ruling
        assert "Budget book" not in repr(queries.list_case_history(draft, CASE_ID))
        *_, submitted = queries.list_case_history(draft, CASE_ID, with_part_2=True)
        (known,) = submitted.as_json()["already_public"]
        assert (known["words"], known["reason"]) == ("£2.45m", "Budget book 2018, page 12")
        assert {"estimated_value", "modification.increase"} <= set(known["exempt"])

    def test_the_audit_says_that_there_are_some_and_does_not_repeat_them(self, draft: Services) -> None:
        submit(draft)
        (case,) = audit_cases(draft, [CASE_ID]).cases
        (warning,) = [text for text in case.warnings if "confirmed as public" in text]
        assert warning.startswith("submit of 2018-03-07: 1 wording of Part 1")
        assert "2.45" not in warning

    def test_other_words_for_the_same_sum_are_still_refused(self, draft: Services) -> None:
        amend(draft, executive_summary=f"{WORDS} Or £2,940,000 with VAT.")
        with pytest.raises(PublicationRefused, match="£2,940,000") as refused:
            submit(draft)
        assert "£2.45m" not in str(refused.value)

    @pytest.mark.parametrize("words", ["in all", "", " "])
    def test_words_in_which_nothing_was_found_cannot_be_confirmed(self, draft: Services, words: str) -> None:
        with pytest.raises(InputError, match="nothing of Part 2 was found"):
            submit(draft, ConfirmedWords((words,), "It is plain."))

    @pytest.mark.parametrize("confirmed", ["£2.45m", "£2.45M"])
    def test_words_that_differ_in_capitals_alone_are_confirmed_together(self, draft: Services, confirmed: str) -> None:
        amend(draft, form__introduction="It is £2.45M, as the summary says.")
        assert submit(draft, ConfirmedWords((confirmed,), "Budget book 2018.")).stage == "pib"
        assert act_on_case(draft, "pib-support", PIB_CHAIR, "2018-03-14").stage == "iab"

    def test_a_rule_that_refuses_the_act_is_named_though_its_words_are_confirmed(self, services: Services) -> None:
        walk_to_stage(services, "dmpc")
        facts = {"decision.late_reason": f"Because of {SUM}.", "interests.considered": "false"}
        request = replace(request_by(DMPC, "2018-04-16"), confirmed=ConfirmedWords((SUM,), "Budget book 2018."))
        with pytest.raises(Refusal):
            commands.perform_action(services, CASE_ID, TypedAct("approve", facts), request)
        assert last_entry(services).kind == "refused"


def test_services_cannot_be_made_without_the_check(services: Services) -> None:
    with pytest.raises(TypeError):
        Services(services.store, services.library, services.clock)  # type: ignore[call-arg]


def test_what_no_document_can_print_is_refused_before_it_is_recorded(services: Services) -> None:
    walk_to_stage(services, "draft")
    amend(services, **{"recommendation:pib-1a.letter": "abcdefghijklmnop"})
    with pytest.raises(PublicationRefused, match="cannot be made"):
        act_on_case(services, "submit", AUTHOR, "2018-03-07")
