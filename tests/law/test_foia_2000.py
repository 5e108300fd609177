"""The Freedom of Information Act 2000, as far as the shipped pack holds it, through the shipped scheme."""

from datetime import date
from typing import Any

import pytest

from rules.finding import Finding
from tests.law.conftest import Judged


def claim(without: str = "", **facts: date | str) -> dict[str, Any]:
    """A Part 2 with one claim of section 43 that states everything, but for one fact left out and others changed."""
    stated: dict[str, date | str] = {
        "section": "s43",
        "limb": "commercial_interests",
        "prejudice": "would_be_likely",
        "whose_interest": "The suppliers",
        "rationale": "The prices would tell bidders what is expected.",
        "public_interest": "withhold",
        "public_interest_reasons": "The next competition would be weakened.",
        "review_on": date(2023, 3, 7),
        **facts,
    }
    stated.pop(without, None)
    return {
        "part_2.exists": True,
        "part_2.made_on": date(2018, 3, 7),
        "decided_on": date(2018, 4, 16),
        "exemption": {"s43": stated},
    }


def changed_day(fact: str, day: date) -> dict[str, Any]:
    return claim(release_on=day) if fact == "release_on" else claim(review_on=day)


def told(finding: Finding) -> list[tuple[str, str, str | None]]:
    return [(seen.fact, seen.expected, seen.actual) for seen in finding.facts]


class TestSection2Part2AndItsExemptions:
    """Section 2(2): the duty to disclose falls away where, or so far as, information is exempt under Part II."""

    def test_a_part_2_without_an_exemption_is_stopped(self, judged: Judged) -> None:
        finding = judged({"part_2.exists": True})["foia.part_2_grounded"]
        assert finding.outcome == "breached"
        assert told(finding) == [("part_2.exemptions", "is at least 1", "0")]
        assert finding.citation.link == "https://www.legislation.gov.uk/ukpga/2000/36/section/2"

    def test_one_exemption_is_enough(self, judged: Judged) -> None:
        assert judged(claim())["foia.part_2_grounded"].outcome == "satisfied"

    def test_without_a_part_2_no_exemption_is_asked_for(self, judged: Judged) -> None:
        assert judged({"part_2.exists": False})["foia.part_2_grounded"].outcome == "not_applicable"

    def test_an_exemption_without_a_part_2_is_a_contradiction(self, judged: Judged) -> None:
        found = judged({**claim(), "part_2.exists": False})
        assert found["foia.part_2_said"].outcome == "breached"
        assert found["foia.part_2_said"].cure == "State part_2.exists as true, or take the exemptions out."

    @pytest.mark.parametrize(
        ("withholds", "exists", "outcome"),
        [
            (True, True, "satisfied"),
            (True, False, "breached"),
            (True, None, "undetermined"),
            (False, False, "not_applicable"),
        ],
    )
    def test_facts_are_held_back_only_in_a_part_2_that_the_paper_owns_to(
        self, judged: Judged, withholds: bool, exists: bool | None, outcome: str
    ) -> None:
        facts = {"case.withholds": withholds, **({} if exists is None else {"part_2.exists": exists})}
        finding = judged(facts)["foia.withheld_in_part_2"]
        assert finding.outcome == outcome
        assert finding.blocks is (outcome in ("breached", "undetermined"))


class TestSection2PublicInterestTest:
    """Section 2(2)(b): a qualified exemption holds only where, in all the circumstances of the case, the public
    interest in maintaining it outweighs the public interest in disclosure.
    """

    CONTROL = "foia.public_interest_test"

    @pytest.mark.parametrize("limb", ["trade_secret", "commercial_interests"])
    def test_both_limbs_of_section_43_are_qualified_and_need_it(self, judged: Judged, limb: str) -> None:
        facts = claim(without="public_interest", limb=limb)
        assert judged(facts)[self.CONTROL].outcome == "breached"
        assert judged(claim(limb=limb))[self.CONTROL].outcome == "satisfied"

    def test_the_outcome_must_favour_withholding(self, judged: Judged) -> None:
        finding = judged(claim(public_interest="disclose"))[self.CONTROL]
        assert finding.outcome == "breached"
        assert told(finding) == [
            (
                "exemption.public_interest",
                "is The public interest in withholding outweighs that in disclosure",
                "The public interest in disclosure is at least as strong",
            )
        ]

    def test_an_outcome_without_reasons_is_no_test(self, judged: Judged) -> None:
        finding = judged(claim(without="public_interest_reasons"))[self.CONTROL]
        assert told(finding) == [("exemption.public_interest_reasons", "is known", None)]

    def test_a_breach_names_its_subject_clause_and_cure_and_shuts_the_gate(self, judged: Judged) -> None:
        finding = judged(claim(without="public_interest"))[self.CONTROL]
        assert finding.subject == "exemption:s43"
        assert str(finding.citation) == "Freedom of Information Act 2000 (c. 36), s.2(2)(b)"
        assert "exemption:s43.public_interest" in finding.cure
        assert finding.blocks


class TestSection17WhatARefusalStates:
    """Section 17(1): a refusal states that fact, specifies the exemption, and says why it applies."""

    def test_an_exemption_without_its_section_is_stopped(self, judged: Judged) -> None:
        assert judged(claim(without="section"))["foia.section_named"].outcome == "breached"
        assert judged(claim())["foia.section_named"].outcome == "satisfied"

    def test_without_the_section_its_nature_cannot_be_told_and_the_missing_fact_is_named(self, judged: Judged) -> None:
        finding = judged(claim(without="section"))["foia.public_interest_test"]
        assert finding.outcome == "undetermined"
        assert finding.missing == ("exemption.section",)

    def test_an_exemption_without_its_rationale_is_stopped(self, judged: Judged) -> None:
        assert judged(claim(without="rationale"))["foia.rationale_stated"].outcome == "breached"
        assert judged(claim())["foia.rationale_stated"].outcome == "satisfied"


class TestSection43Limbs:
    """Section 43(1) protects trade secrets as a class; section 43(2) information whose disclosure would, or would be
    likely to, prejudice the commercial interests of any person, the public authority included.
    """

    def test_the_limb_is_stated(self, judged: Judged) -> None:
        assert judged(claim(without="limb"))["foia.limb_stated"].outcome == "breached"
        assert judged(claim())["foia.limb_stated"].outcome == "satisfied"

    @pytest.mark.parametrize("missing", ["prejudice", "whose_interest"])
    def test_commercial_prejudice_has_a_likelihood_and_somebody_who_suffers_it(
        self, judged: Judged, missing: str
    ) -> None:
        finding = judged(claim(without=missing))["foia.prejudice_stated"]
        assert told(finding) == [(f"exemption.{missing}", "is known", None)]

    @pytest.mark.parametrize("level", ["would", "would_be_likely"])
    def test_either_likelihood_is_enough(self, judged: Judged, level: str) -> None:
        assert judged(claim(prejudice=level))["foia.prejudice_stated"].outcome == "satisfied"

    def test_a_trade_secret_needs_no_prejudice(self, judged: Judged) -> None:
        facts = claim(without="prejudice", limb="trade_secret")
        assert judged(facts)["foia.prejudice_stated"].outcome == "not_applicable"


class TestReviewAndRelease:
    """Sensitivity falls with time, so that each exemption has a day of review or release, after the decision.

    The regulator's guidance on section 43, in a secondary account; release and review are two facts, never one.
    """

    CONTROL = "foia.review_after_decision"

    def test_one_of_the_two_days_is_set(self, judged: Judged) -> None:
        assert judged(claim(without="review_on"))["foia.end_or_review_set"].outcome == "breached"
        release = claim(without="review_on", release_on=date(2023, 3, 7))
        assert judged(release)["foia.end_or_review_set"].outcome == "satisfied"

    @pytest.mark.parametrize("fact", ["review_on", "release_on"])
    @pytest.mark.parametrize(
        ("day", "outcome"),
        [
            (date(2018, 4, 15), "breached"),
            (date(2018, 4, 16), "breached"),
            (date(2018, 4, 17), "satisfied"),
        ],
    )
    def test_it_is_after_the_decision_by_a_day_at_least(
        self, judged: Judged, fact: str, day: date, outcome: str
    ) -> None:
        assert judged(changed_day(fact, day))[self.CONTROL].outcome == outcome

    def test_a_breach_shows_the_day_and_that_of_the_decision(self, judged: Judged) -> None:
        finding = judged(claim(review_on=date(2018, 4, 16)))[self.CONTROL]
        assert ("exemption.review_on", "is after decided_on (16 April 2018)", "16 April 2018") in told(finding)
        assert str(finding.citation).endswith("(unverified)")

    def test_before_there_is_a_decision_nobody_can_tell(self, judged: Judged) -> None:
        facts = claim()
        del facts["decided_on"]
        finding = judged(facts)[self.CONTROL]
        assert (finding.outcome, finding.missing) == ("undetermined", ("decided_on",))


class TestSections62And63Lapse:
    """A record becomes historical at the end of a number of years beginning with the year after it was made.

    Section 43 stayed at thirty years when most other exemptions fell to twenty, so that a record of 2018 may be
    withheld under it until 31 December 2048, and no longer.
    """

    CONTROL = "foia.ends_before_lapse"

    @pytest.mark.parametrize("made", [date(2018, 1, 1), date(2018, 3, 7), date(2018, 12, 31)])
    @pytest.mark.parametrize("fact", ["review_on", "release_on"])
    @pytest.mark.parametrize(
        ("day", "outcome"),
        [
            (date(2038, 12, 31), "satisfied"),
            (date(2039, 1, 1), "satisfied"),
            (date(2048, 12, 31), "satisfied"),
            (date(2049, 1, 1), "breached"),
        ],
    )
    def test_a_record_of_2018_is_withheld_to_the_last_day_of_2048(
        self, judged: Judged, made: date, fact: str, day: date, outcome: str
    ) -> None:
        assert judged({**changed_day(fact, day), "part_2.made_on": made})[self.CONTROL].outcome == outcome

    @pytest.mark.parametrize(("day", "outcome"), [(date(2049, 12, 31), "satisfied"), (date(2050, 1, 1), "breached")])
    def test_a_record_of_the_first_day_of_2019_has_a_year_more(self, judged: Judged, day: date, outcome: str) -> None:
        facts = {**claim(review_on=day), "part_2.made_on": date(2019, 1, 1)}
        assert judged(facts)[self.CONTROL].outcome == outcome

    def test_a_breach_shows_the_day_on_which_it_lapses(self, judged: Judged) -> None:
        finding = judged(claim(review_on=date(2049, 1, 1)))[self.CONTROL]
        expected = "is on or before exemption.lapses_on (31 December 2048)"
        assert ("exemption.review_on", expected, "1 January 2049") in told(finding)

    def test_without_the_day_it_was_made_nobody_can_tell(self, judged: Judged) -> None:
        facts = claim()
        del facts["part_2.made_on"]
        finding = judged(facts)[self.CONTROL]
        assert (finding.outcome, finding.missing) == ("undetermined", ("part_2.made_on",))


class TestDaysInForce:
    """The right of access, and with it every exemption from it, is in force from 1 January 2005."""

    @pytest.mark.parametrize(("on", "applies"), [("2004-12-31", False), ("2005-01-01", True)])
    def test_no_control_applies_before_it(self, judged: Judged, on: str, applies: bool) -> None:
        found = judged({**claim(), "case.withholds": True}, on=on)
        outcomes = {finding.outcome for control, finding in found.items() if control.startswith("foia.")}
        assert outcomes == ({"satisfied"} if applies else {"not_applicable"})
