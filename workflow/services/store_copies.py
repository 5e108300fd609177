"""Copy a store whole, as a backup or back from one: a copy appears only if every seal in it was checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from workflow.services.commands import Services
from workflow.services.verification import VerificationReport, verify_ledger


@dataclass(frozen=True, slots=True)
class StoreCopy:
    """A copy of a store: where it is, how many entries it has, and its last seal."""

    source: str
    copy: str
    entries: int
    head: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {"source": self.source, "copy": self.copy, "entries": self.entries, "head": self.head}


def copy_store(services: Services, address: str, expected_head: str = "") -> StoreCopy:
    """Copy the store of some services to a new address.

    `expected_head` is a head that was written down earlier, and must be in the copy. Raises `LedgerBroken` if the copy
    does not verify, and `StoreError` if the address is taken or cannot be written; then there is no copy.
    """
    reports: list[VerificationReport] = []
    services.store.back_up(
        address, lambda copy: reports.append(verify_ledger(replace(services, store=copy), expected_head))
    )
    [report] = reports
    return StoreCopy(services.store.location, address, report.entries, report.head)
