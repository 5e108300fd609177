"""The register of officers: who was added, appointed, deputised, ended and left, as the record has it so far.

Invariants:
- Records are taken in the order of recording; an officer is what the records before an act make of them.
- Nothing recorded is taken away: an ended appointment keeps its first day.
- A deputy of a deputy counts only if the first deputyship says that it may be delegated.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from workflow.cases.appointments import Appointment, Deputyship
from workflow.cases.officers import Officer


@dataclass(frozen=True, slots=True)
class OfficerAdded:
    """An officer is added, often with first appointments; a founder has none."""

    officer_id: str
    name: str
    appointments: tuple[Appointment, ...] = ()
    is_founder: bool = False


@dataclass(frozen=True, slots=True)
class Appointed:
    """An officer is appointed to further roles."""

    officer_id: str
    appointments: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class AppointmentsEnded:
    """Appointments of an officer end after a last day: to some roles (none named: all) of a scheme (empty: all).

    `principal_id` ends what the officer does as a deputy for somebody instead. `reason` says why it is recorded late.
    """

    officer_id: str
    scheme: str
    roles: tuple[str, ...]
    last: date
    principal_id: str = ""
    reason: str = ""

    def ends_appointment(self, appointment: Appointment) -> bool:
        """Return whether it ends an own appointment of the officer."""
        is_same_scheme = not self.scheme or appointment.is_under(self.scheme)
        return not self.principal_id and is_same_scheme and (not self.roles or appointment.role in self.roles)

    def ends_deputyship(self, deputyship: Deputyship) -> bool:
        """Return whether it ends a deputyship of the officer; one of several roles ends as a whole."""
        return deputyship.principal_id == self.principal_id


@dataclass(frozen=True, slots=True)
class OfficerLeft:
    """An officer leaves after a last day: every appointment and deputyship ends.

    `reason` says why it is recorded late.
    """

    officer_id: str
    last: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deputised:
    """An officer becomes the deputy of another."""

    officer_id: str
    deputyship: Deputyship


OfficerRecord: TypeAlias = OfficerAdded | Appointed | AppointmentsEnded | OfficerLeft | Deputised


def who_may_record_without_role(record: OfficerRecord) -> tuple[str, ...]:
    """Return the officers who may make a record though they appoint nobody else.

    Officers end what they hold, and end or name their own deputies.
    """
    if isinstance(record, OfficerLeft):
        return (record.officer_id,)
    if isinstance(record, AppointmentsEnded):
        return record.officer_id, record.principal_id
    return (record.deputyship.principal_id,) if isinstance(record, Deputised) else ()


@dataclass(slots=True)
class _Holdings:
    """What one officer holds: own appointments, and deputyships that are not worked out yet."""

    officer: Officer
    deputyships: list[Deputyship] = field(default_factory=list)


@dataclass(slots=True)
class OfficerRegister:
    """Every officer by id, as the records taken so far make them."""

    _holdings: dict[str, _Holdings] = field(default_factory=dict)
    _officers: dict[str, Officer] | None = None
    _by_name: dict[str, Officer] | None = None

    def take(self, record: OfficerRecord) -> None:
        """Take the next record.

        Raises `KeyError` if it names an officer who was not added, `ValueError` if it adds one a second time.
        """
        self._officers = self._by_name = None
        if isinstance(record, OfficerAdded):
            if record.officer_id in self._holdings:
                raise ValueError("an officer was added already")
            officer = Officer(record.officer_id, record.name, record.appointments, record.is_founder)
            self._holdings[record.officer_id] = _Holdings(officer)
            return
        holdings = self._holdings[record.officer_id]
        officer = holdings.officer
        if isinstance(record, Appointed):
            appointments = (*officer.appointments, *record.appointments)
            holdings.officer = replace(officer, appointments=appointments, left_on=None)
        elif isinstance(record, Deputised):
            _ = self._holdings[record.deputyship.principal_id]
            holdings.deputyships.append(record.deputyship)
        elif isinstance(record, OfficerLeft):
            ended = tuple(held.ended_on(record.last, record.reason) for held in officer.appointments)
            holdings.officer = replace(officer, appointments=ended, left_on=record.last)
            holdings.deputyships = [held.ended_on(record.last, record.reason) for held in holdings.deputyships]
        else:
            _end_some(holdings, record)

    def officers(self) -> dict[str, Officer]:
        """Return every officer by id, with own appointments and those of a deputy."""
        if self._officers is None:
            self._officers = {officer_id: self._resolve(officer_id) for officer_id in self._holdings}
        return self._officers

    def by_name(self) -> dict[str, Officer]:
        """Return every officer by name, as entries name them."""
        if self._by_name is None:
            self._by_name = {officer.name: officer for officer in self.officers().values()}
        return self._by_name

    def names(self) -> dict[str, str]:
        """Return the name of every officer by id."""
        return {officer_id: holdings.officer.name for officer_id, holdings in self._holdings.items()}

    def officer(self, officer_id: str) -> Officer:
        """Return one officer, without working out what the others hold; raises `KeyError` if there is none."""
        return self._resolve(officer_id)

    @property
    def founder(self) -> Officer | None:
        """The founder of the store, if it has one."""
        return next((officer for officer in self.officers().values() if officer.is_founder), None)

    def _resolve(self, officer_id: str) -> Officer:
        officer = self._holdings[officer_id].officer
        as_deputy = self._appointments_as_deputy(officer_id, frozenset())
        return replace(officer, appointments=(*officer.appointments, *as_deputy)) if as_deputy else officer

    def _appointments_as_deputy(self, officer_id: str, on_the_way: frozenset[str]) -> tuple[Appointment, ...]:
        """Return what an officer holds for others; `on_the_way` stops a circle of deputies."""
        found: list[Appointment] = []
        for deputyship in self._holdings[officer_id].deputyships:
            principal = self._holdings[deputyship.principal_id].officer
            if principal.id in on_the_way:
                continue
            delegated = self._appointments_as_deputy(principal.id, on_the_way | {officer_id})
            held = (*principal.appointments, *(each for each in delegated if each.may_delegate))
            found += [deputyship.take_over(each, principal.name) for each in held if deputyship.covers(each)]
        own_name = self._holdings[officer_id].officer.name
        return tuple(appointment for appointment in found if appointment.acts_for != own_name)


def _end_some(holdings: _Holdings, record: AppointmentsEnded) -> None:
    """End the appointments and deputyships that a record names."""
    holdings.officer = replace(
        holdings.officer,
        appointments=tuple(
            held.ended_on(record.last, record.reason) if record.ends_appointment(held) else held
            for held in holdings.officer.appointments
        ),
    )
    holdings.deputyships = [
        deputyship.ended_on(record.last, record.reason) if record.ends_deputyship(deputyship) else deputyship
        for deputyship in holdings.deputyships
    ]
