"""A store that other accounts of the machine can read is named, with what closes it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from console.store_access import close_command, find_exposed_files, warn_of_exposed_files
from tests.workflow.adapters.test_sqlite import store_at


@pytest.mark.parametrize(
    ("mode", "is_exposed"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True), (0o606, True), (0o620, True)]
)
def test_a_store_is_closed_if_only_its_owner_can_use_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], mode: int, is_exposed: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    store = store_at("a store.db")
    store.create()
    Path("a store.db").chmod(mode)
    warn_of_exposed_files(store)
    assert ("chmod 600 'a store.db'" in capsys.readouterr().err) is is_exposed
    assert [file.name for file in find_exposed_files(store)] == (["a store.db"] if is_exposed else [])


def test_the_files_beside_a_store_count_too(tmp_path: Path) -> None:
    store = store_at(tmp_path / "assent.db")
    store.create()
    (tmp_path / "assent.db-wal").write_bytes(b"")
    (tmp_path / "assent.db-wal").chmod(0o644)
    files = find_exposed_files(store)
    assert [file.name for file in files] == ["assent.db-wal"]
    assert close_command(files) == f"chmod 600 {os.path.relpath(tmp_path / 'assent.db-wal')}"


def test_a_store_that_is_not_there_is_not_called_open_to_others(tmp_path: Path) -> None:
    assert find_exposed_files(store_at(tmp_path / "no" / "assent.db")) == ()
