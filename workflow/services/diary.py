"""The diary: the days on which somebody must act, each with its owner, its clause and how it is known.

The diary is for officers: a day that stands in Part 2 is listed too, marked as held there. A subject that only Part 2
names stays without its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.judging.diary import DiaryRule
from rules.language.conditions import evaluate
from rules.language.derived_facts import add_derived_facts
from rules.packs.scheme import Scheme
from rules.packs.workflow_facts import CASE_STAGE
from rules.values.calendar import Calendar, OutsideCalendar
from rules.values.citation import Citation
from rules.values.evidence import IN_PART_2, Evidence
from rules.values.facts import CASE, Facts, FactValue, key_of_subject, kind_of_subject
from workflow.cases.officers import Officer, carry_over_roles
from workflow.history.officer_records import load_officers
from workflow.history.scheme_version import find_scheme_to_read
from workflow.history.snapshots import CaseSnapshot, load_snapshot
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


def find_due_dates(services: Services, until: date | None = None) -> tuple[DueDate, ...]:
    """Return the days up to and including `until` (None: today) on which somebody must act, the earliest first.

    A case whose scheme is not known here is read by the packs kept with it; see `find_unknown_schemes`.
    """
    with services.store.read_transaction() as transaction:
        officers = load_officers(transaction)
        cases = [(snapshot, scheme) for snapshot, scheme, _ in _load_cases_with_schemes(services) if scheme]
        today_of = {scheme: services.business_day(scheme) for _, scheme in cases}
        records = {day: records_on(transaction.entries_without_rulings, day) for day in set(today_of.values())}
        linked = [
            read_linked_facts(records[today_of[scheme]], scheme, snapshot.case.facts) for snapshot, scheme in cases
        ]
    due_dates = [
        due_date
        for (snapshot, scheme), read in zip(cases, linked, strict=True)
        for due_date in _find_case_due_dates(snapshot, scheme, read, officers, today_of[scheme])
        if due_date.day <= (until or today_of[scheme])
    ]
    return tuple(sorted(due_dates, key=lambda due: (due.day, due.case, due.kind, due.subject)))


def find_unknown_schemes(services: Services) -> tuple[tuple[str, str], ...]:
    """Return each case whose scheme is not known here, with a warning about it."""
    return tuple((snapshot.case.id, warning) for snapshot, _, warning in _load_cases_with_schemes(services) if warning)


def _load_cases_with_schemes(services: Services) -> list[tuple[CaseSnapshot, Scheme | None, str]]:
    """Return every case, the scheme to read it by, and a warning about the scheme."""
    library, store = services.library, services.store
    with store.read_transaction() as transaction:
        snapshots = [load_snapshot(transaction, summary.case) for summary in transaction.case_summaries()]
        return [
            (snapshot, *find_scheme_to_read(snapshot.case.id, snapshot.case.scheme, transaction, library, store))
            for snapshot in snapshots
        ]


def _find_case_due_dates(
    snapshot: CaseSnapshot, scheme: Scheme, linked: Facts, officers: Iterable[Officer], today: date
) -> Iterator[DueDate]:
    """Yield every day of one case on which somebody must act, past and future; `linked` is read of other cases."""
    case, rulebook = snapshot.case, scheme.rulebook
    public: dict[str, FactValue] = {**scheme.authority_facts, **case.facts, **linked, CASE_STAGE: case.stage}
    exempt = {address: value for address, value in snapshot.exempt_part.facts.items() if address not in public}
    stated = Evidence.from_parts(public, exempt)
    evidence = add_derived_facts(stated, rulebook.derived_facts, rulebook.law)
    known_officers = tuple(officers)
    for kind, rule in scheme.diary_rules.items():
        for subject in evidence.subjects_of_kind(rule.declaration.of):
            facts = evidence.facts_of(subject)
            day = facts.get(rule.declaration.day)
            # A condition that cannot be evaluated yet lists the day: better one too many than one missed.
            if not isinstance(day, date) or evaluate(rule.when, facts) is False:
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
                or _describe_owner(kind, scheme, known_officers, today),
                citation=rule.declaration.citation,
                explanation=_explain_day(rule, scheme, evidence, subject, shown_subject),
                working_days_late=_count_working_days_late(rulebook.law.calendar, day, today),
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
