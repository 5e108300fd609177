"""The accessibility regulations of 2018, judged by the shipped scheme."""

from datetime import date

import pytest

from rules.packs.scheme import Scheme
from tests.law.conftest import JudgeFacts

CONTROL = "accessibility.standard_met"
AUDITED = date(2025, 6, 1)


class TestStandardByDayOfPublication:
    """Regulation 9: "presumed to be in conformity ... to the extent that [it] conforms to Level A and AA" criteria.

    Regulation 4(2)(a) leaves out "office file formats published before 23rd September 2018". WCAG 2.2 is monitored
    since October 2024.
    """

    @pytest.mark.parametrize(
        ("published", "standard", "outcome"),
        [
            (date(2018, 4, 17), "none", "not_applicable"),
            (date(2018, 9, 22), "none", "not_applicable"),
            (date(2018, 9, 23), "none", "breached"),
            (date(2018, 9, 23), "wcag_2_1_aa", "satisfied"),
            (date(2024, 9, 30), "wcag_2_1_aa", "satisfied"),
            (date(2024, 10, 1), "wcag_2_1_aa", "breached"),
            (date(2018, 9, 23), "wcag_2_2_aa", "satisfied"),
            (date(2024, 10, 1), "wcag_2_2_aa", "satisfied"),
        ],
    )
    def test_the_standard_is_that_of_the_day_of_publication(
        self, judge: JudgeFacts, published: date, standard: str, outcome: str
    ) -> None:
        facts = {"published_on": published, "publication.standard": standard, "audit.on": AUDITED}
        assert judge(facts, on="2025-06-01")[CONTROL].outcome == outcome

    @pytest.mark.parametrize(
        ("audited", "outcome"), [(date(2020, 9, 22), "not_applicable"), (date(2020, 9, 23), "breached")]
    )
    def test_websites_of_before_had_until_22_september_2020(
        self, judge: JudgeFacts, audited: date, outcome: str
    ) -> None:
        """Regulation 5(b): "for any other website of a public sector body, after 22nd September 2020"."""
        facts = {"published_on": date(2019, 5, 1), "publication.standard": "none", "audit.on": audited}
        assert judge(facts, on=audited.isoformat())[CONTROL].outcome == outcome

    def test_a_standard_is_a_presumption_so_that_a_breach_only_warns(self, scheme: Scheme) -> None:
        assert scheme.rulebook.controls[CONTROL].declaration.severity == "warning"

    def test_a_document_that_is_not_published_needs_no_standard(self, judge: JudgeFacts) -> None:
        assert (
            judge({"publication.standard": "none", "audit.on": AUDITED}, on="2025-06-01")[CONTROL].outcome
            == "not_applicable"
        )

    def test_without_a_stated_standard_the_control_is_undetermined(self, judge: JudgeFacts) -> None:
        finding = judge({"published_on": date(2019, 1, 2), "audit.on": AUDITED}, on="2025-06-01")[CONTROL]
        assert (finding.outcome, finding.missing) == ("undetermined", ("publication.standard",))

    def test_the_control_is_for_auditors_and_blocks_no_act(self, scheme: Scheme) -> None:
        assert scheme.rulebook.controls[CONTROL].declaration.gates == ("audit",)

    def test_the_act_of_publication_records_its_day(self, scheme: Scheme) -> None:
        assert scheme.action("publish").dates == ("published_on",)
        assert not scheme.may_be_stated("published_on")
