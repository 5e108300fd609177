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

from console.files import document_name
from decisions.errors import NotVerified
from decisions.issuing.issue import (
    SUFFIXES,
    Commission,
    Issued,
    Order,
    available,
    hand_out,
    issue,
    make,
    origin,
    stands,
    verified,
)
from decisions.output.html import html
from decisions.output.pdf import pdf, press
from rules.errors import InputError
from tests.decisions import sample
from tests.decisions.cases import DOCUMENTS, FORM, REPORT
from tests.decisions.conftest import Tale
from tests.decisions.desks import desk_at
from tests.decisions.stories import telling
from tests.workflow.walk import two_authorities
from workflow.adapters.sqlite import SqliteStore
from workflow.errors import Conflict, LedgerBroken, NotEntitled
from workflow.services import commands as at_desk
from workflow.services import issued_documents, queries, verification
from workflow.services.commands import Asked, Desk

NOBODY = Asked("")


@pytest.fixture
def store(desk: Desk) -> Path:
    assert isinstance(desk.store, SqliteStore)
    return desk.store.path


def alter(store: Path, how: str, case: str) -> None:
    """Alter what a store holds of a case, past the ledger."""
    with closing(sqlite3.connect(store)) as raw:
        assert raw.execute(f"{how} AND stream = ?", (case,)).rowcount == 1
        raw.commit()


def entries(desk: Desk) -> int:
    return verification.head(desk)[0]


class TestIssue:
    @pytest.mark.parametrize("to", SUFFIXES)
    @pytest.mark.parametrize(("kind", "part"), DOCUMENTS)
    def test_what_is_issued_is_known_again(self, desk: Desk, tale: Tale, kind: str, part: int, to: str) -> None:
        made, data, _ = issue(desk, tale.case, Order(kind, part, to), NOBODY, press)
        assert made == Issued(tale.case, 9, kind, part, to, hashlib.sha256(data).hexdigest(), made.head)
        assert origin(desk, data) == verified(desk, data, "decision") == made
        assert data.startswith({"pdf": b"%PDF-1.7", "html": b"<!DOCTYPE html>", "docx": b"PK"}[to])

    def test_it_bears_the_head_of_its_case_and_no_other_documents(self, desk: Desk, tale: Tale) -> None:
        case = queries.history(desk, tale.case)
        last = [entry for entry in case if entry.kind != "refused"][-1]
        first, data, _ = issue(desk, tale.case, Order(FORM, 1, "html"), NOBODY, press)
        issue(desk, tale.case, Order(REPORT, 1, "html"), NOBODY, press)
        assert first.head == last.seal
        assert issue(desk, tale.case, Order(FORM, 1, "html"), NOBODY, press) == (first, data, ())

    @pytest.mark.parametrize("part", [1, 2])
    def test_the_same_document_again_is_the_same_bytes_and_no_second_entry(
        self, desk: Desk, tale: Tale, part: int
    ) -> None:
        first = issue(desk, tale.case, Order(FORM, part, "pdf"), NOBODY, press)
        count = entries(desk)
        assert issue(desk, tale.case, Order(FORM, part, "pdf"), NOBODY, press) == first
        assert entries(desk) == count

    def test_two_stores_with_the_same_acts_make_the_same_bytes(self, desk: Desk, tale: Tale, tmp_path: Path) -> None:
        other = desk_at(tmp_path / "other.db")
        list(telling(other, tale.story))
        for kind, part in DOCUMENTS:
            order = Order(kind, part, "pdf")
            assert issue(other, tale.case, order, NOBODY, press) == issue(desk, tale.case, order, NOBODY, press)

    def test_who_issued_it_is_recorded_where_somebody_is_named(self, desk: Desk, tale: Tale) -> None:
        issue(desk, tale.case, Order(FORM, 1, "html"), Asked("governance-team"), press)
        assert issued_documents.issued(desk)[-1].officer == "Governance Team"

    def test_it_is_recorded_after_it_is_ready_and_before_it_is_in_its_place(self, desk: Desk, tale: Tale) -> None:
        count, seen = entries(desk), []

        @contextmanager
        def placing(data: bytes) -> Iterator[None]:
            seen.append((origin(desk, data), entries(desk)))
            yield
            seen.append((origin(desk, data), entries(desk)))

        made, _, _ = issue(desk, tale.case, Order(FORM, 1, "html"), NOBODY, press, placing=placing)
        assert seen == [(None, count), (made, count + 1)]

    def test_one_that_was_made_before_somebody_acted_is_not_recorded(self, tale: Tale, tmp_path: Path) -> None:
        desk = desk_at(tmp_path / "assent.db")
        steps = telling(desk, tale.story)
        case = next(steps).case
        made = make(desk, Commission(case, Order(FORM, 1, "html")), press)
        list(steps)
        count = entries(desk)
        with pytest.raises(Conflict, match=f"{case} is at version 9, not 1: somebody acted first"):
            hand_out(desk, made, NOBODY, nullcontext)
        assert entries(desk) == count

    def test_one_stands_for_the_case_as_it_is_now_and_for_nothing_else(self, desk: Desk, tale: Tale) -> None:
        order = Order(FORM, 1, "html")
        made, _, _ = issue(desk, tale.case, order, NOBODY, press)
        assert stands(desk, made, Commission(tale.case, order))
        assert not stands(desk, made, Commission(tale.case, Order(REPORT, 1, "html")))
        assert not stands(desk, replace(made, version=8), Commission(tale.case, order))
        assert not stands(desk, replace(made, head="0" * 64), Commission(tale.case, order))

    @pytest.mark.parametrize(
        ("kind", "part", "to", "told"),
        [
            (FORM, 1, "rtf", "'rtf' is not a form that documents are made in"),
            ("decision-from", 1, "pdf", "'decision-from' is not a document of mopac"),
            (REPORT, 2, "pdf", "mopac has no Part 2 of iab-report"),
        ],
    )
    def test_what_there_is_not_is_refused_and_nothing_recorded(
        self, desk: Desk, tale: Tale, kind: str, part: int, to: str, told: str
    ) -> None:
        count = entries(desk)
        with pytest.raises(InputError, match=told):
            issue(desk, tale.case, Order(kind, part, to), NOBODY, press)
        assert entries(desk) == count

    def test_an_officer_who_is_not_known_gets_no_document(self, desk: Desk, tale: Tale) -> None:
        count = entries(desk)
        with pytest.raises(InputError, match="'nobody' is not an officer"):
            issue(desk, tale.case, Order(FORM, 1, "html"), Asked("nobody"), press)
        assert entries(desk) == count

    @pytest.mark.parametrize("part", [1, 2])
    @pytest.mark.parametrize("column", ["body", "ruling", "officer", '"on"'])
    def test_nothing_is_made_of_an_entry_that_was_altered(
        self, desk: Desk, tale: Tale, store: Path, column: str, part: int
    ) -> None:
        count = entries(desk)
        alter(store, f"UPDATE ledger SET {column} = replace({column}, '1', '2') || ' ' WHERE version = 3", tale.case)  # noqa: S608
        with pytest.raises(LedgerBroken, match=rf"\({tale.case} version 3\): was altered after it was sealed"):
            issue(desk, tale.case, Order(FORM, part, "html"), NOBODY, press)
        assert entries(desk) == count

    def test_part_2_is_not_made_of_a_text_that_was_altered(self, desk: Desk, tale: Tale, store: Path) -> None:
        count = entries(desk)
        alter(store, "UPDATE exempt SET body = replace(body, '1', '2') WHERE version = 1", tale.case)
        with pytest.raises(LedgerBroken, match=rf"\({tale.case} version 1\): its Part 2 text was altered"):
            issue(desk, tale.case, Order(FORM, 2, "html"), NOBODY, press)
        assert entries(desk) == count
        issue(desk, tale.case, Order(FORM, 1, "html"), NOBODY, press)  # which does not read it

    def test_an_entry_that_was_taken_away_is_missed(self, desk: Desk, tale: Tale, store: Path) -> None:
        alter(store, "DELETE FROM ledger WHERE version = 3", tale.case)
        with pytest.raises(LedgerBroken, match="version 3 is missing"):
            issue(desk, tale.case, Order(FORM, 1, "html"), NOBODY, press)

    @pytest.mark.parametrize("body", ["x", "[" * 60_000, "5", '{"case":"x"}'])
    def test_an_unreadable_entry_of_a_document_is_named(self, desk: Desk, tale: Tale, store: Path, body: str) -> None:
        _, data, _ = issue(desk, tale.case, Order(FORM, 1, "html"), NOBODY, press)
        sha256 = hashlib.sha256(data).hexdigest()
        damaged = body.replace('"x"', f'"{sha256}"')
        with closing(sqlite3.connect(store)) as raw:
            raw.execute("UPDATE ledger SET body = ? WHERE kind = 'issued'", (damaged,))
            raw.commit()
        with pytest.raises(LedgerBroken, match=r"\(documents/.* version 1\): cannot be read"):
            available(desk, tale.case)
        if sha256 in damaged:
            with pytest.raises(LedgerBroken, match="cannot be read"):
                origin(desk, data)

    @pytest.mark.parametrize("again", [False, True])
    @pytest.mark.parametrize(
        ("asked", "error", "told"),
        [
            (Asked("", expect_version=8), Conflict, "is at version 9, not 8: somebody acted first"),
            (Asked("", date(2018, 3, 7)), InputError, "2018-03-07 is before the last act on MOPAC-2018-1, of 2018-04-"),
            (Asked("", date(2019, 1, 1)), InputError, "2019-01-01 has not come"),
            (Asked("nobody"), InputError, "'nobody' is not an officer"),
            (Asked("else-where"), NotEntitled, "Else Where may not issue documents under mopac"),
        ],
    )
    def test_who_asks_when_and_at_which_version_counts_each_time(
        self, desk: Desk, tale: Tale, asked: Asked, error: type[Exception], told: str, *, again: bool
    ) -> None:
        other = Desk(desk.store, two_authorities(), desk.clock)
        at_desk.add_officer(other, "Else Where", "elsewhere", ["author"], Asked("", date(2018, 3, 1)))
        if again:
            issue(desk, tale.case, Order(FORM, 1, "html"), Asked("", expect_version=9), press)
        count = entries(desk)
        with pytest.raises(error, match=told):
            issue(desk, tale.case, Order(FORM, 1, "html"), asked, press)
        assert entries(desk) == count

    def test_every_form_is_listed_with_what_was_issued_by_it(self, desk: Desk, tale: Tale) -> None:
        made, _, _ = issue(desk, tale.case, Order(FORM, 2, "html"), NOBODY, press)
        found = {(form.kind, form.part): issued for form, issued in available(desk, tale.case)}
        assert found == {**{each: [] for each in DOCUMENTS}, (FORM, 2): [made]}


class TestVerify:
    @pytest.mark.parametrize("place", [0, 1_000, -1])
    @pytest.mark.parametrize("to", SUFFIXES)
    def test_one_byte_altered_is_told(self, desk: Desk, tale: Tale, to: str, place: int) -> None:
        _, data, _ = issue(desk, tale.case, Order(FORM, 1, to), NOBODY, press)
        altered = bytearray(data)
        altered[place] ^= 1
        with pytest.raises(NotVerified, match="decision carries the imprint of assent, but") as refused:
            verified(desk, bytes(altered), "decision")
        assert "It was altered" in refused.value.advice()

    @pytest.mark.parametrize("to", SUFFIXES)
    def test_one_byte_more_or_less_is_told(self, desk: Desk, tale: Tale, to: str) -> None:
        _, data, _ = issue(desk, tale.case, Order(FORM, 1, to), NOBODY, press)
        for altered in (data[:-1], data + b"\n"):
            with pytest.raises(NotVerified, match="carries the imprint"):
                verified(desk, altered, "decision")

    @pytest.mark.parametrize(
        "data", [b"", b"%PDF-1.7\n%%EOF\n", b"<!DOCTYPE html><title>assent</title>", b"\x00\xff" * 500, b"assent"]
    )
    def test_a_file_of_another_make_is_not_ours(self, desk: Desk, data: bytes) -> None:
        with pytest.raises(NotVerified, match=r"letter\.pdf is not a document of assent"):
            verified(desk, data, "letter.pdf")

    def test_a_page_of_our_making_that_was_never_issued_is_no_document(self, desk: Desk) -> None:
        made = sample.document()
        for data in (html(made).encode(), pdf(html(made), made)):
            with pytest.raises(NotVerified, match="not those of any document issued from this store"):
                verified(desk, data, "sample")

    def test_a_document_of_another_store_is_not_one_of_this(self, desk: Desk, tale: Tale, tmp_path: Path) -> None:
        made, data, _ = issue(desk, tale.case, Order(FORM, 1, "pdf"), NOBODY, press)
        other = desk_at(tmp_path / "other.db")
        with pytest.raises(NotVerified, match="carries the imprint") as refused:
            verified(other, data, "decision.pdf")
        assert "issued from another store" in refused.value.advice()
        assert verified(desk, data, "decision.pdf") == made

    def test_a_document_stays_known_when_the_case_has_moved_on(self, tale: Tale, tmp_path: Path) -> None:
        desk = desk_at(tmp_path / "assent.db")
        for told in telling(desk, tale.story):
            if told.receipt and told.receipt.version == 1:
                made, data, _ = issue(desk, told.case, Order(FORM, 1, "html"), NOBODY, press)
        assert (made.version, verified(desk, data, "draft.html")) == (1, made)

    def test_the_ledger_holds_with_the_documents_in_it(self, desk: Desk, tale: Tale) -> None:
        for kind, part in DOCUMENTS:
            issue(desk, tale.case, Order(kind, part, "html"), NOBODY, press)
        assert verification.verify(desk).entries == entries(desk)

    def test_the_digest_of_part_2_stands_in_no_public_row(self, desk: Desk, tale: Tale) -> None:
        made, _, _ = issue(desk, tale.case, Order(FORM, 2, "html"), NOBODY, press)
        with desk.store.ledger() as (rows, _texts, _cases):
            assert not any(made.sha256 in json.dumps(row.body) for row in rows)


def test_a_document_lies_where_it_is_asked_for_whatever_stands_in_the_number_of_its_case() -> None:
    assert document_name("../2018/1", Order(FORM, 1, "pdf")) == f"..-2018-1-{FORM}-part-1.pdf"
