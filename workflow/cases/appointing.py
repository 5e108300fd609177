"""Whether a record of officers may be made: by whom, and how far back, under the appointment rules of schemes.

A command is judged here by the packs of its day, and its record by the same packs when it is replayed.

Invariants:
- A founder may record anything of others. Anybody else needs a role that a scheme names as appointing.
- Under a scheme that has an officer already, only its own appointing roles count. One who appoints under another
  scheme may appoint its first officers.
- What begins, ends or is dated further back than a scheme allows needs a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from rules.packs.scheme import Scheme
from workflow.cases.appointments import Appointment
from workflow.cases.officer_register import (
    Appointed,
    AppointmentsEnded,
    Deputised,
    OfficerAdded,
    OfficerRecord,
    OfficerRegister,
    who_may_record_without_role,
)
from workflow.cases.officers import Officer, carry_over_roles


class Backdating(NamedTuple):
    """A record without a reason that reaches further back than a scheme allows: what happens on which day."""

    event: str
    day: date
    recorded_on: date
    scheme: str
    allowed: int

    def describe(self) -> str:
        """Return what is wrong: `the appointment begins on 2018-03-01, 40 days before it is recorded: ...`."""
        days = (self.recorded_on - self.day).days
        return (
            f"{self.event} on {self.day.isoformat()}, {days} days before it is recorded: {self.scheme} allows "
            f"{self.allowed} without a reason"
        )


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Under which schemes somebody may make a record.

    `concerned` are the schemes of the record. `refused_under` are those of them under which the appointer may not;
    without any scheme that entitles, nobody may.
    """

    concerned: tuple[str, ...]
    entitling: tuple[str, ...]
    refused_under: tuple[str, ...]

    @property
    def deciding(self) -> tuple[str, ...]:
        """The schemes whose rules decide on the record: those concerned, or else one that entitles the appointer."""
        elsewhere = self.entitling[:1] if set(self.concerned).isdisjoint(self.entitling) else ()
        return tuple(dict.fromkeys((*self.concerned, *elsewhere)))


@dataclass(frozen=True, slots=True)
class RecordToJudge:
    """A record of officers before it counts: who makes it, on which business day, after which other records.

    `schemes` are those by name under which it can be judged.
    """

    record: OfficerRecord
    appointer: Officer
    on: date
    register: OfficerRegister
    schemes: Mapping[str, Scheme]

    @property
    def is_of_own(self) -> bool:
        """Whether it is of the appointer, who may not make it."""
        return self.appointer.id == self.record.officer_id and not self._needs_no_role

    @property
    def _needs_no_role(self) -> bool:
        return self.appointer.id in who_may_record_without_role(self.record)

    def find_entitlement(self) -> Entitlement | None:
        """Return under which schemes the appointer may make it; None if that needs no role."""
        if self.appointer.is_founder or self._needs_no_role:
            return None
        concerned = find_concerned_schemes(self.record, self.register, self.schemes)
        entitling = tuple(name for name in self.schemes if self._may_appoint_under(name))
        staffed = {name for officer in self.register.officers().values() for name in officer.schemes}
        refused_under = tuple(name for name in concerned if name in staffed and name not in entitling)
        return Entitlement(concerned, entitling, refused_under)

    def _may_appoint_under(self, name: str) -> bool:
        scheme = self.schemes[name]
        rules = scheme.declaration.appointments
        if rules is None:
            return False
        return carry_over_roles(self.appointer, scheme).find_capacity(rules.who, self.on, name) is not None

    def find_backdating(self, recorded_on: Callable[[Scheme], date]) -> Backdating | None:
        """Return what in the record reaches too far back; `recorded_on` gives the day where an authority is."""
        days = [(event, min(day, self.on)) for event, day in _list_days_without_reason(self.record)]
        for name in find_concerned_schemes(self.record, self.register, self.schemes):
            scheme = self.schemes[name]
            rules = scheme.declaration.appointments
            allowed, today = rules.backdating if rules else 0, recorded_on(scheme)
            for event, day in days:
                if day < today - timedelta(days=allowed):
                    return Backdating(event, day, today, name, allowed)
        return None


def find_concerned_schemes(
    record: OfficerRecord, register: OfficerRegister, schemes: Mapping[str, Scheme]
) -> tuple[str, ...]:
    """Return those of some schemes under which a record appoints, deputises or ends something."""
    if isinstance(record, OfficerAdded | Appointed):
        names = _find_schemes_of_roles(record.appointments, schemes)
    elif isinstance(record, Deputised):
        deputyship = record.deputyship
        held = appointments_to_pass_on(register.officer(deputyship.principal_id))
        names = {deputyship.scheme or each.scheme for each in held if deputyship.covers(each)}
    else:
        names = set(list_named_schemes(record) or register.officer(record.officer_id).schemes)
    return tuple(name for name in schemes if name in names)


def _find_schemes_of_roles(appointments: tuple[Appointment, ...], schemes: Mapping[str, Scheme]) -> set[str]:
    """Return the schemes of appointments; an appointment without one is under every scheme that has all the roles."""
    if all(held.scheme for held in appointments):
        return {held.scheme for held in appointments}
    roles = {held.role for held in appointments}
    return {name for name, scheme in schemes.items() if roles <= scheme.declaration.roles.keys()}


def appointments_to_pass_on(officer: Officer) -> Iterator[Appointment]:
    """Yield the appointments of an officer that a deputy may take: own ones, and those that may be delegated."""
    return (held for held in officer.appointments if not held.acts_for or held.may_delegate)


def list_named_schemes(record: OfficerRecord) -> frozenset[str]:
    """Return the schemes that a record names itself."""
    if isinstance(record, OfficerAdded | Appointed):
        names: Iterable[str] = (held.scheme for held in record.appointments)
    elif isinstance(record, Deputised):
        names = (record.deputyship.scheme,)
    else:
        names = (record.scheme,) if isinstance(record, AppointmentsEnded) else ()
    return frozenset(filter(None, names))


def _list_days_without_reason(record: OfficerRecord) -> list[tuple[str, date]]:
    """Return what begins or ends on which day by a record, without a reason for it."""
    if isinstance(record, OfficerAdded | Appointed):
        firsts = [held.term.first for held in record.appointments if not held.reason]
        return [("the appointment begins", first) for first in firsts if first]
    if isinstance(record, Deputised):
        first = record.deputyship.term.first
        return [("the deputyship begins", first)] if first and not record.deputyship.reason else []
    return [] if record.reason else [("the appointment ends", record.last)]
