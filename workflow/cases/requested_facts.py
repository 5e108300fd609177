"""The facts that an officer states with an act, against those that the action asks for.

A fact that is refused comes with where it can still be stated: in the paper, with another act, or as a correction.
"""

from __future__ import annotations

from collections.abc import Callable

from rules.errors import InputError, raise_together
from rules.packs.flow_schema import Action
from rules.packs.scheme import Scheme
from rules.values.facts import address_of, is_address, split_address
from rules.values.suggestions import did_you_mean
from rules.values.text import list_alternatives
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
    ways = []
    rules = scheme.declaration.corrections
    if rules and stage in rules.stages:
        ways.append(f"Correct the decided case: assent case correct CASE --set {address}=… --reason '…'")
    back = [name for name, action in scheme.actions_at(stage).items() if action.reopens == scheme.first_stage]
    if back:
        ways.append(f"Return the case first, with {list_alternatives(back)}, and then: {amend}")
    if not ways:
        return "It belongs to the paper, which cannot be changed any more."
    return " ".join(["It belongs to the paper, which cannot be amended at this stage.", *ways])
