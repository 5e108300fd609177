"""What officers say of a finding is recorded, verified and shown beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from rules.errors import InputError
from tests.workflow.services.test_ledger_audit import audit_case, finding_on
from tests.workflow.walk import CASE_ID, new_services, request_by, services_at, walk_to_stage
from workflow.cases.finding_response import ResponseKind
from workflow.errors import Conflict, LedgerBroken, NotEntitled
from workflow.services import officer_commands, verification
from workflow.services.command_context import Receipt
from workflow.services.commands import Request, Services
from workflow.services.finding_responses import TypedResponse, respond_to_finding

LATE = "decision.in_time"


def respond(
    services: Services, control: str = LATE, subject: str = "", kind: ResponseKind = "accepted",
    reason: str = "So it is.", officer: str = "governance-team",
) -> Receipt:  # fmt: skip
    typed = TypedResponse(control, subject, kind, reason)
    return respond_to_finding(services, CASE_ID, typed, request_by(officer, "2018-06-01"))


@pytest.fixture
def published(services: Services) -> Services:
    walk_to_stage(services, "published")
    return services


def test_the_next_audit_shows_the_response_and_the_finding_stays_breached(published: Services) -> None:
    before = audit_case(published)
    receipt = respond(published)
    assert (receipt.case, receipt.version, receipt.event) == (CASE_ID, 9, "respond")
    after = audit_case(published)
    found = finding_on(after, LATE)
    assert found.finding.outcome == "breached"
    assert found.as_json()["response"] == {
        "response": "accepted", "officer": "Governance Team", "on": "2018-06-01", "reason": "So it is.",
    }  # fmt: skip
    assert [one.finding for one in after.findings] == [one.finding for one in before.findings]
    assert [one for one in after.findings if one.response] == [found]


def test_the_last_response_counts_and_only_by_the_day_of_the_audit(published: Services) -> None:
    respond(published)
    respond(published, kind="mended", reason="Reason given.")
    found = finding_on(audit_case(published), LATE)
    assert found.response is not None
    assert found.response.describe() == "mended by Governance Team on 2018-06-01: Reason given."
    assert finding_on(audit_case(published, "2018-05-31"), LATE).response is None


def test_responses_are_verified_and_change_neither_case_nor_rulings(published: Services) -> None:
    before = verification.verify_ledger(published, with_replay=True)
    respond(published)
    after = verification.verify_ledger(published, with_replay=True)
    assert (after.entries, after.rulings) == (before.entries + 1, before.rulings)


@pytest.mark.parametrize(
    ("control", "subject", "message"),
    [
        ("decision.in_tme", "", "no finding on 'decision.in_tme' of MOPAC-2018-1 is breached or undetermined"),
        ("paper.complete", "", "no finding on 'paper.complete'"),
        (LATE, "exemption:s43", "decision.in_time has no such finding on 'exemption:s43'"),
    ],
)
def test_what_is_no_open_finding_gets_no_response(
    published: Services, control: str, subject: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        respond(published, control, subject)


def test_a_response_needs_a_reason(published: Services) -> None:
    with pytest.raises(InputError, match="needs a reason"):
        respond(published, reason="  ")


def test_an_officer_without_an_appointment_cannot_respond(services: Services) -> None:
    officer_commands.add_officer(services, "Pat Roe", None, Request("", date(2018, 3, 1)))
    walk_to_stage(services, "published")
    with pytest.raises(NotEntitled, match="respond to a finding"):
        respond(services, officer="pat-roe")


def test_a_response_on_a_version_that_has_passed_is_a_conflict(published: Services) -> None:
    typed = TypedResponse(LATE, "", "accepted", "So it is.")
    with pytest.raises(Conflict):
        respond_to_finding(published, CASE_ID, typed, Request("governance-team", date(2018, 6, 1), 3))


def test_the_reason_stands_in_part_2(path: Path) -> None:
    services = new_services(path)
    walk_to_stage(services, "published")
    respond(services, reason="Because of the tender at Acme.")
    services.store.close()
    with closing(sqlite3.connect(path)) as raw:
        [(body, exempt)] = raw.execute("SELECT body, exempt FROM ledger WHERE kind = 'responded'").fetchall()
        assert "Acme" not in body
        assert exempt
        raw.execute("DELETE FROM exempt WHERE stream LIKE 'responses/%'")
        raw.commit()
    with pytest.raises(LedgerBroken, match="its Part 2 text is gone"):
        verification.verify_ledger(services_at(path), with_replay=True)
    assert finding_on(audit_case(services_at(path)), LATE).response is None
