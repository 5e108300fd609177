"""An act that is recorded long after its business day says so in ruling, history, document and audit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from decisions.documents.blocks.acts import build_acts
from decisions.documents.blocks.fields import Field
from decisions.documents.blocks.signature import build_signature
from decisions.documents.record_views import build_public_record
from rules.packs.document_schema import BlockSpec
from rules.packs.generated_controls import LATE_RECORDING
from rules.packs.library import Library
from rules.values.passages import Paragraph, Table
from tests.ledgers.mopac import IMPORTED as IMPORTED_PAPER
from tests.workflow.walk import AUTHOR, CASE_ID, TODAY, new_services, request_by, shipped_library, walk_to_stage
from workflow.errors import Refusal
from workflow.services import commands, queries, verification
from workflow.services.commands import Services, TypedAct
from workflow.services.dry_run import try_action
from workflow.services.ledger_audit import audit_cases

IMPORTED = IMPORTED_PAPER.encode()
ACTS = {"heading": "Who acted", "acts": ["pib"], "unstated": "Nobody has acted yet"}
HEAD = "schemes/mopac/scheme.yaml"
LATE = re.compile(rb"\nlate_recording:\n  after_days: 28\n(?P<citation>(?:  .*\n)+)")


def late_library(days: bytes = b"290") -> Library:
    """The shipped packs, in which an act of MOPAC is late when it is recorded more than so many days after its day.

    Without days, MOPAC never calls an act late.
    """
    files = dict(shipped_library().files)
    declared = b"\nlate_recording:\n  after_days: " + days + b"\n\\g<citation>" if days else b"\n"
    files[HEAD], count = LATE.subn(declared, files[HEAD])
    assert count == 1
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
    explained, table = build_acts(BlockSpec.model_validate(ACTS), record)
    assert explained == Paragraph("These steps were recorded later, on 31 December 2018.")
    assert isinstance(table, Table)
    assert [row[0].text for row in table.rows] == ["14\u00a0March\u00a02018"]
    [case] = audit_cases(late, []).cases
    assert any("; pib-support of 2018-03-14 was recorded 292 days later" in warning for warning in case.warnings)


def test_a_signature_and_another_outcome_say_how_late_they_were_recorded(late: Services) -> None:
    commands.perform_action(late, CASE_ID, TypedAct("pib-support"), request_by("chair-of-pib", "2018-03-14"))
    public_case, head = queries.load_public_case(late, CASE_ID)
    record = build_public_record(public_case, head, late.library.scheme("mopac"))
    block = {"signature": "pib", "heading": "Signed", "capacity": "Chair", "words": ["I support this."]}
    for outcome in ("supported", "rejected"):
        [done] = build_signature(BlockSpec.model_validate({**block, "outcome": outcome}), record)
        assert done.remarks == (Field("Recorded on", "31 December 2018"),)


def test_a_refusal_that_is_recorded_late_replays(late: Services) -> None:
    with pytest.raises(Refusal):
        commands.perform_action(late, CASE_ID, commands.TypedAct("approve"), request_by("deputy-mayor", "2018-03-08"))
    assert verification.verify_ledger(late, with_replay=True).rulings


def test_a_scheme_that_does_not_declare_it_never_says_so(path: Path) -> None:
    services = new_services(path, late_library(b""))
    walk_to_stage(services, "pib")
    assert all(item.as_json()["late_by"] == 0 for item in queries.list_case_history(services, CASE_ID))
    services.store.close()


@pytest.mark.parametrize("name", shipped_library().schemes())
def test_each_shipped_scheme_says_from_when_on_an_act_is_late(name: str) -> None:
    """No source says so, and it only warns: the days are those after which an appointment needs a reason."""
    scheme = shipped_library().scheme(name)
    late, appointments = scheme.declaration.late_recording, scheme.declaration.appointments
    assert late
    assert appointments
    assert (late.after_days, late.citation.basis) == (appointments.backdating, "unverified")
    assert scheme.rulebook.controls[LATE_RECORDING].declaration.severity == "warning"


def test_a_case_that_is_imported_long_after_its_decision_is_not_late(services: Services) -> None:
    """The import is an act of its day. What was done elsewhere was not recorded here."""
    receipt = commands.open_case_from_paper(services, "", IMPORTED, "imported.yaml", request_by(AUTHOR, "2018-12-31"))
    [item] = queries.list_case_history(services, receipt.case)
    assert (item.entry.kind, item.as_json()["late_by"]) == ("entered", 0)
    dated_back = commands.open_case_from_paper(services, "", IMPORTED, "i.yaml", request_by(AUTHOR, "2018-05-01"))
    [item] = queries.list_case_history(services, dated_back.case)
    assert (item.entry.kind, item.as_json()["late_by"]) == ("entered", 244)
    assert verification.verify_ledger(services, with_replay=True).entries


def test_a_dry_run_counts_the_days_as_the_act_does(late: Services) -> None:
    tried = try_action(late, CASE_ID, TypedAct("pib-support"), request_by("chair-of-pib", "2018-03-14"))
    assert tried.ruling
    assert [found.control for found in tried.ruling.findings if found.outcome == "breached"] == ["recording.in_time"]
    assert tried.event.late_by == 292
