"""The scale of a fact that is an amount, a count or a day: the nearest place on it where a finding turns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rules.cuts import turn
from rules.dated import fits
from rules.days import FIRST_YEAR, LAST_YEAR
from rules.derived import DerivedFact
from rules.facts import MAX_COUNT, FactValue, split_address
from rules.money import MAX_PENCE, Money, Vat
from rules.trial import Change, How, Trial, number

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
        near = list(self._nearest("shift", self._values(known, self._numbers - {number(known)})))
        yield from near
        if not near and isinstance(known, Money):
            for vat in _BASES:
                if vat is not known.vat:
                    yield from self._nearest("restate", self._values(Money(0, vat), self._numbers | {known.pence}))

    def stated(self) -> Iterator[Change]:
        """What turns it once it is stated: whatever is stated, or the values beyond which the outcome is another."""
        likes: Iterable[FactValue] = [Money(0, vat) for vat in _BASES] if self._kind == "money" else [self._like()]
        for like in likes:
            values = self._values(like, self._numbers)
            turning = {change.to: change for change in self.trial.turning(self.where, "state", values)}
            if any_will_do := whatever(list(turning.values()), len(values)):
                yield any_will_do
                continue
            outcomes = [turning[value].outcome if value in turning else None for value in values]
            for place, value in enumerate(values):
                if value in turning and {*outcomes[max(place - 1, 0) : place + 2]} != {outcomes[place]}:
                    yield turning[value]

    def _nearest(self, how: How, values: Iterable[FactValue]) -> Iterator[Change]:
        """Of the values that turn it, the nearest to what is known, or two that are equally near."""
        here, reached = number(self._known), None
        for value in sorted(values, key=lambda value: abs(number(value) - here)):
            away = abs(number(value) - here)
            if reached is not None and away > reached:
                return
            for change in self.trial.turning(self.where, how, [value]):
                reached = away
                yield change

    @cached_property
    def _known(self) -> FactValue | None:
        return self.trial.known(self.where)

    @cached_property
    def _kind(self) -> str:
        return self.trial.kind(split_address(self.where)[0])

    @cached_property
    def _names(self) -> list[str]:
        """The fact itself, and those that are recorded from it."""
        fact = split_address(self.where)[0]
        return [fact, *(name for name, source in self.trial.ground.recorded.items() if source == fact)]

    def _values(self, like: FactValue, numbers: Iterable[int]) -> list[FactValue]:
        """The values at some places, in order, of the kind and on the VAT basis of another."""
        return [_at(like, at) for at in sorted(numbers)]

    def _like(self) -> FactValue:
        return date.min if self._kind == "day" else 0

    @cached_property
    def _numbers(self) -> frozenset[int]:
        """Where something can turn: the cuts, what stands beside each, and where what is worked out from it turns."""
        cuts = (value for fact in self._names for value in self.trial.cuts.get(fact, ()))
        cut = {number(value) for value in cuts if fits(self._kind, value)} | set(self._turns())
        if self._known is None:
            cut = cut or {self._usual()}
        beside = {at + step for at in cut for step in (-1, 0, 1)} | self._breaks(cut)
        lowest, highest = _LIMITS[self._kind]
        return frozenset(at for at in beside if lowest <= at <= highest)

    def _usual(self) -> int:
        """Some value of a fact that nothing is compared with."""
        return number(self.trial.known("act.on") or date(FIRST_YEAR, 1, 2)) if self._kind == "day" else 1

    def _breaks(self, cut: set[int]) -> set[int]:
        """Days round each cut, where a fact is worked out that tells working days from others."""
        if self._kind != "day" or not any(map(self._is_on_and_off, self._above)):
            return set()
        around = cut if self._known is None else {*cut, number(self._known)}
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

    def _turns(self) -> Iterator[int]:
        """Where what is worked out reaches one of its own cuts, or passes it.

        A number, an amount or a day that is worked out only grows with a fact it rests on, or only falls; so there
        is one such place at most, and it is found by halving.
        """
        for derived in self._above if self._known is not None else ():
            kind = self.trial.kind(derived.name)
            cuts = [number(cut) for cut in self.trial.cuts.get(derived.name, ()) if kind in ORDERED and fits(kind, cut)]
            for at in sorted({at + step for at in cuts for step in (0, 1)}):
                for place in self.trial.told_of(derived.name):
                    yield from self._turns_at(derived.name, place, at)

    def _turns_at(self, name: str, place: str, at: int) -> Iterator[int]:
        def reaches(other: int) -> bool | None:
            found = self._worked_out(name, place, other)
            return None if found is None else number(found) >= at

        found = (turn(reaches, number(self._known), way) for way in (1, -1))
        yield from (there for there in found if there is not None)

    def _worked_out(self, name: str, place: str, other: int) -> FactValue | None:
        """What a fact comes to for a subject where this one is another number; None where nobody can tell."""
        lowest, highest = _LIMITS[self._kind]
        if self._known is None or not lowest <= other <= highest:
            return None
        supposed = self.trial.suppose(self.where, _at(self._known, other))
        return self.trial.worked_out(supposed).of(place).get(name) if supposed else None


def whatever(turning: list[Change], tried: int) -> Change | None:
    """One change for all, where whatever is stated gives the same outcome."""
    if not turning or len(turning) != tried or len({change.outcome for change in turning}) != 1:
        return None
    return Change(turning[0].where, turning[0].how, None, None, turning[0].outcome)


def _at(like: FactValue, at: int) -> FactValue:
    if isinstance(like, Money):
        return Money(at, like.vat)
    return date.fromordinal(at) if isinstance(like, date) else at
