"""One command: decided and passed through the gate of publication, and then recorded in a transaction of its own.

Every event of a case and every refusal is appended here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rules.judging.findings import Ruling
from rules.packs.scheme import Scheme
from workflow.cases.case import Case, FullCase
from workflow.cases.events import ActContext, Command
from workflow.cases.life import decide
from workflow.cases.officers import Officer
from workflow.cases.publication import Disclosure, FindWarnings, find_no_warnings
from workflow.errors import Refusal
from workflow.history.scheme_version import CaseScheme
from workflow.history.serialization import RefusedCommand, find_exempt_evidence, serialize_event, serialize_refusal
from workflow.history.snapshots import remember_recorded, summarize_case
from workflow.ledger.entries import UnsealedEntry
from workflow.ledger.ports import WriteTransaction
from workflow.services.import_rulings import serialize_import_rulings
from workflow.services.linked_cases import record_links
from workflow.services.publication_gate import PublicationGate


@dataclass(frozen=True, slots=True)
class Receipt:
    """The record of an event, with the seal that proves it, and how to find the warnings for its officer."""

    case: str
    version: int
    event: str
    seal: str
    stage: str
    ruling: Ruling | None = None
    find_warnings: FindWarnings = find_no_warnings

    @property
    def warnings(self) -> tuple[Disclosure, ...]:
        """The warnings for the officer, which are not recorded."""
        return self.find_warnings()

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read, without the ruling and the warnings."""
        return {"case": self.case, "version": self.version, "event": self.event, "seal": self.seal, "stage": self.stage}


@dataclass(frozen=True, slots=True)
class JudgedEvent:
    """An event that may be recorded: its entry, the version it follows, and the case before and after it."""

    entry: UnsealedEntry
    before: Case | None
    after: FullCase
    case_scheme: CaseScheme
    ruling: Ruling | None
    find_warnings: FindWarnings

    def record(self, transaction: WriteTransaction) -> Receipt:
        """Append the entry, and bring the list of cases and the links up to it; raise `Conflict` at another version."""
        entry, case = transaction.append(self.entry, self.before.version if self.before else 0), self.after.case
        remember_recorded(entry, self.entry.exempt_text(entry), self.after)
        transaction.save_bundle(self.case_scheme.bundle)  # so that the ruling can be replayed
        transaction.update_summary(summarize_case(case))
        record_links(transaction, self.before, case, self.case_scheme.scheme, self.entry.officer)
        action = case.acts[-1].action
        return Receipt(case.id, case.version, action, entry.seal, case.stage, self.ruling, self.find_warnings)


@dataclass(frozen=True, slots=True)
class JudgedRefusal:
    """A refusal that is to be recorded; the version of its case stays."""

    entry: UnsealedEntry
    case_scheme: CaseScheme
    refusal: Refusal

    def record(self, transaction: WriteTransaction) -> Refusal:
        """Append the entry, and return the refusal."""
        transaction.append(self.entry, transaction.stream_version(self.entry.stream))
        transaction.save_bundle(self.case_scheme.bundle)
        return self.refusal


@dataclass(frozen=True, slots=True)
class CommandContext:
    """The means to judge one command: the scheme, the officer, the day, and the check of Part 1."""

    case_scheme: CaseScheme
    officer: Officer
    act_context: ActContext
    publication_gate: PublicationGate

    @property
    def scheme(self) -> Scheme:
        """The scheme that the case runs under."""
        return self.case_scheme.scheme

    def judge(self, full_case: FullCase | None, command: Command) -> JudgedEvent:
        """Decide a command; raise what `decide` raises, and `PublicationRefused`."""
        accepted = decide(full_case, command, self.scheme, self.officer, self.act_context)
        accepted, after, find_warnings = self.publication_gate.pass_event(full_case, accepted, self.scheme)
        exempt_evidence = find_exempt_evidence(full_case, accepted, self.scheme)
        packs_digest = self.scheme.rulebook.digest
        unsealed = serialize_event(accepted.event, accepted.ruling, packs_digest, exempt_evidence, self.act_context)
        if accepted.event.kind == "entered":
            context = self.act_context
            rulings = serialize_import_rulings(after, self.scheme, context.on, context.salt)
            unsealed = replace(unsealed, ruling=rulings)
        before = full_case.case if full_case else None
        return JudgedEvent(unsealed, before, after, self.case_scheme, accepted.ruling, find_warnings)

    def judge_refusal(self, full_case: FullCase, command: Command, refusal: Refusal) -> JudgedRefusal:
        """Return how to record a refused command with its ruling.

        Raises `PublicationRefused`, and nothing is recorded, if what the command states would give away Part 2.
        """
        refused = RefusedCommand(command, refusal.ruling, self.officer.name)
        unsealed = serialize_refusal(refused, full_case, self.scheme, self.act_context)
        self.publication_gate.refuse_stated_words(full_case, unsealed, refusal.ruling.action, self.scheme)
        return JudgedRefusal(unsealed, self.case_scheme, refusal)
