"""An act in spite of a control: only of those that the scheme names, by who may on that day, for what blocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

import pytest

from rules.errors import InputError
from rules.packs.library import Library
from rules.packs.scheme import Scheme
from tests.flow.authority import FIRST_DAY, OFFICE_HEAD, PEOPLE, RULES, VillageCase, office_library, person
from workflow.cases.appointments import Appointment, Term
from workflow.cases.events import Act, ActContext, Event
from workflow.cases.life import decide
from workflow.cases.officers import Officer
from workflow.cases.records import evolve_full_case
from workflow.errors import NotEntitled, Refusal

WHY = "The others are away until Monday."
OVERRIDES = """
overrides:
  tasks.enough: {who: [author, clerk], citation: {instrument: Standing orders, provision: "11", basis: unverified}}
  board.majority: {who: [clerk], citation: {instrument: Standing orders, provision: "11", basis: unverified}}
  board.rounds: {who: [chair], citation: {instrument: Standing orders, provision: "11", basis: unverified}}
"""
NEEDS_REFERENCE = """
  decision.referenced:
    requirement: A decision has a reference.
    wrong: It has none.
    cure: Give one.
    when: {act.action: {is: approve}}
    requires: {decision.reference: {known: true}}
    gates: [decide]
    in_force: {from: 2024-01-01}
    citation: {provision: "12", basis: unverified}
"""
CHAIR_AND_CLERK = person("Chris Clerk", "chair", "clerk")


@cache
def scheme() -> Scheme:
    """Return the village in which some controls can be overridden."""
    files = {
        **office_library().files,
        "schemes/village/scheme.yaml": (OFFICE_HEAD + OVERRIDES).encode(),
        "schemes/village/rules.yaml": (RULES + NEEDS_REFERENCE).encode(),
    }
    return Library(files).scheme("village")


def at_sign_off() -> VillageCase:
    """Return a case with one sign-off of the two that it needs."""
    return VillageCase(scheme()).open().act("submit").act("sign-legal")


def at_the_board() -> VillageCase:
    """Return a case before the board, for which nobody has voted."""
    return at_sign_off().act("sign-risk").act("to-board")


def override(
    case: VillageCase,
    action: str,
    overrides: Mapping[str, str],
    officer: Officer,
    on: date | None = None,
    **stated: str,
) -> Event:
    """Do an act in spite of controls, and return its event."""
    facts = {name.replace("_o_", "."): value for name, value in stated.items()}
    command = Act(action, facts, overrides)
    accepted = decide(case.full_case, command, scheme(), officer, ActContext(on or case.day, ""))
    assert accepted.ruling is not None
    assert set(overrides) <= set(accepted.ruling.blocking_controls()), "the finding stays breached"
    case.full_case = evolve_full_case(case.full_case, accepted.event)
    return accepted.event


def test_one_who_may_goes_on_with_too_few_sign_offs_and_the_reason_stands_in_the_record() -> None:
    case = at_sign_off()
    event = override(case, "to-board", {"tasks.enough": WHY}, PEOPLE["author"])
    assert event.overrides == {"tasks.enough": WHY}
    assert (case.case.stage, case.case.acts[-1].describe_overrides()) == ("board", f"in spite of tasks.enough: {WHY}")


def test_an_override_does_not_count_for_the_next_act() -> None:
    case = at_sign_off()
    override(case, "to-board", {"tasks.enough": WHY}, PEOPLE["author"])
    with pytest.raises(Refusal) as refused:
        override(case, "approve", {}, CHAIR_AND_CLERK, decision_o_reference="R1")
    assert refused.value.ruling.blocking_controls() == ("board.majority",)


@pytest.mark.parametrize(
    ("overrides", "blocking"),
    [
        ({}, {"board.majority", "decision.referenced"}),
        ({"board.majority": WHY}, {"board.majority", "decision.referenced"}),
    ],
)
def test_all_that_blocks_must_be_overridden(overrides: Mapping[str, str], blocking: set[str]) -> None:
    with pytest.raises(Refusal) as refused:
        override(at_the_board(), "approve", overrides, CHAIR_AND_CLERK)
    assert set(refused.value.ruling.blocking_controls()) == blocking


@pytest.mark.parametrize(
    ("control", "advice"),
    [
        ("decision.referenced", "There are: tasks.enough, board.majority, board.rounds."),
        ("board.majorty", "Did you mean board.majority?"),
        ("stages.in_order", "There are: tasks.enough"),
        ("", "There are: tasks.enough"),
        ("separation.author_and_chair", "There are: tasks.enough"),
    ],
)
def test_a_control_that_the_scheme_does_not_name_cannot_be(control: str, advice: str) -> None:
    with pytest.raises(InputError, match="cannot be overridden under village") as refused:
        override(at_the_board(), "approve", {control: WHY}, CHAIR_AND_CLERK, decision_o_reference="R1")
    assert advice in refused.value.advice()


def test_what_is_met_is_not_overridden_even_if_it_can_be() -> None:
    case = at_sign_off().act("sign-risk")
    with pytest.raises(InputError, match=r"tasks\.enough does not block to-board"):
        override(case, "to-board", {"tasks.enough": WHY}, PEOPLE["author"])


def test_what_guards_another_gate_is_not_overridden() -> None:
    with pytest.raises(InputError, match=r"board\.rounds does not block approve"):
        override(
            at_the_board(), "approve", {"board.majority": WHY, "board.rounds": WHY}, CHAIR_AND_CLERK,
            decision_o_reference="R1",
        )  # fmt: skip


def test_who_may_act_but_not_override_is_not_entitled() -> None:
    with pytest.raises(NotEntitled, match=r"Chair Person may not override board.majority: only Clerk \(clerk\) may"):
        override(at_the_board(), "approve", {"board.majority": WHY}, PEOPLE["chair"], decision_o_reference="R1")


def test_who_may_override_but_not_act_is_not_entitled() -> None:
    clerk = person("Clerk Person", "clerk")
    with pytest.raises(NotEntitled, match="Clerk Person may not approve"):
        override(at_the_board(), "approve", {"board.majority": WHY}, clerk, decision_o_reference="R1")


@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (10, True), (11, False)])
def test_the_role_that_overrides_must_be_held_on_the_day_of_the_act(days: int, may: bool) -> None:
    case = at_the_board()
    start = case.day + timedelta(1)
    term = Term(start, start + timedelta(10))
    officer = Officer("o", "O", (Appointment("chair", "village"), Appointment("clerk", "village", term)))
    on = start + timedelta(days)
    if may:
        override(case, "approve", {"board.majority": WHY}, officer, on, decision_o_reference="R1")
        assert case.case.stage == "done"
    else:
        with pytest.raises(NotEntitled, match=r"may not override board\.majority"):
            override(case, "approve", {"board.majority": WHY}, officer, on, decision_o_reference="R1")


def test_a_deputy_overrides_for_whom_he_stands_in() -> None:
    as_deputy = Appointment("clerk", "village", instrument="Letter", acts_for="Clerk Person")
    officer = Officer("o", "O", (Appointment("chair", "village"), as_deputy))
    event = override(at_the_board(), "approve", {"board.majority": WHY}, officer, decision_o_reference="R1")
    assert (event.capacity, event.acts_for) == ("chair", "")


def test_a_wrong_stage_stays_wrong_whatever_is_overridden() -> None:
    case = at_sign_off()
    with pytest.raises(Refusal) as refused:
        override(case, "approve", {"board.majority": WHY}, CHAIR_AND_CLERK, decision_o_reference="R1")
    assert "stages.in_order" in refused.value.ruling.blocking_controls()
    assert case.day > FIRST_DAY


def test_who_must_be_apart_stays_apart() -> None:
    author_and_clerk = person("Author Person", "author", "chair", "clerk")
    with pytest.raises(Refusal) as refused:
        override(at_the_board(), "approve", {"board.majority": WHY}, author_and_clerk, decision_o_reference="R1")
    assert "separation.author_and_chair" in refused.value.ruling.blocking_controls()


def test_the_limit_of_rounds_can_be_overridden_by_the_chair_alone() -> None:
    case = at_the_board()
    for _ in range(2):
        case.act_with("defer", {"send_back.reason": "Later."}, PEOPLE["chair"])
    with pytest.raises(Refusal):
        override(case, "defer", {}, PEOPLE["chair"], send_back_o_reason="Later.")
    override(case, "defer", {"board.rounds": WHY}, PEOPLE["chair"], send_back_o_reason="Later.")
    assert case.case.rounds["board"] == 4
