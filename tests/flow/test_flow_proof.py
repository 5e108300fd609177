"""A scheme is refused if an action can never happen, with the way to it and what to change."""

from __future__ import annotations

import pytest

from rules.packs.bundle import Bundle
from rules.packs.scheme import Scheme
from rules.proving.flow import Flow
from rules.proving.flow_faults import flow_faults, flow_warnings
from rules.reading.yaml_reader import YamlFile, read_yaml
from tests.flow.authority import HEAD, RULES, village, village_bundle

CONTROL = """
  planted.rule:
    requirement: A planted rule is met.
    wrong: The planted rule is not met.
    cure: Take the planted rule out.
    when: {WHEN}
    requires: {REQUIRES}
    gates: [{GATES}]
    in_force: {from: 2024-01-01}
    citation: {provision: "9", basis: unverified}
"""


def with_rule(requires: str, gates: str, when: str = "{act.on: {known: true}}") -> Bundle:
    planted = CONTROL.replace("{WHEN}", when).replace("{REQUIRES}", requires).replace("{GATES}", gates)
    return village_bundle(rules=RULES + planted)


def messages(bundle: Bundle) -> list[str]:
    return [str(fault) for fault in flow_faults(bundle.scheme(), head_of(bundle))]


def head_of(bundle: Bundle) -> YamlFile:
    return read_yaml(bundle.files["schemes/village/scheme.yaml"], "schemes/village/scheme.yaml")


def test_the_village_has_no_dead_end() -> None:
    assert messages(village_bundle()) == []
    assert list(Flow(village()).reached_stages()) == ["draft", "signoff", "closed", "board", "done"]


def test_a_control_that_waits_for_a_later_act_is_a_deadlock() -> None:
    bundle = with_rule("{decision.reference: {known: true}}", "submit")
    [submit] = messages(bundle)
    assert "actions.submit: no case can ever do it at draft (where every case begins)" in submit
    assert "needs decision.reference, which only approve can record, later" in submit
    assert "Take submit out of the gates of the control, or add to its `when`" in submit


def test_it_names_the_shortest_way_to_the_stage() -> None:
    bundle = with_rule("{contract_copy: {known: true}}", "decide")
    [fault] = messages(bundle)
    assert "actions.approve: no case can ever do it at board (after submit, to-board)" in fault


def test_a_condition_on_a_later_act_leaves_a_shared_gate_shut_for_ever() -> None:
    bundle = with_rule("{decision.reference: {is: R1}}", "send_back", when="{decision.final: {is: true}}")
    found = messages(bundle)
    assert any("actions.withdraw: no case can ever do it at draft" in message for message in found)


def test_a_guard_that_the_fact_is_known_opens_it_again() -> None:
    guard = "{all: [{decision.final: {known: true}}, {decision.final: {is: true}}]}"
    assert messages(with_rule("{decision.reference: {is: R1}}", "send_back", when=guard)) == []


def test_what_only_some_cases_can_do_is_no_fault() -> None:
    """A paper that was returned can be withdrawn, though a new one cannot."""
    assert messages(with_rule("{title: {known: true}}", "send_back", when="{board.outcome: {is: approved}}")) == []


def test_an_outcome_that_no_act_before_can_have_is_impossible() -> None:
    bundle = with_rule("{board.outcome: {is: deferred}}", "note")
    [fault] = messages(bundle)
    assert "actions.note-contract" in fault
    assert "planted.rule, at its gate note, cannot be met there" in fault


@pytest.mark.parametrize(
    ("requires", "gates"),
    [
        ("{title: {known: true}}", "submit, decide"),
        ("{finance_check.outcome: {is: refused}}", "decide"),
        ("{any: [{contract_copy: {known: true}}, {title: {known: true}}]}", "submit"),
        ("{votes.for: {at_least: 3}}", "decide"),
        ("{board.rounds: {at_least: 2}}", "decide"),
    ],
)
def test_what_some_case_can_meet_is_no_fault(requires: str, gates: str) -> None:
    assert messages(with_rule(requires, gates)) == []


def warnings_of(head: str) -> list[str]:
    bundle = village_bundle(head=head)
    return [str(warning) for warning in flow_warnings(bundle.scheme(), head_of(bundle))]


def test_a_move_back_that_reopens_nothing_is_warned_of() -> None:
    [warning] = warnings_of(HEAD)
    assert "actions.look-again: moves a case back from board to signoff and reopens nothing" in warning
    assert "add `reopens: signoff`" in warning


def test_a_move_back_that_reopens_a_later_stage_alone_is_warned_of() -> None:
    found = warnings_of(HEAD.replace("stage: board, to: signoff,", "stage: board, to: signoff, reopens: board,"))
    assert any("look-again: moves a case to signoff and reopens board, which comes later" in each for each in found)


def test_tasks_that_no_control_looks_at_are_warned_of() -> None:
    rules = RULES.replace("act.tasks_done: {at_least: {fact: act.tasks_needed}}", "title: {known: true}")
    bundle = village_bundle(rules=rules)
    found = [str(warning) for warning in flow_warnings(bundle.scheme(), head_of(bundle))]
    assert any("stages.signoff.tasks: can be left undone: no control looks at them" in each for each in found)


def test_a_role_that_nobody_needs_is_warned_of() -> None:
    found = warnings_of(HEAD.replace("  chair: {label: Chair}\n", "  chair: {label: Chair}\n  clerk: {label: Clerk}\n"))
    assert any("roles.clerk: is a role that nobody needs" in warning for warning in found)


def test_the_newest_rules_are_those_that_are_proved() -> None:
    scheme: Scheme = village()
    assert Flow(scheme).day == scheme.declaration.in_force.first
