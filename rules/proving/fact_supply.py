"""Facts of a scheme that come too late, or that one act takes from another.

Invariants:
- A paper can be changed until the first action that sends it on; what an act asks for can be stated with it.
- Only facts of the case count: a thing in a case, such as a vote, can be recorded at several stages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rules.judging.rulebook import Control
from rules.language.conditions import predicates_in
from rules.packs.scheme import Action, Scheme
from rules.values.facts import CASE


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
            if not later or self._guards_sending(control):
                continue
            for fact in sorted(self._stated_facts_of(control) - self._needed_early):
                yield LateNeed(control, fact, later)

    def facts_of_several_stages(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each fact of the case that acts at several stages ask for, with these acts, unless it is a reason."""
        reasons = {block.reason for template in self.scheme.declaration.documents for block in template.blocks}
        for fact in sorted({fact for action in self._actions.values() for fact in action.asks} - reasons):
            names = tuple(name for name, action in self._actions.items() if fact in action.asks)
            stages = {stage for name in names for stage in self._actions[name].stages}
            if len(stages) > 1 and self.scheme.rulebook.facts.subject_kind_of(fact) == CASE:
                yield fact, names

    @cached_property
    def _actions(self) -> dict[str, Action]:
        return dict(self.scheme.declaration.actions)

    @cached_property
    def _sending_gates(self) -> frozenset[str]:
        """The gates through which a paper leaves the first stage for another that is no end."""
        first, ends = self.scheme.first_stage, self.scheme.declaration.last_stages()
        leaving = (action for action in self._actions.values() if action.can_be_done_at(first))
        return frozenset(action.gate for action in leaving if action.leads_to(first) not in {first, *ends})

    @cached_property
    def _needed_early(self) -> frozenset[str]:
        """The facts of the paper that a control at the first gate already looks at."""
        early = filter(self._guards_sending, self.scheme.rulebook.controls.values())
        return frozenset(fact for control in early for fact in self._stated_facts_of(control))

    @cached_property
    def _inputs(self) -> dict[str, tuple[str, ...]]:
        return {fact.name: fact.inputs for fact in self.scheme.rulebook.derived_facts}

    def _blocking_controls(self) -> Iterator[Control]:
        for control in self.scheme.rulebook.controls.values():
            if control.declaration.severity == "blocking":
                yield control

    def _guards_sending(self, control: Control) -> bool:
        return not self._sending_gates.isdisjoint(control.declaration.gates)

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
