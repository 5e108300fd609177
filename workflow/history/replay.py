"""Doing again what was done: each entry must follow, byte for byte, from those before it and the packs of its day.

So a ruling that was forged and sealed anew is found, and so is an act that could not have happened. Only a forger
who makes every later act follow as well is not; against him stands a head that was written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from rules.errors import Error
from rules.packs.bundle import Bundle
from rules.packs.scheme import AMEND, Scheme
from rules.values.facts import FactValue, split_address
from workflow.cases.case import IMPORTED_ON, FullCase
from workflow.cases.events import Act, ActContext, Amend, Command, Event, Import, Open
from workflow.cases.life import OPENING_FACTS, decide, evolve_full_case
from workflow.cases.officers import Officer
from workflow.cases.review import rebuild_review_command
from workflow.errors import LedgerBroken, Refusal
from workflow.history.record import (
    CASE_EVENT_KINDS,
    ISSUED_DOCUMENT_KIND,
    OFFICER_KIND,
    REFUSAL_KIND,
    UNREADABLE_ERRORS,
    RefusedCommand,
    case_id_of_refusals,
    deserialize_event,
    deserialize_officer,
    find_exempt_evidence,
    parse_body,
    parse_ruling,
    serialize_event,
    serialize_refusal,
)
from workflow.ledger.canonical_json import deserialize_facts
from workflow.ledger.entries import Entry, ExemptText, UnsealedEntry, describe_entry
from workflow.ledger.ports import Store


def find_replay_faults(entries: Iterable[Entry], exempt_texts: Mapping[int, ExemptText], store: Store) -> Iterator[str]:
    """A line for each entry that cannot be done again, or that comes out otherwise; `entries` are all, in order."""
    past = _ReplayState(exempt_texts, cache(store.load_bundle))
    for entry in entries:
        name = describe_entry(entry)
        try:
            fault = past.find_fault(entry)
        except LedgerBroken as error:
            fault = error.faults[0].removeprefix(f"{name}: ")
        except Error as error:
            fault = f"could not be done again: {error}"
        except UNREADABLE_ERRORS:
            fault = "cannot be read"
        if fault:
            yield f"{name}: {fault}"


@dataclass(slots=True)
class _ReplayState:
    """What was known before an entry: the officers, and each case in both parts as its entries made it.

    `bundle` gives the packs of a digest, where they are kept and whole.
    """

    exempt_texts: Mapping[int, ExemptText]
    load_bundle: Callable[[str], Bundle | None]
    officers: dict[str, Officer] = field(default_factory=dict)
    full_cases: dict[str, FullCase] = field(default_factory=dict)

    def find_fault(self, entry: Entry) -> str:
        """What is wrong with an entry, or nothing; what it says of its case is taken for what comes after."""
        if entry.kind == OFFICER_KIND:
            officer = deserialize_officer(entry)
            self.officers[officer.name] = officer
            return ""
        if entry.kind == REFUSAL_KIND:
            return self._find_refusal_fault(entry)
        if entry.kind in CASE_EVENT_KINDS:
            event = deserialize_event(entry, self.exempt_texts.get(entry.position))
            before = self.full_cases.get(entry.stream)
            self.full_cases[entry.stream] = evolve_full_case(before, event)
            return self._find_event_fault(entry, event, before)
        return "" if entry.kind == ISSUED_DOCUMENT_KIND else f"is of no kind that is known here: {entry.kind:.40}"

    def _find_event_fault(self, entry: Entry, event: Event, full_case: FullCase | None) -> str:
        packs = parse_body(entry)["packs"]
        bundle = self.load_bundle(packs)
        if bundle is None:
            return f"cannot be judged again, its packs {packs[:12]} are not in the store"
        scheme, moment = bundle.scheme(), self._rebuild_act_context(entry)
        command = rebuild_command(event, scheme)
        decided = decide(full_case, command, scheme, self._require_officer(entry), moment)
        weighed = find_exempt_evidence(full_case, decided, scheme)
        return self._describe_difference(
            entry, serialize_event(decided.event, decided.ruling, bundle.digest, weighed, moment)
        )

    def _find_refusal_fault(self, entry: Entry) -> str:
        recorded = parse_ruling(entry)
        bundle = self.load_bundle(recorded["packs"])
        if bundle is None:
            return f"cannot be judged again, its packs {recorded['packs'][:12]} are not in the store"
        matter = self.full_cases[case_id_of_refusals(entry.stream)]
        scheme, moment = bundle.scheme(), self._rebuild_act_context(entry)
        command = self._rebuild_refused_command(entry, recorded["action"], scheme)
        try:
            decide(matter, command, scheme, self._require_officer(entry), moment)
        except Refusal as refusal:
            refused = RefusedCommand(command, refusal.ruling, entry.officer)
            return self._describe_difference(entry, serialize_refusal(refused, matter, scheme, moment))
        return "would not be refused when judged again"

    def _rebuild_refused_command(self, entry: Entry, action: str, scheme: Scheme) -> Command:
        """What was asked for and refused."""
        stated, text = deserialize_facts(parse_body(entry)["stated"]), self.exempt_texts.get(entry.position)
        if action in scheme.declaration.reviews:
            return rebuild_review_command(
                action, stated, deserialize_facts(parse_body(text).get("stated", {})) if text else {}, scheme
            )
        return Amend({}, {}) if action == AMEND else Act(action, stated)

    def _describe_difference(self, entry: Entry, replayed: UnsealedEntry) -> str:
        if replayed.ruling != entry.ruling:
            return "comes out otherwise when judged again"
        text = self.exempt_texts.get(entry.position)
        said = (entry.stream, entry.kind, entry.on, entry.officer, entry.body, text.body if text else "")
        now = (
            replayed.stream,
            replayed.kind,
            replayed.on.isoformat(),
            replayed.officer,
            replayed.body,
            replayed.exempt,
        )
        return "" if said == now else "does not follow from what was recorded before it"

    def _rebuild_act_context(self, entry: Entry) -> ActContext:
        text = self.exempt_texts.get(entry.position)
        return ActContext(date.fromisoformat(entry.on), text.salt if text else "")

    def _require_officer(self, entry: Entry) -> Officer:
        if entry.officer not in self.officers:
            raise LedgerBroken([f"nobody had entered its officer before it: {entry.officer:.100}"])
        return self.officers[entry.officer]


def rebuild_command(event: Event, scheme: Scheme) -> Command:
    """What was asked for, as far as what happened tells: all that matters for whether it might."""
    stated, withheld = event.public.stated, event.exempt.stated
    if event.kind == "opened":
        return Open(
            event.case, {where: value for where, value in stated.items() if where not in OPENING_FACTS}, withheld
        )
    if event.kind == "entered":
        return _rebuild_import(event, scheme)
    if event.kind == "reviewed":
        return rebuild_review_command(event.action, stated, withheld, scheme)
    if event.kind == "amended":
        return Amend(stated, withheld, event.public.removed | event.exempt.removed)
    return Act(event.action, _select_requested_facts(stated, event.action, scheme))


def _rebuild_import(event: Event, scheme: Scheme) -> Import:
    """What was asked for where a case came in after the fact: of its paper, what acts had kept stands apart."""
    stated = event.public.stated
    told = {where: value for where, value in stated.items() if where not in (*OPENING_FACTS, IMPORTED_ON)}
    kept = {where: value for where, value in told.items() if split_address(where)[0] in scheme.act_recorded_facts}
    paper = {where: value for where, value in told.items() if where not in kept}
    return Import(event.case, paper, event.exempt.stated, kept, event.stage)


def _select_requested_facts(facts: Mapping[str, FactValue], action: str, scheme: Scheme) -> dict[str, FactValue]:
    asks = scheme.action(action).asks
    return {where: value for where, value in facts.items() if where in asks}
