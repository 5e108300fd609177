"""What an officer gives as a reason or a correction is searched for what Part 2 withholds: at the act, and in files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from decisions.errors import DocumentError
from decisions.issuing.issue import prepare_document
from decisions.issuing.jobs import RenderJob
from decisions.output.pdf import render_file
from tests.workflow.services.test_overrides import CONTROL, certify, with_override
from tests.workflow.walk import CASE_ID, GOVERNANCE_TEAM, new_services, request_by, walk_to_stage
from workflow.cases.publication import PublicationFindings
from workflow.errors import PublicationRefused
from workflow.services import commands, queries
from workflow.services.commands import Correction, Services, TypedAct

WITHHELD_SUM = "£2,450,000"
CORRECTIONS = [
    Correction({"title": "Smarter working"}, {}, f"It cost {WITHHELD_SUM}."),
    Correction({"title": f"Smarter working for {WITHHELD_SUM}"}, {}, "A word."),
]


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Services]:
    services = new_services(tmp_path / "assent.db")
    walk_to_stage(services, "published")
    yield services
    services.store.close()


def unchecked(services: Services) -> Services:
    """Return services as they were before acts were checked: kept ledgers have such entries."""
    return replace(services, check_publication=lambda _case, _scheme: PublicationFindings())


def make_public_form(services: Services) -> bytes:
    return prepare_document(services, RenderJob(CASE_ID, "decision-form", 1, "html"), render_file).data


def correct(services: Services, correction: Correction) -> None:
    commands.correct_case(services, CASE_ID, correction, request_by(GOVERNANCE_TEAM, "2018-05-01"))


def test_an_override_whose_reason_gives_away_part_2_is_refused(tmp_path: Path) -> None:
    services = new_services(tmp_path / "assent.db", with_override(CONTROL, "chief_executive"))
    walk_to_stage(services, "chief_executive")
    reason = f"The {WITHHELD_SUM} must be spent by May."
    act = TypedAct("certify", {"certificate.advice_considered": "false"}, (CONTROL,), reason)
    entries = queries.list_case_entries(services, CASE_ID)
    with pytest.raises(PublicationRefused, match=f"reason for the override of {CONTROL}, says “{WITHHELD_SUM}”"):
        certify(services, act)
    assert queries.list_case_entries(services, CASE_ID) == entries
    certify(unchecked(services), act)
    with pytest.raises(DocumentError, match=WITHHELD_SUM):
        make_public_form(services)
    services.store.close()


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_a_public_correction_that_gives_away_part_2_is_refused(published: Services, correction: Correction) -> None:
    assert make_public_form(published)
    entries = queries.list_case_entries(published, CASE_ID)
    with pytest.raises(PublicationRefused, match=f"says “{WITHHELD_SUM}”, which is confidential in Part 2"):
        correct(published, correction)
    assert queries.list_case_entries(published, CASE_ID) == entries
    assert make_public_form(published)


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_an_earlier_correction_that_gives_away_part_2_stands_in_no_file(
    published: Services, correction: Correction
) -> None:
    correct(unchecked(published), correction)
    with pytest.raises(
        DocumentError, match="says “£2,450,000”, which is confidential in Part 2 as the estimated value"
    ):
        make_public_form(published)


def test_a_correction_of_part_2_stands_in_no_public_document(published: Services) -> None:
    correct(published, Correction({}, {"exemption:s43.public_interest": "withhold"}, "Zanzibar asked for it."))
    assert "Zanzibar" not in make_public_form(published).decode()
