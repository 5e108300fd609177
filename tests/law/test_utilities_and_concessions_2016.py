"""Changes of contracts of utilities (SI 2016/274, reg 88) and of concessions (SI 2016/273, reg 43)."""

from datetime import date
from typing import Any

from tests.law.conftest import JudgeFacts

CHANGE: dict[str, Any] = {
    "contract_kind": "concession",
    "procurement_route": "modification",
    "procurement_commenced_on": date(2018, 3, 5),
    "estimated_value": "£9,000,000 ex VAT",
    "modification_ground": "reg_72_1_b",
    "modification.original_value": "£1,000,000 ex VAT",
    "modification.increase": "£500,000.01 ex VAT",
}
HALF, GROUND = "procurement.concession_change_within_half", "procurement.change_ground_elsewhere"


def test_a_concession_adds_no_more_than_half(judge: JudgeFacts) -> None:
    """Regulation 43(1)(b) of SI 2016/273: "any increase in value does not exceed 50%"."""
    assert judge(CHANGE, on="2019-06-01")[HALF].outcome == "breached"
    half = {**CHANGE, "modification.increase": "£500,000 ex VAT"}
    assert judge(half, on="2019-06-01")[HALF].outcome == "satisfied"


def test_a_utility_may_add_more(judge: JudgeFacts) -> None:
    """Regulation 88(1)(b) of SI 2016/274: "irrespective of their value"."""
    facts = {**CHANGE, "contract_kind": "goods_services", "buyer": "utility"}
    found = judge(facts, on="2019-06-01", with_authority_facts=False)
    assert (found[HALF].outcome, found[GROUND].outcome) == ("not_applicable", "satisfied")
