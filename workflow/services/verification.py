"""Verification of the record: every seal, every Part 2 text, and by replay every ruling.

A verification changes nothing, and reports every fault at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from workflow.errors import LedgerBroken
from workflow.history.record import (
    ISSUED_DOCUMENT_KIND,
    find_case_id,
    find_summary_faults,
    parse_ruling,
    report_unreadable,
)
from workflow.history.replay import find_replay_faults
from workflow.ledger.entries import GENESIS, Entry, find_ledger_faults, find_stream_faults
from workflow.services.commands import Services


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """The result of a verification that found no fault; `rulings` counts those replayed."""

    entries: int
    rulings: int
    pack_digests: tuple[str, ...]
    head: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "verified": True,
            "entries": self.entries,
            "rulings": self.rulings,
            "head": self.head,
            "packs": list(self.pack_digests),
        }


class LedgerHead(NamedTuple):
    """The position and seal of the last entry; 0 and `GENESIS` if there is none."""

    position: int
    seal: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {"position": self.position, "head": self.seal}


def verify_ledger(services: Services, expected_head: str = "", *, with_replay: bool = False) -> VerificationReport:
    """Verify every seal, Part 2 text, summary and pack; raise `LedgerBroken` with every fault.

    `expected_head` is a head that was written down earlier: it must still be the seal of some entry. With replay, every
    act is performed again, which needs the packs of every ruling.
    """
    with services.store.read_ledger() as (entries, texts, summaries):
        exempt = {text.position: text for text in texts}
        seals = [GENESIS, *(entry.seal for entry in entries)]
        faults = [*find_ledger_faults(entries, exempt), *_find_lost_head(expected_head, seals[bool(entries) :])]
        faults = faults or find_summary_faults(entries, summaries)
        faults += [
            f"packs {digest!s:.12} were altered"
            for digest in services.store.pack_digests()
            if not services.store.load_bundle(digest)
        ]
        if with_replay:
            faults += find_replay_faults(entries, exempt, services.store)
    if faults:
        raise LedgerBroken(faults)
    rulings = [entry for entry in entries if entry.ruling]
    packs = sorted(set(map(_find_packs_digest, rulings)))
    return VerificationReport(len(entries), with_replay * len(rulings), tuple(packs), seals[-1])


def _find_lost_head(head: str, seals: Sequence[str]) -> Iterator[str]:
    """Yield a fault if a head that was written down earlier is no longer a seal of any entry."""
    if head and head not in seals:
        yield f"no entry has the seal {head}: entries were taken away or sealed anew since then"


def _find_packs_digest(entry: Entry) -> str:
    with report_unreadable(entry):
        return str(parse_ruling(entry)["packs"])


def audited_head(services: Services) -> tuple[int, str]:
    """Return the position and seal of the last entry that is not an issued document.

    Without this, issuing the report of an audit would change the head in the next report of the same audit.
    """
    with services.store.read_ledger() as (entries, _, _):
        last = next((entry for entry in reversed(entries) if entry.kind != ISSUED_DOCUMENT_KIND), None)
    return (last.position, last.seal) if last else (0, GENESIS)


def ledger_head(services: Services) -> LedgerHead:
    """Return the position and seal of the last entry."""
    with services.store.read_transaction() as transaction:
        return LedgerHead(*transaction.head())


def refuse_altered(services: Services, case_id: str, *, with_part_2: bool) -> None:
    """Raise `LedgerBroken` if an entry of a case, or one of its Part 2 texts if wanted, was altered."""
    with services.store.read_transaction() as transaction:
        case = find_case_id(transaction, case_id)
        exempt_texts = transaction.exempt_texts(case) if with_part_2 else None
        faults = list(find_stream_faults(transaction.sealed_entries(case), exempt_texts))
    if faults:
        raise LedgerBroken(faults)
