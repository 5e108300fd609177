"""The deferral of publication: its reason, its day, and why it could not be shorter."""

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

    def test_a_deferral_says_why_it_is_no_longer(self, judged: JudgeFacts) -> None:
        assert judged(DEFERRED)[CONTROL].outcome == "satisfied"

    @pytest.mark.parametrize("missing", ["deferral.reason", "deferral.until", "deferral.no_longer"])
    def test_one_without_its_reason_its_day_or_its_necessity_is_found_and_does_not_shut_the_gate(
        self, judged: JudgeFacts, missing: str
    ) -> None:
        finding = judged({fact: value for fact, value in DEFERRED.items() if fact != missing})[CONTROL]
        assert (finding.outcome, finding.blocks_gate) == ("breached", False)
        assert [seen.fact for seen in finding.observed_facts if seen.actual is None] == [missing]

    def test_without_a_deferral_nothing_is_asked(self, judged: JudgeFacts) -> None:
        assert judged({"deferral.asked": False})[CONTROL].outcome == "not_applicable"

    @pytest.mark.parametrize(("on", "outcome"), [("2012-01-15", "not_applicable"), ("2012-01-16", "breached")])
    def test_it_is_asked_from_the_first_day_of_elected_policing_bodies(
        self, judged: JudgeFacts, on: str, outcome: str
    ) -> None:
        assert judged({"deferral.asked": True}, on=on)[CONTROL].outcome == outcome
