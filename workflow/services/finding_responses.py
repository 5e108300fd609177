"""Record what an officer says of a finding of the audit: accepted, disputed or mended.

The finding stays as it is. The next audit shows the response beside it.
"""

from __future__ import annotations

from typing import NamedTuple

from rules.errors import InputError
from rules.values.facts import CASE
from rules.values.names import find_meant_name
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.cases.finding_response import FindingResponse, ResponseKind
from workflow.cases.life import explain_too_early
from workflow.errors import NotEntitled
from workflow.history.officer_records import find_officer
from workflow.history.responses import serialize_response
from workflow.history.snapshots import rebuild_public_case
from workflow.services.audit_findings import AuditedFinding
from workflow.services.command_context import Receipt
from workflow.services.commands import Request, Services
from workflow.services.ledger_audit import audit_cases
from workflow.services.typed_facts import clean_note

RESPOND = "respond"


class TypedResponse(NamedTuple):
    """A response as typed: the control and the subject of the finding, what is said of it, and why."""

    control: str
    subject: str
    response: ResponseKind
    reason: str


def respond_to_finding(services: Services, case_id: str, typed: TypedResponse, request: Request) -> Receipt:
    """Record a response to a finding that is breached or undetermined; raise `InputError` if there is none such.

    Raises `NotEntitled` for an officer without an appointment at the authority of the case on the day.
    """
    reason = clean_note(typed.reason, "--reason")
    if not reason:
        raise InputError("a response needs a reason", "Say why with --reason.")
    [audited] = audit_cases(services, [case_id]).cases
    found = _find_open_finding(audited.findings, typed, audited.case)
    with services.store.write_transaction() as transaction:
        case, _ = rebuild_public_case(transaction.entries_without_rulings(audited.case))
        scheme = services.library.scheme(case.scheme) if case.scheme in services.library.schemes() else None
        act_context = services.new_act_context(request.on, scheme)
        request.check_version(case.id, case.version)
        officer = find_officer(transaction, request.officer)
        if early := explain_too_early(case, act_context.on):
            raise InputError(early, "Give the day of the response with --on.")
        held = (each for each in officer.appointments if each.is_under(case.scheme))
        if not any(each.term.includes(act_context.on) for each in held):
            raise NotEntitled(officer.name, "respond to a finding", ["any officer of the authority on that day"])
        finding = found.finding
        response = FindingResponse(
            finding.control, finding.subject, typed.response, reason, officer.name, act_context.on
        )
        unsealed = serialize_response(case.id, response, act_context)
        entry = transaction.append(unsealed, transaction.stream_version(unsealed.stream))
    return Receipt(case.id, case.version, RESPOND, entry.seal, case.stage)


def _find_open_finding(findings: tuple[AuditedFinding, ...], typed: TypedResponse, case_id: str) -> AuditedFinding:
    """Return the finding that is meant."""
    found = [audited for audited in findings if audited.verdict.needs_attention]
    controls = dict.fromkeys(audited.verdict.control for audited in found)
    control = find_meant_name(typed.control, list(controls))
    if not control:
        advice = did_you_mean(typed.control, controls) or f"To see the findings: assent audit {case_id}"
        raise InputError(f"no finding on {quote(typed.control, 80)} of {case_id} is breached or undetermined", advice)
    of_control = [audited for audited in found if audited.verdict.control == control]
    subjects = [audited.verdict.subject for audited in of_control]
    wanted = typed.subject or (subjects[0] if len(subjects) == 1 else CASE)
    if wanted not in subjects:
        raise InputError(f"{control} has no such finding on {quote(wanted, 80)}", f"Name one of {', '.join(subjects)}.")
    return of_control[subjects.index(wanted)]
