"""Separation of duties: whether one person has acted in a case in roles that must be apart.

Invariants:
- An act of a deputy counts for both persons: who acts, and for whom.
- What is void counts too: one who acted in a case has acted in it.
- Acts of format 1 were not bound. They count against later acts, and never breach a separation themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.packs.officers_schema import Separation
from rules.packs.scheme import Scheme
from rules.packs.scheme_schema import SchemeDeclaration
from rules.packs.workflow_facts import SEPARATION_PREFIX
from rules.values.facts import FactValue
from workflow.cases.appointments import Capacity
from workflow.cases.case import Case, RecordedAct
from workflow.cases.events import FIRST_FORMAT


@dataclass(frozen=True, slots=True)
class Participation:
    """Who took part in a case, by name in small letters, in which role; `is_bound` if a separation binds the act."""

    persons: frozenset[str]
    role: str
    is_bound: bool = True

    def conflicts_with(self, earlier: Participation, separation: Separation) -> bool:
        """Return whether one person took part twice, in roles that must be apart."""
        return earlier.role in separation.roles_apart_from(self.role) and not self.persons.isdisjoint(earlier.persons)


def make_participation(officer_name: str, capacity: Capacity, *, is_bound: bool = True) -> Participation:
    """Return the part of an officer who acts in a capacity."""
    return Participation(_fold_names(officer_name, capacity.acts_for), capacity.role, is_bound)


def list_participations(case: Case, scheme: Scheme) -> list[Participation]:
    """Return who took part in a case, in order: first in what an imported paper says, then in what was done here."""
    here = [act for act in case.acts if act.kind != "entered"]
    elsewhere: list[Participation] = []
    if len(here) < len(case.acts):  # an imported paper says who acted before; other papers cannot
        recorded_here = frozenset[str]().union(*(act.facts.keys() for act in here))
        imported = {address: value for address, value in case.facts.items() if address not in recorded_here}
        elsewhere = list(participations_in_facts(imported, scheme.declaration))
    return [*elsewhere, *map(_participation_in_act, here)]


def _participation_in_act(act: RecordedAct) -> Participation:
    """Return the part of who did a recorded act."""
    capacity = Capacity(act.capacity, act.acts_for)
    return make_participation(act.officer, capacity, is_bound=act.entry_format > FIRST_FORMAT)


def participations_in_facts(facts: Mapping[str, FactValue], declaration: SchemeDeclaration) -> Iterator[Participation]:
    """Yield who took part in a case by what is recorded of its stages and tasks, such as `board.by`."""
    for prefix in (*declaration.stages, *declaration.tasks()):
        by, role = facts.get(f"{prefix}.by"), facts.get(f"{prefix}.role")
        if not isinstance(by, str):
            continue
        roles = [str(role)] if role is not None else _possible_roles(declaration, prefix)
        if len(roles) == 1:
            yield Participation(_fold_names(by, ""), roles[0])


def participation_of_opener(opened_by: FactValue | None, declaration: SchemeDeclaration) -> list[Participation]:
    """Return the part of who opened a case elsewhere; none if it is not known, or was in one of several roles."""
    roles = declaration.paper.open
    return (
        [Participation(_fold_names(opened_by, ""), roles[0])] if isinstance(opened_by, str) and len(roles) == 1 else []
    )


def separations_of_opener(declaration: SchemeDeclaration) -> list[str]:
    """Return the separations that keep whoever opens a case apart from others."""
    opening = set(declaration.paper.open)
    return [name for name, separation in declaration.separation.items() if opening.intersection(separation.roles())]


def separation_facts_of_act(
    case: Case, scheme: Scheme, officer_name: str, capacity: Capacity | None
) -> dict[str, FactValue]:
    """Return for each separation whether an act would breach it."""
    if not scheme.declaration.separation or capacity is None:
        return {}
    now = make_participation(officer_name, capacity)
    return _find_breaches(scheme.declaration, list_participations(case, scheme), now)


def separation_facts_of_record(case: Case, scheme: Scheme) -> dict[str, FactValue]:
    """Return for each separation whether a case as a whole breaches it."""
    return (
        breaches_among(list_participations(case, scheme), scheme.declaration) if scheme.declaration.separation else {}
    )


def breaches_among(participations: Sequence[Participation], declaration: SchemeDeclaration) -> dict[str, FactValue]:
    """Return for each separation whether some part in a case breaches it, each against those before it."""
    facts: dict[str, FactValue] = {}
    for place, participation in enumerate(participations):
        if participation.is_bound:
            found = _find_breaches(declaration, participations[:place], participation)
            facts |= {fact: value or facts.get(fact, False) for fact, value in found.items()}
    return facts


def describe_unbound_breaches(case: Case, scheme: Scheme) -> tuple[str, ...]:
    """Return a warning for each separation that acts of format 1 would breach if it bound them."""
    acts = [act for act in case.acts if act.kind != "entered"]
    if all(act.entry_format > FIRST_FORMAT for act in acts):
        return ()
    warnings = (_describe_unbound_breach(acts, name, rule) for name, rule in scheme.declaration.separation.items())
    return tuple(filter(None, warnings))


def _describe_unbound_breach(acts: Sequence[RecordedAct], name: str, separation: Separation) -> str:
    """Return a warning of the first act of format 1 that a separation would have refused; empty if there is none."""
    for act, earlier in ((act, earlier) for place, act in enumerate(acts) for earlier in acts[:place]):
        participation = _participation_in_act(act)
        if not participation.is_bound and participation.conflicts_with(_participation_in_act(earlier), separation):
            return (
                f"{act.officer} acted as {earlier.capacity} ({earlier.action}) and as {act.capacity} ({act.action}), "
                f"which {SEPARATION_PREFIX}{name} keeps apart; it was recorded before that was enforced"
            )
    return ""


def _find_breaches(
    declaration: SchemeDeclaration, earlier: Sequence[Participation], now: Participation
) -> dict[str, FactValue]:
    """Return for each separation whether the last part in a case breaches it, against those before it."""
    return {
        f"{SEPARATION_PREFIX}{name}": any(now.conflicts_with(other, separation) for other in earlier)
        for name, separation in declaration.separation.items()
    }


def _possible_roles(declaration: SchemeDeclaration, prefix: str) -> list[str]:
    """Return the roles that can record the outcome of a stage or task, each once."""
    actions = (action for action in declaration.actions.values() if prefix in action.prefixes())
    return list(dict.fromkeys(role for action in actions for role in action.who))


@lru_cache(maxsize=1024)  # an audit meets the same few officers in each case
def _fold_names(*names: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()).casefold() for name in names if name)
