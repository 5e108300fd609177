"""What ends for an officer: appointments to some roles, a deputyship, or everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.errors import InputError
from workflow.cases.officer_register import AppointmentsEnded, OfficerLeft, OfficerRecord, OfficerRegister
from workflow.cases.officers import Officer, name_roles_as_held
from workflow.history.officer_records import find_in_register
from workflow.ledger.ports import SchemeLibrary


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends: appointments to some roles of a scheme, a deputyship for somebody, or everything."""

    scheme: str = ""
    roles: tuple[str, ...] = ()
    principal: str = ""
    has_left: bool = False
    last: date | None = None


def build_ending(ending: Ending, officer: Officer, register: OfficerRegister, on: date) -> OfficerRecord:
    """Return the record of what ends; raise `InputError` if the officer does not hold it."""
    _refuse_several_endings(ending)
    last = ending.last or on
    if ending.has_left:
        return OfficerLeft(officer.id, last)
    if ending.principal:
        principal = find_in_register(register, ending.principal)
        if not any(held.acts_for == principal.name for held in officer.appointments):
            raise InputError(
                f"{officer.name} is not a deputy of {principal.name}", "To see deputies: assent officer list"
            )
        return AppointmentsEnded(officer.id, "", (), last, principal.id)
    if not ending.roles:
        raise InputError("you did not say what ends", "Give --role ROLE, --for OFFICER or --left.")
    return _build_ending_of_roles(officer, ending, last)


def _refuse_several_endings(ending: Ending) -> None:
    """Raise `InputError` for options that would have no effect beside --left or --for."""
    if ending.has_left and (ending.scheme or ending.roles or ending.principal):
        message = "--left ends everything, so it cannot be used with --role, --scheme or --for"
        raise InputError(message, "Leave out one of them.")
    if ending.principal and (ending.scheme or ending.roles):
        message = "--for ends a deputyship as a whole, so it cannot be used with --role or --scheme"
        raise InputError(message, "Leave out one of them.")


def _build_ending_of_roles(officer: Officer, ending: Ending, last: date) -> AppointmentsEnded:
    """Return the record of own roles that end; raise `InputError` for a role that the officer does not hold."""
    roles = name_roles_as_held(ending.roles, officer)
    record = AppointmentsEnded(officer.id, ending.scheme, roles, last)
    own = {held.role for held in officer.appointments if not held.acts_for and record.ends_appointment(held)}
    for role in roles:
        if role not in own:
            held = ", ".join(officer.roles) or "none"
            raise InputError(f"{officer.name} is not appointed to {role!r}", f"Roles of {officer.name}: {held}.")
    return record


def schemes_to_end(ending: Ending, officer: Officer, library: SchemeLibrary) -> list[str]:
    """Return the names of the schemes under which something ends, those that are known here."""
    named = (ending.scheme,) if ending.scheme else officer.schemes
    known = library.schemes()
    return [name for name in named if name in known] if all(named) else []
