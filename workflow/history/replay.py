"""Replay: rebuild cases from the entries of a ledger, and do again what an entry records.

Verification, audits, impact and snapshots all read a ledger through this one loop, so they cannot disagree about what a
case was before an act.

Invariants:
- Entries are taken in the order of recording. The case before an entry depends on nothing but the entries before it.
- Doing again passes through `decide`, as the command did, with the officer and the packs that the caller gives.
- Nothing here compares: whether the outcome is what was recorded is for the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property

from rules.packs.corrections_schema import CORRECT
from rules.packs.flow_schema import AMEND
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, split_address
from workflow.cases.case import IMPORTED_ON, FullCase
from workflow.cases.corrections import rebuild_correction_command
from workflow.cases.events import Act, ActContext, Amend, Command, Event, Import, Migrate, Open
from workflow.cases.life import OPENING_FACTS, AcceptedEvent, decide
from workflow.cases.officers import Officer
from workflow.cases.records import evolve_full_case
from workflow.cases.review import rebuild_review_command
from workflow.history.serialization import (
    CASE_EVENT_KINDS,
    REFUSAL_KIND,
    case_id_of_refusals,
    deserialize_event,
    names_withheld,
    parse_account,
    parse_already_public,
    parse_body,
    parse_format,
    parse_late_by,
    parse_linked,
    report_unreadable,
)
from workflow.ledger.canonical_json import deserialize_facts
from workflow.ledger.entries import Entry, ExemptText
from workflow.ledger.ports import PackStore


@dataclass(frozen=True)
class EventStep:
    """An entry that changed a case, and the case in both parts before (none if it began it) and after."""

    entry: Entry
    exempt_text: ExemptText | None
    event: Event
    before: FullCase | None
    after: FullCase

    def rebuild_command(self, scheme: Scheme) -> Command:
        """The command that led to the event, with all that decides whether it may be done."""
        return _rebuild_command(self.event, scheme)


@dataclass(frozen=True)
class RefusalStep:
    """An entry of a refused command, and the case that it left as it was."""

    entry: Entry
    exempt_text: ExemptText | None
    before: FullCase

    @cached_property
    def stated_public(self) -> dict[str, FactValue]:
        """The facts that the command stated in Part 1."""
        with report_unreadable(self.entry):
            return deserialize_facts(parse_body(self.entry)["stated"])

    @cached_property
    def stated_exempt(self) -> dict[str, FactValue]:
        """The facts that the command stated in Part 2."""
        with report_unreadable(self.entry):
            return deserialize_facts(parse_body(self.exempt_text).get("stated", {})) if self.exempt_text else {}

    def rebuild_command(self, action: str, scheme: Scheme) -> Command:
        """The command that was refused. What an amendment would have changed is not recorded, nor judged."""
        if action in scheme.declaration.reviews:
            return rebuild_review_command(action, self.stated_public, self.stated_exempt, scheme)
        if action == CORRECT and scheme.declaration.corrections:
            return rebuild_correction_command(self.stated_public, self.stated_exempt)
        return Amend({}, {}) if action == AMEND else Act(action, self.stated_public)


@dataclass(slots=True)
class Replay:
    """Cases as their entries make them; `exempt_texts` are the Part 2 texts by position."""

    exempt_texts: Mapping[int, ExemptText]
    full_cases: MutableMapping[str, FullCase] = field(default_factory=dict)

    def take(self, entry: Entry) -> EventStep | RefusalStep | None:
        """Take the next entry, and return it with its case; none for an entry of no case, such as an officer's."""
        if entry.kind in CASE_EVENT_KINDS:
            return self.apply_event(entry)
        if entry.kind != REFUSAL_KIND:
            return None
        with report_unreadable(entry):  # a refusal on a case that has no entries
            before = self.full_cases[case_id_of_refusals(entry.stream)]
        return RefusalStep(entry, self.exempt_texts.get(entry.position), before)

    def apply_event(self, entry: Entry) -> EventStep:
        """Take the next entry of a case, whatever its kind says."""
        exempt_text = self.exempt_texts.get(entry.position)
        event = deserialize_event(entry, exempt_text)
        before = self.full_cases.get(entry.stream)
        after = self.full_cases[entry.stream] = evolve_full_case(before, event)
        return EventStep(entry, exempt_text, event, before, after)


def do_again(step: EventStep | RefusalStep, command: Command, scheme: Scheme, officer: Officer) -> AcceptedEvent:
    """Decide on a command as it was decided then; raises as `decide` does.

    `officer` is as the records before the entry make him.
    """
    return decide(step.before, command, scheme, officer, rebuild_act_context(step))


def rebuild_act_context(step: EventStep | RefusalStep) -> ActContext:
    """The business day and the salt of an act, the format by whose rules it was decided, and what else it weighed."""
    salt = step.exempt_text.salt if step.exempt_text else ""
    return ActContext(
        date.fromisoformat(step.entry.on),
        salt,
        parse_format(step.entry),
        account=parse_account(step.entry),
        late_by=parse_late_by(step.entry),
        linked=parse_linked(step.entry),
        already_public=parse_already_public(step.exempt_text) if step.exempt_text else (),
        names_withheld=names_withheld(step.entry),
        is_replayed=True,
    )


def kept_scheme_loader(store: PackStore) -> Callable[[str], Scheme | None]:
    """A function that gives the scheme of kept packs by their digest, each read once; none if they are not whole."""

    @cache
    def load_scheme(packs_digest: str) -> Scheme | None:
        bundle = store.load_bundle(packs_digest)
        return bundle.scheme() if bundle else None

    return load_scheme


def _rebuild_command(event: Event, scheme: Scheme) -> Command:
    public, exempt = event.public.stated, event.exempt.stated
    if event.kind in ("opened", "entered"):
        return _rebuild_first_command(event, scheme)
    if event.kind == "corrected":
        return rebuild_correction_command(public, exempt)
    if event.kind == "reviewed":
        return rebuild_review_command(event.action, public, exempt, scheme)
    if event.kind == "amended":
        return Amend(public, exempt, event.public.removed | event.exempt.removed)
    if event.migration:
        return Migrate(event.migration.left, event.migration.reason)
    asks = scheme.action(event.action).asks
    stated = {where: value for where, value in public.items() if split_address(where)[0] in asks}
    return Act(event.action, stated, event.overrides)


def _rebuild_first_command(event: Event, scheme: Scheme) -> Open | Import:
    """The opening of a case, or its import with its paper apart from what its acts had recorded."""
    if event.kind == "opened":
        paper = {where: value for where, value in event.public.stated.items() if where not in OPENING_FACTS}
        return Open(event.case, paper, event.exempt.stated)
    added = (*OPENING_FACTS, IMPORTED_ON)
    stated = {where: value for where, value in event.public.stated.items() if where not in added}
    recorded = {where: value for where, value in stated.items() if split_address(where)[0] in scheme.act_recorded_facts}
    paper = {where: value for where, value in stated.items() if where not in recorded}
    return Import(event.case, paper, event.exempt.stated, recorded, event.stage, event.source)
