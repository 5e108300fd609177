"""Which acts the source of a case that was decided elsewhere records as done.

Invariants:
- An act with an outcome was done if something is recorded that only it and others in its place record, or if the source
  asks for that: then it was left empty. Of any other act that the case came past, nothing is judged.
- Of several acts that could be the one recorded, those that do not fit what is recorded are left out. Those that are
  left are judged, and the one with the fewest breaches counts: only the branch that was taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rules.packs.flow_schema import STAGE_FACTS, Action
from rules.packs.scheme import Scheme
from rules.values.bounds import plain_name
from rules.values.facts import FactValue


class DoneAct(NamedTuple):
    """An action, and the stage at which it is or would be done."""

    name: str
    action: Action
    stage: str

    @property
    def prefix(self) -> str:
        """The prefix of the facts on its outcome."""
        return self.action.recorded_under(self.stage)

    @property
    def own_days(self) -> tuple[str, ...]:
        """The facts that give its day, the surest first."""
        return (*([f"{self.prefix}.on"] if self.action.outcome else []), *self.action.dates)


@dataclass(frozen=True)
class RecordedActs:
    """The acts that the record of a case at a stage shows as done.

    `asked` are the facts that its source asks for.
    """

    scheme: Scheme
    stage: str
    facts: Mapping[str, FactValue]
    asked: Collection[str]

    def candidates(self) -> list[tuple[DoneAct, ...]]:
        """The acts that were done, in the order of stages; of each, those that it can have been."""
        found = [
            (self.scheme.stage_index(acts[0].stage), acts)
            for acts in [*self._with_outcome(), *self._without_outcome()]
            if acts
        ]
        return [acts for _, acts in sorted(found, key=lambda each: each[0])]

    def unrecorded(self) -> list[str]:
        """The stages and tasks that the case surely came past, and of which its source records nothing."""
        return [
            prefix
            for prefix, acts in self._by_prefix.items()
            if not self._is_recorded(prefix) and self._is_surely_passed(acts[0].stage)
        ]

    @cached_property
    def recorded_names(self) -> frozenset[str]:
        """The names of the facts that are stated, also where only bounds are."""
        return frozenset(map(plain_name, self.facts))

    @cached_property
    def _by_prefix(self) -> dict[str, list[DoneAct]]:
        """The actions with an outcome, by the stage or task under which they record it."""
        found: dict[str, list[DoneAct]] = {}
        for stage in self.scheme.declaration.stages:
            for name, action in self.scheme.actions_at(stage).items():
                if action.outcome:
                    found.setdefault(action.recorded_under(stage), []).append(DoneAct(name, action, stage))
        return found

    def _with_outcome(self) -> Iterator[tuple[DoneAct, ...]]:
        for prefix, acts in self._by_prefix.items():
            if self._is_recorded(prefix):
                yield self._fitting(prefix, acts)

    def _without_outcome(self) -> Iterator[tuple[DoneAct, ...]]:
        """The acts that record no outcome: those that lead on from a stage that was surely left, and those stated."""
        for stage in self.scheme.declaration.stages:
            acts = [
                DoneAct(name, action, stage)
                for name, action in self.scheme.actions_at(stage).items()
                if not action.outcome
            ]
            leading = [act for act in acts if self._leads_to_case(act)]
            with_outcome = [act for act in self._by_prefix.get(stage, ()) if self._leads_to_case(act)]
            if leading and not with_outcome and stage != self.stage and self._is_surely_passed(stage):
                yield tuple(leading)
            for act in acts:
                if act.action.to is None and self._own_facts(act).intersection(self.recorded_names):
                    yield (act,)

    def _is_recorded(self, prefix: str) -> bool:
        """Whether something is recorded of a stage or task, or the source asks for its outcome."""
        acts = self._by_prefix[prefix]
        names = {f"{prefix}.{fact}" for fact in STAGE_FACTS}
        own = names.union(*(self._own_facts(act) for act in acts))
        if not own.isdisjoint(self.recorded_names):
            return True
        return f"{prefix}.outcome" in self.asked and self._is_surely_passed(acts[0].stage)

    def _own_facts(self, act: DoneAct) -> frozenset[str]:
        """The facts that no action records but at the stage or task of this one, and that no paper states."""
        recorded = {*act.action.asks, *act.action.dates}
        others = (
            other.recorded_facts()
            for other in self.scheme.declaration.actions.values()
            if not set(other.prefixes()).issubset({act.prefix}) or not other.outcome
        )
        return frozenset(recorded.difference(*others)) if act.action.outcome else frozenset(recorded)

    def _fitting(self, prefix: str, acts: list[DoneAct]) -> tuple[DoneAct, ...]:
        """The acts at a stage or task that fit what is recorded of it and of later stages."""
        outcome, role = (self.facts.get(f"{prefix}.{fact}") for fact in ("outcome", "role"))
        fitting = [act for act in acts if outcome in (act.action.outcome, None)]
        if outcome is None:
            fitting = [act for act in fitting if self._leads_to_case(act)] or fitting
        for fits in (
            lambda act: role is None or role in act.action.who,
            lambda act: self._recorded_after(act.stage) <= self._stages_after(act.action.leads_to(act.stage)),
            self._leads_to_case,
        ):
            fitting = list(filter(fits, fitting)) or fitting
        return tuple(fitting)

    def _recorded_after(self, stage: str) -> set[str]:
        """The stages after one of which something is recorded, themselves or in their tasks."""
        place, stages = self.scheme.stage_index(stage), self.scheme.declaration.stages
        return {
            later
            for later, declared in stages.items()
            if self.scheme.stage_index(later) > place
            and any(
                f"{prefix}.{fact}" in self.recorded_names for prefix in (later, *declared.tasks) for fact in STAGE_FACTS
            )
        }

    def _leads_to_case(self, act: DoneAct) -> bool:
        """Whether the case could come to its stage after an act."""
        return not act.action.reopens and self.stage in self._stages_after(act.action.leads_to(act.stage))

    def _stages_after(self, start: str, without: str = "") -> set[str]:
        """A stage, and those to which a way leads from it that does not come to another one."""
        reached, waiting = set[str](), [start]
        while waiting:
            stage = waiting.pop()
            if stage not in reached and stage != without:
                reached.add(stage)
                actions = self.scheme.actions_at(stage).values()
                waiting += [action.to for action in actions if action.to and not action.reopens]
        return reached

    def _is_surely_passed(self, stage: str) -> bool:
        """Whether every way from the first stage to that of the case leads through a stage and on from it."""
        first = self.scheme.first_stage
        if stage == self.stage:
            return False
        return stage == first or self.stage not in self._stages_after(first, without=stage)
