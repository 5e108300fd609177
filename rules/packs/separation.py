"""Separation of duties as controls: what a scheme declares, judged like any other requirement.

Invariants:
- Each separation is one control and one flag, both called `separation.NAME`. The workflow states the flag; both
  evaluators judge it.
- The control guards the gate of each action, review and correction that one of its roles may do, and an auditor's look
  at the whole case. An amendment passes no such gate: whoever made it is kept from acting in the other roles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.judging.rulebook import Control
from rules.language.conditions import AllOf, Predicate
from rules.language.pack_schema import ControlDeclaration
from rules.packs.flow_schema import AUDIT
from rules.packs.officers_schema import Separation
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.yaml_reader import KeyPath
from rules.values.facts import DAY_OF_ACT, FactDeclaration

PREFIX = "separation."


def separation_fact_declarations(declaration: SchemeDeclaration) -> dict[str, FactDeclaration]:
    """The flag of each separation: whether one person has acted in roles that must be apart."""
    return {
        f"{PREFIX}{name}": FactDeclaration(kind="flag", label=f"One person in roles that must be apart: {name}")
        for name in declaration.separation
    }


def separation_controls(declaration: SchemeDeclaration) -> dict[str, Control]:
    """The control of each separation of a scheme."""
    return {
        f"{PREFIX}{name}": _build_control(f"{PREFIX}{name}", separation, declaration)
        for name, separation in declaration.separation.items()
    }


def _build_control(name: str, separation: Separation, declaration: SchemeDeclaration) -> Control:
    labels = [declaration.roles[role].label for role in separation.roles() if role in declaration.roles]
    period = separation.in_force or declaration.in_force
    control_declaration = ControlDeclaration.model_validate(
        {
            "requirement": separation.requirement,
            "wrong": f"One person acts in roles that must be apart: {_shorten('; '.join(labels))}.",
            "cure": "Somebody else must do this, in a role of their own.",
            "requires": {name: {"is": False}},
            "severity": separation.severity,
            "gates": [*declaration.gates_of_acts(separation.roles()), AUDIT],
            "in_force": period,
            "citation": separation.citation,
        }
    )
    applies = [Predicate(DAY_OF_ACT, "on_or_after", period.first)]
    applies += [Predicate(DAY_OF_ACT, "on_or_before", period.last)] if period.last else []
    return Control(
        name, control_declaration, AllOf(tuple(applies)), Predicate(name, "is", operand=False), is_generated=True
    )


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_LISTED else f"{text[:_MAX_LISTED]} …"


_MAX_LISTED = 400


def find_separation_faults(declaration: SchemeDeclaration) -> Iterator[tuple[KeyPath, str]]:
    """Yield what lets one person pass a separation, each with its keys and a walk that shows it, in names of roles."""
    for name, separation in declaration.separation.items():
        named = frozenset(separation.roles())
        for action_name, action in declaration.actions.items():
            outside = next((role for role in action.who if role not in named), None)
            apart = next((min(separation.roles_apart_from(role)) for role in action.who if role in named), None)
            if outside and apart:
                walk = f"one person can act as {apart}, and then do {action_name} as {outside}"
                cure = f"Name {outside} in it, or take {outside} out of actions.{action_name}.who"
                yield ("separation", name), f"does not hold: {walk}. {cure}"


def count_least_people(roles: Mapping[str, frozenset[str]]) -> int:
    """Return the fewest people who can hold some roles, each given with those that it must be apart from."""
    fewest = len(roles)
    names = sorted(roles, key=lambda role: -len(roles[role]))

    def assign(place: int, people: list[set[str]]) -> None:
        nonlocal fewest
        if len(people) >= fewest:
            return
        if place == len(names):
            fewest = len(people)
            return
        role = names[place]
        for person in people:
            if not person & roles[role]:
                person.add(role)
                assign(place + 1, people)
                person.discard(role)
        assign(place + 1, [*people, {role}])

    assign(0, [])
    return fewest


def roles_apart(declaration: SchemeDeclaration) -> dict[str, frozenset[str]]:
    """Return every role that something in a scheme needs, with the roles that it must be apart from."""
    acting = [role for action in declaration.actions.values() for role in action.who]
    acting += [role for review in declaration.reviews.values() for role in review.who]
    needed = dict.fromkeys((*declaration.paper.open, *acting))
    separations = declaration.separation.values()
    return {role: frozenset[str]().union(*(each.roles_apart_from(role) for each in separations)) for role in needed}
