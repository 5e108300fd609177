"""A dry run of an act: what it would record, decided as the act is, and recorded nowhere.

Invariants:
- Nothing is written, neither the act nor its refusal.
- It fails as the act fails: with a refusal, for an officer who is not entitled, for a fact that does not fit, for
  words that would give away Part 2.
- It counts the days since its business day, as the act does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rules.judging.findings import Ruling
from rules.packs.scheme import Scheme
from workflow.cases.events import Event
from workflow.cases.life import decide
from workflow.cases.publication import Disclosure
from workflow.errors import Refusal
from workflow.ledger.canonical_json import serialize_facts
from workflow.services.commands import Request, Services, TypedAct, prepare_command
from workflow.services.publication_gate import PublicationGate
from workflow.services.substitutes import name_substitutes


@dataclass(frozen=True, slots=True)
class DryRun:
    """An act that was tried: the event that it leads to, its version, the ruling that allows it, and the warnings."""

    event: Event
    version: int
    ruling: Ruling | None
    scheme: Scheme
    warnings: tuple[Disclosure, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read: a receipt without a seal, and what would be recorded."""
        findings = self.ruling.findings if self.ruling else ()
        return {
            "case": self.event.case,
            "version": self.version,
            "event": self.event.action,
            "seal": None,
            "stage": self.event.stage,
            "dry_run": True,
            "officer": self.event.officer,
            "capacity": self.event.capacity,
            "recorded": serialize_facts(self.event.public.stated),
            "voids": list(self.event.voids),
            "open": True,
            "findings": [finding.as_json() for finding in findings],
        }


def try_action(services: Services, case_id: str, typed_act: TypedAct, request: Request) -> DryRun:
    """Return what an act would record; raises as `perform_action` does."""
    typed_act.refuse_reason_without_use(request)
    with services.store.read_transaction() as transaction:
        prepared = prepare_command(services, transaction, case_id, typed_act.parse, request)
        scheme, full_case = prepared.scheme, prepared.full_case
        try:
            accepted = decide(full_case, prepared.command, scheme, prepared.officer, prepared.act_context)
            gate = PublicationGate(services.check_publication, request.confirmed)
            accepted, _, find_warnings = gate.pass_event(full_case, accepted, scheme)
        except Refusal as refusal:
            name_substitutes(refusal, transaction, prepared)
            raise
    return DryRun(accepted.event, full_case.case.version + 1, accepted.ruling, scheme, find_warnings())
