"""Whether a record of officers could be made: by whom, after the records before it.

Invariants:
- Only what holds under all packs is checked. A record does not name the packs that say which roles may appoint.
- Records of format 1 bind nobody: officers had no appointer then.
"""

from __future__ import annotations

from datetime import date

from workflow.cases.officer_register import OfficerAdded, OfficerRecord, OfficerRegister, who_may_record_without_role
from workflow.history.officer_records import deserialize_officer_record, is_of_format_1, serialize_officer_record
from workflow.history.serialization import parse_account
from workflow.ledger.entries import Entry


def find_officer_record_fault(entry: Entry, register: OfficerRegister, *, has_cases: bool) -> str:
    """Return what is wrong with the next record of officers; empty if nothing is.

    `register` is that of the records before it. Raises `LedgerBroken` if the record cannot be read.
    """
    record = deserialize_officer_record(entry)
    if is_of_format_1(entry):
        return ""
    on = date.fromisoformat(entry.on)
    if serialize_officer_record(record, entry.officer, on, parse_account(entry)).body != entry.body:
        return "does not have the form in which officers are recorded"
    if isinstance(record, OfficerAdded) and record.is_founder:
        is_first = not register.officers() and not entry.officer and not record.appointments
        return "" if is_first else "makes a founder of a store that has officers already"
    return _find_appointer_fault(record, entry.officer, on, register, has_cases=has_cases)


def _find_appointer_fault(
    record: OfficerRecord, appointer_name: str, on: date, register: OfficerRegister, *, has_cases: bool
) -> str:
    """Return why nobody of a name could make a record on a day; empty if somebody could."""
    if not appointer_name:
        needs_appointer = has_cases or register.founder is not None
        return "names nobody who appoints, in a store that has a founder or a case" if needs_appointer else ""
    appointer = register.by_name().get(appointer_name)
    if appointer is None:
        return f"nobody had entered its officer before it: {appointer_name:.100}"
    if appointer.is_founder or appointer.id in who_may_record_without_role(record):
        return ""
    if appointer.id == record.officer_id:
        return f"is of {appointer.name}, and {appointer.name} recorded it"
    if not any(held.term.includes(on) for held in appointer.appointments):
        return f"was recorded by {appointer.name}, who held no appointment on its day"
    return ""
