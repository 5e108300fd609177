"""The desk: one function for each thing that an officer can do. Each loads, decides and appends in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from rules.errors import InputError
from rules.judging.findings import Ruling
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, split_address
from rules.values.suggestions import closest
from workflow.cases.case import FullCase
from workflow.cases.events import Act, ActContext, Amend, Command, Import, Open, RecordReview
from workflow.cases.life import decide, evolve
from workflow.cases.officers import Officer
from workflow.cases.officers import create_officer as new_officer
from workflow.cases.paper import ImportedPaper, is_imported_paper, read_imported_paper, read_paper
from workflow.errors import Conflict, Refusal
from workflow.history.officer_records import OFFICERS_STREAM, find_officer, load_officers, serialize_officer
from workflow.history.serialization import RefusedCommand, find_exempt_evidence, serialize_event, serialize_refusal
from workflow.history.snapshots import CaseSnapshot, find_case_id, load_snapshot, summarize_case
from workflow.ledger.entries import Entry
from workflow.ledger.ports import CaseSummary, Clock, SchemeLibrary, Store, WriteTransaction
from workflow.services.typed_facts import parse_typed_facts, parse_typed_parts


@dataclass(frozen=True, slots=True)
class Services:
    """What the functions here work with: the store, the library of packs, and the clock."""

    store: Store
    library: SchemeLibrary
    clock: Clock

    def new_act_context(self, on: date | None) -> ActContext:
        """The moment of an act; raises `InputError` for a business day that has not come."""
        today = self.clock.business_day()
        if on is not None and on > today:
            raise InputError(f"{on.isoformat()} has not come: today is {today.isoformat()}")
        return ActContext(on or today, self.clock.new_salt())


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, for which business day (none: today), and at which version the case was seen (none: any)."""

    officer: str
    on: date | None = None
    expect_version: int | None = None

    def check_version(self, stream: str, version: int) -> int:
        """The version at which to append; raises `Conflict` where the officer saw the stream at another one."""
        if self.expect_version is not None and self.expect_version != version:
            raise Conflict(stream, self.expect_version, version)
        return version


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was recorded, and the seal that shows it."""

    case: str
    version: int
    event: str
    seal: str
    stage: str
    ruling: Ruling | None = None

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {"case": self.case, "version": self.version, "event": self.event, "seal": self.seal, "stage": self.stage}


def add_officer(
    services: Services, name: str, scheme_id: str, roles: Sequence[str], request: Request
) -> tuple[Officer, Entry]:
    """Record that somebody acts for an authority in some roles; raises `InputError` for a name that is taken.

    Where no `scheme` is named, for every authority whose scheme has the roles.
    """
    having = [services.library.scheme(scheme_id)] if scheme_id else _find_schemes_with_roles(services.library, roles)
    officer = new_officer(name, having[0], roles)
    if len(having) > 1:
        officer = replace(officer, scheme="")
    moment = services.new_act_context(request.on)
    with services.store.write_transaction() as record:
        known = load_officers(record)
        if any(other.id == officer.id for other in known):
            raise InputError(f"there is an officer {officer.id} already", "Add something that tells the two apart.")
        version = request.check_version(OFFICERS_STREAM, len(known))
        by = find_officer(record, request.officer).name if request.officer else ""
        entry = record.append(serialize_officer(officer, by, moment.on), version)
    return officer, entry


def _find_schemes_with_roles(library: SchemeLibrary, roles: Sequence[str]) -> list[Scheme]:
    """The schemes that have all of some roles; raises `InputError` where none has."""
    schemes = [library.scheme(name) for name in library.schemes()]
    having = [scheme for scheme in schemes if set(roles) <= scheme.declaration.roles.keys()]
    if not having:
        named = f"the role {roles[0]!r}" if len(roles) == 1 else f"the roles {', '.join(map(repr, roles))}"
        raise InputError(f"no scheme has {named}", _suggest_roles(schemes, roles))
    return having


def _suggest_roles(schemes: Sequence[Scheme], roles: Sequence[str]) -> str:
    """Advice for roles that no scheme has together: what one that none has may have meant, else all that there are."""
    known = dict.fromkeys(role for scheme in schemes for role in scheme.declaration.roles)
    for role in roles:
        if role not in known and (near := closest(role, known)):
            return f"Did you mean {near}?"
    listed = "; ".join(f"{scheme.id}: {', '.join(scheme.declaration.roles)}" for scheme in schemes)
    return f"There are: {listed}."


def open_case(
    services: Services,
    scheme_id: str,
    public: Mapping[str, FactValue],
    exempt: Mapping[str, FactValue],
    request: Request,
) -> Receipt:
    """Open a case on a paper, under the next number of the authority."""
    return _start_case(services, services.library.scheme(scheme_id), lambda name: Open(name, public, exempt), request)


def _import_case(services: Services, imported_paper: ImportedPaper, request: Request) -> Receipt:
    """Enter a case after the fact, under the next number of the authority; raises `InputError` for what is none yet."""
    _refuse_future_acts(imported_paper, services.new_act_context(request.on).on)
    paper = imported_paper.paper
    return _start_case(
        services,
        imported_paper.scheme,
        lambda name: Import(name, paper.public, paper.exempt, imported_paper.recorded, imported_paper.stage),
        request,
    )


def _start_case(
    services: Services, scheme: Scheme, make_command: Callable[[str], Command], request: Request
) -> Receipt:
    """Begin a case with a command that is given its number."""
    moment = services.new_act_context(request.on)
    with services.store.write_transaction() as record:
        officer = find_officer(record, request.officer)
        name = _next_case_number(scheme, record.case_summaries(), moment.on.year)
        request.check_version(name, 0)
        return _CommandContext(services, record, scheme, officer, moment).execute(None, make_command(name))


def _refuse_future_acts(imported_paper: ImportedPaper, on: date) -> None:
    """Raise `InputError` for an act that is told of a day after that on which the case is entered."""
    for where, told in imported_paper.recorded.items():
        if split_address(where)[0] in imported_paper.scheme.act_day_facts and isinstance(told, date) and told > on:
            raise InputError(
                f"recorded.{where} is {told.isoformat()}, after {on.isoformat()}, on which the case is entered",
                "What is told after the fact has been done by then: mend the paper, or give a later day with --on.",
            )


@dataclass(frozen=True, slots=True)
class Revision:
    """What is to change in a paper, as typed: facts for each part by address, and addresses to take out.

    A whole `paper` (its bytes and the name of its file) takes the place of all that the old one stated.
    """

    public: Mapping[str, str]
    exempt: Mapping[str, str]
    removed: frozenset[str] = frozenset()
    paper: tuple[bytes, str] | None = None


def open_case_from_paper(
    services: Services, scheme_id: str, content: bytes, file_name: str, request: Request
) -> Receipt:
    """Open a case on a paper as it stands in a file; raises `FileError` with every fault of the file.

    A paper that tells what acts recorded is entered after the fact; it names its scheme itself.
    """
    if is_imported_paper(content, file_name):
        past = read_imported_paper(content, file_name, services.library.scheme)
        if scheme_id not in ("", past.scheme.id):
            raise InputError(f"{file_name} is a paper under {past.scheme.id}, not {scheme_id}")
        return _import_case(services, past, request)
    if not scheme_id:
        known = ", ".join(services.library.schemes())
        raise InputError("nobody said under which scheme", f"Name it with --scheme; there are {known}.")
    read = read_paper(content, file_name, services.library.scheme(scheme_id))
    return open_case(services, scheme_id, read.public, read.exempt, request)


def amend_paper(services: Services, case_id: str, revision: Revision, request: Request) -> Receipt:
    """Change the paper of a case, where its stage allows it; raises `Refusal` where it does not."""

    def make_command(snapshot: CaseSnapshot, scheme: Scheme) -> Command:
        public, exempt = parse_typed_parts(scheme, snapshot, revision.public, revision.exempt)
        removed = revision.removed
        if revision.paper:
            whole = read_paper(*revision.paper, scheme)
            # What is typed beside the paper counts, and takes the fact out of the part in which the paper has it.
            public, exempt = (
                _merge_typed_facts(whole.public, public, exempt),
                _merge_typed_facts(whole.exempt, exempt, public),
            )
            before = {*snapshot.case.facts, *snapshot.exempt_part.facts}
            removed |= {where for where in before if scheme.may_be_stated(where)} - {*public, *exempt}
        for where in sorted(revision.removed & {*public, *exempt}):
            raise InputError(f"{where} is to be stated and to be taken out: say one of the two")
        return Amend(public, exempt, removed)

    return _execute_command(services, case_id, make_command, request)


def refuse_invalid_revision(services: Services, snapshot: CaseSnapshot, revision: Revision, request: Request) -> None:
    """Raise as `amend_paper` would: `Conflict`, or `InputError` for a value that does not fit."""
    request.check_version(snapshot.case.id, snapshot.case.version)
    parse_typed_parts(services.library.scheme(snapshot.case.scheme), snapshot, revision.public, revision.exempt)


def _merge_typed_facts(
    paper: Mapping[str, FactValue], typed_facts: Mapping[str, FactValue], typed_for_other_part: Mapping[str, FactValue]
) -> dict[str, FactValue]:
    return {where: value for where, value in paper.items() if where not in typed_for_other_part} | dict(typed_facts)


def perform_action(
    services: Services, case_id: str, action: str, stated: Mapping[str, str], request: Request
) -> Receipt:
    """Do what the scheme calls by this name; raises `Refusal` with the ruling where a rule is against it."""
    return _execute_command(
        services, case_id, lambda file, scheme: Act(action, parse_typed_facts(scheme, file, stated)), request
    )


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """What came of looking at one subject again, as typed: the outcome, and facts for each part by address."""

    subject: str
    outcome: str
    public: Mapping[str, str] = field(default_factory=dict)
    exempt: Mapping[str, str] = field(default_factory=dict)


def record_review(services: Services, case_id: str, review_outcome: ReviewOutcome, request: Request) -> Receipt:
    """Record what came of looking at one subject of a case again; raises `Refusal` where a rule is against it."""

    def make_command(snapshot: CaseSnapshot, scheme: Scheme) -> Command:
        return RecordReview(
            review_outcome.subject,
            review_outcome.outcome,
            *parse_typed_parts(scheme, snapshot, review_outcome.public, review_outcome.exempt),
        )

    return _execute_command(services, case_id, make_command, request)


def _next_case_number(scheme: Scheme, summaries: Sequence[CaseSummary], year: int) -> str:
    """The next number of an authority that no case bears, of its own or of another authority that numbers alike."""
    taken = {case.case.casefold() for case in summaries}
    number = sum(1 for case in summaries if case.scheme == scheme.id)
    while True:
        number += 1
        name = scheme.declaration.numbering.case.replace("{year}", str(year)).replace("{number}", str(number))
        if name.casefold() not in taken:
            return name


def _execute_command(
    services: Services, case_id: str, make_command: Callable[[CaseSnapshot, Scheme], Command], request: Request
) -> Receipt:
    moment = services.new_act_context(request.on)
    refusal = None
    with services.store.write_transaction() as record:
        officer = find_officer(record, request.officer)
        file = load_snapshot(record, find_case_id(record, case_id))
        request.check_version(file.case.id, file.case.version)
        scheme = services.library.scheme(file.case.scheme)
        wanted = make_command(file, scheme)
        try:
            return _CommandContext(services, record, scheme, officer, moment).execute(file.full_case, wanted)
        except Refusal as error:
            refusal = error
            draft = serialize_refusal(
                RefusedCommand(wanted, error.ruling, officer.name), file.full_case, scheme, moment
            )
            record.append(draft, record.stream_version(draft.stream))
            record.save_bundle(services.library.bundle(scheme.id))
    raise refusal


@dataclass(frozen=True, slots=True)
class _CommandContext:
    """One command being served: the transaction it is served in, who asks, under which scheme, and when."""

    services: Services
    transaction: WriteTransaction
    scheme: Scheme
    officer: Officer
    act_context: ActContext

    def execute(self, full_case: FullCase | None, command: Command) -> Receipt:
        """Decide, and record what is decided."""
        decided = decide(full_case, command, self.scheme, self.officer, self.act_context)
        weighed = find_exempt_evidence(full_case, decided, self.scheme)
        draft = serialize_event(decided.event, decided.ruling, self.scheme.rulebook.digest, weighed, self.act_context)
        entry = self.transaction.append(draft, full_case.case.version if full_case else 0)
        self.transaction.save_bundle(self.services.library.bundle(self.scheme.id))
        after = evolve(full_case.case if full_case else None, decided.event)
        self.transaction.update_summary(summarize_case(after))
        return Receipt(after.id, after.version, decided.event.action, entry.seal, after.stage, decided.ruling)
