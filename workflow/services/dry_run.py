"""A dry run of an act: what it would record, decided as the act is, and recorded nowhere.

Invariants:
- Nothing is written, neither the act nor its refusal.
- It fails as the act fails: with a refusal, for an officer who is not entitled, for a fact that does not fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rules.judging.findings import Ruling
from rules.packs.scheme import Scheme
from workflow.cases.events import Event
from workflow.cases.life import decide
from workflow.errors import Refusal
from workflow.history.officer_records import find_officer, load_officers
from workflow.history.snapshots import find_case_id, load_snapshot
from workflow.ledger.canonical_json import serialize_facts
from workflow.services.commands import Request, Services, TypedAct
from workflow.services.substitutes import find_separations, find_substitutes


@dataclass(frozen=True, slots=True)
class DryRun:
    """An act that was tried: the event that it leads to, the version it would have, and the ruling that allows it."""

    event: Event
    version: int
    ruling: Ruling | None
    scheme: Scheme

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
    """Return what an act would record; raises as `perform_typed_act` does."""
    typed_act.refuse_reason_without_override()
    with services.store.read_transaction() as transaction:
        officer = find_officer(transaction, request.officer)
        snapshot = load_snapshot(transaction, find_case_id(transaction, case_id))
        officers = load_officers(transaction)
    request.check_version(snapshot.case.id, snapshot.case.version)
    scheme = services.find_case_scheme(snapshot).scheme
    act_context = services.new_act_context(request.on, scheme)
    act = typed_act.parse(snapshot, scheme)
    try:
        accepted = decide(snapshot.full_case, act, scheme, officer, act_context)
    except Refusal as refusal:
        if find_separations(refusal.ruling):
            refusal.could_act = tuple(find_substitutes(snapshot.case, act, scheme, officers, act_context.on))
        raise
    return DryRun(accepted.event, snapshot.case.version + 1, accepted.ruling, scheme)
