"""Queries: where cases stand, what an officer may do next, and why not.

A query records nothing. Every type that a query returns has one JSON form, `as_json`, for any interface. A query reads
Part 2 only where its docstring names Part 2 or a ruling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from textwrap import shorten
from typing import Any, NamedTuple

from rules.packs.flow_schema import STAGE_FACTS
from rules.packs.scheme import Scheme
from rules.values.facts import format_value
from workflow.cases.appointments import Appointment
from workflow.cases.case import Case, ExemptFacts, RecordedAct
from workflow.cases.corrections import describe_corrections
from workflow.cases.events import UNNAMED, AlreadyPublic
from workflow.cases.officers import Officer, find_lookalikes
from workflow.history.officer_records import load_officers
from workflow.history.scheme_version import (
    describe_pack_change,
    find_case_scheme,
    find_scheme_to_read,
    scheme_used_for,
)
from workflow.history.serialization import (
    REFUSAL_KIND,
    parse_account,
    parse_action,
    parse_already_public,
    parse_linked,
    parse_migration_reason,
    refusals_stream,
    report_unreadable,
)
from workflow.history.snapshots import CaseSnapshot, find_case_id, load_snapshot, rebuild_public_case
from workflow.ledger.canonical_json import serialize_facts
from workflow.ledger.entries import Entry
from workflow.ledger.ports import CaseSummary
from workflow.services.commands import Services
from workflow.services.linked_cases import LinkedCase, find_linked_cases, find_naming_cases


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case to be shown: its public part, its head, and Part 2 (None: not read).

    `links` are the cases that it names, and `named_by` those that name it.
    """

    case: Case
    head: str
    exempt_part: ExemptFacts | None = None
    links: tuple[LinkedCase, ...] = ()
    named_by: tuple[LinkedCase, ...] = ()

    def summary(self) -> dict[str, Any]:
        """Return where the case stands, without its facts."""
        return {
            "case": self.case.id,
            "title": self.case.title,
            "scheme": self.case.scheme,
            "stage": self.case.stage,
            "version": self.case.version,
            "last_on": self.case.last_on.isoformat(),
            "head": self.head,
        }

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read; without the key `exempt` if Part 2 was not read."""
        links = {"links": self.links, "named_by": self.named_by}
        linked = {key: [link.as_json() for link in cases] for key, cases in links.items()}
        source = {"source": dict(self.case.source)} if self.case.source else {}
        withheld = None if self.case.withheld == UNNAMED else sorted(self.case.withheld.names)
        facts = serialize_facts(self.case.facts)
        public = {**self.summary(), **source, **linked, "facts": facts, "withheld": withheld}
        return public if self.exempt_part is None else {**public, "exempt": serialize_facts(self.exempt_part.facts)}


class HistoryItem(NamedTuple):
    """An entry in the history of a case, the action that it records or refuses, and what it recorded.

    `act` is None for a refusal. A refusal records nothing of the case. `already_public` are the words of Part 1 that
    the officer confirmed as already public; None if Part 2, which keeps them, was not read.
    """

    entry: Entry
    action: str
    act: RecordedAct | None = None
    already_public: tuple[AlreadyPublic, ...] | None = None

    def describe_recorded(self, width: int = 0) -> str:
        """Return what the act recorded, in one line: its outcome, and what the officer stated with it.

        With a `width`, what was stated is cut to it. How late the act was recorded, and whether it counts, never is.
        """
        recorded = self._describe_stated()
        cut = shorten(recorded, width, placeholder=" …") if width else recorded
        if self.act is None or self.entry.kind == "migrated":
            return cut
        marked = "; ".join(filter(None, [cut, self.act.describe_lateness()]))
        return f"{marked} (no longer counts)" if self.act.is_void else marked

    def _describe_stated(self) -> str:
        """Return what the act recorded and which checks it overrode, but not whether it still counts."""
        if self.act is None or self.entry.kind == "migrated":
            return parse_migration_reason(self.entry)
        if self.act.kind == "corrected":
            with report_unreadable(self.entry):
                return "; ".join(describe_corrections(self.act.facts))
        by_itself = tuple(f".{fact}" for fact in STAGE_FACTS if fact != "outcome")
        stated = [
            ("" if address.endswith(".outcome") else f"{address} ") + " ".join(format_value(value).split())
            for address, value in sorted(self.act.facts.items(), key=lambda fact: not fact[0].endswith(".outcome"))
            if not address.endswith(by_itself) and value != self.act.on
        ]
        return "; ".join(filter(None, [*stated, self.act.describe_overrides()]))

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "entry": self.entry.position,
            "on": self.entry.on,
            "event": self.entry.kind,
            "action": self.action,
            "officer": self.entry.officer,
            "recorded_at": self.entry.recorded_at,
            "seal": self.entry.seal,
            "account": parse_account(self.entry) or None,
            "linked": serialize_facts(parse_linked(self.entry)),
            **self._act_as_json(),
            **self._already_public_as_json(),
        }

    def describe_already_public(self) -> list[str]:
        """Return the words that were confirmed as already public, each with the reason."""
        return [f"“{known.words}” is already public: {known.reason}" for known in self.already_public or ()]

    def _already_public_as_json(self) -> dict[str, Any]:
        if self.already_public is None:
            return {}
        return {"already_public": [known.as_json() for known in self.already_public]}

    def _act_as_json(self) -> dict[str, Any]:
        act = self.act
        return {
            "capacity": act.capacity if act else None,
            "stage": act.stage if act else None,
            "round": act.round if act else None,
            "recorded": serialize_facts(act.facts) if act else {},
            "counts": not act.is_void if act else None,
            "for": act.acts_for if act else "",
            "under": act.under if act else "",
            "overrides": dict(act.overrides) if act else {},
            "late_by": act.late_by if act else 0,
        }


@dataclass(frozen=True, slots=True)
class OfficerView:
    """An officer as listed, with the appointments that count on a day (None: all of them)."""

    officer: Officer
    lookalikes: tuple[str, ...]
    on: date | None = None

    @property
    def appointments(self) -> tuple[Appointment, ...]:
        """The appointments that count on the day."""
        return tuple(held for held in self.officer.appointments if self.on is None or held.term.includes(self.on))

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        held = replace(self.officer, appointments=self.appointments)
        days = [appointment.describe_with_reasons() for appointment in self.appointments]
        return {**held.as_json(), "days": days, "may_be_same_person_as": list(self.lookalikes)}


def load_case_view(services: Services, case_id: str, *, with_part_2: bool) -> CaseView:
    """Return a case to be shown; Part 2 is read only if it is wanted."""
    snapshot = load_case_snapshot(services, case_id) if with_part_2 else None
    case, head = (snapshot.case, snapshot.head) if snapshot else load_public_case(services, case_id)
    scheme, _ = load_scheme_to_read(services, case_id)
    with services.store.read_transaction() as transaction:
        links, named_by = find_linked_cases(transaction, case, scheme), find_naming_cases(transaction, case.id)
    return CaseView(case, head, snapshot.exempt_part if snapshot else None, links, named_by)


def load_public_case(services: Services, case_id: str) -> tuple[Case, str]:
    """Return the public part of a case and its head, without reading Part 2."""
    with services.store.read_transaction() as transaction:
        return rebuild_public_case(transaction.entries_without_rulings(find_case_id(transaction, case_id)))


def load_case_snapshot(services: Services, case_id: str) -> CaseSnapshot:
    """Return both parts of a case, and its head."""
    with services.store.read_transaction() as transaction:
        return load_snapshot(transaction, find_case_id(transaction, case_id))


def load_scheme_to_read(services: Services, case_id: str) -> tuple[Scheme | None, str]:
    """Return the scheme to read a case by, and a warning about it; see `find_scheme_to_read`."""
    with services.store.read_transaction() as transaction:
        case, _ = rebuild_public_case(transaction.entries_without_rulings(find_case_id(transaction, case_id)))
        return find_scheme_to_read(case.id, case.scheme, transaction, services.library, services.store)


def load_case_scheme(services: Services, case_id: str) -> Scheme:
    """Return the scheme to act on a case by; raise `InputError` if it is not known here."""
    with services.store.read_transaction() as transaction:
        entry = transaction.entries_without_rulings(find_case_id(transaction, case_id))[-1]
    return find_case_scheme(*scheme_used_for(entry), services.library, services.store).scheme


def describe_case_pack_change(services: Services, case_id: str) -> str:
    """Return a warning if the law or the flow changed after the last act on a case; empty if neither did."""
    with services.store.read_transaction() as transaction:
        entries = transaction.entries_without_rulings(find_case_id(transaction, case_id))
        return describe_pack_change(entries[-1], services.library, services.store)


def list_case_history(services: Services, case_id: str, *, with_part_2: bool = False) -> tuple[HistoryItem, ...]:
    """Return the acts on a case and the refusals, in the order of recording; Part 2 is read only if it is wanted."""
    entries = list_case_entries(services, case_id)
    confirmed = _load_already_public(services, case_id) if with_part_2 else None
    case, _ = rebuild_public_case(entry for entry in entries if entry.kind != REFUSAL_KIND)
    acts = iter(case.acts)  # one for each entry that is no refusal, in the same order
    return tuple(
        HistoryItem(
            entry,
            parse_action(entry),
            None if entry.kind == REFUSAL_KIND else next(acts),
            None if confirmed is None else confirmed.get(entry.position, ()),
        )
        for entry in entries
    )


def _load_already_public(services: Services, case_id: str) -> dict[int, tuple[AlreadyPublic, ...]]:
    """Return the words that were confirmed as already public, by the position of their entry."""
    with services.store.read_transaction() as transaction:
        texts = transaction.exempt_texts(find_case_id(transaction, case_id))
        return {text.position: parse_already_public(text) for text in texts}


def list_case_entries(services: Services, case_id: str) -> tuple[Entry, ...]:
    """Return the entries of a case and of its refusals, without rulings, in the order of recording."""
    with services.store.read_transaction() as transaction:
        case = find_case_id(transaction, case_id)
        refusals = transaction.entries_without_rulings(refusals_stream(case))
        entries = [*transaction.entries_without_rulings(case), *refusals]
    return tuple(sorted(entries, key=lambda entry: entry.position))


def list_officers(services: Services, on: date | None = None) -> tuple[OfficerView, ...]:
    """Return every officer by name, or with a day those who hold an appointment on it."""
    with services.store.read_transaction() as transaction:
        officers = load_officers(transaction)
    names = [officer.name for officer in officers]
    views = (OfficerView(officer, find_lookalikes(officer.name, names), on) for officer in officers)
    return tuple(view for view in views if on is None or view.appointments)


def list_cases(services: Services) -> Sequence[CaseSummary]:
    """Return a summary of every case, oldest first."""
    with services.store.read_transaction() as transaction:
        return tuple(transaction.case_summaries())
