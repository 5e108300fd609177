"""Facts that are worked out from others, by a closed set of functions, in the order of what they depend on.

A derived fact whose inputs are not all known is not known either; one that rests on an exempt fact is exempt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from rules.language.conditions import Condition, Truth, UnresolvedValue
from rules.language.law import Law
from rules.values.calendar import end_of_years_after
from rules.values.evidence import Evidence
from rules.values.facts import CASE, Facts, FactValue, kind_of_subject, subject_kind_of
from rules.values.money import Money, sum_money

Matches: TypeAlias = dict[FactValue | None, list[tuple[Facts, Truth]]]


@dataclass(frozen=True, slots=True)
class DerivationContext:
    """What one derived fact may look at beside a subject's own facts: every subject, the law and the governing day.

    The facts of each subject have those of the case among them.
    """

    subjects_by_kind: Mapping[str, Mapping[str, Facts]]
    law: Law
    governed_by: str
    match_cache: dict[tuple[int, str], Matches] = field(default_factory=dict)

    def matching(self, kind: str, fact: str, condition: Condition | None) -> Matches:
        """The subjects of one kind of which a condition may hold, each with whether it does, by one fact of theirs.

        They are sorted out once for all that look round by the same condition. Those whose fact is not known stand
        under None.
        """
        sought = (id(condition), fact)
        if sought not in self.match_cache:
            found: Matches = self.match_cache.setdefault(sought, {})
            for facts in self.facts_by_subject(kind).values():
                holds = True if condition is None else self.evaluate(condition, facts)
                if holds is not False:
                    found.setdefault(facts.get(fact), []).append((facts, holds))
        return self.match_cache[sought]

    def facts_by_subject(self, kind: str) -> Mapping[str, Facts]:
        """The subjects of one kind, each with its facts."""
        return self.subjects_by_kind.get(kind, {})

    def evaluate(self, condition: Condition, facts: Facts) -> Truth:
        """Whether a condition holds of some facts under the law in force."""
        if condition.is_dated:
            condition = self.law.resolve(condition, facts, self.governed_by)
        return condition.evaluate(facts)

    def figure_in_force(self, value: str, facts: Facts) -> FactValue | None:
        """The figure of a dated value that is in force for some facts, if any is."""
        row = self.law.figure_in_force(value, facts, self.governed_by)
        return None if isinstance(row, UnresolvedValue) else row.figure


DerivationFunction: TypeAlias = Callable[[DerivationContext, Facts], FactValue | None]
"""How a fact of a subject is worked out from what it may look at and from the facts of the subject."""


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """One derived fact, ready to be worked out: what it needs, how, and the kind of subjects it looks round among.

    `conditions` and `values` are those that it rests on: they tell where what is worked out can change.
    """

    name: str
    inputs: tuple[str, ...]
    governed_by: str
    compute: DerivationFunction
    related_kind: str = ""
    conditions: tuple[Condition, ...] = ()
    values: tuple[str, ...] = ()
    subject_kind: str = field(init=False)

    def __post_init__(self) -> None:
        """See once of which kind of subject it is told."""
        object.__setattr__(self, "subject_kind", subject_kind_of(self.name))


def add_derived_facts(evidence: Evidence, derived_facts: tuple[DerivedFact, ...], law: Law) -> Evidence:
    """The evidence together with every derived fact that can be worked out from it.

    What somebody stated in the place of a derived fact does not count.
    """
    known = _DerivationState.from_evidence(evidence, frozenset(derived.name for derived in derived_facts))
    sorted_out: dict[tuple[int, str], Matches] = {}
    for derived in derived_facts:
        secret = known.searches_exempt_subjects(derived)
        context = DerivationContext(known.subjects_by_kind, law, derived.governed_by, sorted_out)
        for subject, facts in known.subjects_by_kind.get(derived.subject_kind, {}).items():
            value = derived.compute(context, facts)
            if value is not None:
                known.add_value(subject, derived, value)
                known.mark_if_exempt(subject, derived, searches_exempt=secret)
    return Evidence(known.case_facts, known.subjects, frozenset(known.exempt), known.subjects_by_kind)


@dataclass(frozen=True, slots=True)
class _DerivationState:
    """What is known while facts are worked out: as stated, and (`everything`) of each subject with its case's.

    `told_in_part_2` names the facts that are exempt of some subject, `unnamed` the kinds of subject of which one is
    exempt as a whole.
    """

    case_facts: dict[str, FactValue]
    subjects: dict[str, dict[str, FactValue]]
    exempt: set[tuple[str, str]]
    exempt_names: set[str]
    kinds_with_exempt_subject: frozenset[str]
    subjects_by_kind: dict[str, dict[str, dict[str, FactValue]]]

    @classmethod
    def from_evidence(cls, evidence: Evidence, derived_names: frozenset[str]) -> _DerivationState:
        """What the evidence states, without what is said in the place of some derived facts."""
        own = _without_names(evidence.case_facts, derived_names)
        subjects = {
            subject: _without_names(evidence.subjects[subject], derived_names) for subject in sorted(evidence.subjects)
        }
        everything: dict[str, dict[str, dict[str, FactValue]]] = {CASE: {CASE: own}}
        for subject, facts in subjects.items():
            everything.setdefault(kind_of_subject(subject), {})[subject] = {**own, **facts}
        unnamed = frozenset(map(kind_of_subject, filter(evidence.is_wholly_exempt, evidence.subjects)))
        exempt = {place for place in evidence.exempt if place[1] not in derived_names}
        return cls(own, subjects, exempt, {fact for _, fact in exempt}, unnamed, everything)

    def add_value(self, subject: str, derived: DerivedFact, value: FactValue) -> None:
        """Take a fact of one subject, or one of the case for every subject."""
        if subject != CASE:
            self.subjects[subject][derived.name] = self.subjects_by_kind[derived.subject_kind][subject][
                derived.name
            ] = value
            return
        for subjects in self.subjects_by_kind.values():
            for facts in subjects.values():
                facts[derived.name] = value

    def mark_if_exempt(self, subject: str, derived: DerivedFact, *, searches_exempt: bool) -> None:
        """Take a derived fact for exempt where what it looks round among is `secret`, or one of its inputs exempt."""
        if searches_exempt or (self._may_use_exempt_input(derived) and self._uses_exempt_input(subject, derived)):
            self.exempt.add((subject, derived.name))
            self.exempt_names.add(derived.name)

    def searches_exempt_subjects(self, derived: DerivedFact) -> bool:
        """Whether a subject that a function looks round among is exempt in what it asks of it, or as a whole."""
        if derived.related_kind not in self.subjects_by_kind:
            return False
        if derived.related_kind in self.kinds_with_exempt_subject:
            return True
        places = (subject for subject, fact in self.exempt if fact in derived.inputs)
        return self._may_use_exempt_input(derived) and any(
            kind_of_subject(subject) in (CASE, derived.related_kind) for subject in places
        )

    def _may_use_exempt_input(self, derived: DerivedFact) -> bool:
        """Whether one of its inputs is exempt of any subject, which is quickly told."""
        return not self.exempt_names.isdisjoint(derived.inputs)

    def _uses_exempt_input(self, subject: str, derived: DerivedFact) -> bool:
        """Whether one of its inputs is exempt of a subject or of the case."""
        return any((subject, fact) in self.exempt or (CASE, fact) in self.exempt for fact in derived.inputs)


def _without_names(facts: Facts, names: frozenset[str]) -> dict[str, FactValue]:
    return {fact: value for fact, value in facts.items() if fact not in names}


def sum_of(names: tuple[str, ...]) -> DerivationFunction:
    """The sum of counts, or of amounts on one VAT basis."""

    def compute(_: DerivationContext, facts: Facts) -> FactValue | None:
        parts = [facts[name] for name in names if name in facts]
        return _sum(parts) if len(parts) == len(names) else None

    return compute


def _sum(parts: list[FactValue]) -> FactValue | None:
    amounts = [part for part in parts if isinstance(part, Money)]
    return sum_money(amounts) if amounts else sum(int(part) for part in parts if isinstance(part, int))


def percent_of(part: str, whole: str) -> DerivationFunction:
    """How many in a hundred of one count another is, to the nearest whole number; a half counts as one."""

    def compute(_: DerivationContext, facts: Facts) -> FactValue | None:
        some, everything = facts.get(part), facts.get(whole)
        if not isinstance(some, int) or not isinstance(everything, int) or everything == 0:
            return None
        return (200 * some + everything) // (2 * everything)

    return compute


def working_days(first: str, last: str) -> DerivationFunction:
    """Working days after one day up to and including another, by the authority's calendar; below zero if earlier."""

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        start, end = facts.get(first), facts.get(last)
        if not isinstance(start, date) or not isinstance(end, date):
            return None
        calendar = context.law.calendar
        return calendar.working_days_between(start, end) if calendar.covers(start) and calendar.covers(end) else None

    return compute


def is_working_day(name: str) -> DerivationFunction:
    """Whether a day is a working day of the authority's calendar."""

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        day = facts.get(name)
        calendar = context.law.calendar
        return calendar.is_working_day(day) if isinstance(day, date) and calendar.covers(day) else None

    return compute


def day_off_reason(name: str) -> DerivationFunction:
    """Why a day is no working day: `Good Friday`, `a Saturday`; nothing for a working day."""

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        day = facts.get(name)
        calendar = context.law.calendar
        return (calendar.day_off_reason(day) or None) if isinstance(day, date) and calendar.covers(day) else None

    return compute


def end_of_years(day: str, years: tuple[str, ...]) -> DerivationFunction:
    """The last day of a number of years that begin with the year after a day; the number is a dated value."""

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        start, number = facts.get(day), _first_figure_in_force(context, facts, years)
        if not isinstance(start, date) or not isinstance(number, int):
            return None
        return end_of_years_after(start, number)

    return compute


def look_up(values: tuple[str, ...]) -> DerivationFunction:
    """A dated value as it is in force for the subject; of several, the first that is set for it."""
    return lambda scene, facts: _first_figure_in_force(scene, facts, values)


def count_subjects(
    kind: str, condition: Condition | None = None, *, own_fact: str = "", paired_fact: str = ""
) -> DerivationFunction:
    """How many subjects of a kind there are of which a condition holds; not known while it is not for one of them.

    Of those whose fact `to` is not this subject's `same` none is counted.
    """

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        if own_fact:
            return _count_sharing(context.matching(kind, paired_fact, condition), facts.get(own_fact))
        truths = [
            True if condition is None else context.evaluate(condition, other)
            for other in context.facts_by_subject(kind).values()
        ]
        return None if None in truths else truths.count(True)

    return compute


def _count_sharing(matches: Matches, shared: FactValue | None) -> FactValue | None:
    """How many of those who met share a fact; not known while one of them may be one more."""
    if shared is None:
        return None if matches else 0
    sharing = matches.get(shared, ())
    return None if None in matches or any(holds is None for _, holds in sharing) else len(sharing)


def counterpart(wanted_fact: str, shared_fact: str, condition: Condition) -> DerivationFunction:
    """A fact of the one other subject that shares a fact with this one and meets a condition.

    It is not known where two do, or where nobody can tell whether one does.
    """
    kind = subject_kind_of(wanted_fact)

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        shared = facts.get(shared_fact)
        sharing = context.matching(kind, shared_fact, condition).get(shared, ()) if shared is not None else ()
        others = [(other, holds) for other, holds in sharing if other is not facts]
        only, holds = others[0] if len(others) == 1 else ({}, False)
        return only.get(wanted_fact) if holds else None

    return compute


def choose_first(lines: tuple[tuple[Condition, str], ...], otherwise: str) -> DerivationFunction:
    """The first choice whose condition holds; not known as soon as a condition before it is not."""

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        for condition, chosen in lines:
            holds = context.evaluate(condition, facts)
            if holds is None:
                return None
            if holds:
                return chosen
        return otherwise

    return compute


def _first_figure_in_force(context: DerivationContext, facts: Facts, values: tuple[str, ...]) -> FactValue | None:
    figures = (context.figure_in_force(value, facts) for value in values)
    return next((figure for figure in figures if figure is not None), None)
