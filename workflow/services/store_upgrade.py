"""Upgrade a store that an earlier version of assent made, and say what it holds afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workflow.services.commands import Services


@dataclass(frozen=True, slots=True)
class UpgradeReport:
    """The versions of the schema before and after, and the last entry, which an upgrade leaves as it was."""

    store: str
    before: int
    after: int
    position: int
    head: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        versions = {"store": self.store, "from": self.before, "to": self.after}
        return {**versions, "position": self.position, "head": self.head}


def upgrade_store(services: Services) -> UpgradeReport:
    """Bring the schema of a store up to the current version; raises `StoreError` if that cannot be done."""
    upgraded = services.store.upgrade()
    with services.store.read_transaction() as transaction:
        return UpgradeReport(services.store.location, *upgraded, *transaction.head())
