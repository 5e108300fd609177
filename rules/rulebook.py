"""All packs that apply to an authority, put together and checked: what a judgement is made by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from rules.conditions import All, Condition, Term, negate, values_in
from rules.dated import Value
from rules.days import Calendar
from rules.derivations import (
    among,
    conditions_in,
    declaration,
    faults,
    function,
    looked_up,
    plain_inputs,
    rests_its_kind_on,
)
from rules.derived import DerivedFact, facts_in
from rules.engine import SettledControl, compilable
from rules.errors import EngineError, Fault, PackError
from rules.facts import CASE, NAME, SUBJECTS, FactDeclaration, split_address, subject_of
from rules.grammar import Grammar
from rules.law import Law
from rules.pack import ControlDeclaration, Derived, Pack
from rules.reading import Path, Source

T = TypeVar("T")
RESERVED = frozenset(["all", "any", "none", *SUBJECTS])  # what a condition or a paper means otherwise


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
        return bool(self.values)

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The dated values that it rests on."""
        return tuple(values_in(self.applies, self.requires))

    @cached_property
    def undated(self) -> SettledControl:
        """The control as it is, for one that rests on no dated value."""
        return SettledControl(self.id, self.applies, self.requires)


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is heard at a gate: its controls, the derived facts they rest on, and the facts that those rest on.

    Of the kinds of subject in `kinds` every fact is heard, since some control or count asks which there are.
    """

    controls: tuple[Control, ...]
    derived: tuple[DerivedFact, ...]
    facts: frozenset[str]
    kinds: frozenset[str]

    def hears(self, where: str) -> bool:
        """Whether what stands at an address can matter at the gate."""
        fact, key = split_address(where)
        return subject_of(fact) in self.kinds if key else fact in self.facts


@dataclass(frozen=True)
class Rulebook:
    """What applies to an authority. `digest` is that of the packs' bytes, so that a ruling can name them."""

    digest: str
    facts: Mapping[str, FactDeclaration]
    law: Law
    derived: tuple[DerivedFact, ...]
    controls: Mapping[str, Control]

    def at_gate(self, gate: str | None) -> Hearing:
        """What is heard at a gate; everything where no gate is named."""
        return self._hearings[gate] if gate in self._hearings else self._hearing(gate)

    @cached_property
    def _hearings(self) -> dict[str | None, Hearing]:
        gates = {gate for control in self.controls.values() for gate in control.declared.gates}
        return {gate: self._hearing(gate) for gate in (None, *sorted(gates))}

    def _hearing(self, gate: str | None) -> Hearing:
        controls = tuple(c for c in self.controls.values() if gate is None or gate in c.declared.gates)
        facts = {control.declared.governed_by for control in controls}
        kinds: set[str] = {control.declared.of for control in controls if control.declared.of != CASE}
        for control in controls:
            facts.update(facts_in(control.applies, control.requires), *(self.law.values[v].by for v in control.values))
        derived: list[DerivedFact] = []
        for one in reversed(self.derived):
            if one.name in facts:
                facts.update(one.inputs)
                kinds |= {one.among} - {""}
                derived.append(one)
        return Hearing(controls, tuple(reversed(derived)), frozenset(facts), frozenset(kinds))


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
        self._declare_derived()
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
        ids = Counter(control for other in self.parts for control in other.pack.controls)
        for name in part.pack.controls:
            if not NAME.fullmatch(name):
                self._fault(part, ("controls", name), "is not a name such as procurement.route_stated")
            if ids[name] > 1:
                self._fault(part, ("controls", name), "is declared more than once")

    def _declare_derived(self) -> None:
        """Declare derived facts once that is declared which they take their kind from; what is left over goes round."""
        waiting = [(part, name, fact) for part in self.parts for name, fact in part.pack.derived.items()]
        while waiting:
            ready = [one for one in waiting if all(source in self.facts for source in rests_its_kind_on(one[2]))]
            for part, name, fact in ready or waiting:
                self._new(part, self.facts, name, declaration(fact, self.facts, self.values), ("derived", name))
            waiting = [one for one in waiting if ready and one not in ready]

    def _new(self, part: Part, known: dict[str, T], name: str, declared: T, at: Path) -> None:
        if not NAME.fullmatch(name) or name in RESERVED:
            self._fault(part, at, "is not a name such as exemption.section: small letters, digits, _ and one dot")
        if name in known:
            self._fault(part, at, "is declared more than once")
        known[name] = declared

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
            conditions = tuple(grammar.condition(raw, (*at, *where)) for where, raw in conditions_in(fact))
            inputs = (*plain_inputs(fact), *facts_in(*conditions), *self._picking(fact, conditions))
            yield DerivedFact(
                name, tuple(dict.fromkeys(inputs)), fact.governed_by, function(fact, conditions), among(fact)
            )
            for where, message in faults(name, fact, dict.fromkeys(inputs), self.facts, self.values):
                self._fault(part, (*at, *where), message)
        self.faults += grammar.faults

    def _picking(self, fact: Derived, conditions: Iterable[Condition]) -> Iterator[str]:
        """The facts that pick the dated values which a derived fact rests on."""
        for value in (*looked_up(fact), *values_in(*conditions)):
            if value in self.values:
                yield from (*self.values[value].by, fact.governed_by)

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
        declared = control.declared
        governing = self.facts.get(declared.governed_by)
        if governing is None or governing.kind != "day":
            self._fault(part, (*at, "governed_by"), f"{declared.governed_by} is not a declared fact of kind day")
        if declared.in_force.last is not None and declared.in_force.last < declared.in_force.first:
            self._fault(part, (*at, "in_force", "to"), "is before the first day")
        picking = [fact for value in values_in(control.applies, control.requires) for fact in self.values[value].by]
        for fact in dict.fromkeys((*facts_in(control.applies, control.requires), *picking)):
            if subject_of(fact) not in (CASE, declared.of):
                self._fault(
                    part, at, f"{fact} is a fact of each {subject_of(fact)}, and the control is of each {declared.of}"
                )
        for key, condition in (("when", control.applies), ("requires", control.requires)):
            try:
                compilable(condition)
            except EngineError as error:
                self._fault(part, (*at, key), error.message)

    def _fault(self, part: Part, at: Path, message: str) -> None:
        self.faults.append(part.source.fault(at, message))


def _in_force(declared: ControlDeclaration) -> Iterator[Condition]:
    """A control applies from its first day to its last, by the day that governs it."""
    yield Term(declared.governed_by, "on_or_after", declared.in_force.first)
    if declared.in_force.last is not None:
        yield Term(declared.governed_by, "on_or_before", declared.in_force.last)
