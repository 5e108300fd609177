"""What ends for an officer: appointments to some roles, a deputyship, or everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.errors import InputError
from workflow.cases.officer_register import AppointmentsEnded, OfficerLeft, OfficerRegister
from workflow.cases.officers import Officer, name_roles_as_held
from workflow.history.officer_records import find_in_register, load_register
from workflow.history.serialization import deserialize_event
from workflow.ledger.ports import ReadTransaction
from workflow.services.officer_warnings import describe_act_after_end
from workflow.services.typed_facts import clean_note


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of appointments to some roles of a scheme, of a deputyship for somebody, or of everything.

    `reason` says why it is recorded late.
    """

    scheme: str = ""
    roles: tuple[str, ...] = ()
    principal: str = ""
    has_left: bool = False
    last: date | None = None
    reason: str = ""


def build_ending(
    ending: Ending, officer: Officer, register: OfficerRegister, on: date
) -> AppointmentsEnded | OfficerLeft:
    """Return the record of what ends; raise `InputError` if the officer does not hold it."""
    _refuse_several_endings(ending)
    last, reason = ending.last or on, clean_note(ending.reason, "--reason")
    if ending.has_left:
        return OfficerLeft(officer.id, last, reason)
    if ending.principal:
        principal = find_in_register(register, ending.principal)
        if not any(held.acts_for == principal.name for held in officer.appointments):
            raise InputError(
                f"{officer.name} is not a deputy of {principal.name}", "To see deputies: assent officer list"
            )
        return AppointmentsEnded(officer.id, "", (), last, principal.id, reason)
    if not ending.roles:
        raise InputError("you did not say what ends", "Give --role ROLE, --for OFFICER or --left.")
    return _build_ending_of_roles(officer, ending, last, reason)


def _refuse_several_endings(ending: Ending) -> None:
    """Raise `InputError` for options that would have no effect beside --left or --for."""
    if ending.has_left and (ending.scheme or ending.roles or ending.principal):
        message = "--left ends everything, so it cannot be used with --role, --scheme or --for"
        raise InputError(message, "Leave out one of them.")
    if ending.principal and (ending.scheme or ending.roles):
        message = "--for ends a deputyship as a whole, so it cannot be used with --role or --scheme"
        raise InputError(message, "Leave out one of them.")


def _build_ending_of_roles(officer: Officer, ending: Ending, last: date, reason: str) -> AppointmentsEnded:
    """Return the record of own roles that end; raise `InputError` for a role that the officer does not hold."""
    roles = name_roles_as_held(ending.roles, officer)
    record = AppointmentsEnded(officer.id, ending.scheme, roles, last, reason=reason)
    own = {held.role for held in officer.appointments if not held.acts_for and record.ends_appointment(held)}
    for role in roles:
        if role not in own:
            held = ", ".join(officer.roles) or "none"
            raise InputError(f"{officer.name} is not appointed to {role!r}", f"Roles of {officer.name}: {held}.")
    return record


def find_acts_after(
    transaction: ReadTransaction, ending: AppointmentsEnded | OfficerLeft, register: OfficerRegister
) -> tuple[str, ...]:
    """Return which acts are outside their appointment by an ending, though they were recorded before it, in words.

    `register` is that before the ending. Only cases with an act after the last day are read.
    """
    then, ended = register.by_name(), load_register(transaction)
    ended.take(ending)
    now = ended.by_name()
    cases = transaction.cases_after(ending.last)
    events = (deserialize_event(entry, None) for case in cases for entry in transaction.entries_without_rulings(case))
    found = ((event, describe_act_after_end(event, then[event.officer], now[event.officer])) for event in events)
    return tuple(f"{event.case}: {warning}" for event, warning in found if warning)
