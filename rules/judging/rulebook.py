"""A rulebook: every control, fact, value and derived fact that applies to an authority.

Rulebooks, laws and controls are compared by identity. A rulebook never changes; its caches hang on it, so that nothing
keeps it once nobody uses it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

from rules.errors import EngineError
from rules.judging.diary import DiaryRule
from rules.judging.resolved_control import ResolvedControl
from rules.judging.rule_compiler import compile_control
from rules.language.condition_phrases import describe_expected
from rules.language.conditions import (
    Condition,
    FactRef,
    Predicate,
    facts_in,
    predicates_in,
    values_in,
)
from rules.language.derivation_context import DerivedFact
from rules.language.law import Law
from rules.language.pack_schema import ControlDeclaration
from rules.language.partial_knowledge import Limits, find_limits, limit_condition
from rules.language.source_schema import SourceKind
from rules.language.vocabulary import Vocabulary
from rules.values.bounds import HIGH, LOW, is_bound, plain_name
from rules.values.fact_table import FactTable
from rules.values.facts import CASE, FactValue, LinkedFact, kind_of_subject, split_address

_MAX_REMEMBERED = 4096


@dataclass(frozen=True, eq=False)
class Control:
    """One requirement, with the conditions under which it applies and is met.

    One that `is_generated` from a key of the scheme's head needs no worked example of its own. One that `is_of_scheme`
    is the authority's own, or a practice of its forms, and so is in force only during the life of its scheme. One that
    is not `is_held` stands for law that the packs do not hold: where it applies, its outcome is `not_held`.
    """

    id: str
    declaration: ControlDeclaration
    applies: Condition
    requires: Condition
    is_generated: bool = False
    is_of_scheme: bool = False
    is_held: bool = True

    @cached_property
    def is_dated(self) -> bool:
        """Whether it compares dated values, and so is resolved for each case."""
        return bool(self.values)

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The dated values that it compares."""
        return values_in(self.applies, self.requires)

    @cached_property
    def predicates(self) -> tuple[Predicate, ...]:
        """Every predicate of its conditions."""
        return (*predicates_in(self.applies), *predicates_in(self.requires))

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that its conditions read."""
        return facts_in(self.applies, self.requires)

    @cached_property
    def as_resolved(self) -> ResolvedControl:
        """The control itself, where it compares no dated value."""
        return ResolvedControl(self.id, self.applies, self.requires, self.is_held)

    @property
    def enforces_stage_order(self) -> bool:
        """Whether it requires, of every act, that the case stands at the stage of the act."""
        always = self.declaration.when is None and self.declaration.unless is None
        return always and self.requires == Predicate("case.stage", "is", FactRef("act.stage"))

    def guards_gate(self, gate: str | None) -> bool:
        """Whether it is judged at a gate; every control is where `gate` is None."""
        return gate is None or gate in self.declaration.gates


def in_force_conditions(declaration: ControlDeclaration) -> Iterator[Condition]:
    """Yield the conditions that the day governing a control is within its days in force."""
    period, day = declaration.in_force, declaration.governed_by
    yield Predicate(day, "on_or_after", period.first)
    if period.last is not None:
        yield Predicate(day, "on_or_before", period.last)


@dataclass(frozen=True)
class SubjectRules:
    """The controls of a gate for one kind of subject, and the subject's own facts that they read.

    Of `compared_facts` the value matters, of `presence_facts` only whether they are known.
    """

    controls: tuple[Control, ...]
    compared_facts: tuple[str, ...]
    presence_facts: tuple[str, ...]

    @cached_property
    def undated(self) -> tuple[ResolvedControl, ...] | None:
        """The controls as they are judged, if none compares a dated value; else None."""
        return (
            None
            if any(control.is_dated for control in self.controls)
            else tuple(control.as_resolved for control in self.controls)
        )

    def memo_key(self, facts: Mapping[str, FactValue]) -> tuple[object, ...]:
        """The part of a subject's facts that the controls read: subjects with equal keys are judged alike."""
        return (*map(facts.get, self.compared_facts), *[fact in facts for fact in self.presence_facts])


@dataclass(frozen=True)
class GateRules:
    """The controls of a gate by kind of subject, and all that they depend on.

    `derived_facts` are in the order in which they can be computed; `relevant_facts` are the inputs of the controls and
    of the derived facts. Of the `presence_facts` among them the value never matters, only whether they are known.
    Once facts are derived, neither does that of `quoted_facts`: the texts that no control compares. Of the derived
    facts, only those `derived_from_texts` rest on `stated_texts`, themselves or through others.
    `subject_kinds` are the kinds whose subjects are judged, or counted by a derived fact.
    """

    controls: tuple[Control, ...]
    by_subject_kind: Mapping[str, SubjectRules]
    derived_facts: tuple[DerivedFact, ...]
    relevant_facts: frozenset[str]
    presence_facts: frozenset[str]
    quoted_facts: frozenset[str]
    stated_texts: frozenset[str]
    subject_kinds: frozenset[str]

    @cached_property
    def is_relevant_address(self) -> AddressTable:
        """Whether the controls can read what stands at an address, as a value or as a bound."""
        return AddressTable(
            lambda address: (
                plain_name(address) in self.relevant_facts
                or (":" in address and kind_of_subject(address) in self.subject_kinds)
            )
        )

    @cached_property
    def is_presence_address(self) -> AddressTable:
        """Whether the controls read of what stands at an address only whether it is known.

        That is so, too, of a text that nothing reads: it only shows that its subject exists.
        """
        presence = self.presence_facts | (self.stated_texts - self.relevant_facts)
        return AddressTable(lambda address: split_address(address)[0] in presence)

    @cached_property
    def derived_names(self) -> frozenset[str]:
        """The names of the derived facts."""
        return frozenset(derived.name for derived in self.derived_facts)

    @cached_property
    def derived_from_texts(self) -> tuple[DerivedFact, ...]:
        """The derived facts that rest on stated texts, in their order."""
        resting = set(self.stated_texts)
        found: list[DerivedFact] = []
        for derived in self.derived_facts:
            if not resting.isdisjoint(derived.inputs):
                resting.add(derived.name)
                found.append(derived)
        return tuple(found)

    @cached_property
    def derived_without_texts(self) -> tuple[DerivedFact, ...]:
        """The other derived facts, in their order."""
        return tuple(derived for derived in self.derived_facts if derived not in self.derived_from_texts)


class AddressTable(dict[str, bool]):
    """What is so of each address, worked out on first use: all cases have much the same addresses."""

    def __init__(self, find: Callable[[str], bool]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, address: str) -> bool:
        """Work out an address that was not met before."""
        if len(self) >= _MAX_REMEMBERED:
            self.clear()
        self[address] = found = self._find(address)
        return found


@dataclass(frozen=True, eq=False)
class Rulebook:
    """All rules that apply to an authority.

    `digest` is that of the packs' bytes, by which a ruling names them. `workflow_facts` are recorded by acts: nobody
    states them. `vocabulary` has the gates and kinds of subject that the files declare, and `sources` the kinds of
    source of cases that were decided elsewhere.
    """

    digest: str
    facts: FactTable
    law: Law
    derived_facts: tuple[DerivedFact, ...]
    controls: Mapping[str, Control]
    diary_rules: Mapping[str, DiaryRule] = field(default_factory=dict)
    workflow_facts: frozenset[str] = frozenset()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    sources: Mapping[str, SourceKind] = field(default_factory=dict)

    @cached_property
    def derived_by_name(self) -> Mapping[str, DerivedFact]:
        """The derived facts by name."""
        return {derived.name: derived for derived in self.derived_facts}

    @cached_property
    def linked_facts(self) -> Mapping[str, LinkedFact]:
        """The facts that are read from linked cases, by name."""
        return {name: declared.from_case for name, declared in self.facts.items() if declared.from_case}

    @cached_property
    def link_facts(self) -> frozenset[str]:
        """The facts that name another case."""
        return frozenset(name for name, declared in self.facts.items() if declared.names_case)

    @cached_property
    def is_link_address(self) -> AddressTable:
        """Whether what stands at an address names another case."""
        return AddressTable(lambda address: split_address(address)[0] in self.link_facts)

    @cached_property
    def reference_facts(self) -> tuple[str, ...]:
        """The facts that identify a case."""
        return tuple(name for name, declared in self.facts.items() if declared.identifies)

    @cached_property
    def judgements(self) -> OrderedDict[object, Any]:
        """The latest judgements by the facts of both parts, as `rules.judging.shared_judgements` keeps them."""
        return OrderedDict()

    @cached_property
    def derivations(self) -> OrderedDict[object, Any]:
        """The latest evidence with the derived facts that rest on no text, by all facts but the texts."""
        return OrderedDict()

    @cached_property
    def judgements_of_derived(self) -> OrderedDict[object, Any]:
        """The latest judgements by what controls read of evidence with its derived facts."""
        return OrderedDict()

    def resolve_control(self, control: Control, facts: Mapping[str, FactValue]) -> ResolvedControl:
        """A control with the figures in force for some facts."""
        if not control.is_dated:
            return control.as_resolved
        return self._resolve_cached(control, tuple(map(facts.get, self._selector_facts(control))))

    def resolve_partly(
        self, control: Control, facts: Mapping[str, FactValue], asked: frozenset[str]
    ) -> ResolvedControl:
        """A control as it can be judged of a case that was decided elsewhere, whose source asks for some facts."""
        day = control.declaration.governed_by
        selectors = (*self._selector_facts(control), day + LOW, day + HIGH)
        known = tuple((fact, facts[fact]) for fact in selectors if fact in facts)
        limits = find_limits((control.applies, control.requires), facts, asked)
        return self._resolve_partly_cached(control, known, asked.intersection(selectors), limits)

    @cached_property
    def _resolve_partly_cached(self) -> Callable[..., ResolvedControl]:
        return lru_cache(maxsize=_MAX_REMEMBERED)(self._resolve_for_limits)

    def _resolve_for_limits(
        self,
        control: Control,
        selecting: tuple[tuple[str, FactValue], ...],
        asked: frozenset[str],
        limits: Limits | None,
    ) -> ResolvedControl:
        """A control with the figures that facts select, and with what a source leaves open written out.

        Bounds and open choices that would make it too wide for durable-rules are left out, so that it is undetermined.
        """
        day, silent = control.declaration.governed_by, (limits.silent | limits.bounded) if limits else frozenset[str]()
        without_bounds = {fact: value for fact, value in selecting if not is_bound(fact)}
        unbounded, law = Limits(silent), self.law
        resolved = self._write_out(control, limits, lambda side: law.resolve_partly(side, dict(selecting), day, asked))
        if _is_too_wide(resolved):
            resolved = self._write_out(
                control, unbounded, lambda side: law.resolve_partly(side, without_bounds, day, asked)
            )
        if _is_too_wide(resolved):
            resolved = self._write_out(control, unbounded, lambda side: law.resolve(side, without_bounds, day))
        return resolved if resolved.has_unresolved_value else _intern_control(resolved)

    @staticmethod
    def _write_out(
        control: Control, limits: Limits | None, resolve: Callable[[Condition], Condition]
    ) -> ResolvedControl:
        sides = [resolve(side) for side in (control.applies, control.requires)]
        if limits:
            sides = [limit_condition(side, limits) for side in sides]
        return ResolvedControl(control.id, sides[0], sides[1], control.is_held)

    @cached_property
    def _resolve_cached(self) -> Callable[[Control, tuple[FactValue | None, ...]], ResolvedControl]:
        return lru_cache(maxsize=_MAX_REMEMBERED)(self._resolve_for_selectors)

    def _resolve_for_selectors(
        self, control: Control, selector_values: tuple[FactValue | None, ...]
    ) -> ResolvedControl:
        """A control with the figures that the facts select; some may be unknown."""
        selectors = zip(self._selector_facts(control), selector_values, strict=True)
        facts = {fact: value for fact, value in selectors if value is not None}
        resolve, day = self.law.resolve, control.declaration.governed_by
        resolved = ResolvedControl(
            control.id, resolve(control.applies, facts, day), resolve(control.requires, facts, day), control.is_held
        )
        # Two unresolved controls are equal, and yet each may lack other facts, which its finding names.
        return resolved if resolved.has_unresolved_value else _intern_control(resolved)

    def gate_rules(self, gate: str | None) -> GateRules:
        """The rules of a gate, or of every control (None)."""
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
        """Describe what a predicate expects; `other_value` is that of the fact on its right side, if any."""
        return self._describe_cached(predicate, other_value)

    @cached_property
    def _describe_cached(self) -> Callable[[Predicate, FactValue | None], str]:
        return lru_cache(maxsize=_MAX_REMEMBERED)(self._describe_expected)

    def _describe_expected(self, predicate: Predicate, other_value: FactValue | None) -> str:
        operand = predicate.operand
        facts = {operand.fact: other_value} if isinstance(operand, FactRef) and other_value is not None else {}
        return describe_expected(predicate, self.facts, facts)

    def controls_at_gate(self, gate: str | None) -> tuple[Control, ...]:
        """The controls of a gate; every control where `gate` is None."""
        return tuple(control for control in self.controls.values() if control.guards_gate(gate))

    def rules_for_controls(self, *controls: Control) -> GateRules:
        """Some controls, and all that they depend on."""
        facts_read = frozenset[str]().union(*(self._facts_read_by(control) for control in controls))
        derived_facts = self.derived_dependencies(facts_read)
        judged_kinds: set[str] = {control.declaration.of for control in controls}
        counted_kinds = {derived.related_kind for derived in derived_facts}
        inputs = frozenset[str]().union(*(derived.inputs for derived in derived_facts))
        compared = frozenset(chain.from_iterable(map(self._facts_compared_by, controls)))
        return GateRules(
            controls=controls,
            by_subject_kind={kind: self._subject_rules(kind, controls) for kind in judged_kinds},
            derived_facts=derived_facts,
            relevant_facts=facts_read | inputs,
            presence_facts=facts_read - inputs - compared,
            quoted_facts=self._texts - compared,
            stated_texts=self._texts - frozenset(derived.name for derived in derived_facts),
            subject_kinds=frozenset((judged_kinds | counted_kinds) - {CASE, ""}),
        )

    @cached_property
    def _texts(self) -> frozenset[str]:
        return frozenset(name for name, fact in self.facts.items() if fact.kind == "text")

    def _subject_rules(self, kind: str, candidates: Iterable[Control]) -> SubjectRules:
        controls = tuple(control for control in candidates if control.declaration.of == kind)
        facts_read = chain.from_iterable(map(self._facts_read_by, controls))
        own_facts = {fact for fact in facts_read if self.facts.subject_kind_of(fact) == kind}
        compared = own_facts.intersection(chain.from_iterable(map(self._facts_compared_by, controls)))
        return SubjectRules(
            controls=controls,
            compared_facts=tuple(sorted(compared)),
            presence_facts=tuple(sorted(own_facts - compared)),
        )

    def _facts_read_by(self, control: Control) -> Iterable[str]:
        """The facts that a control reads, and those that select the law for it."""
        return (*self._selector_facts(control), *control.facts)

    def _facts_compared_by(self, control: Control) -> Iterable[str]:
        """The facts whose value a control compares; of the others it reads only whether they are known."""
        comparisons = (
            predicate for predicate in control.predicates if predicate.comparator not in ("known", "not_known")
        )
        return (*self._selector_facts(control), *(fact for predicate in comparisons for fact in predicate.fact_names()))

    def derived_dependencies(self, fact_names: frozenset[str]) -> tuple[DerivedFact, ...]:
        """Return the derived facts that some facts are or depend on, in the order in which they can be computed."""
        needed, found = set(fact_names), list[DerivedFact]()
        # `derived_facts` is in order of dependency: from its end, each comes before its inputs.
        for derived in reversed(self.derived_facts):
            if derived.name in needed:
                needed.update(derived.inputs)
                found.append(derived)
        return tuple(reversed(found))


def _is_too_wide(control: ResolvedControl) -> bool:
    """Whether durable-rules could not hold the tests of a control."""
    try:
        compile_control(control)
    except EngineError:
        return True
    return False


@lru_cache(maxsize=_MAX_REMEMBERED)
def _intern_control(control: ResolvedControl) -> ResolvedControl:
    """The first of all equal controls, so that its ruleset is found by identity, and schemes share it."""
    return control
