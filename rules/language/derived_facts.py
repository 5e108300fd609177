"""Facts that are worked out from others, by a closed set of functions, in the order of what they depend on.

A derived fact whose inputs are not all known is not known either; one that rests on an exempt fact is exempt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from rules.language.conditions import Condition, Truth, Unsettled
from rules.language.law import Law
from rules.values.calendar import end_of_years_after
from rules.values.evidence import Evidence
from rules.values.facts import CASE, Facts, FactValue, kind_of, subject_of
from rules.values.money import Money, total

Met: TypeAlias = dict[FactValue | None, list[tuple[Facts, Truth]]]


@dataclass(frozen=True, slots=True)
class Scene:
    """What one derived fact may look at beside a subject's own facts: every subject, the law and the governing day.

    The facts of each subject have those of the case among them.
    """

    everything: Mapping[str, Mapping[str, Facts]]
    law: Law
    governed_by: str
    sorted_out: dict[tuple[int, str], Met] = field(default_factory=dict)

    def meeting(self, kind: str, fact: str, where: Condition | None) -> Met:
        """The subjects of one kind of which a condition may hold, each with whether it does, by one fact of theirs.

        They are sorted out once for all that look round by the same condition. Those whose fact is not known stand
        under None.
        """
        sought = (id(where), fact)
        if sought not in self.sorted_out:
            found: Met = self.sorted_out.setdefault(sought, {})
            for facts in self.among(kind).values():
                holds = True if where is None else self.truth(where, facts)
                if holds is not False:
                    found.setdefault(facts.get(fact), []).append((facts, holds))
        return self.sorted_out[sought]

    def among(self, kind: str) -> Mapping[str, Facts]:
        """The subjects of one kind, each with its facts."""
        return self.everything.get(kind, {})

    def truth(self, condition: Condition, facts: Facts) -> Truth:
        """Whether a condition holds of some facts under the law in force."""
        if condition.is_dated:
            condition = self.law.settle(condition, facts, self.governed_by)
        return condition.holds_of(facts)

    def figure(self, value: str, facts: Facts) -> FactValue | None:
        """The figure of a dated value that is in force for some facts, if any is."""
        row = self.law.in_force(value, facts, self.governed_by)
        return None if isinstance(row, Unsettled) else row.figure


Function: TypeAlias = Callable[[Scene, Facts], FactValue | None]
"""How a fact of a subject is worked out from what it may look at and from the facts of the subject."""


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """One derived fact, ready to be worked out: what it needs, how, and the kind of subjects it looks round among.

    `conditions` and `values` are those that it rests on: they tell where what is worked out can change.
    """

    name: str
    inputs: tuple[str, ...]
    governed_by: str
    work_out: Function
    among: str = ""
    conditions: tuple[Condition, ...] = ()
    values: tuple[str, ...] = ()
    of: str = field(init=False)

    def __post_init__(self) -> None:
        """See once of which kind of subject it is told."""
        object.__setattr__(self, "of", subject_of(self.name))


def complete(evidence: Evidence, derivations: tuple[DerivedFact, ...], law: Law) -> Evidence:
    """The evidence together with every derived fact that can be worked out from it.

    What somebody stated in the place of a derived fact does not count.
    """
    known = _Known.of(evidence, frozenset(derived.name for derived in derivations))
    sorted_out: dict[tuple[int, str], Met] = {}
    for derived in derivations:
        secret = known.looks_round_exempt(derived)
        scene = Scene(known.everything, law, derived.governed_by, sorted_out)
        for subject, facts in known.everything.get(derived.of, {}).items():
            value = derived.work_out(scene, facts)
            if value is not None:
                known.add(subject, derived, value)
                known.keep_secret(subject, derived, secret=secret)
    return Evidence(known.own, known.subjects, frozenset(known.exempt), known.everything)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known while facts are worked out: as stated, and (`everything`) of each subject with its case's.

    `told_in_part_2` names the facts that are exempt of some subject, `unnamed` the kinds of subject of which one is
    exempt as a whole.
    """

    own: dict[str, FactValue]
    subjects: dict[str, dict[str, FactValue]]
    exempt: set[tuple[str, str]]
    told_in_part_2: set[str]
    unnamed: frozenset[str]
    everything: dict[str, dict[str, dict[str, FactValue]]]

    @classmethod
    def of(cls, evidence: Evidence, names: frozenset[str]) -> _Known:
        """What the evidence states, without what is said in the place of some derived facts."""
        own = _without(evidence.own, names)
        subjects = {subject: _without(evidence.subjects[subject], names) for subject in sorted(evidence.subjects)}
        everything: dict[str, dict[str, dict[str, FactValue]]] = {CASE: {CASE: own}}
        for subject, facts in subjects.items():
            everything.setdefault(kind_of(subject), {})[subject] = {**own, **facts}
        unnamed = frozenset(map(kind_of, filter(evidence.is_wholly_exempt, evidence.subjects)))
        exempt = {place for place in evidence.exempt if place[1] not in names}
        return cls(own, subjects, exempt, {fact for _, fact in exempt}, unnamed, everything)

    def add(self, subject: str, derived: DerivedFact, value: FactValue) -> None:
        """Take a fact of one subject, or one of the case for every subject."""
        if subject != CASE:
            self.subjects[subject][derived.name] = self.everything[derived.of][subject][derived.name] = value
            return
        for subjects in self.everything.values():
            for facts in subjects.values():
                facts[derived.name] = value

    def keep_secret(self, subject: str, derived: DerivedFact, *, secret: bool) -> None:
        """Take a derived fact for exempt where what it looks round among is `secret`, or one of its inputs exempt."""
        if secret or (self._rests_on_part_2(derived) and self._is_exempt(subject, derived)):
            self.exempt.add((subject, derived.name))
            self.told_in_part_2.add(derived.name)

    def looks_round_exempt(self, derived: DerivedFact) -> bool:
        """Whether a subject that a function looks round among is exempt in what it asks of it, or as a whole."""
        if derived.among not in self.everything:
            return False
        if derived.among in self.unnamed:
            return True
        places = (subject for subject, fact in self.exempt if fact in derived.inputs)
        return self._rests_on_part_2(derived) and any(kind_of(subject) in (CASE, derived.among) for subject in places)

    def _rests_on_part_2(self, derived: DerivedFact) -> bool:
        """Whether one of its inputs is exempt of any subject, which is quickly told."""
        return not self.told_in_part_2.isdisjoint(derived.inputs)

    def _is_exempt(self, subject: str, derived: DerivedFact) -> bool:
        """Whether one of its inputs is exempt of a subject or of the case."""
        return any((subject, fact) in self.exempt or (CASE, fact) in self.exempt for fact in derived.inputs)


def _without(facts: Facts, names: frozenset[str]) -> dict[str, FactValue]:
    return {fact: value for fact, value in facts.items() if fact not in names}


def sum_of(names: tuple[str, ...]) -> Function:
    """The sum of counts, or of amounts on one VAT basis."""

    def work_out(_: Scene, facts: Facts) -> FactValue | None:
        parts = [facts[name] for name in names if name in facts]
        return _sum(parts) if len(parts) == len(names) else None

    return work_out


def _sum(parts: list[FactValue]) -> FactValue | None:
    amounts = [part for part in parts if isinstance(part, Money)]
    return total(amounts) if amounts else sum(int(part) for part in parts if isinstance(part, int))


def percent_of(part: str, whole: str) -> Function:
    """How many in a hundred of one count another is, to the nearest whole number; a half counts as one."""

    def work_out(_: Scene, facts: Facts) -> FactValue | None:
        some, everything = facts.get(part), facts.get(whole)
        if not isinstance(some, int) or not isinstance(everything, int) or everything == 0:
            return None
        return (200 * some + everything) // (2 * everything)

    return work_out


def working_days(first: str, last: str) -> Function:
    """Working days after one day up to and including another, by the authority's calendar; below zero if earlier."""

    def work_out(scene: Scene, facts: Facts) -> FactValue | None:
        start, end = facts.get(first), facts.get(last)
        if not isinstance(start, date) or not isinstance(end, date):
            return None
        calendar = scene.law.calendar
        return calendar.working_days_between(start, end) if calendar.covers(start) and calendar.covers(end) else None

    return work_out


def is_working_day(name: str) -> Function:
    """Whether a day is a working day of the authority's calendar."""

    def work_out(scene: Scene, facts: Facts) -> FactValue | None:
        day = facts.get(name)
        calendar = scene.law.calendar
        return calendar.is_working(day) if isinstance(day, date) and calendar.covers(day) else None

    return work_out


def day_off(name: str) -> Function:
    """Why a day is no working day: `Good Friday`, `a Saturday`; nothing for a working day."""

    def work_out(scene: Scene, facts: Facts) -> FactValue | None:
        day = facts.get(name)
        calendar = scene.law.calendar
        return (calendar.day_off(day) or None) if isinstance(day, date) and calendar.covers(day) else None

    return work_out


def end_of_years(day: str, years: tuple[str, ...]) -> Function:
    """The last day of a number of years that begin with the year after a day; the number is a dated value."""

    def work_out(scene: Scene, facts: Facts) -> FactValue | None:
        start, number = facts.get(day), _settled(scene, facts, years)
        if not isinstance(start, date) or not isinstance(number, int):
            return None
        return end_of_years_after(start, number)

    return work_out


def look_up(values: tuple[str, ...]) -> Function:
    """A dated value as it is in force for the subject; of several, the first that is set for it."""
    return lambda scene, facts: _settled(scene, facts, values)


def count(kind: str, where: Condition | None = None, *, same: str = "", to: str = "") -> Function:
    """How many subjects of a kind there are of which a condition holds; not known while it is not for one of them.

    Of those whose fact `to` is not this subject's `same` none is counted.
    """

    def work_out(scene: Scene, facts: Facts) -> FactValue | None:
        if same:
            return _paired(scene.meeting(kind, to, where), facts.get(same))
        truths = [True if where is None else scene.truth(where, other) for other in scene.among(kind).values()]
        return None if None in truths else truths.count(True)

    return work_out


def _paired(met: Met, shared: FactValue | None) -> FactValue | None:
    """How many of those who met share a fact; not known while one of them may be one more."""
    if shared is None:
        return None if met else 0
    sharing = met.get(shared, ())
    return None if None in met or any(holds is None for _, holds in sharing) else len(sharing)


def counterpart(take: str, same: str, where: Condition) -> Function:
    """A fact of the one other subject that shares a fact with this one and meets a condition.

    It is not known where two do, or where nobody can tell whether one does.
    """
    kind = subject_of(take)

    def work_out(scene: Scene, facts: Facts) -> FactValue | None:
        shared = facts.get(same)
        sharing = scene.meeting(kind, same, where).get(shared, ()) if shared is not None else ()
        others = [(other, holds) for other, holds in sharing if other is not facts]
        only, holds = others[0] if len(others) == 1 else ({}, False)
        return only.get(take) if holds else None

    return work_out


def choose(lines: tuple[tuple[Condition, str], ...], otherwise: str) -> Function:
    """The first choice whose condition holds; not known as soon as a condition before it is not."""

    def work_out(scene: Scene, facts: Facts) -> FactValue | None:
        for condition, chosen in lines:
            holds = scene.truth(condition, facts)
            if holds is None:
                return None
            if holds:
                return chosen
        return otherwise

    return work_out


def _settled(scene: Scene, facts: Facts, values: tuple[str, ...]) -> FactValue | None:
    figures = (scene.figure(value, facts) for value in values)
    return next((figure for figure in figures if figure is not None), None)
