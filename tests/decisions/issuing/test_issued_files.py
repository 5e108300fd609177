"""An issued document is recognised by its bytes alone, and any other file is not."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from decisions.errors import NotVerified
from decisions.issuing.document_files import document_file_name
from decisions.issuing.issued_files import documents_by_template, find_issued_document, is_current, verify_file
from decisions.issuing.jobs import OUTPUT_FORMATS, RenderJob
from tests.decisions import sample
from tests.decisions.cases import DECISION_FORM, DOCUMENTS, IAB_REPORT
from tests.decisions.conftest import FinishedStory
from tests.decisions.fixed_services import services_at
from tests.decisions.issuing.test_issue import issue
from tests.decisions.stories import run_story_steps
from tests.rendered_documents import render_once
from workflow.adapters.sqlite import SqliteStore
from workflow.errors import LedgerBroken
from workflow.services.commands import Services


class TestVerify:
    @pytest.mark.parametrize("place", [0, 1_000, -1])
    @pytest.mark.parametrize("to", OUTPUT_FORMATS)
    def test_one_altered_byte_is_noticed(
        self, services: Services, finished: FinishedStory, to: str, place: int
    ) -> None:
        altered = bytearray(issue(services, finished.case, to=to).data)
        altered[place] ^= 1
        with pytest.raises(NotVerified, match="decision carries the imprint of assent, but") as refused:
            verify_file(services, bytes(altered), "decision")
        assert "It was altered" in refused.value.advice()

    @pytest.mark.parametrize("to", OUTPUT_FORMATS)
    def test_one_byte_more_or_less_is_noticed(self, services: Services, finished: FinishedStory, to: str) -> None:
        data = issue(services, finished.case, to=to).data
        for altered in (data[:-1], data + b"\n"):
            with pytest.raises(NotVerified, match="carries the imprint"):
                verify_file(services, altered, "decision")

    @pytest.mark.parametrize(
        "data", [b"", b"%PDF-1.7\n%%EOF\n", b"<!DOCTYPE html><title>assent</title>", b"\x00\xff" * 500, b"assent"]
    )
    def test_a_file_without_our_imprint_is_not_a_document_of_assent(self, services: Services, data: bytes) -> None:
        with pytest.raises(NotVerified, match=r"letter\.pdf is not a document of assent"):
            verify_file(services, data, "letter.pdf")

    def test_a_file_with_our_imprint_that_was_never_issued_is_refused(self, services: Services) -> None:
        view = sample.decided_document()
        for data in (render_once(view, "html"), render_once(view, "pdf")):
            with pytest.raises(NotVerified, match="not those of any document issued from this store"):
                verify_file(services, data, "sample")

    def test_a_document_of_another_store_is_refused(
        self, services: Services, finished: FinishedStory, tmp_path: Path
    ) -> None:
        issued, data, _ = issue(services, finished.case, to="pdf")
        other = services_at(tmp_path / "other.db")
        with pytest.raises(NotVerified, match="carries the imprint") as refused:
            verify_file(other, data, "decision.pdf")
        assert "issued from another store" in refused.value.advice()
        assert verify_file(services, data, "decision.pdf") == issued

    def test_a_document_is_still_recognised_after_the_case_has_moved_on(
        self, finished: FinishedStory, tmp_path: Path
    ) -> None:
        services = services_at(tmp_path / "assent.db")
        for step in run_story_steps(services, finished.story):
            if step.receipt and step.receipt.version == 1:
                issued, data, _ = issue(services, step.case)
        assert (issued.version, verify_file(services, data, "draft.html")) == (1, issued)


def test_an_issued_document_is_current_only_for_its_own_job_and_the_case_as_it_stands(
    services: Services, finished: FinishedStory
) -> None:
    job = RenderJob(finished.case, DECISION_FORM, 1, "html")
    issued = issue(services, finished.case).issued
    assert is_current(services, issued, job)
    assert not is_current(services, issued, job._replace(kind=IAB_REPORT))
    assert not is_current(services, replace(issued, version=8), job)
    assert not is_current(services, replace(issued, head="0" * 64), job)


def test_every_template_is_listed_with_the_documents_issued_from_it(
    services: Services, finished: FinishedStory
) -> None:
    issued = issue(services, finished.case, part=2).issued
    listed = {(template.kind, template.part): made for template, made in documents_by_template(services, finished.case)}
    assert listed == {**{each: [] for each in DOCUMENTS}, (DECISION_FORM, 2): [issued]}


@pytest.mark.parametrize("body", ["x", "[" * 60_000, "5", '{"case":"x"}'])
def test_an_unreadable_entry_of_a_document_is_named(services: Services, finished: FinishedStory, body: str) -> None:
    data = issue(services, finished.case).data
    sha256 = hashlib.sha256(data).hexdigest()
    damaged = body.replace('"x"', f'"{sha256}"')
    assert isinstance(services.store, SqliteStore)
    with closing(sqlite3.connect(services.store.path)) as raw:
        raw.execute("UPDATE ledger SET body = ? WHERE kind = 'issued'", (damaged,))
        raw.commit()
    with pytest.raises(LedgerBroken, match=r"\(documents/.* version 1\): cannot be read"):
        documents_by_template(services, finished.case)
    if sha256 in damaged:
        with pytest.raises(LedgerBroken, match="cannot be read"):
            find_issued_document(services, data)


def test_the_file_of_a_document_stays_in_its_folder_whatever_its_case_number_holds() -> None:
    name = document_file_name(RenderJob("../2018/1", DECISION_FORM, 1, "pdf"))
    assert name == f"..-2018-1-{DECISION_FORM}-part-1.pdf"
