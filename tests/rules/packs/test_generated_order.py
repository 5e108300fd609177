"""What the order of a scheme's stages implies is checked of each pair of stages, whatever lies between them."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest

from rules.judging.rule_compiler import check_compilable
from rules.language.condition_parser import ConditionParser
from rules.language.conditions import AllOf
from rules.packs.flow_schema import AUDIT_ELSEWHERE
from rules.packs.generated_order import PAST_DAY, PAST_ORDER, PAST_ROLE, past_rules
from rules.reading.yaml_reader import read_yaml
from rules.values.facts import FactValue
from tests.rules.manual_packs import manual_scheme
from tests.workflow.walk import shipped_library
from workflow.cases.ruling import GateCheck, make_ruling

ORDER = ("advice", "declaration", "certificate", "decision", "publication")
"""The stages of the manual's scheme that record an outcome."""
OUTCOMES = ("supported", "declared", "certified", "approved", "published")
SCHEMES = ("board", "council", "gla", "lfc", "mopac")


def outcome(control: str, facts: dict[str, FactValue]) -> str:
    check = GateCheck("past.yaml", AUDIT_ELSEWHERE, AUDIT_ELSEWHERE, frozenset())
    ruling = make_ruling(check, {"act.on": date(2024, 6, 3), **facts}, {}, manual_scheme().rulebook, "")
    return next(finding.outcome for finding in ruling.findings if finding.control == control)


def done(**days: date) -> dict[str, FactValue]:
    """Return the outcomes and days of some stages."""
    facts: dict[str, FactValue] = {}
    for stage, day in days.items():
        facts |= {f"{stage}.outcome": OUTCOMES[ORDER.index(stage)], f"{stage}.on": day}
    return facts


@pytest.mark.parametrize("pair", list(combinations(ORDER, 2)), ids="-".join)
class TestEachPairOfStages:
    def test_the_later_stage_is_not_earlier(self, pair: tuple[str, str]) -> None:
        first, second = pair
        wrong = done(**{first: date(2024, 6, 4), second: date(2024, 6, 3)})
        assert outcome(f"{PAST_ORDER}{second}", wrong) == "breached"

    def test_on_the_same_day_nothing_is_wrong(self, pair: tuple[str, str]) -> None:
        same = done(**dict.fromkeys(pair, date(2024, 6, 3)))
        assert outcome(f"{PAST_ORDER}{pair[1]}", same) in ("satisfied", "undetermined")

    def test_the_earlier_stage_must_have_led_on(self, pair: tuple[str, str]) -> None:
        first, second = pair
        returned = done(**dict.fromkeys(pair, date(2024, 6, 3))) | {f"{first}.outcome": "returned"}
        if "returned" in manual_scheme().declaration.outcomes_under(first):
            assert outcome(f"{PAST_ORDER}{second}", returned) == "breached"


def test_all_stages_in_order_are_satisfied() -> None:
    facts = done(**{stage: date(2024, 6, day) for day, stage in enumerate(ORDER, 3)})
    for task in ("safety_check", "planting_check"):
        facts |= {f"{task}.outcome": "checked", f"{task}.on": date(2024, 6, 4)}
    assert {outcome(f"{PAST_ORDER}{stage}", facts) for stage in ORDER[1:]} == {"satisfied"}


def test_what_is_not_recorded_is_not_compared() -> None:
    assert outcome(f"{PAST_ORDER}decision", done(decision=date(2024, 6, 3))) == "undetermined"


class TestRoles:
    def test_a_role_that_may_act_is_right_and_another_is_not(self) -> None:
        assert outcome(f"{PAST_ROLE}advice", {"advice.outcome": "supported", "advice.role": "manager"}) == "satisfied"
        assert outcome(f"{PAST_ROLE}advice", {"advice.outcome": "supported", "advice.role": "chair"}) == "breached"


class TestDaysStatedTwice:
    def test_both_must_be_one_day(self) -> None:
        same: dict[str, FactValue] = {"decision.on": date(2024, 6, 3), "decided_on": date(2024, 6, 3)}
        assert outcome(f"{PAST_DAY}decided_on", same) == "satisfied"
        assert outcome(f"{PAST_DAY}decided_on", {**same, "decided_on": date(2024, 6, 2)}) == "breached"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_generated_control_is_what_a_pack_would_write(scheme: str) -> None:
    """Somebody who reads the declaration reads the same conditions that are judged."""
    linked = shipped_library().scheme(scheme)
    parser = ConditionParser(read_yaml("a: 1", "law/a.yaml"), linked.rulebook.facts, linked.rulebook.law.values)
    for rule in past_rules(linked.declaration):
        control = linked.rulebook.controls[rule.name]
        check_compilable(control.applies)
        check_compilable(control.requires)
        assert control.declaration.gates == (AUDIT_ELSEWHERE,)
        assert parser.parse(control.declaration.requires, ("requires",)) == control.requires
        assert isinstance(control.applies, AllOf)
        assert parser.parse(control.declaration.when, ("when",)) == control.applies.conditions[-1]
    assert not parser.faults
