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
from rules.language.conditions import Any_, Condition, Term, Truth, ValueRef, terms, truth
from rules.language.dated_values import Row
from rules.language.derived_facts import DerivedFact
from rules.packs.linker import Part
from rules.proving.example_run import Shown
from rules.values.evidence import Evidence
from rules.values.facts import CASE, Facts, FactValue, kind_of, subject_of
from rules.values.money import Money

_BELOW, _ABOVE, _ABOUT = (-1, 0), (0, 1), (-1, 0, 1)
_STEPS: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(("at_least", "less_than", "on_or_after", "before"), _BELOW),
    **dict.fromkeys(("more_than", "at_most", "after", "on_or_before"), _ABOVE),
    **dict.fromkeys(("is", "is_not"), _ABOUT),
}
_STEPS_SAID = {-1: "just below", 0: "exactly at", 1: "just above"}
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asker:
    """What compares facts with figures: a control, or a derived fact that controls rest on.

    `of` is the kind of subject whose facts it looks at; with `everyone` it looks at each of them.
    """

    name: str
    governed_by: str
    of: str
    conditions: tuple[Condition, ...]
    values: tuple[str, ...]
    everyone: bool = False

    def scenes(self, subject: str, evidence: Evidence) -> Iterator[Facts]:
        """What it looks at where a control of a subject is asked."""
        if self.of == CASE:
            yield evidence.own
        elif self.of == kind_of(subject) and not self.everyone:
            yield evidence.of(subject)
        else:
            yield from (evidence.of(other) for other in evidence.named(self.of))


class Cut(NamedTuple):
    """One side of a boundary, as a place where an example has to stand: of what, of which class, and exactly where."""

    what: str
    of: object
    at: FactValue


@dataclass(frozen=True)
class Ground:
    """A rulebook by what asks about its facts: each control, the derived facts behind it, and the values of both."""

    rulebook: Rulebook

    @cached_property
    def askers(self) -> Mapping[str, tuple[Asker, ...]]:
        """By control: the control itself and every derived fact behind it."""
        return {name: (_of_control(control), *map(_of_derived, self.behind[name]))
                for name, control in self.rulebook.controls.items()}  # fmt: skip

    @cached_property
    def behind(self) -> Mapping[str, tuple[DerivedFact, ...]]:
        """By control: the derived facts that it rests on, at any remove."""
        alone = {name: {name: control} for name, control in self.rulebook.controls.items()}
        return {name: replace(self.rulebook, controls=one).at_gate(None).derived for name, one in alone.items()}

    def resting_on(self, value: str) -> Iterator[tuple[Control, Asker]]:
        """The controls that rest on a value, each with the asker through which it does: itself, or a derived fact."""
        for name, askers in self.askers.items():
            yield from ((self.rulebook.controls[name], asker) for asker in askers if value in asker.values)

    def is_live(self, value: str, day: date, row: Row) -> bool:
        """Whether some control may ask for a value on a day and for the choices of a row."""
        return any(_may_apply(control, asker, day, row) is not False for control, asker in self.resting_on(value))

    def is_dead(self, value: str, row: Row) -> bool:
        """Whether no control can ever come to a row, although some rest on its value."""
        resting = list(self.resting_on(value))
        return bool(resting) and not any(_comes_to(control, asker, row) for control, asker in resting)


def _comes_to(control: Control, asker: Asker, row: Row) -> bool:
    """Whether a control may ever ask for a row, in any of the parts into which its days cut the row's period."""
    return any(_may_apply(control, asker, day, row) is not False for day in _days_within(row, control, asker))


def _of_control(control: Control) -> Asker:
    declared = control.declared
    return Asker(control.id, declared.governed_by, declared.of, (control.applies, control.requires), control.values)


def _of_derived(fact: DerivedFact) -> Asker:
    of = fact.among or subject_of(fact.name)
    return Asker(fact.name, fact.governed_by, of, fact.conditions, fact.values, bool(fact.among))


def _may_apply(control: Control, asker: Asker, day: date, row: Row) -> Truth:
    """Whether a control applies, as far as the day and the choices of a row tell."""
    known: dict[str, FactValue] = {}
    if asker.governed_by == control.declared.governed_by:
        known[asker.governed_by] = day
    if not asker.everyone:
        known |= row.choices
    return _may_hold(control.applies, known)


def _may_hold(condition: Condition, known: Facts) -> Truth:
    """Whether a condition holds, by some facts alone; None where other facts could still decide it."""
    if isinstance(condition, Term):
        return truth(condition, known) if condition.fact in known else None
    truths = [_may_hold(part, known) for part in condition.parts]
    settling = isinstance(condition, Any_)
    if settling in truths:
        return settling
    return None if None in truths else not settling


def _days_within(row: Row, control: Control, asker: Asker) -> Iterator[date]:
    """A day of each of the parts into which the days in a control's `when` cut a row's period."""
    said = [term.right for term in terms(control.applies) if term.fact == asker.governed_by]
    literals = [day for day in said if isinstance(day, date)]
    ends = [row.first, row.last or max([row.first, *literals]) + _ONE]
    yield from (day for day in (*ends, *(d + step * _ONE for d in literals for step in _ABOUT)) if row.covers(day))


def dead(rulebook: Rulebook, homes: Homes) -> list[Fault]:
    """Every row that can never be picked."""
    return [homes.dead(name, place) for name, place in dead_rows(Ground(rulebook))]


def unmet(rulebook: Rulebook, homes: Homes, met: Container[Cut]) -> dict[Cut, Fault]:
    """Every side of a boundary on which no example stands, of those on which some do."""
    return {
        cut: Fault(homes.of(cut.what), 1, cut.what, f"no example stands {words}")
        for cut, words in wanted(Ground(rulebook)).items()
        if cut not in met
    }


def met(rulebook: Rulebook, shown: Iterable[Shown]) -> set[Cut]:
    """Every side of a boundary on which some examples stand."""
    return set(_met(Ground(rulebook), shown))


def dead_rows(ground: Ground) -> Iterator[tuple[str, int]]:
    """The rows that no control can ever come to, by value and place."""
    for name, value in ground.rulebook.law.values.items():
        yield from ((name, place) for place, row in enumerate(value.history) if ground.is_dead(name, row))


def wanted(ground: Ground) -> dict[Cut, str]:
    """Every place where an example has to stand, with words for it."""
    found: dict[Cut, str] = {}
    for name, value in ground.rulebook.law.values.items():
        for row in value.history:
            found |= _wanted_of_days(ground, name, row)
    for control, askers in ground.askers.items():
        for asker in askers:
            for term in (term for condition in asker.conditions for term in terms(condition)):
                found |= _wanted_of_term(ground.rulebook, ground.rulebook.controls[control], asker, term)
    return found


def _wanted_of_days(ground: Ground, name: str, row: Row) -> Iterator[tuple[Cut, str]]:
    """The first and the last day of a row, and the days beside them on which a control may ask."""
    days = [(row.first, "the first day"), (row.first - _ONE, "the day before the first")]
    if row.last is not None:
        days += [(row.last, "the last day"), (row.last + _ONE, "the day after the last")]
    for day, which in days:
        if ground.is_live(name, day, row):
            yield Cut(name, _class_of(row), day), f"on {day.isoformat()}, {which} of {_said(row)}"


def _wanted_of_term(rulebook: Rulebook, control: Control, asker: Asker, term: Term) -> Iterator[tuple[Cut, str]]:
    """Where examples have to stand for one test: beside its literal, or beside each figure of its dated value."""
    if not isinstance(term.right, ValueRef):
        for at in _beside(term.word, term.right):
            yield Cut(asker.name, term, at), f"at {term.fact} {_figure(at)}, beside {_literal(term)}"
        return
    name = term.right.value
    for row in rulebook.law.values[name].history:
        for at in _beside(row.operator or term.word, row.figure) if _comes_to(control, asker, row) else ():
            where = f"at {term.fact} {_figure(at)}, beside {_said(row)}"
            yield Cut(name, (_class_of(row), "figure"), at), where
            step = _step(row.figure, at)
            yield Cut(control.id, (term, "step"), step), f"at {term.fact} {_STEPS_SAID[step]} a figure of {name}"


def _met(ground: Ground, shown: Iterable[Shown]) -> Iterator[Cut]:
    """Every place where an example stands."""
    for example in shown:
        for asked in example.asked:
            for asker in ground.askers[asked.control]:
                for facts in asker.scenes(asked.subject, example.whole):
                    yield from _met_in(ground.rulebook, asked.control, asker, facts)


def _met_in(rulebook: Rulebook, control: str, asker: Asker, facts: Facts) -> Iterator[Cut]:
    """Where an example stands for one asker: on the day of each row of its values, and beside each of its tests."""
    day = facts.get(asker.governed_by)
    in_force: dict[str, list[Row]] = {name: [] for name in asker.values}
    if isinstance(day, date):
        for name in asker.values:
            rows = _rows_for(rulebook, name, facts)
            yield from (Cut(name, _class_of(row), day) for row in rows)
            in_force[name] = [row for row in rows if row.covers(day)]
    for condition in asker.conditions:
        for term in terms(condition):
            if term.fact in facts:
                yield from _met_of_term(control, asker, term, facts[term.fact], in_force)


def _met_of_term(
    control: str, asker: Asker, term: Term, at: FactValue, in_force: Mapping[str, list[Row]]
) -> Iterator[Cut]:
    """Where a fact stands for one test: beside its literals, or beside the figures in force of its dated value."""
    if not isinstance(term.right, ValueRef):
        literals = term.right if isinstance(term.right, tuple) else (term.right,)
        yield from (Cut(asker.name, term, _as_said(literal, at)) for literal in literals)
        return
    for row in in_force[term.right.value]:
        yield Cut(term.right.value, (_class_of(row), "figure"), _as_said(row.figure, at))
        yield Cut(control, (term, "step"), _step(row.figure, at))


def _as_said(figure: object, at: FactValue) -> FactValue:
    """An amount on the VAT basis of the figure beside it, where they can be compared; any other value as it is."""
    if isinstance(figure, Money) and isinstance(at, Money) and figure.comparable(at):
        return Money(at.pence, figure.vat)
    return at


def _step(figure: object, at: object) -> int:
    """How many pence, days or units a fact lies above a figure; 2 where they cannot be compared."""
    if isinstance(figure, Money) and isinstance(at, Money) and figure.comparable(at):
        return at.pence - figure.pence
    if isinstance(figure, date) and isinstance(at, date):
        return (at - figure).days
    return at - figure if type(figure) is int and type(at) is int else 2


def _rows_for(rulebook: Rulebook, name: str, facts: Facts) -> list[Row]:
    """The rows of a value for the choices that some facts make."""
    value = rulebook.law.values[name]
    choices = {fact: facts.get(fact) for fact in value.by}
    return [row for row in value.history if row.choices == choices]


def _class_of(row: Row) -> tuple[object, ...]:
    return (row.first, row.last, row.figure, row.operator)


def _beside(word: str, right: object) -> Iterator[FactValue]:
    """The values at a literal and next to it between which a test with that word turns."""
    if word == "within" and isinstance(right, tuple):
        yield from (*_beside("at_least", right[0]), *_beside("at_most", right[1]))
        return
    for step in _STEPS.get(word, ()):
        if isinstance(right, Money) and right.pence + step >= 0:
            yield Money(right.pence + step, right.vat)
        elif isinstance(right, date):
            yield right + step * _ONE
        elif type(right) is int and right + step >= 0:
            yield right + step


def _said(row: Row) -> str:
    """A row by its figure, whom it is for, and its first day."""
    whom = f" for {', '.join(row.choices.values())}" if row.choices else ""
    return f"{_figure(row.figure)}{whom} from {row.first.isoformat()}"


def _literal(term: Term) -> str:
    right = term.right if isinstance(term.right, tuple) else (term.right,)
    return f"{term.word} {' to '.join(_figure(part) for part in right)}"


def _figure(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class Homes:
    """Where what is declared stands, and in which file an example of it would."""

    parts: tuple[Part, ...]
    files: tuple[str, ...]

    def of(self, name: str) -> str:
        """The file of examples beside the pack that declares a value, control or derived fact, or sets its days."""
        file = self._part(name).source.name
        beside = file.removesuffix("yaml") + "examples.yaml"
        if beside in self.files or file.startswith("law/"):
            return beside
        return f"{file.rpartition('/')[0]}/examples.yaml"

    def dead(self, name: str, place: int) -> Fault:
        """That a row can never be picked."""
        part = self._part(name)
        kind = "sets" if name in part.pack.sets else "values"
        message = "can never be picked: no control that asks about it applies on its days and for its choices"
        return part.source.fault((kind, name, "history", place), message)

    def _part(self, name: str) -> Part:
        setting = [part for part in self.parts if _sets(part, name)]
        declaring = (part for part in self.parts if _declares(part, name))
        return setting[0] if setting else next(declaring)


def _sets(part: Part, name: str) -> bool:
    """Whether a pack sets the history of a value, or the days of a control that it cites."""
    citing = part.pack.cites.get(name)
    return name in part.pack.sets or (citing is not None and citing.in_force is not None)


def _declares(part: Part, name: str) -> bool:
    pack = part.pack
    return name in pack.values or name in pack.controls or name in pack.derived
