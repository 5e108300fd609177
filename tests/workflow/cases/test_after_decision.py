"""What can still be done once a paper was sent or a case was decided, in the shipped schemes."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import InputError
from tests.workflow.walk import (
    AUTHOR,
    CASE_ID,
    GOVERNANCE_TEAM,
    PIB_CHAIR,
    SEND_BACK_FACTS,
    act_on_case,
    shipped_library,
    walk_to_stage,
)
from workflow.errors import NotEntitled, Refusal
from workflow.services import act_queries, commands, officer_commands, queries, verification
from workflow.services.commands import Request, Services
from workflow.services.ledger_audit import audit_cases

PUBLICATION_FACTS = {
    "decision.significant": "true",
    "publication.spending_listed": "true",
    "publication.spending_reasons": "true",
    "publication.spending_every": "month",
    "publication.contract_copy": "true",
    "tender.invited": "false",
}


def undetermined(services: Services) -> set[str]:
    [case] = audit_cases(services, [CASE_ID], date(2018, 6, 1)).cases
    findings = [found.as_json() for found in case.findings]
    return {finding["control"] for finding in findings if finding["outcome"] == "undetermined"}


def test_facts_that_arise_after_publication_settle_what_an_audit_left_open(services: Services) -> None:
    walk_to_stage(services, "published")
    of_the_paper = {"plan.regard_had"}
    assert undetermined(services) == of_the_paper | {
        "specified.contract_published",
        "specified.decision_published",
        "specified.spending_published",
        "specified.tender_published",
    }
    request = Request(GOVERNANCE_TEAM, date(2018, 6, 1))
    receipt = commands.perform_action(
        services, CASE_ID, commands.TypedAct("record-publication", PUBLICATION_FACTS), request
    )
    assert receipt.stage == "published"
    assert undetermined(services) == of_the_paper
    verification.verify_ledger(services, with_replay=True)


def test_an_act_that_would_record_nothing_is_refused(services: Services) -> None:
    walk_to_stage(services, "published")
    with pytest.raises(InputError, match="record-publication records nothing without an answer") as caught:
        act_on_case(services, "record-publication", GOVERNANCE_TEAM, "2018-06-01")
    assert "publication.contract_copy" in caught.value.advice()


def test_a_decision_names_the_one_that_replaces_it(services: Services) -> None:
    walk_to_stage(services, "published")
    with pytest.raises(Refusal) as caught:
        act_on_case(services, "record-replacement", GOVERNANCE_TEAM, "2018-06-01")
    assert caught.value.ruling.blocking_controls() == ("replacement.named",)
    act_on_case(services, "record-replacement", GOVERNANCE_TEAM, "2018-06-01", superseded_by="PCD 400")
    facts = queries.load_public_case(services, CASE_ID)[0].facts
    assert (facts["superseded_by"], facts["superseded_on"]) == ("PCD 400", date(2018, 6, 1))


class TestRecall:
    def test_the_sender_takes_a_paper_back_until_somebody_acts(self, services: Services) -> None:
        walk_to_stage(services, "pib")
        receipt = act_on_case(services, "recall", AUTHOR, "2018-03-08")
        assert receipt.stage == "draft"
        assert queries.load_public_case(services, CASE_ID)[0].facts["pib.outcome"] == "recalled"
        act_on_case(services, "submit", AUTHOR, "2018-03-09")
        act_on_case(services, "pib-defer", PIB_CHAIR, "2018-03-14", send_back__reason="The agenda was full.")
        with pytest.raises(Refusal) as caught:
            act_on_case(services, "recall", AUTHOR, "2018-03-15")
        assert caught.value.ruling.blocking_controls() == ("recall.by_sender",)
        verification.verify_ledger(services, with_replay=True)

    def test_another_author_does_not_take_it_back(self, services: Services) -> None:
        officer_commands.add_officer(
            services,
            "Other Author",
            officer_commands.RoleAppointment("mopac", ("author",)),
            Request("", date(2018, 3, 1)),
        )
        walk_to_stage(services, "pib")
        with pytest.raises(Refusal) as caught:
            act_on_case(services, "recall", "other-author", "2018-03-08")
        assert caught.value.ruling.blocking_controls() == ("recall.by_sender",)
        for officer, may_recall in (("other-author", False), (None, True)):
            actions = act_queries.list_next_actions(services, CASE_ID, None, officer).actions
            assert {step.action: step.assessment.is_open for step in actions}["recall"] is may_recall


@pytest.mark.parametrize("stage", ["pib", "iab", "declaration", "chief_executive", "dmpc"])
def test_the_author_withdraws_a_paper_at_any_stage_before_the_decision(services: Services, stage: str) -> None:
    walk_to_stage(services, stage)
    before = queries.load_public_case(services, CASE_ID)[0].facts
    request = Request(AUTHOR, date(2018, 5, 1))
    assert (
        commands.perform_action(services, CASE_ID, commands.TypedAct("withdraw", SEND_BACK_FACTS), request).stage
        == "closed"
    )
    after = queries.load_public_case(services, CASE_ID)[0].facts
    assert before.items() <= after.items()
    verification.verify_ledger(services, with_replay=True)


def test_only_an_author_withdraws_a_paper(services: Services) -> None:
    walk_to_stage(services, "dmpc")
    with pytest.raises(NotEntitled):
        commands.perform_action(
            services, CASE_ID, commands.TypedAct("withdraw", SEND_BACK_FACTS), Request(PIB_CHAIR, date(2018, 5, 1))
        )


def test_what_was_decided_is_not_withdrawn(services: Services) -> None:
    walk_to_stage(services, "publication")
    with pytest.raises(Refusal):
        commands.perform_action(
            services, CASE_ID, commands.TypedAct("withdraw", SEND_BACK_FACTS), Request(AUTHOR, date(2018, 5, 1))
        )


@pytest.mark.parametrize("scheme", ["gla", "lfc", "mopac"])
def test_every_scheme_allows_withdrawal_at_each_stage_before_the_decision(scheme: str) -> None:
    declaration = shipped_library().scheme(scheme).declaration
    stages = list(declaration.stages)
    assert list(declaration.actions["withdraw"].stages) == stages[: stages.index("publication")]
    assert declaration.actions["recall"].stages == (stages[1],)


def test_a_fact_of_the_paper_that_comes_too_late_says_which_acts_can_still_lead_to_it(services: Services) -> None:
    walk_to_stage(services, "dmpc")
    with pytest.raises(InputError, match="does not ask for 'title'") as caught:
        act_on_case(services, "approve", "deputy-mayor", "2018-04-16", title="New")
    assert caught.value.advice() == (
        "It belongs to the paper, which cannot be amended at this stage. Return the case first, with dmpc-return, and "
        "then: assent case amend CASE --set title=…"
    )
    with pytest.raises(InputError) as caught:
        act_on_case(services, "certify", "r-lawrence", "2018-04-16", decision__reference="PCD 1")
    assert caught.value.advice() == "It is stated with approve or reject."


def test_a_fact_of_the_paper_of_a_decided_case_is_corrected(services: Services) -> None:
    walk_to_stage(services, "published")
    with pytest.raises(InputError) as caught:
        act_on_case(services, "record-publication", GOVERNANCE_TEAM, "2018-06-01", title="New")
    assert "assent case correct CASE --set title=… --reason '…'" in caught.value.advice()
