"""Who could act instead of an officer whom a separation of duties keeps from acting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rules.packs.scheme import Scheme
from rules.packs.workflow_facts import SEPARATION_PREFIX
from workflow.cases.case import Case
from workflow.cases.corrections import require_correction_rules
from workflow.cases.events import Act, Amend, Command, Correct, RecordReview
from workflow.cases.officers import Officer, carry_over_roles
from workflow.cases.separation import separation_facts_of_act
from workflow.errors import Refusal
from workflow.history.officer_records import load_officers
from workflow.ledger.ports import ReadTransaction
from workflow.services.prepared_command import PreparedCommand


def name_substitutes(refusal: Refusal, transaction: ReadTransaction, prepared: PreparedCommand) -> None:
    """Add to a refusal who could act instead, if a separation of duties is among what blocks the act."""
    if any(control.startswith(SEPARATION_PREFIX) for control in refusal.ruling.blocking_controls()):
        case, on = prepared.full_case.case, prepared.act_context.on
        found = find_substitutes(case, prepared.command, prepared.scheme, load_officers(transaction), on)
        refusal.could_act = tuple(found)


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
