"""The law in force for one case: dated values, settled by the day that governs and the facts they depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rules.errors import NotInForce
from rules.language.conditions import All, Any_, Condition, Settled, Term, Unsettled, ValueRef
from rules.language.dated_values import Row, Value
from rules.values.calendar import Calendar
from rules.values.facts import FactValue


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """Every dated value that applies to an authority, and the calendar that it counts days by."""

    values: Mapping[str, Value]
    calendar: Calendar

    def in_force(self, name: str, facts: Mapping[str, FactValue], governed_by: str) -> Row | Unsettled:
        """The row of a value for some facts on the day that governs, or what is missing to tell."""
        by = (governed_by, *self.values[name].by)
        return _in_force(self, name, by, tuple(map(facts.get, by)))

    def settle(self, condition: Condition, facts: Mapping[str, FactValue], governed_by: str) -> Condition:
        """The condition with its dated values replaced by the figures in force."""
        if not condition.is_dated:
            return condition
        if isinstance(condition, Term):
            return self._settle_term(condition, facts, governed_by)
        parts = tuple(self.settle(part, facts, governed_by) for part in condition.parts)
        return All(parts) if isinstance(condition, All) else Any_(parts)

    def _settle_term(self, term: Term, facts: Mapping[str, FactValue], governed_by: str) -> Term:
        if not isinstance(term.right, ValueRef):
            return term
        row = self.in_force(term.right.value, facts, governed_by)
        if isinstance(row, Unsettled):
            return Term(term.fact, term.word, row)
        word = _BY_OPERATOR.get((term.word, row.operator or ""), term.word)
        picked_by = (governed_by, *self.values[term.right.value].by)
        return Term(term.fact, word, Settled(row.figure, term.right.value, picked_by))


@lru_cache(maxsize=4096)
def _in_force(law: Law, name: str, by: tuple[str, ...], picked: tuple[FactValue | None, ...]) -> Row | Unsettled:
    """The row that the facts of `by` pick, the first of them the day that governs; some may not be known."""
    facts = {fact: value for fact, value in zip(by, picked, strict=True) if value is not None}
    day = facts.get(by[0])
    missing = tuple(dict.fromkeys(fact for fact in by if fact not in facts))
    if missing or not isinstance(day, date):
        return Unsettled(name, missing, picked_by=by)
    try:
        return law.values[name].on(name, day, {fact: str(facts[fact]) for fact in by[1:]})
    except NotInForce as error:
        return Unsettled(name, why=_not_in_force(error), picked_by=by)


def _not_in_force(error: NotInForce) -> str:
    first = f"first in force on {error.first.isoformat()}" if error.first else "not set"
    return f"{error.value} on {error.on.isoformat()}, {error.why or first}"


_BY_OPERATOR = {
    ("reaches", "at_least"): "at_least",
    ("reaches", "more_than"): "more_than",
    ("falls_short_of", "at_least"): "less_than",
    ("falls_short_of", "more_than"): "at_most",
}
