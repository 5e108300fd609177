"""Move cases to the flow of changed packs: which can be moved, why others cannot, and the moves themselves.

Invariants:
- Each case is moved in a transaction of its own, so that a case that cannot be moved stops no other.
- A dry run records nothing, and gives the same answer: with an officer, also whether that officer may move the case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from rules.errors import FileError, InputError
from rules.packs.bundle import Bundle
from rules.packs.digests import compute_flow_digest
from rules.packs.pinned_flow import pin_flow
from rules.packs.scheme import Scheme
from rules.values.text import quote
from workflow.cases.case import Case
from workflow.cases.events import ActContext, Migrate
from workflow.cases.life import decide, explain_too_early
from workflow.cases.migration import find_obstacles, find_obstacles_of_flow, has_old_names
from workflow.cases.scheme_end import refuse_out_of_force
from workflow.errors import NotEntitled
from workflow.history.officer_records import find_officer
from workflow.history.scheme_version import CaseScheme, load_kept_bundle
from workflow.history.snapshots import CaseSnapshot, find_case_id, load_snapshot, load_unaltered_snapshot
from workflow.ledger.ports import ReadTransaction, WriteTransaction
from workflow.services.command_context import CommandContext, Receipt
from workflow.services.commands import Request, Services
from workflow.services.publication_gate import PublicationGate
from workflow.services.typed_facts import clean_note

TODAY = "today"
LEAST_DIGITS = 6
"""Of the digest that names packs, at least so many digits must be typed."""


class MigrationState(StrEnum):
    """What became of a case: moved, to be moved (of a dry run), already under that flow, or left where it is."""

    MOVED = "moved"
    CAN_MOVE = "can_move"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"


class CaseMigration(NamedTuple):
    """What became of one case, why it cannot be moved, and the receipt if it was."""

    case: str
    scheme: str
    stage: str
    state: MigrationState
    reasons: tuple[str, ...] = ()
    receipt: Receipt | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        own = {"case": self.case, "scheme": self.scheme, "stage": self.stage, "state": str(self.state)}
        return {**own, "reasons": list(self.reasons), **(self.receipt.as_json() if self.receipt else {})}


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """What became of each case."""

    to: str
    is_dry_run: bool
    cases: tuple[CaseMigration, ...]

    @property
    def has_blocked(self) -> bool:
        """Whether a case cannot be moved."""
        return any(case.state is MigrationState.BLOCKED for case in self.cases)

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read; the keys of a receipt too if one case was moved."""
        report = {"to": self.to, "dry_run": self.is_dry_run, "cases": [case.as_json() for case in self.cases]}
        receipts = [case.receipt for case in self.cases if case.receipt]
        return {**report, **receipts[0].as_json()} if len(receipts) == len(self.cases) == 1 else report


@dataclass(frozen=True, slots=True)
class MigrationOrder:
    """Which cases to move (none named: all), to which packs, and why; with `is_dry_run` nothing is recorded.

    `to` is `today`, or the first digits of the digest of packs that the store keeps.
    """

    case_ids: Sequence[str]
    to: str
    reason: str
    is_dry_run: bool = False


ProgressTracker = Callable[[Sequence[str]], Iterable[str]]


def migrate_cases(
    services: Services, order: MigrationOrder, request: Request, track_progress: ProgressTracker = iter
) -> MigrationReport:
    """Move cases to the flow of changed packs.

    Raises `InputError` for an unknown case, version or officer, and `NotEntitled` for an officer who may not move the
    only case. Among several cases, those that the officer may not move are left where they are.
    `track_progress` is given the numbers and yields them one by one, so that a caller can show progress.
    """
    reason = _clean_reason(order)
    digest = _find_version(services, order.to)
    with services.store.read_transaction() as transaction:
        chosen = [find_case_id(transaction, typed) for typed in order.case_ids]
        chosen = list(dict.fromkeys(chosen)) or [summary.case for summary in transaction.case_summaries()]
        if request.officer or not order.is_dry_run:
            find_officer(transaction, request.officer)  # a wrong name is refused before any case is moved
    migrator = _Migrator(services, digest, reason, request, is_dry_run=order.is_dry_run)
    migrate = migrator.migrate if len(chosen) == 1 else migrator.migrate_or_leave
    results = (migrate(case_id) for case_id in track_progress(chosen))
    return MigrationReport(order.to, order.is_dry_run, tuple(results))


def _clean_reason(order: MigrationOrder) -> str:
    """Return the reason as it is recorded; raise `InputError` for none, and for one that is too long."""
    if not order.reason.strip() and not order.is_dry_run:
        raise InputError("say why the cases are moved", "Give --reason 'The board has a new name'.")
    return clean_note(order.reason, "--reason")


def _find_version(services: Services, to: str) -> str:
    """Return the digest of the kept packs that a user typed; empty for those of today."""
    if to == TODAY:
        return ""
    typed = to.strip().lower()
    digests = services.store.pack_digests()
    matching = [digest for digest in digests if digest.startswith(typed)] if len(typed) >= LEAST_DIGITS else []
    if len(matching) == 1:
        return matching[0]
    known = ", ".join(digest[:12] for digest in digests) or "none"
    advice = f"Write --to {TODAY}, or the first {LEAST_DIGITS} digits or more of packs that this store keeps: {known}."
    raise InputError(f"{quote(to, 80)} is not a version of packs that is known here", advice)


@dataclass(frozen=True, slots=True)
class _Target:
    """The packs to which a case is to be moved, and those that it leaves (None: they are lost)."""

    to: CaseScheme
    left: Scheme | None


@dataclass(frozen=True, slots=True)
class _Migrator:
    """Moves one case after another to the flow of today, or to that of kept packs with a digest."""

    services: Services
    digest: str
    reason: str
    request: Request
    is_dry_run: bool

    def migrate(self, case_id: str) -> CaseMigration:
        """Move a case, or say why it cannot be moved."""
        store = self.services.store
        if self.is_dry_run:
            with store.read_transaction() as reading:
                snapshot = self._load(reading, case_id)
                assessed = self._assess(snapshot)
                return assessed if isinstance(assessed, CaseMigration) else self._try(reading, snapshot, assessed)
        with store.write_transaction() as writing:
            snapshot = self._load(writing, case_id)
            assessed = self._assess(snapshot)
            return assessed if isinstance(assessed, CaseMigration) else self._move(writing, snapshot, assessed)

    def _load(self, transaction: ReadTransaction, case_id: str) -> CaseSnapshot:
        snapshot = load_unaltered_snapshot(transaction, case_id)
        self.request.check_version(case_id, snapshot.case.version)
        return snapshot

    def migrate_or_leave(self, case_id: str) -> CaseMigration:
        """Move a case, or say why it cannot be moved, also if the officer may not move it."""
        try:
            return self.migrate(case_id)
        except NotEntitled as error:
            with self.services.store.read_transaction() as reading:
                case = load_snapshot(reading, case_id).case
            return CaseMigration(case.id, case.scheme, case.stage, MigrationState.BLOCKED, (str(error),))

    def _assess(self, snapshot: CaseSnapshot) -> CaseMigration | _Target:
        """Return the packs to move a case to, or why it stays where it is."""
        case = snapshot.case
        try:
            target = self._find_target(snapshot)
        except InputError as error:
            return CaseMigration(case.id, case.scheme, case.stage, MigrationState.BLOCKED, (error.message,))
        if target is None:
            return CaseMigration(case.id, case.scheme, case.stage, MigrationState.UNCHANGED)
        if reasons := tuple(self._find_reasons(snapshot, target)):
            return CaseMigration(case.id, case.scheme, case.stage, MigrationState.BLOCKED, reasons)
        return target

    def _find_target(self, snapshot: CaseSnapshot) -> _Target | None:
        """Return the packs to move a case to, or None if it runs under that flow; raises `InputError` without any."""
        scheme_id, store = snapshot.case.scheme, self.services.store
        today = self.services.library.bundle(scheme_id)
        kept = load_kept_bundle(snapshot.packs_digest, today, store)
        to = self._find_target_bundle(scheme_id, today)
        if kept is None:
            # Which flow it left is not known any more. It needs to be moved only if it has a name of that flow.
            scheme = to.scheme()
            return _Target(CaseScheme(scheme, to), None) if has_old_names(snapshot.full_case, scheme) else None
        if compute_flow_digest(kept) == compute_flow_digest(to):
            return None
        return _Target(CaseScheme(to.scheme(), to), self.services.find_case_scheme(snapshot).scheme)

    def _find_target_bundle(self, scheme_id: str, today: Bundle) -> Bundle:
        """Return the packs of today, or the law of today with the flow of the version that was chosen."""
        if not self.digest:
            return today
        version = load_kept_bundle(self.digest, today, self.services.store)
        try:
            is_of_scheme = version is not None and version.scheme().id == scheme_id
        except FileError:
            is_of_scheme = False
        if version is None or not is_of_scheme:
            raise InputError(f"the packs {self.digest[:12]} are not a version of {scheme_id} that can be read")
        return today if compute_flow_digest(version) == compute_flow_digest(today) else pin_flow(version, today).bundle

    def _find_reasons(self, snapshot: CaseSnapshot, target: _Target) -> Iterator[str]:
        """Yield all that prevents the move of a case."""
        on = self.services.new_act_context(self.request.on, target.to.scheme).on
        if early := explain_too_early(snapshot.case, on):
            yield early
        try:
            refuse_out_of_force(snapshot.case, Migrate(snapshot.packs_digest, self.reason), target.to.scheme, on)
        except InputError as error:
            yield error.message
        yield from find_obstacles(snapshot.full_case, target.to.scheme)
        if target.left:
            yield from find_obstacles_of_flow(snapshot.case, target.left, target.to.scheme)

    def _try(self, transaction: ReadTransaction, snapshot: CaseSnapshot, target: _Target) -> CaseMigration:
        """Return that a case can be moved; raise `NotEntitled` if an officer was named who may not move it."""
        if self.request.officer:
            officer, act_context = find_officer(transaction, self.request.officer), self._make_act_context(target)
            decide(snapshot.full_case, self._make_command(snapshot), target.to.scheme, officer, act_context)
        return _describe_possible(snapshot.case, target)

    def _make_command(self, snapshot: CaseSnapshot) -> Migrate:
        return Migrate(snapshot.packs_digest, self.reason)

    def _make_act_context(self, target: _Target) -> ActContext:
        act_context = self.services.new_act_context(self.request.on, target.to.scheme)
        return self.services.count_lateness(act_context, target.to.scheme)

    def _move(self, transaction: WriteTransaction, snapshot: CaseSnapshot, target: _Target) -> CaseMigration:
        """Record the move of a case."""
        officer = find_officer(transaction, self.request.officer)
        gate = PublicationGate(self.services.check_publication)
        context = CommandContext(target.to, officer, self._make_act_context(target), gate)
        receipt = context.judge(snapshot.full_case, self._make_command(snapshot)).record(transaction)
        return CaseMigration(
            snapshot.case.id, snapshot.case.scheme, receipt.stage, MigrationState.MOVED, receipt=receipt
        )


def _describe_possible(case: Case, target: _Target) -> CaseMigration:
    """Return what a dry run says of a case that can be moved."""
    stage = target.to.scheme.declaration.renamed.stages.get(case.stage, case.stage)
    return CaseMigration(case.id, case.scheme, stage, MigrationState.CAN_MOVE)
