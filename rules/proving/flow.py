"""The proof of a scheme's flow: every action can happen, every end can be reached, and nobody waits for ever.

A case is followed from the first stage through every action that its gate can let pass. An action is called impossible
only where a blocking control cannot be met in any case: what it needs is recorded by later acts alone, or contradicts
the act itself. No examples are needed; walks prove more (`decisions.proving.walks`).

Invariants:
- A fact that only acts record counts as known at a stage only if an act that can happen records it on a way there.
- Controls of things in a case are not followed: a case can have none of them.
- The law is that of the newest rules of the scheme.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from rules.judging.rulebook import Control
from rules.language.conditions import Condition, Predicate, predicates_in
from rules.packs import workflow_facts
from rules.packs.flow_schema import Action
from rules.packs.scheme import Scheme
from rules.proving.possible_truth import ANY_VALUE, KNOWN, UNKNOWN, FactRange, can_pass, fixed, possible_truth
from rules.values.facts import CASE, DAY_OF_ACT, FactValue


class Obstacle(NamedTuple):
    """A blocking control that no case can pass, and the facts of it that only later acts record."""

    control: Control
    never_known: tuple[str, ...]


class Blocked(NamedTuple):
    """An action that can never be done at a stage that can be reached, and what shuts its gate."""

    name: str
    stage: str
    obstacles: tuple[Obstacle, ...]


class Move(NamedTuple):
    """An act that can happen: the action, and the stage at which it is done."""

    name: str
    stage: str


@dataclass(slots=True)
class _Exploration:
    """What can be reached: the way to each stage, the facts that can be recorded on a way there, and the acts."""

    ways: dict[str, tuple[Move, ...]]
    recorded: dict[str, dict[str, FactRange]]
    moves: set[Move] = field(default_factory=set)


@dataclass(frozen=True)
class Flow:
    """The flow of a scheme, explored from its first stage."""

    scheme: Scheme

    @cached_property
    def explored(self) -> _Exploration:
        """What can be reached; an action that opens a gate for another is tried before it."""
        first = self.scheme.first_stage
        found = _Exploration({first: ()}, {first: {}})
        while self._extend(found):
            pass
        return found

    def reached_stages(self) -> Mapping[str, tuple[Move, ...]]:
        """The stages that can be reached, each with a shortest way there."""
        return self.explored.ways

    def blocked_actions(self) -> Iterator[Blocked]:
        """Yield each action that can never be done at a stage that can be reached."""
        for stage in self.explored.ways:
            for name in self.scheme.actions_at(stage):
                if Move(name, stage) not in self.explored.moves:
                    yield Blocked(name, stage, tuple(self._obstacles(name, stage)))

    def acts_that_record(self, fact: str) -> tuple[str, ...]:
        """The actions that record a fact."""
        actions = self.scheme.declaration.actions.items()
        return tuple(name for name, action in actions if fact in action.recorded_facts())

    def _extend(self, found: _Exploration) -> bool:
        """Add the acts that can happen now; return whether anything was added."""
        grown = False
        for stage in list(found.ways):
            for name, action in self.scheme.actions_at(stage).items():
                if any(True for _ in self._obstacles(name, stage, found)):
                    continue
                move, target = Move(name, stage), action.leads_to(stage)
                grown |= move not in found.moves
                found.moves.add(move)
                found.ways.setdefault(target, (*found.ways[stage], move))
                gained = {**found.recorded[stage], **self._ranges_recorded_by(name, action, stage)}
                if target in found.recorded:
                    grown |= _widen(found.recorded[target], gained)
                else:
                    found.recorded[target], grown = gained, True
        return grown

    def _obstacles(self, name: str, stage: str, found: _Exploration | None = None) -> Iterator[Obstacle]:
        """Yield what shuts the gate of an action at a stage, whoever does it."""
        action, recorded = self.scheme.action(name), (found or self.explored).recorded[stage]
        controls = self.scheme.rulebook.controls_at_gate(action.gate)
        for control in controls:
            if control.declaration.of == CASE and control.declaration.severity == "blocking":
                ranges = [_ActRanges(self, recorded, name, stage, role) for role in action.who]
                if not any(can_pass(control, of_role.range_of) for of_role in ranges):
                    yield Obstacle(control, tuple(ranges[0].never_known(control)))

    def _ranges_recorded_by(self, name: str, action: Action, stage: str) -> dict[str, FactRange]:
        """What is known of each fact that an act records, after it."""
        ranges = dict.fromkeys(action.recorded_facts(), KNOWN) | dict.fromkeys(action.asks, ANY_VALUE)
        ranges |= {fact: fixed(value) for fact, value in self.scheme.set_facts[name].items()}
        if action.outcome:
            ranges[f"{action.recorded_under(stage)}.outcome"] = fixed(action.outcome)
        return ranges

    @cached_property
    def day(self) -> date:
        """The day on which the newest rules of the scheme are all in force, or its last day."""
        declared = [control.declaration.in_force.first for control in self.scheme.rulebook.controls.values()]
        life = self.scheme.declaration.in_force
        newest = max([life.first, *declared])
        return newest if life.last is None else min(newest, life.last)

    @cached_property
    def recordable(self) -> frozenset[str]:
        """The facts that acts record."""
        return self.scheme.act_recorded_facts

    @cached_property
    def derived_inputs(self) -> Mapping[str, tuple[str, ...]]:
        """The facts without which a derived fact is not known; none for a function that can do without."""
        return {
            fact.name: () if fact.conditions or fact.related_kind else fact.inputs
            for fact in self.scheme.rulebook.derived_facts
        }


@dataclass(frozen=True, slots=True)
class _ActRanges:
    """What is known of each fact when an act is judged: of an action at a stage, by an officer in a role."""

    flow: Flow
    recorded: Mapping[str, FactRange]
    name: str
    stage: str
    role: str

    def range_of(self, fact: str) -> FactRange:
        """What is known of a fact."""
        scheme, action = self.flow.scheme, self.flow.scheme.action(self.name)
        own: dict[str, FactValue] = {
            workflow_facts.CASE_STAGE: self.stage,
            workflow_facts.ACT_STAGE: self.stage,
            workflow_facts.ACTION: self.name,
            workflow_facts.ACT_ROLE: self.role,
            DAY_OF_ACT: self.flow.day,
            **dict.fromkeys(action.dates, self.flow.day),
            **scheme.set_facts[self.name],
            **scheme.authority_facts,
        }
        if action.outcome:
            own[f"{action.recorded_under(self.stage)}.outcome"] = action.outcome
        if fact in own:
            return fixed(own[fact])
        if fact in action.recorded_facts():
            return ANY_VALUE
        if fact in self.flow.recordable:
            return self.recorded.get(fact, UNKNOWN)
        inputs = self.flow.derived_inputs.get(fact, ())
        return UNKNOWN if any(not self.range_of(given).can_be_known for given in inputs) else ANY_VALUE

    def never_known(self, control: Control) -> Iterator[str]:
        """Yield the facts that keep a control from being met because they cannot be known."""
        deciding = control.requires if possible_truth(control.applies, self.range_of).true else control.applies
        for predicate in _failing(deciding, self):
            yield from (fact for fact in predicate.fact_names() if not self.range_of(fact).can_be_known)


def _failing(condition: Condition, ranges: _ActRanges) -> Iterator[Predicate]:
    """Yield the tests of a condition that cannot be true."""
    for predicate in predicates_in(condition):
        if not possible_truth(predicate, ranges.range_of).true:
            yield predicate


def _widen(known: dict[str, FactRange], gained: Mapping[str, FactRange]) -> bool:
    """Add another way to a stage to what is known there; return whether that changed anything.

    A fact that one of the ways does not record may be unknown.
    """
    changed = False
    for fact in {*known, *gained}:
        before = known.get(fact, UNKNOWN)
        after = _union(before, gained.get(fact, UNKNOWN))
        if after != before:
            known[fact] = after
            changed = True
    return changed


def _union(one: FactRange, other: FactRange) -> FactRange:
    if not one.can_be_known:
        return replace(other, can_be_unknown=True)
    if not other.can_be_known:
        return replace(one, can_be_unknown=True)
    values = None if one.values is None or other.values is None else one.values | other.values
    return FactRange(values, can_be_unknown=one.can_be_unknown or other.can_be_unknown)
