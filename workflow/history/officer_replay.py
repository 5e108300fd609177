"""Whether each record of officers could be made: by whom, after the records before it, and how far back.

Invariants:
- A record is judged again by the packs that it names, as the command was. They must be kept.
- A record that names no packs is older: of it, only what holds under all packs is checked. Once a record has named
  packs, each later one that an officer made must.
- The day of recording is that of the instant in the scheme's time zone. A day more is allowed, because the command may
  have begun before midnight.
- Records of format 1 bind nobody: officers had no appointer then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from rules.packs.scheme import Scheme
from rules.reading.time_zones import day_in_zone
from workflow.cases.appointing import RecordToJudge, list_named_schemes
from workflow.cases.officer_register import OfficerAdded, OfficerRecord, OfficerRegister
from workflow.cases.officers import Officer
from workflow.history.officer_records import (
    deserialize_officer_record,
    is_of_format_1,
    parse_appointing_packs,
    serialize_officer_record,
    take_entry,
)
from workflow.history.serialization import parse_account, report_unreadable
from workflow.ledger.entries import Entry


@dataclass(slots=True)
class OfficerReplay:
    """Takes the records of officers one by one; `load_scheme` gives the scheme of kept packs by their digest."""

    load_scheme: Callable[[str], Scheme | None]
    register: OfficerRegister = field(default_factory=OfficerRegister)
    has_named_packs: bool = False

    def find_fault(self, entry: Entry, *, has_cases: bool) -> str:
        """Take the next record, and return what is wrong with it; empty if nothing is.

        Raises `LedgerBroken` if the record cannot be read.
        """
        fault = self._find_fault(entry, has_cases=has_cases)
        self.take(entry)
        return fault

    def take(self, entry: Entry) -> None:
        """Take the next record, whatever is wrong with it; raises `LedgerBroken` if it cannot be read."""
        self.has_named_packs |= parse_appointing_packs(entry) is not None
        take_entry(self.register, entry)

    def _find_fault(self, entry: Entry, *, has_cases: bool) -> str:
        record = deserialize_officer_record(entry)
        if is_of_format_1(entry):
            return ""
        on, packs = date.fromisoformat(entry.on), parse_appointing_packs(entry)
        if serialize_officer_record(record, entry.officer, on, parse_account(entry), packs).body != entry.body:
            return "does not have the form in which officers are recorded"
        if isinstance(record, OfficerAdded) and record.is_founder:
            is_first = not self.register.officers() and not entry.officer and not record.appointments
            return "" if is_first else "makes a founder of a store that has officers already"
        if not entry.officer:
            needs_appointer = has_cases or self.register.founder is not None
            return "names nobody who appoints, in a store that has a founder or a case" if needs_appointer else ""
        return self._find_appointer_fault(record, entry, has_cases=has_cases)

    def _find_appointer_fault(self, record: OfficerRecord, entry: Entry, *, has_cases: bool) -> str:
        appointer, packs = self.register.by_name().get(entry.officer), parse_appointing_packs(entry)
        if appointer is None:
            return f"nobody had entered its officer before it: {entry.officer:.100}"
        schemes = {name: self.load_scheme(digest) for name, digest in (packs or {}).items()}
        known = {name: scheme for name, scheme in schemes.items() if scheme and scheme.id == name}
        to_judge = RecordToJudge(record, appointer, date.fromisoformat(entry.on), self.register, known)
        if packs is None:
            return self._find_fault_under_any_packs(to_judge)
        if lost := ", ".join(f"{packs[name]:.12} of {name}" for name in schemes.keys() - known.keys()):
            return f"cannot be judged again, its packs {lost} are not in the store"
        if unnamed := list_named_schemes(record) - known.keys():
            return f"names no packs of {', '.join(sorted(unnamed))}, under which it was made"
        return _find_fault_under(to_judge, entry, has_cases=has_cases)

    def _find_fault_under_any_packs(self, to_judge: RecordToJudge) -> str:
        appointer, on = to_judge.appointer, to_judge.on
        if self.has_named_packs:
            return "names no packs, as records of officers before it do"
        if to_judge.is_of_own:
            return _describe_own(appointer)
        needs_role = to_judge.find_entitlement() is not None
        if needs_role and not any(held.term.includes(on) for held in appointer.appointments):
            return f"was recorded by {appointer.name}, who held no appointment on its day"
        return ""


def _find_fault_under(to_judge: RecordToJudge, entry: Entry, *, has_cases: bool) -> str:
    """Return what is wrong with a record under the packs that it names; empty if nothing is."""
    if to_judge.is_of_own:
        return _describe_own(to_judge.appointer)
    entitlement = to_judge.find_entitlement()
    if entitlement and (not entitlement.entitling or entitlement.refused_under):
        under = ", ".join(entitlement.refused_under or to_judge.schemes)
        return f"was recorded by {to_judge.appointer.name}, who held no role that appoints under {under} on its day"
    with report_unreadable(entry):
        instant = datetime.fromisoformat(entry.recorded_at)

    def earliest_recording_day(scheme: Scheme) -> date:
        if not has_cases:
            return to_judge.on
        return day_in_zone(instant, scheme.declaration.time_zone or "UTC") - timedelta(days=1)

    backdating = to_judge.find_backdating(earliest_recording_day)
    return f"needs a reason: {backdating.describe()}" if backdating else ""


def _describe_own(officer: Officer) -> str:
    return f"is of {officer.name}, and {officer.name} recorded it"
