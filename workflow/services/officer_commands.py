"""Command handlers for officers: who is added, appointed, deputised, and whose appointment ends.

Invariants:
- No officer appoints or deputises themselves. The founder of a store, or a role that the scheme names, appoints others.
- Until the first case of a store without a founder is opened, appointments need no appointer: they are founding ones.
- What begins, ends or is dated earlier than the scheme allows needs a reason, and the ledger keeps it.
- A record that an officer made names the packs by whose rules it was judged, and the store keeps them for replay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from rules.errors import FileError, InputError
from rules.packs.scheme import Scheme
from workflow.cases.appointing import (
    Entitlement,
    RecordToJudge,
    appointments_to_pass_on,
    find_concerned_schemes,
)
from workflow.cases.appointments import Appointment, Deputyship, Term
from workflow.cases.officer_register import (
    Appointed,
    Deputised,
    OfficerAdded,
    OfficerRecord,
    OfficerRegister,
)
from workflow.cases.officers import (
    Officer,
    clean_name,
    clean_roles,
    describe_roles,
    find_lookalikes,
    make_officer_id,
    name_roles_as_held,
)
from workflow.cases.officers_file import OfficersFile
from workflow.errors import NotEntitled
from workflow.history.officer_records import (
    OFFICERS_STREAM,
    find_in_register,
    load_unaltered_register,
    serialize_officer_record,
    take_entry,
)
from workflow.ledger.entries import Entry
from workflow.ledger.ports import SchemeLibrary, WriteTransaction
from workflow.services.commands import Request, Services
from workflow.services.officer_endings import Ending, build_ending, find_acts_after
from workflow.services.officer_schemes import choose_schemes
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
    """An officer as an entry left him, that entry, and the names of others who may be the same person.

    `acts_after` describes what the officer had done already after a last day that was recorded late.
    """

    officer: Officer
    entry: Entry
    lookalikes: tuple[str, ...] = ()
    acts_after: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        entry = self.entry  # of no case, so it is at no stage either
        recorded = {"case": "", "version": entry.version, "event": entry.kind, "seal": entry.seal, "stage": ""}
        shown = self.officer.as_json()
        own = {key: shown[key] for key in ("officer", "name", "scheme", "roles")}
        own["days"] = [held.describe_with_reasons() for held in self.officer.appointments]
        return {**own, **recorded, **({"acts_after": list(self.acts_after)} if self.acts_after else {})}


def add_founder(services: Services, name: str, request: Request) -> OfficerReceipt:
    """Record the founder of a store, who may appoint others; raise `InputError` if there are officers already."""
    cleaned = clean_name(name)
    with services.store.write_transaction() as transaction:
        context = _OfficerContext(services, transaction, request)
        if context.register.officers():
            raise InputError("this store has officers already, so it cannot get a founder")
        return context.append(OfficerAdded(make_officer_id(cleaned), cleaned, is_founder=True))


def add_officer(services: Services, name: str, appointment: RoleAppointment | None, request: Request) -> OfficerReceipt:
    """Record an officer, appointed to some roles or only added (None); raise `InputError` for a name that is taken."""
    with services.store.write_transaction() as transaction:
        return _OfficerContext(services, transaction, request).add(name, appointment)


def add_officers(
    services: Services, file: OfficersFile, scheme: str, terms: AppointmentTerms, request: Request
) -> tuple[OfficerReceipt, ...]:
    """Record every officer of a file, or none; raise `FileError` with each name or role that is wrong."""
    receipts, faults = [], []
    with services.store.write_transaction() as transaction:
        context = _OfficerContext(services, transaction, request)
        if context.appointer is None:
            context.refuse_without_appointer()
        for name, roles in file.roles.items():
            try:
                receipts.append(context.add(name, RoleAppointment(scheme, roles, terms)))
            except InputError as error:
                faults.append(file.fault_of(name, error))
            else:
                context.request = replace(context.request, expect_version=None)  # the first was at that version
        if faults:
            raise FileError(faults)
    return tuple(receipts)


def appoint_officer(
    services: Services, id_or_name: str, appointment: RoleAppointment, request: Request
) -> OfficerReceipt:
    """Record that an officer is appointed to further roles."""
    schemes = choose_schemes(services.library, appointment.scheme, appointment.roles)
    with services.store.write_transaction() as transaction:
        context = _OfficerContext(services, transaction, request)
        officer = find_in_register(context.register, id_or_name)
        if officer.is_founder:
            raise InputError(
                f"{officer.name} is the founder, who holds no role", "Appoint another officer under another name."
            )
        appointments = context.make_appointments(schemes, appointment)
        return context.record(Appointed(officer.id, appointments), "appoint officers")


def end_appointment(services: Services, id_or_name: str, ending: Ending, request: Request) -> OfficerReceipt:
    """Record the last day of appointments of an officer.

    The officer may end them, and so may somebody who appoints, or the one for whom the officer is a deputy.
    """
    with services.store.write_transaction() as transaction:
        context = _OfficerContext(services, transaction, request)
        officer = find_in_register(context.register, id_or_name)
        if ending.scheme:
            services.library.scheme(ending.scheme)  # refuses a name that is no scheme
        record = build_ending(ending, officer, context.register, context.on)
        acts_after = find_acts_after(transaction, record, context.register)
        return context.record(record, "end appointments")._replace(acts_after=acts_after)


@dataclass(frozen=True, slots=True)
class Deputising:
    """Who an officer stands in for, in which roles of a scheme, and whether the right can be passed on."""

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
        _refuse_deputy_without_roles(services.library, officer, principal, deputising)
        term = context.find_term(terms)
        instrument = clean_note(terms.instrument, "--instrument")
        if not instrument:
            raise InputError("a deputy acts under an instrument, and none is named", "Name it with --instrument.")
        deputyship = Deputyship(
            principal_id=principal.id,
            scheme=deputising.scheme,
            roles=tuple(dict.fromkeys(deputising.roles)),
            term=term,
            instrument=instrument,
            appointed_by=context.appointer_name,
            may_delegate=deputising.may_delegate,
            reason=clean_note(terms.reason, "--reason"),
        )
        _refuse_deputy_for_no_day(principal, deputyship)
        return context.record(Deputised(officer.id, deputyship), "name deputies")


@dataclass(slots=True)
class _OfficerContext:
    """The means to execute one command on officers: the transaction, the appointer (None: nobody), and the register."""

    services: Services
    transaction: WriteTransaction
    request: Request
    register: OfficerRegister = field(init=False)
    on: date = field(init=False)
    appointer: Officer | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.on = self.services.new_act_context(self.request.on).on
        self.register = load_unaltered_register(self.transaction)
        if self.request.officer:
            self.appointer = find_in_register(self.register, self.request.officer)

    @property
    def appointer_name(self) -> str:
        """The name of who appoints; empty for a founding appointment."""
        return self.appointer.name if self.appointer else ""

    def add(self, name: str, appointment: RoleAppointment | None) -> OfficerReceipt:
        """Record a new officer, appointed to some roles or only added (None)."""
        library = self.services.library
        schemes = choose_schemes(library, appointment.scheme, appointment.roles) if appointment else []
        cleaned = clean_name(name)
        officer_id = make_officer_id(cleaned)
        if officer_id in self.register.officers():
            raise InputError(
                f"there is already an officer {officer_id}",
                "Add a word that tells the two apart, such as a middle name. To give the same officer another role: "
                f"assent officer appoint {officer_id} --role ROLE",
            )
        appointments = self.make_appointments(schemes, appointment) if appointment else ()
        return self.record(OfficerAdded(officer_id, cleaned, appointments), "add officers")

    def make_appointments(self, schemes: Sequence[Scheme], appointment: RoleAppointment) -> tuple[Appointment, ...]:
        """Return the appointments under schemes, one for each role."""
        terms = appointment.terms
        term = self.find_term(terms)
        instrument, reason = clean_note(terms.instrument, "--instrument"), clean_note(terms.reason, "--reason")
        scheme_id = schemes[0].id if len(schemes) == 1 else ""
        roles = clean_roles(schemes[0], appointment.roles)
        return tuple(Appointment(role, scheme_id, term, instrument, self.appointer_name, reason) for role in roles)

    def find_term(self, terms: AppointmentTerms) -> Term:
        """Return the term of an appointment.

        A founding appointment for which no day is given has no first day: it says who holds the role already.
        """
        is_open = not (self.appointer or terms.first or self.request.on)
        first = None if is_open else terms.first or self.on
        if first and terms.last and terms.last < first:
            raise InputError(f"the last day, {terms.last.isoformat()}, is before the first, {first.isoformat()}")
        return Term(first, terms.last)

    def record(self, record: OfficerRecord, action: str) -> OfficerReceipt:
        """Append a record of officers if it may be made, and return the officer as it leaves him.

        Raises `InputError` if --as or a reason is missing, and `NotEntitled` for an officer who may not make it.
        """
        if self.appointer is None:
            self.refuse_without_appointer()
            return self.append(record)
        library = _LibrarySchemes(self.services.library)
        to_judge = RecordToJudge(record, self.appointer, self.on, self.register, library)
        entitlement = self._require_entitlement(to_judge, action)
        if backdating := to_judge.find_backdating(self._find_recording_day):
            raise InputError(
                backdating.describe(), "Say why with --reason. The ledger keeps it, and officer list shows it."
            )
        concerned = find_concerned_schemes(record, self.register, library)
        deciding = entitlement.deciding if entitlement else concerned
        bundles = {name: self.services.library.bundle(name) for name in deciding}
        receipt = self.append(record, {name: bundle.digest for name, bundle in bundles.items()})
        for bundle in bundles.values():
            self.transaction.save_bundle(bundle)
        return receipt

    def append(self, record: OfficerRecord, packs: Mapping[str, str] | None = None) -> OfficerReceipt:
        """Append a record that may be made, judged by some packs; None if no officer makes it."""
        version = self.request.check_version(OFFICERS_STREAM, self.transaction.stream_version(OFFICERS_STREAM))
        account = self.services.account
        unsealed = serialize_officer_record(record, self.appointer_name, self.on, account, packs)
        entry = self.transaction.append(unsealed, version)
        take_entry(self.register, entry)
        officers = self.register.officers()
        officer = officers[record.officer_id]
        return OfficerReceipt(officer, entry, find_lookalikes(officer.name, (each.name for each in officers.values())))

    def refuse_without_appointer(self) -> None:
        """Raise `InputError` if the store has a founder, or has a case already."""
        if founder := self.register.founder:
            raise InputError("this needs the officer who appoints", f"Add --as, such as: --as {founder.id}")
        if self.transaction.has_cases():
            raise InputError(
                "this store has cases, so only an officer who appoints may change its officers",
                "Add --as OFFICER. To see who holds which role: assent officer list",
            )

    def _require_entitlement(self, to_judge: RecordToJudge, action: str) -> Entitlement | None:
        """Return under which schemes the appointer may make a record; raise `NotEntitled` if there is none."""
        appointer, library = to_judge.appointer, self.services.library
        if to_judge.is_of_own:
            verb = "deputise" if isinstance(to_judge.record, Deputised) else "appoint"
            raise NotEntitled(appointer.name, f"{verb} {appointer.name}", ["somebody else who appoints officers"])
        entitlement = to_judge.find_entitlement()
        if entitlement is None:
            return None
        if not entitlement.entitling:
            entitled = [each for name in entitlement.concerned for each in _describe_appointers(library.scheme(name))]
            raise NotEntitled(appointer.name, action, list(dict.fromkeys(entitled)) or [_THE_FOUNDER])
        for name in entitlement.refused_under:
            raise NotEntitled(appointer.name, f"{action} under {name}", _describe_appointers(library.scheme(name)))
        return entitlement

    def _find_recording_day(self, scheme: Scheme) -> date:
        # Before the first case, an appointment cannot cover an act that was recorded already.
        return self.services.business_day(scheme) if self.transaction.has_cases() else self.on


class _LibrarySchemes(Mapping[str, Scheme]):
    """The schemes of a library by name, each read when it is needed."""

    def __init__(self, library: SchemeLibrary) -> None:
        self._library = library

    def __getitem__(self, name: str) -> Scheme:
        return self._library.scheme(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._library.schemes())

    def __len__(self) -> int:
        return len(self._library.schemes())


def _describe_appointers(scheme: Scheme) -> list[str]:
    """Return who may appoint under a scheme, in words."""
    rules = scheme.declaration.appointments
    return [*describe_roles(rules.who if rules else (), scheme), _THE_FOUNDER]


def _refuse_deputy_without_roles(
    library: SchemeLibrary, officer: Officer, principal: Officer, deputising: Deputising
) -> None:
    """Raise `InputError` if the principal does not hold the roles that a deputy would take."""
    if officer.id == principal.id:
        raise InputError(f"{officer.name} cannot be a deputy of {officer.name}", "Give another officer with --for.")
    if deputising.scheme:
        library.scheme(deputising.scheme)  # refuses a name that is no scheme
    held = [each for each in appointments_to_pass_on(principal) if _is_under(each, deputising.scheme)]
    _refuse_roles_not_held(principal, deputising.roles, [each.role for each in held])
    if not held:
        advice = f"See who holds which role with: assent officer list. Appoint {principal.name} first, if need be."
        raise InputError(f"{principal.name} holds no role that can be passed on", advice)


def _refuse_deputy_for_no_day(principal: Officer, deputyship: Deputyship) -> None:
    """Raise `InputError` if the principal holds none of the roles on any day on which the deputy would."""
    held = [each for each in appointments_to_pass_on(principal) if deputyship.covers(each)]
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


def _is_under(appointment: Appointment, scheme: str) -> bool:
    """Return whether an appointment counts under a scheme; without one, it always does."""
    return not scheme or appointment.is_under(scheme)
