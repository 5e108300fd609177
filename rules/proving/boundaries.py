"""Boundaries: the days and figures at which the law changes its answer, and whether examples stand on both sides.

Literals cut what can be into classes: a row of a dated value by its first and its last day and by its figure, a control
(or a derived fact that it rests on) by every day and figure that it compares with. A typo moves such a cut, and only
an example that stands right beside it can notice. Rows alike in days, figure and operator are one class, whatever they
are for: a typo in one of them makes a class of its own, and that asks for an example.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from rules.errors import Fault
from rules.judging.rulebook import Control, Rulebook
from rules.language.conditions import AnyOf, Condition, Predicate, Truth, ValueRef, evaluate, predicates_in
from rules.language.dated_values import DatedFigure
from rules.language.derived_facts import DerivedFact
from rules.packs.linker import PackFile
from rules.proving.example_run import ExampleRun
from rules.values.evidence import Evidence
from rules.values.facts import CASE, Facts, FactValue, kind_of_subject, subject_kind_of
from rules.values.money import Money

_BELOW, _ABOVE, _AROUND = (-1, 0), (0, 1), (-1, 0, 1)
_STEPS: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(("at_least", "less_than", "on_or_after", "before"), _BELOW),
    **dict.fromkeys(("more_than", "at_most", "after", "on_or_before"), _ABOVE),
    **dict.fromkeys(("is", "is_not"), _AROUND),
}
_STEP_DESCRIPTIONS = {-1: "just below", 0: "exactly at", 1: "just above"}
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FactComparer:
    """What compares facts with figures: a control, or a derived fact that controls rest on.

    `of` is the kind of subject whose facts it looks at; with `everyone` it looks at each of them.
    """

    name: str
    governed_by: str
    subject_kind: str
    conditions: tuple[Condition, ...]
    values: tuple[str, ...]
    reads_all_subjects: bool = False

    def subject_facts(self, subject: str, evidence: Evidence) -> Iterator[Facts]:
        """What it looks at where a control of a subject is asked."""
        if self.subject_kind == CASE:
            yield evidence.case_facts
        elif self.subject_kind == kind_of_subject(subject) and not self.reads_all_subjects:
            yield evidence.facts_of(subject)
        else:
            yield from (evidence.facts_of(other) for other in evidence.subjects_of_kind(self.subject_kind))


class BoundarySide(NamedTuple):
    """One side of a boundary, as a place where an example has to stand: of what, of which class, and exactly where."""

    name: str
    boundary: object
    value: FactValue


@dataclass(frozen=True)
class RulebookIndex:
    """A rulebook by what asks about its facts: each control, the derived facts behind it, and the values of both."""

    rulebook: Rulebook

    @cached_property
    def comparers(self) -> Mapping[str, tuple[FactComparer, ...]]:
        """By control: the control itself and every derived fact behind it."""
        return {name: (_comparer_of_control(control), *map(_comparer_of_derived_fact, self.derived_dependencies[name]))
                for name, control in self.rulebook.controls.items()}  # fmt: skip

    @cached_property
    def derived_dependencies(self) -> Mapping[str, tuple[DerivedFact, ...]]:
        """By control: the derived facts that it rests on, at any remove."""
        alone = {name: {name: control} for name, control in self.rulebook.controls.items()}
        return {
            name: replace(self.rulebook, controls=one).gate_rules(None).derived_facts for name, one in alone.items()
        }

    def controls_using(self, value: str) -> Iterator[tuple[Control, FactComparer]]:
        """The controls that rest on a value, each with the asker through which it does: itself, or a derived fact."""
        for name, askers in self.comparers.items():
            yield from ((self.rulebook.controls[name], asker) for asker in askers if value in asker.values)

    def may_be_used_on(self, value: str, day: date, row: DatedFigure) -> bool:
        """Whether some control may ask for a value on a day and for the choices of a row."""
        return any(_may_apply(control, asker, day, row) is not False for control, asker in self.controls_using(value))

    def is_unreachable(self, value: str, row: DatedFigure) -> bool:
        """Whether no control can ever come to a row, although some rest on its value."""
        resting = list(self.controls_using(value))
        return bool(resting) and not any(_may_reach_row(control, asker, row) for control, asker in resting)


def _may_reach_row(control: Control, comparer: FactComparer, row: DatedFigure) -> bool:
    """Whether a control may ever ask for a row, in any of the parts into which its days cut the row's period."""
    return any(_may_apply(control, comparer, day, row) is not False for day in _sample_days(row, control, comparer))


def _comparer_of_control(control: Control) -> FactComparer:
    declared = control.declaration
    return FactComparer(
        control.id, declared.governed_by, declared.of, (control.applies, control.requires), control.values
    )


def _comparer_of_derived_fact(fact: DerivedFact) -> FactComparer:
    of = fact.related_kind or subject_kind_of(fact.name)
    return FactComparer(fact.name, fact.governed_by, of, fact.conditions, fact.values, bool(fact.related_kind))


def _may_apply(control: Control, comparer: FactComparer, day: date, row: DatedFigure) -> Truth:
    """Whether a control applies, as far as the day and the choices of a row tell."""
    known: dict[str, FactValue] = {}
    if comparer.governed_by == control.declaration.governed_by:
        known[comparer.governed_by] = day
    if not comparer.reads_all_subjects:
        known |= row.choices
    return _may_hold(control.applies, known)


def _may_hold(condition: Condition, known: Facts) -> Truth:
    """Whether a condition holds, by some facts alone; None where other facts could still decide it."""
    if isinstance(condition, Predicate):
        return evaluate(condition, known) if condition.fact in known else None
    truths = [_may_hold(part, known) for part in condition.conditions]
    settling = isinstance(condition, AnyOf)
    if settling in truths:
        return settling
    return None if None in truths else not settling


def _sample_days(row: DatedFigure, control: Control, comparer: FactComparer) -> Iterator[date]:
    """A day of each of the parts into which the days in a control's `when` cut a row's period."""
    said = [term.operand for term in predicates_in(control.applies) if term.fact == comparer.governed_by]
    literals = [day for day in said if isinstance(day, date)]
    ends = [row.first, row.last or max([row.first, *literals]) + _ONE_DAY]
    yield from (day for day in (*ends, *(d + step * _ONE_DAY for d in literals for step in _AROUND)) if row.covers(day))


def unreachable_row_faults(rulebook: Rulebook, locations: DeclarationLocations) -> list[Fault]:
    """Every row that can never be picked."""
    return [locations.unreachable_row_fault(name, place) for name, place in unreachable_rows(RulebookIndex(rulebook))]


def untested_boundary_faults(
    rulebook: Rulebook, locations: DeclarationLocations, tested: Container[BoundarySide]
) -> dict[BoundarySide, Fault]:
    """Every side of a boundary on which no example stands, of those on which some do."""
    return {
        cut: Fault(locations.example_file_for(cut.name), 1, cut.name, f"no example stands {words}")
        for cut, words in required_boundaries(RulebookIndex(rulebook)).items()
        if cut not in tested
    }


def sides_with_examples(rulebook: Rulebook, runs: Iterable[ExampleRun]) -> set[BoundarySide]:
    """Every side of a boundary on which some examples stand."""
    return set(_tested_sides(RulebookIndex(rulebook), runs))


def unreachable_rows(index: RulebookIndex) -> Iterator[tuple[str, int]]:
    """The rows that no control can ever come to, by value and place."""
    for name, value in index.rulebook.law.values.items():
        yield from ((name, place) for place, row in enumerate(value.history) if index.is_unreachable(name, row))


def required_boundaries(index: RulebookIndex) -> dict[BoundarySide, str]:
    """Every place where an example has to stand, with words for it."""
    found: dict[BoundarySide, str] = {}
    for name, value in index.rulebook.law.values.items():
        for row in value.history:
            found |= _required_day_boundaries(index, name, row)
    for control, askers in index.comparers.items():
        for asker in askers:
            for term in (term for condition in asker.conditions for term in predicates_in(condition)):
                found |= _required_term_boundaries(index.rulebook, index.rulebook.controls[control], asker, term)
    return found


def _required_day_boundaries(
    index: RulebookIndex, value_name: str, row: DatedFigure
) -> Iterator[tuple[BoundarySide, str]]:
    """The first and the last day of a row, and the days beside them on which a control may ask."""
    days = [(row.first, "the first day"), (row.first - _ONE_DAY, "the day before the first")]
    if row.last is not None:
        days += [(row.last, "the last day"), (row.last + _ONE_DAY, "the day after the last")]
    for day, which in days:
        if index.may_be_used_on(value_name, day, row):
            yield (
                BoundarySide(value_name, _row_class(row), day),
                f"on {day.isoformat()}, {which} of {_describe_row(row)}",
            )


def _required_term_boundaries(
    rulebook: Rulebook, control: Control, comparer: FactComparer, term: Predicate
) -> Iterator[tuple[BoundarySide, str]]:
    """Where examples have to stand for one test: beside its literal, or beside each figure of its dated value."""
    if not isinstance(term.operand, ValueRef):
        for at in _values_beside(term.comparator, term.operand):
            yield (
                BoundarySide(comparer.name, term, at),
                f"at {term.fact} {_format_figure(at)}, beside {_describe_literal(term)}",
            )
        return
    name = term.operand.value_name
    for row in rulebook.law.values[name].history:
        for at in (
            _values_beside(row.operator or term.comparator, row.figure)
            if _may_reach_row(control, comparer, row)
            else ()
        ):
            where = f"at {term.fact} {_format_figure(at)}, beside {_describe_row(row)}"
            yield BoundarySide(name, (_row_class(row), "figure"), at), where
            step = _distance_above(row.figure, at)
            yield (
                BoundarySide(control.id, (term, "step"), step),
                f"at {term.fact} {_STEP_DESCRIPTIONS[step]} a figure of {name}",
            )


def _tested_sides(index: RulebookIndex, runs: Iterable[ExampleRun]) -> Iterator[BoundarySide]:
    """Every place where an example stands."""
    for example in runs:
        for asked in example.expectations:
            for asker in index.comparers[asked.control]:
                for facts in asker.subject_facts(asked.subject, example.evidence):
                    yield from _tested_sides_of_comparer(index.rulebook, asked.control, asker, facts)


def _tested_sides_of_comparer(
    rulebook: Rulebook, control: str, comparer: FactComparer, facts: Facts
) -> Iterator[BoundarySide]:
    """Where an example stands for one asker: on the day of each row of its values, and beside each of its tests."""
    day = facts.get(comparer.governed_by)
    in_force: dict[str, list[DatedFigure]] = {name: [] for name in comparer.values}
    if isinstance(day, date):
        for name in comparer.values:
            rows = _rows_for(rulebook, name, facts)
            yield from (BoundarySide(name, _row_class(row), day) for row in rows)
            in_force[name] = [row for row in rows if row.covers(day)]
    for condition in comparer.conditions:
        for term in predicates_in(condition):
            if term.fact in facts:
                yield from _tested_sides_of_term(control, comparer, term, facts[term.fact], in_force)


def _tested_sides_of_term(
    control: str, comparer: FactComparer, term: Predicate, value: FactValue, in_force: Mapping[str, list[DatedFigure]]
) -> Iterator[BoundarySide]:
    """Where a fact stands for one test: beside its literals, or beside the figures in force of its dated value."""
    if not isinstance(term.operand, ValueRef):
        literals = term.operand if isinstance(term.operand, tuple) else (term.operand,)
        yield from (BoundarySide(comparer.name, term, _on_vat_basis_of(literal, value)) for literal in literals)
        return
    for row in in_force[term.operand.value_name]:
        yield BoundarySide(term.operand.value_name, (_row_class(row), "figure"), _on_vat_basis_of(row.figure, value))
        yield BoundarySide(control, (term, "step"), _distance_above(row.figure, value))


def _on_vat_basis_of(figure: object, value: FactValue) -> FactValue:
    """An amount on the VAT basis of the figure beside it, where they can be compared; any other value as it is."""
    if isinstance(figure, Money) and isinstance(value, Money) and figure.is_comparable_with(value):
        return Money(value.pence, figure.vat)
    return value


def _distance_above(figure: object, value: object) -> int:
    """How many pence, days or units a fact lies above a figure; 2 where they cannot be compared."""
    if isinstance(figure, Money) and isinstance(value, Money) and figure.is_comparable_with(value):
        return value.pence - figure.pence
    if isinstance(figure, date) and isinstance(value, date):
        return (value - figure).days
    return value - figure if type(figure) is int and type(value) is int else 2


def _rows_for(rulebook: Rulebook, name: str, facts: Facts) -> list[DatedFigure]:
    """The rows of a value for the choices that some facts make."""
    value = rulebook.law.values[name]
    choices = {fact: facts.get(fact) for fact in value.by}
    return [row for row in value.history if row.choices == choices]


def _row_class(row: DatedFigure) -> tuple[object, ...]:
    return (row.first, row.last, row.figure, row.operator)


def _values_beside(operator: str, right: object) -> Iterator[FactValue]:
    """The values at a literal and next to it between which a test with that word turns."""
    if operator == "within" and isinstance(right, tuple):
        yield from (*_values_beside("at_least", right[0]), *_values_beside("at_most", right[1]))
        return
    for step in _STEPS.get(operator, ()):
        if isinstance(right, Money) and right.pence + step >= 0:
            yield Money(right.pence + step, right.vat)
        elif isinstance(right, date):
            yield right + step * _ONE_DAY
        elif type(right) is int and right + step >= 0:
            yield right + step


def _describe_row(row: DatedFigure) -> str:
    """A row by its figure, whom it is for, and its first day."""
    whom = f" for {', '.join(row.choices.values())}" if row.choices else ""
    return f"{_format_figure(row.figure)}{whom} from {row.first.isoformat()}"


def _describe_literal(term: Predicate) -> str:
    right = term.operand if isinstance(term.operand, tuple) else (term.operand,)
    return f"{term.comparator} {' to '.join(_format_figure(part) for part in right)}"


def _format_figure(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class DeclarationLocations:
    """Where what is declared stands, and in which file an example of it would."""

    pack_files: tuple[PackFile, ...]
    files: tuple[str, ...]

    def example_file_for(self, name: str) -> str:
        """The file of examples beside the pack that declares a value, control or derived fact, or sets its days."""
        file = self._pack_file(name).source.name
        beside = file.removesuffix("yaml") + "examples.yaml"
        if beside in self.files or file.startswith("law/"):
            return beside
        return f"{file.rpartition('/')[0]}/examples.yaml"

    def unreachable_row_fault(self, name: str, row_index: int) -> Fault:
        """That a row can never be picked."""
        part = self._pack_file(name)
        kind = "sets" if name in part.pack.sets else "values"
        message = "can never be picked: no control that asks about it applies on its days and for its choices"
        return part.source.fault_at((kind, name, "history", row_index), message)

    def _pack_file(self, name: str) -> PackFile:
        setting = [part for part in self.pack_files if _sets(part, name)]
        declaring = (part for part in self.pack_files if _declares(part, name))
        return setting[0] if setting else next(declaring)


def _sets(pack_file: PackFile, name: str) -> bool:
    """Whether a pack sets the history of a value, or the days of a control that it cites."""
    citing = pack_file.pack.cites.get(name)
    return name in pack_file.pack.sets or (citing is not None and citing.in_force is not None)


def _declares(pack_file: PackFile, name: str) -> bool:
    pack = pack_file.pack
    return name in pack.values or name in pack.controls or name in pack.derived
