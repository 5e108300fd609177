"""Do every entry of the ledger again, and compare it byte for byte with what was recorded.

This finds a ruling that was forged and sealed anew, and an act that could not have happened.

Invariants:
- An act is judged again by the packs kept under the digest that it names, never by others.
- Of all cases, those that were used last are kept; any other is rebuilt from its entries when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, partial

from rules.errors import Error
from rules.packs.scheme import Scheme
from rules.reading.time_zones import day_in_zone
from rules.values.facts import Facts, FactValue
from workflow.cases.events import ActContext, Command
from workflow.cases.officers import Officer
from workflow.cases.ruling import relevant_facts
from workflow.errors import LedgerBroken, Refusal
from workflow.history.officer_records import OFFICER_KINDS, OFFICERS_STREAM
from workflow.history.officer_replay import OfficerReplay
from workflow.history.recent_cases import RecentCases
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
from workflow.history.serialization import (
    CASE_EVENT_KINDS,
    ISSUED_DOCUMENT_KIND,
    NAMED_KIND,
    UNREADABLE_ERRORS,
    RefusedCommand,
    deserialize_link,
    find_exempt_evidence,
    links_stream,
    parse_account,
    parse_body,
    parse_packs_digest,
    parse_ruling,
    serialize_event,
    serialize_refusal,
)
from workflow.ledger.entries import Entry, ExemptText, UnsealedEntry, describe_entry, pair_by_position
from workflow.ledger.ports import LedgerReader, PackStore
from workflow.services.import_rulings import serialize_import_rulings
from workflow.services.linked_cases import facts_with, public_record, read_linked_facts, records_on

_LONGEST_COMMAND = timedelta(minutes=5)


def find_replay_faults(ledger: LedgerReader, store: PackStore, after: int = 0) -> Iterator[str]:
    """One line for each entry after a position that cannot be done again or comes out otherwise."""
    load_scheme = kept_scheme_loader(store)
    verifier = _ReplayVerifier(ledger, RecentCases(ledger), load_scheme, OfficerReplay(load_scheme))
    verifier.take_earlier(after)
    for entry, text in pair_by_position(ledger.read_entries(after), ledger.read_exempt_texts(after)):
        if entry is None:  # a text that no entry seals, which reading the ledger has found
            continue
        name = describe_entry(entry)
        try:
            fault = verifier.find_fault(entry, text)
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

    ledger: LedgerReader
    cases: RecentCases
    load_scheme: Callable[[str], Scheme | None]
    officers: OfficerReplay
    has_cases: bool = False

    def take_earlier(self, position: int) -> None:
        """Take what was verified before: the records of officers up to a position, and whether there was a case."""
        for record in self.ledger.entries_without_rulings(OFFICERS_STREAM):
            if record.position <= position:
                self.officers.take(record)
        if position:
            first = next((entry for entry in self.ledger.read_entries() if entry.kind in CASE_EVENT_KINDS), None)
            self.has_cases = first is not None and first.position <= position

    def find_fault(self, entry: Entry, text: ExemptText | None) -> str:
        """What is wrong with the next entry; empty if nothing is."""
        if entry.kind in OFFICER_KINDS:
            return self.officers.find_fault(entry, has_cases=self.has_cases)
        self.cases.position = entry.position
        if entry.kind == NAMED_KIND:
            return self._find_link_fault(entry)
        if entry.kind == RESPONDED_KIND:
            return self._find_response_fault(entry, text)
        step = Replay({entry.position: text} if text else {}, self.cases).take(entry)
        if isinstance(step, EventStep):
            self.has_cases = True
            return self._find_event_fault(step)
        if isinstance(step, RefusalStep):
            return self._find_refusal_fault(step)
        return "" if entry.kind == ISSUED_DOCUMENT_KIND else f"is of no kind that is known here: {entry.kind:.40}"

    def _find_event_fault(self, step: EventStep) -> str:
        packs = parse_body(step.entry)["packs"]
        if step.event.migration and step.event.migration.left != self._find_packs_before(step.entry):
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

    def _find_packs_before(self, entry: Entry) -> str | None:
        """The digest of the packs of the last event of a case before an entry; None if there is none."""
        earlier = self.cases.find_earlier_events(entry.stream)
        return parse_packs_digest(earlier[-1]) if earlier else None

    def _record_of(self, on: date, number: str) -> Facts:
        """The public record of a case on a day; its entries are read again only if some of them came later."""
        known = self.cases.get(number)
        if known is not None and known.case.last_on <= on:
            return public_record(known.case)
        return records_on(self.cases.find_earlier_events, on)(number)

    def _find_link_fault(self, entry: Entry) -> str:
        """The fault of an entry that says which case names another; empty if there is none."""
        by = deserialize_link(entry)
        full_case = self.cases.get(by.case)
        named = full_case.case.facts.get(by.fact) if full_case else None
        is_named = named is not None and entry.stream == links_stream(str(named))
        return "" if is_named else f"says that {by.case:.100} names a case, which it does not"

    def _find_response_fault(self, entry: Entry, text: ExemptText | None) -> str:
        """The fault of a response to a finding; empty if there is none."""
        self._require_officer(entry)
        case_id = case_id_of_responses(entry.stream)
        if case_id not in self.cases:
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
