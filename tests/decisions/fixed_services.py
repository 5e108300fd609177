"""Services with a clock that stands still and salt that is always the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

from decisions.safety.publication import PublicationSearch
from rules.packs.library import Library
from workflow.adapters.sqlite import SqliteStore
from workflow.ledger.ports import Clock
from workflow.services.commands import Services

FIXED_DAY = date(2018, 5, 1)
FIXED_NOW = datetime.combine(FIXED_DAY, time(9), UTC)


def services_at(path: Path, today: date = FIXED_DAY) -> Services:
    """Return services over the store at a path; make the store if it is not there."""
    store = SqliteStore(str(path), lambda: datetime.combine(today, time(9), UTC))
    if not path.exists():
        store.create()
    return Services(store, Library.load([]), Clock(lambda _: today, lambda: "5a" * 16), PublicationSearch())
