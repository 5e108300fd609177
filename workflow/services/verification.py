"""Verify the ledger: every seal, every Part 2 text, the list of cases, the kept packs, and every ruling judged again.

Replay finds a ruling that was forged and sealed anew, and an act that could not have happened. It does not find a
forger who makes every later entry follow as well; only a head that was written down elsewhere does.

Invariants:
- All faults are reported at once, each with its entry. Nothing is repaired.
- An act is judged again by the packs kept under the digest that it names, never by others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import pairwise
from typing import Any, NamedTuple

from rules.errors import Error
from rules.packs.digests import Aspect
from rules.packs.scheme import Scheme
from rules.reading.time_zones import day_in_zone
from rules.values.facts import Facts, FactValue
from workflow.cases.events import ActContext, Command
from workflow.cases.officers import Officer
from workflow.cases.ruling import relevant_facts
from workflow.errors import LedgerBroken, Refusal
from workflow.history.officer_records import OFFICER_KINDS
from workflow.history.officer_replay import OfficerReplay
from workflow.history.replay import (
    EventStep,
    RefusalStep,
    Replay,
    do_again,
    kept_scheme_loader,
    rebuild_act_context,
)
from workflow.history.responses import (
    RESPONDED_KIND,
    case_id_of_responses,
    deserialize_response,
    serialize_response,
)
from workflow.history.scheme_version import changes_rules, find_changed_aspects
from workflow.history.serialization import (
    ISSUED_DOCUMENT_KIND,
    NAMED_KIND,
    UNREADABLE_ERRORS,
    RefusedCommand,
    deserialize_link,
    find_exempt_evidence,
    links_stream,
    parse_account,
    parse_body,
    parse_ruling,
    report_unreadable,
    serialize_event,
    serialize_refusal,
)
from workflow.history.snapshots import find_case_id, find_summary_faults
from workflow.ledger.entries import (
    GENESIS,
    Entry,
    ExemptText,
    UnsealedEntry,
    describe_entry,
    find_ledger_faults,
    find_stream_faults,
)
from workflow.ledger.ports import SchemeLibrary, Store
from workflow.services.commands import Services
from workflow.services.import_rulings import RULINGS_KEY, serialize_import_rulings
from workflow.services.linked_cases import facts_with, public_record, read_linked_facts, records_on

_LONGEST_COMMAND = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What was verified: the entries, the rulings judged again, the packs that rulings name, and the head.

    `notes` are what is no fault by itself and yet should be looked into.
    """

    entries: int
    rulings: int
    pack_digests: tuple[str, ...]
    head: str
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "verified": True,
            "entries": self.entries,
            "rulings": self.rulings,
            "head": self.head,
            "packs": list(self.pack_digests),
            "notes": list(self.notes),
        }


class LedgerHead(NamedTuple):
    """The position and seal of the last entry; 0 and `GENESIS` if there is none."""

    position: int
    seal: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {"position": self.position, "head": self.seal}


def verify_ledger(services: Services, expected_head: str = "", *, with_replay: bool = False) -> VerificationReport:
    """Check every seal, and with `with_replay` do every act again; raises `LedgerBroken` with every fault.

    Packs that are kept must be whole. Only replay finds packs that are missing altogether. `expected_head` is a head
    that was written down earlier: it must be the seal of some entry.
    """
    with services.store.read_ledger() as (entries, texts, summaries):
        exempt_texts = {text.position: text for text in texts}
        seals = [GENESIS, *(entry.seal for entry in entries)]
        faults = [*find_ledger_faults(entries, exempt_texts), *_find_lost_head(expected_head, seals[bool(entries) :])]
        faults = faults or find_summary_faults(entries, summaries)
        faults += [
            f"packs {digest!s:.12} were altered"
            for digest in services.store.pack_digests()
            if not services.store.load_bundle(digest)
        ]
        if with_replay:
            faults += _find_replay_faults(entries, exempt_texts, services.store)
    if faults:
        raise LedgerBroken(faults)
    rulings = [entry for entry in entries if entry.ruling]
    packs = sorted(set(map(_find_packs_digest, rulings)))
    judged = with_replay * sum(map(_count_rulings, rulings))
    return VerificationReport(len(entries), judged, tuple(packs), seals[-1], tuple(_find_clocks_set_back(entries)))


def _find_clocks_set_back(entries: Sequence[Entry]) -> Iterator[str]:
    """A note for each entry that was recorded before the entry before it; today's assent refuses to record one."""
    for before, entry in pairwise(entries):
        if entry.recorded_at < before.recorded_at:
            yield (
                f"{describe_entry(entry)} was recorded at {entry.recorded_at:.19}, before the entry before it "
                f"({before.recorded_at:.19}): a clock was set back, or entries were sealed later than they say"
            )


def _count_rulings(entry: Entry) -> int:
    """The number of rulings in an entry that has any: an import has one for each act that its paper records."""
    with report_unreadable(entry):
        return len(parse_ruling(entry).get(RULINGS_KEY, (entry,)))


def _find_lost_head(head: str, seals: Sequence[str]) -> Iterator[str]:
    """A fault if a head that was written down earlier is the seal of no entry any more."""
    if head and head not in seals:
        yield f"no entry has the seal {head}: entries were taken away or sealed anew since then"


def _find_replay_faults(
    entries: Iterable[Entry], exempt_texts: Mapping[int, ExemptText], store: Store
) -> Iterator[str]:
    """One line for each entry that cannot be done again or comes out otherwise; `entries` are all, in order."""
    load_scheme = kept_scheme_loader(store)
    verifier = _ReplayVerifier(Replay(exempt_texts), load_scheme, OfficerReplay(load_scheme))
    for entry in entries:
        name = describe_entry(entry)
        try:
            fault = verifier.find_fault(entry)
        except LedgerBroken as error:
            fault = error.faults[0].removeprefix(f"{name}: ")
        except Error as error:
            fault = f"could not be done again: {error}"
        except UNREADABLE_ERRORS:
            fault = "cannot be read"
        if fault:
            yield f"{name}: {fault}"


@dataclass(slots=True)
class _ReplayVerifier:
    """Does each entry again with the officers that were added before it, and compares byte for byte."""

    replay: Replay
    load_scheme: Callable[[str], Scheme | None]
    officers: OfficerReplay
    packs: dict[str, str] = field(default_factory=dict)
    """The digest of the packs of the last event of each case."""
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    """The entries of each case so far: references into the ledger, which is in memory as a whole."""

    def find_fault(self, entry: Entry) -> str:
        """What is wrong with the next entry; empty if nothing is."""
        if entry.kind in OFFICER_KINDS:
            return self.officers.find_fault(entry, has_cases=bool(self.replay.full_cases))
        if entry.kind == NAMED_KIND:
            return self._find_link_fault(entry)
        if entry.kind == RESPONDED_KIND:
            return self._find_response_fault(entry)
        step = self.replay.take(entry)
        if isinstance(step, EventStep):
            fault = self._find_event_fault(step)
            self.entries.setdefault(entry.stream, []).append(entry)
            return fault
        if isinstance(step, RefusalStep):
            return self._find_refusal_fault(step)
        return "" if entry.kind == ISSUED_DOCUMENT_KIND else f"is of no kind that is known here: {entry.kind:.40}"

    def _find_event_fault(self, step: EventStep) -> str:
        packs, case_id = parse_body(step.entry)["packs"], step.entry.stream
        left, self.packs[case_id] = self.packs.get(case_id), packs
        if step.event.migration and step.event.migration.left != left:
            return "moves its case from other packs than those of the entry before it"
        scheme = self.load_scheme(packs)
        if scheme is None:
            return _describe_missing_packs(packs)
        command = step.rebuild_command(scheme)
        if fault := self._find_reading_fault(step, command, scheme):
            return fault
        accepted = do_again(step, command, scheme, self._require_officer(step.entry))
        evidence = find_exempt_evidence(step.before, accepted, scheme)
        context = rebuild_act_context(step)
        again = serialize_event(accepted.event, accepted.ruling, packs, evidence, context)
        if step.event.kind == "entered" and step.entry.ruling:  # older imports have no rulings
            again = replace(again, ruling=serialize_import_rulings(step.after, scheme, context.on, context.salt))
        return _describe_difference(step, again) or _find_lateness_fault(step, scheme)

    def _find_refusal_fault(self, step: RefusalStep) -> str:
        ruling = parse_ruling(step.entry)
        scheme = self.load_scheme(ruling["packs"])
        if scheme is None:
            return _describe_missing_packs(ruling["packs"])
        command = step.rebuild_command(ruling["action"], scheme)
        if fault := self._find_reading_fault(step, command, scheme):
            return fault
        try:
            do_again(step, command, scheme, self._require_officer(step.entry))
        except Refusal as refusal:
            refused = RefusedCommand(command, refusal.ruling, step.entry.officer)
            again = serialize_refusal(refused, step.before, scheme, rebuild_act_context(step))
            return _describe_difference(step, again) or _find_lateness_fault(step, scheme)
        return "would not be refused when judged again"

    def _find_reading_fault(self, step: EventStep | RefusalStep, command: Command, scheme: Scheme) -> str:
        """The fault of an entry that read something else of linked cases than they stated on its day; empty if none."""
        context = rebuild_act_context(step)
        read: Mapping[str, FactValue] = {}
        if step.before is not None and step.entry.ruling:
            public = facts_with(command, step.before.case, scheme)
            stated = read_linked_facts(cache(partial(self._record_of, context.on)), scheme, public)
            read = relevant_facts(stated, parse_ruling(step.entry)["gate"], scheme.rulebook)
        return "" if read == context.linked else "differs from what a linked case stated then"

    def _record_of(self, on: date, number: str) -> Facts:
        """The public record of a case on a day; its entries are read again only if some of them came later."""
        known = self.replay.full_cases.get(number)
        if known is not None and known.case.last_on <= on:
            return public_record(known.case)
        return records_on(lambda case: self.entries.get(case, []), on)(number)

    def _find_link_fault(self, entry: Entry) -> str:
        """The fault of an entry that says which case names another; empty if there is none."""
        by = deserialize_link(entry)
        full_case = self.replay.full_cases.get(by.case)
        named = full_case.case.facts.get(by.fact) if full_case else None
        is_named = named is not None and entry.stream == links_stream(str(named))
        return "" if is_named else f"says that {by.case:.100} names a case, which it does not"

    def _find_response_fault(self, entry: Entry) -> str:
        """The fault of a response to a finding; empty if there is none."""
        self._require_officer(entry)
        case_id, text = case_id_of_responses(entry.stream), self.replay.exempt_texts.get(entry.position)
        if case_id not in self.replay.full_cases:
            return "responds to a finding on a case that was not open"
        if text is None:
            return "its Part 2 text is gone"
        context = ActContext(date.fromisoformat(entry.on), text.salt, account=parse_account(entry))
        again = serialize_response(case_id, deserialize_response(entry, text), context)
        is_same = (again.body, again.exempt) == (entry.body, text.body)
        return "" if is_same else "does not follow from what was recorded before it"

    def _require_officer(self, entry: Entry) -> Officer:
        officers = self.officers.register.by_name()
        if entry.officer not in officers:
            raise LedgerBroken([f"nobody had entered its officer before it: {entry.officer:.100}"])
        return officers[entry.officer]


def _find_lateness_fault(step: EventStep | RefusalStep, scheme: Scheme) -> str:
    """The fault of an entry that was recorded more or fewer days late than it says; empty if there is none.

    An act that begins before midnight may be recorded after it.
    """
    rule, context = scheme.declaration.late_recording, rebuild_act_context(step)
    recorded_at = datetime.fromisoformat(step.entry.recorded_at)
    begun = (recorded_at - _LONGEST_COMMAND, recorded_at)
    zone = scheme.declaration.time_zone or "UTC"
    days = [(day_in_zone(instant, zone) - context.on).days for instant in begun]
    counted = [late if rule and late > rule.after_days else 0 for late in days]
    return "" if context.late_by in counted else f"was recorded {counted[1]} days late, and says {context.late_by}"


def _describe_missing_packs(packs_digest: str) -> str:
    return f"cannot be judged again, its packs {packs_digest[:12]} are not in the store"


def _describe_difference(step: EventStep | RefusalStep, again: UnsealedEntry) -> str:
    """How an entry differs from what doing it again would record; empty if it does not."""
    entry, text = step.entry, step.exempt_text
    if again.ruling != entry.ruling:
        return "comes out otherwise when judged again"
    recorded = (entry.stream, entry.kind, entry.on, entry.officer, entry.body, text.body if text else "")
    replayed = (again.stream, again.kind, again.on.isoformat(), again.officer, again.body, again.exempt)
    return "" if recorded == replayed else "does not follow from what was recorded before it"


def find_foreign_packs(
    store: Store, pack_digests: Iterable[str], library: SchemeLibrary
) -> dict[str, tuple[Aspect, ...]]:
    """The packs whose law or flow is not that of a library, each with the aspects that differ (none: not known).

    Packs that differ in layout alone are not foreign: they judge and lead cases in the same way.
    """
    known = {library.bundle(name).digest for name in library.schemes()}
    changes = {digest: find_changed_aspects(digest, library, store) for digest in pack_digests if digest not in known}
    return {digest: changed or () for digest, changed in changes.items() if changed is None or changes_rules(changed)}


def _find_packs_digest(entry: Entry) -> str:
    with report_unreadable(entry):
        return str(parse_ruling(entry)["packs"])


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
