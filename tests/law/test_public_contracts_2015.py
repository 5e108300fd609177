"""The Public Contracts Regulations 2015, as far as the shipped pack holds them, through the shipped scheme."""

from datetime import date
from typing import Any

import pytest

from rules.packs.scheme import Scheme
from rules.values.money import Money, Vat
from tests.law.conftest import JudgeFacts

KEYS = {"buyer": "sub_central", "contract_kind": "goods_services"}
ROUTE, GROUND = "procurement.route_stated", "procurement.modification_ground"


def procurement(value: str = "£900,000 ex VAT", **facts: date | str) -> dict[str, Any]:
    """A purchase of goods or services by quotations, which commenced on 7 March 2018."""
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

    def test_the_figure_is_181302_pounds_without_vat_at_or_above(self, scheme: Scheme) -> None:
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
    def test_quotations_are_enough_to_the_penny_below_it(self, judged: JudgeFacts, value: str, outcome: str) -> None:
        assert judged(procurement(value))[ROUTE].outcome == outcome

    @pytest.mark.parametrize("value", ["£181,301.99 inc VAT", "£217,562.40 inc VAT", "£1,000,000 inc VAT"])
    def test_a_value_with_vat_is_tested_without_it_once_it_is_known_how_vat_bears_on_it(
        self, judged: JudgeFacts, value: str
    ) -> None:
        finding = judged(procurement(value))[ROUTE]
        assert finding.outcome == "undetermined"
        assert finding.missing == ("supply.vat",)
        assert finding.cure == "State supply.vat."
        outcome = "not_applicable" if value == "£181,301.99 inc VAT" else "breached"
        assert judged(procurement(value, **{"supply.vat": "standard"}))[ROUTE].outcome == outcome

    def test_a_breach_says_which_fact_what_was_expected_the_clause_and_the_cure(self, judged: JudgeFacts) -> None:
        finding = judged(procurement())[ROUTE]
        (seen,) = finding.observed_facts
        assert seen.fact == "procurement_route"
        assert seen.expected.startswith("is one of Open procedure, Restricted procedure")
        assert seen.actual == "Quotations, no regulated procedure"
        assert finding.citation.instrument == "Public Contracts Regulations 2015 (SI 2015/102)"
        assert finding.citation.link == "http://pcr2015.uk/regulations/regulation-26-choice-of-procedures/"
        assert finding.cure.startswith("State procurement_route")
        assert finding.blocks_gate

    def test_a_procurement_below_it_is_told_the_threshold_and_its_value(self, judged: JudgeFacts) -> None:
        (seen,) = judged(procurement("£181,301.99 ex VAT"))[ROUTE].observed_facts
        assert seen.expected == "is at least £181,302 excluding VAT (procurement.threshold)"
        assert seen.actual == "£181,301.99 excluding VAT"


class TestDayThatGoverns:
    """The threshold is that of the day on which the procurement commenced, whatever the day of the decision."""

    @pytest.mark.parametrize("commenced", [date(2018, 1, 1), date(2019, 12, 31)])
    def test_the_figure_holds_from_its_first_day_to_its_last(self, judged: JudgeFacts, commenced: date) -> None:
        facts = procurement("£181,302 ex VAT", procurement_commenced_on=commenced)
        assert judged(facts, on="2026-01-05")[ROUTE].outcome == "breached"

    @pytest.mark.parametrize(
        ("commenced", "value", "outcome"),
        [
            (date(2017, 12, 31), "£181,301.99 ex VAT", "breached"),
            (date(2020, 1, 1), "£181,302 ex VAT", "not_applicable"),
        ],
    )
    def test_the_figure_is_not_stretched_to_the_day_before_or_after(
        self, judged: JudgeFacts, commenced: date, value: str, outcome: str
    ) -> None:
        assert judged(procurement(value, procurement_commenced_on=commenced))[ROUTE].outcome == outcome

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
        self, judged: JudgeFacts, commenced: date, outcome: str
    ) -> None:
        facts = procurement(procurement_route="modification", procurement_commenced_on=commenced)
        assert judged(facts)[GROUND].outcome == outcome

    def test_without_that_day_the_threshold_cannot_be_told(self, judged: JudgeFacts) -> None:
        facts = procurement()
        del facts["procurement_commenced_on"]
        finding = judged(facts)[ROUTE]
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
    def test_each_kind_has_a_figure_of_its_own(
        self, judged: JudgeFacts, other: dict[str, str], value: str, outcome: str
    ) -> None:
        assert judged(procurement(value, **other))[ROUTE].outcome == outcome

    @pytest.mark.parametrize(
        ("other", "outcome"),
        [({"buyer": "utility"}, "breached"), ({"contract_kind": "concession"}, "not_applicable")],
    )
    def test_utilities_and_concessions_are_under_rules_of_their_own(
        self, judged: JudgeFacts, other: dict[str, str], outcome: str
    ) -> None:
        found = judged(procurement(**other))
        assert found[ROUTE].outcome == "not_applicable"
        assert found["procurement.other_route_stated"].outcome == outcome

    def test_a_figure_that_is_not_held_is_never_taken_from_another_kind(self, judged: JudgeFacts) -> None:
        """Concessions of utilities have no row of their own in the Act."""
        facts = procurement("£900,000 inc VAT", procurement_commenced_on=date(2025, 6, 2))
        other = judged({**facts, "buyer": "utility", "contract_kind": "concession"})["procurement.later_route_stated"]
        assert other.outcome == "undetermined"
        assert other.missing == ("procurement.threshold on 2025-06-02, first in force on 2016-04-18",)

    def test_without_the_kind_of_buyer_the_threshold_cannot_be_told(self, judged: JudgeFacts) -> None:
        assert judged(procurement(), given=False)[ROUTE].missing == ("buyer",)

    def test_where_no_contract_is_awarded_no_route_is_asked_for(self, judged: JudgeFacts) -> None:
        assert judged(procurement(contract_kind="none"))[ROUTE].outcome == "not_applicable"


class TestModificationOfContracts:
    """Regulation 72(1): a contract may be modified without a new procurement on one of the grounds (a) to (f)."""

    @pytest.mark.parametrize("limb", "abcdef")
    def test_any_one_of_its_grounds_is_named(self, judged: JudgeFacts, limb: str) -> None:
        facts = procurement(procurement_route="modification", modification_ground=f"reg_72_1_{limb}")
        found = judged(facts)
        assert (found[ROUTE].outcome, found[GROUND].outcome) == ("satisfied", "satisfied")

    def test_a_modification_without_a_ground_is_stopped_and_told_how_to_mend_it(self, judged: JudgeFacts) -> None:
        finding = judged(procurement(procurement_route="modification"))[GROUND]
        (seen,) = finding.observed_facts
        assert (finding.outcome, seen.fact, seen.expected, seen.actual) == (
            "breached",
            "modification_ground",
            "is known",
            None,
        )
        assert finding.citation.provision == "reg 72(1)"
        assert finding.cure == "State modification_ground as the limb of regulation 72(1) that is relied on."

    @pytest.mark.parametrize("route", ["open", "framework", "quotations"])
    def test_another_route_needs_no_ground(self, judged: JudgeFacts, route: str) -> None:
        assert judged(procurement(procurement_route=route))[GROUND].outcome == "not_applicable"


def modification(limb: str, original: str = "£1,000,000 ex VAT", **facts: date | str) -> dict[str, Any]:
    """A change of a contract for goods or services under a limb of regulation 72(1)."""
    about = {"procurement_route": "modification", "modification_ground": f"reg_72_1_{limb}"}
    return {**procurement(), **about, "modification.original_value": original, **facts}


class TestWhatAModificationMayAdd:
    """Regulation 72(1)(b), (c): a "price increase <= 50% of original", tested for each modification by itself.

    Regulation 72(1)(f) and (5): "less than 10% (or 15% in the case of works)" and below the threshold, all changes
    together.
    """

    HALF, SMALL = "procurement.modification_within_half", "procurement.modification_small"

    @pytest.mark.parametrize("limb", "bc")
    @pytest.mark.parametrize(
        ("increase", "outcome"), [("£500,000 ex VAT", "satisfied"), ("£500,000.01 ex VAT", "breached")]
    )
    def test_one_change_adds_half_at_most(self, judged: JudgeFacts, limb: str, increase: str, outcome: str) -> None:
        found = judged(modification(limb, **{"modification.increase": increase}))
        assert (found[self.HALF].outcome, found[self.SMALL].outcome) == (outcome, "not_applicable")

    @pytest.mark.parametrize(
        ("kind", "total", "outcome"),
        [
            ("goods_services", "£99,999.99 ex VAT", "satisfied"),
            ("goods_services", "£100,000 ex VAT", "breached"),
            ("works", "£149,999.99 ex VAT", "satisfied"),
            ("works", "£150,000 ex VAT", "breached"),
        ],
    )
    def test_small_changes_together_stay_within_their_share(
        self, judged: JudgeFacts, kind: str, total: str, outcome: str
    ) -> None:
        facts = modification("f", contract_kind=kind, **{"modification.total_increase": total})
        assert judged(facts)[self.SMALL].outcome == outcome

    @pytest.mark.parametrize(
        ("total", "outcome"), [("£181,301.99 ex VAT", "satisfied"), ("£181,302 ex VAT", "breached")]
    )
    def test_small_changes_together_stay_below_the_threshold_as_well(
        self, judged: JudgeFacts, total: str, outcome: str
    ) -> None:
        facts = modification("f", "£50,000,000 ex VAT", **{"modification.total_increase": total})
        assert judged(facts)[self.SMALL].outcome == outcome

    @pytest.mark.parametrize(("limb", "control"), [("b", HALF), ("c", HALF), ("f", SMALL)])
    def test_without_the_original_value_nobody_can_tell_and_it_is_asked_for(
        self, judged: JudgeFacts, limb: str, control: str
    ) -> None:
        facts = modification(limb, **{"modification.increase": "£1 ex VAT", "modification.total_increase": "£1 ex VAT"})
        del facts["modification.original_value"]
        finding = judged(facts)[control]
        assert (finding.outcome, finding.missing) == ("undetermined", ("modification.original_value",))
        assert finding.cure == "State modification.original_value."

    @pytest.mark.parametrize("facts", [{"modification_ground": "reg_72_1_a"}, {"contract_kind": "none"}])
    def test_another_limb_or_no_contract_is_not_measured(self, judged: JudgeFacts, facts: dict[str, str]) -> None:
        found = judged(modification("b", **facts))
        assert {found[self.HALF].outcome, found[self.SMALL].outcome} == {"not_applicable"}

    def test_without_a_ground_that_alone_is_asked_for(self, judged: JudgeFacts) -> None:
        facts = modification("b")
        del facts["modification_ground"]
        found = judged(facts)
        assert [found[name].outcome for name in (GROUND, self.HALF, self.SMALL)] == [
            "breached", "not_applicable", "not_applicable",
        ]  # fmt: skip
