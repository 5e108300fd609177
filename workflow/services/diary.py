"""The diary: the days that need somebody, each with its owner, its clause, and how it was worked out.

It is for officers: a day that stands in Part 2 is due like any other, and is said to be held there. The name of a
subject that only Part 2 knows is not told.
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
from rules.values.calendar import Calendar, OutsideCalendar
from rules.values.citation import Citation
from rules.values.evidence import IN_PART_2, Evidence
from rules.values.facts import CASE, FactValue, address_of, kind_of_subject
from workflow.cases.officers import Officer
from workflow.history.officer_records import load_officers
from workflow.history.scheme_version import find_scheme_version
from workflow.history.snapshots import CaseSnapshot, load_snapshot
from workflow.services.commands import Services

NO_OWNER = "nobody: the scheme names no owner"


@dataclass(frozen=True, slots=True)
class DueDate:
    """A day that needs somebody. `late` counts the working days since; none where it has not passed."""

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
        """The form that other programs read."""
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
    """Every day up to and including `by` (none: today) that needs somebody, the earliest first.

    Of a case whose scheme is not known here, by the packs that are kept of it: `unknown` names it.
    """
    today = services.clock.business_day()
    with services.store.read_transaction() as record:
        officers = load_officers(record)
    found = [
        one
        for file, scheme, _ in _load_cases_with_schemes(services)
        if scheme
        for one in _find_case_due_dates(file, scheme, officers, today)
        if one.day <= (until or today)
    ]
    return tuple(sorted(found, key=lambda one: (one.day, one.case, one.kind, one.subject)))


def find_unknown_schemes(services: Services) -> tuple[tuple[str, str], ...]:
    """Each case whose scheme is not known here, with what must be known of that."""
    return tuple((file.case.id, warning) for file, _, warning in _load_cases_with_schemes(services) if warning)


def _load_cases_with_schemes(services: Services) -> list[tuple[CaseSnapshot, Scheme | None, str]]:
    """Every case, the scheme to read it by, and what must be known of that."""
    with services.store.read_transaction() as record:
        files = [load_snapshot(record, shown.case) for shown in record.case_summaries()]
        return [
            (file, *find_scheme_version(file.case.id, file.case.scheme, record, services.library, services.store))
            for file in files
        ]


def _find_case_due_dates(
    snapshot: CaseSnapshot, scheme: Scheme, officers: Iterable[Officer], today: date
) -> Iterator[DueDate]:
    """Every day of one case that needs somebody, whenever it comes."""
    case, withheld = snapshot.case, snapshot.exempt_part.facts
    public: dict[str, FactValue] = {**scheme.authority_facts, **case.facts, "case.stage": case.stage}
    exempt = {where: value for where, value in withheld.items() if where not in public}
    stated = Evidence.from_parts(public, exempt)
    evidence = add_derived_facts(stated, scheme.rulebook.derived_facts, scheme.rulebook.law)
    held = tuple(officers)
    for kind, day in scheme.diary_rules.items():
        for subject in evidence.subjects_of_kind(day.declaration.of):
            on = evidence.facts_of(subject).get(day.declaration.day)
            needed = evaluate(day.when, evidence.facts_of(subject))
            if isinstance(on, date) and needed is not False:
                unnamed = subject != CASE and stated.is_wholly_exempt(subject)
                told = f"{kind_of_subject(subject)}:{IN_PART_2}" if unnamed else subject
                late = _count_working_days_late(scheme.rulebook.law.calendar, on, today)
                yield DueDate(
                    case.id, kind, day.declaration.label, told, on, _describe_owner(kind, scheme, held),
                    day.declaration.citation,
                    _explain_day(day, scheme, evidence, subject, told), late,
                )  # fmt: skip


def _describe_owner(kind: str, scheme: Scheme, officers: tuple[Officer, ...]) -> str:
    """The roles that see to a kind of day, each with the officer who bears it where one alone does."""
    told = []
    for role in scheme.declaration.owners.get(kind, ()):
        bearers = [officer.name for officer in officers if officer.acts_for(scheme.id) and role in officer.roles]
        label = scheme.declaration.roles[role].label
        told.append(f"{label}: {bearers[0]}" if len(bearers) == 1 else label)
    return " or ".join(told) or NO_OWNER


def _explain_day(day: DiaryRule, scheme: Scheme, evidence: Evidence, subject: str, shown_subject: str) -> str:
    """How a day is known: where it is stated, or what it is worked out from."""
    fact = day.declaration.day
    where = address_of(fact, shown_subject.partition(":")[2])
    part = IN_PART_2 if evidence.is_exempt(subject, fact) else "in Part 1"
    for derived in scheme.rulebook.derived_facts:
        if derived.name == fact:
            return f"{where}, worked out from {', '.join(derived.inputs)}; {part}"
    return f"stated as {where}, {part}" if part == IN_PART_2 else f"stated as {where} {part}"


def _count_working_days_late(calendar: Calendar, day: date, today: date) -> int | None:
    """The working days from a day that has passed to today; none where it has not, or nobody can tell."""
    if day >= today:
        return None
    try:
        return calendar.working_days_between(day, today)
    except OutsideCalendar:
        return None
