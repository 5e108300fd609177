"""Documents leave with an entry in the ledger, and are known again by their bytes alone."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from decisions.errors import NotVerified
from decisions.issuing.document_files import document_file_name
from decisions.issuing.issue import (
    OUTPUT_FORMATS,
    IssuedDocument,
    RenderJob,
    RenderTarget,
    documents_by_template,
    find_issued_document,
    is_current,
    issue_document,
    prepare_document,
    record_and_write,
    verify_file,
)
from decisions.output.html import render_html
from decisions.output.pdf import render_file, render_pdf
from rules.errors import InputError
from tests.decisions import sample
from tests.decisions.cases import DECISION_FORM, DOCUMENTS, IAB_REPORT
from tests.decisions.conftest import FinishedStory
from tests.decisions.fixed_services import services_at
from tests.decisions.stories import run_story_steps
from tests.workflow.walk import two_authorities
from workflow.adapters.sqlite import SqliteStore
from workflow.errors import Conflict, LedgerBroken, NotEntitled
from workflow.services import commands as at_desk
from workflow.services import issued_documents, queries, verification
from workflow.services.commands import Request, Services

NOBODY = Request("")


@pytest.fixture
def store(desk: Services) -> Path:
    assert isinstance(desk.store, SqliteStore)
    return desk.store.path


def alter(store: Path, how: str, case: str) -> None:
    """Alter what a store holds of a case, past the ledger."""
    with closing(sqlite3.connect(store)) as raw:
        assert raw.execute(f"{how} AND stream = ?", (case,)).rowcount == 1
        raw.commit()


def entries(desk: Services) -> int:
    return verification.ledger_head(desk)[0]


class TestIssue:
    @pytest.mark.parametrize("to", OUTPUT_FORMATS)
    @pytest.mark.parametrize(("kind", "part"), DOCUMENTS)
    def test_what_is_issued_is_known_again(
        self, desk: Services, tale: FinishedStory, kind: str, part: int, to: str
    ) -> None:
        made, data, _ = issue_document(desk, tale.case, RenderTarget(kind, part, to), NOBODY, render_file)
        assert made == IssuedDocument(tale.case, 9, kind, part, to, hashlib.sha256(data).hexdigest(), made.head)
        assert find_issued_document(desk, data) == verify_file(desk, data, "decision") == made
        assert data.startswith({"pdf": b"%PDF-1.7", "html": b"<!DOCTYPE html>", "docx": b"PK"}[to])

    def test_it_bears_the_head_of_its_case_and_no_other_documents(self, desk: Services, tale: FinishedStory) -> None:
        case = queries.list_case_entries(desk, tale.case)
        last = [entry for entry in case if entry.kind != "refused"][-1]
        first, data, _ = issue_document(desk, tale.case, RenderTarget(DECISION_FORM, 1, "html"), NOBODY, render_file)
        issue_document(desk, tale.case, RenderTarget(IAB_REPORT, 1, "html"), NOBODY, render_file)
        assert first.head == last.seal
        assert issue_document(desk, tale.case, RenderTarget(DECISION_FORM, 1, "html"), NOBODY, render_file) == (
            first,
            data,
            (),
        )

    @pytest.mark.parametrize("part", [1, 2])
    def test_the_same_document_again_is_the_same_bytes_and_no_second_entry(
        self, desk: Services, tale: FinishedStory, part: int
    ) -> None:
        first = issue_document(desk, tale.case, RenderTarget(DECISION_FORM, part, "pdf"), NOBODY, render_file)
        count = entries(desk)
        assert issue_document(desk, tale.case, RenderTarget(DECISION_FORM, part, "pdf"), NOBODY, render_file) == first
        assert entries(desk) == count

    def test_two_stores_with_the_same_acts_make_the_same_bytes(
        self, desk: Services, tale: FinishedStory, tmp_path: Path
    ) -> None:
        other = services_at(tmp_path / "other.db")
        list(run_story_steps(other, tale.story))
        for kind, part in DOCUMENTS:
            order = RenderTarget(kind, part, "pdf")
            assert issue_document(other, tale.case, order, NOBODY, render_file) == issue_document(
                desk, tale.case, order, NOBODY, render_file
            )

    def test_who_issued_it_is_recorded_where_somebody_is_named(self, desk: Services, tale: FinishedStory) -> None:
        issue_document(desk, tale.case, RenderTarget(DECISION_FORM, 1, "html"), Request("governance-team"), render_file)
        assert issued_documents.list_issued_documents(desk)[-1].officer == "Governance Team"

    def test_it_is_recorded_after_it_is_ready_and_before_it_is_in_its_place(
        self, desk: Services, tale: FinishedStory
    ) -> None:
        count, seen = entries(desk), []

        @contextmanager
        def placing(data: bytes) -> Iterator[None]:
            seen.append((find_issued_document(desk, data), entries(desk)))
            yield
            seen.append((find_issued_document(desk, data), entries(desk)))

        made, _, _ = issue_document(
            desk, tale.case, RenderTarget(DECISION_FORM, 1, "html"), NOBODY, render_file, staged_write=placing
        )
        assert seen == [(None, count), (made, count + 1)]

    def test_one_that_was_made_before_somebody_acted_is_not_recorded(self, tale: FinishedStory, tmp_path: Path) -> None:
        desk = services_at(tmp_path / "assent.db")
        steps = run_story_steps(desk, tale.story)
        case = next(steps).case
        made = prepare_document(desk, RenderJob(case, RenderTarget(DECISION_FORM, 1, "html")), render_file)
        list(steps)
        count = entries(desk)
        with pytest.raises(Conflict, match=f"{case} is at version 9, not 1: somebody acted first"):
            record_and_write(desk, made, NOBODY, nullcontext)
        assert entries(desk) == count

    def test_one_stands_for_the_case_as_it_is_now_and_for_nothing_else(
        self, desk: Services, tale: FinishedStory
    ) -> None:
        order = RenderTarget(DECISION_FORM, 1, "html")
        made, _, _ = issue_document(desk, tale.case, order, NOBODY, render_file)
        assert is_current(desk, made, RenderJob(tale.case, order))
        assert not is_current(desk, made, RenderJob(tale.case, RenderTarget(IAB_REPORT, 1, "html")))
        assert not is_current(desk, replace(made, version=8), RenderJob(tale.case, order))
        assert not is_current(desk, replace(made, head="0" * 64), RenderJob(tale.case, order))

    @pytest.mark.parametrize(
        ("kind", "part", "to", "told"),
        [
            (DECISION_FORM, 1, "rtf", "'rtf' is not a form that documents are made in"),
            ("decision-from", 1, "pdf", "'decision-from' is not a document of mopac"),
            (IAB_REPORT, 2, "pdf", "mopac has no Part 2 of iab-report"),
        ],
    )
    def test_what_there_is_not_is_refused_and_nothing_recorded(
        self, desk: Services, tale: FinishedStory, kind: str, part: int, to: str, told: str
    ) -> None:
        count = entries(desk)
        with pytest.raises(InputError, match=told):
            issue_document(desk, tale.case, RenderTarget(kind, part, to), NOBODY, render_file)
        assert entries(desk) == count

    def test_an_officer_who_is_not_known_gets_no_document(self, desk: Services, tale: FinishedStory) -> None:
        count = entries(desk)
        with pytest.raises(InputError, match="'nobody' is not an officer"):
            issue_document(desk, tale.case, RenderTarget(DECISION_FORM, 1, "html"), Request("nobody"), render_file)
        assert entries(desk) == count

    @pytest.mark.parametrize("part", [1, 2])
    @pytest.mark.parametrize("column", ["body", "ruling", "officer", '"on"'])
    def test_nothing_is_made_of_an_entry_that_was_altered(
        self, desk: Services, tale: FinishedStory, store: Path, column: str, part: int
    ) -> None:
        count = entries(desk)
        alter(store, f"UPDATE ledger SET {column} = replace({column}, '1', '2') || ' ' WHERE version = 3", tale.case)  # noqa: S608
        with pytest.raises(LedgerBroken, match=rf"\({tale.case} version 3\): was altered after it was sealed"):
            issue_document(desk, tale.case, RenderTarget(DECISION_FORM, part, "html"), NOBODY, render_file)
        assert entries(desk) == count

    def test_part_2_is_not_made_of_a_text_that_was_altered(
        self, desk: Services, tale: FinishedStory, store: Path
    ) -> None:
        count = entries(desk)
        alter(store, "UPDATE exempt SET body = replace(body, '1', '2') WHERE version = 1", tale.case)
        with pytest.raises(LedgerBroken, match=rf"\({tale.case} version 1\): its Part 2 text was altered"):
            issue_document(desk, tale.case, RenderTarget(DECISION_FORM, 2, "html"), NOBODY, render_file)
        assert entries(desk) == count
        issue_document(
            desk, tale.case, RenderTarget(DECISION_FORM, 1, "html"), NOBODY, render_file
        )  # which does not read it

    def test_an_entry_that_was_taken_away_is_missed(self, desk: Services, tale: FinishedStory, store: Path) -> None:
        alter(store, "DELETE FROM ledger WHERE version = 3", tale.case)
        with pytest.raises(LedgerBroken, match="version 3 is missing"):
            issue_document(desk, tale.case, RenderTarget(DECISION_FORM, 1, "html"), NOBODY, render_file)

    @pytest.mark.parametrize("body", ["x", "[" * 60_000, "5", '{"case":"x"}'])
    def test_an_unreadable_entry_of_a_document_is_named(
        self, desk: Services, tale: FinishedStory, store: Path, body: str
    ) -> None:
        _, data, _ = issue_document(desk, tale.case, RenderTarget(DECISION_FORM, 1, "html"), NOBODY, render_file)
        sha256 = hashlib.sha256(data).hexdigest()
        damaged = body.replace('"x"', f'"{sha256}"')
        with closing(sqlite3.connect(store)) as raw:
            raw.execute("UPDATE ledger SET body = ? WHERE kind = 'issued'", (damaged,))
            raw.commit()
        with pytest.raises(LedgerBroken, match=r"\(documents/.* version 1\): cannot be read"):
            documents_by_template(desk, tale.case)
        if sha256 in damaged:
            with pytest.raises(LedgerBroken, match="cannot be read"):
                find_issued_document(desk, data)

    @pytest.mark.parametrize("again", [False, True])
    @pytest.mark.parametrize(
        ("asked", "error", "told"),
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
    def test_who_asks_when_and_at_which_version_counts_each_time(
        self, desk: Services, tale: FinishedStory, asked: Request, error: type[Exception], told: str, *, again: bool
    ) -> None:
        other = Services(desk.store, two_authorities(), desk.clock)
        at_desk.add_officer(other, "Else Where", "elsewhere", ["author"], Request("", date(2018, 3, 1)))
        if again:
            issue_document(
                desk, tale.case, RenderTarget(DECISION_FORM, 1, "html"), Request("", expect_version=9), render_file
            )
        count = entries(desk)
        with pytest.raises(error, match=told):
            issue_document(desk, tale.case, RenderTarget(DECISION_FORM, 1, "html"), asked, render_file)
        assert entries(desk) == count

    def test_every_form_is_listed_with_what_was_issued_by_it(self, desk: Services, tale: FinishedStory) -> None:
        made, _, _ = issue_document(desk, tale.case, RenderTarget(DECISION_FORM, 2, "html"), NOBODY, render_file)
        found = {(form.kind, form.part): issued for form, issued in documents_by_template(desk, tale.case)}
        assert found == {**{each: [] for each in DOCUMENTS}, (DECISION_FORM, 2): [made]}


class TestVerify:
    @pytest.mark.parametrize("place", [0, 1_000, -1])
    @pytest.mark.parametrize("to", OUTPUT_FORMATS)
    def test_one_byte_altered_is_told(self, desk: Services, tale: FinishedStory, to: str, place: int) -> None:
        _, data, _ = issue_document(desk, tale.case, RenderTarget(DECISION_FORM, 1, to), NOBODY, render_file)
        altered = bytearray(data)
        altered[place] ^= 1
        with pytest.raises(NotVerified, match="decision carries the imprint of assent, but") as refused:
            verify_file(desk, bytes(altered), "decision")
        assert "It was altered" in refused.value.advice()

    @pytest.mark.parametrize("to", OUTPUT_FORMATS)
    def test_one_byte_more_or_less_is_told(self, desk: Services, tale: FinishedStory, to: str) -> None:
        _, data, _ = issue_document(desk, tale.case, RenderTarget(DECISION_FORM, 1, to), NOBODY, render_file)
        for altered in (data[:-1], data + b"\n"):
            with pytest.raises(NotVerified, match="carries the imprint"):
                verify_file(desk, altered, "decision")

    @pytest.mark.parametrize(
        "data", [b"", b"%PDF-1.7\n%%EOF\n", b"<!DOCTYPE html><title>assent</title>", b"\x00\xff" * 500, b"assent"]
    )
    def test_a_file_of_another_make_is_not_ours(self, desk: Services, data: bytes) -> None:
        with pytest.raises(NotVerified, match=r"letter\.pdf is not a document of assent"):
            verify_file(desk, data, "letter.pdf")

    def test_a_page_of_our_making_that_was_never_issued_is_no_document(self, desk: Services) -> None:
        made = sample.decided_document()
        for data in (render_html(made).encode(), render_pdf(render_html(made), made)):
            with pytest.raises(NotVerified, match="not those of any document issued from this store"):
                verify_file(desk, data, "sample")

    def test_a_document_of_another_store_is_not_one_of_this(
        self, desk: Services, tale: FinishedStory, tmp_path: Path
    ) -> None:
        made, data, _ = issue_document(desk, tale.case, RenderTarget(DECISION_FORM, 1, "pdf"), NOBODY, render_file)
        other = services_at(tmp_path / "other.db")
        with pytest.raises(NotVerified, match="carries the imprint") as refused:
            verify_file(other, data, "decision.pdf")
        assert "issued from another store" in refused.value.advice()
        assert verify_file(desk, data, "decision.pdf") == made

    def test_a_document_stays_known_when_the_case_has_moved_on(self, tale: FinishedStory, tmp_path: Path) -> None:
        desk = services_at(tmp_path / "assent.db")
        for told in run_story_steps(desk, tale.story):
            if told.receipt and told.receipt.version == 1:
                made, data, _ = issue_document(
                    desk, told.case, RenderTarget(DECISION_FORM, 1, "html"), NOBODY, render_file
                )
        assert (made.version, verify_file(desk, data, "draft.html")) == (1, made)

    def test_the_ledger_holds_with_the_documents_in_it(self, desk: Services, tale: FinishedStory) -> None:
        for kind, part in DOCUMENTS:
            issue_document(desk, tale.case, RenderTarget(kind, part, "html"), NOBODY, render_file)
        assert verification.verify_ledger(desk).entries == entries(desk)

    def test_the_digest_of_part_2_stands_in_no_public_row(self, desk: Services, tale: FinishedStory) -> None:
        made, _, _ = issue_document(desk, tale.case, RenderTarget(DECISION_FORM, 2, "html"), NOBODY, render_file)
        with desk.store.read_ledger() as (rows, _texts, _cases):
            assert not any(made.sha256 in json.dumps(row.body) for row in rows)


def test_a_document_lies_where_it_is_asked_for_whatever_stands_in_the_number_of_its_case() -> None:
    assert (
        document_file_name("../2018/1", RenderTarget(DECISION_FORM, 1, "pdf"))
        == f"..-2018-1-{DECISION_FORM}-part-1.pdf"
    )
