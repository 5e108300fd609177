"""The schema of a store: older ones are read and upgraded, newer and half upgraded ones are left alone."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeGuard

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlmodel import Session, SQLModel, select

from rules.packs.bundle import Bundle
from tests.ledgers.__main__ import KEPT
from workflow.adapters import ledger_session, schema, schema_upgrade
from workflow.adapters.schema import APPLICATION_ID, CURRENT_VERSION, FIRST_VERSION, revision_of
from workflow.adapters.sqlite import SqliteStore
from workflow.adapters.tables import CaseRow, ExemptRow, LedgerRow, PackRow
from workflow.errors import LedgerBroken, StoreError
from workflow.ledger.entries import UnsealedEntry
from workflow.ledger.ports import CaseSummary, SchemaUpgrade

FIRST_STORE = KEPT / "1" / "mopac.db"
TYPE_UPGRADE = "ledger upgrade"


def store_at(path: Path) -> SqliteStore:
    return SqliteStore(str(path), lambda: datetime(2018, 12, 31, tzinfo=UTC))


def draft(body: str, exempt: str = "") -> UnsealedEntry:
    return UnsealedEntry("A-1", "acted", date(2018, 3, 7), "A Reed", body, "", exempt, "salt" if exempt else "")


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        for statement in statements:
            raw.execute(statement)


def dump(path: Path) -> list[str]:
    """Everything that a file holds, but for the table of Alembic."""
    with closing(sqlite3.connect(path)) as raw:
        return [line for line in raw.iterdump() if "alembic_version" not in line]


def config_for(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", "workflow.adapters:migrations")
    config.attributes["connection"] = connection
    return config


@pytest.fixture
def old(tmp_path: Path) -> Iterator[SqliteStore]:
    """A store that was made before Alembic."""
    store = store_at(Path(shutil.copy(FIRST_STORE, tmp_path / "old.db")))
    yield store
    store.close()


@pytest.fixture
def new(tmp_path: Path) -> Iterator[SqliteStore]:
    store = store_at(tmp_path / "new.db")
    store.create()
    yield store
    store.close()


class TestMigrations:
    def test_they_make_the_tables_that_sqlmodel_declares(self) -> None:
        engine = create_engine("sqlite://")
        with engine.connect() as connection:
            command.upgrade(config_for(connection), "head")
            with warnings.catch_warnings():  # SQLAlchemy cannot read an index of an expression back
                warnings.filterwarnings("ignore", ".*expression-based index")
                assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
        engine.dispose()

    def test_they_are_one_line_that_ends_at_the_current_version(self) -> None:
        scripts = ScriptDirectory.from_config(config_for(None))
        expected = [revision_of(version) for version in range(CURRENT_VERSION, FIRST_VERSION - 1, -1)]
        assert [script.revision for script in scripts.walk_revisions()] == expected

    def test_a_new_store_is_one_that_was_upgraded_from_the_first_version(
        self, new: SqliteStore, tmp_path: Path
    ) -> None:
        upgraded = store_at(tmp_path / "first.db")
        with closing(sqlite3.connect(upgraded.path)) as raw, closing(sqlite3.connect(FIRST_STORE)) as first, raw:
            for (statement,) in first.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall():
                raw.execute(statement)
            raw.execute(f"PRAGMA application_id={APPLICATION_ID}")
            raw.execute(f"PRAGMA user_version={FIRST_VERSION}")
        upgraded.upgrade()
        upgraded.close()
        objects = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2"
        indexes = "SELECT lower(sql) FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
        for statement in (
            objects,
            indexes,
            "SELECT * FROM alembic_version",
            "PRAGMA user_version",
            "PRAGMA index_list(ledger)",
        ):
            with closing(sqlite3.connect(new.path)) as one, closing(sqlite3.connect(upgraded.path)) as other:
                assert sorted(one.execute(statement).fetchall()) == sorted(other.execute(statement).fetchall())

    def test_no_command_loads_alembic_but_an_upgrade(self) -> None:
        assert self.libraries_loaded_by("import workflow.adapters.sqlite") == []

    def test_a_store_is_read_and_written_without_sqlalchemy(self, new: SqliteStore) -> None:
        work = f"""
from datetime import UTC, date, datetime
from workflow.adapters.sqlite import SqliteStore
from workflow.ledger.entries import UnsealedEntry
store = SqliteStore({str(new.path)!r}, lambda: datetime.now(UTC))
with store.write_transaction() as transaction:
    transaction.append(UnsealedEntry("A-1", "acted", date(2018, 3, 7), "A Reed", "{{}}"), 0)
with store.read_transaction() as transaction:
    assert transaction.stream_version("A-1") == 1
"""
        assert self.libraries_loaded_by(work) == []
        assert self.libraries_loaded_by("import sqlmodel") == ["sqlalchemy", "sqlmodel"]

    @staticmethod
    def libraries_loaded_by(source: str) -> list[str]:
        """The libraries for the schema that a new Python has loaded after some source."""
        names = "[name for name in ('alembic', 'sqlalchemy', 'sqlmodel') if name in sys.modules]"
        script = f"import sys\n{source}\nprint(*{names})"
        result = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
        return result.stdout.split()


class TestPlainSql:
    """The statements of the hot path, and what is checked of a file, name what SQLModel declares."""

    def test_columns_are_those_of_the_tables_in_their_order(self) -> None:
        declared = {name: tuple(table.c.keys()) for name, table in SQLModel.metadata.tables.items()}
        assert declared == ledger_session.COLUMNS

    def test_tables_and_indexes_are_those_declared(self) -> None:
        tables = SQLModel.metadata.tables
        assert sorted(tables) == sorted(schema.TABLES)
        assert sorted(str(index.name) for table in tables.values() for index in table.indexes) == sorted(schema.INDEXES)

    def test_every_statement_can_be_prepared_on_the_declared_tables(self, new: SqliteStore) -> None:
        statements = [text for text in vars(ledger_session).values() if _is_statement(text)]
        assert len(statements) > 15
        with closing(sqlite3.connect(new.path)) as raw:
            for statement in statements:
                raw.execute(f"EXPLAIN {statement}", [None] * statement.count("?"))

    def test_no_statement_of_an_officer_reads_a_whole_table(self, new: SqliteStore) -> None:
        """Those that read everything are for verification, the diary, audits and lists."""
        whole = {
            "_SELECT_BY_STREAM",
            "_SELECT_CASES",
            "_SELECT_CASES_BY_NUMBER",
            "_SELECT_PACK_DIGESTS",
        }
        scanning = set()
        with closing(sqlite3.connect(new.path)) as raw:
            for name, statement in vars(ledger_session).items():
                if _is_statement(statement):
                    plan = raw.execute(f"EXPLAIN QUERY PLAN {statement}", [None] * statement.count("?")).fetchall()
                    # Whoever needs one row stops at the first of a scan in the order of the key.
                    if any(row[-1].startswith("SCAN") for row in plan) and "LIMIT 1" not in statement:
                        scanning.add(name)
        assert scanning == whole

    def test_both_read_and_write_the_same_rows(self, new: SqliteStore) -> None:
        bundle = Bundle({"law/a.yaml": b"\x00\xff"})
        summary = CaseSummary("C-1", "Zoë's case", "mopac", "draft", 3, date(2018, 3, 7), date(2018, 3, 8))
        with new.write_transaction() as transaction:
            entry = transaction.append(draft('{"é": "…"}', exempt="secret"), 0)
            transaction.save_bundle(bundle)
            transaction.update_summary(summary)
        engine = create_engine(f"sqlite:///{new.path}")
        with Session(engine) as session:
            assert [row.model_dump() for row in session.exec(select(LedgerRow))] == [entry._asdict()]
            [text] = session.exec(select(ExemptRow)).all()
            [pack] = session.exec(select(PackRow)).all()
            [case] = session.exec(select(CaseRow)).all()
            assert (text.position, text.body) == (1, "secret")
            assert (pack.digest, pack.file, pack.data) == (bundle.digest, "law/a.yaml", b"\x00\xff")
            days = {"opened_on": "2018-03-07", "last_on": "2018-03-08"}
            assert case.model_dump() == {**summary._asdict(), **days}
            session.add(CaseRow(**{**case.model_dump(), "case": "C-2"}))
            session.commit()
        engine.dispose()
        with new.read_transaction() as transaction:
            assert list(transaction.case_summaries()) == [summary, summary._replace(case="C-2")]
            assert transaction.sealed_entries("A-1") == [entry]
            assert transaction.load_bundle(bundle.digest) == bundle


def _is_statement(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value.startswith(("SELECT ", "INSERT "))


class TestOlderStores:
    def test_it_is_read_without_an_upgrade(self, old: SqliteStore) -> None:
        before = dump(old.path)
        with old.read_ledger() as ledger:
            assert list(ledger.read_entries())
            assert list(ledger.read_exempt_texts())
            assert list(ledger.read_summaries())
        old.close()
        assert dump(old.path) == before

    def test_nothing_is_recorded_in_it_and_the_command_to_type_is_named(self, old: SqliteStore) -> None:
        with (
            pytest.raises(StoreError, match="must be upgraded before anything is recorded") as refused,
            old.write_transaction(),
        ):
            pytest.fail("the store was opened for writing")
        assert f"assent --store {old.path} {TYPE_UPGRADE}" in refused.value.advice()

    def test_an_upgrade_changes_no_row(self, old: SqliteStore) -> None:
        before = [line for line in dump(old.path) if line.startswith("INSERT")]
        assert old.upgrade() == SchemaUpgrade(FIRST_VERSION, CURRENT_VERSION)
        old.close()
        assert [line for line in dump(old.path) if line.startswith("INSERT")] == before
        with old.write_transaction() as transaction:
            assert transaction.head()[0] > 0

    def test_an_upgraded_store_needs_no_other(self, old: SqliteStore) -> None:
        old.upgrade()
        before = dump(old.path)
        assert old.upgrade() == SchemaUpgrade(CURRENT_VERSION, CURRENT_VERSION)
        old.close()
        assert dump(old.path) == before

    def test_a_store_that_somebody_else_upgraded_meanwhile_needs_no_other(self, old: SqliteStore) -> None:
        with old.read_transaction() as transaction:
            head = transaction.head()
        other = store_at(old.path)
        other.upgrade()
        other.close()
        assert old.upgrade() == SchemaUpgrade(CURRENT_VERSION, CURRENT_VERSION)
        with old.write_transaction() as transaction:
            assert transaction.head() == head

    def test_two_entries_of_one_version_stop_the_upgrade_and_nothing_is_changed(self, old: SqliteStore) -> None:
        change(old.path, "UPDATE ledger SET version = 1 WHERE version = 2")
        before = dump(old.path)
        with pytest.raises(StoreError, match=r"UNIQUE constraint failed: ledger\.stream, ledger\.version"):
            old.upgrade()
        old.close()
        assert dump(old.path) == before

    @pytest.mark.parametrize("place", ["command.upgrade", "digest"])
    def test_an_upgrade_that_is_cut_short_leaves_the_store_as_it_was(
        self, old: SqliteStore, monkeypatch: pytest.MonkeyPatch, place: str
    ) -> None:
        before = dump(old.path)
        if place == "digest":
            digests = iter(["before", "after"])
            monkeypatch.setattr(schema_upgrade, "_digest_rows", lambda _: next(digests))
        else:
            monkeypatch.setattr(f"alembic.{place}", _die)
        with pytest.raises((StoreError, ZeroDivisionError)):
            old.upgrade()
        old.close()
        assert dump(old.path) == before

    def test_a_store_that_cannot_be_written_is_not_upgraded(
        self, old: SqliteStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("workflow.adapters.sqlite._choose_open_mode", lambda _: "ro&immutable=1")
        with pytest.raises(StoreError, match="readonly"):
            old.upgrade()


def _die(*_: object) -> None:
    raise ZeroDivisionError


def _is_newer(path: Path) -> None:
    change(path, f"PRAGMA user_version={CURRENT_VERSION + 1}", "UPDATE alembic_version SET version_num = '0004'")


def _names_an_unknown_revision(path: Path) -> None:
    change(path, "UPDATE alembic_version SET version_num = 'beef'")


def _names_two_revisions(path: Path) -> None:
    change(path, "INSERT INTO alembic_version VALUES ('0001')")


def _names_no_revision(path: Path) -> None:
    change(path, "DELETE FROM alembic_version")


def _has_no_table_of_alembic(path: Path) -> None:
    change(path, "DROP TABLE alembic_version")


def _is_marked_too_early(path: Path) -> None:
    change(path, "PRAGMA user_version=1")


def _has_no_index(path: Path) -> None:
    change(path, "DROP INDEX ix_ledger_stream_version")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_is_newer, "was made by a newer assent: it has version 4 of the schema, and this one knows versions up to 3"),
        (_names_an_unknown_revision, "is half upgraded: it names the version 3, and Alembic beef"),
        (_names_two_revisions, "is half upgraded: it names the version 3, and Alembic 0003, 0001"),
        (_names_no_revision, "is half upgraded: it names the version 3, and Alembic none"),
        (_has_no_table_of_alembic, "is half upgraded: it names the version 3, and Alembic none"),
        (_is_marked_too_early, "is half upgraded: it names the version 1, and Alembic 0003"),
        (_has_no_index, "is half upgraded: it has no index ix_ledger_stream_version"),
    ],
)
def test_a_newer_or_half_upgraded_store_is_neither_read_nor_written_nor_upgraded(
    new: SqliteStore, damage: Callable[[Path], None], message: str
) -> None:
    damage(new.path)
    before = new.path.read_bytes()
    for use in (new.read_transaction, new.write_transaction):
        with pytest.raises(StoreError) as refused, use():
            pytest.fail("the store was opened")
        assert message in refused.value.message
        assert "was not changed" in refused.value.advice()
    with pytest.raises(StoreError):
        new.upgrade()
    new.close()
    assert new.path.read_bytes() == before


def test_a_trigger_in_an_older_store_stops_its_upgrade(old: SqliteStore) -> None:
    change(old.path, "CREATE TRIGGER hide AFTER INSERT ON ledger BEGIN DELETE FROM ledger; END")
    with pytest.raises(LedgerBroken, match="holds a trigger"):
        old.upgrade()


def test_the_database_refuses_a_second_entry_of_a_version(new: SqliteStore) -> None:
    row = "INSERT INTO ledger VALUES ({0}, 'A-1', 1, 'acted', '', '', '', '', '', '', '', 'seal {0}')"
    with pytest.raises(sqlite3.IntegrityError):
        change(new.path, row.format(1), row.format(2))
