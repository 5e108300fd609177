"""The days of acts of a case that was decided elsewhere: as stated, or within bounds that follow from other days.

Invariants:
- A stated day comes first. Without one an act was done between the acts before and after it that have a day, not before
  the scheme began, before its source was read, and within the bounds that are stated. That the scheme has ended bounds
  nothing: its authority decided things later too.
- No day is made up: an act without a day of its own has bounds.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rules.packs.scheme import Scheme
from rules.values.bounds import EARLIEST, LATEST, Bounds, find_bounds
from rules.values.calendar import FIRST_YEAR, LAST_YEAR
from rules.values.facts import FactValue, PresumedDay
from workflow.services.done_acts import DoneAct


@dataclass(frozen=True, slots=True)
class DayRange:
    """The earliest and the latest day that an act can have been done; `is_stated` if the source gives them."""

    first: date
    last: date
    is_stated: bool = True

    @property
    def day(self) -> date | None:
        """The day, if it is only one."""
        return self.first if self.first == self.last else None

    def narrowed_to(self, other: DayRange) -> DayRange:
        """Return the days that are in another range too; all days if none is."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return DayRange(first, last, self.is_stated) if first <= last and self.day is None else self


def _years_away(day: date, years: int) -> date:
    """Return the same day some years away; 28 February for 29 February. A day beyond the calendar is its end."""
    year = day.year + years
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return LATEST if years > 0 else EARLIEST
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def stated_range(facts: Mapping[str, FactValue], *names: str) -> DayRange | None:
    """Return the day, or the bounds of it, that the first of some facts gives; None if none does."""
    for name in names:
        day = facts.get(name)
        if isinstance(day, date):
            return DayRange(day, day)
        low, high = find_bounds(facts, name) or (None, None)
        if isinstance(low, date) and isinstance(high, date):
            return DayRange(low, high)
    return None


@dataclass(frozen=True, slots=True)
class ActDays:
    """The days of the acts of one case, of which `latest` is the last that any can have."""

    scheme: Scheme
    facts: Mapping[str, FactValue]
    latest: date

    def range_of(self, act: DoneAct, acts: Sequence[DoneAct]) -> DayRange:
        """Return the days on which an act can have been done; `acts` are all that were, in the order of stages."""
        stated = stated_range(self.facts, *act.own_days)
        if stated and stated.day:
            return stated
        place = self.scheme.stage_index(act.stage)
        ranges = [(self.scheme.stage_index(other.stage), stated_range(self.facts, *other.own_days)) for other in acts]
        known = self.since_scheme
        earlier = [found.first for stage, found in ranges if found and stage < place]
        later = [found.last for stage, found in ranges if found and stage > place]
        first, last = max([known.first, *earlier]), min([known.last, *later])
        # Acts out of order bound nothing: then no more is known than when the scheme began.
        inferred = DayRange(first, last, is_stated=False) if first <= last else known
        return stated.narrowed_to(inferred) if stated else inferred

    @property
    def since_scheme(self) -> DayRange:
        """The days from the first one of the scheme up to the latest one, also after the scheme has ended."""
        return DayRange(min(self.scheme.declaration.in_force.first, self.latest), self.latest, is_stated=False)

    def decided(self) -> DayRange:
        """Return the days on which the case can have been decided, as far as they are stated."""
        stated = stated_range(self.facts, *self._names_of_decision())
        return stated.narrowed_to(self.since_scheme) if stated else self.since_scheme

    def presumed(self, fact: PresumedDay, of: DayRange) -> DayRange:
        """Return the days that a day can be, by how far it can lie from another one."""
        first = EARLIEST if fact.years_before is None else _years_away(of.first, -fact.years_before)
        last = LATEST if fact.years_after is None else _years_away(of.last, fact.years_after)
        return DayRange(first, last, is_stated=False)

    def _names_of_decision(self) -> tuple[str, ...]:
        """The facts that give the day of decision: its own, and the days of the acts that record it."""
        day = self.scheme.decision_day
        acts = [action for action in self.scheme.declaration.actions.values() if day in action.dates]
        return (day, *(f"{prefix}.on" for action in acts for prefix in action.prefixes()))


def as_bounds(days: DayRange, fact: str) -> dict[str, FactValue]:
    """Return a day as a fact, or its bounds as theirs. Of a day that nobody stated there are bounds alone."""
    if days.day and days.is_stated:
        return {fact: days.day}
    return Bounds(days.first, days.last).as_facts(fact, is_stated=days.is_stated)
