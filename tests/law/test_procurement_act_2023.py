"""The Procurement Act 2023, as far as the shipped pack has it: direct awards and changes of contracts."""

from datetime import date
from typing import Any

import pytest

from tests.law.conftest import JudgeFacts

NOTICED, GROUND = "procurement.change_noticed", "procurement.change_ground"
BELOW, HALF = "procurement.change_below_threshold", "procurement.change_within_half"
TRANSPARENT = "procurement.transparency_before_direct_award"
WORKS = {"contract_kind": "works", "estimated_value": "£9,000,000 inc VAT"}


def change(increase: str, **facts: date | str | bool) -> dict[str, Any]:
    """Return a change of a contract of £1,000,000 procured under the Act, with no notice planned."""
    return {
        "contract_kind": "goods_services",
        "procurement_commenced_on": date(2025, 6, 2),
        "estimated_value": "£900,000 inc VAT",
        "procurement_route": "modification",
        "modification.original_value": "£1,000,000 inc VAT",
        "modification.increase": increase,
        "notice.contract_change": False,
        **facts,
    }


class TestContractChangeNotices:
    """Section 75(2): none is due if a change is "10 per cent or less" of the value, of works "15 per cent or less"."""

    @pytest.mark.parametrize(
        ("kind", "increase", "outcome"),
        [
            ({}, "£100,000 inc VAT", "not_applicable"),
            ({}, "£100,000.01 inc VAT", "breached"),
            (WORKS, "£150,000 inc VAT", "not_applicable"),
            (WORKS, "£150,000.01 inc VAT", "breached"),
            ({"contract_kind": "light_touch"}, "£900,000 inc VAT", "not_applicable"),
        ],
    )
    def test_a_change_above_the_percentage_needs_a_notice(
        self, judge: JudgeFacts, kind: dict[str, str], increase: str, outcome: str
    ) -> None:
        assert judge(change(increase, **kind), on="2025-07-01")[NOTICED].outcome == outcome

    @pytest.mark.parametrize(
        ("commenced", "outcome"), [(date(2025, 2, 23), "not_applicable"), (date(2025, 2, 24), "breached")]
    )
    def test_a_contract_procured_before_24_february_2025_stays_under_regulation_72(
        self, judge: JudgeFacts, commenced: date, outcome: str
    ) -> None:
        facts = change("£100,000.01 inc VAT", procurement_commenced_on=commenced)
        assert judge(facts, on="2025-07-01")[NOTICED].outcome == outcome

    def test_without_the_original_value_the_control_is_undetermined(self, judge: JudgeFacts) -> None:
        facts = change("£1 inc VAT")
        del facts["modification.original_value"]
        finding = judge(facts, on="2025-07-01")[NOTICED]
        assert (finding.outcome, finding.missing) == ("undetermined", ("modification.original_value",))
        assert not finding.blocks_gate

    def test_without_a_contract_no_notice_is_needed(self, judge: JudgeFacts) -> None:
        facts = change("£100,000.01 inc VAT", contract_kind="none")
        assert judge(facts, on="2025-07-01")[NOTICED].outcome == "not_applicable"


class TestGroundsOfChanges:
    """Section 74(1): a change is "permitted", "not a substantial modification", or "a below-threshold modification".

    Below the threshold it adds no more than 10 or 15 per cent, and all such changes less than "the threshold amount";
    for what was not foreseen (Schedule 8, paragraph 4) no more "than 50 per cent".
    """

    @pytest.mark.parametrize(
        ("ground", "outcome"),
        [("schedule_8_other", "satisfied"), ("section_74_3", "satisfied"), ("reg_72_1_a", "breached")],
    )
    def test_the_ground_must_be_one_of_the_act(self, judge: JudgeFacts, ground: str, outcome: str) -> None:
        findings = judge(change("£1 inc VAT", modification_ground=ground), on="2025-07-01")
        assert (findings[GROUND].outcome, findings["procurement.modification_ground"].outcome) == (
            outcome,
            "not_applicable",
        )

    @pytest.mark.parametrize(
        ("kind", "increase", "total", "outcome"),
        [
            ({}, "£100,000 inc VAT", "£214,903.99 inc VAT", "satisfied"),
            ({}, "£100,000.01 inc VAT", "£100,000.01 inc VAT", "breached"),
            ({}, "£100,000 inc VAT", "£214,904 inc VAT", "breached"),
            (WORKS, "£150,000 inc VAT", "£150,000 inc VAT", "satisfied"),
            (WORKS, "£150,000.01 inc VAT", "£150,000.01 inc VAT", "breached"),
        ],
    )
    def test_a_below_threshold_modification_is_measured_alone_and_together_with_others(
        self, judge: JudgeFacts, kind: dict[str, str], increase: str, total: str, outcome: str
    ) -> None:
        totals = {"modification_ground": "section_74_4", "modification.total_increase": total}
        assert judge(change(increase, **kind, **totals), on="2025-07-01")[BELOW].outcome == outcome

    @pytest.mark.parametrize(
        ("buyer", "increase", "outcome"),
        [
            ("sub_central", "£500,000 inc VAT", "satisfied"),
            ("sub_central", "£500,000.01 inc VAT", "breached"),
            ("utility", "£500,000.01 inc VAT", "not_applicable"),
        ],
    )
    def test_an_unforeseen_change_adds_at_most_half(
        self, judge: JudgeFacts, buyer: str, increase: str, outcome: str
    ) -> None:
        facts = change(increase, modification_ground="schedule_8_unforeseen", buyer=buyer)
        assert judge(facts, on="2025-07-01")[HALF].outcome == outcome


class TestSmallChangesOfLargeContracts:
    """Sections 74 and 75 are about the contract that is changed: its value counts, and not only the increase."""

    @pytest.mark.parametrize(
        ("original", "outcome"), [("£214,903.99 inc VAT", "not_applicable"), ("£214,904 inc VAT", "breached")]
    )
    def test_the_value_of_the_contract_before_the_change_counts(
        self, judge: JudgeFacts, original: str, outcome: str
    ) -> None:
        small = {"estimated_value": "£30,000 inc VAT", "modification.original_value": original}
        findings = judge(change("£30,000 inc VAT", **small), on="2025-07-01")
        assert (findings[GROUND].outcome, findings[NOTICED].outcome) == (outcome, outcome)

    def test_the_value_is_converted_to_the_vat_basis_of_the_threshold(self, judge: JudgeFacts) -> None:
        facts = change(
            "£2,160,000 ex VAT",
            contract_kind="works",
            procurement_commenced_on=date(2025, 3, 10),
            estimated_value="£2,160,000 ex VAT",
            modification_ground="reg_72_1_b",
            **{"modification.original_value": "£5,400,000 ex VAT", "supply.vat": "standard"},
        )
        findings = judge(facts, on="2025-07-01")
        assert (findings[GROUND].outcome, findings[NOTICED].outcome) == ("breached", "breached")


class TestDirectAwards:
    """A transparency notice "must be published before a contract is directly awarded", if it is a public contract."""

    @pytest.mark.parametrize(
        ("facts", "outcome"),
        [
            ({"estimated_value": "£214,904 inc VAT"}, "breached"),
            ({"estimated_value": "£214,903.99 inc VAT"}, "not_applicable"),
            ({"contract_kind": "light_touch", "award.user_choice": True}, "not_applicable"),
            ({"contract_kind": "light_touch", "award.user_choice": False}, "breached"),
            ({"contract_kind": "light_touch"}, "breached"),
            ({"award.user_choice": True}, "breached"),
        ],
    )
    def test_the_notice_is_due_at_the_threshold_and_above(
        self, judge: JudgeFacts, facts: dict[str, str | bool], outcome: str
    ) -> None:
        award: dict[str, Any] = {
            "contract_kind": "goods_services",
            "procurement_commenced_on": date(2025, 6, 2),
            "estimated_value": "£900,000 inc VAT",
            "procurement_route": "direct_award",
            "notice.transparency": False,
            **facts,
        }
        assert judge(award, on="2025-07-01")[TRANSPARENT].outcome == outcome


class TestWhatAChangeMayDo:
    """Section 74(3) to (8) and Schedule 8 of the Act."""

    @pytest.mark.parametrize(
        ("increase", "outcome"), [("£500,000 inc VAT", "satisfied"), ("£500,000.01 inc VAT", "breached")]
    )
    def test_additional_supplies_add_no_more_than_half(self, judge: JudgeFacts, increase: str, outcome: str) -> None:
        """Schedule 8, paragraph 8(1)(d): not "by more than 50 per cent"."""
        facts = change(increase, modification_ground="schedule_8_additional")
        assert judge(facts, on="2025-07-01")[HALF].outcome == outcome

    @pytest.mark.parametrize(
        ("decrease", "outcome"), [("£100,000 inc VAT", "satisfied"), ("£100,000.01 inc VAT", "breached")]
    )
    def test_a_below_threshold_change_takes_away_no_more_than_a_tenth(
        self, judge: JudgeFacts, decrease: str, outcome: str
    ) -> None:
        """Section 74(4)(a): it "would not itself increase or decrease" the value by more."""
        facts = change("£0 inc VAT", modification_ground="section_74_4", **{"modification.decrease": decrease})
        assert judge(facts, on="2025-07-01")["procurement.decrease_below_threshold"].outcome == outcome

    def test_a_large_decrease_needs_a_notice(self, judge: JudgeFacts) -> None:
        """Section 75(2)(a): no notice if the change "increases or decreases" the value by ten per cent or less."""
        facts = change("£0 inc VAT", **{"modification.decrease": "£100,000.01 inc VAT"})
        assert judge(facts, on="2025-07-01")["procurement.decrease_noticed"].outcome == "breached"
