"""Reviews of an exemption: it is extended with a fresh test and a new day, or released."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import InputError
from rules.values.facts import FactValue
from tests.workflow.walk import AUTHOR, CASE_ID, request_by, walk_to_stage
from workflow.cases.events import Import
from workflow.errors import NotEntitled, Refusal
from workflow.history.officer_records import find_officer
from workflow.history.scheme_version import CaseScheme
from workflow.services import commands, queries, verification
from workflow.services.command_context import CommandContext, Receipt
from workflow.services.commands import ReviewOutcome, Services
from workflow.services.publication_gate import PublicationGate

GOVERNANCE = "governance-team"
S43 = "exemption:s43"
FRESH = {f"{S43}.public_interest": "withhold", f"{S43}.public_interest_reasons": "Prices are agreed anew."}
NEXT = {f"{S43}.review_on": "2020-03-07"}
ON = "2018-06-01"


@pytest.fixture
def published(services: Services) -> Services:
    walk_to_stage(services, "published")
    return services


def review(services: Services, outcome: str, public: dict[str, str], exempt: dict[str, str], on: str = ON) -> Receipt:
    return commands.record_review(
        services, CASE_ID, ReviewOutcome(S43, outcome, public, exempt), request_by(GOVERNANCE, on)
    )


def facts(services: Services) -> dict[str, FactValue]:
    snapshot = queries.load_case_snapshot(services, CASE_ID)
    return {**snapshot.case.facts, **snapshot.exempt_part.facts}


class TestExtending:
    """“… in all the circumstances of the case, the public interest in maintaining the exemption outweighs the public
    interest in disclosing the information” (Freedom of Information Act 2000, s.2(2)(b)).
    """

    def test_a_fresh_test_and_a_new_day_are_recorded_each_in_its_part(self, published: Services) -> None:
        receipt = review(published, "extend", NEXT, FRESH)
        assert (receipt.event, receipt.stage) == ("extend", "published")
        snapshot = queries.load_case_snapshot(published, CASE_ID)
        assert snapshot.case.facts[f"{S43}.review_on"] == date(2020, 3, 7)
        assert snapshot.case.facts[f"{S43}.review_outcome"] == "extended"
        assert snapshot.case.facts[f"{S43}.reviewed_on"] == date(2018, 6, 1)
        assert snapshot.exempt_part.facts[f"{S43}.public_interest_reasons"] == "Prices are agreed anew."
        verification.verify_ledger(published, with_replay=True)

    def test_the_test_of_the_paper_does_not_count_as_a_fresh_one(self, published: Services) -> None:
        with pytest.raises(Refusal) as refused:
            review(published, "extend", NEXT, {})
        assert refused.value.ruling.blocking_controls() == ("review.tested_afresh",)
        assert facts(published)[f"{S43}.public_interest"] == "withhold"
        verification.verify_ledger(published, with_replay=True)

    def test_the_day_of_the_paper_does_not_count_as_a_new_one(self, published: Services) -> None:
        with pytest.raises(Refusal) as refused:
            review(published, "extend", {}, FRESH)
        assert refused.value.ruling.blocking_controls() == ("review.new_day_set",)

    def test_an_exemption_can_be_extended_again(self, published: Services) -> None:
        review(published, "extend", NEXT, FRESH)
        review(published, "extend", {f"{S43}.release_on": "2018-12-31"}, FRESH, "2018-07-02")
        assert f"{S43}.review_on" not in facts(published)
        verification.verify_ledger(published, with_replay=True)


class TestReleasing:
    def test_a_release_in_part_keeps_the_rest_until_a_new_day(self, published: Services) -> None:
        review(published, "release-in-part", NEXT, {**FRESH, f"{S43}.released": "The prices of 2018."})
        assert facts(published)[f"{S43}.review_outcome"] == "released_in_part"
        verification.verify_ledger(published, with_replay=True)

    def test_a_release_must_say_what_is_released(self, published: Services) -> None:
        with pytest.raises(Refusal) as refused:
            review(published, "release-in-full", {}, {})
        assert refused.value.ruling.blocking_controls() == ("review.release_described",)

    def test_a_release_moves_nothing_out_of_part_2(self, published: Services) -> None:
        before = queries.load_case_snapshot(published, CASE_ID)
        review(published, "release-in-full", {}, {f"{S43}.released": "All of it."})
        after = queries.load_case_snapshot(published, CASE_ID)
        assert before.exempt_part.facts.items() <= after.exempt_part.facts.items()
        assert "All of it." not in after.case.facts.values()

    @pytest.mark.parametrize("outcome", ["extend", "release-in-part", "release-in-full"])
    def test_after_a_release_in_full_nothing_is_left_to_review(self, published: Services, outcome: str) -> None:
        review(published, "release-in-full", {f"{S43}.released": "All of it."}, {})
        with pytest.raises(InputError, match="nothing is left to review"):
            review(published, outcome, {}, {})
        verification.verify_ledger(published, with_replay=True)


class TestInvalidReviews:
    def test_an_undecided_case_cannot_be_reviewed(self, services: Services) -> None:
        walk_to_stage(services, "dmpc")
        with pytest.raises(Refusal) as refused:
            review(services, "extend", NEXT, FRESH)
        assert refused.value.ruling.blocking_controls() == ("review.decided",)
        verification.verify_ledger(services, with_replay=True)

    def test_only_an_officer_whom_the_scheme_names_may_record_one(self, published: Services) -> None:
        with pytest.raises(NotEntitled, match="Governance officer"):
            commands.record_review(
                published, CASE_ID, ReviewOutcome(S43, "extend", NEXT, FRESH), request_by(AUTHOR, ON)
            )

    def test_an_unknown_outcome_gets_a_suggestion(self, published: Services) -> None:
        with pytest.raises(InputError, match="not an outcome of a review") as error:
            review(published, "extned", NEXT, FRESH)
        assert error.value.advice() == "Did you mean extend?"

    @pytest.mark.parametrize("subject", ["exemption:s44", "recommendation:dmpc-1", "s43", "exemption", ""])
    def test_a_subject_that_is_not_an_exemption_of_the_case_is_refused(self, published: Services, subject: str) -> None:
        with pytest.raises(InputError, match="is no exemption of"):
            commands.record_review(published, CASE_ID, ReviewOutcome(subject, "extend"), request_by(GOVERNANCE, ON))

    @pytest.mark.parametrize("address", [f"{S43}.limb", "title", "exemption:s44.review_on"])
    def test_a_fact_that_the_outcome_does_not_ask_for_is_refused(self, published: Services, address: str) -> None:
        value = "2020-03-07" if address.endswith("_on") else "commercial_interests"
        with pytest.raises(InputError, match=f"does not ask for {address}"):
            review(published, "extend", {address: value}, {})

    def test_a_fact_cannot_be_stated_in_both_parts(self, published: Services) -> None:
        with pytest.raises(InputError, match="both parts"):
            review(published, "extend", NEXT, NEXT)

    def test_a_day_before_the_last_act_is_refused(self, published: Services) -> None:
        with pytest.raises(InputError, match="before the last act"):
            review(published, "extend", NEXT, FRESH, "2018-04-16")


class TestAnExemptionThatOnlyPart2Names:
    KEY = "zebra-quagga"

    def test_its_review_leaves_no_trace_in_public(self, services: Services) -> None:
        subject = f"exemption:{self.KEY}"
        exempt: dict[str, FactValue] = {f"{subject}.section": "s43", "part_2.made_on": date(2018, 3, 7)}
        public: dict[str, FactValue] = {"title": "A case"}
        self._import(services, public, exempt)
        typed = {f"{subject}.{fact.partition('.')[2]}": value for fact, value in {**FRESH, **NEXT}.items()}
        with pytest.raises(Refusal) as refused:
            commands.record_review(
                services, CASE_ID, ReviewOutcome(subject, "extend", {}, {}), request_by(GOVERNANCE, ON)
            )
        assert self.KEY not in f"{refused.value} {refused.value.advice()} {refused.value.ruling.as_receipt()}"
        with pytest.raises(InputError, match="only Part 2 names") as error:
            commands.record_review(
                services, CASE_ID, ReviewOutcome(subject, "extend", typed, {}), request_by(GOVERNANCE, ON)
            )
        assert self.KEY not in str(error.value)
        commands.record_review(
            services, CASE_ID, ReviewOutcome(subject, "extend", {}, typed), request_by(GOVERNANCE, ON)
        )
        case, _ = queries.load_public_case(services, CASE_ID)
        assert self.KEY not in repr([case, queries.list_case_entries(services, CASE_ID)])
        verification.verify_ledger(services, with_replay=True)

    @staticmethod
    def _import(services: Services, public: dict[str, FactValue], exempt: dict[str, FactValue]) -> None:
        with services.store.write_transaction() as transaction:
            officer = find_officer(transaction, AUTHOR)
            scheme, act_context = services.library.scheme("mopac"), services.new_act_context(date(2018, 5, 1))
            command = Import(CASE_ID, public, exempt, {"decided_on": date(2018, 4, 16)}, "published")
            act_context = services.count_lateness(act_context, scheme)
            case_scheme = CaseScheme(scheme, services.library.bundle("mopac"))
            gate = PublicationGate(services.check_publication)
            CommandContext(case_scheme, officer, act_context, gate).judge(None, command).record(transaction)
