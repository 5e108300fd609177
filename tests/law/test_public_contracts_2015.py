"""The Public Contracts Regulations 2015, as far as the shipped pack has them, judged by the shipped scheme."""

from datetime import date
from typing import Any

import pytest

from rules.packs.scheme import Scheme
from rules.values.money import Money, Vat
from tests.law.conftest import JudgeFacts

KEYS = {"buyer": "sub_central", "contract_kind": "goods_services"}
ROUTE, GROUND = "procurement.route_stated", "procurement.modification_ground"


def procurement(value: str = "£900,000 ex VAT", **facts: date | str) -> dict[str, Any]:
    """Return a purchase of goods or services by quotations that commenced on 7 March 2018."""
    return {
        "contract_kind": "goods_services",
        "procurement_commenced_on": date(2018, 3, 7),
        "estimated_value": value,
        "procurement_route": "quotations",
        **facts,
    }


class TestThresholdOf2018:
    """The threshold for a sub-central authority's goods and services in 2018 and 2019 is £181,302 without VAT.

    A contract "at £181,302 or above must be procured in accordance with the Regulations": the legal comments
    of a decision of April 2018. The test is "equal to or exceeding".
    """

    def test_the_threshold_is_181302_pounds_without_vat_or_more(self, scheme: Scheme) -> None:
        row = scheme.rulebook.law.values["procurement.threshold"].in_force_on("", date(2018, 3, 7), KEYS)
        assert (row.figure, row.operator) == (Money(181_302_00, Vat.EXCLUDED), "at_least")

    @pytest.mark.parametrize(
        ("value", "outcome"),
        [
            ("£0 ex VAT", "not_applicable"),
            ("£181,301.99 ex VAT", "not_applicable"),
            ("£181,302 ex VAT", "breached"),
            ("£181,302.01 ex VAT", "breached"),
        ],
    )
    def test_quotations_are_enough_below_the_threshold(self, judge: JudgeFacts, value: str, outcome: str) -> None:
        assert judge(procurement(value))[ROUTE].outcome == outcome

    @pytest.mark.parametrize("value", ["£181,301.99 inc VAT", "£217,562.40 inc VAT", "£1,000,000 inc VAT"])
    def test_a_value_with_vat_is_compared_without_it_once_the_rate_is_known(
        self, judge: JudgeFacts, value: str
    ) -> None:
        finding = judge(procurement(value))[ROUTE]
        assert finding.outcome == "undetermined"
        assert finding.missing == ("supply.vat",)
        assert finding.cure == "Give “VAT treatment of the purchase” (supply.vat)."
        outcome = "not_applicable" if value == "£181,301.99 inc VAT" else "breached"
        assert judge(procurement(value, **{"supply.vat": "standard"}))[ROUTE].outcome == outcome

    def test_a_breach_gives_the_fact_the_expected_value_the_clause_and_the_cure(self, judge: JudgeFacts) -> None:
        finding = judge(procurement())[ROUTE]
        (seen,) = finding.observed_facts
        assert seen.fact == "procurement_route"
        assert seen.expected.startswith("is one of Open procedure, Restricted procedure")
        assert seen.actual == "Quotations, no regulated procedure"
        assert finding.citation.instrument == "Public Contracts Regulations 2015 (SI 2015/102)"
        assert finding.citation.link == "https://www.legislation.gov.uk/uksi/2015/102/part/2"
        assert finding.cure.startswith("Choose a procurement route")
        assert finding.blocks_gate

    def test_a_finding_below_the_threshold_shows_the_threshold_and_the_value(self, judge: JudgeFacts) -> None:
        (seen,) = judge(procurement("£181,301.99 ex VAT"))[ROUTE].observed_facts
        assert seen.expected == "is at least £181,302 excluding VAT (procurement.threshold)"
        assert seen.actual == "£181,301.99 excluding VAT"


class TestGoverningDay:
    """The threshold is the one of the day on which the procurement commenced, not of the decision."""

    @pytest.mark.parametrize("commenced", [date(2018, 1, 1), date(2019, 12, 31)])
    def test_the_threshold_holds_from_its_first_day_to_its_last(self, judge: JudgeFacts, commenced: date) -> None:
        facts = procurement("£181,302 ex VAT", procurement_commenced_on=commenced)
        assert judge(facts, on="2026-01-05")[ROUTE].outcome == "breached"

    @pytest.mark.parametrize(
        ("commenced", "value", "outcome"),
        [
            (date(2017, 12, 31), "£181,301.99 ex VAT", "breached"),
            (date(2020, 1, 1), "£181,302 ex VAT", "not_applicable"),
        ],
    )
    def test_the_threshold_does_not_hold_the_day_before_or_after(
        self, judge: JudgeFacts, commenced: date, value: str, outcome: str
    ) -> None:
        assert judge(procurement(value, procurement_commenced_on=commenced))[ROUTE].outcome == outcome

    @pytest.mark.parametrize(
        ("commenced", "outcome"),
        [
            (date(2015, 2, 25), "not_applicable"),
            (date(2015, 2, 26), "breached"),
            (date(2025, 2, 23), "breached"),
            (date(2025, 2, 24), "not_applicable"),
        ],
    )
    def test_the_regulations_apply_from_26_february_2015_to_23_february_2025(
        self, judge: JudgeFacts, commenced: date, outcome: str
    ) -> None:
        facts = procurement(
            procurement_route="modification", procurement_commenced_on=commenced, modified_on=date(2016, 4, 17)
        )
        assert judge(facts)[GROUND].outcome == outcome

    def test_without_the_governing_day_the_control_is_undetermined(self, judge: JudgeFacts) -> None:
        facts = procurement()
        del facts["procurement_commenced_on"]
        finding = judge(facts)[ROUTE]
        assert finding.outcome == "undetermined"
        assert "procurement_commenced_on" in finding.missing


class TestKindOfBuyerAndContract:
    """Thresholds differ for central and sub-central buyers, and for goods and services, works and the rest."""

    @pytest.mark.parametrize(
        ("other", "value", "outcome"),
        [
            ({"buyer": "central"}, "£118,132.99 ex VAT", "not_applicable"),
            ({"buyer": "central"}, "£118,133 ex VAT", "breached"),
            ({"contract_kind": "works"}, "£4,551,412.99 ex VAT", "not_applicable"),
            ({"contract_kind": "works"}, "£4,551,413 ex VAT", "breached"),
            ({"contract_kind": "light_touch"}, "£615,277.99 ex VAT", "not_applicable"),
            ({"contract_kind": "light_touch"}, "£615,278 ex VAT", "not_applicable"),
        ],
    )
    def test_each_kind_has_its_own_threshold(
        self, judge: JudgeFacts, other: dict[str, str], value: str, outcome: str
    ) -> None:
        assert judge(procurement(value, **other))[ROUTE].outcome == outcome

    @pytest.mark.parametrize(
        ("other", "outcome"),
        [({"buyer": "utility"}, "breached"), ({"contract_kind": "concession"}, "not_applicable")],
    )
    def test_utilities_and_concessions_have_their_own_rules(
        self, judge: JudgeFacts, other: dict[str, str], outcome: str
    ) -> None:
        findings = judge(procurement(**other))
        assert findings[ROUTE].outcome == "not_applicable"
        assert findings["procurement.other_route_stated"].outcome == outcome

    def test_a_missing_threshold_is_never_taken_from_another_kind(self, judge: JudgeFacts) -> None:
        """Concessions of utilities have no row of their own in the Act."""
        facts = procurement("£900,000 inc VAT", procurement_commenced_on=date(2025, 6, 2))
        other = judge({**facts, "buyer": "utility", "contract_kind": "concession"})["procurement.later_route_stated"]
        assert other.outcome == "undetermined"
        assert other.missing == (
            "procurement.threshold on 2025-06-02, last in force on 2025-02-23, and first on 2016-04-18",
        )

    def test_without_the_kind_of_buyer_the_control_is_undetermined(self, judge: JudgeFacts) -> None:
        assert judge(procurement(), with_authority_facts=False)[ROUTE].missing == ("buyer",)

    def test_without_a_contract_no_route_is_needed(self, judge: JudgeFacts) -> None:
        assert judge(procurement(contract_kind="none"))[ROUTE].outcome == "not_applicable"


class TestModificationOfContracts:
    """Regulation 72(1): a contract may be modified without a new procurement on one of the grounds (a) to (f)."""

    @pytest.mark.parametrize("limb", "abcdef")
    def test_any_one_of_the_grounds_is_enough(self, judge: JudgeFacts, limb: str) -> None:
        facts = procurement(procurement_route="modification", modification_ground=f"reg_72_1_{limb}")
        findings = judge(facts)
        assert (findings[ROUTE].outcome, findings[GROUND].outcome) == ("satisfied", "satisfied")

    def test_a_modification_without_a_ground_is_a_breach_with_a_cure(self, judge: JudgeFacts) -> None:
        finding = judge(procurement(procurement_route="modification"))[GROUND]
        (seen,) = finding.observed_facts
        assert (finding.outcome, seen.fact, seen.expected, seen.actual) == (
            "breached",
            "modification_ground",
            "is known",
            None,
        )
        assert finding.citation.provision == "reg 72(1) and (9), with reg 118(5B) to (5D)"
        assert finding.cure == "Choose the limb of regulation 72(1) that you rely on."

    @pytest.mark.parametrize("route", ["open", "framework", "quotations"])
    def test_another_route_needs_no_ground(self, judge: JudgeFacts, route: str) -> None:
        assert judge(procurement(procurement_route=route))[GROUND].outcome == "not_applicable"


def modification(limb: str, original: str = "£1,000,000 ex VAT", **facts: date | str) -> dict[str, Any]:
    """Return a change of a contract for goods or services under a limb of regulation 72(1)."""
    route = {"procurement_route": "modification", "modification_ground": f"reg_72_1_{limb}"}
    return {**procurement(), **route, "modification.original_value": original, **facts}


class TestLimitsOfModifications:
    """Regulation 72(1)(b), (c): a price increase that "does not exceed 50%", tested for each modification by itself.

    Regulation 72(1)(f) and (5): "below" the threshold and 10 % (works: 15 %) of the initial value, all together.
    """

    HALF, SMALL = "procurement.modification_within_half", "procurement.modification_small"

    @pytest.mark.parametrize("limb", "bc")
    @pytest.mark.parametrize(
        ("increase", "outcome"), [("£500,000 ex VAT", "satisfied"), ("£500,000.01 ex VAT", "breached")]
    )
    def test_one_change_adds_at_most_half(self, judge: JudgeFacts, limb: str, increase: str, outcome: str) -> None:
        findings = judge(modification(limb, **{"modification.increase": increase}))
        assert (findings[self.HALF].outcome, findings[self.SMALL].outcome) == (outcome, "not_applicable")

    @pytest.mark.parametrize(
        ("kind", "total", "outcome"),
        [
            ("goods_services", "£99,999.99 ex VAT", "satisfied"),
            ("goods_services", "£100,000 ex VAT", "breached"),
            ("works", "£149,999.99 ex VAT", "satisfied"),
            ("works", "£150,000 ex VAT", "breached"),
        ],
    )
    def test_small_changes_together_stay_within_the_percentage(
        self, judge: JudgeFacts, kind: str, total: str, outcome: str
    ) -> None:
        facts = modification("f", contract_kind=kind, **{"modification.total_increase": total})
        assert judge(facts)[self.SMALL].outcome == outcome

    @pytest.mark.parametrize(
        ("total", "outcome"), [("£181,301.99 ex VAT", "satisfied"), ("£181,302 ex VAT", "breached")]
    )
    def test_small_changes_together_stay_below_the_threshold(self, judge: JudgeFacts, total: str, outcome: str) -> None:
        facts = modification("f", "£50,000,000 ex VAT", **{"modification.total_increase": total})
        assert judge(facts)[self.SMALL].outcome == outcome

    @pytest.mark.parametrize(("limb", "control"), [("b", HALF), ("c", HALF), ("f", SMALL)])
    def test_without_the_original_value_the_control_is_undetermined(
        self, judge: JudgeFacts, limb: str, control: str
    ) -> None:
        facts = modification(limb, **{"modification.increase": "£1 ex VAT", "modification.total_increase": "£1 ex VAT"})
        del facts["modification.original_value"]
        finding = judge(facts)[control]
        assert (finding.outcome, finding.missing) == ("undetermined", ("modification.original_value",))
        assert finding.cure == "Give “Value of the contract before this change” (modification.original_value)."

    @pytest.mark.parametrize("facts", [{"modification_ground": "reg_72_1_a"}, {"contract_kind": "none"}])
    def test_the_limits_do_not_apply_to_other_limbs(self, judge: JudgeFacts, facts: dict[str, str]) -> None:
        findings = judge(modification("b", **facts))
        assert {findings[self.HALF].outcome, findings[self.SMALL].outcome} == {"not_applicable"}

    def test_without_a_ground_only_the_ground_is_a_breach(self, judge: JudgeFacts) -> None:
        facts = modification("b")
        del facts["modification_ground"]
        findings = judge(facts)
        assert [findings[name].outcome for name in (GROUND, self.HALF, self.SMALL)] == [
            "breached", "not_applicable", "not_applicable",
        ]  # fmt: skip


class TestContractsOfTheRegulationsOf2006:
    """Regulation 118(5B) and (5C): a contract "awarded under the 2006 Regulations" is "subject to regulations 72".

    SI 2016/275, Schedule 2, paragraph 23, in force on 18 April 2016.
    """

    @pytest.mark.parametrize(
        ("modified", "outcome"), [(date(2016, 4, 17), "not_applicable"), (date(2016, 4, 18), "breached")]
    )
    def test_the_day_of_the_change_decides(self, judge: JudgeFacts, modified: date, outcome: str) -> None:
        facts = modification("b", procurement_commenced_on=date(2013, 5, 1), modified_on=modified)
        facts["modification.increase"] = "£800,000 ex VAT"
        assert judge(facts)[TestLimitsOfModifications.HALF].outcome == outcome

    def test_without_the_day_of_the_change_it_is_undetermined(self, judge: JudgeFacts) -> None:
        finding = judge(modification("b", procurement_commenced_on=date(2013, 5, 1)))[GROUND]
        assert (finding.outcome, finding.missing) == ("undetermined", ("modified_on",))

    @pytest.mark.parametrize("facts", [{"contract_kind": "concession"}, {"contract_kind": "light_touch_concession"}])
    def test_concessions_are_not_under_regulation_72(self, judge: JudgeFacts, facts: dict[str, str]) -> None:
        findings = judge(modification("b", **facts))
        assert {findings[GROUND].outcome, findings[TestLimitsOfModifications.HALF].outcome} == {"not_applicable"}
