"""Proof that the record is what it was: every seal, every Part 2 text, every ruling judged again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rules.packs.digests import Aspect
from workflow.errors import LedgerBroken
from workflow.history.record import (
    ISSUED_DOCUMENT_KIND,
    find_case_id,
    find_summary_faults,
    parse_ruling,
    report_unreadable,
)
from workflow.history.replay import find_replay_faults
from workflow.history.scheme_version import changes_rules, find_changed_aspects
from workflow.ledger.entries import GENESIS, Entry, find_ledger_faults, find_stream_faults
from workflow.ledger.ports import SchemeLibrary, Store
from workflow.services.commands import Services


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What was verified: how many entries, how many rulings were judged again, by which packs, and the head."""

    entries: int
    rulings: int
    pack_digests: tuple[str, ...]
    head: str


def verify_ledger(services: Services, expected_head: str = "", *, with_replay: bool = False) -> VerificationReport:
    """Check every seal, and with `again` do every act anew; raises `LedgerBroken` with every fault.

    Packs that are kept must be whole; whether those that a ruling was given by are kept at all, is asked with `again`.
    `against` is a head that was written down earlier: it must still be the seal of some entry.
    """
    with services.store.read_ledger() as (entries, texts, shown):
        exempt = {text.position: text for text in texts}
        seals = [GENESIS, *(entry.seal for entry in entries)]
        broken = [*find_ledger_faults(entries, exempt), *_find_lost_head(expected_head, seals[bool(entries) :])]
        broken = broken or find_summary_faults(entries, shown)
        broken += [
            f"packs {kept!s:.12} were altered"
            for kept in services.store.pack_digests()
            if not services.store.load_bundle(kept)
        ]
        if with_replay:
            broken += find_replay_faults(entries, exempt, services.store)
    if broken:
        raise LedgerBroken(broken)
    rulings = [entry for entry in entries if entry.ruling]
    packs = sorted(set(map(_find_packs_digest, rulings)))
    return VerificationReport(len(entries), with_replay * len(rulings), tuple(packs), seals[-1])


def _find_lost_head(head: str, seals: Sequence[str]) -> Iterator[str]:
    """That a head which was written down earlier is the seal of no entry any more."""
    if head and head not in seals:
        yield f"no entry has the seal {head}: entries were taken away or sealed anew since then"


def find_foreign_packs(
    store: Store, pack_digests: Iterable[str], library: SchemeLibrary
) -> dict[str, tuple[Aspect, ...]]:
    """The packs whose law or flow is not that of a library, each with what differs; nothing where that is not known.

    Packs that differ in layout alone are not foreign: they judge and lead cases in the same way.
    """
    known = {library.bundle(name).digest for name in library.schemes()}
    changes = {digest: find_changed_aspects(digest, library, store) for digest in pack_digests if digest not in known}
    return {digest: changed or () for digest, changed in changes.items() if changed is None or changes_rules(changed)}


def _find_packs_digest(entry: Entry) -> str:
    with report_unreadable(entry):
        return str(parse_ruling(entry)["packs"])


def audited_head(services: Services) -> tuple[int, str]:
    """The position and seal of the last entry that audits look at: to make a document of the record is no part of it.

    So the same audit is the same report, however often it is made.
    """
    with services.store.read_ledger() as (entries, _, _):
        last = next((entry for entry in reversed(entries) if entry.kind != ISSUED_DOCUMENT_KIND), None)
    return (last.position, last.seal) if last else (0, GENESIS)


def ledger_head(services: Services) -> tuple[int, str]:
    """How many entries there are, and the seal of the last."""
    with services.store.read_transaction() as record:
        return record.head()


def refuse_altered(services: Services, case_id: str, *, with_part_2: bool) -> None:
    """Raise `LedgerBroken` where an entry of a case, or where asked a Part 2 text of it, is not what was sealed."""
    with services.store.read_transaction() as record:
        case = find_case_id(record, case_id)
        broken = list(
            find_stream_faults(record.sealed_entries(case), record.exempt_texts(case) if with_part_2 else None)
        )
    if broken:
        raise LedgerBroken(broken)
