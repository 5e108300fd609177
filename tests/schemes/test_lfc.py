"""The London Fire Commissioner under the Governance Direction of 2018: which decisions need prior approval."""

from datetime import date

import pytest

from rules.errors import NotInForce
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue
from rules.values.money import Money, Vat, parse_money
from tests.schemes.conftest import control_outcome, shipped_library

DAY = date(2018, 6, 20)
LONG_WAY = ["submit", "board-support", "resilience-support", "gla-board-support", "approve-prior", "decide", "publish"]
SHORT_WAY = ["submit", "board-clear", "decide", "publish"]


@pytest.fixture(scope="module")
def lfc() -> Scheme:
    return shipped_library().scheme("lfc")


class TestPriorApproval:
    """“The prior approval of the Deputy Mayor for Fire shall be obtained before” certain decisions.

    “A commitment to expenditure (capital or revenue) of £150,000 or above” (Governance Direction 2018).
    """

    @pytest.mark.parametrize(
        ("value", "not_needed", "obtained"),
        [
            ("£149,999.99", "satisfied", "not_applicable"),
            ("£150,000", "breached", "breached"),
            ("£150,000.01", "breached", "breached"),
        ],
    )
    @pytest.mark.parametrize("basis", ["ex VAT", "inc VAT"])
    def test_at_the_limit_the_commissioner_does_not_decide_alone(
        self, lfc: Scheme, value: str, basis: str, not_needed: str, obtained: str
    ) -> None:
        facts: dict[str, FactValue] = {
            "estimated_value": parse_money(f"{value} {basis}"),
            "direction.other_head": False,
        }
        assert control_outcome(lfc, "prior_approval.not_needed", facts) == not_needed
        assert control_outcome(lfc, "prior_approval.obtained", facts) == obtained

    def test_other_heads_of_the_direction_need_prior_approval_at_any_value(self, lfc: Scheme) -> None:
        facts: dict[str, FactValue] = {"estimated_value": parse_money("£1 ex VAT"), "direction.other_head": True}
        assert control_outcome(lfc, "prior_approval.not_needed", facts) == "breached"

    def test_only_an_act_of_the_deputy_mayor_is_prior_approval(self, lfc: Scheme) -> None:
        facts: dict[str, FactValue] = {
            "estimated_value": parse_money("£150,000 ex VAT"),
            "deputy_mayor.outcome": "approved",
            "deputy_mayor.on": DAY,
        }
        assert (
            control_outcome(lfc, "prior_approval.obtained", {**facts, "deputy_mayor.role": "deputy_mayor"})
            == "satisfied"
        )
        assert (
            control_outcome(lfc, "prior_approval.obtained", {**facts, "deputy_mayor.role": "commissioner"})
            == "breached"
        )

    def test_the_limit_has_its_operator_and_an_unread_limit_is_not_set(self, lfc: Scheme) -> None:
        values = lfc.rulebook.law.values
        row = values["prior_approval.limit"].in_force_on("", DAY, {})
        assert (row.figure, row.operator) == (Money(150_000_00, Vat.UNSTATED), "at_least")
        assert values["commissioner.officer_limit"].history == ()


class TestPeriod:
    """On 1 April 2018 the London Fire Commissioner was established."""

    def test_the_limit_and_the_scheme_begin_on_that_day(self, lfc: Scheme) -> None:
        lfc.refuse_out_of_force(date(2018, 4, 1))
        assert lfc.rulebook.law.values["prior_approval.limit"].in_force_on("", date(2018, 4, 1), {})

    def test_neither_is_in_force_before_that_day(self, lfc: Scheme) -> None:
        with pytest.raises(NotInForce, match="first in force on 2018-04-01"):
            lfc.refuse_out_of_force(date(2018, 3, 31))
        with pytest.raises(NotInForce, match="first in force on 2018-04-01"):
            lfc.rulebook.law.values["prior_approval.limit"].in_force_on("prior_approval.limit", date(2018, 3, 31), {})


class TestChain:
    """“Reports for decisions are taken to a Commissioner's Board.”

    “Where the Mayor or Deputy Mayor must approve a decision, it will then be discussed at a meeting of the Deputy
    Mayor's Fire and Resilience Board”.
    """

    @pytest.mark.parametrize("actions", [LONG_WAY, SHORT_WAY])
    def test_each_act_leads_to_the_stage_of_the_next(self, lfc: Scheme, actions: list[str]) -> None:
        steps = [lfc.action(name) for name in actions]
        assert [step.to for step in steps[:-1]] == [step.stages[0] for step in steps[1:]]
        assert (steps[0].stages[0], steps[-1].to) == ("draft", "published")

    def test_only_the_deputy_mayor_gives_prior_approval_and_only_the_commissioner_decides(self, lfc: Scheme) -> None:
        assert lfc.action("approve-prior").who == ("deputy_mayor",)
        assert [action.who for action in lfc.declaration.actions.values() if action.gate == "decide"] == [
            ("commissioner",)
        ]
