"""Services for each test: a new store, a fixed clock, fixed salts, and the shipped packs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflow.walk import new_services
from workflow.adapters.sqlite import SqliteStore
from workflow.services.commands import Services


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "assent.db"


@pytest.fixture
def services(path: Path) -> Iterator[Services]:
    made = new_services(path)
    yield made
    assert isinstance(made.store, SqliteStore)
    made.store.close()
