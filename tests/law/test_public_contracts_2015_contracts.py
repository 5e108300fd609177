"""The Public Contracts Regulations 2015 after the award of a contract, as the shipped pack has them."""

from datetime import date
from typing import Any

import pytest

from tests.law.conftest import JudgeFacts

CONTRACT: dict[str, Any] = {
    "contract_kind": "goods_services",
    "procurement_route": "open",
    "procurement_commenced_on": date(2018, 3, 5),
    "estimated_value": "£900,000 ex VAT",
    "award.decision_means": "electronic",
    "audit.on": date(2019, 1, 2),
}
STANDSTILL = "award.regulation_87_standstill_kept"


class TestStandstill:
    """Regulation 87(2): "midnight at the end of the 10th day after the relevant sending date"; see regulation 2(4)."""

    @pytest.mark.parametrize(
        ("sent", "signed", "outcome"),
        [
            (date(2018, 6, 4), date(2018, 6, 14), "breached"),
            (date(2018, 6, 4), date(2018, 6, 15), "satisfied"),
            (date(2018, 6, 6), date(2018, 6, 18), "breached"),
            (date(2018, 6, 6), date(2018, 6, 19), "satisfied"),
        ],
    )
    def test_a_period_that_would_end_at_a_weekend_ends_on_the_next_working_day(
        self, judge: JudgeFacts, sent: date, signed: date, outcome: str
    ) -> None:
        facts = {**CONTRACT, "award.decision_sent_on": sent, "notice.signed_on": signed}
        assert judge(facts, on="2019-01-02")[STANDSTILL].outcome == outcome


class TestNoticeOfAChange:
    """Regulation 72(3): authorities "which have modified a contract" under (1)(b) or (c) send a notice."""

    @pytest.mark.parametrize(
        ("ground", "outcome"),
        [("reg_72_1_b", "breached"), ("reg_72_1_c", "breached"), ("reg_72_1_f", "not_applicable")],
    )
    def test_only_two_limbs_need_a_notice(self, judge: JudgeFacts, ground: str, outcome: str) -> None:
        change = {"procurement_route": "modification", "modification_ground": ground, "modified_on": date(2018, 9, 3)}
        assert judge({**CONTRACT, **change}, on="2019-01-02")["procurement.modification_noticed"].outcome == outcome
