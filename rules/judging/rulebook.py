"""What a judgement is made by: every control, fact, value and derived fact that applies to an authority."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain

from rules.judging.diary import DiaryRule
from rules.judging.resolved_control import ResolvedControl
from rules.language.conditions import (
    Condition,
    FactRef,
    Predicate,
    describe_expected,
    facts_in,
    predicates_in,
    values_in,
)
from rules.language.derived_facts import DerivedFact
from rules.language.law import Law
from rules.language.pack_schema import ControlDeclaration
from rules.values.facts import CASE, FactDeclaration, FactValue, subject_kind_of

_MAX_REMEMBERED = 4096


@dataclass(frozen=True, eq=False)
class Control:
    """One requirement, ready to be judged: when it applies and what it requires, as conditions."""

    id: str
    declaration: ControlDeclaration
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
    def terms(self) -> tuple[Predicate, ...]:
        """Every test of its conditions."""
        return (*predicates_in(self.applies), *predicates_in(self.requires))

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that its conditions look at."""
        return facts_in(self.applies, self.requires)

    @cached_property
    def as_resolved(self) -> ResolvedControl:
        """The control as it is, for one that rests on no dated value."""
        return ResolvedControl(self.id, self.applies, self.requires)

    @property
    def enforces_stage_order(self) -> bool:
        """Whether it asks, of every act, that the case stands at the stage of the act."""
        always = self.declaration.when is None and self.declaration.unless is None
        return always and self.requires == Predicate("case.stage", "is", FactRef("act.stage"))

    def guards_gate(self, gate: str | None) -> bool:
        """Whether it is heard at a gate; every control is where no gate is named."""
        return gate is None or gate in self.declaration.gates


@dataclass(frozen=True, slots=True)
class SubjectRules:
    """The controls of one kind of subject that are heard at a gate, and what they ask of the subject itself.

    `facts` are those whose value matters, `known` those of which only matters whether they are known.
    """

    controls: tuple[Control, ...]
    compared_facts: tuple[str, ...]
    presence_facts: tuple[str, ...]

    def memo_key(self, facts: Mapping[str, FactValue]) -> tuple[object, ...]:
        """What matters here of a subject's facts: the controls say the same of two subjects that are alike in it."""
        return (*map(facts.get, self.compared_facts), *[fact in facts for fact in self.presence_facts])


@dataclass(frozen=True, slots=True)
class GateRules:
    """What is heard at a gate: its controls by kind of subject, the derived facts they rest on, and the facts behind.

    Of the kinds of subject in `kinds` every fact is heard, since some control or count asks which there are.
    """

    controls: tuple[Control, ...]
    by_subject_kind: Mapping[str, SubjectRules]
    derived_facts: tuple[DerivedFact, ...]
    relevant_facts: frozenset[str]
    subject_kinds: frozenset[str]


@dataclass(frozen=True, eq=False)
class Rulebook:
    """What applies to an authority. `digest` is that of the packs' bytes, so that a ruling can name them.

    `given` names the facts that the workflow itself gives: nobody states them.

    Rulebooks, their laws and controls are compared by identity: what was settled by one is remembered with it.
    """

    digest: str
    facts: Mapping[str, FactDeclaration]
    law: Law
    derived_facts: tuple[DerivedFact, ...]
    controls: Mapping[str, Control]
    diary_rules: Mapping[str, DiaryRule] = field(default_factory=dict)
    workflow_facts: frozenset[str] = frozenset()

    def resolve_control(self, control: Control, facts: Mapping[str, FactValue]) -> ResolvedControl:
        """A control with the figures that are in force for some facts."""
        if not control.is_dated:
            return control.as_resolved
        return self._resolve_cached(control, tuple(map(facts.get, self._selector_facts(control))))

    @cached_property
    def _resolve_cached(self) -> Callable[[Control, tuple[FactValue | None, ...]], ResolvedControl]:
        # Every cache of a rulebook hangs on the rulebook, so that both are freed together.
        return lru_cache(maxsize=_MAX_REMEMBERED)(self._resolve_for_selectors)

    def _resolve_for_selectors(
        self, control: Control, selector_values: tuple[FactValue | None, ...]
    ) -> ResolvedControl:
        """A control with the figures that some facts select, of which some may be unknown."""
        selectors = zip(self._selector_facts(control), selector_values, strict=True)
        facts = {fact: value for fact, value in selectors if value is not None}
        resolve, day = self.law.resolve, control.declaration.governed_by
        resolved = ResolvedControl(
            control.id, resolve(control.applies, facts, day), resolve(control.requires, facts, day)
        )
        # Two unresolved controls are equal, and yet each may lack other facts, which its finding names.
        return resolved if resolved.has_unresolved_value else _intern_control(resolved)

    def gate_rules(self, gate: str | None) -> GateRules:
        """The rules of a gate; those of every control where no gate is named."""
        if gate not in self._rules_by_gate:
            self._rules_by_gate[gate] = self.rules_for_controls(*self.controls_at_gate(gate))
        return self._rules_by_gate[gate]

    @cached_property
    def _rules_by_gate(self) -> dict[str | None, GateRules]:
        return {}

    def _selector_facts(self, control: Control) -> tuple[str, ...]:
        """The facts that select the law for a control: the day that governs, and what its dated values depend on."""
        if control not in self._selectors_by_control:
            by = (fact for value in control.values for fact in self.law.values[value].by)
            self._selectors_by_control[control] = (control.declaration.governed_by, *by)
        return self._selectors_by_control[control]

    @cached_property
    def _selectors_by_control(self) -> dict[Control, tuple[str, ...]]:
        return {}

    def format_fact_value(self, fact: str, value: FactValue) -> str:
        """Format a value of a fact in words."""
        return self._format_cached(fact, value)

    @cached_property
    def _format_cached(self) -> Callable[[str, FactValue], str]:
        # The case's own facts are formatted again for each of its subjects.
        return lru_cache(maxsize=_MAX_REMEMBERED)(lambda fact, value: self.facts[fact].format_value(value))

    def describe_expected(self, predicate: Predicate, other_value: FactValue | None) -> str:
        """Describe what a test asks of its fact, beside the value of another fact where it names one."""
        return self._describe_cached(predicate, other_value)

    @cached_property
    def _describe_cached(self) -> Callable[[Predicate, FactValue | None], str]:
        return lru_cache(maxsize=_MAX_REMEMBERED)(self._describe_expected)

    def _describe_expected(self, predicate: Predicate, other_value: FactValue | None) -> str:
        operand = predicate.operand
        facts = {operand.fact: other_value} if isinstance(operand, FactRef) and other_value is not None else {}
        return describe_expected(predicate, self.facts, facts)

    def controls_at_gate(self, gate: str | None) -> tuple[Control, ...]:
        """The controls that are heard at a gate; every control where no gate is named."""
        return tuple(control for control in self.controls.values() if control.guards_gate(gate))

    def rules_for_controls(self, *controls: Control) -> GateRules:
        """What some controls rest on."""
        asked = frozenset[str]().union(*(self._facts_read_by(control) for control in controls))
        derived = self._derived_dependencies(asked)
        facts = asked.union(*(one.inputs for one in derived))
        own: set[str] = {control.declaration.of for control in controls}
        dockets = {kind: self._subject_rules(kind, controls) for kind in own}
        kinds = own | {one.related_kind for one in derived}
        return GateRules(controls, dockets, derived, facts, frozenset(kinds - {CASE, ""}))

    def _subject_rules(self, kind: str, candidates: Iterable[Control]) -> SubjectRules:
        controls = tuple(control for control in candidates if control.declaration.of == kind)
        asked = {
            fact for fact in chain.from_iterable(map(self._facts_read_by, controls)) if subject_kind_of(fact) == kind
        }
        compared = asked.intersection(chain.from_iterable(map(self._facts_compared_by, controls)))
        return SubjectRules(
            controls=controls,
            compared_facts=tuple(sorted(compared)),
            presence_facts=tuple(sorted(asked - compared)),
        )

    def _facts_read_by(self, control: Control) -> Iterable[str]:
        """The facts that a control looks at, and those that pick the law for it."""
        return (*self._selector_facts(control), *control.facts)

    def _facts_compared_by(self, control: Control) -> Iterable[str]:
        """The facts whose value decides what a control says; of its others only matters whether they are known."""
        tests = (term for term in control.terms if term.comparator not in ("known", "not_known"))
        return (*self._selector_facts(control), *(fact for test in tests for fact in test.fact_names()))

    def _derived_dependencies(self, fact_names: frozenset[str]) -> tuple[DerivedFact, ...]:
        """The derived facts among some facts and among what these rest on in their turn, in order."""
        wanted, found = set(fact_names), list[DerivedFact]()
        for one in reversed(self.derived_facts):
            if one.name in wanted:
                wanted.update(one.inputs)
                found.append(one)
        return tuple(reversed(found))


@lru_cache(maxsize=_MAX_REMEMBERED)
def _intern_control(control: ResolvedControl) -> ResolvedControl:
    """The first of all equal controls, so that its ruleset is found by identity, and schemes share it."""
    return control
