"""Recording a ledger from its script, and describing what a ledger holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from decisions.issuing.issue import issue_document
from decisions.issuing.jobs import RenderJob
from decisions.output.pdf import render_file
from tests.golden.rulings.scenes import SceneAct, parse_facts
from tests.ledgers.scripts import (
    AddOfficer,
    AmendPaper,
    ImportCase,
    IssueDocument,
    LedgerScript,
    OpenCase,
    Refused,
    ReviewExemption,
    Step,
)
from tests.workflow.walk import load_story, new_services, request_by
from workflow.errors import Refusal
from workflow.ledger.canonical_json import serialize_facts
from workflow.services import commands, queries, verification
from workflow.services.commands import Request, ReviewOutcome, Revision, Services
from workflow.services.officer_commands import AppointmentTerms, RoleAppointment, add_appointed_officer


def record_ledger(script: LedgerScript, path: Path) -> None:
    """Record what a script says in a new store at a path, and verify it."""
    services = new_services(path, for_story=load_story(script.story))
    case = ""
    for step in script.steps:
        case = _take_step(services, script, step, case)
    verification.verify_ledger(services, with_replay=True)
    services.store.close()


def _take_step(services: Services, script: LedgerScript, step: Step, case: str) -> str:
    """Take one step of a script, on a case or starting one; return the number of the case."""
    if isinstance(step, AddOfficer):
        first = date.fromisoformat(step.first) if step.first else None
        terms = AppointmentTerms(first, reason=step.reason)
        appointment = RoleAppointment(script.scheme, step.roles, terms)
        add_appointed_officer(services, step.name, appointment, request_by(step.by, step.on))
    elif isinstance(step, Refused):
        with pytest.raises(Refusal):
            _take_step(services, script, step.step, case)
    elif isinstance(step, OpenCase):
        public, exempt = (parse_facts(facts, script.scheme) for facts in (step.public, step.exempt))
        request = request_by(step.officer, step.on)
        return commands.open_case(services, script.scheme, public, exempt, request).case
    elif isinstance(step, ImportCase):
        request = request_by(step.officer, step.on)
        return commands.open_case_from_paper(services, "", step.paper.encode(), "imported.yaml", request).case
    elif isinstance(step, IssueDocument):
        job = RenderJob(case, step.kind, step.part, "html")
        issue_document(services, job, Request("", date.fromisoformat(step.on)), render_file)
    else:
        _act_on_case(services, case, step)
    return case


def _act_on_case(services: Services, case: str, step: SceneAct | AmendPaper | ReviewExemption) -> None:
    """Do what an officer does to a case."""
    request = request_by(step.officer, step.on)
    if isinstance(step, SceneAct):
        commands.perform_action(services, case, step.action, step.stated, request)
    elif isinstance(step, AmendPaper):
        commands.amend_paper(services, case, Revision(step.public, step.exempt, step.removed), request)
    else:
        outcome = ReviewOutcome("exemption:s43", step.outcome, step.public, step.exempt)
        commands.record_review(services, case, outcome, request)


def describe_ledger(services: Services) -> dict[str, Any]:
    """What a ledger holds, as plain data: its head, and both parts of every case after its last entry."""
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
            }
            for snapshot in snapshots
        },
    }
