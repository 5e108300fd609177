"""Recording a ledger from its script, and describing what a ledger holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from decisions.issuing.issue import issue_document
from decisions.issuing.jobs import RenderJob
from decisions.output.pdf import render_file
from decisions.safety.publication import PublicationSearch
from tests.golden.rulings.scenes import SceneAct, parse_facts
from tests.ledgers import steps
from tests.workflow.walk import TickingClock, request_by, shipped_library
from workflow.adapters.sqlite import SqliteStore
from workflow.cases.case import Case
from workflow.cases.paper import is_imported_paper
from workflow.errors import NotEntitled, Refusal
from workflow.ledger.canonical_json import serialize_facts
from workflow.ledger.ports import Clock
from workflow.services import commands, officer_commands, queries, verification
from workflow.services.commands import Correction, Request, ReviewOutcome, Revision, Services, TypedAct
from workflow.services.migrations import MigrationOrder, MigrationState, migrate_cases
from workflow.services.officer_commands import AppointmentTerms, Deputising, RoleAppointment
from workflow.services.officer_endings import Ending


def record_ledger(script: steps.LedgerScript, path: Path) -> None:
    """Record what a script says in a new store at a path, and verify it."""
    clock = TickingClock(datetime.combine(script.today, time(9), UTC))
    store = SqliteStore(str(path), clock.now)
    store.create()
    recorder = _Recorder(
        script, Services(store, shipped_library(), Clock(lambda _: script.today, clock.salt), PublicationSearch())
    )
    officer_commands.add_founder(recorder.services, steps.FOUNDER, request_by("", script.founded))
    for step in script.steps:
        recorder.take(step)
    verification.verify_ledger(recorder.services, with_replay=True)
    store.close()


@dataclass
class _Recorder:
    """Takes the steps of a script one by one; `case` is the number of the case that was begun last."""

    script: steps.LedgerScript
    services: Services
    case: str = ""

    def take(self, step: steps.Step) -> None:
        """Take one step."""
        if isinstance(step, steps.UsePacks):
            self.services = replace(self.services, library=step.make() if step.make else shipped_library())
        elif isinstance(step, steps.Refused):
            with pytest.raises(Refusal) as refused:
                self.take(step.step)
            assert set(step.controls) <= set(refused.value.ruling.blocking_controls())
        elif isinstance(step, steps.NotAllowed):
            with pytest.raises(NotEntitled):
                self.take(step.step)
        elif isinstance(step, steps.AddOfficer | steps.Appoint | steps.EndAppointment | steps.Deputise):
            self._take_officer_step(step)
        elif isinstance(step, steps.OpenCase | steps.OpenPaper):
            self.case = self._open(step)
        elif isinstance(step, steps.IssueDocument):
            job = RenderJob(self.case, step.kind, step.part, "html")
            issue_document(self.services, job, Request("", date.fromisoformat(step.on)), render_file)
        else:
            self._act_on_case(step)

    def _take_officer_step(
        self, step: steps.AddOfficer | steps.Appoint | steps.EndAppointment | steps.Deputise
    ) -> None:
        scheme = self.script.scheme
        if isinstance(step, steps.AddOfficer):
            terms = AppointmentTerms(_day(step.first), _day(step.last), step.instrument, step.reason)
            appointment = RoleAppointment(scheme, step.roles, terms)
            officer_commands.add_officer(self.services, step.name, appointment, request_by(step.by, step.on))
        elif isinstance(step, steps.Appoint):
            terms = AppointmentTerms(date.fromisoformat(step.on), reason="Entered when the record was begun.")
            appointment = RoleAppointment(scheme, step.roles, terms)
            officer_commands.appoint_officer(self.services, step.name, appointment, request_by(step.by, step.on))
        elif isinstance(step, steps.EndAppointment):
            has_left = not (step.roles or step.principal)
            in_scheme = scheme if step.roles else ""
            ending = Ending(in_scheme, step.roles, step.principal, has_left=has_left, reason="Recorded late.")
            officer_commands.end_appointment(self.services, step.name, ending, request_by(step.by, step.on))
        else:
            terms = AppointmentTerms(date.fromisoformat(step.on), _day(step.last), step.instrument, "Recorded late.")
            deputising = Deputising(step.principal, scheme, step.roles)
            request = request_by(step.principal, step.on)
            officer_commands.deputise_officer(self.services, step.name, deputising, request, terms)

    def _open(self, step: steps.OpenCase | steps.OpenPaper) -> str:
        request, scheme = request_by(step.officer, step.on), self.script.scheme
        if isinstance(step, steps.OpenPaper):
            content = step.paper.encode()
            named = "" if is_imported_paper(content, "paper.yaml") else scheme
            return commands.open_case_from_paper(self.services, named, content, "paper.yaml", request).case
        public, exempt = (parse_facts(facts, scheme) for facts in (step.public, step.exempt))
        return commands.open_case(self.services, scheme, public, exempt, request).case

    def _act_on_case(self, step: steps.OnCase) -> None:
        """Do what an officer does to a case."""
        services, case = self.services, self.case
        officer, on = (step.act.officer, step.act.on) if isinstance(step, steps.Override) else (step.officer, step.on)
        request = request_by(officer, on)
        if isinstance(step, SceneAct):
            commands.perform_action(services, case, commands.TypedAct(step.action, step.stated), request)
        elif isinstance(step, steps.AmendPaper):
            commands.amend_paper(services, case, Revision(step.public, step.exempt, step.removed), request)
        elif isinstance(step, steps.Override):
            typed_act = TypedAct(step.act.action, step.act.stated, (step.control,), step.reason)
            commands.perform_action(services, case, typed_act, request)
        elif isinstance(step, steps.Correct):
            commands.correct_case(services, case, Correction(step.public, step.exempt, step.reason), request)
        elif isinstance(step, steps.Migrate):
            [moved] = migrate_cases(services, MigrationOrder([case], "today", step.reason), request).cases
            assert moved.state is MigrationState.MOVED, moved.reasons
        else:
            outcome = ReviewOutcome(step.subject, step.outcome, step.public, step.exempt)
            commands.record_review(services, case, outcome, request)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def describe_ledger(services: Services, *, with_acts: bool) -> dict[str, Any]:
    """Return what a ledger holds, as plain data: its head, and both parts of every case after its last entry.

    With acts, each case says too how often it came to each stage, and which acts count no more.
    """
    report = verification.verify_ledger(services, with_replay=True)
    snapshots = [queries.load_case_snapshot(services, summary.case) for summary in queries.list_cases(services)]
    return {
        "head": report.head,
        "entries": report.entries,
        "rulings": report.rulings,
        "cases": {
            snapshot.case.id: {
                "scheme": snapshot.case.scheme,
                "stage": snapshot.case.stage,
                "version": snapshot.case.version,
                "last_on": snapshot.case.last_on.isoformat(),
                "seal": snapshot.head,
                "public": serialize_facts(snapshot.case.facts),
                "exempt": serialize_facts(snapshot.exempt_part.facts),
                **(_describe_acts(snapshot.case) if with_acts else {}),
            }
            for snapshot in snapshots
        },
    }


def _describe_acts(case: Case) -> dict[str, Any]:
    acts = [
        [act.version, act.action, act.stage, act.round, act.by, act.capacity, act.on.isoformat(), sorted(act.voided)]
        for act in case.acts
    ]
    return {"rounds": dict(case.rounds), "acts": acts}
