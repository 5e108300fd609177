"""The diary: the days that need somebody, each with its owner, its clause, and how it was worked out.

It is for officers: a day that stands in Part 2 is due like any other, and is said to be held there. The name of a
subject that only Part 2 knows is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.judging.diary import DiaryDay
from rules.language.conditions import truth
from rules.language.derived_facts import complete
from rules.packs.scheme import Scheme
from rules.values.calendar import Calendar, OutsideCalendar
from rules.values.citation import Citation
from rules.values.evidence import IN_PART_2, Evidence
from rules.values.facts import CASE, FactValue, address, kind_of
from workflow.cases.officers import Officer
from workflow.history.record import File, file_of, officers_in
from workflow.history.scheme_version import scheme_of
from workflow.services.commands import Desk

NOBODY = "nobody: the scheme names no owner"


@dataclass(frozen=True, slots=True)
class Due:
    """A day that needs somebody. `late` counts the working days since; none where it has not passed."""

    case: str
    kind: str
    label: str
    subject: str
    day: date
    owner: str
    citation: Citation
    working: str
    late: int | None

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
            "working": self.working,
            "working_days_late": self.late,
        }


def due(desk: Desk, by: date | None = None) -> tuple[Due, ...]:
    """Every day up to and including `by` (none: today) that needs somebody, the earliest first.

    Of a case whose scheme is not known here, by the packs that are kept of it: `unknown` names it.
    """
    today = desk.clock.day()
    with desk.store.reading() as record:
        officers = officers_in(record)
    found = [
        one
        for file, scheme, _ in _files(desk)
        if scheme
        for one in _days_of(file, scheme, officers, today)
        if one.day <= (by or today)
    ]
    return tuple(sorted(found, key=lambda one: (one.day, one.case, one.kind, one.subject)))


def unknown(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Each case whose scheme is not known here, with what must be known of that."""
    return tuple((file.case.id, warning) for file, _, warning in _files(desk) if warning)


def _files(desk: Desk) -> list[tuple[File, Scheme | None, str]]:
    """Every case, the scheme to read it by, and what must be known of that."""
    with desk.store.reading() as record:
        files = [file_of(record, shown.case) for shown in record.cases()]
        return [(file, *scheme_of(file.case.id, file.case.scheme, record, desk.library, desk.store)) for file in files]


def _days_of(file: File, scheme: Scheme, officers: Iterable[Officer], today: date) -> Iterator[Due]:
    """Every day of one case that needs somebody, whenever it comes."""
    case, withheld = file.case, file.confidential.facts
    public: dict[str, FactValue] = {**scheme.given, **case.facts, "case.stage": case.stage}
    exempt = {where: value for where, value in withheld.items() if where not in public}
    stated = Evidence.gather(public, exempt)
    evidence = complete(stated, scheme.rulebook.derived, scheme.rulebook.law)
    held = tuple(officers)
    for kind, day in scheme.diary.items():
        for subject in evidence.named(day.declared.of):
            on = evidence.of(subject).get(day.declared.day)
            needed = truth(day.when, evidence.of(subject))
            if isinstance(on, date) and needed is not False:
                unnamed = subject != CASE and stated.is_wholly_exempt(subject)
                told = f"{kind_of(subject)}:{IN_PART_2}" if unnamed else subject
                late = _late(scheme.rulebook.law.calendar, on, today)
                yield Due(
                    case.id, kind, day.declared.label, told, on, _owner(kind, scheme, held), day.declared.citation,
                    _working(day, scheme, evidence, subject, told), late,
                )  # fmt: skip


def _owner(kind: str, scheme: Scheme, officers: tuple[Officer, ...]) -> str:
    """The roles that see to a kind of day, each with the officer who bears it where one alone does."""
    told = []
    for role in scheme.text.owners.get(kind, ()):
        bearers = [officer.name for officer in officers if officer.acts_for(scheme.id) and role in officer.roles]
        label = scheme.text.roles[role].label
        told.append(f"{label}: {bearers[0]}" if len(bearers) == 1 else label)
    return " or ".join(told) or NOBODY


def _working(day: DiaryDay, scheme: Scheme, evidence: Evidence, subject: str, told: str) -> str:
    """How a day is known: where it is stated, or what it is worked out from."""
    fact = day.declared.day
    where = address(fact, told.partition(":")[2])
    part = IN_PART_2 if evidence.is_exempt(subject, fact) else "in Part 1"
    for derived in scheme.rulebook.derived:
        if derived.name == fact:
            return f"{where}, worked out from {', '.join(derived.inputs)}; {part}"
    return f"stated as {where}, {part}" if part == IN_PART_2 else f"stated as {where} {part}"


def _late(calendar: Calendar, day: date, today: date) -> int | None:
    """The working days from a day that has passed to today; none where it has not, or nobody can tell."""
    if day >= today:
        return None
    try:
        return calendar.working_days_between(day, today)
    except OutsideCalendar:
        return None
