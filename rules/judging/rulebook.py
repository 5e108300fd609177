"""What a judgement is made by: every control, fact, value and derived fact that applies to an authority."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain

from rules.judging.diary import DiaryDay
from rules.judging.durable_adapter import SettledControl
from rules.language.conditions import Condition, FactRef, Term, facts_in, terms, values_in
from rules.language.derived_facts import DerivedFact
from rules.language.law import Law
from rules.language.pack_schema import ControlDeclaration
from rules.values.facts import CASE, FactDeclaration, FactValue, subject_of


@dataclass(frozen=True, eq=False)
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
        return values_in(self.applies, self.requires)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Every test of its conditions."""
        return (*terms(self.applies), *terms(self.requires))

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that its conditions look at."""
        return facts_in(self.applies, self.requires)

    @cached_property
    def undated(self) -> SettledControl:
        """The control as it is, for one that rests on no dated value."""
        return SettledControl(self.id, self.applies, self.requires)

    @property
    def keeps_order(self) -> bool:
        """Whether it asks, of every act, that the case stands at the stage of the act."""
        always = self.declared.when is None and self.declared.unless is None
        return always and self.requires == Term("case.stage", "is", FactRef("act.stage"))

    def is_heard_at(self, gate: str | None) -> bool:
        """Whether it is heard at a gate; every control is where no gate is named."""
        return gate is None or gate in self.declared.gates


@dataclass(frozen=True, slots=True)
class Docket:
    """The controls of one kind of subject that are heard at a gate, and what they ask of the subject itself.

    `facts` are those whose value matters, `known` those of which only matters whether they are known.
    """

    controls: tuple[Control, ...]
    dated: tuple[Control, ...]
    undated: tuple[SettledControl, ...]
    facts: tuple[str, ...]
    known: tuple[str, ...]

    def likeness(self, facts: Mapping[str, FactValue]) -> tuple[object, ...]:
        """What matters here of a subject's facts: the controls say the same of two subjects that are alike in it."""
        return (*map(facts.get, self.facts), *[fact in facts for fact in self.known])


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is heard at a gate: its controls by kind of subject, the derived facts they rest on, and the facts behind.

    Of the kinds of subject in `kinds` every fact is heard, since some control or count asks which there are.
    """

    controls: tuple[Control, ...]
    dockets: Mapping[str, Docket]
    derived: tuple[DerivedFact, ...]
    facts: frozenset[str]
    kinds: frozenset[str]


@dataclass(frozen=True, eq=False)
class Rulebook:
    """What applies to an authority. `digest` is that of the packs' bytes, so that a ruling can name them.

    `given` names the facts that the workflow itself gives: nobody states them.

    Rulebooks, their laws and controls are compared by identity: what was settled by one is remembered with it.
    """

    digest: str
    facts: Mapping[str, FactDeclaration]
    law: Law
    derived: tuple[DerivedFact, ...]
    controls: Mapping[str, Control]
    diary: Mapping[str, DiaryDay] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    def settled(self, control: Control, facts: Mapping[str, FactValue]) -> SettledControl:
        """A control with the figures that are in force for some facts."""
        if not control.is_dated:
            return control.undated
        return _settled(self, control, tuple(map(facts.get, _picking(self, control))))

    def at_gate(self, gate: str | None) -> Hearing:
        """What is heard at a gate; everything where no gate is named."""
        return _hearing(self, gate)

    def heard_at(self, gate: str | None) -> tuple[Control, ...]:
        """The controls that are heard at a gate; every control where no gate is named."""
        return tuple(control for control in self.controls.values() if control.is_heard_at(gate))

    def hearing_of(self, *controls: Control) -> Hearing:
        """What some controls rest on."""
        asked = frozenset[str]().union(*(self._asked_by(control) for control in controls))
        derived = self._derived_behind(asked)
        facts = asked.union(*(one.inputs for one in derived))
        own: set[str] = {control.declared.of for control in controls}
        dockets = {kind: self._docket(kind, controls) for kind in own}
        kinds = own | {one.among for one in derived}
        return Hearing(controls, dockets, derived, facts, frozenset(kinds - {CASE, ""}))

    def _docket(self, kind: str, heard: Iterable[Control]) -> Docket:
        controls = tuple(control for control in heard if control.declared.of == kind)
        asked = {fact for fact in chain.from_iterable(map(self._asked_by, controls)) if subject_of(fact) == kind}
        compared = asked.intersection(chain.from_iterable(map(self._compared_by, controls)))
        return Docket(
            controls=controls,
            dated=tuple(control for control in controls if control.is_dated),
            undated=tuple(control.undated for control in controls if not control.is_dated),
            facts=tuple(sorted(compared)),
            known=tuple(sorted(asked - compared)),
        )

    def _asked_by(self, control: Control) -> Iterable[str]:
        """The facts that a control looks at, and those that pick the law for it."""
        return (*_picking(self, control), *control.facts)

    def _compared_by(self, control: Control) -> Iterable[str]:
        """The facts whose value decides what a control says; of its others only matters whether they are known."""
        tests = (term for term in control.terms if term.word not in ("known", "not_known"))
        return (*_picking(self, control), *(fact for test in tests for fact in test.facts()))

    def _derived_behind(self, asked: frozenset[str]) -> tuple[DerivedFact, ...]:
        """The derived facts among some facts and among what these rest on in their turn, in order."""
        wanted, found = set(asked), list[DerivedFact]()
        for one in reversed(self.derived):
            if one.name in wanted:
                wanted.update(one.inputs)
                found.append(one)
        return tuple(reversed(found))


@lru_cache(maxsize=256)
def _hearing(rulebook: Rulebook, gate: str | None) -> Hearing:
    return rulebook.hearing_of(*rulebook.heard_at(gate))


@lru_cache(maxsize=4096)
def _picking(rulebook: Rulebook, control: Control) -> tuple[str, ...]:
    """The facts that pick the law for a control: the day that governs, and what its dated values depend on."""
    by = (fact for value in control.values for fact in rulebook.law.values[value].by)
    return (control.declared.governed_by, *by)


@lru_cache(maxsize=4096)
def _settled(rulebook: Rulebook, control: Control, picked: tuple[FactValue | None, ...]) -> SettledControl:
    """A control as settled by the facts that pick the law for it, some of which may not be known."""
    known = zip(_picking(rulebook, control), picked, strict=True)
    facts = {fact: value for fact, value in known if value is not None}
    settle, day = rulebook.law.settle, control.declared.governed_by
    found = SettledControl(control.id, settle(control.applies, facts, day), settle(control.requires, facts, day))
    # Two that cannot be settled are judged in the same way, and yet it may be other facts that each of them lacks.
    return found if found.is_unsettled else _one_of_those(found)


@lru_cache(maxsize=4096)
def _one_of_those(control: SettledControl) -> SettledControl:
    """The first of those that are the same, by which its ruleset is found at a glance."""
    return control
