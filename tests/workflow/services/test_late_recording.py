"""An act that is recorded long after its business day says so in ruling, history, document and audit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from decisions.documents.record_views import build_public_record
from rules.packs.library import Library
from tests.workflow.walk import CASE_ID, TODAY, new_services, request_by, shipped_library, walk_to_stage
from workflow.errors import Refusal
from workflow.services import commands, queries, verification
from workflow.services.audit import audit_cases
from workflow.services.commands import Services, TypedAct
from workflow.services.dry_run import try_action

HEAD = "schemes/mopac/scheme.yaml"
LATE = b"""
late_recording:
  after_days: 290
  citation: {instrument: An example, provision: order 1, basis: unverified, note: Made up.}

paper:
"""


def late_library() -> Library:
    """The shipped packs, in which an act of MOPAC is late when it is recorded more than 290 days after its day."""
    files = dict(shipped_library().files)
    files[HEAD] = files[HEAD].replace(b"\npaper:\n", LATE, 1)
    return Library(files)


@pytest.fixture
def late(path: Path) -> Iterator[Services]:
    services = new_services(path, late_library())
    walk_to_stage(services, "pib")
    yield services
    services.store.close()


def test_an_act_on_the_last_day_that_is_in_time_says_nothing_and_the_day_before_is_late(late: Services) -> None:
    days = (TODAY - date(2018, 3, 14)).days
    assert days == 292
    receipt = commands.perform_action(
        late, CASE_ID, commands.TypedAct("pib-support"), request_by("chair-of-pib", "2018-03-14")
    )
    assert receipt.ruling
    assert [found.control for found in receipt.ruling.findings if found.outcome == "breached"] == ["recording.in_time"]
    in_time = commands.perform_action(
        late, CASE_ID, commands.TypedAct("iab-support"), request_by("chair-of-iab", "2018-03-16")
    )
    assert in_time.ruling
    assert "recording.in_time" not in [
        found.control for found in in_time.ruling.findings if found.outcome == "breached"
    ]
    item, last = queries.list_case_history(late, CASE_ID)[-2:]
    assert json.loads(item.entry.body)["late_by"] == 292
    assert (item.as_json()["late_by"], last.as_json()["late_by"]) == (292, 0)
    assert "recorded 292 days later" in item.describe_recorded()
    assert item.describe_recorded(width=10).endswith("; recorded 292 days later")
    assert verification.verify_ledger(late, with_replay=True).rulings


def test_documents_and_audit_say_how_late_it_was(late: Services) -> None:
    commands.perform_action(late, CASE_ID, commands.TypedAct("pib-support"), request_by("chair-of-pib", "2018-03-14"))
    public_case, head = queries.load_public_case(late, CASE_ID)
    record = build_public_record(public_case, head, late.library.scheme("mopac"))
    assert record.format_of_act(public_case.acts[-1], "pib.on") == "14 March 2018 (recorded 292 days later)"
    [case] = audit_cases(late, []).cases
    assert "pib-support of 2018-03-14 was recorded 292 days later" in case.warnings


def test_a_refusal_that_is_recorded_late_replays(late: Services) -> None:
    with pytest.raises(Refusal):
        commands.perform_action(late, CASE_ID, commands.TypedAct("approve"), request_by("deputy-mayor", "2018-03-08"))
    assert verification.verify_ledger(late, with_replay=True).rulings


def test_a_scheme_that_does_not_declare_it_never_says_so(services: Services) -> None:
    walk_to_stage(services, "pib")
    assert all(item.as_json()["late_by"] == 0 for item in queries.list_case_history(services, CASE_ID))


def test_a_dry_run_counts_the_days_as_the_act_does(late: Services) -> None:
    tried = try_action(late, CASE_ID, TypedAct("pib-support"), request_by("chair-of-pib", "2018-03-14"))
    assert tried.ruling
    assert [found.control for found in tried.ruling.findings if found.outcome == "breached"] == ["recording.in_time"]
    assert tried.event.late_by == 292
