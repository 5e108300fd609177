"""The Freedom of Information Act 2000, as far as the shipped pack has it, judged by the shipped scheme."""

from datetime import date
from typing import Any, ClassVar

import pytest

from rules.judging.findings import Finding
from rules.packs.scheme import Scheme
from tests.law.conftest import JudgeFacts

SECTION_CONTROLS: dict[str, tuple[str, dict[str, Any]]] = {
    "foia.accessible_elsewhere": ("s21", {"accessible_at": "Page 4 of the budget"}),
    "foia.publication_intended": ("s22", {"publication_intended_on": date(2018, 4, 16)}),
    "foia.research_continues": ("s22a", {"programme_continues": True}),
    "foia.investigating_authority": ("s30", {"own_investigation": True}),
    "foia.outside_section_30": ("s31", {"outside_section_30": True}),
    "foia.auditing_authority": ("s33", {"audit_functions": True}),
    "foia.policy_of_government": ("s35", {}),
    "foia.environmental_exception_named": ("s39", {"environmental_exception": "commercial"}),
    "foia.person_living": ("s40", {"person_living": True}),
    "foia.qualified_opinion": (
        "s36",
        {
            "qualified_person": "The qualified person",
            "opinion_on": date(2018, 4, 16),
            "opinion_reasons": "Officers would write less frankly.",
        },
    ),
    "foia.obtained_from_another": ("s41", {"obtained_from": "A bidder"}),
    "foia.prohibition_named": ("s44", {"prohibited_by": "An order of the court"}),
}
"""Controls of single sections: the section of each, and the facts that satisfy it."""


def claim(without: str = "", **facts: date | str) -> dict[str, Any]:
    """Return a Part 2 with a complete claim of section 43, with one fact left out and others changed."""
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


def bare(section: str, limb: str = "", **facts: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a paper may state
    """Return a claim with its section, its limb if any, and some further facts only."""
    stated: dict[str, date | str | bool] = {"section": section, **({"limb": limb} if limb else {}), **facts}
    return {"part_2.exists": True, "part_2.made_on": date(2018, 3, 7), "exemption": {"claim": stated}}


def changed_day(fact: str, day: date) -> dict[str, Any]:
    return claim(release_on=day) if fact == "release_on" else claim(review_on=day)


def observed(finding: Finding) -> list[tuple[str, str, str | None]]:
    return [(seen.fact, seen.expected, seen.actual) for seen in finding.observed_facts]


class TestSection2Part2NeedsAnExemption:
    """Section 2(2): the duty to disclose falls away where, or so far as, information is exempt under Part II."""

    def test_a_part_2_without_an_exemption_is_a_breach(self, judge: JudgeFacts) -> None:
        finding = judge({"part_2.exists": True})["foia.part_2_grounded"]
        assert finding.outcome == "breached"
        assert observed(finding) == [("part_2.exemptions", "is at least 1", "0")]
        assert finding.citation.link == "https://www.legislation.gov.uk/ukpga/2000/36/section/2"

    def test_one_exemption_is_enough(self, judge: JudgeFacts) -> None:
        assert judge(claim())["foia.part_2_grounded"].outcome == "satisfied"

    def test_without_a_part_2_no_exemption_is_needed(self, judge: JudgeFacts) -> None:
        assert judge({"part_2.exists": False})["foia.part_2_grounded"].outcome == "not_applicable"

    def test_an_exemption_without_a_part_2_is_a_contradiction(self, judge: JudgeFacts) -> None:
        findings = judge({**claim(), "part_2.exists": False})
        assert findings["foia.part_2_said"].outcome == "breached"
        assert findings["foia.part_2_said"].cure == "Say that there is a Part 2, or remove the exemptions."

    @pytest.mark.parametrize(
        ("withholds", "exists", "outcome"),
        [
            (True, True, "satisfied"),
            (True, False, "breached"),
            (True, None, "undetermined"),
            (False, False, "not_applicable"),
        ],
    )
    def test_facts_can_be_withheld_only_if_the_paper_states_a_part_2(
        self, judge: JudgeFacts, withholds: bool, exists: bool | None, outcome: str
    ) -> None:
        facts = {"case.withholds": withholds, **({} if exists is None else {"part_2.exists": exists})}
        finding = judge(facts)["foia.withheld_in_part_2"]
        assert finding.outcome == outcome
        assert finding.blocks_gate is (outcome in ("breached", "undetermined"))


class TestSection2PublicInterestTest:
    """Section 2(2)(b): a qualified exemption holds only where, in all the circumstances of the case, the public
    interest in maintaining it outweighs the public interest in disclosure.
    """

    CONTROL = "foia.public_interest_test"

    @pytest.mark.parametrize("limb", ["trade_secret", "commercial_interests"])
    def test_both_limbs_of_section_43_are_qualified_and_need_the_test(self, judge: JudgeFacts, limb: str) -> None:
        facts = claim(without="public_interest", limb=limb)
        assert judge(facts)[self.CONTROL].outcome == "breached"
        assert judge(claim(limb=limb))[self.CONTROL].outcome == "satisfied"

    def test_the_outcome_must_favour_withholding(self, judge: JudgeFacts) -> None:
        finding = judge(claim(public_interest="disclose"))[self.CONTROL]
        assert finding.outcome == "breached"
        assert observed(finding) == [
            (
                "exemption.public_interest",
                "is The public interest in withholding outweighs that in disclosure",
                "The public interest in disclosure is at least as strong",
            )
        ]

    def test_an_outcome_without_reasons_is_a_breach(self, judge: JudgeFacts) -> None:
        finding = judge(claim(without="public_interest_reasons"))[self.CONTROL]
        assert observed(finding) == [("exemption.public_interest_reasons", "is known", None)]

    def test_a_breach_names_its_subject_clause_and_cure_and_closes_the_gate(self, judge: JudgeFacts) -> None:
        finding = judge(claim(without="public_interest"))[self.CONTROL]
        assert finding.subject == "exemption:s43"
        assert str(finding.citation) == "Law: Freedom of Information Act 2000 (c. 36), s.2(2)(b)"
        assert finding.cure.startswith("Do the public-interest test, and give its outcome and reasons.")
        assert finding.blocks_gate


class TestSection17WhatARefusalStates:
    """Section 17(1): a refusal states that fact, specifies the exemption, and says why it applies."""

    def test_an_exemption_without_its_section_is_a_breach(self, judge: JudgeFacts) -> None:
        assert judge(claim(without="section"))["foia.section_named"].outcome == "breached"
        assert judge(claim())["foia.section_named"].outcome == "satisfied"

    def test_without_the_section_the_public_interest_test_is_undetermined(self, judge: JudgeFacts) -> None:
        finding = judge(claim(without="section"))["foia.public_interest_test"]
        assert finding.outcome == "undetermined"
        assert finding.missing == ("exemption.section",)

    def test_an_exemption_without_its_rationale_is_a_breach(self, judge: JudgeFacts) -> None:
        assert judge(claim(without="rationale"))["foia.rationale_stated"].outcome == "breached"
        assert judge(claim())["foia.rationale_stated"].outcome == "satisfied"


class TestSection43Limbs:
    """Section 43(1) protects trade secrets as a class; section 43(2) information whose disclosure would, or would be
    likely to, prejudice the commercial interests of any person, the public authority included.
    """

    def test_the_limb_must_be_stated(self, judge: JudgeFacts) -> None:
        assert judge(claim(without="limb"))["foia.limb_stated"].outcome == "breached"
        assert judge(claim())["foia.limb_stated"].outcome == "satisfied"

    @pytest.mark.parametrize("missing", ["prejudice", "whose_interest"])
    def test_commercial_prejudice_needs_a_likelihood_and_a_person_who_suffers_it(
        self, judge: JudgeFacts, missing: str
    ) -> None:
        finding = judge(claim(without=missing))["foia.prejudice_stated"]
        assert observed(finding) == [(f"exemption.{missing}", "is known", None)]

    @pytest.mark.parametrize("level", ["would", "would_be_likely"])
    def test_either_likelihood_is_enough(self, judge: JudgeFacts, level: str) -> None:
        assert judge(claim(prejudice=level))["foia.prejudice_stated"].outcome == "satisfied"

    def test_a_trade_secret_needs_no_prejudice(self, judge: JudgeFacts) -> None:
        facts = claim(without="prejudice", limb="trade_secret")
        assert judge(facts)["foia.prejudice_stated"].outcome == "not_applicable"


class TestReviewAndRelease:
    """Sensitivity falls with time, so each exemption needs a day of review or release after the decision.

    From a secondary account of the regulator's guidance on section 43. Release and review are two facts, never one.
    """

    CONTROL = "foia.review_after_decision"

    def test_one_of_the_two_days_must_be_set(self, judge: JudgeFacts) -> None:
        assert judge(claim(without="review_on"))["foia.end_or_review_set"].outcome == "breached"
        release = claim(without="review_on", release_on=date(2023, 3, 7))
        assert judge(release)["foia.end_or_review_set"].outcome == "satisfied"

    @pytest.mark.parametrize("fact", ["review_on", "release_on"])
    @pytest.mark.parametrize(
        ("day", "outcome"),
        [
            (date(2018, 4, 15), "breached"),
            (date(2018, 4, 16), "breached"),
            (date(2018, 4, 17), "satisfied"),
        ],
    )
    def test_the_day_must_be_after_the_decision(self, judge: JudgeFacts, fact: str, day: date, outcome: str) -> None:
        assert judge(changed_day(fact, day))[self.CONTROL].outcome == outcome

    def test_a_breach_shows_the_day_and_the_day_of_the_decision(self, judge: JudgeFacts) -> None:
        finding = judge(claim(review_on=date(2018, 4, 16)))[self.CONTROL]
        assert ("exemption.review_on", "is after decided_on (16 April 2018)", "16 April 2018") in observed(finding)
        assert str(finding.citation).endswith("(unverified)")

    def test_without_a_decision_the_control_is_undetermined(self, judge: JudgeFacts) -> None:
        facts = claim()
        del facts["decided_on"]
        finding = judge(facts)[self.CONTROL]
        assert (finding.outcome, finding.missing) == ("undetermined", ("decided_on",))


class TestSections62And63Lapse:
    """A record becomes historical at the end of a number of years that begin with the year after it was made.

    Section 43 stayed at thirty years when most other exemptions fell to twenty, so a record of 2018 may be
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
    def test_a_record_of_2018_can_be_withheld_to_the_last_day_of_2048(
        self, judge: JudgeFacts, made: date, fact: str, day: date, outcome: str
    ) -> None:
        assert judge({**changed_day(fact, day), "part_2.made_on": made})[self.CONTROL].outcome == outcome

    @pytest.mark.parametrize(("day", "outcome"), [(date(2049, 12, 31), "satisfied"), (date(2050, 1, 1), "breached")])
    def test_a_record_of_the_first_day_of_2019_has_one_more_year(
        self, judge: JudgeFacts, day: date, outcome: str
    ) -> None:
        facts = {**claim(review_on=day), "part_2.made_on": date(2019, 1, 1)}
        assert judge(facts)[self.CONTROL].outcome == outcome

    def test_a_breach_shows_the_day_on_which_the_exemption_lapses(self, judge: JudgeFacts) -> None:
        finding = judge(claim(review_on=date(2049, 1, 1)))[self.CONTROL]
        expected = "is on or before exemption.lapses_on (31 December 2048)"
        assert ("exemption.review_on", expected, "1 January 2049") in observed(finding)

    def test_without_the_day_it_was_made_the_control_is_undetermined(self, judge: JudgeFacts) -> None:
        facts = claim()
        del facts["part_2.made_on"]
        finding = judge(facts)[self.CONTROL]
        assert (finding.outcome, finding.missing) == ("undetermined", ("part_2.made_on",))


class TestDaysInForce:
    """The right of access, and with it every exemption, is in force from 1 January 2005."""

    @pytest.mark.parametrize(("on", "applies"), [("2004-12-31", False), ("2005-01-01", True)])
    def test_no_control_applies_before_the_act_is_in_force(self, judge: JudgeFacts, on: str, applies: bool) -> None:
        part = {"financial": {"withheld": True, "under": "s43"}}
        findings = judge({**claim(), "case.withholds": True, "section": part}, on=on)
        outcomes = {
            control: finding.outcome
            for control, finding in findings.items()
            if control.startswith("foia.") and control not in SECTION_CONTROLS
        }
        assert set(outcomes.values()) == ({"satisfied"} if applies else {"not_applicable"})


ABSOLUTE = ["s21", "s23", "s32", "s34", "s41", "s44"]
QUALIFIED = [
    "s22", "s22a", "s24", "s26", "s27", "s28", "s29", "s30", "s31", "s33", "s35", "s36", "s38", "s39", "s42", "s43",
]  # fmt: skip
BY_LIMB = ["s37", "s40"]
CLASS = ["s21", "s22", "s23", "s30", "s32", "s34", "s35", "s37", "s39", "s40", "s41", "s42", "s44"]
PREJUDICE = ["s22a", "s26", "s28", "s29", "s31", "s33", "s36", "s38"]


class TestSection2AbsoluteAndQualified:
    """Section 2(2)(b) and (3): the public interest is weighed for every exemption outside the list of absolute ones.

    The list: sections 21, 23, 32, 34, 41 and 44, section 36 for information held by either House, section 37(1)(a) to
    (ab), section 40(1), and section 40(2) so far as the first condition is satisfied.
    """

    def test_every_section_of_part_ii_can_be_claimed(self, scheme: Scheme) -> None:
        sections = scheme.rulebook.facts["exemption.section"].choices
        assert sorted(sections) == sorted([*ABSOLUTE, *QUALIFIED, *BY_LIMB])
        assert sections["s43"] == "Section 43 – Commercial interests"

    @pytest.mark.parametrize("section", ABSOLUTE)
    def test_an_absolute_exemption_needs_no_public_interest_test(self, judge: JudgeFacts, section: str) -> None:
        assert judge(bare(section))["foia.public_interest_test"].outcome == "not_applicable"

    @pytest.mark.parametrize("section", QUALIFIED)
    def test_a_qualified_exemption_needs_the_public_interest_test(self, judge: JudgeFacts, section: str) -> None:
        assert judge(bare(section))["foia.public_interest_test"].outcome == "breached"
        weighed = bare(section, public_interest="withhold", public_interest_reasons="The harm weighs more.")
        assert judge(weighed)["foia.public_interest_test"].outcome == "satisfied"

    @pytest.mark.parametrize(
        ("section", "limb", "outcome"),
        [
            ("s37", "sovereign", "not_applicable"),
            ("s37", "heir", "not_applicable"),
            ("s37", "later_sovereign", "not_applicable"),
            ("s37", "royal_family", "breached"),
            ("s37", "royal_household", "breached"),
            ("s37", "honours", "breached"),
            ("s40", "own_data", "not_applicable"),
            ("s40", "data_principles", "not_applicable"),
            ("s40", "objection", "breached"),
            ("s40", "no_subject_access", "breached"),
        ],
    )
    def test_sections_37_and_40_differ_by_limb(self, judge: JudgeFacts, section: str, limb: str, outcome: str) -> None:
        assert judge(bare(section, limb))["foia.public_interest_test"].outcome == outcome

    @pytest.mark.parametrize("section", BY_LIMB)
    def test_until_the_limb_is_named_the_control_is_undetermined(self, judge: JudgeFacts, section: str) -> None:
        finding = judge(bare(section))["foia.public_interest_test"]
        assert (finding.outcome, finding.missing) == ("undetermined", ("exemption.limb",))

    @pytest.mark.parametrize(("on", "outcome"), [("2011-01-18", "breached"), ("2011-01-19", "not_applicable")])
    @pytest.mark.parametrize("limb", ["sovereign", "heir"])
    def test_sovereign_and_heir_are_absolute_exemptions_from_19_january_2011(
        self, judge: JudgeFacts, limb: str, on: str, outcome: str
    ) -> None:
        assert judge(bare("s37", limb), on=on)["foia.public_interest_test"].outcome == outcome


class TestClassAndPrejudice:
    """Some sections exempt a class of information, others information whose disclosure "would, or would be likely to,
    prejudice" an interest, as sections 26 to 29, 31, 33, 36 and 43(2) have it, and 38 with "endanger".
    """

    CONTROL = "foia.prejudice_stated"

    @pytest.mark.parametrize("section", [*CLASS, "s24"])
    def test_a_class_exemption_needs_no_prejudice(self, judge: JudgeFacts, section: str) -> None:
        assert judge(bare(section))[self.CONTROL].outcome == "not_applicable"

    @pytest.mark.parametrize("section", PREJUDICE)
    def test_prejudice_needs_a_likelihood_and_a_person_who_suffers_it(self, judge: JudgeFacts, section: str) -> None:
        assert judge(bare(section))[self.CONTROL].outcome == "breached"
        assert judge(bare(section, prejudice="would"))[self.CONTROL].outcome == "breached"
        assert judge(bare(section, prejudice="would", whose_interest="Witnesses"))[self.CONTROL].outcome == "satisfied"

    @pytest.mark.parametrize(
        ("section", "limb", "outcome"),
        [
            ("s27", "international_prejudice", "breached"),
            ("s27", "international_confidence", "not_applicable"),
            ("s43", "trade_secret", "not_applicable"),
            ("s43", "commercial_interests", "breached"),
        ],
    )
    def test_sections_27_and_43_differ_by_limb(self, judge: JudgeFacts, section: str, limb: str, outcome: str) -> None:
        assert judge(bare(section, limb))[self.CONTROL].outcome == outcome


class TestLimbs:
    """Section 17(1)(b): a refusal "specifies the exemption in question": a limb, where a section has several."""

    LIMBED: ClassVar = ["s26", "s27", "s29", "s30", "s31", "s35", "s36", "s37", "s38", "s40", "s43", "s44"]

    @pytest.mark.parametrize("section", sorted({*ABSOLUTE, *QUALIFIED, *BY_LIMB}))
    def test_only_a_section_of_several_limbs_needs_one(self, judge: JudgeFacts, section: str) -> None:
        outcome = "breached" if section in self.LIMBED else "not_applicable"
        assert judge(bare(section))["foia.limb_stated"].outcome == outcome

    def test_every_limb_belongs_to_one_section_with_several_limbs(self, scheme: Scheme) -> None:
        rows = scheme.rulebook.law.values["foia.section_of_limb"].history
        limbs = dict.fromkeys(row.choices["exemption.limb"] for row in rows)
        assert list(limbs) == list(scheme.rulebook.facts["exemption.limb"].choices)
        assert {str(row.figure) for row in rows} == set(self.LIMBED)

    @pytest.mark.parametrize(("section", "outcome"), [("s31", "satisfied"), ("s30", "breached"), ("s42", "breached")])
    def test_a_limb_of_another_section_is_a_breach(self, judge: JudgeFacts, section: str, outcome: str) -> None:
        finding = judge(bare(section, "crime"))["foia.limb_belongs"]
        assert finding.outcome == outcome

    def test_a_limb_of_another_section_does_not_make_an_exemption_absolute(self, judge: JudgeFacts) -> None:
        assert judge(bare("s43", "sovereign"))["foia.public_interest_test"].outcome == "breached"


class TestFurtherRequirementsOfSections:
    """Section 21(1): reasonably accessible otherwise. 22(1): held with a view to publication. 22A(1)(a): a programme
    that continues. 30(1): investigations and proceedings that the authority has a duty or power to conduct. 31(1): "not
    exempt information by virtue of section 30". 33(1): functions of audit. 35(1): held by a government department.
    39(1): exempt from the environmental information regulations.
    36(2): "in the reasonable opinion of a qualified person". 40(2): personal data, so of a "living individual". 41(1):
    obtained from another person. 44(1): prohibited.
    """

    @pytest.mark.parametrize("control", sorted(SECTION_CONTROLS))
    def test_a_requirement_applies_under_its_own_section_only(self, judge: JudgeFacts, control: str) -> None:
        section, facts = SECTION_CONTROLS[control]
        other = "s42" if section != "s42" else "s43"
        body = {"body.kind": "central_government"}
        assert judge({**bare(section, **facts), **body})[control].outcome == "satisfied"
        assert judge(bare(section))[control].outcome == "breached"
        assert judge(bare(other))[control].outcome == "not_applicable"

    @pytest.mark.parametrize(
        ("control", "missing"), [(control, fact) for control, (_, facts) in SECTION_CONTROLS.items() for fact in facts]
    )
    def test_a_requirement_needs_each_of_its_facts(self, judge: JudgeFacts, control: str, missing: str) -> None:
        section, facts = SECTION_CONTROLS[control]
        rest = {fact: value for fact, value in facts.items() if fact != missing}
        finding = judge(bare(section, **rest))[control]
        assert finding.outcome == "breached"
        assert f"exemption.{missing}" in {seen.fact for seen in finding.observed_facts}

    @pytest.mark.parametrize(("day", "outcome"), [(date(2018, 4, 16), "satisfied"), (date(2018, 4, 17), "breached")])
    @pytest.mark.parametrize(
        ("control", "fact"),
        [("foia.publication_intended", "publication_intended_on"), ("foia.qualified_opinion", "opinion_on")],
    )
    def test_intent_and_opinion_must_exist_on_the_day_of_the_act(
        self, judge: JudgeFacts, control: str, fact: str, day: date, outcome: str
    ) -> None:
        section, facts = SECTION_CONTROLS[control]
        assert judge(bare(section, **{**facts, fact: day}))[control].outcome == outcome

    def test_an_elected_policing_body_cannot_rely_on_section_35(self, judge: JudgeFacts) -> None:
        finding = judge(bare("s35", "policy"))["foia.policy_of_government"]
        assert observed(finding) == [("body.kind", "is Government department", "Elected local policing body")]

    def test_section_35_is_undetermined_without_the_kind_of_the_body(self, judge: JudgeFacts) -> None:
        finding = judge(bare("s35", "policy"), with_authority_facts=False)["foia.policy_of_government"]
        assert (finding.outcome, finding.missing, finding.blocks_gate) == ("undetermined", ("body.kind",), True)

    @pytest.mark.parametrize(
        ("limb", "before", "after"),
        [
            ("data_principles", "s.40(2) and (3)(a)(i) and (b), as enacted", "s.40(2) and (3A)"),
            ("objection", "s.40(2) and (3)(a)(ii), as enacted", "s.40(2) and (3B)"),
            ("no_subject_access", "s.40(2) and (4), as enacted", "s.40(2) and (4A)"),
        ],
    )
    def test_a_limb_of_section_40_is_cited_as_it_stood_on_its_day(
        self, scheme: Scheme, limb: str, before: str, after: str
    ) -> None:
        """Data Protection Act 2018, Schedule 19, paragraph 58: “For subsection (3) substitute”, on 25 May 2018."""
        value = scheme.rulebook.law.values["foia.section_of_limb"]
        cited = {row.first: row.citation.provision for row in value.history if row.choices == {"exemption.limb": limb}}
        assert cited == {date(2005, 1, 1): before, date(2018, 5, 25): after}

    @pytest.mark.parametrize(("on", "outcome"), [("2014-09-30", "undetermined"), ("2014-10-01", "breached")])
    def test_section_22a_is_in_force_from_1_october_2014(self, judge: JudgeFacts, on: str, outcome: str) -> None:
        assert judge(bare("s22a"), on=on)["foia.public_interest_test"].outcome == outcome


class TestLapseOfEachExemption:
    """Section 63: 28, 30(1), 32, 33, 35, 36, 42 and 43 not for a historical record, 37(1)(b) not after sixty years and
    31 not after a hundred. A record is historical after thirty years, from 1 January 2013 after twenty; sections 28 and
    43 and the limb of section 36 about Northern Ireland stayed at thirty.
    """

    CONTROL = "foia.ends_before_lapse"
    YEARS: ClassVar = [
        ("s28", "", 30), ("s30", "investigation", 20), ("s31", "crime", 100), ("s32", "", 20), ("s33", "", 20),
        ("s35", "policy", 20), ("s36", "public_affairs", 20), ("s36", "ministers_responsibility", 20),
        ("s36", "welsh_government", 20), ("s36", "free_advice", 20), ("s36", "free_exchange", 20),
        ("s36", "northern_ireland_executive", 30), ("s37", "honours", 60), ("s42", "", 20),
        ("s43", "trade_secret", 30), ("s43", "commercial_interests", 30),
    ]  # fmt: skip
    NEVER: ClassVar = [
        ("s21", ""), ("s22", ""), ("s22a", ""), ("s23", ""), ("s24", ""), ("s26", "armed_forces"),
        ("s27", "international_prejudice"), ("s29", "economic_interests"), ("s30", "confidential_source"), ("s34", ""),
        ("s37", "sovereign"), ("s37", "royal_household"), ("s38", "safety"), ("s39", ""), ("s40", "data_principles"),
        ("s41", ""), ("s44", "contempt"),
    ]  # fmt: skip

    @pytest.mark.parametrize(("section", "limb", "years"), YEARS)
    @pytest.mark.parametrize("fact", ["review_on", "release_on"])
    def test_an_exemption_lasts_to_the_last_day_of_its_last_year(
        self, judge: JudgeFacts, section: str, limb: str, years: int, fact: str
    ) -> None:
        last = bare(section, limb, **{fact: date(2018 + years, 12, 31)})
        after = bare(section, limb, **{fact: date(2019 + years, 1, 1)})
        assert judge(last)[self.CONTROL].outcome == "satisfied"
        assert judge(after)[self.CONTROL].outcome == "breached"

    @pytest.mark.parametrize(("section", "limb"), NEVER)
    def test_some_exemptions_never_lapse(self, judge: JudgeFacts, section: str, limb: str) -> None:
        assert judge(bare(section, limb, review_on=date(2199, 1, 1)))[self.CONTROL].outcome == "not_applicable"

    @pytest.mark.parametrize(("on", "last"), [("2012-12-31", date(2042, 12, 31)), ("2013-01-01", date(2032, 12, 31))])
    @pytest.mark.parametrize("section", ["s32", "s33", "s42"])
    def test_thirty_years_became_twenty_on_1_january_2013(
        self, judge: JudgeFacts, section: str, on: str, last: date
    ) -> None:
        made = {"part_2.made_on": date(2012, 6, 1)}
        in_time = bare(section, review_on=last) | made
        too_long = bare(section, review_on=date(last.year + 1, 1, 1)) | made
        assert judge(in_time, on=on)[self.CONTROL].outcome == "satisfied"
        assert judge(too_long, on=on)[self.CONTROL].outcome == "breached"


KINDS = ["section", "recommendation", "figure"]


class TestSection2WithheldParts:
    """Section 2(2): the duty does not apply "if or to the extent that" information is exempt. A part of a paper that is
    withheld without such a ground is withheld too much.
    """

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        ("facts", "outcome", "standing"),
        [
            ({"withheld": True, "under": "s43"}, "satisfied", "Withheld under an exemption that is claimed"),
            ({"withheld": True, "under": "s42"}, "breached", "Withheld with no ground"),
            ({"withheld": True}, "breached", "Withheld with no ground"),
            ({"withheld": False}, "not_applicable", "May be published"),
            ({"withheld": False, "under": "s42"}, "not_applicable", "May be published"),
        ],
    )
    def test_each_part_is_public_withheld_or_without_ground(
        self, judge: JudgeFacts, kind: str, facts: dict[str, Any], outcome: str, standing: str
    ) -> None:
        finding = judge({**claim(), kind: {"one": facts}})[f"foia.{kind}_grounded"]
        assert finding.outcome == outcome
        assert observed(finding)[0][::2] == (f"{kind}.standing", standing)
        assert finding.blocks_gate is (outcome == "breached")

    def test_a_part_that_is_not_stated_to_be_withheld_or_not_blocks_the_paper(self, judge: JudgeFacts) -> None:
        finding = judge({**claim(), "section": {"one": {"title": "Financial comments"}}})["foia.section_grounded"]
        stated = ("section.withheld", "section.under")
        assert (finding.outcome, finding.missing, finding.blocks_gate) == ("undetermined", stated, True)

    @pytest.mark.parametrize("kind", ["recommendation", "figure"])
    def test_a_recommendation_or_figure_is_public_unless_stated_to_be_withheld(
        self, judge: JudgeFacts, kind: str
    ) -> None:
        assert judge({**claim(), kind: {"one": {"under": "s42"}}})[f"foia.{kind}_grounded"].outcome == "not_applicable"

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        ("facts", "outcome"),
        [
            ({"withheld": True, "under": "s43"}, "satisfied"),
            ({"withheld": True, "under": "s42"}, "breached"),
            ({"withheld": False, "under": "s43"}, "not_applicable"),
        ],
    )
    def test_an_exemption_that_covers_no_withheld_part_is_a_breach(
        self, judge: JudgeFacts, kind: str, facts: dict[str, Any], outcome: str
    ) -> None:
        assert judge({**claim(), kind: {"one": facts}})["foia.exemption_used"].outcome == outcome

    @pytest.mark.parametrize(
        ("withholds", "parts", "outcome"),
        [
            (True, {"one": {"withheld": True, "under": "s43"}}, "satisfied"),
            (True, {"one": {"withheld": False}}, "breached"),
            (False, {"one": {"withheld": False}}, "not_applicable"),
        ],
    )
    def test_facts_in_part_2_need_a_part_that_is_withheld(
        self, judge: JudgeFacts, withholds: bool, parts: dict[str, Any], outcome: str
    ) -> None:
        finding = judge({**claim(), "case.withholds": withholds, "section": parts})["foia.withheld_parts_named"]
        assert (finding.outcome, finding.severity) == (outcome, "warning")
