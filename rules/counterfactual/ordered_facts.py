"""The scale of a fact that is an amount, a count or a day: the nearest place on it where a finding turns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rules.counterfactual.breakpoints import turn
from rules.counterfactual.trial import Change, How, Trial, number
from rules.language.dated_values import fits
from rules.language.derived_facts import DerivedFact
from rules.values.calendar import FIRST_YEAR, LAST_YEAR
from rules.values.facts import DAY_OF_ACT, MAX_COUNT, FactValue, split_address
from rules.values.money import MAX_PENCE, Money, Vat

ORDERED = ("money", "count", "day")
LONGEST_BREAK = 14
"""More days than there ever are between two working days, or between two days off."""
_BASES = (Vat.EXCLUDED, Vat.INCLUDED)
_LIMITS = {
    "money": (0, MAX_PENCE),
    "count": (0, MAX_COUNT - 1),
    "day": (date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()),
}


@dataclass(frozen=True)
class Scale:
    """The scale of the fact at one address, on which the finding of a trial may turn."""

    trial: Trial
    where: str

    def shifted(self, known: FactValue) -> Iterator[Change]:
        """The nearest value that turns it, or two equally near; on another VAT basis only where its own has none."""
        near = list(self._nearest("shift", self._values(known) - {known}, number(known)))
        yield from near
        if not near and isinstance(known, Money):
            for vat in _BASES:
                there = Money(known.pence, vat)
                others = self._values(there) | {there} if vat is not known.vat else frozenset[FactValue]()
                yield from self._nearest("restate", others, known.pence)

    def stated(self) -> Iterator[Change]:
        """What turns it once it is stated: whatever is stated, or the lowest and highest value of which it is known."""
        found = [self._stated(like) for like in self._usual()]
        any_will_do = found[0][0]
        if any_will_do and all(on_its_basis == any_will_do for on_its_basis, _ in found):
            yield any_will_do
            return
        for _, ends in found:
            yield from ends

    def _stated(self, like: FactValue) -> tuple[Change | None, list[Change]]:
        """Of values like one: the change to any of them, if each gives the same, and the ends for each outcome."""
        values = sorted(self._values(like), key=number)
        turning = list(self.trial.turning(self.where, "state", values))
        lowest = {change.outcome: change for change in reversed(turning)}
        highest = {change.outcome: change for change in turning}
        return any_value(turning, len(values)), [*lowest.values(), *highest.values()]

    def _nearest(self, how: How, values: Iterable[FactValue], here: int) -> Iterator[Change]:
        """Of the values that turn it, the nearest to what is known, or two that are equally near."""
        reached = None
        for value in sorted(values, key=lambda value: (abs(number(value) - here), number(value))):
            away = abs(number(value) - here)
            if reached is not None and away > reached:
                return
            for change in self.trial.turning(self.where, how, [value]):
                reached = away
                yield change

    @cached_property
    def _kind(self) -> str:
        return self.trial.kind(split_address(self.where)[0])

    @cached_property
    def _names(self) -> list[str]:
        """The fact itself, and those that are recorded from it."""
        fact = split_address(self.where)[0]
        return [fact, *(name for name, source in self.trial.situation.recorded.items() if source == fact)]

    def _usual(self) -> list[FactValue]:
        """Some value of a fact that is not known, on each VAT basis that it could be stated on."""
        if self._kind == "money":
            return [Money(1, vat) for vat in _BASES]
        day = self.trial.known(DAY_OF_ACT) or date(FIRST_YEAR, 1, 2)
        return [day if self._kind == "day" else 1]

    def _values(self, like: FactValue) -> frozenset[FactValue]:
        """Where something can turn, of the kind and VAT basis of another value.

        That is at the cuts, beside each, and where what is worked out from the fact turns.
        """
        cuts = (value for fact in self._names for value in self.trial.cuts.get(fact, ()))
        cut = {number(value) for value in cuts if fits(self._kind, value)} | set(self._turns(like))
        cut |= self._ends_of_calendar() | ({number(like)} if not cut else set())
        beside = {at + step for at in cut for step in (-1, 0, 1)} | self._breaks({*cut, number(like)})
        lowest, highest = _LIMITS[self._kind]
        return frozenset(_at(like, at) for at in beside if lowest <= at <= highest)

    def _ends_of_calendar(self) -> set[int]:
        """The first and the last day whose working days can be told, where something is worked out from a day."""
        if self._kind != "day" or not self._above:
            return set()
        calendar = self.trial.situation.rulebook.law.calendar
        return {date(calendar.first_year, 1, 1).toordinal(), date(calendar.last_year, 12, 31).toordinal()}

    def _breaks(self, around: set[int]) -> set[int]:
        """Days round each of some days, where a fact is worked out that tells working days from others."""
        if self._kind != "day" or not any(map(self._is_on_and_off, self._above)):
            return set()
        return {at + step for at in around for step in range(-LONGEST_BREAK, LONGEST_BREAK + 1)}

    def _is_on_and_off(self, derived: DerivedFact) -> bool:
        return self.trial.kind(derived.name) not in ORDERED and not derived.conditions

    @cached_property
    def _above(self) -> list[DerivedFact]:
        """What is worked out from the fact, directly or not, in order."""
        found, names = [], set(self._names)
        for derived in self.trial.hearing.derived:
            if not names.isdisjoint(derived.inputs):
                names.add(derived.name)
                found.append(derived)
        return found

    def _turns(self, start: FactValue) -> Iterator[int]:
        """Where what is worked out reaches one of its own cuts, or passes it, going up or down from a value.

        A number, an amount or a day that is worked out only grows with a fact it rests on, or only falls; so there
        is one such place at most, and it is found by halving.
        """
        for derived in self._above:
            kind = self.trial.kind(derived.name)
            cuts = [number(cut) for cut in self.trial.cuts.get(derived.name, ()) if kind in ORDERED and fits(kind, cut)]
            for at in sorted({at + step for at in cuts for step in (0, 1)}):
                for place in self.trial.told_of(derived.name):
                    yield from self._turns_at(derived.name, place, start, at)

    def _turns_at(self, name: str, place: str, start: FactValue, at: int) -> Iterator[int]:
        def reaches(other: int) -> bool | None:
            found = self._worked_out(name, place, start, other)
            return None if found is None else number(found) >= at

        found = (turn(reaches, number(start), way) for way in (1, -1))
        yield from (there for there in found if there is not None)

    def _worked_out(self, name: str, place: str, like: FactValue, other: int) -> FactValue | None:
        """What a fact comes to for a subject where this one is another number; None where nobody can tell."""
        lowest, highest = _LIMITS[self._kind]
        supposed = self.trial.suppose(self.where, _at(like, other)) if lowest <= other <= highest else None
        return supposed.of(place).get(name) if supposed else None


def any_value(turning: list[Change], tried: int) -> Change | None:
    """One change that stands for all, where any value that is stated gives the same outcome."""
    if not turning or len(turning) != tried or len({change.outcome for change in turning}) != 1:
        return None
    return Change(turning[0].where, turning[0].how, None, None, turning[0].outcome)


def _at(like: FactValue, at: int) -> FactValue:
    if isinstance(like, Money):
        return Money(at, like.vat)
    return date.fromordinal(at) if isinstance(like, date) else at
