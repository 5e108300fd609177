"""The accessibility regulations of 2018 (SI 2018/952), judged by the shipped scheme."""

from datetime import date

import pytest

from rules.packs.scheme import Scheme
from tests.law.conftest import JudgeFacts

CONTROL = "accessibility.standard_met"
AUDITED = date(2025, 6, 1)


class TestStandardByDayOfPublication:
    """Documents published from 23 September 2018 meet the accessibility requirement, by EN 301 549 WCAG 2.1 at AA.
    Since October 2024 WCAG 2.2 is monitored. Documents published before are exempt unless a service needs them.
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

    def test_a_document_that_is_not_published_needs_no_standard(self, judge: JudgeFacts) -> None:
        facts = {"publication.standard": "none", "audit.on": AUDITED}
        assert judge(facts, on="2025-06-01")[CONTROL].outcome == "not_applicable"

    def test_without_a_stated_standard_the_control_is_undetermined(self, judge: JudgeFacts) -> None:
        finding = judge({"published_on": date(2019, 1, 2), "audit.on": AUDITED}, on="2025-06-01")[CONTROL]
        assert (finding.outcome, finding.missing) == ("undetermined", ("publication.standard",))

    @pytest.mark.parametrize(
        ("audited", "new_site", "outcome"),
        [
            (date(2019, 9, 22), True, "not_applicable"),
            (date(2019, 9, 23), True, "breached"),
            (date(2020, 9, 22), False, "not_applicable"),
            (date(2020, 9, 23), False, "breached"),
        ],
    )
    def test_old_and_new_websites_are_bound_from_different_days(
        self, judge: JudgeFacts, audited: date, new_site: bool, outcome: str
    ) -> None:
        """Regulation 5: "after 22nd September 2019" for new websites, "after 22nd September 2020" for others."""
        facts = {"published_on": date(2019, 1, 15), "publication.standard": "none", "publication.new_site": new_site}
        assert judge({**facts, "audit.on": audited}, on=str(audited))[CONTROL].outcome == outcome

    def test_the_control_is_for_auditors_and_blocks_no_act(self, scheme: Scheme) -> None:
        assert scheme.rulebook.controls[CONTROL].declaration.gates == ("audit",)

    def test_the_act_of_publication_records_its_day(self, scheme: Scheme) -> None:
        assert scheme.action("publish").dates == ("published_on",)
        assert not scheme.may_be_stated("published_on")
