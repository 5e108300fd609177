"""Command handlers for officers: who is added, appointed, deputised, and whose appointment ends.

Invariants:
- No officer appoints or deputises themselves. The founder of a store, or a role that the scheme names, appoints others.
- Until the first case of a store without a founder is opened, appointments need no appointer: they are founding ones.
- An appointment that begins earlier than the scheme allows needs a reason, and the ledger keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.suggestions import closest
from workflow.cases.appointments import Appointment, Deputyship, Term
from workflow.cases.officer_register import (
    Appointed,
    Deputised,
    OfficerAdded,
    OfficerRecord,
    OfficerRegister,
    who_may_record_without_role,
)
from workflow.cases.officers import (
    Officer,
    carry_over_roles,
    clean_name,
    clean_roles,
    describe_roles,
    find_lookalikes,
    make_officer_id,
    name_roles_as_held,
)
from workflow.errors import NotEntitled
from workflow.history.officer_records import (
    OFFICERS_STREAM,
    find_in_register,
    load_register,
    serialize_officer_record,
    take_entry,
)
from workflow.ledger.entries import Entry
from workflow.ledger.ports import SchemeLibrary, WriteTransaction
from workflow.services.commands import Request, Services
from workflow.services.officer_endings import Ending, build_ending, schemes_to_end
from workflow.services.typed_facts import clean_note

_THE_FOUNDER = "the founder of the store"


@dataclass(frozen=True, slots=True)
class AppointmentTerms:
    """The days of an appointment (no first day: the business day), its instrument, and why it is backdated."""

    first: date | None = None
    last: date | None = None
    instrument: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RoleAppointment:
    """An appointment to roles of a scheme (empty: of every scheme that has them all) on some terms."""

    scheme: str
    roles: tuple[str, ...]
    terms: AppointmentTerms = AppointmentTerms()


class OfficerReceipt(NamedTuple):
    """An officer as an entry left him, that entry, and the names of others who may be the same person."""

    officer: Officer
    entry: Entry
    lookalikes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        entry = self.entry  # of no case, so it is at no stage either
        recorded = {"case": "", "version": entry.version, "event": entry.kind, "seal": entry.seal, "stage": ""}
        shown = self.officer.as_json()
        return {**{key: shown[key] for key in ("officer", "name", "scheme", "roles")}, **recorded}


def add_founder(services: Services, name: str, request: Request) -> OfficerReceipt:
    """Record the founder of a store, who may appoint others; raise `InputError` if there are officers already."""
    cleaned = clean_name(name)
    with services.store.write_transaction() as transaction:
        context = _OfficerContext(services, transaction, request)
        if context.register.officers():
            raise InputError("this store has officers already, so it cannot get a founder")
        return context.record(OfficerAdded(make_officer_id(cleaned), cleaned, is_founder=True), "")


def add_officer(
    services: Services, name: str, scheme_id: str, roles: Sequence[str], request: Request
) -> OfficerReceipt:
    """Record an officer who holds roles from the business day; see `add_appointed_officer`."""
    return add_appointed_officer(services, name, RoleAppointment(scheme_id, tuple(roles)), request)


def add_appointed_officer(
    services: Services, name: str, appointment: RoleAppointment | None, request: Request
) -> OfficerReceipt:
    """Record an officer, appointed to some roles or only added (None); raise `InputError` for a name that is taken."""
    schemes = _choose_schemes(services.library, appointment) if appointment else []
    cleaned = clean_name(name)
    officer_id = make_officer_id(cleaned)
    with services.store.write_transaction() as transaction:
        context = _OfficerContext(services, transaction, request)
        if officer_id in context.register.officers():
            raise InputError(
                f"there is already an officer {officer_id}",
                "Add a word that tells the two apart, such as a middle name. To give the same officer another role: "
                f"assent officer appoint {officer_id} --role ROLE",
            )
        appointer = context.find_appointer(officer_id, schemes, "add officers")
        appointments = context.make_appointments(schemes, appointment, appointer) if appointment else ()
        return context.record(OfficerAdded(officer_id, cleaned, appointments), appointer)


def appoint_officer(
    services: Services, id_or_name: str, appointment: RoleAppointment, request: Request
) -> OfficerReceipt:
    """Record that an officer is appointed to further roles."""
    schemes = _choose_schemes(services.library, appointment)
    with services.store.write_transaction() as transaction:
        context = _OfficerContext(services, transaction, request)
        officer = find_in_register(context.register, id_or_name)
        if officer.is_founder:
            raise InputError(
                f"{officer.name} is the founder, who holds no role", "Appoint another officer under another name."
            )
        appointer = context.find_appointer(officer.id, schemes, "appoint officers")
        appointments = context.make_appointments(schemes, appointment, appointer)
        return context.record(Appointed(officer.id, appointments), appointer)


def end_appointment(services: Services, id_or_name: str, ending: Ending, request: Request) -> OfficerReceipt:
    """Record the last day of appointments of an officer.

    The officer may end them, and so may somebody who appoints, or the one for whom the officer is a deputy.
    """
    with services.store.write_transaction() as transaction:
        context = _OfficerContext(services, transaction, request)
        officer = find_in_register(context.register, id_or_name)
        ending_record = build_ending(ending, officer, context.register, context.on)
        schemes = [services.library.scheme(name) for name in schemes_to_end(ending, officer, services.library)]
        ended_by = context.find_appointer(
            officer.id, schemes, "end appointments", who_may_record_without_role(ending_record)
        )
        return context.record(ending_record, ended_by)


@dataclass(frozen=True, slots=True)
class Deputising:
    """For whom an officer stands in, in which roles of which scheme, and whether the right can be passed on."""

    principal: str
    scheme: str = ""
    roles: tuple[str, ...] = ()
    may_delegate: bool = False


def deputise_officer(
    services: Services, id_or_name: str, deputising: Deputising, request: Request, terms: AppointmentTerms
) -> OfficerReceipt:
    """Record that an officer stands in for another; the other may say so, or somebody who appoints."""
    with services.store.write_transaction() as transaction:
        context = _OfficerContext(services, transaction, request)
        officer = find_in_register(context.register, id_or_name)
        principal = find_in_register(context.register, deputising.principal)
        deputising = replace(deputising, roles=name_roles_as_held(deputising.roles, principal))
        schemes = _schemes_to_deputise(services.library, officer, principal, deputising)
        appointer = context.find_appointer(officer.id, schemes, "name deputies", also=(principal.id,))
        term = context.find_term(schemes, terms, appointer)
        instrument = clean_note(terms.instrument, "--instrument")
        if not instrument:
            raise InputError("a deputy acts under an instrument, and none is named", "Name it with --instrument.")
        deputyship = Deputyship(
            principal_id=principal.id,
            scheme=deputising.scheme,
            roles=tuple(dict.fromkeys(deputising.roles)),
            term=term,
            instrument=instrument,
            appointed_by=appointer,
            may_delegate=deputising.may_delegate,
            reason=clean_note(terms.reason, "--reason"),
        )
        _refuse_deputy_for_no_day(principal, deputyship)
        return context.record(Deputised(officer.id, deputyship), appointer)


@dataclass(slots=True)
class _OfficerContext:
    """What one command on officers is executed with: the transaction, who asks, and the register so far."""

    services: Services
    transaction: WriteTransaction
    request: Request
    register: OfficerRegister = field(init=False)
    on: date = field(init=False)

    def __post_init__(self) -> None:
        self.on = self.services.new_act_context(self.request.on).on
        self.register = load_register(self.transaction)

    @property
    def has_cases(self) -> bool:
        return bool(self.transaction.case_summaries())

    def find_appointer(
        self, officer_id: str, schemes: Iterable[Scheme], action: str, also: tuple[str, ...] = ()
    ) -> str:
        """Return the name of the officer who does something to another; empty for a founding appointment.

        Officers in `also` may do it without a role that appoints. Raises `InputError` if --as is needed, and
        `NotEntitled` for an officer who may not.
        """
        if not self.request.officer:
            self._refuse_without_appointer()
            return ""
        appointer = find_in_register(self.register, self.request.officer)
        if appointer.id in also:
            return appointer.name
        if appointer.id == officer_id:
            raise NotEntitled(appointer.name, f"appoint {appointer.name}", ["somebody else who appoints officers"])
        if not appointer.is_founder:
            self._require_appointing_role(appointer, list(schemes), action)
        return appointer.name

    def _refuse_without_appointer(self) -> None:
        """Raise `InputError` if the store has a founder, or has a case already."""
        if founder := self.register.founder:
            raise InputError("this needs the officer who appoints", f"Add --as, such as: --as {founder.id}")
        if self.has_cases:
            raise InputError(
                "this store has cases, so only an officer who appoints may change its officers",
                "Add --as OFFICER. To see who holds which role: assent officer list",
            )

    def _require_appointing_role(self, appointer: Officer, schemes: list[Scheme], action: str) -> None:
        """Raise `NotEntitled` unless the officer may appoint under all of some schemes (none: under any).

        Where a scheme has no officer yet, one who appoints under another scheme may appoint its first ones.
        """
        library = self.services.library
        may_appoint = [name for name in library.schemes() if self._may_appoint(appointer, library.scheme(name))]
        if not may_appoint:
            entitled = [each for scheme in schemes for each in _describe_appointers(scheme)]
            raise NotEntitled(appointer.name, action, list(dict.fromkeys(entitled)) or [_THE_FOUNDER])
        staffed = {name for officer in self.register.officers().values() for name in officer.schemes}
        for scheme in schemes:
            if scheme.id in staffed and scheme.id not in may_appoint:
                raise NotEntitled(appointer.name, f"{action} under {scheme.id}", _describe_appointers(scheme))

    def _may_appoint(self, officer: Officer, scheme: Scheme) -> bool:
        rules = scheme.declaration.appointments
        if rules is None:
            return False
        return carry_over_roles(officer, scheme).find_capacity(rules.who, self.on, scheme.id) is not None

    def make_appointments(
        self, schemes: Sequence[Scheme], appointment: RoleAppointment, appointer: str
    ) -> tuple[Appointment, ...]:
        """Return the appointments under schemes, one for each role."""
        terms = appointment.terms
        term = self.find_term(schemes, terms, appointer)
        instrument, reason = clean_note(terms.instrument, "--instrument"), clean_note(terms.reason, "--reason")
        scheme_id = schemes[0].id if len(schemes) == 1 else ""
        roles = clean_roles(schemes[0], appointment.roles)
        return tuple(Appointment(role, scheme_id, term, instrument, appointer, reason) for role in roles)

    def find_term(self, schemes: Iterable[Scheme], terms: AppointmentTerms, appointer: str) -> Term:
        """Return the term of an appointment; raise `InputError` if it begins too early and no reason is given.

        A founding appointment for which no day is given has no first day: it says who holds the role already.
        """
        is_open = not (appointer or terms.first or self.request.on)
        first = None if is_open else terms.first or self.on
        if first and terms.last and terms.last < first:
            raise InputError(f"the last day, {terms.last.isoformat()}, is before the first, {first.isoformat()}")
        if first and appointer and not terms.reason.strip():
            self._refuse_backdating(first, schemes)
        return Term(first, terms.last)

    def _refuse_backdating(self, first: date, schemes: Iterable[Scheme]) -> None:
        # Before the first case, an appointment cannot cover an act that was recorded already.
        made_on = self.services.business_day() if self.has_cases else self.on
        for scheme in schemes:
            rules = scheme.declaration.appointments
            days = rules.backdating if rules else 0
            if first < made_on - timedelta(days=days):
                raise InputError(
                    f"the appointment would begin on {first.isoformat()}, {(made_on - first).days} days before it is "
                    f"made: {scheme.id} allows {days} without a reason",
                    "Say why with --reason. The ledger keeps it, and officer list shows it.",
                )

    def record(self, record: OfficerRecord, recorded_by: str) -> OfficerReceipt:
        """Append a record of officers, and return the officer as it leaves him."""
        version = self.request.check_version(OFFICERS_STREAM, self.transaction.stream_version(OFFICERS_STREAM))
        entry = self.transaction.append(
            serialize_officer_record(record, recorded_by, self.on, self.services.account), version
        )
        take_entry(self.register, entry)
        officers = self.register.officers()
        officer = officers[record.officer_id]
        return OfficerReceipt(officer, entry, find_lookalikes(officer.name, (each.name for each in officers.values())))


def _describe_appointers(scheme: Scheme) -> list[str]:
    """Return who may appoint under a scheme, in words."""
    rules = scheme.declaration.appointments
    return [*describe_roles(rules.who if rules else (), scheme), _THE_FOUNDER]


def _schemes_to_deputise(
    library: SchemeLibrary, officer: Officer, principal: Officer, deputising: Deputising
) -> list[Scheme]:
    """Return the schemes of the roles that a deputy takes; raise `InputError` if the principal does not hold them."""
    if officer.id == principal.id:
        raise InputError(f"{officer.name} cannot be a deputy of {officer.name}", "Give another officer with --for.")
    if deputising.scheme:
        library.scheme(deputising.scheme)  # refuses a name that is no scheme
    held = [each for each in _appointments_to_pass_on(principal) if _is_under(each, deputising.scheme)]
    _refuse_roles_not_held(principal, deputising.roles, [each.role for each in held])
    if not held:
        advice = f"See who holds which role with: assent officer list. Appoint {principal.name} first, if need be."
        raise InputError(f"{principal.name} holds no role that can be passed on", advice)
    names = {deputising.scheme or each.scheme for each in held}
    return [library.scheme(name) for name in library.schemes() if name in names]


def _refuse_deputy_for_no_day(principal: Officer, deputyship: Deputyship) -> None:
    """Raise `InputError` if the principal holds none of the roles on any day on which the deputy would."""
    held = [each for each in _appointments_to_pass_on(principal) if deputyship.covers(each)]
    if all(each.term.overlap(deputyship.term).is_empty for each in held):
        raise InputError(
            f"{principal.name} holds none of these roles {deputyship.term.describe()}",
            f"Give days within these, with --from and --to: {'; '.join(each.describe() for each in held)}.",
        )


def _refuse_roles_not_held(principal: Officer, roles: Iterable[str], held: Sequence[str]) -> None:
    """Raise `InputError` for a role that is not among those that an officer can pass on."""
    for role in roles:
        if role not in held:
            raise InputError(
                f"{principal.name} does not hold the role {role!r}, or may not pass it on",
                f"Roles that can be passed on: {', '.join(dict.fromkeys(held)) or 'none'}.",
            )


def _appointments_to_pass_on(officer: Officer) -> Iterator[Appointment]:
    """Yield the appointments of an officer that a deputy may take: own ones, and those that may be delegated."""
    return (held for held in officer.appointments if not held.acts_for or held.may_delegate)


def _is_under(appointment: Appointment, scheme: str) -> bool:
    """Return whether an appointment counts under a scheme; without one, it always does."""
    return not scheme or appointment.is_under(scheme)


def _choose_schemes(library: SchemeLibrary, appointment: RoleAppointment) -> list[Scheme]:
    """Return the named scheme, or else those with all of some roles; raise `InputError` if there is none."""
    if appointment.scheme:
        scheme = library.scheme(appointment.scheme)
        clean_roles(scheme, appointment.roles)
        return [scheme]
    schemes = [library.scheme(name) for name in library.schemes()]
    roles = appointment.roles
    if not roles:
        raise InputError("an officer needs at least one role", f"Give --role ROLE. {_suggest_roles(schemes, roles)}")
    matching = [
        scheme for scheme in schemes if {scheme.find_role(role) for role in roles} <= scheme.declaration.roles.keys()
    ]
    if not matching:
        named = f"the role {roles[0]!r}" if len(roles) == 1 else f"the roles {', '.join(map(repr, roles))}"
        raise InputError(f"no scheme has {named}", _suggest_roles(schemes, roles))
    return matching


def _suggest_roles(schemes: Sequence[Scheme], roles: Sequence[str]) -> str:
    """Return the role that a misspelt one resembles, or else every role by scheme."""
    known = dict.fromkeys(role for scheme in schemes for role in scheme.declaration.roles)
    for role in roles:
        if role not in known and (near := closest(role, known)):
            return f"Did you mean {near}?"
    listed = "; ".join(f"{scheme.id}: {', '.join(scheme.declaration.roles)}" for scheme in schemes)
    return f"There are: {listed}."
