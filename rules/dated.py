"""Values: figures fixed by law or scheme, each with its history of days in force and its citation.

A value may depend on facts (`by`): the threshold of a procurement on the kind of buyer and contract. Each
row of its history then says for which choices it holds. Rows for the same choices never overlap; a day that
no row covers is `NotInForce`, never the nearest row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, Strict

from rules import money
from rules.citation import Citation, Declaration
from rules.errors import InputError, NotInForce
from rules.facts import FactValue
from rules.money import Money

Day: TypeAlias = Annotated[date, Strict()]
Operator: TypeAlias = Literal["at_least", "more_than"]


def _figure(given: object) -> FactValue:
    """A figure as a file writes it: an amount of money starts with a pound sign, all else is taken as it is."""
    if isinstance(given, str) and given.startswith("£"):
        try:
            return money.parse(given)
        except InputError as error:
            raise ValueError(error.message) from None
    if isinstance(given, (bool, int, date, str, Money)):
        return given
    raise ValueError("must be an amount such as '£181,302.00 ex VAT', a whole number, a day, true, false or a code")


Figure: TypeAlias = Annotated[Any, BeforeValidator(_figure)]


class Row(Declaration):
    """One period of a value: the figure, the first and last day in force, and for which choices it holds.

    A limit carries its own operator, because real schemes have changed it ("exceed", later "or above").
    """

    first: Day = Field(alias="from")
    last: Day | None = Field(default=None, alias="to")
    figure: Figure = Field(alias="is")
    operator: Operator | None = None
    choices: dict[str, str] = Field(default_factory=dict, alias="for")
    citation: Citation

    def covers(self, on: date) -> bool:
        """Whether the row is in force on a day."""
        return self.first <= on and (self.last is None or on <= self.last)


class Value(Declaration):
    """A dated figure. `kind` is that of the facts it is compared with."""

    kind: Literal["money", "count", "flag", "day", "choice"]
    label: str = Field(min_length=3)
    about: str = ""
    by: tuple[str, ...] = ()
    history: tuple[Row, ...] = Field(min_length=1)

    def on(self, name: str, day: date, choices: Mapping[str, str]) -> Row:
        """The row in force on a day for some choices of the facts in `by`; raises `NotInForce`."""
        rows = [row for row in self.history if row.choices == choices]
        for row in rows:
            if row.covers(day):
                return row
        raise NotInForce(name, day, min((row.first for row in rows), default=None))

    def faults(self) -> list[tuple[tuple[str | int, ...], str]]:
        """What is wrong with the history, each with its place: choices, kinds, order, overlaps and gaps."""
        found: list[tuple[tuple[str | int, ...], str]] = []
        by_choice: dict[frozenset[tuple[str, str]], list[tuple[int, Row]]] = {}
        for place, row in enumerate(self.history):
            here = ("history", place)
            if set(row.choices) != set(self.by):
                found.append(((*here, "for"), f"must name {', '.join(self.by) or 'no facts'}"))
            if not fits(self.kind, row.figure):
                found.append(((*here, "is"), f"is not of kind {self.kind}"))
            if row.last is not None and row.last < row.first:
                found.append(((*here, "to"), "is before the first day"))
            by_choice.setdefault(frozenset(row.choices.items()), []).append((place, row))
        for rows in by_choice.values():
            found += _order_faults(rows)
        return found


def fits(kind: str, figure: object) -> bool:
    """Whether a figure is of the kind that a value or fact declares."""
    types: dict[str, type] = {"money": Money, "day": date, "flag": bool, "choice": str, "text": str, "count": int}
    return type(figure) is types[kind]


def _order_faults(rows: list[tuple[int, Row]]) -> list[tuple[tuple[str | int, ...], str]]:
    found: list[tuple[tuple[str | int, ...], str]] = []
    for (_, before), (place, after) in pairwise(rows):
        here = ("history", place, "from")
        if before.last is None or after.first <= before.last:
            found.append((here, f"overlaps the row from {before.first.isoformat()}, or stands out of order"))
        elif (after.first - before.last).days > 1:
            found.append((here, f"leaves a gap after {before.last.isoformat()}"))
    return found
