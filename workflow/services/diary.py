"""The diary: the days on which somebody must act, each with its owner, its clause and how it is known.

The diary is for officers: a day that stands in Part 2 is listed too, marked as held there. A subject that only Part 2
names stays without its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple

from rules.judging.diary import DiaryRule
from rules.language.conditions import evaluate
from rules.language.derivation_context import DerivedFact
from rules.language.derived_facts import add_derived_facts
from rules.packs.scheme import Scheme
from rules.packs.workflow_facts import CASE_STAGE
from rules.values.calendar import Calendar, OutsideCalendar
from rules.values.citation import Citation
from rules.values.evidence import IN_PART_2, Evidence
from rules.values.facts import CASE, Facts, FactValue, key_of_subject, kind_of_subject
from workflow.cases.officers import Officer, carry_over_roles
from workflow.history.officer_records import load_officers
from workflow.history.scheme_version import find_case_scheme, find_scheme_of
from workflow.history.snapshots import CaseSnapshot, load_snapshot
from workflow.ledger.ports import PacksReadOnce, ReadTransaction
from workflow.services.commands import Services
from workflow.services.linked_cases import read_linked_facts, records_on

NO_OWNER = "nobody: the scheme names no owner"


@dataclass(frozen=True, slots=True)
class DueDate:
    """A day on which somebody must act.

    `working_days_late` counts the working days since then; it is None if the day has not passed.
    """

    case: str
    kind: str
    label: str
    subject: str
    day: date
    owner: str
    citation: Citation
    explanation: str
    working_days_late: int | None

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "case": self.case,
            "kind": self.kind,
            "label": self.label,
            "subject": self.subject,
            "day": self.day.isoformat(),
            "owner": self.owner,
            "citation": self.citation.as_json(),
            "working": self.explanation,
            "working_days_late": self.working_days_late,
        }


class Diary(NamedTuple):
    """The days on which somebody must act, and each case whose scheme is not known here, with a warning about it."""

    due_dates: tuple[DueDate, ...]
    unknown_schemes: tuple[tuple[str, str], ...]


def find_due_dates(services: Services, until: date | None = None) -> tuple[DueDate, ...]:
    """Return the days up to and including `until` (None: today) on which somebody must act, the earliest first."""
    return read_diary(services, until).due_dates


def read_diary(services: Services, until: date | None = None) -> Diary:
    """Return the diary up to and including a day (None: today), the earliest day first.

    Cases are read one by one. One whose scheme is not known here is read by the packs kept with it.
    """
    due_dates: list[DueDate] = []
    unknown_schemes = []
    with services.store.read_transaction() as transaction:
        reader = _DiaryReader(services, transaction, until)
        for summary in transaction.case_summaries():
            snapshot = load_snapshot(transaction, summary.case)
            scheme, warning = reader.find_scheme(snapshot)
            if warning:
                unknown_schemes.append((snapshot.case.id, warning))
            if scheme:
                due_dates += reader.find_due_dates(snapshot, scheme)
    due_dates.sort(key=lambda due: (due.day, due.case, due.kind, due.subject))
    return Diary(tuple(due_dates), tuple(unknown_schemes))


class _Days(NamedTuple):
    """Today where an authority is, and the last day of the diary."""

    today: date
    until: date


class _SchemeRules(NamedTuple):
    """A scheme, and those of its derived facts that its diary reads, in dependency order."""

    scheme: Scheme
    derived_facts: tuple[DerivedFact, ...]

    @classmethod
    def from_scheme(cls, scheme: Scheme) -> _SchemeRules:
        """Find the derived facts that the rules of the diary rest on."""
        read = frozenset(fact for rule in scheme.diary_rules.values() for fact in rule.facts)
        return cls(scheme, scheme.rulebook.derived_dependencies(read))


class _DiaryReader:
    """Finds the due days of one case after another; what several cases share is read once."""

    def __init__(self, services: Services, transaction: ReadTransaction, until: date | None) -> None:
        self._services, self._until = services, until
        self._officers = load_officers(transaction)
        self._packs = PacksReadOnce(services.store)
        self._find_known_scheme = cache(self._load_known_scheme)
        self._today_of = cache(services.business_day)
        self._rules_of = cache(_SchemeRules.from_scheme)
        self._records_on = cache(partial(records_on, transaction.entries_without_rulings))

    def find_scheme(self, snapshot: CaseSnapshot) -> tuple[Scheme | None, str]:
        """Return the scheme to read a case by, and a warning if it is not known here."""
        case, library = snapshot.case, self._services.library
        if case.scheme in library.schemes():
            return self._find_known_scheme(case.scheme, snapshot.packs_digest), ""
        return find_scheme_of(case.scheme, snapshot.packs_digest, case.last_on, library, self._packs)

    def _load_known_scheme(self, scheme_id: str, packs_digest: str) -> Scheme:
        return find_case_scheme(scheme_id, packs_digest, self._services.library, self._packs).scheme

    def find_due_dates(self, snapshot: CaseSnapshot, scheme: Scheme) -> Iterator[DueDate]:
        """Yield the days of one case on which somebody must act."""
        today = self._today_of(scheme)
        linked = read_linked_facts(self._records_on(today), scheme, snapshot.case.facts)
        days = _Days(today, self._until or today)
        return _find_case_due_dates(snapshot, self._rules_of(scheme), linked, self._officers, days)


def _find_case_due_dates(
    snapshot: CaseSnapshot, rules: _SchemeRules, linked: Facts, officers: tuple[Officer, ...], days: _Days
) -> Iterator[DueDate]:
    """Yield every day of one case up to a last one on which somebody must act; `linked` is read of other cases."""
    case, (scheme, derived_facts) = snapshot.case, rules
    rulebook = scheme.rulebook
    public: dict[str, FactValue] = {**scheme.authority_facts, **case.facts, **linked, CASE_STAGE: case.stage}
    exempt = {address: value for address, value in snapshot.exempt_part.facts.items() if address not in public}
    stated = Evidence.from_parts(public, exempt)
    evidence = add_derived_facts(stated, derived_facts, rulebook.law)
    for kind, rule in scheme.diary_rules.items():
        for subject in evidence.subjects_of_kind(rule.declaration.of):
            facts = evidence.facts_of(subject)
            day = facts.get(rule.declaration.day)
            # A condition that cannot be evaluated yet lists the day: better one too many than one missed.
            if not isinstance(day, date) or day > days.until or evaluate(rule.when, facts) is False:
                continue
            is_hidden = subject != CASE and stated.is_wholly_exempt(subject)
            shown_subject = f"{kind_of_subject(subject)}:{IN_PART_2}" if is_hidden else subject
            yield DueDate(
                case=case.id,
                kind=kind,
                label=rule.declaration.label,
                subject=shown_subject,
                day=day,
                owner=_format_named_owner(rule, scheme, evidence, subject)
                or _describe_owner(kind, scheme, officers, days.today),
                citation=rule.declaration.citation,
                explanation=_explain_day(rule, scheme, evidence, subject, shown_subject),
                working_days_late=_count_working_days_late(rulebook.law.calendar, day, days.today),
            )


def _format_named_owner(rule: DiaryRule, scheme: Scheme, evidence: Evidence, subject: str) -> str:
    """Return who the case itself names for a day; empty if it names nobody."""
    fact = rule.declaration.owner
    owner = evidence.facts_of(subject).get(fact) if fact else None
    if owner is None:
        return ""
    return IN_PART_2 if evidence.is_exempt(subject, fact) else " ".join(scheme.format_fact(fact, owner).split())


def _describe_owner(kind: str, scheme: Scheme, officers: tuple[Officer, ...], today: date) -> str:
    """Return the roles that own a kind of day; a role held by one officer today names the officer too."""
    owners = []
    for role in scheme.declaration.owners.get(kind, ()):
        capacities = {
            officer.name: carry_over_roles(officer, scheme).find_capacity([role], today, scheme.id)
            for officer in officers
        }
        holders = [name for name, capacity in capacities.items() if capacity and not capacity.acts_for]
        label = scheme.declaration.roles[role].label
        owners.append(f"{label}: {holders[0]}" if len(holders) == 1 else label)
    return " or ".join(owners) or NO_OWNER


def _explain_day(rule: DiaryRule, scheme: Scheme, evidence: Evidence, subject: str, shown_subject: str) -> str:
    """Return how a day is known: where it is stated, or what it is derived from."""
    fact = rule.declaration.day
    address = scheme.rulebook.facts.address_of(fact, key_of_subject(shown_subject))
    is_exempt = evidence.is_exempt(subject, fact)
    for derived in scheme.rulebook.derived_facts:
        if derived.name == fact:
            part = IN_PART_2 if is_exempt else "in Part 1"
            return f"{address}, worked out from {', '.join(derived.inputs)}; {part}"
    return f"stated as {address}, {IN_PART_2}" if is_exempt else f"stated as {address} in Part 1"


def _count_working_days_late(calendar: Calendar, day: date, today: date) -> int | None:
    """Return the working days from a past day to today; None for other days or without holidays listed."""
    if day >= today:
        return None
    try:
        return calendar.working_days_between(day, today)
    except OutsideCalendar:
        return None
