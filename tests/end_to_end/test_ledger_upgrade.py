"""A store of an earlier version is read, and says which command to type before anything is recorded in it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.end_to_end.conftest import STORE, RunAssent
from tests.ledgers.__main__ import KEPT

STORE_ERROR = 8
CASE = "MOPAC-2018-3"
PUBLISH = ("case", "act", CASE, "publish", "--as", "governance-team", "--on", "2018-12-31")


@pytest.fixture
def older(assent: RunAssent) -> RunAssent:
    """A command line in a folder whose store was made before Alembic."""
    shutil.copy(KEPT / "1" / "mopac.db", STORE)
    return assent


def test_an_older_store_is_read_and_says_what_to_type_before_it_is_written(older: RunAssent) -> None:
    assert older("case", "next", CASE).exit_code == 0
    assert older("ledger", "verify", "--replay").exit_code == 0
    result = older(*PUBLISH)
    assert result.exit_code == STORE_ERROR
    assert "must be upgraded before anything is recorded" in result.stderr
    assert "ledger upgrade" in result.stderr


def test_an_upgrade_keeps_the_head_and_then_the_case_goes_on(older: RunAssent) -> None:
    head = older("ledger", "head").stdout.strip()
    report = older("ledger", "upgrade", "--format", "json").json
    assert (report["from"], report["to"], report["head"]) == (1, 3, head)
    assert older("ledger", "verify", "--replay", "--against", head).exit_code == 0
    result = older(*PUBLISH)
    assert result.exit_code == 0, result.stderr


def test_an_upgrade_says_what_it_did_and_a_second_one_that_nothing_is_left(older: RunAssent) -> None:
    assert "was upgraded from version 1 of the schema to version 3" in older("ledger", "upgrade").stdout
    assert "needs no upgrade" in older("ledger", "upgrade").stdout


def test_a_newer_store_is_refused_whatever_the_command(older: RunAssent) -> None:
    older("ledger", "upgrade")
    with closing(sqlite3.connect(STORE)) as raw, raw:
        raw.execute("PRAGMA user_version=4")
    for command in (("case", "list"), ("ledger", "verify"), ("ledger", "upgrade"), PUBLISH):
        result = older(*command)
        assert (result.exit_code, "was made by a newer assent" in result.stderr) == (STORE_ERROR, True), result.stderr
