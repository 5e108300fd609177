"""The equality duty (Equality Act 2010, s.149) and the Subsidy Control Act 2022."""

from datetime import date
from typing import Any

import pytest

from tests.law.conftest import JudgeFacts

ASSESSED: dict[str, Any] = {
    "equality.affects": True,
    "equality.assessed_on": date(2026, 5, 1),
    "equality.discrimination": True,
    "equality.opportunity": True,
    "equality.good_relations": True,
}
SUBSIDY: dict[str, Any] = {"subsidy.given": True, "subsidy.considered": True, "subsidy.consistent": True}


@pytest.mark.parametrize("need", ["equality.discrimination", "equality.opportunity", "equality.good_relations"])
def test_an_assessment_considers_each_of_the_three_needs(judge: JudgeFacts, need: str) -> None:
    """Section 149(1): to "eliminate discrimination", "advance equality of opportunity" and "foster good relations"."""
    assert judge(ASSESSED, on="2026-06-01")["equality.aims_considered"].outcome == "satisfied"
    assert judge({**ASSESSED, need: False}, on="2026-06-01")["equality.aims_considered"].outcome == "breached"


def test_a_paper_that_says_nothing_of_equality_is_not_held_up(judge: JudgeFacts) -> None:
    assert judge({}, on="2026-06-01")["equality.assessed"].outcome == "not_applicable"


@pytest.mark.parametrize(("day", "outcome"), [("2023-01-03", "not_applicable"), ("2023-01-04", "breached")])
def test_an_inconsistent_subsidy_is_not_given_from_4_january_2023(judge: JudgeFacts, day: str, outcome: str) -> None:
    """Section 12(1)(b): "must not give the subsidy unless it is of the view" that it is consistent."""
    facts = {**SUBSIDY, "subsidy.consistent": False}
    assert judge(facts, on=day)["subsidy.principles_considered"].outcome == outcome


@pytest.mark.parametrize(("total", "outcome"), [("£315,000 ex VAT", "satisfied"), ("£315,000.01 ex VAT", "breached")])
def test_minimal_assistance_stays_within_its_limit(judge: JudgeFacts, total: str, outcome: str) -> None:
    """Section 36(1): "does not exceed £315,000"."""
    facts = {**SUBSIDY, "subsidy.minimal": True, "subsidy.total": total}
    assert judge(facts, on="2026-06-01")["subsidy.minimal_within_limit"].outcome == outcome
