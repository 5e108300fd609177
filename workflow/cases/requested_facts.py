"""The facts that an officer states with an act, against those that the action asks for, and against the decision.

Invariants:
- A fact that is refused comes with where it can still be stated: in the paper, with another act, or as a correction.
- What the decision recorded stays: a later act may add an answer that the decision left open, and never replaces one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from rules.errors import InputError, raise_together
from rules.packs.flow_schema import Action
from rules.packs.scheme import Scheme
from rules.values.facts import address_of, is_address, split_address
from rules.values.suggestions import did_you_mean
from rules.values.text import list_alternatives
from workflow.cases.case import Case, RecordedAct
from workflow.cases.events import Act
from workflow.cases.officers import Officer


def refuse_unrequested_facts(
    command: Act, scheme: Scheme, officer: Officer, stage: str, can_amend: Callable[[], bool]
) -> None:
    """Raise `InputError` for every fact that an action does not ask for, or not of this officer.

    `can_amend` returns whether the paper can be amended now.
    """
    action = scheme.action(command.action)
    errors = []
    for address in command.stated:
        fact, key = scheme.rulebook.facts.split_address(address) if is_address(address) else (address, "")
        if fact not in action.asks:
            advice = _advise_unrequested_fact(scheme, action, address, stage, can_amend)
            errors.append(InputError(f"{command.action} does not ask for {address!r}", advice))
        elif action.own and key and key != officer.id:
            message = f"{command.action} takes facts about the officer who acts alone"
            errors.append(
                InputError(f"{address} is not about {officer.name}: {message}", f"Write {address_of(fact, officer.id)}")
            )
    raise_together(errors, f"answers do not belong to {command.action}")


def refuse_empty_act(command: Act, action: Action) -> None:
    """Raise `InputError` if an action would leave the case as it is, because nothing is stated with it."""
    if action.records_only_answers and not command.stated:
        listed = ", ".join(action.asks)
        raise InputError(f"{command.action} records nothing without an answer", f"Give at least one of {listed}.")


def refuse_changed_decision(command: Act, case: Case, scheme: Scheme, voids: Collection[int]) -> None:
    """Raise `InputError` for every answer of the decision that a later act would replace.

    An act that decides anew may, and so may one that voids the decision; `voids` are the versions of what it voids.
    """
    deciding = _find_deciding_act(case, scheme)
    action = scheme.declaration.actions.get(deciding.action) if deciding else None
    decides = scheme.decision_day in scheme.action(command.action).dates
    if deciding is None or action is None or decides or deciding.version in voids:
        return
    decided = {
        address: act
        for act in case.acts
        if act.version >= deciding.version
        for address in act.facts.keys() - act.voided
        if split_address(address)[0] in action.asks
    }
    errors = [
        InputError(
            f"{address} was recorded with {act.action} of {act.on.isoformat()}, and what was decided stays",
            " ".join(_ways_to_correct(scheme, address, case.stage)),
        )
        for address, act in decided.items()
        if command.stated.get(address, case.facts.get(address)) != case.facts.get(address)
    ]
    raise_together(errors, f"{command.action} does not change what was decided")


def _find_deciding_act(case: Case, scheme: Scheme) -> RecordedAct | None:
    """Return the latest act that decided a case, if its decision still counts."""
    day = scheme.decision_day
    return next((act for act in reversed(case.acts) if day in act.facts.keys() - act.voided), None)


def _ways_to_correct(scheme: Scheme, address: str, stage: str) -> list[str]:
    """Return how an answer of a decided case can be corrected at a stage; empty if it cannot."""
    rules = scheme.declaration.corrections
    if not rules or stage not in rules.stages:
        return []
    return [f"Correct the decided case: assent case correct CASE --set {address}=… --reason '…'"]


def _advise_unrequested_fact(
    scheme: Scheme, action: Action, address: str, stage: str, can_amend: Callable[[], bool]
) -> str:
    """Return what to do with a fact that an act does not ask for, at the stage of the case."""
    facts = scheme.rulebook.facts
    if is_address(address) and split_address(address)[0] in facts and scheme.may_be_stated(address):
        return _advise_paper_fact(scheme, address, stage, can_amend=can_amend())
    fact = split_address(address)[0] if is_address(address) else address
    asking = [name for name, other in scheme.declaration.actions.items() if fact in other.asks]
    listed = f"It asks for {', '.join(action.asks)}." if action.asks else "It asks for nothing."
    elsewhere = f"It is stated with {' or '.join(asking)}." if asking else ""
    return elsewhere or did_you_mean(address, action.asks) or listed


def _advise_paper_fact(scheme: Scheme, address: str, stage: str, *, can_amend: bool) -> str:
    """Return how a fact of the paper can still be stated at a stage."""
    amend = f"assent case amend CASE --set {address}=…"
    if can_amend:
        return f"It belongs to the paper: {amend}"
    ways = _ways_to_correct(scheme, address, stage)
    back = [name for name, action in scheme.actions_at(stage).items() if action.reopens == scheme.first_stage]
    if back:
        ways.append(f"Return the case first, with {list_alternatives(back)}, and then: {amend}")
    if not ways:
        return "It belongs to the paper, which cannot be changed any more."
    return " ".join(["It belongs to the paper, which cannot be amended at this stage.", *ways])
