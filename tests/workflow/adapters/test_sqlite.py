"""The SQLite store is written whole or not at all, and a file that is no store is refused by name."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from textwrap import dedent

import pytest

from rules.errors import InputError
from rules.packs.bundle import Bundle
from tests.plain_run import only_long
from tests.workflow.walk import (
    APPROVAL_FACTS,
    AUTHOR,
    CASE_ID,
    PIB_CHAIR,
    load_story,
    new_services,
    paper_bytes,
    request_by,
    services_at,
    walk_to_stage,
)
from workflow.adapters import sqlite
from workflow.adapters.schema import APPLICATION_ID, CURRENT_VERSION
from workflow.adapters.sqlite import SqliteStore, parse_store_url
from workflow.errors import Conflict, LedgerBroken, StoreError
from workflow.ledger.entries import GENESIS, UnsealedEntry
from workflow.ledger.ports import CaseSummary, Store
from workflow.services import commands, queries, verification
from workflow.services.commands import Revision, Services
from workflow.services.judged_commands import MAX_ATTEMPTS

ROOT = Path(__file__).parents[3]


def store_at(path: Path | str) -> SqliteStore:
    return SqliteStore(str(path), lambda: datetime(2018, 12, 31, tzinfo=UTC))


def draft(body: str, stream: str = "A-1", exempt: str = "") -> UnsealedEntry:
    return UnsealedEntry(stream, "acted", date(2018, 3, 7), "A Reed", body, "", exempt, "salt" if exempt else "")


def mark_file(path: Path, application: int, schema: int) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA application_id={application}")
        raw.execute(f"PRAGMA user_version={schema}")


def fill_disk(store: SqliteStore, pages: int) -> None:
    with store.write_transaction() as transaction:
        transaction._connection.execute(f"PRAGMA max_page_count={pages}")
        for number in range(100):
            transaction.append(draft("x" * 50_000), number)


def write_and_fail(store: SqliteStore) -> None:
    with store.write_transaction() as transaction:
        transaction.append(draft("x", exempt="secret"), 0)
        transaction.save_bundle(Bundle({"a": b"b"}))
        raise ZeroDivisionError


@contextmanager
def mounted_read_only(folder: Path) -> Iterator[None]:
    """Mount a folder over itself, read-only."""
    place = str(folder)
    for command in (["mount", "--bind", place, place], ["mount", "-o", "remount,ro,bind", place]):
        if subprocess.run(command, check=False, capture_output=True).returncode:  # the mount of the system
            pytest.skip("mounting is not allowed here")
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)  # noqa: S607


class TestFilesThatAreNoStore:
    """Exit 8, with the name of the file, and nothing written."""

    def text(self, path: Path) -> None:
        path.write_text("Dear Deputy Mayor,\n" * 100, encoding="utf-8")

    def empty(self, path: Path) -> None:
        path.touch()

    def folder(self, path: Path) -> None:
        path.mkdir()

    def of_another_owner(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("CREATE TABLE ledger (position INTEGER)")
            raw.commit()

    def of_another_version(self, path: Path) -> None:
        store_at(path).create()
        mark_file(path, APPLICATION_ID, CURRENT_VERSION + 1)

    def of_another_program(self, path: Path) -> None:
        store_at(path).create()
        mark_file(path, APPLICATION_ID + 1, CURRENT_VERSION)

    def without_tables(self, path: Path) -> None:
        mark_file(path, APPLICATION_ID, CURRENT_VERSION)

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
            "text", "empty", "folder", "of_another_owner", "of_another_version", "of_another_program",
            "without_tables", "torn", "missing",
        ],
    )  # fmt: skip
    def test_a_file_that_is_no_store_is_refused_by_name_and_not_changed(self, path: Path, kind: str) -> None:
        getattr(self, kind)(path)
        before = path.read_bytes() if path.is_file() else None
        store = store_at(path)
        for use in (store.read_transaction, store.write_transaction, store.read_ledger):
            with pytest.raises(StoreError, match=r"assent\.db") as error, use() as transaction:
                transaction.head()
            advice = {"torn": "Check the disk and the file", "missing": "assent init", "folder": "assent init"}
            assert advice.get(kind, "This file was not changed") in error.value.advice()
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
        target = (Path("/proc") if os.geteuid() == 0 else closed) / "assent.db"  # root can write everywhere but here
        with pytest.raises(StoreError, match=r"assent\.db could not be used as a store"):
            store_at(target).create()
        closed.chmod(0o700)

    def test_a_missing_folder_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="nowhere is not a folder"):
            store_at(tmp_path / "nowhere" / "assent.db").create()

    @pytest.mark.parametrize("folder", [".", "..", "/"])
    def test_no_store_is_made_in_the_place_of_a_folder(self, folder: str) -> None:
        with pytest.raises(StoreError, match=f"{re.escape(folder)} already exists"):
            store_at(folder).create()

    def test_a_store_is_never_created_over_another(self, path: Path) -> None:
        store_at(path).create()
        before = path.read_bytes()
        with pytest.raises(StoreError, match="already exists"):
            store_at(path).create()
        assert path.read_bytes() == before

    def test_a_full_disk_leaves_the_store_whole(self, services: Services, path: Path) -> None:
        walk_to_stage(services, "draft")
        with closing(sqlite3.connect(path)) as raw:
            pages = raw.execute("PRAGMA page_count").fetchone()[0]
        assert isinstance(services.store, SqliteStore)
        with pytest.raises(StoreError, match="full") as error:
            fill_disk(services.store, pages)
        assert error.value.advice() == "Check the disk and the file, then try again. Nothing was written."
        services.store.close()
        assert verification.verify_ledger(services_at(path), with_replay=True).entries == 9


def test_a_store_is_a_file_or_its_address(tmp_path: Path) -> None:
    assert parse_store_url("sqlite:///a/b.db") == Path("a/b.db")
    assert parse_store_url("sqlite:////a/b.db") == Path("/a/b.db")
    assert parse_store_url("a b?.db") == Path("a b?.db")
    odd = tmp_path / "what? 100%#.db"
    store = store_at(f"sqlite:///{odd}")
    store.create()
    with store.read_transaction() as transaction:
        assert transaction.head() == (0, GENESIS)
    assert odd.is_file()
    store.close()


def test_commits_are_forced_to_disk(path: Path) -> None:
    store = store_at(path)
    store.create()
    with store.write_transaction() as transaction:
        execute = transaction._connection.execute
        assert execute("PRAGMA synchronous").fetchone() == (2,)
        assert execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.close()


def test_entries_are_numbered_overall_and_within_their_stream(path: Path) -> None:
    store = store_at(path)
    store.create()
    with store.write_transaction() as transaction:
        made = [transaction.append(draft("x", stream), version) for stream, version in [("A", 0), ("B", 0), ("A", 1)]]
        assert [(entry.position, entry.stream, entry.version) for entry in made] == [
            (1, "A", 1),
            (2, "B", 1),
            (3, "A", 2),
        ]
        assert transaction.head() == (3, made[2].seal)
        assert (transaction.stream_version("A"), transaction.stream_version("C")) == (2, 0)
        assert not transaction.has_case("A")
    with store.read_transaction() as transaction:
        assert transaction.entries_without_rulings("A") == [made[0], made[2]]
        assert transaction.entries_of_streams("A") == [made[0], made[2]]
        assert transaction.exempt_texts("A") == []
    store.close()


@pytest.mark.parametrize("expected", [0, 2, -1])
def test_an_entry_at_another_version_than_the_next_is_a_conflict(path: Path, expected: int) -> None:
    store = store_at(path)
    store.create()
    with store.write_transaction() as transaction:
        transaction.append(draft("x"), 0)
    with (
        pytest.raises(Conflict, match=f"A-1 is at version 1, not {expected}"),
        store.write_transaction() as transaction,
    ):
        transaction.append(draft("y"), expected)
    with store.read_transaction() as transaction:
        assert transaction.head()[0] == 1
    store.close()


def test_an_error_inside_a_transaction_rolls_it_back(path: Path) -> None:
    store = store_at(path)
    store.create()
    with pytest.raises(ZeroDivisionError):
        write_and_fail(store)
    with store.read_ledger() as ledger:
        read = (ledger.read_entries(), ledger.read_exempt_texts(), ledger.read_summaries())
        assert [list(rows) for rows in read] == [[], [], []]
    assert store.load_bundle(Bundle({"a": b"b"}).digest) is None
    store.close()


def test_packs_are_kept_once_and_loaded_only_if_unaltered(path: Path) -> None:
    store, bundle = store_at(path), Bundle({"law/a.yaml": b"one", "law/b.yaml": b"two"})
    store.create()
    for _ in range(2):
        with store.write_transaction() as transaction:
            transaction.save_bundle(bundle)
    kept = store.load_bundle(bundle.digest)
    assert kept is not None
    assert kept.files == bundle.files
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE pack SET data = x'00' WHERE file = 'law/b.yaml'")
        raw.commit()
    assert store.load_bundle(bundle.digest) is None
    store.close()


def shared_clock() -> datetime:
    """An instant that no process has before another: a day of the walk, on which a second is a millisecond."""
    return datetime(2018, 12, 31, 12, tzinfo=UTC) + timedelta(milliseconds=time.monotonic())


def amend_once(path: Path, title: str, expect: int | None) -> str:
    services = replace(services_at(path), store=SqliteStore(str(path), shared_clock))
    try:
        commands.amend_paper(
            services, CASE_ID, Revision({"title": title}, {}), request_by(AUTHOR, "2018-03-08", expect)
        )
    except Conflict:
        return "late"
    finally:
        assert isinstance(services.store, SqliteStore)
        services.store.close()
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


@pytest.mark.parametrize("together", [in_threads, *only_long(in_processes)])
class TestTwoWriters:
    def test_at_one_expected_version_exactly_one_wins(
        self, path: Path, services: Services, together: Callable[..., list[object]]
    ) -> None:
        version = walk_to_stage(services, "draft").version
        results = together(amend_once, (path, "one", version), (path, "other", version))
        assert sorted(map(str, results)) == ["done", "late"]
        assert queries.load_public_case(services, CASE_ID)[0].version == version + 1
        verification.verify_ledger(services, with_replay=True)

    def test_without_an_expected_version_both_are_recorded_in_order(
        self, path: Path, services: Services, together: Callable[..., list[object]]
    ) -> None:
        version = walk_to_stage(services, "draft").version
        together(amend_often, (path, "one", 5), (path, "other", 5))
        entries = [entry for entry in queries.list_case_entries(services, CASE_ID) if entry.version > version]
        titles = [json.loads(entry.body)["stated"]["title"] for entry in entries]
        assert [title for title in titles if "one" in title] == [f"one {number}" for number in range(5)]
        assert [title for title in titles if "other" in title] == [f"other {number}" for number in range(5)]
        assert verification.verify_ledger(services, with_replay=True).entries == 7 + version + 10


def amend_own_case(path: Path, case_id: str, times: int) -> int:
    services = replace(services_at(path), store=SqliteStore(str(path), shared_clock))
    for number in range(times):
        revision = Revision({"title": f"{case_id} {number}"}, {})
        commands.amend_paper(services, case_id, revision, request_by(AUTHOR, "2018-03-08"))
    assert isinstance(services.store, SqliteStore)
    services.store.close()
    return times


def test_eight_writers_on_cases_of_their_own_lose_no_turn(path: Path, services: Services) -> None:
    times = 5
    cases = [CASE_ID, *(f"MOPAC-2018-{number}" for number in range(2, 9))]
    walk_to_stage(services, "draft")
    for _ in cases[1:]:
        commands.open_case_from_paper(
            services, "mopac", paper_bytes(), load_story().paper, request_by(AUTHOR, "2018-03-07")
        )
    before = {case: queries.load_public_case(services, case)[0].version for case in cases}
    assert in_threads(amend_own_case, *((path, case, times) for case in cases)) == [times] * len(cases)
    for case in cases:
        found, _ = queries.load_public_case(services, case)
        assert (found.version, found.facts["title"]) == (before[case] + times, f"{case} {times - 1}")
    verification.verify_ledger(services, with_replay=True)


def test_threads_can_share_one_store(services: Services) -> None:
    """A thread loses a turn only to one that records, so the last of as many threads as attempts has its turn."""
    walk_to_stage(services, "draft")

    def amend(title: str) -> None:
        commands.amend_paper(services, CASE_ID, Revision({"title": title}, {}), request_by(AUTHOR, "2018-03-08"))

    in_threads(amend, *((f"title {number}",) for number in range(MAX_ATTEMPTS)))
    assert queries.load_public_case(services, CASE_ID)[0].version == 2 + MAX_ATTEMPTS
    verification.verify_ledger(services, with_replay=True)


def run_until_killed(script: str, path: Path) -> None:
    """Run a script that kills itself with signal 9 by calling `die()`."""
    start = (
        "import os, sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\n"
        "die = lambda *_, **__: os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", start + dedent(script), str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


KILLED_IN = {
    name: f"LedgerSession.{name} = then_die(LedgerSession.{name})"
    for name in ("append", "save_bundle", "update_summary", "_find_position")
}


@pytest.mark.parametrize("place", ["append", *only_long("update_summary", "save_bundle", "_find_position")])
def test_killing_a_writer_leaves_the_store_unchanged(services: Services, path: Path, place: str) -> None:
    before = walk_to_stage(services, "pib")
    head = verification.ledger_head(services)
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
    run_until_killed(script, path)
    assert verification.ledger_head(services) == head
    assert verification.verify_ledger(services, head[1], with_replay=True)
    receipt = commands.perform_action(
        services, CASE_ID, commands.TypedAct("pib-support"), request_by(PIB_CHAIR, "2018-03-14", before.version)
    )
    assert receipt.version == before.version + 1
    verification.verify_ledger(services, with_replay=True)


def test_killing_a_writer_after_its_answer_loses_nothing(services: Services, path: Path) -> None:
    before = walk_to_stage(services, "pib")
    script = """
    from tests.workflow.walk import PIB_CHAIR, act_on_case, services_at
    act_on_case(services_at(path), "pib-support", PIB_CHAIR, "2018-03-14")
    die()
    """
    run_until_killed(script, path)
    assert queries.load_public_case(services, CASE_ID)[0].version == before.version + 1
    verification.verify_ledger(services, with_replay=True)


@pytest.mark.parametrize(
    "place",
    ["_begin", "os.link", *only_long("_connect", "revision_of", "APPLICATION_ID")],
)
def test_killing_the_creation_of_a_store_leaves_no_partial_store(path: Path, place: str) -> None:
    script = f"""
    import workflow.adapters.sqlite
    from tests.workflow.adapters.test_sqlite import store_at
    class Dying:
        __str__ = __format__ = die
    workflow.adapters.sqlite.{place} = Dying() if "{place}" == "APPLICATION_ID" else die
    store_at(path).create()
    """
    run_until_killed(script, path)
    assert not path.exists()
    with pytest.raises(StoreError, match="there is no store at"), store_at(path).read_transaction():
        pass
    store = store_at(path)
    store.create()
    with store.read_transaction() as transaction:
        assert transaction.head() == (0, GENESIS)
    store.close()


def test_killing_the_creation_after_the_move_leaves_a_store(path: Path) -> None:
    script = """
    import workflow.adapters.sqlite
    from tests.workflow.adapters.test_sqlite import store_at
    workflow.adapters.sqlite.os.fsync = die
    store_at(path).create()
    """
    run_until_killed(script, path)
    with store_at(path).read_transaction() as transaction:
        assert transaction.head() == (0, GENESIS)


def test_creating_a_store_leaves_no_other_file(path: Path) -> None:
    store_at(path).create()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_failed_creation_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workflow.adapters.soundness.make_statements", full)
    with pytest.raises(StoreError, match=r"assent\.db could not be used as a store: .*No space") as error:
        store_at(path).create()
    assert "Check the disk" in error.value.advice()
    assert list(path.parent.iterdir()) == []


def test_a_store_appears_with_its_first_entries_or_not_at_all(path: Path) -> None:
    def fail(_: object) -> None:
        raise InputError("no such day")

    with pytest.raises(InputError):
        store_at(path).create(fail)
    assert list(path.parent.iterdir()) == []

    def record(store: Store) -> None:
        with store.write_transaction() as transaction:
            transaction.append(draft("x"), 0)

    store_at(path).create(record)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    with store_at(path).read_transaction() as transaction:
        assert transaction.head()[0] == 1


def test_a_store_in_a_folder_that_cannot_be_synced_is_taken_away(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("workflow.adapters.sqlite.sync_to_disk", lost)
    with pytest.raises(StoreError, match="Input/output error"):
        store_at(path).create()
    assert list(path.parent.iterdir()) == []


def test_a_new_store_can_be_read_by_its_owner_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        store = store_at(path)
        store.create()
        with store.write_transaction():
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        store.close()
    finally:
        os.umask(before)
    assert set(modes.values()) == {0o600}
    assert len(modes) > 1


def test_nothing_is_recorded_before_the_last_entry(path: Path) -> None:
    store_at(path).create()
    for now, is_refused in ((12, False), (12, False), (11, True), (13, False)):
        store = SqliteStore(str(path), partial(datetime, 2018, 12, 31, now, tzinfo=UTC))
        refusal = pytest.raises(StoreError, match="recorded at 2018-12-31T12:00:00") if is_refused else nullcontext()
        with refusal, store.write_transaction() as transaction:
            transaction.append(draft("x"), transaction.stream_version("A-1"))
        store.close()
    with store_at(path).read_transaction() as transaction:
        assert transaction.head()[0] == 3


def test_a_file_that_appears_during_creation_is_not_overwritten(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def create_slowly(new_file: Path) -> None:
        create_store_file(new_file)
        path.write_text("mine", encoding="utf-8")

    create_store_file = sqlite._create_store_file
    monkeypatch.setattr(sqlite, "_create_store_file", create_slowly)
    with pytest.raises(StoreError, match=r"assent\.db already exists"):
        store_at(path).create()
    assert path.read_text(encoding="utf-8") == "mine"
    assert list(path.parent.iterdir()) == [path]


def test_a_store_can_be_created_on_a_file_system_without_links(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("workflow.adapters.sqlite.os.link", no_links)
    store_at(path).create()
    with store_at(path).read_transaction() as transaction:
        assert transaction.head() == (0, GENESIS)


@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_files_left_by_another_store_are_not_merged_into_a_new_one(path: Path, suffix: str) -> None:
    path.with_name(path.name + suffix).write_bytes(b"entries of another store")
    with pytest.raises(StoreError, match=f"{suffix} was left by another store"):
        store_at(path).create()
    assert not path.exists()


PLANTED = {
    "trigger": "CREATE TRIGGER t BEFORE INSERT ON ledger WHEN NEW.kind = 'refused' BEGIN SELECT RAISE(IGNORE); END",
    "view": "CREATE VIEW t AS SELECT * FROM ledger",
}


@pytest.mark.parametrize("kind", PLANTED)
def test_triggers_and_views_in_a_store_are_refused(services: Services, path: Path, kind: str) -> None:
    walk_to_stage(services, "pib")
    before = verification.ledger_head(services)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(PLANTED[kind])
        raw.commit()
    message = rf"the store holds a {kind} \(t\) that assent did not make"
    with pytest.raises(LedgerBroken, match=message):
        verification.verify_ledger(services)  # this store was opened before
    other = services_at(path)
    uses = (
        queries.list_cases,
        verification.verify_ledger,
        lambda services: commands.perform_action(
            services, CASE_ID, commands.TypedAct("approve", APPROVAL_FACTS), request_by(PIB_CHAIR, "2018-03-14")
        ),
    )
    for use in uses:
        with pytest.raises(LedgerBroken, match=message):
            use(other)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"DROP {kind} t")
        raw.commit()
    assert verification.verify_ledger(other).head == before[1]


def test_a_locked_store_is_waited_for_and_then_named(
    services: Services, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk_to_stage(services, "pib")
    monkeypatch.setattr("workflow.adapters.sqlite.BUSY_TIMEOUT_MS", 50)
    other = services_at(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"assent\.db could not be used as a store: .*locked") as error:
            commands.perform_action(
                other, CASE_ID, commands.TypedAct("pib-support"), request_by(PIB_CHAIR, "2018-03-14")
            )
        assert error.value.advice() == "Someone else is writing. Try again."
        assert queries.load_public_case(other, CASE_ID)[0].stage == "pib"  # reading needs no lock
        raw.execute("ROLLBACK")
    assert isinstance(other.store, SqliteStore)
    other.store.close()


@pytest.mark.parametrize("column", ["case", "title", "scheme", "stage"])
def test_bytes_in_place_of_text_in_the_list_of_cases_are_reported(services: Services, path: Path, column: str) -> None:
    walk_to_stage(services, "draft")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"UPDATE case_view SET \"{column}\" = x'00ff'")  # noqa: S608 - a column of the schema
        raw.commit()
    with pytest.raises(LedgerBroken, match="the list of cases has no text where some should be"):
        queries.list_cases(services)
    with pytest.raises(InputError, match="'MOPAC-2018-2' is not a case that is known here"):
        queries.load_public_case(services, "MOPAC-2018-2")


def test_cases_are_listed_by_opening_day_and_then_by_number(services: Services) -> None:
    first, later = date(2018, 3, 7), date(2018, 3, 8)
    with services.store.write_transaction() as transaction:
        for case, on in (("C-11", first), ("C-2", first), ("C-1", later), ("C-3", first)):
            transaction.update_summary(CaseSummary(case, "Title", "mopac", "draft", 1, on, on))
    assert [summary.case for summary in queries.list_cases(services)] == ["C-2", "C-3", "C-11", "C-1"]


def test_a_missing_day_in_the_list_of_cases_is_reported(services: Services, path: Path) -> None:
    walk_to_stage(services, "draft")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE case_view SET last_on = 'soon'")
        raw.commit()
    with pytest.raises(LedgerBroken, match="MOPAC-2018-1: the list of cases has no day"):
        queries.list_cases(services)


@pytest.mark.parametrize(("table", "column"), [("exempt", "body"), ("exempt", "salt"), ("ledger", "body")])
def test_text_that_is_not_utf_8_is_refused_and_not_quoted(
    services: Services, path: Path, table: str, column: str
) -> None:
    walk_to_stage(services, "pib")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"UPDATE {table} SET {column} = CAST(x'6f6b617069ff' AS TEXT)")  # noqa: S608
        raw.commit()
    with pytest.raises(StoreError, match=r"assent\.db could not be used .*UTF-8") as error:
        verification.verify_ledger(services)
    assert "okapi" not in str(error.value)


class TestReadOnlyStores:
    """On a disk of evidence everything can be read, no file is added, and a store that changes is refused."""

    @pytest.fixture
    def closed(self, services: Services, path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A store with a case, in a folder that reports itself as read-only, also to root."""
        walk_to_stage(services, "pib")
        evidence = path.resolve().parent
        services.store.close()
        may_access = os.access
        monkeypatch.setattr(
            os,
            "access",
            lambda place, how: not Path(place).is_relative_to(evidence) and may_access(place, how),
        )
        return path

    def test_a_read_only_store_can_be_read_and_gets_no_file_beside_it(self, closed: Path) -> None:
        before = closed.read_bytes()
        services = services_at(closed)
        assert [summary.case for summary in queries.list_cases(services)] == [CASE_ID]
        assert verification.verify_ledger(services, with_replay=True).rulings
        assert list(closed.parent.iterdir()) == [closed]
        assert closed.read_bytes() == before

    def test_writing_to_a_read_only_store_fails_with_advice(self, closed: Path) -> None:
        before = closed.read_bytes()
        with pytest.raises(StoreError, match="readonly") as error:
            commands.amend_paper(
                services_at(closed), CASE_ID, Revision({"title": "Another"}, {}), request_by(AUTHOR, "2018-04-16")
            )
        assert "Copy it to a folder where you can write" in error.value.advice()
        assert closed.read_bytes() == before

    def test_a_read_only_store_with_entries_beside_it_is_refused(self, closed: Path) -> None:
        services = services_at(closed)  # before the file is there: it opens the store to read its last instant
        for suffix in ("-wal", "-journal"):
            left = closed.with_name(closed.name + suffix)
            left.write_bytes(b"later")
            with pytest.raises(StoreError, match=rf"assent\.db{suffix} holds entries that are not yet in it") as error:
                queries.list_cases(services)
            assert "Copy both files" in error.value.advice()
            left.unlink()

    def test_a_read_only_store_that_changes_while_it_is_read_is_refused(self, closed: Path) -> None:
        store = store_at(closed)
        with pytest.raises(StoreError, match="was written while it was read"), store.read_transaction():
            os.utime(closed, ns=(0, 0))
        with store.read_transaction() as transaction:
            assert transaction.head()[0]

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
    def test_a_store_on_a_read_only_mount_can_be_read(self, services: Services, path: Path) -> None:
        walk_to_stage(services, "pib")
        services.store.close()
        with mounted_read_only(path.parent):
            assert [summary.case for summary in queries.list_cases(services_at(path))] == [CASE_ID]


def test_a_closed_store_can_be_used_again(path: Path) -> None:
    services = new_services(path)
    assert isinstance(services.store, SqliteStore)
    services.store.close()
    services.store.close()
    assert len(queries.list_officers(services)) == 7
    services.store.close()
