"""Derived facts that are looked up: in the table of working days, or by searching texts outside the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal, TypeAlias

import ibis

from rules.columns import day_columns
from rules.columns.cells import Cell
from rules.columns.derived_columns import first_figure
from rules.columns.engine import Table
from rules.columns.related_columns import Joined, load_texts
from rules.columns.scopes import Scope
from rules.columns.stages import Stage, same_case, same_subject
from rules.columns.truths import Column
from rules.language.day_schema import DayAway, DaysBetween
from rules.language.derivation_context import DerivationContext, DerivedFact
from rules.language.derivation_schema import EndOfYears
from rules.language.derived_text import PhraseFinder, split_words
from rules.language.law import Law
from rules.language.text_schema import PhraseSearch

_FOLDED_ELSEWHERE = "\u017f\u212a\u0130\u0131"
"""Letters that Python takes for ASCII letters whatever their case, and a database may not."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """What a looked-up function works on: its stage with the facts, the days of the calendar, and the law."""

    stage: Stage
    scope_of: Callable[[Stage], Scope]
    calendar: Callable[[], Table]
    law: Law

    def scope(self) -> Scope:
        """Return the facts of the stage as its table is now."""
        return self.scope_of(self.stage)

    def working_day(self, fact: str) -> dict[str, str] | None:
        """Join what the calendar says of a day; None if nobody has it."""
        names = self.stage.facts.get(fact)
        if names is None:
            return None
        columns = ["position", "working", "reason"]
        return self.stage.join(self.calendar(), lambda own, days: [own[names.value] == days["day"]], columns)


LookedUpFunction: TypeAlias = Callable[[DerivedFact, Any, LookUp], Joined]


def _nothing() -> Cell | None:
    return None


def _plain_days(count: Callable[[Column, Column], Column]) -> LookedUpFunction:
    def join(_: DerivedFact, period: DaysBetween, at: LookUp) -> Joined:
        def column() -> Cell | None:
            cells = at.scope().cells
            start, end = cells.get(period.first), cells.get(period.last)
            return None if start is None or end is None else Cell(count(start.value, end.value))

        return column

    return join


def _working_days(_: DerivedFact, period: DaysBetween, at: LookUp) -> Joined:
    start, end = at.working_day(period.first), at.working_day(period.last)
    if start is None or end is None:
        return _nothing
    return lambda: Cell(day_columns.working_days(at.stage.table[start["position"]], at.stage.table[end["position"]]))


def _clear_working_days(_: DerivedFact, period: DaysBetween, at: LookUp) -> Joined:
    start, end = at.working_day(period.first), at.working_day(period.last)
    if start is None or end is None:
        return _nothing

    def pair(names: dict[str, str]) -> tuple[Column, Column]:
        return at.stage.table[names["position"]], at.stage.table[names["working"]]

    return lambda: Cell(day_columns.clear_working_days(pair(start), pair(end)))


def _day_away(direction: Literal[1, -1]) -> LookedUpFunction:
    def join(derived: DerivedFact, away: DayAway, at: LookUp) -> Joined:
        is_clear = away.counting in ("clear_days", "clear_working_days")
        if away.counting in ("working_days", "clear_working_days"):
            return _working_day_away(derived, away, at, direction, is_clear=is_clear)

        def column() -> Cell | None:
            day, count = at.scope().cells.get(away.day), _number_of_days(derived, away, at)
            if day is None or count is None:
                return None
            return day_columns.valid_day(day.value + count * direction + direction * is_clear)

        return column

    return join


def _number_of_days(derived: DerivedFact, away: DayAway, at: LookUp) -> Column:
    """Return the number of days as a column; None if it is unknown in every row."""
    scope, number = at.scope(), away.number
    figure = scope.figure(number.value, derived.governed_by) if number.value else None
    cell = figure.cell if figure else scope.cells.get(number.fact)
    return None if cell is None else day_columns.valid_number(cell.value)


def _working_day_away(
    derived: DerivedFact, away: DayAway, at: LookUp, direction: Literal[1, -1], *, is_clear: bool
) -> Joined:
    names = at.working_day(away.day)
    if names is None or _number_of_days(derived, away, at) is None:
        return _nothing
    days = at.calendar()
    working = days.filter(days.working).select("day", "position")

    def same_position(own: Table, other: Table) -> list[Column]:
        count = _number_of_days(derived, away, at)
        position = day_columns.position_away(own[names["position"]], own[names["working"]], count, direction)
        return [position == other["position"]]

    found = at.stage.join(working, same_position, ["day"])

    def column() -> Cell | None:
        table, count = at.stage.table, _number_of_days(derived, away, at)
        start = ibis.cases((table[names["position"]].notnull(), at.scope().cells[away.day].value))
        day = ibis.cases((count == 0, start), (count > 0, table[found["day"]]))
        return day_columns.valid_day(day + direction * is_clear)

    return column


def _is_working_day(_: DerivedFact, day: str, at: LookUp) -> Joined:
    names = at.working_day(day)
    return _nothing if names is None else lambda: Cell(at.stage.table[names["working"]])


def _day_off(_: DerivedFact, day: str, at: LookUp) -> Joined:
    names = at.working_day(day)
    return _nothing if names is None else lambda: Cell(at.stage.table[names["reason"]])


def _end_of_years(derived: DerivedFact, period: EndOfYears, at: LookUp) -> Joined:
    def column() -> Cell | None:
        scope = at.scope()
        day, years = scope.cells.get(period.day), first_figure(period.years, scope, derived.governed_by)
        return None if day is None or years is None else Cell(day_columns.end_of_years(day.value, years.value))

    return column


class TextSearch:
    """Searches the texts of one kind for the phrases of all derived facts that look for any, in one pass.

    The database finds the rows that may have a phrase, and the plain function searches these.
    """

    def __init__(self, stage: Stage, law: Law, searches: Mapping[str, tuple[DerivedFact, PhraseSearch]]) -> None:
        self._stage = stage
        self._names: dict[str, dict[str, str]] = {}
        facts = [fact for fact in stage.facts if any(fact in search.facts for _, search in searches.values())]
        if not facts:
            return
        finders = {
            name: PhraseFinder(search.facts, search.any_of, search.alone) for name, (_, search) in searches.items()
        }
        found: dict[str, list[tuple[int, str]]] = {}
        for row in stage.engine.pull(self._rows_to_search(facts, [search for _, search in searches.values()])):
            stated = {fact: row[f"t{place}"] for place, fact in enumerate(facts) if row[f"t{place}"] is not None}
            for name, (derived, _) in searches.items():
                if (text := finders[name](DerivationContext({}, law, derived.governed_by), stated)) is not None:
                    found.setdefault(name, []).append((row[stage.keys[-1]], str(text)))
        for name, texts in found.items():
            same = same_case if len(stage.keys) == 1 else same_subject
            self._names[name] = stage.join(load_texts(stage, texts), same, ["text"])

    def _rows_to_search(self, facts: list[str], searches: list[PhraseSearch]) -> Table:
        stage = self._stage
        texts = {f"t{place}": stage.kept[stage.facts[fact].value] for place, fact in enumerate(facts)}
        rows = stage.kept.select(stage.keys[-1], **texts)
        pattern = _pattern_of_words(searches)
        may_match = [rows[name].lower().re_search(pattern) for name in texts]
        return rows.filter(reduce(lambda left, right: left | right, may_match)) if pattern else rows

    def column(self, name: str) -> Cell | None:
        """Return what was found for one derived fact."""
        return Cell(self._stage.table[self._names[name]["text"]]) if name in self._names else None


def _pattern_of_words(searches: list[PhraseSearch]) -> str:
    """Return an expression that each text with one of the phrases matches in small letters; "" if there is none."""
    groups = [group for search in searches for group in search.any_of]
    words = [max((word for phrase in group for word in split_words(phrase)), key=len) for group in groups]
    if not all(word.isascii() for word in words):
        return ""
    return "|".join([*map(re.escape, dict.fromkeys(words)), f"[{_FOLDED_ELSEWHERE}]"])


LOOKED_UP_FUNCTIONS: Mapping[str, LookedUpFunction] = {
    "calendar_days": _plain_days(day_columns.calendar_days),
    "clear_days": _plain_days(day_columns.clear_days),
    "working_days": _working_days,
    "clear_working_days": _clear_working_days,
    "day_after": _day_away(1),
    "day_before": _day_away(-1),
    "is_working_day": _is_working_day,
    "day_off": _day_off,
    "end_of_years": _end_of_years,
}
"""The functions of days, by their key in a pack."""
