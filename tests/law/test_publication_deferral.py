"""Deferral of publication: its reason, its day, and why it cannot be shorter."""

from datetime import date
from typing import Any

import pytest

from tests.law.conftest import JudgeFacts

CONTROL = "deferral.shortest"
DEFERRED: dict[str, Any] = {
    "deferral.asked": True,
    "deferral.reason": "The suppliers are still to be told.",
    "deferral.until": date(2018, 5, 1),
    "deferral.no_longer": "The suppliers are told on 30 April 2018.",
}


class TestShortestLength:
    """Decision forms say that "Deferral periods should be kept to the shortest length strictly necessary"."""

    def test_a_deferral_that_states_its_reason_day_and_length_is_satisfied(self, judge: JudgeFacts) -> None:
        assert judge(DEFERRED)[CONTROL].outcome == "satisfied"

    @pytest.mark.parametrize("missing", ["deferral.reason", "deferral.until", "deferral.no_longer"])
    def test_a_deferral_without_one_of_these_is_a_breach_that_does_not_block(
        self, judge: JudgeFacts, missing: str
    ) -> None:
        finding = judge({fact: value for fact, value in DEFERRED.items() if fact != missing})[CONTROL]
        assert (finding.outcome, finding.blocks_gate) == ("breached", False)
        assert [seen.fact for seen in finding.observed_facts if seen.actual is None] == [missing]

    def test_without_a_deferral_the_control_does_not_apply(self, judge: JudgeFacts) -> None:
        assert judge({"deferral.asked": False})[CONTROL].outcome == "not_applicable"

    @pytest.mark.parametrize(("on", "outcome"), [("2012-01-15", "not_applicable"), ("2012-01-16", "breached")])
    def test_the_control_applies_from_the_first_day_of_elected_policing_bodies(
        self, judge: JudgeFacts, on: str, outcome: str
    ) -> None:
        assert judge({"deferral.asked": True}, on=on)[CONTROL].outcome == outcome
