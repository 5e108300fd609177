"""All packs that apply to an authority, put together and checked: what a judgement is made by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from rules import derived as functions
from rules.conditions import All, Condition, Term, ValueRef, negate, terms
from rules.dated import Value
from rules.days import Calendar
from rules.derived import DerivedFact, facts_in
from rules.engine import SettledControl
from rules.errors import Fault, PackError
from rules.facts import CASE, NAME, SUBJECTS, FactDeclaration, subject_of
from rules.grammar import Grammar
from rules.law import Law
from rules.pack import ControlDeclaration, Derived, Pack
from rules.reading import Path, Source


@dataclass(frozen=True)
class Control:
    """One requirement, ready to be judged: when it applies and what it requires, as conditions."""

    id: str
    declared: ControlDeclaration
    applies: Condition
    requires: Condition

    @cached_property
    def is_dated(self) -> bool:
        """Whether it rests on dated values, and so has to be settled for each case."""
        return any(isinstance(term.right, ValueRef) for term in terms(All((self.applies, self.requires))))

    @cached_property
    def undated(self) -> SettledControl:
        """The control as it is, for one that rests on no dated value."""
        return SettledControl(self.id, self.applies, self.requires)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What applies to an authority. `digest` is that of the packs' bytes, so that a ruling can name them."""

    digest: str
    facts: Mapping[str, FactDeclaration]
    law: Law
    derived: tuple[DerivedFact, ...]
    controls: Mapping[str, Control]

    def at_gate(self, gate: str | None) -> tuple[Control, ...]:
        """The controls of a gate; every control where no gate is named."""
        return tuple(c for c in self.controls.values() if gate is None or gate in c.declared.gates)


@dataclass(frozen=True, slots=True)
class Part:
    """One pack as read, with the file it came from."""

    source: Source
    pack: Pack


def put_together(
    parts: Iterable[Part], given: Mapping[str, FactDeclaration], calendar: Calendar, digest: str
) -> Rulebook:
    """The rulebook of some packs and of the facts that the workflow gives; raises `PackError` with every fault."""
    joiner = _Joiner(tuple(parts), dict(given), calendar)
    rulebook = joiner.join(digest)
    if joiner.faults:
        raise PackError(joiner.faults)
    return rulebook


@dataclass(slots=True)
class _Joiner:
    """Gathers what the packs declare, then reads conditions against it; keeps going past faults to list them all."""

    parts: tuple[Part, ...]
    facts: dict[str, FactDeclaration]
    calendar: Calendar
    values: dict[str, Value] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def join(self, digest: str) -> Rulebook:
        for part in self.parts:
            self._declare(part)
        for part in self.parts:
            self._declare_derived(part)
        for part in self.parts:
            self._check_values(part)
        derived = {fact.name: fact for part in self.parts for fact in self._derivations(part)}
        controls = {control.id: control for part in self.parts for control in self._controls(part)}
        law = Law(self.values, self.calendar)
        return Rulebook(digest, self.facts, law, self._in_order(derived), controls)

    def _declare(self, part: Part) -> None:
        for name, fact in part.pack.facts.items():
            at = ("facts", name)
            if (fact.kind == "choice") is not bool(fact.choices):
                self._fault(part, (*at, "choices"), "belong to facts of kind choice, and to each of them")
            self._new(part, self.facts, name, fact, at)
        for name, value in part.pack.values.items():
            self._new(part, self.values, name, value, ("values", name))
        ids = [control for other in self.parts for control in other.pack.controls]
        for name in part.pack.controls:
            if not NAME.fullmatch(name):
                self._fault(part, ("controls", name), "is not a name such as procurement.route_stated")
            if ids.count(name) > 1:
                self._fault(part, ("controls", name), "is declared more than once")

    def _declare_derived(self, part: Part) -> None:
        for name, fact in part.pack.derived.items():
            declared = FactDeclaration(kind=self._kind(fact), label=fact.label, choices=self._choices(fact))
            self._new(part, self.facts, name, declared, ("derived", name))

    def _new(self, part: Part, known: dict[str, Any], name: str, declared: Any, at: Path) -> None:
        if not NAME.fullmatch(name) or name.endswith("_"):
            self._fault(part, at, "is not a name such as exemption.section: small letters, digits, _ and one dot")
        if name in known:
            self._fault(part, at, "is declared more than once")
        known[name] = declared

    def _kind(self, fact: Derived) -> Any:
        if fact.look_up:
            return self.values[fact.look_up].kind if fact.look_up in self.values else "flag"
        source = fact.counterpart.take if fact.counterpart else fact.sum[0] if fact.sum else ""
        if source:
            return self.facts[source].kind if source in self.facts else "flag"
        kinds = {
            "working_days": "count",
            "count": "count",
            "is_working_day": "flag",
            "end_of_years": "day",
            "day_off": "text",
        }
        return kinds.get(fact.functions()[0], "choice")

    def _choices(self, fact: Derived) -> dict[str, str]:
        taken = fact.counterpart and self.facts.get(fact.counterpart.take)
        return taken.choices if taken else fact.choices

    def _check_values(self, part: Part) -> None:
        for name, value in part.pack.values.items():
            for place, message in value.faults():
                self._fault(part, ("values", name, *place), message)
            for fact in value.by:
                if fact not in self.facts or self.facts[fact].kind != "choice":
                    self._fault(part, ("values", name, "by"), f"{fact} is not a declared fact of kind choice")
                    continue
                unknown = [row.choices.get(fact, "") for row in value.history]
                for choice in sorted(set(unknown) - set(self.facts[fact].choices)):
                    self._fault(part, ("values", name, "history"), f"{choice} is not a choice of {fact}")

    def _derivations(self, part: Part) -> Iterator[DerivedFact]:
        grammar = Grammar(part.source, self.facts, self.values)
        for name, fact in part.pack.derived.items():
            at = ("derived", name)
            yield self._derivation(grammar, name, fact, at)
            for needed in _plain_inputs(fact):
                if needed not in self.facts:
                    self._fault(part, at, f"{needed} is a fact that nobody declares")
            for value in filter(None, [fact.look_up, fact.end_of_years and fact.end_of_years.years]):
                if value not in self.values:
                    self._fault(part, at, f"{value} is a value that nobody declares")
        self.faults += grammar.faults

    def _derivation(self, grammar: Grammar, name: str, fact: Derived, at: Path) -> DerivedFact:
        conditions: list[Condition] = []

        def read(raw: Any, *where: str | int) -> Condition:
            conditions.append(grammar.condition(raw, (*at, *where)))
            return conditions[-1]

        work_out = _function(fact, read)
        dated = [fact.look_up, fact.end_of_years.years if fact.end_of_years else ""]
        by = [
            needed for value in dated if value in self.values for needed in (*self.values[value].by, fact.governed_by)
        ]
        inputs = dict.fromkeys((*_plain_inputs(fact), *facts_in(*conditions), *by))
        return DerivedFact(name, tuple(inputs), fact.governed_by, work_out, _among(fact))

    def _in_order(self, derived: dict[str, DerivedFact]) -> tuple[DerivedFact, ...]:
        graph = {name: [needed for needed in fact.inputs if needed in derived] for name, fact in derived.items()}
        try:
            return tuple(derived[name] for name in TopologicalSorter(graph).static_order())
        except CycleError as error:
            cycle = error.args[1]
            part = next(part for part in self.parts if cycle[0] in part.pack.derived)
            self._fault(part, ("derived", cycle[0]), f"rests on itself: {' <- '.join(cycle)}")
            return ()

    def _controls(self, part: Part) -> Iterator[Control]:
        grammar = Grammar(part.source, self.facts, self.values)
        for name, declared in part.pack.controls.items():
            at = ("controls", name)
            applies = list(_in_force(declared))
            if declared.when is not None:
                applies.append(grammar.condition(declared.when, (*at, "when")))
            if declared.unless is not None:
                applies.append(negate(grammar.condition(declared.unless, (*at, "except"))))
            control = Control(
                name, declared, All(tuple(applies)), grammar.condition(declared.requires, (*at, "requires"))
            )
            self._check_control(part, control, at)
            yield control
        self.faults += grammar.faults

    def _check_control(self, part: Part, control: Control, at: Path) -> None:
        governing = self.facts.get(control.declared.governed_by)
        if governing is None or governing.kind != "day":
            self._fault(
                part, (*at, "governed_by"), f"{control.declared.governed_by} is not a declared fact of kind day"
            )
        for fact in facts_in(control.applies, control.requires):
            of = subject_of(fact)
            if of not in (CASE, control.declared.of):
                self._fault(
                    part, at, f"{fact} is a fact of each {of}, and the control is of each {control.declared.of}"
                )

    def _fault(self, part: Part, at: Path, message: str) -> None:
        self.faults.append(part.source.fault(at, message))


def _in_force(declared: ControlDeclaration) -> Iterator[Condition]:
    """A control applies from its first day to its last, by the day that governs it."""
    yield Term(declared.governed_by, "on_or_after", declared.in_force.first)
    if declared.in_force.last is not None:
        yield Term(declared.governed_by, "on_or_before", declared.in_force.last)


def _plain_inputs(fact: Derived) -> tuple[str, ...]:
    if fact.working_days:
        return (fact.working_days.first, fact.working_days.last)
    if fact.end_of_years:
        return (fact.end_of_years.day,)
    if fact.counterpart:
        return (fact.counterpart.take, fact.counterpart.same)
    return fact.sum or tuple(filter(None, [fact.is_working_day, fact.day_off]))


def _among(fact: Derived) -> str:
    """The kind of subjects that a function looks round among, or nothing."""
    if fact.count:
        return fact.count.of
    return subject_of(fact.counterpart.take) if fact.counterpart else ""


def _function(fact: Derived, read: Any) -> Any:
    """The one function of a derived fact; `read` reads a condition at a place below it."""
    if fact.sum:
        return functions.total(fact.sum)
    if fact.working_days:
        return functions.working_days(fact.working_days.first, fact.working_days.last)
    if fact.is_working_day:
        return functions.is_working_day(fact.is_working_day)
    if fact.day_off:
        return functions.day_off(fact.day_off)
    if fact.end_of_years:
        return functions.end_of_years(fact.end_of_years.day, fact.end_of_years.years)
    if fact.count:
        where = None if fact.count.where is None else read(fact.count.where, "count", "where")
        return functions.count(fact.count.of, where)
    if fact.counterpart:
        where = read(fact.counterpart.where, "counterpart", "where")
        return functions.counterpart(fact.counterpart.take, fact.counterpart.same, where)
    if fact.choose:
        lines = tuple(
            (read(line.when, "choose", "lines", place, "when"), line.then)
            for place, line in enumerate(fact.choose.lines)
        )
        return functions.choose(lines, fact.choose.otherwise)
    return functions.look_up(fact.look_up)
