"""Boundaries: the days and figures at which the law changes its answer, and the examples on both sides of each.

Literals divide what can be into classes: a row of a dated value by its first and last day and by its figure, a control
(or a derived fact that it rests on) by every day and figure that it compares with. A typo moves such a boundary, and
only an example right beside it can notice. Rows alike in days, figure and operator are one class, whatever choices they
are for: a typo in one of them makes a class of its own, and that class needs an example.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rules.errors import Fault
from rules.judging.rulebook import Control, Rulebook
from rules.language.conditions import Predicate, ValueRef
from rules.language.dated_values import DatedFigure
from rules.packs.pack_file import PackFile
from rules.proving.example_run import ExampleRun
from rules.proving.rulebook_index import ONE_DAY, FactComparer, RulebookIndex, index_rulebook
from rules.values.facts import Facts, FactValue
from rules.values.money import Money

_BELOW, _ABOVE, _AROUND = (-1, 0), (0, 1), (-1, 0, 1)
_STEPS: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(("at_least", "less_than", "on_or_after", "before"), _BELOW),
    **dict.fromkeys(("more_than", "at_most", "after", "on_or_before"), _ABOVE),
    **dict.fromkeys(("is", "is_not"), _AROUND),
}
_STEP_DESCRIPTIONS = {-1: "just below", 0: "exactly at", 1: "just above"}
_NOT_COMPARABLE = 2
"""A distance that is no step: where a fact and a figure cannot be compared."""


class BoundarySide(NamedTuple):
    """One side of one boundary: the value, control or derived fact, the class that it bounds, and the exact place."""

    name: str
    boundary: object
    value: FactValue


def unreachable_row_faults(rulebook: Rulebook, locations: DeclarationLocations) -> list[Fault]:
    """Return a fault for every row that no control can come to."""
    rows = index_rulebook(rulebook).unreachable_rows()
    return [locations.unreachable_row_fault(name, row_index) for name, row_index in rows]


def untested_boundary_faults(
    rulebook: Rulebook, locations: DeclarationLocations, tested: Container[BoundarySide]
) -> dict[BoundarySide, Fault]:
    """Return a fault for every required side of a boundary that is not among those tested."""
    return {
        side: Fault(locations.example_file_for(side.name), 1, side.name, f"no example stands {description}")
        for side, description in required_boundaries(index_rulebook(rulebook)).items()
        if side not in tested
    }


def sides_with_examples(rulebook: Rulebook, runs: Iterable[ExampleRun]) -> set[BoundarySide]:
    """Return every side of a boundary on which some examples stand."""
    return set(_tested_sides(index_rulebook(rulebook), runs))


def examples_beside_rows(rulebook: Rulebook, runs: Iterable[ExampleRun]) -> dict[BoundarySide, str]:
    """Return the places beside the days and figures of dated values where examples stand, each with one by name."""
    index = index_rulebook(rulebook)
    found: dict[BoundarySide, str] = {}
    for example in runs:
        for side in _tested_sides(index, [example]):
            if side.name in rulebook.law.values:
                found.setdefault(side, example.name)
    return found


def sides_of_row(name: str, row: DatedFigure) -> Iterator[tuple[str, BoundarySide]]:
    """Yield each place beside the figure and the days of a row, with what stands there: `at £150,000`."""
    comparator = row.operator or "is"
    for figure in _values_beside(comparator, row.figure):
        yield f"at {_format_figure(figure)}", BoundarySide(name, (_row_class(row), "figure"), figure)
    for day in (row.first - ONE_DAY, row.first, *((row.last, row.last + ONE_DAY) if row.last else ())):
        yield f"on {day.isoformat()}", BoundarySide(name, _row_class(row), day)


@lru_cache(maxsize=8)
def required_boundaries(index: RulebookIndex) -> Mapping[BoundarySide, str]:
    """Return every side of a boundary where an example has to stand, each with a description."""
    found: dict[BoundarySide, str] = {}
    for name, value in index.rulebook.law.values.items():
        for row in value.history:
            found |= _required_day_boundaries(index, name, row)
    # A derived fact compares with the same literals whichever control rests on it.
    for comparer in {
        comparer.name: comparer for comparers in index.comparers.values() for comparer in comparers
    }.values():
        for term in comparer.terms():
            found |= _required_literal_boundaries(
                comparer, term, may_be_negative=index.rulebook.facts[term.fact].negative
            )
    for name, comparers in index.comparers.items():
        for comparer in comparers:
            for term in comparer.terms():
                found |= _required_figure_boundaries(index, index.rulebook.controls[name], comparer, term)
    return found


def _required_day_boundaries(
    index: RulebookIndex, value_name: str, row: DatedFigure
) -> Iterator[tuple[BoundarySide, str]]:
    """Yield the first and last day of a row, and the days beside them, where a control may use its value then."""
    days = [(row.first, "the first day"), (row.first - ONE_DAY, "the day before the first")]
    if row.last is not None:
        days += [(row.last, "the last day"), (row.last + ONE_DAY, "the day after the last")]
    for day, which in days:
        if index.may_be_used_on(value_name, day, row):
            description = f"on {day.isoformat()}, {which} of {_describe_row(row)}"
            yield BoundarySide(value_name, _row_class(row), day), description


def _required_literal_boundaries(
    comparer: FactComparer, term: Predicate, *, may_be_negative: bool
) -> Iterator[tuple[BoundarySide, str]]:
    """Yield the places beside the literal of a test; none where it compares with a dated value."""
    if isinstance(term.operand, ValueRef):
        return
    for value in _values_beside(term.comparator, term.operand, may_be_negative=may_be_negative):
        description = f"at {term.fact} {_format_figure(value)}, beside {_describe_literal(term)}"
        yield BoundarySide(comparer.name, term, value), description


def _required_figure_boundaries(
    index: RulebookIndex, control: Control, comparer: FactComparer, term: Predicate
) -> Iterator[tuple[BoundarySide, str]]:
    """Yield the places beside each figure of the dated value in a test, of the rows that the control can come to."""
    if not isinstance(term.operand, ValueRef):
        return
    name = term.operand.value_name
    history = index.rulebook.law.values[name].history
    for row in (history[place] for place in sorted(index.reachable_rows(control, comparer, name))):
        for value in _values_beside(row.operator or term.comparator, row.figure):
            description = f"at {term.fact} {_format_figure(value)}, beside {_describe_row(row)}"
            yield BoundarySide(name, (_row_class(row), "figure"), value), description
            step = _distance_above(row.figure, value)
            yield (
                BoundarySide(control.id, (term, "step"), step),
                f"at {term.fact} {_STEP_DESCRIPTIONS[step]} a figure of {name}",
            )


def _tested_sides(index: RulebookIndex, runs: Iterable[ExampleRun]) -> Iterator[BoundarySide]:
    """Yield every place where an example stands, as the facts that its controls compare have it."""
    for example in runs:
        for expectation in example.expectations:
            for comparer in index.comparers[expectation.control]:
                for facts in comparer.subject_facts(expectation.subject, example.evidence):
                    yield from _tested_sides_of_comparer(index, expectation.control, comparer, facts)


def _tested_sides_of_comparer(
    index: RulebookIndex, control: str, comparer: FactComparer, facts: Facts
) -> Iterator[BoundarySide]:
    """Yield where some facts stand: on the day of each row of a comparer's values, and beside each of its tests."""
    day = facts.get(comparer.governed_by)
    in_force: dict[str, list[DatedFigure]] = {name: [] for name in comparer.values}
    if isinstance(day, date):
        for name in comparer.values:
            rows = index.rows_for(name, facts)
            yield from (BoundarySide(name, _row_class(row), day) for row in rows)
            in_force[name] = [row for row in rows if row.covers(day)]
    for term in comparer.terms():
        if term.fact in facts:
            yield from _tested_sides_of_term(control, comparer, term, facts[term.fact], in_force)


def _tested_sides_of_term(
    control: str, comparer: FactComparer, term: Predicate, value: FactValue, in_force: Mapping[str, list[DatedFigure]]
) -> Iterator[BoundarySide]:
    """Yield where a fact stands for one test: beside its literals, or beside the figures of its value in force."""
    if not isinstance(term.operand, ValueRef):
        literals = term.operand if isinstance(term.operand, tuple) else (term.operand,)
        yield from (BoundarySide(comparer.name, term, _on_vat_basis_of(literal, value)) for literal in literals)
        return
    for row in in_force[term.operand.value_name]:
        yield BoundarySide(term.operand.value_name, (_row_class(row), "figure"), _on_vat_basis_of(row.figure, value))
        yield BoundarySide(control, (term, "step"), _distance_above(row.figure, value))


def _on_vat_basis_of(figure: object, value: FactValue) -> FactValue:
    """Return an amount on the VAT basis of a comparable figure; any other value as it is."""
    if isinstance(figure, Money) and isinstance(value, Money) and figure.is_comparable_with(value):
        return Money(value.pence, figure.vat)
    return value


def _distance_above(figure: object, value: object) -> int:
    """Return how many pence, days or units a fact lies above a figure."""
    if isinstance(figure, Money) and isinstance(value, Money) and figure.is_comparable_with(value):
        return value.pence - figure.pence
    if isinstance(figure, date) and isinstance(value, date):
        return (value - figure).days
    return value - figure if type(figure) is int and type(value) is int else _NOT_COMPARABLE


def _row_class(row: DatedFigure) -> tuple[object, ...]:
    return (row.first, row.last, row.figure, row.operator)


def _values_beside(comparator: str, operand: object, *, may_be_negative: bool = False) -> Iterator[FactValue]:
    """Yield the values at a literal and next to it between which a test changes its answer."""
    if comparator == "within" and isinstance(operand, tuple):
        for end, bound in zip(("at_least", "at_most"), operand, strict=True):
            yield from _values_beside(end, bound, may_be_negative=may_be_negative)
        return
    for step in _STEPS.get(comparator, ()):
        if isinstance(operand, Money) and (may_be_negative or operand.pence + step >= 0):
            yield Money(operand.pence + step, operand.vat)
        elif isinstance(operand, date):
            yield operand + step * ONE_DAY
        elif type(operand) is int and operand + step >= 0:
            yield operand + step


def _describe_row(row: DatedFigure) -> str:
    """Describe a row by its figure, its choices and its first day."""
    choices = f" for {', '.join(row.choices.values())}" if row.choices else ""
    return f"{_format_figure(row.figure)}{choices} from {row.first.isoformat()}"


def _describe_literal(term: Predicate) -> str:
    operand = term.operand if isinstance(term.operand, tuple) else (term.operand,)
    return f"{term.comparator} {' to '.join(_format_figure(part) for part in operand)}"


def _format_figure(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class DeclarationLocations:
    """The places of declarations in their files, and the files where their examples belong."""

    pack_files: tuple[PackFile, ...]
    example_files: tuple[str, ...]

    def example_file_for(self, name: str) -> str:
        """Return the file of examples beside the pack that declares a name, or that sets its days."""
        pack_file = self._pack_file(name).source.name
        beside = pack_file.removesuffix("yaml") + "examples.yaml"
        if beside in self.example_files or pack_file.startswith("law/"):
            return beside
        return f"{pack_file.rpartition('/')[0]}/examples.yaml"

    def unreachable_row_fault(self, name: str, row_index: int) -> Fault:
        """Return the fault that no control can come to a row."""
        pack_file = self._pack_file(name)
        section = "sets" if name in pack_file.pack.sets else "values"
        message = "can never be picked: no control that asks about it applies on its days and for its choices"
        return pack_file.source.fault_at((section, name, "history", row_index), message)

    def _pack_file(self, name: str) -> PackFile:
        setting = [pack_file for pack_file in self.pack_files if _sets(pack_file, name)]
        declaring = (pack_file for pack_file in self.pack_files if _declares(pack_file, name))
        return setting[0] if setting else next(declaring)


def _sets(pack_file: PackFile, name: str) -> bool:
    """Whether a pack sets the history of a value, or the days of a control that it cites."""
    citing = pack_file.pack.cites.get(name)
    return name in pack_file.pack.sets or (citing is not None and citing.in_force is not None)


def _declares(pack_file: PackFile, name: str) -> bool:
    pack = pack_file.pack
    return name in pack.values or name in pack.controls or name in pack.derived
