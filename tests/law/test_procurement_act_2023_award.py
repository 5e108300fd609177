"""The Procurement Act 2023 before an award: conflicts of interest, and suppliers that are shut out."""

from datetime import date
from typing import Any

import pytest

from tests.law.conftest import JudgeFacts

AWARD: dict[str, Any] = {
    "contract_kind": "goods_services",
    "procurement_route": "open",
    "procurement_commenced_on": date(2025, 6, 2),
    "estimated_value": "£900,000 inc VAT",
    "award.made": True,
}


class TestConflictsAssessment:
    """Section 83(1): "Before publishing a tender or transparency notice"."""

    @pytest.mark.parametrize(
        ("assessed", "outcome"), [(date(2025, 6, 2), "satisfied"), (date(2025, 6, 3), "breached"), (None, "breached")]
    )
    def test_the_assessment_comes_before_the_notice(
        self, judge: JudgeFacts, assessed: date | None, outcome: str
    ) -> None:
        facts = {**AWARD, "notice.tender_on": date(2025, 6, 2)}
        if assessed:
            facts["conflicts.assessed_on"] = assessed
        assert judge(facts, on="2025-07-01")["conflicts.assessed_first"].outcome == outcome

    def test_nothing_is_asked_before_there_is_a_notice(self, judge: JudgeFacts) -> None:
        assert judge(AWARD, on="2025-07-01")["conflicts.assessed_first"].outcome == "not_applicable"


class TestExcludedSuppliers:
    """Section 26(1): the authority "must disregard any tender from a supplier that is an excluded supplier"."""

    @pytest.mark.parametrize(
        ("exclusion", "outcome"), [("neither", "satisfied"), ("excludable", "satisfied"), ("excluded", "breached")]
    )
    def test_no_excluded_supplier_wins(self, judge: JudgeFacts, exclusion: str, outcome: str) -> None:
        facts = {**AWARD, "supplier.exclusion": exclusion}
        assert judge(facts, on="2025-07-01")["supplier.not_excluded"].outcome == outcome

    @pytest.mark.parametrize(("route", "outcome"), [("direct_award", "not_applicable"), ("open", "breached")])
    def test_the_public_interest_counts_for_direct_awards_alone(
        self, judge: JudgeFacts, route: str, outcome: str
    ) -> None:
        facts = {**AWARD, "supplier.exclusion": "excluded", "supplier.public_interest": True}
        assert judge({**facts, "procurement_route": route}, on="2025-07-01")["supplier.not_excluded"].outcome == outcome

    def test_a_paper_that_awards_nothing_is_not_asked(self, judge: JudgeFacts) -> None:
        facts = {**AWARD, "award.made": False}
        assert judge(facts, on="2025-07-01")["supplier.exclusion_considered"].outcome == "not_applicable"
