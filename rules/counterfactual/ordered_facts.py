"""Searches the values of an amount, a count or a day for the nearest that turns a finding.

Only breakpoints, the values beside them and the turning points of derived facts are tried: between two of them every
value is judged alike. Values stay within the limits that a paper can state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rules.counterfactual.breakpoints import find_turning_point
from rules.counterfactual.trial import ChangeKind, FactChange, Trial, to_number
from rules.language.dated_values import figure_has_kind
from rules.language.derivation_context import DerivedFact
from rules.values.calendar import FIRST_YEAR, LAST_YEAR
from rules.values.facts import DAY_OF_ACT, MAX_COUNT, FactValue, split_address
from rules.values.money import MAX_PENCE, Money, Vat

ORDERED_KINDS = ("money", "count", "day")
MAX_DAYS_APART = 14
"""More days than ever lie between two working days, or between two days off."""
_VAT_BASES = (Vat.EXCLUDED, Vat.INCLUDED)
_NUMBER_LIMITS = {
    "money": (0, MAX_PENCE),
    "count": (0, MAX_COUNT - 1),
    "day": (date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()),
}


@dataclass(frozen=True)
class OrderedFactSearch:
    """The search among the values of the fact at one address."""

    trial: Trial
    address: str

    def nearest_shifts(self, known_value: FactValue) -> Iterator[FactChange]:
        """The change to the nearest value that turns it, or to two equally near.

        An amount is put on another VAT basis only where none turns it on its own.
        """
        candidates = self._candidate_values(known_value) - {known_value}
        shifts = list(self._nearest_changes("shift", candidates, to_number(known_value)))
        yield from shifts
        if not shifts and isinstance(known_value, Money):
            for vat in _VAT_BASES:
                if vat is not known_value.vat:
                    restated = Money(known_value.pence, vat)
                    candidates = self._candidate_values(restated) | {restated}
                    yield from self._nearest_changes("restate", candidates, known_value.pence)

    def stating_changes(self) -> Iterator[FactChange]:
        """The changes of an unknown fact: to any value where each turns it alike, else to the lowest and highest."""
        found = [self._stating_changes_like(sample) for sample in self._sample_values()]
        any_value = found[0][0]
        if any_value and all(any_value_on_basis == any_value for any_value_on_basis, _ in found):
            yield any_value
            return
        for _, ends in found:
            yield from ends

    def _stating_changes_like(self, sample: FactValue) -> tuple[FactChange | None, list[FactChange]]:
        """For values of one kind and basis: the change to any of them, and the lowest and highest by outcome."""
        values = sorted(self._candidate_values(sample), key=to_number)
        turning = list(self.trial.turning_changes(self.address, "state", values))
        lowest = {change.outcome: change for change in reversed(turning)}
        highest = {change.outcome: change for change in turning}
        return any_value_change(turning, len(values)), [*lowest.values(), *highest.values()]

    def _nearest_changes(
        self, kind: ChangeKind, values: Iterable[FactValue], known_number: int
    ) -> Iterator[FactChange]:
        """The change to the nearest of the values that turn it, or to two equally near."""

        def distance(value: FactValue) -> int:
            return abs(to_number(value) - known_number)

        shortest = None
        for value in sorted(values, key=lambda value: (distance(value), to_number(value))):
            if shortest is not None and distance(value) > shortest:
                return
            for change in self.trial.turning_changes(self.address, kind, [value]):
                shortest = distance(value)
                yield change

    @property
    def _number_limits(self) -> tuple[int, int]:
        """The lowest and the highest number that the fact can be."""
        lowest, highest = _NUMBER_LIMITS[self._fact_kind]
        may_be_negative = self.trial.context.rulebook.facts[split_address(self.address)[0]].negative
        return (-highest if may_be_negative else lowest), highest

    @cached_property
    def _fact_kind(self) -> str:
        return self.trial.fact_kind(split_address(self.address)[0])

    @cached_property
    def _fact_names(self) -> list[str]:
        """The fact itself, and those that acts record from it."""
        fact = split_address(self.address)[0]
        return [fact, *(name for name, source in self.trial.context.recorded_from.items() if source == fact)]

    def _sample_values(self) -> list[FactValue]:
        """Some value of an unknown fact, for each VAT basis that it could be stated on."""
        if self._fact_kind == "money":
            return [Money(1, vat) for vat in _VAT_BASES]
        day = self.trial.known_value(DAY_OF_ACT) or date(FIRST_YEAR, 1, 2)
        return [day if self._fact_kind == "day" else 1]

    def _candidate_values(self, sample: FactValue) -> frozenset[FactValue]:
        """All values where the outcome can change, of the kind and VAT basis of `sample`."""
        breakpoints = (value for fact in self._fact_names for value in self.trial.breakpoints.get(fact, ()))
        numbers = {to_number(value) for value in breakpoints if figure_has_kind(self._fact_kind, value)}
        numbers.update(self._turning_points(sample))
        numbers |= self._calendar_limits() | ({to_number(sample)} if not numbers else set())
        candidates = {number + step for number in numbers for step in (-1, 0, 1)}
        candidates |= self._nearby_days({*numbers, to_number(sample)})
        lowest, highest = self._number_limits
        return frozenset(_value_at(sample, number) for number in candidates if lowest <= number <= highest)

    def _calendar_limits(self) -> set[int]:
        """The first and the last day of the calendar, where a fact is derived from a day."""
        if self._fact_kind != "day" or not self._dependent_facts:
            return set()
        calendar = self.trial.context.rulebook.law.calendar
        return {date(calendar.first_year, 1, 1).toordinal(), date(calendar.last_year, 12, 31).toordinal()}

    def _nearby_days(self, day_numbers: set[int]) -> set[int]:
        """The days around some days, where a derived fact tells working days from others."""
        if self._fact_kind != "day" or not any(map(self._alternates_by_day, self._dependent_facts)):
            return set()
        return {day + step for day in day_numbers for step in range(-MAX_DAYS_APART, MAX_DAYS_APART + 1)}

    def _alternates_by_day(self, derived: DerivedFact) -> bool:
        return self.trial.fact_kind(derived.name) not in ORDERED_KINDS and not derived.conditions

    @cached_property
    def _dependent_facts(self) -> list[DerivedFact]:
        """The facts that are derived from this one, directly or not, in order of dependency."""
        found, names = [], set(self._fact_names)
        for derived in self.trial.relevant_rules.derived_facts:
            if not names.isdisjoint(derived.inputs):
                names.add(derived.name)
                found.append(derived)
        return found

    def _turning_points(self, start: FactValue) -> Iterator[int]:
        """The numbers, up or down from a value, at which a derived fact reaches or passes one of its breakpoints.

        A derived number, amount or day only grows with an input, or only falls. So each breakpoint is passed once at
        most, and bisection finds where.
        """
        for derived in self._dependent_facts:
            kind = self.trial.fact_kind(derived.name)
            breakpoints = [
                to_number(value)
                for value in self.trial.breakpoints.get(derived.name, ())
                if kind in ORDERED_KINDS and figure_has_kind(kind, value)
            ]
            for threshold in sorted({number + step for number in breakpoints for step in (0, 1)}):
                for subject in self.trial.relevant_subjects(derived.name):
                    yield from self._turning_points_at(derived.name, subject, start, threshold)

    def _turning_points_at(self, fact_name: str, subject: str, start: FactValue, threshold: int) -> Iterator[int]:
        def reaches(number: int) -> bool | None:
            derived_value = self._derived_value(fact_name, subject, start, number)
            return None if derived_value is None else to_number(derived_value) >= threshold

        turning_points = (find_turning_point(reaches, to_number(start), direction) for direction in (1, -1))
        yield from (number for number in turning_points if number is not None)

    def _derived_value(self, fact_name: str, subject: str, sample: FactValue, number: int) -> FactValue | None:
        """The value of a derived fact where this fact is another number; None where it is unknown then."""
        lowest, highest = self._number_limits
        if not lowest <= number <= highest:
            return None
        supposed = self.trial.suppose(self.address, _value_at(sample, number))
        return supposed.facts_of(subject).get(fact_name) if supposed else None


def any_value_change(turning: list[FactChange], tried_count: int) -> FactChange | None:
    """One change that stands for all, where each value that was tried turns the finding to the same outcome."""
    if not turning or len(turning) != tried_count or len({change.outcome for change in turning}) != 1:
        return None
    return FactChange(turning[0].address, turning[0].kind, None, None, turning[0].outcome)


def _value_at(sample: FactValue, number: int) -> FactValue:
    if isinstance(sample, Money):
        return Money(number, sample.vat)
    return date.fromordinal(number) if isinstance(sample, date) else number
