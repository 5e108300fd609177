"""Values: figures fixed by law or scheme, each with its history of days in force and its citation.

A value may depend on facts (`by`): the threshold of a procurement on the kind of buyer and contract. Each
row of its history then says for which choices it holds. Rows for the same choices never overlap; a day that
no row covers is `NotInForce`, never the nearest row. Nor do they leave a gap, unless the value says that for just
those days no figure could be found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

from pydantic import BeforeValidator, Field, Strict

from rules.errors import InputError, NotInForce
from rules.values import money
from rules.values.citation import Citation, Declaration
from rules.values.facts import FactValue
from rules.values.money import Money
from rules.values.units import UNIT_NEEDS_COUNT, Unit, format_in_unit

Day: TypeAlias = Annotated[date, Strict()]
Operator: TypeAlias = Literal["at_least", "more_than"]
LocatedFault: TypeAlias = tuple[tuple[str | int, ...], str]
"""What is wrong, with its place."""
_ONE_DAY = timedelta(days=1)


class Gap(NamedTuple):
    """Days for which a value has no row, between two that it has for the same choices."""

    choices: frozenset[tuple[str, str]]
    first: date
    last: date


def _parse_figure(raw: object) -> FactValue:
    """A figure as a file writes it: an amount of money starts with a pound sign, all else is taken as it is."""
    if isinstance(raw, str) and raw.startswith("£"):
        try:
            return money.parse_money(raw)
        except InputError as error:
            raise ValueError(error.message) from None
    if isinstance(raw, (bool, int, date, str, Money)):
        return raw
    raise ValueError("must be an amount such as '£181,302.00 ex VAT', a whole number, a day, true, false or a code")


Figure: TypeAlias = Annotated[
    Any, BeforeValidator(_parse_figure, json_schema_input_type=Annotated[bool | int | str, Field(title="Figure")])
]


class DatedFigure(Declaration, title="Row of a value"):
    """One period of a value: the figure, the first and last day in force, and for which choices it holds.

    A limit carries its own operator, because real schemes have changed it ("exceed", later "or above").
    """

    first: Day = Field(alias="from", description="The first day on which the figure is in force.")
    last: Day | None = Field(
        default=None, alias="to", description="The last day in force. Left out, there is no end yet."
    )
    figure: Figure = Field(alias="is", description="The figure, of the kind that the value declares.")
    operator: Operator | None = Field(
        default=None,
        description="Whether the figure itself reaches the limit: `at_least` if it does, else `more_than`.",
    )
    choices: dict[str, str] = Field(
        default_factory=dict, alias="for", description="For which choice of each fact in `by` the figure holds."
    )
    citation: Citation = Field(description="Where the figure comes from.")

    def covers(self, day: date) -> bool:
        """Whether the row is in force on a day."""
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def is_reversed(self) -> bool:
        """Whether its last day is before its first."""
        return self.last is not None and self.last < self.first


class KnownGap(Declaration, title="Days without a figure"):
    """All the days between two rows, for some choices, for which no source gave the figure that was in force; and why.

    Nothing is in force on them, so that what hangs on the figure cannot be told.
    """

    first: Day = Field(alias="from", description="The first day without a figure: the day after the row before.")
    last: Day = Field(alias="to", description="The last day without a figure: the day before the row after.")
    choices: dict[str, str] = Field(
        default_factory=dict, alias="for", description="For which choice of each fact in `by` the figure is missing."
    )
    why: str = Field(min_length=8, description="Why no figure was found. It is shown where a control needs one.")

    def covers(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day <= self.last


class DatedValue(Declaration, title="Dated value"):
    """A dated figure; without a history it is declared, and not set.

    `kind` is that of the facts compared with it, and so is `unit`, in what a count is.
    """

    kind: Literal["money", "count", "flag", "day", "choice"] = Field(
        description="What sort of figure it is: the same as that of the facts it is compared with."
    )
    label: str = Field(min_length=3, description="Its name, as people read it.")
    about: str = Field(default="", description="What the figure means, and how it is counted.")
    by: tuple[str, ...] = Field(
        default=(),
        description="Facts of kind `choice` that pick the figure: each row says `for` which choices it holds.",
    )
    unit: Unit | None = Field(default=None, description="For the kind `count`: what the whole number counts.")
    history: tuple[DatedFigure, ...] = Field(
        default=(), description="The figures, oldest first. Left out, the value is declared and not set."
    )
    not_found: tuple[KnownGap, ...] = Field(
        default=(), description="Days between two rows for which no source gives the figure."
    )

    def in_force_on(self, name: str, day: date, choices: Mapping[str, str]) -> DatedFigure:
        """The row in force on a day for some choices of the facts in `by`; raises `NotInForce`."""
        rows = [row for row in self.history if row.choices == choices]
        for row in rows:
            if row.covers(day):
                return row
        raise NotInForce(
            name, day, min((row.first for row in rows), default=None), reason=self._gap_reason(day, choices)
        )

    def format_figure(self, figure: FactValue) -> str:
        """A figure as people read it."""
        return format_in_unit(self.unit, figure) if self.unit and type(figure) is int else str(figure)

    def _gap_reason(self, day: date, choices: Mapping[str, str]) -> str:
        """Why nothing is held for a day, where the value says so."""
        return next((hole.why for hole in self.not_found if hole.choices == choices and hole.covers(day)), "")

    @property
    def can_be_set(self) -> bool:
        """Whether an authority may set it: it has no row yet, or none whose source anybody has checked."""
        return all(row.citation.basis == "unverified" for row in self.history)

    @property
    def has_operators(self) -> bool:
        """Whether each row says if its figure itself is within the limit."""
        return all(row.operator is not None for row in self.history)

    def figures_outside(self, choices: Collection[str]) -> list[str]:
        """The figures that are none of some choices."""
        return [str(row.figure) for row in self.history if row.figure not in choices]

    def find_faults(self) -> list[LocatedFault]:
        """What is wrong with the history, each with its place: choices, kinds, order, overlaps and gaps."""
        found: list[LocatedFault] = []
        if self.unit and self.kind != "count":
            found.append((("unit",), UNIT_NEEDS_COUNT))
        for place, row in enumerate(self.history):
            found += ((("history", place, key), message) for key, message in self._row_faults(row))
        return [*found, *find_order_faults(self.history, self.not_found)]

    def _row_faults(self, row: DatedFigure) -> Iterator[tuple[str, str]]:
        if set(row.choices) != set(self.by):
            yield "for", f"must name {', '.join(self.by) or 'no facts'}"
        if not figure_has_kind(self.kind, row.figure):
            yield "is", f"is not of kind {self.kind}"


def figure_has_kind(kind: str, figure: object) -> bool:
    """Whether a figure is of the kind that a value or fact declares."""
    types: dict[str, type] = {"money": Money, "day": date, "flag": bool, "choice": str, "text": str, "count": int}
    return type(figure) is types[kind]


def find_order_faults(history: Sequence[DatedFigure], not_found: Sequence[KnownGap] = ()) -> list[LocatedFault]:
    """What is wrong with the order of some rows, each with its place: days turned round, overlaps and gaps.

    A gap that is not said to be one is a fault, and so is what is said to be one where there is none.
    """
    by_choice: dict[frozenset[tuple[str, str]], list[tuple[int, DatedFigure]]] = {}
    for place, row in enumerate(history):
        by_choice.setdefault(frozenset(row.choices.items()), []).append((place, row))
    found = [(("history", at, "to"), "is before the first day") for at, row in enumerate(history) if row.is_reversed]
    overlaps = [fault for rows in by_choice.values() for fault in _find_overlaps(rows)]
    gaps = {gap: place for rows in by_choice.values() for gap, place in _find_gaps(rows)}
    return [*found, *overlaps, *_gap_faults(gaps, not_found)]


def _gap_faults(gaps: Mapping[Gap, int], not_found: Sequence[KnownGap]) -> Iterator[LocatedFault]:
    holes = [Gap(frozenset(hole.choices.items()), hole.first, hole.last) for hole in not_found]
    for gap, place in gaps.items():
        if gap not in holes:
            yield ("history", place, "from"), f"leaves a gap after {(gap.first - _ONE_DAY).isoformat()}"
    for place, hole in enumerate(holes):
        if hole not in gaps:
            yield ("not_found", place), "must be all the days between two rows for the same choices"


def _find_overlaps(rows: list[tuple[int, DatedFigure]]) -> Iterator[LocatedFault]:
    for (_, before), (place, after) in pairwise(rows):
        if before.last is None or after.first <= before.last:
            message = f"overlaps the row from {before.first.isoformat()}, or stands out of order"
            yield ("history", place, "from"), message


def _find_gaps(rows: list[tuple[int, DatedFigure]]) -> Iterator[tuple[Gap, int]]:
    """The days between two rows for the same choices, with the place of the second."""
    for (_, before), (place, after) in pairwise(rows):
        if before.last is not None and after.first > before.last + _ONE_DAY:
            yield Gap(frozenset(before.choices.items()), before.last + _ONE_DAY, after.first - _ONE_DAY), place
