"""The store: one SQLite file, written whole or not at all, and refused by name where it is no store."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from rules.packs.bundle import Bundle
from tests.workflow.walk import (
    APPROVAL_FACTS,
    AUTHOR,
    CASE_ID,
    PIB_CHAIR,
    new_services,
    request_by,
    services_at,
    walk_to_stage,
)
from workflow.adapters import sqlite as at_store
from workflow.adapters.sqlite import APPLICATION_ID, SCHEMA_VERSION, SqliteStore, parse_store_url
from workflow.errors import Conflict, LedgerBroken, StoreError
from workflow.ledger.entries import GENESIS, UnsealedEntry
from workflow.ledger.ports import CaseSummary
from workflow.services import commands as at_desk
from workflow.services import queries, verification
from workflow.services.commands import Revision, Services

ROOT = Path(__file__).parents[3]


def store_at(path: Path | str) -> SqliteStore:
    return SqliteStore(str(path), lambda: datetime(2018, 12, 31, tzinfo=UTC))


def draft(body: str, stream: str = "A-1", exempt: str = "") -> UnsealedEntry:
    return UnsealedEntry(stream, "acted", date(2018, 3, 7), "A Reed", body, "", exempt, "salt" if exempt else "")


def marked(path: Path, application: int, schema: int) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA application_id={application}")
        raw.execute(f"PRAGMA user_version={schema}")


def write_much(store: SqliteStore, pages: int) -> None:
    with store.write_transaction() as record:
        record._connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        for number in range(100):
            record.append(draft("x" * 50_000), number)


def write_and_fail(store: SqliteStore) -> None:
    with store.write_transaction() as record:
        record.append(draft("x", exempt="secret"), 0)
        record.save_bundle(Bundle({"a": b"b"}))
        raise ZeroDivisionError


@contextmanager
def mounted_for_reading(folder: Path) -> Iterator[None]:
    """A folder laid over itself in such a way that the system lets nobody write there."""
    place = str(folder)
    for told in (["mount", "--bind", place, place], ["mount", "-o", "remount,ro,bind", place]):
        if subprocess.run(told, check=False, capture_output=True).returncode:  # the system's own
            pytest.skip("this system lets nobody mount")
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)  # noqa: S607


class TestWhatIsNoStore:
    """Exit 8, with the name of the file, and nothing written."""

    def text(self, path: Path) -> None:
        path.write_text("Dear Deputy Mayor,\n" * 100, encoding="utf-8")

    def empty(self, path: Path) -> None:
        path.touch()

    def folder(self, path: Path) -> None:
        path.mkdir()

    def of_somebody_else(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("CREATE TABLE ledger (position INTEGER)")
            raw.commit()

    def of_another_version(self, path: Path) -> None:
        store_at(path).create()
        marked(path, APPLICATION_ID, SCHEMA_VERSION + 1)

    def of_another_program(self, path: Path) -> None:
        store_at(path).create()
        marked(path, APPLICATION_ID + 1, SCHEMA_VERSION)

    def without_tables(self, path: Path) -> None:
        marked(path, APPLICATION_ID, SCHEMA_VERSION)

    def torn(self, path: Path) -> None:
        store_at(path).create()
        path.write_bytes(path.read_bytes()[:5000])

    def missing(self, path: Path) -> None:
        assert not path.exists()

    def in_no_folder(self, path: Path) -> None:
        assert not path.exists()

    @pytest.mark.parametrize(
        "kind",
        [
            "text", "empty", "folder", "of_somebody_else", "of_another_version", "of_another_program",
            "without_tables", "torn", "missing",
        ],
    )  # fmt: skip
    def test_it_is_refused_by_name_and_left_as_it_is(self, path: Path, kind: str) -> None:
        getattr(self, kind)(path)
        before = path.read_bytes() if path.is_file() else None
        store = store_at(path)
        for use in (store.read_transaction, store.write_transaction, store.read_ledger):
            with pytest.raises(StoreError, match=r"assent\.db") as error, use() as record:
                record.head()  # type: ignore[union-attr]
            cures = {"torn": "Check the disk and the file", "missing": "assent init", "folder": "assent init"}
            assert cures.get(kind, "This file was not changed") in error.value.advice()
        store.close()
        assert (path.read_bytes() if path.is_file() else None) == before

    @pytest.mark.parametrize(
        "url",
        ["postgresql://me:secret@host/db", "postgres://host/db", "mysql://x", "https://x/assent.db"],
    )
    def test_a_store_of_another_kind_is_refused_without_its_password(self, url: str) -> None:
        with pytest.raises(StoreError, match="stores are not supported") as error:
            store_at(url)
        assert "secret" not in str(error.value) + error.value.advice()
        assert "sqlite:///FILE" in error.value.advice()

    def test_a_folder_that_cannot_be_written_is_refused(self, tmp_path: Path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir()
        closed.chmod(0o500)
        target = (Path("/proc") if os.geteuid() == 0 else closed) / "assent.db"  # nothing is closed to root but this
        with pytest.raises(StoreError, match=r"assent\.db could not be used as a store"):
            store_at(target).create()
        closed.chmod(0o700)

    def test_a_folder_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="nowhere is not a folder"):
            store_at(tmp_path / "nowhere" / "assent.db").create()

    @pytest.mark.parametrize("folder", [".", "..", "/"])
    def test_no_store_is_made_in_the_place_of_a_folder(self, folder: str) -> None:
        with pytest.raises(StoreError, match=f"{re.escape(folder)} already exists"):
            store_at(folder).create()

    def test_what_is_there_is_not_made_again(self, path: Path) -> None:
        store_at(path).create()
        before = path.read_bytes()
        with pytest.raises(StoreError, match="already exists"):
            store_at(path).create()
        assert path.read_bytes() == before

    def test_a_disk_that_is_full_leaves_the_store_whole(self, desk: Services, path: Path) -> None:
        walk_to_stage(desk, "draft")
        with closing(sqlite3.connect(path)) as raw:
            pages = raw.execute("PRAGMA page_count").fetchone()[0]
        assert isinstance(desk.store, SqliteStore)
        with pytest.raises(StoreError, match="full") as error:
            write_much(desk.store, pages)
        assert error.value.advice() == "Check the disk and the file, then try again. Nothing was written."
        desk.store.close()
        assert verification.verify_ledger(services_at(path), with_replay=True).entries == 9


def test_a_store_is_a_file_or_its_address(tmp_path: Path) -> None:
    assert parse_store_url("sqlite:///a/b.db") == Path("a/b.db")
    assert parse_store_url("sqlite:////a/b.db") == Path("/a/b.db")
    assert parse_store_url("a b?.db") == Path("a b?.db")
    odd = tmp_path / "what? 100%#.db"
    store = store_at(f"sqlite:///{odd}")
    store.create()
    with store.read_transaction() as record:
        assert record.head() == (0, GENESIS)
    assert odd.is_file()
    store.close()


def test_what_was_answered_is_forced_to_disk(path: Path) -> None:
    store = store_at(path)
    store.create()
    with store.write_transaction() as record:
        ask = record._connection.exec_driver_sql
        assert ask("PRAGMA synchronous").scalar_one() == 2
        assert ask("PRAGMA journal_mode").scalar_one() == "wal"
    store.close()


def test_entries_are_counted_in_all_and_in_their_stream(path: Path) -> None:
    store = store_at(path)
    store.create()
    with store.write_transaction() as record:
        made = [record.append(draft("x", stream), version) for stream, version in [("A", 0), ("B", 0), ("A", 1)]]
        assert [(entry.position, entry.stream, entry.version) for entry in made] == [
            (1, "A", 1),
            (2, "B", 1),
            (3, "A", 2),
        ]
        assert record.head() == (3, made[2].seal)
        assert (record.stream_version("A"), record.stream_version("C")) == (2, 0)
        assert not record.has_case("A")
    with store.read_transaction() as record:
        assert record.entries_without_rulings("A") == [made[0], made[2]]
        assert record.entries_of_kind("acted") == made
        assert record.exempt_texts("A") == []
    store.close()


@pytest.mark.parametrize("expected", [0, 2, -1])
def test_an_entry_at_another_version_than_the_next_is_a_conflict(path: Path, expected: int) -> None:
    store = store_at(path)
    store.create()
    with store.write_transaction() as record:
        record.append(draft("x"), 0)
    with (
        pytest.raises(Conflict, match=f"A-1 is at version 1, not {expected}"),
        store.write_transaction() as record,
    ):
        record.append(draft("y"), expected)
    with store.read_transaction() as record:
        assert record.head()[0] == 1
    store.close()


def test_what_goes_wrong_within_leaves_nothing(path: Path) -> None:
    store = store_at(path)
    store.create()
    with pytest.raises(ZeroDivisionError):
        write_and_fail(store)
    with store.read_ledger() as (entries, texts, shown):
        assert (list(entries), list(texts), list(shown)) == ([], [], [])
    assert store.load_bundle(Bundle({"a": b"b"}).digest) is None
    store.close()


def test_packs_are_kept_once_and_given_back_only_whole(path: Path) -> None:
    store, bundle = store_at(path), Bundle({"law/a.yaml": b"one", "law/b.yaml": b"two"})
    store.create()
    for _ in range(2):
        with store.write_transaction() as record:
            record.save_bundle(bundle)
    kept = store.load_bundle(bundle.digest)
    assert kept is not None
    assert kept.files == bundle.files
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE pack SET data = x'00' WHERE file = 'law/b.yaml'")
        raw.commit()
    assert store.load_bundle(bundle.digest) is None
    store.close()


def amend_once(path: Path, title: str, expect: int | None) -> str:
    desk = services_at(path)
    try:
        at_desk.amend_paper(desk, CASE_ID, Revision({"title": title}, {}), request_by(AUTHOR, "2018-03-08", expect))
    except Conflict:
        return "late"
    finally:
        assert isinstance(desk.store, SqliteStore)
        desk.store.close()
    return "done"


def amend_often(path: Path, title: str, times: int) -> None:
    for number in range(times):
        assert amend_once(path, f"{title} {number}", None) == "done"


def in_threads(work: Callable[..., object], *calls: tuple[object, ...]) -> list[object]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(work, *call) for call in calls]]


def in_processes(work: Callable[..., object], *calls: tuple[object, ...]) -> list[object]:
    with multiprocessing.get_context("spawn").Pool(len(calls)) as pool:
        return pool.starmap(work, calls)


@pytest.mark.parametrize("together", [in_threads, in_processes])
class TestTwoWriters:
    def test_at_one_expected_version_exactly_one_wins(
        self, path: Path, desk: Services, together: Callable[..., list[object]]
    ) -> None:
        version = walk_to_stage(desk, "draft").version
        came = together(amend_once, (path, "one", version), (path, "other", version))
        assert sorted(map(str, came)) == ["done", "late"]
        assert queries.load_public_case(desk, CASE_ID)[0].version == version + 1
        verification.verify_ledger(desk, with_replay=True)

    def test_without_an_expected_version_both_are_recorded_in_order(
        self, path: Path, desk: Services, together: Callable[..., list[object]]
    ) -> None:
        version = walk_to_stage(desk, "draft").version
        together(amend_often, (path, "one", 5), (path, "other", 5))
        entries = [entry for entry in queries.list_case_entries(desk, CASE_ID) if entry.version > version]
        titles = [json.loads(entry.body)["stated"]["title"] for entry in entries]
        assert [title for title in titles if "one" in title] == [f"one {number}" for number in range(5)]
        assert [title for title in titles if "other" in title] == [f"other {number}" for number in range(5)]
        assert verification.verify_ledger(desk, with_replay=True).entries == 7 + version + 10


def test_two_threads_at_one_desk_do_not_get_in_each_others_way(desk: Services) -> None:
    walk_to_stage(desk, "draft")

    def amend(title: str) -> None:
        at_desk.amend_paper(desk, CASE_ID, Revision({"title": title}, {}), request_by(AUTHOR, "2018-03-08"))

    in_threads(amend, *((f"title {number}",) for number in range(6)))
    assert queries.load_public_case(desk, CASE_ID)[0].version == 8
    verification.verify_ledger(desk, with_replay=True)


def killed(script: str, path: Path) -> None:
    """Run a script that kills itself with signal 9 where it says `die()`."""
    start = (
        "import os, sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\ndie = lambda *_: os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", start + dedent(script), str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


KILLED_IN = {
    name: f"LedgerSession.{name} = then_die(LedgerSession.{name})"
    for name in ("append", "save_bundle", "update_summary", "_find_position")
}


@pytest.mark.parametrize("place", KILLED_IN)
def test_a_writer_that_is_killed_leaves_the_store_as_it_was(desk: Services, path: Path, place: str) -> None:
    before = walk_to_stage(desk, "pib")
    head = verification.ledger_head(desk)
    script = f"""
    from tests.workflow.walk import PIB_CHAIR, act_on_case, services_at
    from workflow.adapters.ledger_session import LedgerSession
    def then_die(work):
        def worked(*args):
            work(*args)
            die()
        return worked
    {KILLED_IN[place]}
    act_on_case(services_at(path), "pib-support", PIB_CHAIR, "2018-03-14")
    """
    killed(script, path)
    assert verification.ledger_head(desk) == head
    assert verification.verify_ledger(desk, head[1], with_replay=True)
    receipt = at_desk.perform_action(
        desk, CASE_ID, "pib-support", {}, request_by(PIB_CHAIR, "2018-03-14", before.version)
    )
    assert receipt.version == before.version + 1
    verification.verify_ledger(desk, with_replay=True)


def test_a_writer_that_is_killed_after_the_answer_has_written(desk: Services, path: Path) -> None:
    before = walk_to_stage(desk, "pib")
    script = """
    from tests.workflow.walk import PIB_CHAIR, act_on_case, services_at
    act_on_case(services_at(path), "pib-support", PIB_CHAIR, "2018-03-14")
    die()
    """
    killed(script, path)
    assert queries.load_public_case(desk, CASE_ID)[0].version == before.version + 1
    verification.verify_ledger(desk, with_replay=True)


@pytest.mark.parametrize(
    "place", ["_connect", "_create_engine", "SQLModel.metadata.create_all", "APPLICATION_ID", "os.link"]
)
def test_a_maker_that_is_killed_leaves_no_half_a_store(path: Path, place: str) -> None:
    script = f"""
    import workflow.adapters.sqlite
    from tests.workflow.adapters.test_sqlite import store_at
    class Dying:
        __str__ = __format__ = die
    workflow.adapters.sqlite.{place} = Dying() if "{place}" == "APPLICATION_ID" else die
    store_at(path).create()
    """
    killed(script, path)
    assert not path.exists()
    with pytest.raises(StoreError, match="there is no store at"), store_at(path).read_transaction():
        pass
    store = store_at(path)
    store.create()
    with store.read_transaction() as record:
        assert record.head() == (0, GENESIS)
    store.close()


def test_a_maker_that_is_killed_when_the_store_is_in_its_place_has_made_it(path: Path) -> None:
    script = """
    import workflow.adapters.sqlite
    from tests.workflow.adapters.test_sqlite import store_at
    workflow.adapters.sqlite.os.fsync = die
    store_at(path).create()
    """
    killed(script, path)
    with store_at(path).read_transaction() as record:
        assert record.head() == (0, GENESIS)


def test_a_store_is_made_without_anything_beside_it(path: Path) -> None:
    store_at(path).create()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_maker_that_fails_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workflow.adapters.sqlite.SQLModel.metadata.create_all", full)
    with pytest.raises(StoreError, match=r"assent\.db could not be used as a store: .*No space") as error:
        store_at(path).create()
    assert "Check the disk" in error.value.advice()
    assert list(path.parent.iterdir()) == []


def test_a_file_that_came_in_the_meantime_is_left_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(made: Path) -> None:
        whole(made)
        path.write_text("mine", encoding="utf-8")

    whole = at_store._create_store_file
    monkeypatch.setattr(at_store, "_create_store_file", slow)
    with pytest.raises(StoreError, match=r"assent\.db already exists"):
        store_at(path).create()
    assert path.read_text(encoding="utf-8") == "mine"
    assert list(path.parent.iterdir()) == [path]


def test_a_file_system_without_links_gets_its_store_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("workflow.adapters.sqlite.os.link", no_links)
    store_at(path).create()
    with store_at(path).read_transaction() as record:
        assert record.head() == (0, GENESIS)


@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_what_is_left_of_another_store_is_not_written_into_a_new_one(path: Path, suffix: str) -> None:
    path.with_name(path.name + suffix).write_bytes(b"somebody's last entries")
    with pytest.raises(StoreError, match=f"{suffix} was left by another store"):
        store_at(path).create()
    assert not path.exists()


PLANTED = {
    "trigger": "CREATE TRIGGER t BEFORE INSERT ON ledger WHEN NEW.kind = 'refused' BEGIN SELECT RAISE(IGNORE); END",
    "view": "CREATE VIEW t AS SELECT * FROM ledger",
}


@pytest.mark.parametrize("kind", PLANTED)
def test_what_acts_by_itself_in_a_store_is_refused(desk: Services, path: Path, kind: str) -> None:
    walk_to_stage(desk, "pib")
    before = verification.ledger_head(desk)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(PLANTED[kind])
        raw.commit()
    told = rf"the store holds a {kind} \(t\) that assent did not make"
    with pytest.raises(LedgerBroken, match=told):
        verification.verify_ledger(desk)  # which was open by then
    other = services_at(path)
    uses = (
        queries.list_cases,
        verification.verify_ledger,
        lambda at: at_desk.perform_action(at, CASE_ID, "approve", APPROVAL_FACTS, request_by(PIB_CHAIR, "2018-03-14")),
    )
    for use in uses:
        with pytest.raises(LedgerBroken, match=told):
            use(other)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"DROP {kind} t")
        raw.commit()
    assert verification.verify_ledger(other).head == before[1]


def test_a_store_that_somebody_holds_is_waited_for_and_then_named(
    desk: Services, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk_to_stage(desk, "pib")
    monkeypatch.setattr("workflow.adapters.sqlite.BUSY_TIMEOUT_MS", 50)
    other = services_at(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"assent\.db could not be used as a store: .*locked") as error:
            at_desk.perform_action(other, CASE_ID, "pib-support", {}, request_by(PIB_CHAIR, "2018-03-14"))
        assert error.value.advice() == "Someone else is writing. Try again."
        assert queries.load_public_case(other, CASE_ID)[0].stage == "pib"  # it can be read all the while
        raw.execute("ROLLBACK")
    assert isinstance(other.store, SqliteStore)
    other.store.close()


@pytest.mark.parametrize("column", ["case", "title", "scheme", "stage"])
def test_a_list_of_cases_that_holds_no_text_where_some_should_be_says_so(
    desk: Services, path: Path, column: str
) -> None:
    walk_to_stage(desk, "draft")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"UPDATE case_view SET \"{column}\" = x'00ff'")  # noqa: S608 - a column of ours
        raw.commit()
    with pytest.raises(LedgerBroken, match="the list of cases has no text where some should be"):
        queries.load_public_case(desk, "MOPAC-2018-2")


def test_cases_are_listed_by_the_day_they_were_opened_on_and_then_by_their_numbers(desk: Services) -> None:
    first, later = date(2018, 3, 7), date(2018, 3, 8)
    with desk.store.write_transaction() as record:
        for case, on in (("C-11", first), ("C-2", first), ("C-1", later), ("C-3", first)):
            record.update_summary(CaseSummary(case, "Title", "mopac", "draft", 1, on, on))
    assert [shown.case for shown in queries.list_cases(desk)] == ["C-2", "C-3", "C-11", "C-1"]


def test_a_list_of_cases_without_a_day_says_so(desk: Services, path: Path) -> None:
    walk_to_stage(desk, "draft")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE case_view SET last_on = 'soon'")
        raw.commit()
    with pytest.raises(LedgerBroken, match="MOPAC-2018-1: the list of cases has no day"):
        queries.list_cases(desk)


@pytest.mark.parametrize(("table", "column"), [("exempt", "body"), ("exempt", "salt"), ("ledger", "body")])
def test_a_text_that_is_no_text_is_refused_without_being_repeated(
    desk: Services, path: Path, table: str, column: str
) -> None:
    walk_to_stage(desk, "pib")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"UPDATE {table} SET {column} = CAST(x'6f6b617069ff' AS TEXT)")  # noqa: S608
        raw.commit()
    with pytest.raises(StoreError, match=r"assent\.db could not be used .*UTF-8") as error:
        verification.verify_ledger(desk)
    assert "okapi" not in str(error.value)


class TestWhereNothingCanBeWritten:
    """A disk of evidence: everything can be read, nothing is left beside it, and what cannot be trusted is refused."""

    @pytest.fixture
    def closed(self, desk: Services, path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A store with a case, in a folder that says of itself that it cannot be written, also to root."""
        walk_to_stage(desk, "pib")
        evidence = path.resolve().parent
        desk.store.close()
        able = os.access
        monkeypatch.setattr(
            os,
            "access",
            lambda place, how: not Path(place).is_relative_to(evidence) and able(place, how),
        )
        return path

    def test_the_record_is_read_and_nothing_left_beside_it(self, closed: Path) -> None:
        before = closed.read_bytes()
        desk = services_at(closed)
        assert [shown.case for shown in queries.list_cases(desk)] == [CASE_ID]
        assert verification.verify_ledger(desk, with_replay=True).rulings
        assert list(closed.parent.iterdir()) == [closed]
        assert closed.read_bytes() == before

    def test_nothing_is_recorded_and_the_officer_is_told_what_to_do(self, closed: Path) -> None:
        before = closed.read_bytes()
        with pytest.raises(StoreError, match="readonly") as error:
            at_desk.amend_paper(
                services_at(closed), CASE_ID, Revision({"title": "Another"}, {}), request_by(AUTHOR, "2018-04-16")
            )
        assert "Copy it to a folder where you can write" in error.value.advice()
        assert closed.read_bytes() == before

    def test_what_is_not_in_the_file_yet_is_not_done_without(self, closed: Path) -> None:
        for suffix in ("-wal", "-journal"):
            left = closed.with_name(closed.name + suffix)
            left.write_bytes(b"later")
            with pytest.raises(StoreError, match=rf"assent\.db{suffix} holds entries that are not yet in it") as error:
                queries.list_cases(services_at(closed))
            assert "Copy both files" in error.value.advice()
            left.unlink()

    def test_what_was_written_while_it_was_read_is_not_believed(self, closed: Path) -> None:
        store = store_at(closed)
        with pytest.raises(StoreError, match="was written while it was read"), store.read_transaction():
            os.utime(closed, ns=(0, 0))
        with store.read_transaction() as record:
            assert record.head()[0]

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can lay another disk over a folder")
    def test_a_disk_that_cannot_be_written_is_known_by_its_system(self, desk: Services, path: Path) -> None:
        walk_to_stage(desk, "pib")
        desk.store.close()
        with mounted_for_reading(path.parent):
            assert [shown.case for shown in queries.list_cases(services_at(path))] == [CASE_ID]


def test_a_closed_store_opens_again(path: Path) -> None:
    desk = new_services(path)
    assert isinstance(desk.store, SqliteStore)
    desk.store.close()
    desk.store.close()
    assert len(queries.list_officers(desk)) == 7
    desk.store.close()
