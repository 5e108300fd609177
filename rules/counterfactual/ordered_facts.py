"""The scale of a fact that is an amount, a count or a day: the nearest place on it where a finding turns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rules.counterfactual.breakpoints import find_turning_point
from rules.counterfactual.trial import ChangeKind, FactChange, Trial, to_number
from rules.language.dated_values import figure_has_kind
from rules.language.derived_facts import DerivedFact
from rules.values.calendar import FIRST_YEAR, LAST_YEAR
from rules.values.facts import DAY_OF_ACT, MAX_COUNT, FactValue, split_address
from rules.values.money import MAX_PENCE, Money, Vat

ORDERED_KINDS = ("money", "count", "day")
MAX_DAYS_APART = 14
"""More days than there ever are between two working days, or between two days off."""
_VAT_BASES = (Vat.EXCLUDED, Vat.INCLUDED)
_NUMBER_LIMITS = {
    "money": (0, MAX_PENCE),
    "count": (0, MAX_COUNT - 1),
    "day": (date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()),
}


@dataclass(frozen=True)
class OrderedFactSearch:
    """The scale of the fact at one address, on which the finding of a trial may turn."""

    trial: Trial
    address: str

    def nearest_shifts(self, known_value: FactValue) -> Iterator[FactChange]:
        """The nearest value that turns it, or two equally near; on another VAT basis only where its own has none."""
        near = list(
            self._nearest_changes("shift", self._candidate_values(known_value) - {known_value}, to_number(known_value))
        )
        yield from near
        if not near and isinstance(known_value, Money):
            for vat in _VAT_BASES:
                there = Money(known_value.pence, vat)
                others = (
                    self._candidate_values(there) | {there} if vat is not known_value.vat else frozenset[FactValue]()
                )
                yield from self._nearest_changes("restate", others, known_value.pence)

    def stating_changes(self) -> Iterator[FactChange]:
        """What turns it once it is stated: whatever is stated, or the lowest and highest value of which it is known."""
        found = [self._stating_changes_like(like) for like in self._sample_values()]
        any_will_do = found[0][0]
        if any_will_do and all(on_its_basis == any_will_do for on_its_basis, _ in found):
            yield any_will_do
            return
        for _, ends in found:
            yield from ends

    def _stating_changes_like(self, sample: FactValue) -> tuple[FactChange | None, list[FactChange]]:
        """Of values like one: the change to any of them, if each gives the same, and the ends for each outcome."""
        values = sorted(self._candidate_values(sample), key=to_number)
        turning = list(self.trial.turning_changes(self.address, "state", values))
        lowest = {change.outcome: change for change in reversed(turning)}
        highest = {change.outcome: change for change in turning}
        return any_value_change(turning, len(values)), [*lowest.values(), *highest.values()]

    def _nearest_changes(
        self, kind: ChangeKind, values: Iterable[FactValue], known_number: int
    ) -> Iterator[FactChange]:
        """Of the values that turn it, the nearest to what is known, or two that are equally near."""
        reached = None
        for value in sorted(values, key=lambda value: (abs(to_number(value) - known_number), to_number(value))):
            away = abs(to_number(value) - known_number)
            if reached is not None and away > reached:
                return
            for change in self.trial.turning_changes(self.address, kind, [value]):
                reached = away
                yield change

    @cached_property
    def _fact_kind(self) -> str:
        return self.trial.fact_kind(split_address(self.address)[0])

    @cached_property
    def _fact_names(self) -> list[str]:
        """The fact itself, and those that are recorded from it."""
        fact = split_address(self.address)[0]
        return [fact, *(name for name, source in self.trial.context.recorded_from.items() if source == fact)]

    def _sample_values(self) -> list[FactValue]:
        """Some value of a fact that is not known, on each VAT basis that it could be stated on."""
        if self._fact_kind == "money":
            return [Money(1, vat) for vat in _VAT_BASES]
        day = self.trial.known_value(DAY_OF_ACT) or date(FIRST_YEAR, 1, 2)
        return [day if self._fact_kind == "day" else 1]

    def _candidate_values(self, sample: FactValue) -> frozenset[FactValue]:
        """Where something can turn, of the kind and VAT basis of another value.

        That is at the cuts, beside each, and where what is worked out from the fact turns.
        """
        cuts = (value for fact in self._fact_names for value in self.trial.breakpoints.get(fact, ()))
        cut = {to_number(value) for value in cuts if figure_has_kind(self._fact_kind, value)} | set(
            self._turning_points(sample)
        )
        cut |= self._calendar_limits() | ({to_number(sample)} if not cut else set())
        beside = {at + step for at in cut for step in (-1, 0, 1)} | self._nearby_days({*cut, to_number(sample)})
        lowest, highest = _NUMBER_LIMITS[self._fact_kind]
        return frozenset(_value_at(sample, at) for at in beside if lowest <= at <= highest)

    def _calendar_limits(self) -> set[int]:
        """The first and the last day whose working days can be told, where something is worked out from a day."""
        if self._fact_kind != "day" or not self._dependent_facts:
            return set()
        calendar = self.trial.context.rulebook.law.calendar
        return {date(calendar.first_year, 1, 1).toordinal(), date(calendar.last_year, 12, 31).toordinal()}

    def _nearby_days(self, day_numbers: set[int]) -> set[int]:
        """Days round each of some days, where a fact is worked out that tells working days from others."""
        if self._fact_kind != "day" or not any(map(self._alternates_by_day, self._dependent_facts)):
            return set()
        return {at + step for at in day_numbers for step in range(-MAX_DAYS_APART, MAX_DAYS_APART + 1)}

    def _alternates_by_day(self, derived: DerivedFact) -> bool:
        return self.trial.fact_kind(derived.name) not in ORDERED_KINDS and not derived.conditions

    @cached_property
    def _dependent_facts(self) -> list[DerivedFact]:
        """What is worked out from the fact, directly or not, in order."""
        found, names = [], set(self._fact_names)
        for derived in self.trial.relevant_rules.derived_facts:
            if not names.isdisjoint(derived.inputs):
                names.add(derived.name)
                found.append(derived)
        return found

    def _turning_points(self, start: FactValue) -> Iterator[int]:
        """Where what is worked out reaches one of its own cuts, or passes it, going up or down from a value.

        A number, an amount or a day that is worked out only grows with a fact it rests on, or only falls; so there
        is one such place at most, and it is found by halving.
        """
        for derived in self._dependent_facts:
            kind = self.trial.fact_kind(derived.name)
            cuts = [
                to_number(cut)
                for cut in self.trial.breakpoints.get(derived.name, ())
                if kind in ORDERED_KINDS and figure_has_kind(kind, cut)
            ]
            for at in sorted({at + step for at in cuts for step in (0, 1)}):
                for place in self.trial.relevant_subjects(derived.name):
                    yield from self._turning_points_at(derived.name, place, start, at)

    def _turning_points_at(self, fact_name: str, subject: str, start: FactValue, threshold: int) -> Iterator[int]:
        def reaches(other: int) -> bool | None:
            found = self._derived_value(fact_name, subject, start, other)
            return None if found is None else to_number(found) >= threshold

        found = (find_turning_point(reaches, to_number(start), way) for way in (1, -1))
        yield from (there for there in found if there is not None)

    def _derived_value(self, fact_name: str, subject: str, sample: FactValue, position: int) -> FactValue | None:
        """What a fact comes to for a subject where this one is another number; None where nobody can tell."""
        lowest, highest = _NUMBER_LIMITS[self._fact_kind]
        supposed = (
            self.trial.suppose(self.address, _value_at(sample, position)) if lowest <= position <= highest else None
        )
        return supposed.facts_of(subject).get(fact_name) if supposed else None


def any_value_change(turning: list[FactChange], tried_count: int) -> FactChange | None:
    """One change that stands for all, where any value that is stated gives the same outcome."""
    if not turning or len(turning) != tried_count or len({change.outcome for change in turning}) != 1:
        return None
    return FactChange(turning[0].address, turning[0].kind, None, None, turning[0].outcome)


def _value_at(sample: FactValue, position: int) -> FactValue:
    if isinstance(sample, Money):
        return Money(position, sample.vat)
    return date.fromordinal(position) if isinstance(sample, date) else position
