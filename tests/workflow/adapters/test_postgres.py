"""A store in PostgreSQL keeps what one in a file keeps, for many at once, and gives officers no right to change it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event

import psycopg
import pytest
from click.testing import CliRunner

from cli import assent
from tests.ledgers.__main__ import KEPT
from tests.workflow.adapters.postgres_server import as_officer, new_database, running_server
from tests.workflow.walk import AUTHOR, CASE_ID, request_by, services_at
from workflow.adapters import postgres, postgres_schema
from workflow.adapters.postgres import PostgresStore, hide_password
from workflow.adapters.schema_upgrade import run_migrations
from workflow.adapters.sqlite import SqliteStore
from workflow.errors import Conflict, LedgerBroken, StoreBusy, StoreError
from workflow.ledger.entries import Entry, UnsealedEntry
from workflow.ledger.ports import Store
from workflow.services import commands, officer_commands, queries, verification
from workflow.services.commands import Revision
from workflow.services.store_copies import copy_store

pytestmark = pytest.mark.long

KEPT_STORE = KEPT / "2" / "mopac.db"
FOUNDER = "nora-nash"
NOW = datetime(2019, 1, 1, tzinfo=UTC)
FORGERIES = [
    ("CREATE VIEW shown AS SELECT * FROM ledger", r"holds a view \(shown\)"),
    ("CREATE TABLE more (n int)", "remove table more"),
    ("ALTER TABLE ledger ADD COLUMN more int", "remove column ledger more"),
    ("DROP INDEX ix_ledger_stream_version", "add index ix_ledger_stream_version"),
    ("CREATE RULE hide AS ON INSERT TO exempt DO INSTEAD NOTHING", r"holds a rule \(hide\)"),
    ("ALTER TABLE ledger ALTER COLUMN body DROP NOT NULL", "ledger body"),
    (
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER hide BEFORE INSERT ON exempt FOR EACH ROW EXECUTE FUNCTION f()
        """,
        r"holds a trigger \(hide\)",
    ),
]
"""What the owner of a database can do to its schema, and the fault that is found."""
CHANGES = [
    statement.format(table, *[column] * (statement.count("{}") - 1))
    for table, column in (("ledger", "body"), ("exempt", "body"), ("pack", "digest"))
    for statement in ("UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}")
]
"""What an officer's account must not be able to do."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_server(tmp_path_factory.mktemp("server")) as administrator:
        yield administrator


@pytest.fixture
def url(server: str) -> str:
    return new_database(server)


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    with closing(store_at(url)) as store:
        store.create()
        yield store


@pytest.fixture
def kept(url: str, tmp_path: Path) -> Iterator[commands.Services]:
    """Services over a copy of a recorded store, for an account that is only an officer's."""
    source = services_at(Path(shutil.copy(KEPT_STORE, tmp_path / "kept.db")))
    with closing(store_at(url)) as owner:
        copy_store(source, owner)
    with closing(store_at(as_officer(url))) as store:
        yield replace(source, store=store)


def store_at(url: str) -> PostgresStore:
    return PostgresStore(url, lambda: NOW)


def draft(body: str = "{}", stream: str = "A-1", exempt: str = "") -> UnsealedEntry:
    return UnsealedEntry(stream, "acted", date(2018, 3, 7), "A Reed", body, "", exempt, "salt" if exempt else "")


def append(store: Store, version: int, **parts: str) -> Entry:
    with store.write_transaction() as transaction:
        return transaction.append(draft(**parts), version)


class TestTransactions:
    def test_entries_are_read_as_they_were_appended(self, store: PostgresStore) -> None:
        entries = [append(store, 0, exempt="£1"), append(store, 1), append(store, 0, stream="B-1")]
        with store.read_ledger() as ledger:
            assert list(ledger.read_entries()) == entries
            assert [text.body for text in ledger.read_exempt_texts()] == ["£1"]
            assert ledger.head() == (3, entries[-1].seal)
            assert ledger.sealed_entries("A-1") == entries[:2]

    def test_a_block_that_raises_records_nothing(self, store: PostgresStore) -> None:
        with suppress(ZeroDivisionError), store.write_transaction() as transaction:
            transaction.append(draft(), 0)
            raise ZeroDivisionError
        with store.read_transaction() as reading:
            assert reading.head()[0] == 0

    def test_another_version_is_a_conflict(self, store: PostgresStore) -> None:
        append(store, 0)
        with pytest.raises(Conflict) as error:
            append(store, 0)
        assert error.value.exit_code == 5

    def test_a_reader_sees_one_moment(self, store: PostgresStore) -> None:
        append(store, 0)
        with store.read_transaction() as reading:
            assert reading.head()[0] == 1
            append(store, 1)
            assert reading.head()[0] == 1
        with store.read_transaction() as later:
            assert later.head()[0] == 2

    def test_writers_wait_for_their_turn_and_see_what_was_written_before(self, store: PostgresStore) -> None:
        def write(number: int) -> None:
            with closing(store_at(store.absolute_url)) as own:
                for version in range(5):
                    append(own, version, stream=f"A-{number}")

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(4)))
        with store.read_ledger() as ledger:
            entries = list(ledger.read_entries())
        assert [entry.position for entry in entries] == list(range(1, 21))
        assert [entry.previous for entry in entries[1:]] == [entry.seal for entry in entries[:-1]]

    def test_who_waits_too_long_is_told_to_try_again(
        self, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begin, _, lock = postgres._TAKE_TURN
        monkeypatch.setattr(postgres, "_TAKE_TURN", (begin, "SET LOCAL lock_timeout = 50", lock))
        waits, ends = Event(), Event()

        def hold() -> None:
            with store.write_transaction():
                waits.set()
                ends.wait(30)

        with ThreadPoolExecutor(1) as pool:
            holding = pool.submit(hold)
            waits.wait(30)
            with pytest.raises(StoreBusy) as error:
                append(store_at(store.absolute_url), 0)
            ends.set()
            holding.result()
        assert error.value.exit_code == 5

    def test_the_database_refuses_a_second_entry_of_a_version(self, store: PostgresStore, url: str) -> None:
        entry = append(store, 0)
        with psycopg.connect(url) as raw, pytest.raises(psycopg.errors.UniqueViolation):
            raw.execute(
                'INSERT INTO assent.ledger SELECT 2, stream, version, kind, "on", recorded_at, officer, body, ruling, '
                "exempt, previous, 'another' FROM assent.ledger WHERE seal = %s",
                (entry.seal,),
            )


class TestMaking:
    def test_a_store_appears_with_its_first_entries_or_not_at_all(self, url: str) -> None:
        def fail(new: Store) -> None:
            append(new, 0)
            raise ZeroDivisionError

        store = store_at(url)
        with pytest.raises(ZeroDivisionError):
            store.create(fail)
        assert not store.exists()
        store.create(lambda new: append(new, 0))
        with store.read_transaction() as reading:
            assert reading.head()[0] == 1

    def test_no_store_is_made_over_another(self, store: PostgresStore) -> None:
        with pytest.raises(StoreError, match="has a store already"):
            store_at(store.absolute_url).create()

    def test_where_there_is_none_the_message_says_how_to_make_one(self, url: str) -> None:
        with pytest.raises(StoreError, match="there is no store") as error, store_at(url).read_transaction():
            pass
        assert "assent init" in error.value.advice()

    @pytest.mark.usefixtures("store")
    def test_a_newer_store_is_neither_read_nor_written(self, url: str) -> None:
        run_as_owner(url, "UPDATE assent.alembic_version SET version_num = '0099'")
        with pytest.raises(StoreError, match="made by a newer assent"), store_at(url).read_transaction():
            pass

    def test_migrations_bring_the_first_tables_to_those_of_today(self, url: str) -> None:
        """A store of an earlier version is read, not written, and upgraded; then it is as a new one."""
        with psycopg.connect(url, autocommit=True) as raw, raw.transaction():
            raw.execute("CREATE SCHEMA assent")
            raw.execute("SET LOCAL search_path TO assent")
            with postgres_schema.lend(raw) as lent:
                run_migrations(lent, 0, "0002")
        store = store_at(url)
        with pytest.raises(StoreError, match="must be upgraded"):
            append(store, 0)
        assert store.upgrade().before == 2
        append(store, 0)
        with store.read_ledger() as ledger:
            assert ledger.head()[0] == 1


def run_as_owner(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True, options="-c search_path=assent") as raw:
        raw.execute(statement)


class TestRights:
    @pytest.mark.parametrize("change", CHANGES)
    def test_an_officer_can_append_and_change_nothing(self, store: PostgresStore, change: str) -> None:
        officer = as_officer(store.absolute_url)
        append(store_at(officer), 0)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run_as_owner(officer, change)

    @pytest.mark.usefixtures("store")
    def test_an_account_without_rights_is_told_whom_to_ask(self, url: str) -> None:
        stranger = as_officer(url, "stranger")
        run_as_owner(url, "REVOKE assent_officers FROM stranger")
        with pytest.raises(StoreError, match="permission denied") as error, store_at(stranger).read_transaction():
            pass
        assert "GRANT assent_officers" in error.value.advice()

    def test_a_password_is_never_shown(self) -> None:
        assert (
            hide_password("postgresql://anna:secret@db/x?sslmode=require") == "postgresql://anna@db/x?sslmode=require"
        )
        with pytest.raises(StoreError) as error:
            store_at("postgresql://anna:secret@localhost:1/x").exists()
        assert "secret" not in str(error.value)
        assert error.value.__cause__ is None


class TestFaults:
    @pytest.mark.parametrize(("statement", "fault"), FORGERIES)
    def test_a_schema_that_assent_did_not_make_is_found(
        self, store: PostgresStore, url: str, statement: str, fault: str
    ) -> None:
        with store.read_ledger() as ledger:
            assert ledger.head()[0] == 0
        run_as_owner(url, statement)
        with pytest.raises(LedgerBroken, match=fault), store.read_ledger():
            pass

    def test_an_entry_that_its_owner_altered_is_found(self, kept: commands.Services, url: str) -> None:
        run_as_owner(url, "UPDATE ledger SET body = replace(body, '2018', '2019') WHERE position = 2")
        with pytest.raises(LedgerBroken):
            verification.verify_ledger(kept)


class TestCases:
    def test_a_copy_in_a_database_has_the_same_head_and_replays(self, kept: commands.Services, tmp_path: Path) -> None:
        in_file = services_at(tmp_path / "kept.db")
        copied, original = (verification.verify_ledger(each, with_replay=True) for each in (kept, in_file))
        assert copied == original
        assert list(queries.list_cases(kept)) == list(queries.list_cases(in_file))

    def test_a_copy_goes_back_into_a_file(self, kept: commands.Services, tmp_path: Path) -> None:
        back = SqliteStore(str(tmp_path / "back.db"), lambda: NOW)
        copied = copy_store(kept, back)
        report = verification.verify_ledger(services_at(tmp_path / "back.db"), with_replay=True)
        assert report.head == copied.head

    def test_acts_are_recorded_as_in_a_file(self, kept: commands.Services, tmp_path: Path) -> None:
        in_file = services_at(tmp_path / "kept.db")
        in_file.store.upgrade()
        for services in (kept, in_file):
            officer_commands.add_officer(services, "Added Late", None, request_by(FOUNDER, "2018-12-31"))
        heads = [verification.verify_ledger(services, with_replay=True).entries for services in (kept, in_file)]
        assert heads[0] == heads[1]

    def test_somebody_who_saw_an_earlier_version_is_told_so(self, kept: commands.Services) -> None:
        with pytest.raises(Conflict):
            commands.amend_paper(kept, CASE_ID, Revision({"title": "x"}, {}), request_by(AUTHOR, "2018-12-31", 1))

    def test_the_command_line_makes_uses_and_copies_one(self, url: str, tmp_path: Path) -> None:
        def run(*words: str) -> str:
            result = CliRunner().invoke(assent, words, catch_exceptions=False)
            assert result.exit_code == 0, result.output
            return result.output

        run("--store", url, "init", "--founder", "Anna Reed")
        assert "anna-reed" in run("--store", url, "officer", "list")
        assert "Copied" in run("ledger", "copy", url, str(tmp_path / "copy.db"))
        heads = {run("--store", place, "ledger", "head") for place in (url, str(tmp_path / "copy.db"))}
        assert len(heads) == 1
