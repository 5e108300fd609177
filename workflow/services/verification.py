"""Verify the ledger: every seal, every Part 2 text, the list of cases, the kept packs, and every ruling judged again.

Replay finds a ruling that was forged and sealed anew, and an act that could not have happened. It does not find a
forger who makes every later entry follow as well; only a head that was written down elsewhere does.

Invariants:
- All faults are reported at once, each with its entry. Nothing is repaired.
- Memory does not grow with the store: see `workflow.services.ledger_reading`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from rules.packs.digests import Aspect
from workflow.errors import LedgerBroken
from workflow.history.scheme_version import changes_rules, find_changed_aspects
from workflow.history.serialization import ISSUED_DOCUMENT_KIND
from workflow.history.snapshots import find_case_id
from workflow.ledger.entries import GENESIS, find_stream_faults
from workflow.ledger.ports import SchemeLibrary, Store
from workflow.services.commands import Services
from workflow.services.ledger_reading import LedgerReading, find_place
from workflow.services.replay_verification import find_replay_faults


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What was verified: the entries, the rulings judged again, the packs that rulings name, and the head.

    `notes` are what is no fault by itself and yet should be looked into. `since` is the position after which the
    entries were verified; 0 if all were.
    """

    entries: int
    rulings: int
    pack_digests: tuple[str, ...]
    head: str
    notes: tuple[str, ...] = ()
    since: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "verified": True,
            "entries": self.entries,
            "rulings": self.rulings,
            "head": self.head,
            "packs": list(self.pack_digests),
            "notes": list(self.notes),
            "since": self.since,
        }


class LedgerHead(NamedTuple):
    """The position and seal of the last entry; 0 and `GENESIS` if there is none."""

    position: int
    seal: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {"position": self.position, "head": self.seal}


def verify_ledger(
    services: Services, expected_head: str = "", *, with_replay: bool = False, since: str = ""
) -> VerificationReport:
    """Check every seal, and with `with_replay` do every act again; raises `LedgerBroken` with every fault.

    Packs that are kept must be whole. Only replay finds packs that are missing altogether. `expected_head` is a head
    that was written down earlier: it must be the seal of some entry. With `since`, a head up to which the ledger was
    verified before, only what was recorded after it is read.
    """
    with services.store.read_ledger(check_everything=since in ("", GENESIS)) as ledger:
        reading = LedgerReading(ledger, find_place(ledger, since), expected_head)
        faults = list(reading.find_faults()) or list(reading.find_view_faults())
        faults += [
            f"packs {digest!s:.12} were altered"
            for digest in services.store.pack_digests()
            if not services.store.load_bundle(digest)
        ]
        if with_replay:
            faults += find_replay_faults(ledger, services.store, reading.since.position)
    if faults:
        raise LedgerBroken(faults)
    return VerificationReport(
        reading.entries,
        with_replay * reading.rulings,
        tuple(sorted(reading.pack_digests)),
        reading.last.seal,
        tuple(reading.notes),
        reading.since.position,
    )


def find_foreign_packs(
    store: Store, pack_digests: Iterable[str], library: SchemeLibrary
) -> dict[str, tuple[Aspect, ...]]:
    """The packs whose law or flow is not that of a library, each with the aspects that differ (none: not known).

    Packs that differ in layout alone are not foreign: they judge and lead cases in the same way.
    """
    known = {library.bundle(name).digest for name in library.schemes()}
    changes = {digest: find_changed_aspects(digest, library, store) for digest in pack_digests if digest not in known}
    return {digest: changed or () for digest, changed in changes.items() if changed is None or changes_rules(changed)}


def audited_head(services: Services) -> tuple[int, str]:
    """The position and seal of the last entry that an audit reads.

    Issued documents do not count, so the same audit gives the same report however often it is issued.
    """
    with services.store.read_transaction() as transaction:
        return transaction.head(without_kind=ISSUED_DOCUMENT_KIND)


def ledger_head(services: Services) -> LedgerHead:
    """Return the position and seal of the last entry."""
    with services.store.read_transaction() as transaction:
        return LedgerHead(*transaction.head())


def refuse_altered(services: Services, case_id: str, *, with_part_2: bool) -> None:
    """Raise `LedgerBroken` if an entry of a case, or with Part 2 one of its texts, is not what was sealed."""
    with services.store.read_transaction() as transaction:
        case = find_case_id(transaction, case_id)
        texts = transaction.exempt_texts(case) if with_part_2 else None
        faults = list(find_stream_faults(transaction.sealed_entries(case), texts))
    if faults:
        raise LedgerBroken(faults)
