"""Services with a clock that stands still and salt that is always the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from decisions.safety.publication import PublicationSearch
from rules.packs.library import Library
from workflow.adapters.sqlite import SqliteStore
from workflow.ledger.ports import Clock
from workflow.services.commands import Services

FIXED_NOW = datetime(2018, 5, 1, 9, 0, tzinfo=UTC)


def services_at(path: Path, today: date = date(2018, 5, 1)) -> Services:
    """Return services over the store at a path; make the store if it is not there."""
    store = SqliteStore(str(path), lambda: FIXED_NOW)
    if not path.exists():
        store.create()
    return Services(store, Library.load([]), Clock(lambda _: today, lambda: "5a" * 16), PublicationSearch())
