"""A public document is refused if what an officer gave as a reason has something that Part 2 withholds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from decisions.errors import DocumentError
from decisions.issuing.issue import prepare_document
from decisions.issuing.jobs import RenderJob
from decisions.output.pdf import render_file
from tests.workflow.services.test_overrides import CONTROL, certify, with_override
from tests.workflow.walk import CASE_ID, GOVERNANCE_TEAM, new_services, request_by, walk_to_stage
from workflow.services import commands
from workflow.services.commands import Correction, Services, TypedAct

WITHHELD_SUM = "£2,450,000"


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Services]:
    services = new_services(tmp_path / "assent.db")
    walk_to_stage(services, "published")
    yield services
    services.store.close()


def make_public_form(services: Services) -> bytes:
    return prepare_document(services, RenderJob(CASE_ID, "decision-form", 1, "html"), render_file).data


def correct(services: Services, correction: Correction) -> None:
    commands.correct_case(services, CASE_ID, correction, request_by(GOVERNANCE_TEAM, "2018-05-01"))


def test_the_reason_of_an_override_is_searched(tmp_path: Path) -> None:
    services = new_services(tmp_path / "assent.db", with_override(CONTROL, "chief_executive"))
    walk_to_stage(services, "chief_executive")
    reason = f"The {WITHHELD_SUM} must be spent by May."
    certify(services, TypedAct("certify", {"certificate.advice_considered": "false"}, (CONTROL,), reason))
    with pytest.raises(DocumentError) as refused:
        make_public_form(services)
    assert WITHHELD_SUM not in f"{refused.value}{refused.value.advice()}"
    services.store.close()


@pytest.mark.parametrize(
    "correction",
    [
        Correction({"title": "Smarter working"}, {}, f"It cost {WITHHELD_SUM}."),
        Correction({"title": f"Smarter working for {WITHHELD_SUM}"}, {}, "A word."),
    ],
)
def test_the_words_of_a_public_correction_are_searched(published: Services, correction: Correction) -> None:
    assert make_public_form(published)
    correct(published, correction)
    with pytest.raises(DocumentError) as refused:
        make_public_form(published)
    assert WITHHELD_SUM not in f"{refused.value}{refused.value.advice()}"


def test_a_correction_of_part_2_stands_in_no_public_document(published: Services) -> None:
    correct(published, Correction({}, {"exemption:s43.public_interest": "withhold"}, "Zanzibar asked for it."))
    assert "Zanzibar" not in make_public_form(published).decode()
