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
from workflow.cases.case import ENTERED_ON, Matter
from workflow.cases.events import Act, Amend, Command, Enter, Event, Moment, Open
from workflow.cases.life import OPENED, decide, evolved
from workflow.cases.officers import Officer
from workflow.cases.review import look_told_by
from workflow.errors import LedgerBroken, Refusal
from workflow.history.record import (
    CASE_EVENTS,
    ENTERED,
    ISSUED,
    REFUSED,
    UNREADABLE,
    Refused,
    body_of,
    case_of_refusals,
    draft_of,
    draft_of_refusal,
    event_of,
    officer_of,
    ruling_of,
    weighed_in,
)
from workflow.ledger.canonical_json import decode
from workflow.ledger.entries import Draft, Entry, ExemptText, named
from workflow.ledger.ports import Store


def replay(entries: Iterable[Entry], exempt: Mapping[int, ExemptText], store: Store) -> Iterator[str]:
    """A line for each entry that cannot be done again, or that comes out otherwise; `entries` are all, in order."""
    past = _Past(exempt, cache(store.bundle))
    for entry in entries:
        name = named(entry)
        try:
            fault = past.fault_of(entry)
        except LedgerBroken as error:
            fault = error.faults[0].removeprefix(f"{name}: ")
        except Error as error:
            fault = f"could not be done again: {error}"
        except UNREADABLE:
            fault = "cannot be read"
        if fault:
            yield f"{name}: {fault}"


@dataclass(slots=True)
class _Past:
    """What was known before an entry: the officers, and each case in both parts as its entries made it.

    `bundle` gives the packs of a digest, where they are kept and whole.
    """

    exempt: Mapping[int, ExemptText]
    bundle: Callable[[str], Bundle | None]
    officers: dict[str, Officer] = field(default_factory=dict)
    cases: dict[str, Matter] = field(default_factory=dict)

    def fault_of(self, entry: Entry) -> str:
        """What is wrong with an entry, or nothing; what it says of its case is taken for what comes after."""
        if entry.kind == ENTERED:
            officer = officer_of(entry)
            self.officers[officer.name] = officer
            return ""
        if entry.kind == REFUSED:
            return self._fault_of_refusal(entry)
        if entry.kind in CASE_EVENTS:
            event = event_of(entry, self.exempt.get(entry.position))
            before = self.cases.get(entry.stream)
            self.cases[entry.stream] = evolved(before, event)
            return self._fault_of_event(entry, event, before)
        return "" if entry.kind == ISSUED else f"is of no kind that is known here: {entry.kind:.40}"

    def _fault_of_event(self, entry: Entry, event: Event, matter: Matter | None) -> str:
        packs = body_of(entry)["packs"]
        bundle = self.bundle(packs)
        if bundle is None:
            return f"cannot be judged again, its packs {packs[:12]} are not in the store"
        scheme, moment = bundle.scheme(), self._moment(entry)
        command = command_of(event, scheme)
        decided = decide(matter, command, scheme, self._officer(entry), moment)
        weighed = weighed_in(matter, decided, scheme)
        return self._difference(entry, draft_of(decided.event, decided.ruling, bundle.digest, weighed, moment))

    def _fault_of_refusal(self, entry: Entry) -> str:
        recorded = ruling_of(entry)
        bundle = self.bundle(recorded["packs"])
        if bundle is None:
            return f"cannot be judged again, its packs {recorded['packs'][:12]} are not in the store"
        matter = self.cases[case_of_refusals(entry.stream)]
        scheme, moment = bundle.scheme(), self._moment(entry)
        command = self._refused(entry, recorded["action"], scheme)
        try:
            decide(matter, command, scheme, self._officer(entry), moment)
        except Refusal as refusal:
            refused = Refused(command, refusal.ruling, entry.officer)
            return self._difference(entry, draft_of_refusal(refused, matter, scheme, moment))
        return "would not be refused when judged again"

    def _refused(self, entry: Entry, action: str, scheme: Scheme) -> Command:
        """What was asked for and refused."""
        stated, text = decode(body_of(entry)["stated"]), self.exempt.get(entry.position)
        if action in scheme.text.reviews:
            return look_told_by(action, stated, decode(body_of(text).get("stated", {})) if text else {}, scheme)
        return Amend({}, {}) if action == AMEND else Act(action, stated)

    def _difference(self, entry: Entry, again: Draft) -> str:
        if again.ruling != entry.ruling:
            return "comes out otherwise when judged again"
        text = self.exempt.get(entry.position)
        said = (entry.stream, entry.kind, entry.on, entry.officer, entry.body, text.body if text else "")
        now = (again.stream, again.kind, again.on.isoformat(), again.officer, again.body, again.exempt)
        return "" if said == now else "does not follow from what was recorded before it"

    def _moment(self, entry: Entry) -> Moment:
        text = self.exempt.get(entry.position)
        return Moment(date.fromisoformat(entry.on), text.salt if text else "")

    def _officer(self, entry: Entry) -> Officer:
        if entry.officer not in self.officers:
            raise LedgerBroken([f"nobody had entered its officer before it: {entry.officer:.100}"])
        return self.officers[entry.officer]


def command_of(event: Event, scheme: Scheme) -> Command:
    """What was asked for, as far as what happened tells: all that matters for whether it might."""
    stated, withheld = event.public.stated, event.exempt.stated
    if event.kind == "opened":
        return Open(event.case, {where: value for where, value in stated.items() if where not in OPENED}, withheld)
    if event.kind == "entered":
        return _entered(event, scheme)
    if event.kind == "reviewed":
        return look_told_by(event.action, stated, withheld, scheme)
    if event.kind == "amended":
        return Amend(stated, withheld, event.public.removed | event.exempt.removed)
    return Act(event.action, _asked(stated, event.action, scheme))


def _entered(event: Event, scheme: Scheme) -> Enter:
    """What was asked for where a case came in after the fact: of its paper, what acts had kept stands apart."""
    stated = event.public.stated
    told = {where: value for where, value in stated.items() if where not in (*OPENED, ENTERED_ON)}
    kept = {where: value for where, value in told.items() if split_address(where)[0] in scheme.kept_by_acts}
    paper = {where: value for where, value in told.items() if where not in kept}
    return Enter(event.case, paper, event.exempt.stated, kept, event.stage)


def _asked(facts: Mapping[str, FactValue], action: str, scheme: Scheme) -> dict[str, FactValue]:
    asks = scheme.action(action).asks
    return {where: value for where, value in facts.items() if where in asks}
