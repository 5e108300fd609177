"""A document leaves with an entry in the ledger: checked first, recorded next, in its place last."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import date
from pathlib import Path

import pytest

from decisions.issuing.issue import PreparedDocument, issue_document, prepare_document, record_and_write
from decisions.issuing.issued_files import IssuedDocument, find_issued_document, verify_file
from decisions.issuing.jobs import OUTPUT_FORMATS, RenderJob
from rules.errors import InputError
from tests.decisions.cases import DECISION_FORM, DOCUMENTS, IAB_REPORT
from tests.decisions.conftest import FinishedStory
from tests.decisions.fixed_services import services_at
from tests.decisions.stories import run_story_steps
from tests.rendered_documents import render_once
from tests.workflow.walk import two_authorities
from workflow.adapters.sqlite import SqliteStore
from workflow.errors import Conflict, LedgerBroken, NotEntitled
from workflow.services import issued_documents, officer_commands, queries, verification
from workflow.services.commands import Request, Services

NOBODY = Request("")


def issue(
    services: Services, case: str, kind: str = DECISION_FORM, part: int = 1, to: str = "html", request: Request = NOBODY
) -> PreparedDocument:
    """Issue one document, by default the decision form of Part 1 as a page."""
    return issue_document(services, RenderJob(case, kind, part, to), request, render_once)


@pytest.fixture
def store(services: Services) -> Path:
    assert isinstance(services.store, SqliteStore)
    return services.store.path


def alter(store: Path, statement: str, case: str) -> None:
    """Alter one row of a case in the store, past the ledger."""
    with closing(sqlite3.connect(store)) as raw:
        assert raw.execute(f"{statement} AND stream = ?", (case,)).rowcount == 1
        raw.commit()


def entry_count(services: Services) -> int:
    return verification.ledger_head(services)[0]


class TestIssue:
    @pytest.mark.parametrize("to", OUTPUT_FORMATS)
    @pytest.mark.parametrize(("kind", "part"), DOCUMENTS)
    def test_an_issued_document_is_recognised_by_its_bytes(
        self, services: Services, finished: FinishedStory, kind: str, part: int, to: str
    ) -> None:
        issued, data, _ = issue(services, finished.case, kind, part, to)
        assert issued == IssuedDocument(finished.case, 9, kind, part, to, hashlib.sha256(data).hexdigest(), issued.head)
        assert find_issued_document(services, data) == verify_file(services, data, "decision") == issued
        assert data.startswith({"pdf": b"%PDF-1.7", "html": b"<!DOCTYPE html>", "docx": b"PK"}[to])

    def test_a_document_bears_the_head_of_its_case_whatever_documents_were_issued(
        self, services: Services, finished: FinishedStory
    ) -> None:
        entries = queries.list_case_entries(services, finished.case)
        last = [entry for entry in entries if entry.kind != "refused"][-1]
        first = issue(services, finished.case)
        issue(services, finished.case, IAB_REPORT)
        assert first.issued.head == last.seal
        assert issue(services, finished.case) == first

    @pytest.mark.parametrize("part", [1, 2])
    def test_the_same_document_again_is_the_same_bytes_and_no_second_entry(
        self, services: Services, finished: FinishedStory, part: int
    ) -> None:
        first = issue(services, finished.case, part=part, to="pdf")
        count = entry_count(services)
        assert issue(services, finished.case, part=part, to="pdf") == first
        assert entry_count(services) == count

    def test_two_stores_with_the_same_acts_make_the_same_bytes(
        self, services: Services, finished: FinishedStory, tmp_path: Path
    ) -> None:
        other = services_at(tmp_path / "other.db")
        list(run_story_steps(other, finished.story))
        for kind, part in DOCUMENTS:
            assert issue(other, finished.case, kind, part, "pdf") == issue(services, finished.case, kind, part, "pdf")

    def test_the_officer_who_issued_a_document_is_recorded_if_one_is_named(
        self, services: Services, finished: FinishedStory
    ) -> None:
        issue(services, finished.case, request=Request("governance-team"))
        assert issued_documents.list_issued_documents(services)[-1].officer == "Governance Team"

    def test_a_document_is_recorded_after_it_is_ready_and_before_it_is_in_its_place(
        self, services: Services, finished: FinishedStory
    ) -> None:
        count, seen = entry_count(services), []

        @contextmanager
        def watch(data: bytes) -> Iterator[None]:
            seen.append((find_issued_document(services, data), entry_count(services)))
            yield
            seen.append((find_issued_document(services, data), entry_count(services)))

        job = RenderJob(finished.case, DECISION_FORM, 1, "html")
        issued = issue_document(services, job, NOBODY, render_once, staged_write=watch).issued
        assert seen == [(None, count), (issued, count + 1)]

    def test_a_document_made_before_somebody_acted_is_not_recorded(
        self, finished: FinishedStory, tmp_path: Path
    ) -> None:
        services = services_at(tmp_path / "assent.db")
        steps = run_story_steps(services, finished.story)
        case = next(steps).case
        prepared = prepare_document(services, RenderJob(case, DECISION_FORM, 1, "html"), render_once)
        list(steps)
        count = entry_count(services)
        with pytest.raises(Conflict, match=f"{case} is at version 9, not 1: somebody acted first"):
            record_and_write(services, prepared, NOBODY, nullcontext)
        assert entry_count(services) == count

    @pytest.mark.parametrize(
        ("kind", "part", "to", "message"),
        [
            (DECISION_FORM, 1, "rtf", "'rtf' is not an output format"),
            ("decision-from", 1, "pdf", "'decision-from' is not a document of mopac"),
            (IAB_REPORT, 2, "pdf", "mopac has no Part 2 of iab-report"),
        ],
    )
    def test_a_document_that_does_not_exist_is_refused_and_nothing_is_recorded(
        self, services: Services, finished: FinishedStory, kind: str, part: int, to: str, message: str
    ) -> None:
        count = entry_count(services)
        with pytest.raises(InputError, match=message):
            issue(services, finished.case, kind, part, to)
        assert entry_count(services) == count

    @pytest.mark.parametrize("again", [False, True])
    @pytest.mark.parametrize(
        ("request_", "error", "message"),
        [
            (Request("", expect_version=8), Conflict, "is at version 9, not 8: somebody acted first"),
            (
                Request("", date(2018, 3, 7)),
                InputError,
                "2018-03-07 is before the last act on MOPAC-2018-1, of 2018-04-",
            ),
            (Request("", date(2019, 1, 1)), InputError, "2019-01-01 has not come"),
            (Request("nobody"), InputError, "'nobody' is not an officer"),
            (Request("else-where"), NotEntitled, "Else Where may not issue documents under mopac"),
        ],
    )
    def test_officer_day_and_version_are_checked_each_time(
        self, services: Services, finished: FinishedStory, request_: Request, error: type[Exception], message: str,
        *, again: bool,
    ) -> None:  # fmt: skip
        other = Services(services.store, two_authorities(), services.clock, services.check_publication)
        officer_commands.add_officer(
            other, "Else Where", officer_commands.RoleAppointment("elsewhere", ("author",)), Request("r-lawrence")
        )
        if again:
            issue(services, finished.case, request=Request("", expect_version=9))
        count = entry_count(services)
        with pytest.raises(error, match=message):
            issue(services, finished.case, request=request_)
        assert entry_count(services) == count


class TestAlteredLedger:
    @pytest.mark.parametrize("part", [1, 2])
    @pytest.mark.parametrize("column", ["body", "ruling", "officer", '"on"'])
    def test_nothing_is_made_from_an_altered_entry(
        self, services: Services, finished: FinishedStory, store: Path, column: str, part: int
    ) -> None:
        count = entry_count(services)
        statement = f"UPDATE ledger SET {column} = replace({column}, '1', '2') || ' ' WHERE version = 3"  # noqa: S608
        alter(store, statement, finished.case)
        with pytest.raises(LedgerBroken, match=rf"\({finished.case} version 3\): was altered after it was sealed"):
            issue(services, finished.case, part=part)
        assert entry_count(services) == count

    def test_part_2_is_not_made_from_an_altered_text_and_part_1_does_not_read_it(
        self, services: Services, finished: FinishedStory, store: Path
    ) -> None:
        count = entry_count(services)
        alter(store, "UPDATE exempt SET body = replace(body, '1', '2') WHERE version = 1", finished.case)
        with pytest.raises(LedgerBroken, match=rf"\({finished.case} version 1\): its Part 2 text was altered"):
            issue(services, finished.case, part=2)
        assert entry_count(services) == count
        issue(services, finished.case, part=1)

    def test_a_deleted_entry_is_missed(self, services: Services, finished: FinishedStory, store: Path) -> None:
        alter(store, "DELETE FROM ledger WHERE version = 3", finished.case)
        with pytest.raises(LedgerBroken, match="version 3 is missing"):
            issue(services, finished.case)


class TestLedger:
    def test_a_ledger_with_documents_verifies(self, services: Services, finished: FinishedStory) -> None:
        for kind, part in DOCUMENTS:
            issue(services, finished.case, kind, part)
        assert verification.verify_ledger(services).entries == entry_count(services)

    def test_the_digest_of_a_part_2_document_is_in_no_public_row(
        self, services: Services, finished: FinishedStory
    ) -> None:
        issued = issue(services, finished.case, part=2).issued
        with services.store.read_ledger() as ledger:
            assert not any(issued.sha256 in json.dumps(row.body) for row in ledger.read_entries())
