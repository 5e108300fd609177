"""Copy a store whole, as a backup or back from one: a copy appears only if every seal in it was checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from workflow.errors import LedgerBroken
from workflow.ledger.ports import LedgerReader, Store, WriteTransaction
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


def copy_store(services: Services, new: Store, expected_head: str = "") -> StoreCopy:
    """Copy the store of some services to a new one, in a file or in a database.

    What was recorded meanwhile is not in the copy. `expected_head` is a head that was written down earlier, and must be
    in it. Raises `LedgerBroken` if the copy does not verify or does not end as the store does, and `StoreError` if its
    place is taken or cannot be written; then there is no copy.
    """
    reports: list[VerificationReport] = []
    with services.store.read_ledger() as ledger:

        def fill(copy: Store) -> None:
            with copy.write_transaction() as transaction:
                _copy_rows(ledger, services.store, transaction)
            reports.append(verify_ledger(replace(services, store=copy), expected_head))
            if reports[-1].head != ledger.head()[1]:
                raise LedgerBroken(["the copy does not end with the last entry of the store"])

        new.create(fill)
    [report] = reports
    return StoreCopy(services.store.location, new.location, report.entries, report.head)


def _copy_rows(ledger: LedgerReader, packs: Store, transaction: WriteTransaction) -> None:
    transaction.restore(ledger.read_entries(), ledger.read_exempt_texts())
    for digest in packs.pack_digests():
        bundle = packs.load_bundle(digest)
        if bundle is None:
            raise LedgerBroken([f"packs {digest!s:.12} were altered"])
        transaction.save_bundle(bundle)
    for summary in ledger.read_summaries():
        transaction.update_summary(summary)
