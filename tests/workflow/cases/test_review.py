"""What comes of looking again at an exemption: it goes on with a fresh test and a new day, or it ends."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import InputError
from rules.values.facts import FactValue
from tests.workflow.walk import AUTHOR, CASE_ID, request_by, walk_to_stage
from workflow.cases.events import Import
from workflow.errors import NotEntitled, Refusal
from workflow.history.officer_records import find_officer
from workflow.services import commands as at_desk
from workflow.services import queries, verification
from workflow.services.commands import Receipt, ReviewOutcome, Services

GOVERNANCE = "governance-team"
S43 = "exemption:s43"
FRESH = {f"{S43}.public_interest": "withhold", f"{S43}.public_interest_reasons": "Prices are agreed anew."}
NEXT = {f"{S43}.review_on": "2020-03-07"}
ON = "2018-06-01"


@pytest.fixture
def published(desk: Services) -> Services:
    walk_to_stage(desk, "published")
    return desk


def review(desk: Services, outcome: str, public: dict[str, str], exempt: dict[str, str], on: str = ON) -> Receipt:
    return at_desk.record_review(desk, CASE_ID, ReviewOutcome(S43, outcome, public, exempt), request_by(GOVERNANCE, on))


def facts(desk: Services) -> dict[str, FactValue]:
    file = queries.load_case_snapshot(desk, CASE_ID)
    return {**file.case.facts, **file.exempt_part.facts}


class TestExtending:
    """“… in all the circumstances of the case, the public interest in maintaining the exemption outweighs the public
    interest in disclosing the information” (Freedom of Information Act 2000, s.2(2)(b)).
    """

    def test_a_fresh_test_and_a_new_day_are_recorded_each_in_its_part(self, published: Services) -> None:
        made = review(published, "extend", NEXT, FRESH)
        assert (made.event, made.stage) == ("extend", "published")
        file = queries.load_case_snapshot(published, CASE_ID)
        assert file.case.facts[f"{S43}.review_on"] == date(2020, 3, 7)
        assert file.case.facts[f"{S43}.review_outcome"] == "extended"
        assert file.case.facts[f"{S43}.reviewed_on"] == date(2018, 6, 1)
        assert file.exempt_part.facts[f"{S43}.public_interest_reasons"] == "Prices are agreed anew."
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

    def test_it_can_be_done_again_and_again(self, published: Services) -> None:
        review(published, "extend", NEXT, FRESH)
        review(published, "extend", {f"{S43}.release_on": "2018-12-31"}, FRESH, "2018-07-02")
        assert f"{S43}.review_on" not in facts(published)
        verification.verify_ledger(published, with_replay=True)


class TestReleasing:
    def test_a_release_in_part_keeps_the_rest_until_a_new_day(self, published: Services) -> None:
        review(published, "release-in-part", NEXT, {**FRESH, f"{S43}.released": "The prices of 2018."})
        assert facts(published)[f"{S43}.review_outcome"] == "released_in_part"
        verification.verify_ledger(published, with_replay=True)

    def test_a_release_says_of_what(self, published: Services) -> None:
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


class TestWhatCannotBeMeant:
    def test_a_case_that_is_not_decided_is_amended_and_not_reviewed(self, desk: Services) -> None:
        walk_to_stage(desk, "dmpc")
        with pytest.raises(Refusal) as refused:
            review(desk, "extend", NEXT, FRESH)
        assert refused.value.ruling.blocking_controls() == ("review.decided",)
        verification.verify_ledger(desk, with_replay=True)

    def test_only_who_the_scheme_names_may_record_it(self, published: Services) -> None:
        with pytest.raises(NotEntitled, match="Governance officer"):
            at_desk.record_review(published, CASE_ID, ReviewOutcome(S43, "extend", NEXT, FRESH), request_by(AUTHOR, ON))

    def test_an_outcome_that_the_scheme_does_not_name(self, published: Services) -> None:
        with pytest.raises(InputError, match="not an outcome of a review") as error:
            review(published, "extned", NEXT, FRESH)
        assert error.value.advice() == "Did you mean extend?"

    @pytest.mark.parametrize("subject", ["exemption:s44", "recommendation:dmpc-1", "s43", "exemption", ""])
    def test_a_subject_that_is_no_exemption_of_the_case(self, published: Services, subject: str) -> None:
        with pytest.raises(InputError, match="is no exemption of"):
            at_desk.record_review(published, CASE_ID, ReviewOutcome(subject, "extend"), request_by(GOVERNANCE, ON))

    @pytest.mark.parametrize("where", [f"{S43}.limb", "title", "exemption:s44.review_on"])
    def test_a_fact_that_the_outcome_does_not_ask_for(self, published: Services, where: str) -> None:
        words = "2020-03-07" if where.endswith("_on") else "commercial_interests"
        with pytest.raises(InputError, match=f"does not ask for {where}"):
            review(published, "extend", {where: words}, {})

    def test_a_fact_stands_in_one_part(self, published: Services) -> None:
        with pytest.raises(InputError, match="both parts"):
            review(published, "extend", NEXT, NEXT)

    def test_a_day_before_the_last_act(self, published: Services) -> None:
        with pytest.raises(InputError, match="before the last act"):
            review(published, "extend", NEXT, FRESH, "2018-04-16")


class TestAnExemptionThatOnlyPart2Knows:
    KEY = "zebra-quagga"

    def test_nothing_of_its_review_is_said_in_public(self, desk: Services) -> None:
        where = f"exemption:{self.KEY}"
        exempt: dict[str, FactValue] = {f"{where}.section": "s43", "part_2.made_on": date(2018, 3, 7)}
        public: dict[str, FactValue] = {"title": "A case"}
        self._entered(desk, public, exempt)
        said = {f"{where}.{fact.partition('.')[2]}": words for fact, words in {**FRESH, **NEXT}.items()}
        with pytest.raises(Refusal) as refused:
            at_desk.record_review(desk, CASE_ID, ReviewOutcome(where, "extend", {}, {}), request_by(GOVERNANCE, ON))
        assert self.KEY not in f"{refused.value} {refused.value.advice()} {refused.value.ruling.as_receipt()}"
        with pytest.raises(InputError, match="Part 2 only") as error:
            at_desk.record_review(desk, CASE_ID, ReviewOutcome(where, "extend", said, {}), request_by(GOVERNANCE, ON))
        assert self.KEY not in str(error.value)
        at_desk.record_review(desk, CASE_ID, ReviewOutcome(where, "extend", {}, said), request_by(GOVERNANCE, ON))
        case, _ = queries.load_public_case(desk, CASE_ID)
        assert self.KEY not in repr([case, queries.list_case_entries(desk, CASE_ID)])
        verification.verify_ledger(desk, with_replay=True)

    @staticmethod
    def _entered(desk: Services, public: dict[str, FactValue], exempt: dict[str, FactValue]) -> None:
        with desk.store.write_transaction() as record:
            officer = find_officer(record, AUTHOR)
            scheme, moment = desk.library.scheme("mopac"), desk.new_act_context(date(2018, 5, 1))
            command = Import(CASE_ID, public, exempt, {"decided_on": date(2018, 4, 16)}, "published")
            at_desk._CommandContext(desk, record, scheme, officer, moment).execute(None, command)
