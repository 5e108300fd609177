"""Proof that the record is what it was: every seal, every Part 2 text, every ruling judged again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.errors import LedgerBroken
from workflow.history.record import ISSUED, as_readable, case_named, ruling_of, view_faults
from workflow.history.replay import replay
from workflow.ledger.entries import GENESIS, Entry, faults, faults_of_stream
from workflow.services.commands import Desk


@dataclass(frozen=True, slots=True)
class Verified:
    """What was verified: how many entries, how many rulings were judged again, by which packs, and the head."""

    entries: int
    rulings: int
    packs: tuple[str, ...]
    head: str


def verify(desk: Desk, against: str = "", *, again: bool = False) -> Verified:
    """Check every seal, and with `again` do every act anew; raises `LedgerBroken` with every fault.

    Packs that are kept must be whole; whether those that a ruling was given by are kept at all, is asked with `again`.
    `against` is a head that was written down earlier: it must still be the seal of some entry.
    """
    with desk.store.ledger() as (entries, texts, shown):
        exempt = {text.position: text for text in texts}
        seals = [GENESIS, *(entry.seal for entry in entries)]
        broken = [*faults(entries, exempt), *_lost(against, seals[bool(entries) :])]
        broken = broken or view_faults(entries, shown)
        broken += [f"packs {kept!s:.12} were altered" for kept in desk.store.packs() if not desk.store.bundle(kept)]
        if again:
            broken += replay(entries, exempt, desk.store)
    if broken:
        raise LedgerBroken(broken)
    rulings = [entry for entry in entries if entry.ruling]
    packs = sorted(set(map(_packs_of, rulings)))
    return Verified(len(entries), again * len(rulings), tuple(packs), seals[-1])


def _lost(head: str, seals: Sequence[str]) -> Iterator[str]:
    """That a head which was written down earlier is the seal of no entry any more."""
    if head and head not in seals:
        yield f"no entry has the seal {head}: entries were taken away or sealed anew since then"


def _packs_of(entry: Entry) -> str:
    with as_readable(entry):
        return str(ruling_of(entry)["packs"])


def audited_head(desk: Desk) -> tuple[int, str]:
    """The position and seal of the last entry that audits look at: to make a document of the record is no part of it.

    So the same audit is the same report, however often it is made.
    """
    with desk.store.ledger() as (entries, _, _):
        last = next((entry for entry in reversed(entries) if entry.kind != ISSUED), None)
    return (last.position, last.seal) if last else (0, GENESIS)


def head(desk: Desk) -> tuple[int, str]:
    """How many entries there are, and the seal of the last."""
    with desk.store.reading() as record:
        return record.head()


def refuse_altered(desk: Desk, name: str, *, with_part_2: bool) -> None:
    """Raise `LedgerBroken` where an entry of a case, or where asked a Part 2 text of it, is not what was sealed."""
    with desk.store.reading() as record:
        case = case_named(record, name)
        broken = list(faults_of_stream(record.sealed(case), record.exempt(case) if with_part_2 else None))
    if broken:
        raise LedgerBroken(broken)
