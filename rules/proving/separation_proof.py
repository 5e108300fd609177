"""The proof of separation of duties: that it holds whoever acts, and that a case needs more than one person.

Invariants:
- A separation holds only if each action of one of its roles can be done by its roles alone: an officer in another role
  could do the same act, and would be kept apart from nobody.
- People are counted by roles, whoever holds them today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.errors import Fault
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.yaml_reader import YamlFile


def separation_faults(declaration: SchemeDeclaration, head: YamlFile) -> Iterator[Fault]:
    """Yield a fault for each action by which one person passes a separation, with a walk in names of roles."""
    for name, separation in declaration.separation.items():
        named = frozenset(separation.roles())
        for action_name, action in declaration.actions.items():
            outside = next((role for role in action.who if role not in named), None)
            apart = next((min(separation.roles_apart_from(role)) for role in action.who if role in named), None)
            if outside and apart:
                walk = f"one person can act as {apart}, and then do {action_name} as {outside}"
                cure = f"Name {outside} in it, or take {outside} out of actions.{action_name}.who"
                yield head.fault_at(("separation", name), f"does not hold: {walk}. {cure}")


def separation_warnings(declaration: SchemeDeclaration, head: YamlFile) -> Iterator[Fault]:
    """Yield a warning if one person may do everything under a scheme."""
    roles = roles_apart(declaration)
    if len(roles) > 1 and count_least_people(roles) == 1:
        listed = ", ".join(roles)
        yield head.fault_at(
            ("roles",), f"may all be one person in one case ({listed}): say under separation who may not"
        )


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
