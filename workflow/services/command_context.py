"""One command executed in a transaction: decided, passed through the gate of publication, and recorded.

Every event of a case and every refusal is appended here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rules.judging.findings import Ruling
from rules.packs.scheme import Scheme
from workflow.cases.case import FullCase
from workflow.cases.events import ActContext, Command
from workflow.cases.life import decide
from workflow.cases.officers import Officer
from workflow.cases.publication import Disclosure, FindWarnings, find_no_warnings
from workflow.cases.records import evolve, evolve_full_case
from workflow.errors import Refusal
from workflow.history.scheme_version import CaseScheme
from workflow.history.serialization import RefusedCommand, find_exempt_evidence, serialize_event, serialize_refusal
from workflow.history.snapshots import summarize_case
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
class CommandContext:
    """The means to execute one command: the transaction, the scheme, the officer, the day, and the check of Part 1."""

    transaction: WriteTransaction
    case_scheme: CaseScheme
    officer: Officer
    act_context: ActContext
    publication_gate: PublicationGate

    @property
    def scheme(self) -> Scheme:
        """The scheme that the case runs under."""
        return self.case_scheme.scheme

    def execute(self, full_case: FullCase | None, command: Command) -> Receipt:
        """Decide a command and record its event; raise what `decide` raises."""
        accepted = decide(full_case, command, self.scheme, self.officer, self.act_context)
        accepted, find_warnings = self.publication_gate.pass_event(full_case, accepted, self.scheme)
        exempt_evidence = find_exempt_evidence(full_case, accepted, self.scheme)
        packs_digest = self.scheme.rulebook.digest
        unsealed = serialize_event(accepted.event, accepted.ruling, packs_digest, exempt_evidence, self.act_context)
        if accepted.event.kind == "entered":
            after, context = evolve_full_case(None, accepted.event), self.act_context
            unsealed = replace(unsealed, ruling=serialize_import_rulings(after, self.scheme, context.on, context.salt))
        entry = self.transaction.append(unsealed, full_case.case.version if full_case else 0)
        self._save_packs()
        before = full_case.case if full_case else None
        case = evolve(before, accepted.event)
        self.transaction.update_summary(summarize_case(case))
        record_links(self.transaction, before, case, self.scheme, self.officer.name)
        action, ruling = accepted.event.action, accepted.ruling
        return Receipt(case.id, case.version, action, entry.seal, case.stage, ruling, find_warnings)

    def record_refusal(self, full_case: FullCase, command: Command, refusal: Refusal) -> None:
        """Record a refused command with its ruling; the version of the case stays.

        Raises `PublicationRefused`, and records nothing, if what the command states would give away Part 2.
        """
        refused = RefusedCommand(command, refusal.ruling, self.officer.name)
        unsealed = serialize_refusal(refused, full_case, self.scheme, self.act_context)
        self.publication_gate.refuse_stated_words(full_case, unsealed, refusal.ruling.action, self.scheme)
        self.transaction.append(unsealed, self.transaction.stream_version(unsealed.stream))
        self._save_packs()

    def _save_packs(self) -> None:
        """Keep the packs that the ruling names, so that it can be replayed."""
        self.transaction.save_bundle(self.case_scheme.bundle)
