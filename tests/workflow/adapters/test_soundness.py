"""Whatever makes a store show another history than its sealed entries is found before the entries are read."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from rules.errors import Error
from tests.ledgers.__main__ import KEPT
from tests.plain_run import only_long
from tests.workflow.adapters.test_sqlite import store_at
from tests.workflow.walk import services_at
from workflow.errors import LedgerBroken
from workflow.services import verification

STORE = KEPT / "2" / "mopac.db"


FLIPS = [40, *only_long(3_000)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(STORE, tmp_path / "assent.db"))


def faults_of(path: Path) -> list[str]:
    store = store_at(path)
    try:
        with store.read_ledger():
            return []
    except LedgerBroken as error:
        return list(error.faults)
    finally:
        store.close()


def run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for statement in statements:
            raw.execute(statement)


def set_schema(path: Path, setting: str, *, then: str = "") -> None:
    """Change the schema behind SQLite's back, run a statement under it, and put the old schema back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        before = raw.execute("SELECT rowid, rootpage, sql FROM sqlite_master").fetchall()
        raw.execute("PRAGMA writable_schema=ON")
        raw.execute(f"UPDATE sqlite_master SET {setting}")  # noqa: S608 - the settings of this file
    if then:
        run(path, then)
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("PRAGMA writable_schema=ON")
            raw.executemany("UPDATE sqlite_master SET rootpage=?2, sql=?3 WHERE rowid=?1", before)


def swap_roots(one: str, other: str) -> Callable[[Path], None]:
    def swap(path: Path) -> None:
        select = "SELECT rootpage FROM sqlite_master WHERE name="
        with closing(sqlite3.connect(path)) as raw:
            pages = [raw.execute(f"{select}'{name}'").fetchone()[0] for name in (one, other)]
        set_schema(
            path, f"rootpage=CASE name WHEN '{one}' THEN {pages[1]} WHEN '{other}' THEN {pages[0]} ELSE rootpage END"
        )

    return swap


def remade(index: str, definition: str) -> Callable[[Path], None]:
    return lambda path: run(path, f"DROP INDEX {index}", f"CREATE {definition}")


def hide_last_version(path: Path) -> None:
    """Take the last entry of each stream out of the index alone, and leave the index as it is declared."""
    old = "CREATE UNIQUE INDEX ix_ledger_stream_version ON ledger (stream, version)"
    set_schema(path, f"sql='{old} WHERE version < 3' WHERE name='ix_ledger_stream_version'", then="REINDEX ledger")


FORGERIES: dict[str, Callable[[Path], None]] = {
    "an index over some rows": remade(
        "ix_ledger_stream_version",
        "UNIQUE INDEX ix_ledger_stream_version ON ledger (stream, version) WHERE version < 3",
    ),
    "an index over other words": remade("ix_exempt_stream", "INDEX ix_exempt_stream ON exempt (lower(stream))"),
    "an index in another order": remade("ix_exempt_stream", "INDEX ix_exempt_stream ON exempt (stream DESC)"),
    "an index of other letters": remade("ix_exempt_stream", "INDEX ix_exempt_stream ON exempt (stream COLLATE NOCASE)"),
    "an index of another column": remade("ix_exempt_stream", "INDEX ix_exempt_stream ON exempt (salt)"),
    "an index that lacks rows": hide_last_version,
    "two indexes in each other's place": swap_roots("ix_exempt_stream", "ix_case_view_scheme"),
    "a key in another's place": swap_roots("sqlite_autoindex_ledger_1", "sqlite_autoindex_case_view_1"),
    "an index more": lambda path: run(path, "CREATE INDEX more ON ledger (officer)"),
    "a table more": lambda path: run(path, "CREATE TABLE more (a)"),
    "a column more": lambda path: run(path, "ALTER TABLE exempt ADD COLUMN more TEXT"),
    "a generated column": lambda path: run(path, "ALTER TABLE exempt ADD COLUMN more TEXT AS (lower(body))"),
    "statistics": lambda path: run(path, "ANALYZE"),
}


def read_everything(path: Path) -> str:
    """All that commands read of a store, in the ways in which they read it."""
    services = services_at(path)
    store = services.store
    with store.read_transaction() as ledger:
        cases = list(ledger.case_summaries())
        streams = [(ledger.sealed_entries(each.case), ledger.exempt_texts(each.case)) for each in cases]
        versions = [(ledger.stream_version(each.case), ledger.find_case(each.case.lower())) for each in cases]
        kinds = [ledger.entries_of_streams(prefix) for prefix in ("documents/", "refusals/", "links/")]
        counts = [ledger.count_cases(scheme) for scheme in sorted({each.scheme for each in cases})]
        read = [ledger.head(), cases, streams, versions, kinds, counts]
    bundles = [(digest, store.load_bundle(digest)) for digest in store.pack_digests()]
    store.close()
    return repr([read, [(digest, kept and kept.files) for digest, kept in bundles]])


def is_refused(path: Path) -> bool:
    services = services_at(path)
    try:
        verification.verify_ledger(services)
    except Error:
        return True
    finally:
        services.store.close()
    return False


@pytest.mark.parametrize("flips", FLIPS)
def test_a_flipped_bit_is_found_or_changes_nothing_that_is_read(path: Path, flips: int) -> None:
    whole, before, chance = path.read_bytes(), read_everything(path), Random(flips)  # noqa: S311 - not for secrets
    for _ in range(flips):
        place = chance.randrange(len(whole))
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        for file in path.parent.iterdir():
            file.unlink()
        path.write_bytes(damaged)
        assert is_refused(path) or read_everything(path) == before, f"byte {place}"


def test_a_kept_store_is_sound(path: Path) -> None:
    assert faults_of(path) == []


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_schema_is_found(path: Path, forgery: str) -> None:
    FORGERIES[forgery](path)
    assert faults_of(path)


def test_a_fault_names_what_is_wrong(path: Path) -> None:
    FORGERIES["an index of another column"](path)
    FORGERIES["a table more"](path)
    assert faults_of(path) == [
        "the index ix_exempt_stream is not as assent makes it",
        "the store holds a table (more) that assent did not make",
    ]
