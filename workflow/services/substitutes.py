"""Who could act instead of an officer whom a separation of duties keeps from acting."""

from __future__ import annotations

from collections.abc import Iterable

from rules.packs.scheme import Scheme
from rules.packs.separation import PREFIX
from workflow.cases.case import Case
from workflow.cases.events import Act, ActContext, Amend, Command, RecordReview
from workflow.cases.officers import Officer
from workflow.cases.separation import separation_facts_of_act
from workflow.errors import Refusal


def name_substitutes(
    refusal: Refusal, case: Case, command: Command, scheme: Scheme, officers: Iterable[Officer], act_context: ActContext
) -> None:
    """Add to a refusal by a separation of duties the officers who could do the same on that day."""
    blocking = [control for control in refusal.ruling.blocking_controls() if control.startswith(PREFIX)]
    if not blocking:
        return
    roles = _roles_that_may(command, scheme)
    substitutes = []
    for officer in officers:
        capacity = officer.find_capacity(roles, act_context.on, scheme.id)
        facts = separation_facts_of_act(case, scheme, officer.name, capacity)
        if capacity and not any(facts[control] for control in blocking):
            substitutes.append(f"{officer.name} ({capacity.role})")
    refusal.could_act = tuple(substitutes)


def _roles_that_may(command: Command, scheme: Scheme) -> tuple[str, ...]:
    if isinstance(command, Act):
        return scheme.action(command.action).who
    if isinstance(command, RecordReview):
        return scheme.review_action(command.outcome).who
    return scheme.declaration.paper.amend if isinstance(command, Amend) else scheme.declaration.paper.open
