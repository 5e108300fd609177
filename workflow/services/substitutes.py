"""Who could act instead of an officer whom a separation of duties keeps from acting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rules.judging.findings import Ruling
from rules.packs.scheme import Scheme
from rules.packs.separation import PREFIX
from workflow.cases.case import Case
from workflow.cases.corrections import require_correction_rules
from workflow.cases.events import Act, Amend, Command, Correct, RecordReview
from workflow.cases.officers import Officer, carry_over_roles
from workflow.cases.separation import separation_facts_of_act


def find_separations(ruling: Ruling) -> tuple[str, ...]:
    """Return the separations of duties that block an act."""
    return tuple(control for control in ruling.blocking_controls() if control.startswith(PREFIX))


def find_substitutes(
    case: Case, command: Command, scheme: Scheme, officers: Iterable[Officer], on: date
) -> Iterator[str]:
    """Yield who could give a command on a day without a breach of any separation, each with the role."""
    roles = _roles_that_may(command, scheme)
    for officer in (carry_over_roles(officer, scheme) for officer in officers):
        capacity = officer.find_capacity(roles, on, scheme.id)
        if capacity and not any(separation_facts_of_act(case, scheme, officer.name, capacity).values()):
            yield f"{officer.name} ({capacity.role})"


def _roles_that_may(command: Command, scheme: Scheme) -> tuple[str, ...]:
    if isinstance(command, Act):
        return scheme.action(command.action).who
    if isinstance(command, RecordReview):
        return scheme.review_action(command.outcome).who
    if isinstance(command, Correct):
        return require_correction_rules(scheme).who
    return scheme.declaration.paper.amend if isinstance(command, Amend) else scheme.declaration.paper.open
