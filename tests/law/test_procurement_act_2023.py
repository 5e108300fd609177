"""The Procurement Act 2023, as far as the shipped pack holds it: direct awards and changes of contracts."""

from datetime import date
from typing import Any

import pytest

from tests.law.conftest import JudgeFacts

NOTICED, GROUND = "procurement.change_noticed", "procurement.change_ground"
BELOW, HALF = "procurement.change_below_threshold", "procurement.change_within_half"
TRANSPARENT = "procurement.transparency_before_direct_award"
WORKS = {"contract_kind": "works", "estimated_value": "£9,000,000 inc VAT"}


def change(increase: str, **facts: date | str | bool) -> dict[str, Any]:
    """A change of a contract of £1,000,000 that was procured under the Act, of which no notice is planned."""
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
    def test_a_change_of_more_than_its_share_is_noticed(
        self, judged: JudgeFacts, kind: dict[str, str], increase: str, outcome: str
    ) -> None:
        assert judged(change(increase, **kind), on="2025-07-01")[NOTICED].outcome == outcome

    @pytest.mark.parametrize(
        ("commenced", "outcome"), [(date(2025, 2, 23), "not_applicable"), (date(2025, 2, 24), "breached")]
    )
    def test_a_contract_procured_before_24_february_2025_stays_under_regulation_72(
        self, judged: JudgeFacts, commenced: date, outcome: str
    ) -> None:
        facts = change("£100,000.01 inc VAT", procurement_commenced_on=commenced)
        assert judged(facts, on="2025-07-01")[NOTICED].outcome == outcome

    def test_without_the_original_value_nobody_can_tell_and_it_is_asked_for(self, judged: JudgeFacts) -> None:
        facts = change("£1 inc VAT")
        del facts["modification.original_value"]
        finding = judged(facts, on="2025-07-01")[NOTICED]
        assert (finding.outcome, finding.missing) == ("undetermined", ("modification.original_value",))
        assert not finding.blocks_gate

    def test_where_no_contract_is_awarded_nothing_is_measured(self, judged: JudgeFacts) -> None:
        facts = change("£100,000.01 inc VAT", contract_kind="none")
        assert judged(facts, on="2025-07-01")[NOTICED].outcome == "not_applicable"


class TestGroundsOfChanges:
    """Section 74(1): a change is "permitted", "not a substantial modification", or "a below-threshold modification".

    Below the threshold it adds no more than 10 or 15 per cent, and all such changes less than "the threshold amount";
    for what was not foreseen (Schedule 8, paragraph 4) no more "than 50 per cent".
    """

    @pytest.mark.parametrize(
        ("ground", "outcome"),
        [("schedule_8_other", "satisfied"), ("section_74_3", "satisfied"), ("reg_72_1_a", "breached")],
    )
    def test_a_ground_of_the_act_is_named(self, judged: JudgeFacts, ground: str, outcome: str) -> None:
        found = judged(change("£1 inc VAT", modification_ground=ground), on="2025-07-01")
        assert (found[GROUND].outcome, found["procurement.modification_ground"].outcome) == (outcome, "not_applicable")

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
    def test_a_below_threshold_modification_is_measured_alone_and_with_the_others(
        self, judged: JudgeFacts, kind: dict[str, str], increase: str, total: str, outcome: str
    ) -> None:
        totals = {"modification_ground": "section_74_4", "modification.total_increase": total}
        assert judged(change(increase, **kind, **totals), on="2025-07-01")[BELOW].outcome == outcome

    @pytest.mark.parametrize(
        ("buyer", "increase", "outcome"),
        [
            ("sub_central", "£500,000 inc VAT", "satisfied"),
            ("sub_central", "£500,000.01 inc VAT", "breached"),
            ("utility", "£500,000.01 inc VAT", "not_applicable"),
        ],
    )
    def test_what_was_not_foreseen_adds_half_at_most(
        self, judged: JudgeFacts, buyer: str, increase: str, outcome: str
    ) -> None:
        facts = change(increase, modification_ground="schedule_8_unforeseen", buyer=buyer)
        assert judged(facts, on="2025-07-01")[HALF].outcome == outcome


class TestSmallChangesOfLargeContracts:
    """Sections 74 and 75 are about the contract that is changed: what it was worth counts, not only what is added."""

    @pytest.mark.parametrize(
        ("original", "outcome"), [("£214,903.99 inc VAT", "not_applicable"), ("£214,904 inc VAT", "breached")]
    )
    def test_the_value_of_the_contract_before_the_change_counts(
        self, judged: JudgeFacts, original: str, outcome: str
    ) -> None:
        small = {"estimated_value": "£30,000 inc VAT", "modification.original_value": original}
        found = judged(change("£30,000 inc VAT", **small), on="2025-07-01")
        assert (found[GROUND].outcome, found[NOTICED].outcome) == (outcome, outcome)

    def test_it_is_put_on_the_vat_basis_of_the_threshold(self, judged: JudgeFacts) -> None:
        facts = change(
            "£2,160,000 ex VAT",
            contract_kind="works",
            procurement_commenced_on=date(2025, 3, 10),
            estimated_value="£2,160,000 ex VAT",
            modification_ground="reg_72_1_b",
            **{"modification.original_value": "£5,400,000 ex VAT", "supply.vat": "standard"},
        )
        found = judged(facts, on="2025-07-01")
        assert (found[GROUND].outcome, found[NOTICED].outcome) == ("breached", "breached")


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
    def test_the_notice_is_due_from_the_threshold_on(
        self, judged: JudgeFacts, facts: dict[str, str | bool], outcome: str
    ) -> None:
        award: dict[str, Any] = {
            "contract_kind": "goods_services",
            "procurement_commenced_on": date(2025, 6, 2),
            "estimated_value": "£900,000 inc VAT",
            "procurement_route": "direct_award",
            "notice.transparency": False,
            **facts,
        }
        assert judged(award, on="2025-07-01")[TRANSPARENT].outcome == outcome
