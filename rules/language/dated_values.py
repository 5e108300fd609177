"""Figures fixed by law or scheme, each with a history of days in force and its citation.

A value may depend on facts (`by`): a procurement threshold depends on the kinds of buyer and contract. Each row of its
history then names the choices for which it holds. Rows for the same choices are in order, never overlap, and leave no
gap, unless the value declares that no figure could be found for those days. A day that no row covers is `NotInForce`;
the nearest row is never used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

from pydantic import BeforeValidator, Field, Strict

from rules.errors import InputError, NotInForce
from rules.reading.yaml_reader import LocatedFault
from rules.values import money
from rules.values.citation import Citation, Declaration
from rules.values.facts import FactValue
from rules.values.money import Money
from rules.values.units import UNIT_NEEDS_COUNT, Unit, format_in_unit

Day: TypeAlias = Annotated[date, Strict()]
Operator: TypeAlias = Literal["at_least", "more_than"]
_ONE_DAY = timedelta(days=1)


class Gap(NamedTuple):
    """The days between two rows for the same choices that no row covers."""

    choices: frozenset[tuple[str, str]]
    first: date
    last: date


def _parse_figure(raw: object) -> FactValue:
    """Parse a figure: text that starts with a pound sign is an amount."""
    if isinstance(raw, str) and raw.startswith("£"):
        try:
            return money.parse_money(raw)
        except InputError as error:
            stated = money.parse_money_as_stated(raw)
            unless_stated = f", or write {raw} as stated if the source does not say" if stated else ""
            raise ValueError(f"{error.message}{unless_stated}") from None
    if isinstance(raw, (bool, int, date, str, Money)):
        return raw
    raise ValueError("must be an amount such as '£181,302.00 ex VAT', a whole number, a day, true, false or a code")


Figure: TypeAlias = Annotated[
    Any, BeforeValidator(_parse_figure, json_schema_input_type=Annotated[bool | int | str, Field(title="Figure")])
]


class DatedFigure(Declaration, title="Row of a value"):
    """One row of a value, with its days in force.

    `choices` are those of the facts in `by` for which the row holds. A limit carries its own operator, because real
    schemes have changed theirs ("exceed", later "or above").
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
        """Return whether the row is in force on a day."""
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def is_reversed(self) -> bool:
        """Whether its last day is before its first."""
        return self.last is not None and self.last < self.first


class KnownGap(Declaration, title="Days without a figure"):
    """All the days between two rows for which no source gives the figure, and why.

    Nothing is in force on these days, so that controls that need the figure are undetermined.
    """

    first: Day = Field(alias="from", description="The first day without a figure: the day after the row before.")
    last: Day = Field(alias="to", description="The last day without a figure: the day before the row after.")
    choices: dict[str, str] = Field(
        default_factory=dict, alias="for", description="For which choice of each fact in `by` the figure is missing."
    )
    why: str = Field(min_length=8, description="Why no figure was found. It is shown where a control needs one.")

    def covers(self, day: date) -> bool:
        """Return whether a day is in the gap."""
        return self.first <= day <= self.last


class DatedValue(Declaration, title="Dated value"):
    """A figure with its history; without one, the value is declared but not set.

    `kind` and `unit` are those of the facts that are compared with it.
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
        """Return the row in force for some choices; raises `NotInForce`."""
        rows = [row for row in self.history if row.choices == choices]
        for row in rows:
            if row.covers(day):
                return row
        first = min((row.first for row in rows), default=None)
        ends = [row.last for row in rows if row.last is not None]
        last = max(ends) if ends and len(ends) == len(rows) else None
        raise NotInForce(name, day, first, last, reason=self._gap_reason(day, choices))

    def format_figure(self, figure: FactValue) -> str:
        """Format a figure for people: a flag as yes or no."""
        if isinstance(figure, bool):
            return "yes" if figure else "no"
        return format_in_unit(self.unit, figure) if self.unit and type(figure) is int else str(figure)

    def _gap_reason(self, day: date, choices: Mapping[str, str]) -> str:
        """Return why no figure is known for a day, if the value declares it."""
        return next((gap.why for gap in self.not_found if gap.choices == choices and gap.covers(day)), "")

    @property
    def can_be_set(self) -> bool:
        """Whether an authority may set it: it has no row whose source was checked."""
        return all(row.citation.checked_by == "unverified" for row in self.history)

    @property
    def has_operators(self) -> bool:
        """Whether every row has an operator."""
        return all(row.operator is not None for row in self.history)

    def figures_outside(self, choices: Collection[str]) -> list[str]:
        """Return the figures that are not among some choices."""
        return [str(row.figure) for row in self.history if row.figure not in choices]

    def find_faults(self) -> list[LocatedFault]:
        """Return every fault of the value and its rows."""
        faults: list[LocatedFault] = []
        if self.unit and self.kind != "count":
            faults.append((("unit",), UNIT_NEEDS_COUNT))
        for index, row in enumerate(self.history):
            faults += ((("history", index, key), message) for key, message in self._row_faults(row))
        return [*faults, *find_order_faults(self.history, self.not_found)]

    def _row_faults(self, row: DatedFigure) -> Iterator[tuple[str, str]]:
        if set(row.choices) != set(self.by):
            yield "for", f"must name {', '.join(self.by) or 'no facts'}"
        if not figure_has_kind(self.kind, row.figure):
            yield "is", f"is not of kind {self.kind}"


_IndexedRow: TypeAlias = tuple[int, DatedFigure]
"""A row with its index in the history."""


def figure_has_kind(kind: str, figure: object) -> bool:
    """Return whether a figure has exactly the type of a declared kind."""
    types: dict[str, type] = {"money": Money, "day": date, "flag": bool, "choice": str, "text": str, "count": int}
    return type(figure) is types[kind]


def find_order_faults(history: Sequence[DatedFigure], not_found: Sequence[KnownGap] = ()) -> list[LocatedFault]:
    """Find rows with reversed days, overlaps and gaps.

    A gap that is not declared in `not_found` is a fault, and so is a declared one that is none.
    """
    rows_by_choices: dict[frozenset[tuple[str, str]], list[_IndexedRow]] = {}
    for index, row in enumerate(history):
        rows_by_choices.setdefault(frozenset(row.choices.items()), []).append((index, row))
    reversed_rows = [
        (("history", index, "to"), "is before the first day") for index, row in enumerate(history) if row.is_reversed
    ]
    overlaps = [fault for rows in rows_by_choices.values() for fault in _find_overlaps(rows)]
    gaps = {gap: index for rows in rows_by_choices.values() for gap, index in _find_gaps(rows)}
    return [*reversed_rows, *overlaps, *_gap_faults(gaps, not_found)]


def _gap_faults(gaps: Mapping[Gap, int], not_found: Sequence[KnownGap]) -> Iterator[LocatedFault]:
    declared_gaps = [Gap(frozenset(known.choices.items()), known.first, known.last) for known in not_found]
    for gap, index in gaps.items():
        if gap not in declared_gaps:
            yield ("history", index, "from"), f"leaves a gap after {(gap.first - _ONE_DAY).isoformat()}"
    for index, declared_gap in enumerate(declared_gaps):
        if declared_gap not in gaps:
            yield ("not_found", index), "must cover exactly the days between two rows for the same choices"


def _find_overlaps(rows: list[_IndexedRow]) -> Iterator[LocatedFault]:
    for (_, earlier), (index, later) in pairwise(rows):
        if earlier.last is None or later.first <= earlier.last:
            message = f"overlaps the row from {earlier.first.isoformat()}, or is out of order"
            yield ("history", index, "from"), message


def _find_gaps(rows: list[_IndexedRow]) -> Iterator[tuple[Gap, int]]:
    """Yield the gaps, each with the index of the row after it."""
    for (_, earlier), (index, later) in pairwise(rows):
        if earlier.last is not None and later.first > earlier.last + _ONE_DAY:
            yield Gap(frozenset(earlier.choices.items()), earlier.last + _ONE_DAY, later.first - _ONE_DAY), index
