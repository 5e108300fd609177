"""Overrides: an act in spite of a blocking control, by who may, with a reason that everything shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from decisions.documents.build import build_document
from decisions.documents.record_views import build_public_record
from rules.errors import InputError, PackError
from rules.packs.library import Library
from tests.workflow.walk import CASE_ID, new_services, request_by, shipped_library, walk_to_stage
from workflow.errors import NotEntitled, Refusal
from workflow.services import commands, queries, verification
from workflow.services.commands import Services, TypedAct
from workflow.services.ledger_audit import audit_cases

HEAD = "schemes/mopac/scheme.yaml"
CHIEF = "r-lawrence"
CONTROL = "certificate.given"
REASON = "The adviser is away; see the note of 10 April."
CERTIFY = TypedAct("certify", {"certificate.advice_considered": "false"}, (CONTROL,), REASON)


def with_override(control: str, who: str) -> Library:
    """Return the shipped packs with a control that a role of MOPAC may override."""
    files = dict(shipped_library().files)
    declared = f"""
overrides:
  {control}:
    who: [{who}]
    citation: {{instrument: An example, provision: order 1, basis: unverified, note: Made up.}}

paper:
"""
    files[HEAD] = files[HEAD].replace(b"\npaper:\n", declared.encode(), 1)
    return Library(files)


@pytest.fixture
def overridable(path: Path) -> Iterator[Services]:
    services = new_services(path, with_override(CONTROL, "chief_executive"))
    walk_to_stage(services, "chief_executive")
    yield services
    services.store.close()


def certify(services: Services, typed_act: TypedAct = CERTIFY, officer: str = CHIEF) -> None:
    commands.perform_action(services, CASE_ID, typed_act, request_by(officer, "2018-04-13"))


def test_who_may_acts_in_spite_of_the_control_and_everything_shows_the_reason(overridable: Services) -> None:
    certify(overridable)
    item = queries.list_case_history(overridable, CASE_ID)[-1]
    assert json.loads(item.entry.body)["overrides"] == {CONTROL: REASON}
    assert item.as_json()["overrides"] == {CONTROL: REASON}
    assert f"in spite of {CONTROL}: {REASON}" in item.describe_recorded()
    assert verification.verify_ledger(overridable, with_replay=True).rulings
    [case] = audit_cases(overridable, []).cases
    assert f"certify of 2018-04-13 was done by R Lawrence in spite of {CONTROL}: {REASON}" in case.warnings
    breached = [audited.finding.control for audited in case.findings if audited.finding.outcome == "breached"]
    assert CONTROL in breached
    public_case, head = queries.load_public_case(overridable, CASE_ID)
    record = build_public_record(public_case, head, overridable.library.scheme("mopac"))
    assert record.format_overrides(public_case.acts[-1]).endswith(f": {REASON}")


@pytest.mark.parametrize("kind", ["iab-report", "pib-paper"])
def test_every_document_shows_an_act_in_spite_of_a_check_once(overridable: Services, kind: str) -> None:
    certify(overridable)
    public_case, head = queries.load_public_case(overridable, CASE_ID)
    scheme = overridable.library.scheme("mopac")
    record = build_public_record(public_case, head, scheme)
    document = build_document(scheme.document_template(kind, 1), record)
    assert str(document.blocks).count(REASON) == 1


def test_what_the_scheme_does_not_name_cannot_be_overridden(services: Services) -> None:
    walk_to_stage(services, "chief_executive")
    with pytest.raises(InputError, match=r"certificate.given cannot be overridden under mopac") as refused:
        certify(services)
    assert refused.value.advice() == "Those that can be: none."


def test_an_officer_whom_the_scheme_does_not_name_may_not(path: Path) -> None:
    services = new_services(path, with_override(CONTROL, "dmpc"))
    walk_to_stage(services, "chief_executive")
    with pytest.raises(NotEntitled, match=r"R Lawrence may not override certificate.given: only .*\(dmpc\) may"):
        certify(services)


def test_whatever_else_blocks_still_refuses(path: Path) -> None:
    services = new_services(path, with_override("declaration.finance_reviewed", "head_of_unit"))
    walk_to_stage(services, "declaration")
    declare = TypedAct("declare", {"declaration.finance": "false"}, ("declaration.finance_reviewed",), REASON)
    with pytest.raises(Refusal) as refused:
        commands.perform_action(services, CASE_ID, declare, request_by("head-of-smarter-working", "2018-04-11"))
    assert "declaration.legal_stated" in refused.value.ruling.blocking_controls()


def test_what_does_not_block_is_not_overridden(overridable: Services) -> None:
    fine = TypedAct("certify", {"certificate.advice_considered": "true"}, (CONTROL,), REASON)
    with pytest.raises(InputError, match="does not block certify"):
        certify(overridable, fine)


@pytest.mark.parametrize(
    ("typed_act", "message"),
    [
        (TypedAct("certify", {}, (CONTROL,)), "an override needs a reason"),
        (TypedAct("certify", {}, (), REASON), "--reason says why"),
        (TypedAct("certify", {}, (CONTROL,), "x" * 501), "more than 500 characters"),
    ],
)
def test_an_override_and_its_reason_belong_together(overridable: Services, typed_act: TypedAct, message: str) -> None:
    with pytest.raises(InputError, match=message):
        certify(overridable, typed_act)


@pytest.mark.parametrize(
    ("control", "message"),
    [
        ("certificate.givn", "is a control that nobody declares"),
        ("stages.in_order", "keeps the order of stages, which nobody may override"),
        ("decision.in_time", "only warns, so there is nothing to override"),
        ("separation.author_and_approval", "must not name roles that the separation keeps apart: dmpc"),
    ],
)
def test_a_scheme_that_overrides_what_cannot_be_is_refused(control: str, message: str) -> None:
    with pytest.raises(PackError, match=message):
        with_override(control, "dmpc").scheme("mopac")
