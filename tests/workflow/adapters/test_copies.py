"""A copy of a store holds all that was recorded, and appears only if it verifies."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from rules.errors import Error
from tests.ledgers.__main__ import KEPT
from tests.workflow.adapters.test_sqlite import store_at
from tests.workflow.walk import request_by, services_at
from workflow.errors import LedgerBroken, StoreError
from workflow.services import officer_commands, verification
from workflow.services.store_copies import copy_store

STORE = KEPT / "2" / "mopac.db"
FOUNDER = "nora-nash"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    copied = Path(shutil.copy(STORE, tmp_path / "assent.db"))
    store_at(copied).upgrade()
    return copied


def head_of(path: Path) -> str:
    return verification.verify_ledger(services_at(path), with_replay=True).head


def test_a_copy_has_the_head_of_the_store_and_replays(path: Path, tmp_path: Path) -> None:
    copied = copy_store(services_at(path), store_at(tmp_path / "backup.db"))
    assert copied.head == head_of(path) == head_of(tmp_path / "backup.db")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["assent.db", "backup.db"]


def test_only_its_owner_can_read_a_copy(path: Path, tmp_path: Path) -> None:
    path.chmod(0o644)
    copy_store(services_at(path), store_at(tmp_path / "backup.db"))
    assert stat.S_IMODE((tmp_path / "backup.db").stat().st_mode) == 0o600


def test_what_stands_in_the_write_ahead_log_is_copied(path: Path, tmp_path: Path) -> None:
    """A reader keeps the log from being merged into the file, which alone would be a shorter store."""
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM ledger").fetchone()
        services = services_at(path)
        officer_commands.add_officer(services, "Added Late", None, request_by(FOUNDER, "2018-12-31"))
        alone = Path(shutil.copy(path, tmp_path / "alone.db"))
        copied = copy_store(services, store_at(tmp_path / "backup.db"))
    assert copied.head == head_of(path) != head_of(alone)


def test_a_store_that_was_altered_is_not_copied(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("UPDATE ledger SET body = replace(body, '2018', '2019') WHERE position = 2")
    with pytest.raises(LedgerBroken):
        copy_store(services_at(path), store_at(tmp_path / "backup.db"))
    assert [each.name for each in tmp_path.iterdir()] == ["assent.db"]


def test_a_copy_without_the_expected_head_does_not_appear(path: Path, tmp_path: Path) -> None:
    with pytest.raises(LedgerBroken, match="no entry has the seal"):
        copy_store(services_at(path), store_at(tmp_path / "backup.db"), "a" * 64)
    assert [each.name for each in tmp_path.iterdir()] == ["assent.db"]


@pytest.mark.parametrize("taken", ["assent.db", "notes.txt"])
def test_nothing_is_overwritten(path: Path, tmp_path: Path, taken: str) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    before = (tmp_path / taken).read_bytes()
    with pytest.raises(StoreError, match="already exists"):
        copy_store(services_at(path), store_at(tmp_path / taken))
    assert (tmp_path / taken).read_bytes() == before


def test_what_is_no_store_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes " * 1000)
    with pytest.raises(Error):
        copy_store(services_at(tmp_path / "notes.txt"), store_at(tmp_path / "backup.db"))
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]
