"""The Public Services (Social Value) Act 2012: what is considered before services are procured."""

from datetime import date
from typing import Any

import pytest

from tests.law.conftest import JudgeFacts

SERVICES: dict[str, Any] = {
    "contract_kind": "goods_services",
    "procurement_route": "open",
    "procurement_commenced_on": date(2018, 3, 5),
    "estimated_value": "£900,000 ex VAT",
    "social_value.services": True,
    "social_value.considered": True,
    "social_value.consultation": True,
}
CONTROL = "social_value.considered_first"


@pytest.mark.parametrize("part", ["social_value.considered", "social_value.consultation"])
def test_well_being_and_consultation_are_both_considered(judge: JudgeFacts, part: str) -> None:
    """Section 1(3) and (7): the authority "must consider" the well-being of the area, and whether to consult."""
    assert judge(SERVICES, on="2018-06-01")[CONTROL].outcome == "satisfied"
    assert judge({**SERVICES, part: False}, on="2018-06-01")[CONTROL].outcome == "breached"


@pytest.mark.parametrize(
    ("commenced", "outcome"), [(date(2013, 1, 30), "not_applicable"), (date(2013, 1, 31), "breached")]
)
def test_the_duty_began_on_31_january_2013(judge: JudgeFacts, commenced: date, outcome: str) -> None:
    facts = {**SERVICES, "procurement_commenced_on": commenced, "social_value.considered": False}
    assert judge(facts, on="2018-06-01")[CONTROL].outcome == outcome
