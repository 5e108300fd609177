"""Command handlers: one function for each thing that an officer can do.

Each handler loads and decides on the ledger of one moment, and appends in a transaction in which all of that still
stands. A command that a rule refuses is recorded with its ruling, in a stream of its own, and then raised as
`Refusal`; any other error leaves no trace in the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, split_address
from rules.values.names import find_meant_name
from workflow.cases.corrections import require_correction_rules
from workflow.cases.events import Act, ActContext, Amend, Command, Correct, Import, Open, RecordReview
from workflow.cases.paper import ImportedPaper, is_imported_paper, read_imported_paper, read_paper
from workflow.cases.publication import NOTHING_CONFIRMED, ConfirmedWords, PublicationCheck
from workflow.errors import Conflict, Refusal
from workflow.history.officer_records import find_officer
from workflow.history.scheme_version import CaseScheme, find_case_scheme
from workflow.history.snapshots import CaseSnapshot, find_case_id, load_unaltered_snapshot
from workflow.ledger.ports import Clock, ReadTransaction, SchemeLibrary, Store
from workflow.services.command_context import CommandContext, Receipt
from workflow.services.judged_commands import Record, judge_and_record, judge_and_record_new
from workflow.services.linked_cases import add_linked_facts, records_on, refuse_wrong_links
from workflow.services.prepared_command import PreparedCommand
from workflow.services.publication_gate import PublicationGate
from workflow.services.substitutes import name_substitutes
from workflow.services.typed_facts import clean_note, clean_typed_text, parse_typed_facts, parse_typed_parts


@dataclass(frozen=True, slots=True)
class Services:
    """What command handlers and queries work with: the store, the packs and the clock.

    `check_publication` searches Part 1 for Part 2 before anything is recorded. `account` is the operating system's name
    for who types the commands; the ledger keeps it beside the officer.
    """

    store: Store
    library: SchemeLibrary
    clock: Clock
    check_publication: PublicationCheck
    account: str = ""

    def business_day(self, scheme: Scheme | None = None) -> date:
        """Return the day that it is where an authority is; without a scheme, where all of them are."""
        return self.clock.day_in(scheme.declaration.time_zone if scheme else self.library.time_zone)

    def new_act_context(self, on: date | None, scheme: Scheme | None = None) -> ActContext:
        """Return the context of an act on a day (None: today); raise `InputError` for a day in the future."""
        today = self.business_day(scheme)
        if on is not None and on > today:
            raise InputError(f"{on.isoformat()} has not come yet: today is {today.isoformat()}")
        return ActContext(on or today, self.clock.new_salt(), account=self.account)

    def count_lateness(self, act_context: ActContext, scheme: Scheme) -> ActContext:
        """Return the context with the days since the business day, if the scheme calls so many late."""
        rule = scheme.declaration.late_recording
        days = (self.business_day(scheme) - act_context.on).days
        return replace(act_context, late_by=days) if rule and days > rule.after_days else act_context

    def find_case_scheme(self, snapshot: CaseSnapshot) -> CaseScheme:
        """Return the scheme that a case runs under; raise `InputError` if it is not known here."""
        return find_case_scheme(snapshot.case.scheme, snapshot.packs_digest, self.library, self.store)


@dataclass(frozen=True, slots=True)
class Request:
    """Who acts, on which business day (None: today), and at which version of the case (None: any).

    `officer` is an id or a name as typed. `expect_version` is the version that the officer saw last. `confirmed` are
    words of Part 1 that the officer says are already public.
    """

    officer: str
    on: date | None = None
    expect_version: int | None = None
    confirmed: ConfirmedWords = NOTHING_CONFIRMED

    def check_version(self, stream: str, version: int) -> int:
        """Return the version to append at; raise `Conflict` if the officer saw another one."""
        if self.expect_version is not None and self.expect_version != version:
            raise Conflict(stream, self.expect_version, version)
        return version


@dataclass(frozen=True, slots=True)
class Revision:
    """Changes to a paper, as typed: facts for each part by address, and addresses to take out.

    `paper` is the content and name of a file that replaces everything that the old paper stated.
    """

    public: Mapping[str, str]
    exempt: Mapping[str, str]
    removed: frozenset[str] = frozenset()
    paper: tuple[bytes, str] | None = None


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """The outcome of a review of one subject, as typed, with facts for each part by address."""

    subject: str
    outcome: str
    public: Mapping[str, str] = field(default_factory=dict)
    exempt: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TypedAct:
    """An action as typed: its facts by address, the controls that it overrides, and why."""

    action: str
    stated: Mapping[str, str] = field(default_factory=dict)
    overrides: tuple[str, ...] = ()
    reason: str = ""

    def refuse_reason_without_use(self, request: Request) -> None:
        """Raise `InputError` for an override without a reason, or a reason without an override or confirmed words."""
        if self.overrides and not self.reason.strip():
            raise InputError("an override needs a reason", "Say why with --reason. The record and documents show it.")
        if self.reason and not (self.overrides or request.confirmed.words):
            raise InputError("--reason says why a check is overridden", "Name the check with --override.")

    def parse(self, snapshot: CaseSnapshot, scheme: Scheme) -> Act:
        """Return the command on a case, with the facts as values."""
        stated = parse_typed_facts(scheme, snapshot, self.stated)
        return Act(
            scheme.find_action(self.action), stated, dict.fromkeys(self.overrides, clean_note(self.reason, "--reason"))
        )


@dataclass(frozen=True, slots=True)
class Correction:
    """What a decided case should say, as typed, for one part by address, and why."""

    public: Mapping[str, str]
    exempt: Mapping[str, str]
    reason: str


def open_case_from_paper(
    services: Services, scheme_id: str, content: bytes, file_name: str, request: Request
) -> Receipt:
    """Open a case on the paper in a file; raise `FileError` with every fault of the file.

    A paper that also states what acts recorded is imported: it names its own scheme.
    """
    if is_imported_paper(content, file_name):
        imported_paper = read_imported_paper(content, file_name, services.library.scheme_as_typed)
        if scheme_id and not find_meant_name(scheme_id, [imported_paper.scheme.id]):
            raise InputError(f"{file_name} is a paper under {imported_paper.scheme.id}, not {scheme_id}")
        return _import_case(services, imported_paper, request)
    if not scheme_id:
        known = ", ".join(services.library.schemes())
        raise InputError("the paper does not say under which scheme it is", f"Name it with --scheme: {known}.")
    scheme = services.library.scheme_as_typed(scheme_id)
    paper = read_paper(content, file_name, scheme)
    return open_case(services, scheme.id, paper.public, paper.exempt, request)


def open_case(
    services: Services,
    scheme_id: str,
    public: Mapping[str, FactValue],
    exempt: Mapping[str, FactValue],
    request: Request,
) -> Receipt:
    """Open a case with the facts of a paper, under the next number of the authority."""
    scheme = services.library.scheme(scheme_id)
    return _start_case(services, scheme, lambda case_id: Open(case_id, public, exempt), request)


def amend_paper(services: Services, case_id: str, revision: Revision, request: Request) -> Receipt:
    """Change the paper of a case; raise `Refusal` if its stage does not allow it."""
    return _execute_command(services, case_id, partial(_build_amendment, revision), request)


def perform_action(services: Services, case_id: str, typed_act: TypedAct, request: Request) -> Receipt:
    """Perform an action of the scheme as typed; raise `Refusal` with the ruling if a rule forbids it."""
    typed_act.refuse_reason_without_use(request)
    return _execute_command(services, case_id, typed_act.parse, request)


def record_review(services: Services, case_id: str, review_outcome: ReviewOutcome, request: Request) -> Receipt:
    """Record the outcome of a review of one subject; raise `Refusal` if a rule forbids it."""
    return _execute_command(services, case_id, partial(_build_review, review_outcome), request)


def correct_case(services: Services, case_id: str, correction: Correction, request: Request) -> Receipt:
    """Record what a decided case should say, and why; raise `Refusal` if a rule forbids it."""
    return _execute_command(services, case_id, partial(_build_correction, correction), request)


def refuse_invalid_revision(services: Services, snapshot: CaseSnapshot, revision: Revision, request: Request) -> None:
    """Raise `Conflict` or `InputError` as `amend_paper` would, without recording anything."""
    request.check_version(snapshot.case.id, snapshot.case.version)
    parse_typed_parts(services.find_case_scheme(snapshot).scheme, snapshot, revision.public, revision.exempt)


def _import_case(services: Services, imported_paper: ImportedPaper, request: Request) -> Receipt:
    """Import a case that was decided elsewhere, under the next number of the authority."""
    _refuse_future_acts(imported_paper, services.new_act_context(request.on, imported_paper.scheme).on)
    paper, source = imported_paper.paper, imported_paper.source
    recorded, stage = imported_paper.recorded, imported_paper.stage
    return _start_case(
        services,
        imported_paper.scheme,
        lambda case_id: Import(case_id, paper.public, paper.exempt, recorded, stage, source.as_json()),
        request,
    )


def _refuse_future_acts(imported_paper: ImportedPaper, on: date) -> None:
    """Raise `InputError` for an act dated after the day of the import."""
    for address, value in imported_paper.recorded.items():
        is_act_day = split_address(address)[0] in imported_paper.scheme.act_day_facts
        if is_act_day and isinstance(value, date) and value > on:
            raise InputError(
                f"recorded.{address} is {value.isoformat()}, after {on.isoformat()}, the day of the import",
                "Correct the day in the paper, or give a later day with --on.",
            )


def _start_case(
    services: Services, scheme: Scheme, make_command: Callable[[str], Command], request: Request
) -> Receipt:
    """Record the first event of a case; `make_command` makes its command from its number."""
    act_context = services.new_act_context(request.on, scheme)

    def judge(transaction: ReadTransaction) -> Record[Receipt]:
        officer = find_officer(transaction, request.officer)
        case_id = _next_case_number(scheme, transaction, act_context.on.year)
        request.check_version(case_id, 0)
        case_scheme = CaseScheme(scheme, services.library.bundle(scheme.id))
        gate = PublicationGate(services.check_publication, request.confirmed)
        context = CommandContext(case_scheme, officer, services.count_lateness(act_context, scheme), gate)
        command = make_command(case_id)
        refuse_wrong_links(transaction, scheme, command, case_id, act_context.on)
        return context.judge(None, command).record

    return judge_and_record_new(services.store, judge)


def _next_case_number(scheme: Scheme, transaction: ReadTransaction, year: int) -> str:
    """Return the next number of an authority that no case has.

    Two authorities may number their cases alike, so the count of its own cases alone does not give a free number.
    """
    number = transaction.count_cases(scheme.id)
    while True:
        number += 1
        case_id = scheme.declaration.numbering.case.replace("{year}", str(year)).replace("{number}", str(number))
        if not transaction.find_case(case_id):
            return case_id


def _build_amendment(revision: Revision, snapshot: CaseSnapshot, scheme: Scheme) -> Amend:
    public, exempt = parse_typed_parts(scheme, snapshot, revision.public, revision.exempt)
    find_address = scheme.rulebook.facts.find_address
    removed = typed_removals = frozenset(find_address(typed) or typed for typed in revision.removed)
    if revision.paper:
        paper = read_paper(*revision.paper, scheme)
        # A typed fact overrides the paper, even if the paper states it in the other part.
        public, exempt = (
            _merge_typed_facts(paper.public, public, exempt),
            _merge_typed_facts(paper.exempt, exempt, public),
        )
        stated_before = {*snapshot.case.facts, *snapshot.exempt_part.facts}
        removed |= {address for address in stated_before if scheme.may_be_stated(address)} - {*public, *exempt}
    for address in sorted(typed_removals & {*public, *exempt}):
        raise InputError(f"{address} is both stated and taken out", "Do one of the two.")
    return Amend(public, exempt, removed)


def _merge_typed_facts(
    paper: Mapping[str, FactValue], typed_facts: Mapping[str, FactValue], typed_for_other_part: Mapping[str, FactValue]
) -> dict[str, FactValue]:
    kept = {address: value for address, value in paper.items() if address not in typed_for_other_part}
    return kept | dict(typed_facts)


def _build_review(review_outcome: ReviewOutcome, snapshot: CaseSnapshot, scheme: Scheme) -> RecordReview:
    public, exempt = parse_typed_parts(scheme, snapshot, review_outcome.public, review_outcome.exempt)
    outcome = scheme.find_review_outcome(review_outcome.outcome)
    return RecordReview(review_outcome.subject, outcome, public, exempt)


def _build_correction(correction: Correction, snapshot: CaseSnapshot, scheme: Scheme) -> Correct:
    require_correction_rules(scheme)
    if correction.public and correction.exempt:
        raise InputError(
            "one correction cannot be in both parts, because its reason stands beside it",
            "Correct Part 1 with --set, and Part 2 with --set-exempt in a second command.",
        )
    public, exempt = parse_typed_parts(scheme, snapshot, correction.public, correction.exempt)
    values = {address: scheme.format_fact(address, value) for address, value in (exempt or public).items()}
    return Correct(values, clean_typed_text(correction.reason, "--reason"), in_part_2=bool(exempt))


def _execute_command(
    services: Services, case_id: str, make_command: Callable[[CaseSnapshot, Scheme], Command], request: Request
) -> Receipt:
    """Execute a command on a case, or record its refusal and raise it."""

    def judge(transaction: ReadTransaction) -> Record[Receipt | Refusal]:
        prepared = prepare_command(services, transaction, case_id, make_command, request)
        gate = PublicationGate(services.check_publication, request.confirmed)
        context = CommandContext(prepared.case_scheme, prepared.officer, prepared.act_context, gate)
        try:
            return context.judge(prepared.full_case, prepared.command).record
        except Refusal as refusal:
            name_substitutes(refusal, transaction, prepared)
            return context.judge_refusal(prepared.full_case, prepared.command, refusal).record

    result = judge_and_record(services.store, case_id, judge)
    # Raised after the transaction: an error inside it would undo the record of the refusal.
    if isinstance(result, Refusal):
        raise result
    return result


def prepare_command(
    services: Services,
    transaction: ReadTransaction,
    case_id: str,
    make_command: Callable[[CaseSnapshot, Scheme], Command],
    request: Request,
) -> PreparedCommand:
    """Return a command on a case as it stands; raise `Conflict` or `InputError` if it does not fit the case."""
    officer = find_officer(transaction, request.officer)
    snapshot = load_unaltered_snapshot(transaction, find_case_id(transaction, case_id))
    request.check_version(snapshot.case.id, snapshot.case.version)
    case_scheme = services.find_case_scheme(snapshot)
    act_context = services.new_act_context(request.on, case_scheme.scheme)
    command = make_command(snapshot, case_scheme.scheme)
    refuse_wrong_links(transaction, case_scheme.scheme, command, snapshot.case.id, act_context.on)
    act_context = services.count_lateness(act_context, case_scheme.scheme)
    record_of = records_on(transaction.entries_without_rulings, act_context.on)
    act_context = add_linked_facts(record_of, act_context, case_scheme.scheme, snapshot.case, command)
    return PreparedCommand(snapshot.full_case, command, case_scheme, officer, act_context)
