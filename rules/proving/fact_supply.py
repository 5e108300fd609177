"""Facts of a scheme that come too late, or that one act takes from another.

Invariants:
- A paper can be changed where the gate of amendments can open; what an act asks for can be stated with it.
- Only facts of the case count: a thing in a case, such as a vote, can be recorded at several stages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rules.judging.rulebook import Control
from rules.language.conditions import predicates_in
from rules.packs import workflow_facts
from rules.packs.flow_schema import AMEND, Action
from rules.packs.scheme import Scheme
from rules.proving.flow import Flow
from rules.proving.possible_truth import ANY_VALUE, can_pass, fixed
from rules.values.facts import CASE, DAY_OF_ACT


class LateNeed(NamedTuple):
    """A blocking control that needs a fact of the paper after the paper can be changed, and the acts at its gates."""

    control: Control
    fact: str
    actions: tuple[str, ...]


@dataclass(frozen=True)
class FactSupply:
    """Where the facts of a scheme are stated, and where they are needed."""

    scheme: Scheme

    def late_needs(self) -> Iterator[LateNeed]:
        """Yield each fact of the paper that is first needed where nobody can state it any more."""
        for control in self._blocking_controls():
            later = tuple(name for name, action in self._actions.items() if action.gate in control.declaration.gates)
            if not later or self._guards_early(control):
                continue
            for fact in sorted(self._stated_facts_of(control) - self._needed_early):
                yield LateNeed(control, fact, later)

    def facts_of_several_stages(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each fact of the case that acts ask for at several stages as they send the case on, with these acts."""
        onward = {name: action for name, action in self._actions.items() if self._sends_on(action)}
        requested = {fact for action in onward.values() for fact in action.asks} - self._reasons_in_documents()
        for fact in sorted(filter(self._is_of_case, requested)):
            first, *others = (name for name, action in onward.items() if fact in action.asks)
            if elsewhere := [name for name in others if self._are_at_other_stages(first, name)]:
                yield fact, (first, *elsewhere)

    def _reasons_in_documents(self) -> set[str]:
        """The facts that documents print as the reason of each act, so that a later one hides no earlier one."""
        return {block.reason for template in self.scheme.declaration.documents for block in template.blocks}

    def _are_at_other_stages(self, one: str, other: str) -> bool:
        return set(self._actions[one].stages).isdisjoint(self._actions[other].stages)

    def _is_of_case(self, fact: str) -> bool:
        return self.scheme.rulebook.facts.subject_kind_of(fact) == CASE

    @cached_property
    def _actions(self) -> dict[str, Action]:
        return dict(self.scheme.declaration.actions)

    def _sends_on(self, action: Action) -> bool:
        """Whether an action sends a case to a later stage that is no end."""
        if action.to is None or action.to in self.scheme.declaration.last_stages():
            return False
        return all(self.scheme.stage_index(stage) < self.scheme.stage_index(action.to) for stage in action.stages)

    @cached_property
    def _early_gates(self) -> frozenset[str]:
        """The gates through which a paper leaves a stage at which it can still be changed."""
        changeable = {stage for stage in self.scheme.declaration.stages if self._can_be_amended_at(stage)}
        leaving = (action for action in self._actions.values() if not changeable.isdisjoint(action.stages))
        return frozenset(action.gate for action in leaving if self._sends_on(action))

    def _can_be_amended_at(self, stage: str) -> bool:
        """Whether the gate of amendments can open at a stage."""
        known = {workflow_facts.CASE_STAGE: fixed(stage), DAY_OF_ACT: fixed(Flow(self.scheme).day)}
        controls = self.scheme.rulebook.controls_at_gate(AMEND)
        return all(
            can_pass(control, lambda fact: known.get(fact, ANY_VALUE))
            for control in controls
            if control.declaration.of == CASE and control.declaration.severity == "blocking"
        )

    @cached_property
    def _needed_early(self) -> frozenset[str]:
        """The facts of the paper that a control already looks at while the paper can be changed."""
        early = filter(self._guards_early, self.scheme.rulebook.controls.values())
        return frozenset(fact for control in early for fact in self._stated_facts_of(control))

    @cached_property
    def _inputs(self) -> dict[str, tuple[str, ...]]:
        return {fact.name: fact.inputs for fact in self.scheme.rulebook.derived_facts}

    def _blocking_controls(self) -> Iterator[Control]:
        for control in self.scheme.rulebook.controls.values():
            if control.declaration.severity == "blocking":
                yield control

    def _guards_early(self, control: Control) -> bool:
        return not self._early_gates.isdisjoint(control.declaration.gates)

    def _stated_facts_of(self, control: Control) -> frozenset[str]:
        """The facts on which a control hangs, and that a paper states."""
        conditions = (control.applies, control.requires)
        named = {fact for condition in conditions for part in predicates_in(condition) for fact in part.fact_names()}
        return frozenset(fact for fact in self._with_inputs(named) if fact not in self.scheme.unstatable_facts)

    def _with_inputs(self, facts: set[str]) -> set[str]:
        """Return facts with all facts that they are derived from."""
        found: set[str] = set()
        waiting = set(facts)
        while waiting:
            fact = waiting.pop()
            found.add(fact)
            waiting |= set(self._inputs.get(fact, ())) - found
        return found
