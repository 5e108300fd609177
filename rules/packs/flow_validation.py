"""Validation of a scheme's flow: stages, tasks, actions, reviews and corrections against what its packs declare.

Invariants:
- Every stage has a way in from the first, and a way out to a last one.
- What an act records is a declared fact that nothing else derives, and belongs to what the act is done to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.errors import Fault
from rules.judging.rulebook import Rulebook
from rules.packs.corrections_schema import CorrectionRules, correction_fact_faults
from rules.packs.declared_words import (
    RESERVED_PREFIXES,
    unknown_gate_faults,
    unknown_kind_faults,
    unknown_role_faults,
)
from rules.packs.flow_schema import AUDIT_GATES, Action, ReviewAction
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.facts import CASE
from rules.values.suggestions import describe_undeclared, describe_unknown


def flow_structure_faults(source: YamlFile, declaration: SchemeDeclaration, rulebook: Rulebook) -> Iterator[Fault]:
    """Yield every fault in the stages, actions, reviews and corrections of a scheme."""
    validator = _FlowValidator(source, declaration, rulebook)
    yield from validator.stage_faults()
    for name, action in declaration.actions.items():
        yield from validator.action_faults(("actions", name), action)
    for name, review in declaration.reviews.items():
        yield from validator.review_faults(("reviews", name), review)
    if declaration.corrections:
        yield from validator.correction_faults(declaration.corrections)


@dataclass(frozen=True, slots=True)
class _FlowValidator:
    """Finds stages that cannot be reached or left, and names that nobody declares."""

    source: YamlFile
    declaration: SchemeDeclaration
    rulebook: Rulebook

    def stage_faults(self) -> Iterator[Fault]:
        """Yield a fault for each stage or task that a case cannot come to, do or leave."""
        for name in self.declaration.stages:
            if name in (*self.rulebook.vocabulary.subject_kinds, *RESERVED_PREFIXES):
                yield self._fault(("stages", name), "is a name that facts use; choose another")
        yield from self._task_faults()
        yield from self._transition_faults()

    def _task_faults(self) -> Iterator[Fault]:
        """Yield a fault for each task that cannot be done, and for each name that something else has."""
        taken = {*self.rulebook.vocabulary.subject_kinds, *RESERVED_PREFIXES, *self.declaration.stages}
        for name, stage in self.declaration.stages.items():
            at = ("stages", name, "tasks")
            if stage.needed is not None and stage.needed > len(stage.tasks):
                yield self._fault(("stages", name, "needed"), f"needs more tasks than the {len(stage.tasks)} it has")
            for task_name, task in stage.tasks.items():
                if task_name in taken:
                    yield self._fault((*at, task_name), "is a name that a stage, a task or a fact has; choose another")
                taken.add(task_name)
                for outcome in task.done:
                    if outcome not in self.declaration.outcomes_under(task_name):
                        message = f"no action with `task: {task_name}` has the outcome {outcome}"
                        yield self._fault((*at, task_name, "done"), message)

    def _transition_faults(self) -> Iterator[Fault]:
        """Yield a fault for each stage without a way in or out, and for each last stage with a way out."""
        first = next(iter(self.declaration.stages))
        acts = [(stage, action) for action in self.declaration.actions.values() for stage in action.stages]
        moves = [(stage, action.to) for stage, action in acts if action.to]
        leaving = {stage for stage, action in acts if action.to and not action.reopens}
        back = [(to, stage) for stage, to in moves]
        ends = self.declaration.last_stages()
        stages = self.declaration.stages
        faulty = {
            f"cannot be reached from {first}": stages.keys() - _reachable_stages({first}, moves),
            "leads to no last stage": stages.keys() - _reachable_stages(ends, back),
            "is a last stage, but an action leads on from it and reopens nothing": ends & leaving,
        }
        for message, names in faulty.items():
            yield from (self._fault(("stages", name), message) for name in sorted(names))

    def action_faults(self, at: KeyPath, action: Action) -> Iterator[Fault]:
        """Yield every fault of one action."""
        keys = {"to": action.to, "reopens": action.reopens, "belongs_to": action.belongs_to}
        named = [("stage", stage) for stage in action.stages] + [*keys.items()]
        for key, name in named:
            if name is not None and name not in self.declaration.stages:
                yield self._fault((*at, key), describe_unknown(name, "stage", self.declaration.stages))
        yield from self._staying_faults(at, action)
        yield from self._outcome_faults(at, action)
        yield from unknown_gate_faults(self.source, (*at, "gate"), action.gate, self.rulebook.vocabulary)
        if action.gate in AUDIT_GATES:
            yield self._fault((*at, "gate"), f"{action.gate} is an auditor's look at a case, which no action passes")
        yield from self._role_faults((*at, "who"), action.who)
        yield from self._faults_of_what_it_records(at, action)

    def _faults_of_what_it_records(self, at: KeyPath, action: Action) -> Iterator[Fault]:
        """Yield a fault for each fact that an action cannot record."""
        for fact in action.asks:
            if message := self._why_not_recordable(fact, self.rulebook.facts.subject_kind_of(fact)):
                yield self._fault((*at, "asks"), message)
            elif fact in (*action.dates, *action.sets):
                yield self._fault((*at, "asks"), f"{fact} is recorded under dates or sets: an answer would be lost")
        for key, facts in (("dates", action.dates), ("sets", tuple(action.sets))):
            yield from self._recorded_fact_faults((*at, key), facts)
        days = {name for name, fact in self.rulebook.facts.items() if fact.kind == "day"}
        for name in action.dates:
            if name in self.rulebook.facts.keys() - days:
                yield self._fault((*at, "dates"), f"{name} is not a day")

    def _outcome_faults(self, at: KeyPath, action: Action) -> Iterator[Fault]:
        """Yield a fault for an outcome that a scheme with a list of outcomes does not declare."""
        outcomes = self.declaration.outcomes
        if action.outcome and outcomes and action.outcome not in outcomes:
            yield self._fault((*at, "outcome"), describe_unknown(action.outcome, "declared outcome", outcomes))

    def _staying_faults(self, at: KeyPath, action: Action) -> Iterator[Fault]:
        """Yield a fault for an action that stays at its stage, or does a task, and should not."""
        if action.task is not None:
            yield from self._task_action_faults(at, action, action.task)
        if action.to is None and action.reopens is not None:
            yield self._fault((*at, "reopens"), "needs `to`: say to which stage the case goes back")
        if action.belongs_to is not None and any(
            self._comes_before(stage, action.belongs_to) for stage in action.stages
        ):
            yield self._fault((*at, "belongs_to"), f"{action.belongs_to} comes after a stage at which it can be done")
        if action.to is None and not action.recorded_facts():
            yield self._fault(at, "leads nowhere and records nothing: give `to`, `outcome`, `asks`, `dates` or `sets`")

    def _comes_before(self, stage: str, other: str) -> bool:
        order = list(self.declaration.stages)
        return stage in order and other in order and order.index(stage) < order.index(other)

    def _task_action_faults(self, at: KeyPath, action: Action, task: str) -> Iterator[Fault]:
        stages = (self.declaration.stages[name] for name in action.stages if name in self.declaration.stages)
        if any(task not in stage.tasks for stage in stages):
            yield self._fault((*at, "task"), f"{task} is not a task of {' and '.join(action.stages)}")
        if action.to is not None:
            yield self._fault((*at, "to"), "must be left out: a task leaves the case at its stage")
        if not action.outcome:
            yield self._fault((*at, "task"), "needs an `outcome`, which is what the task records")

    def review_faults(self, at: KeyPath, review: ReviewAction) -> Iterator[Fault]:
        """Yield every fault of one outcome of a review."""
        yield from self._role_faults((*at, "who"), review.who)
        yield from unknown_gate_faults(self.source, (*at, "gate"), review.gate, self.rulebook.vocabulary)
        yield from unknown_kind_faults(self.source, (*at, "of"), review.of, self.rulebook.vocabulary)
        if review.gate in AUDIT_GATES:
            yield self._fault((*at, "gate"), f"{review.gate} is an auditor's look at a case, which nothing passes")
        if (
            review.of not in self.rulebook.vocabulary.subject_kinds
        ):  # else each of its facts seems to be of another kind
            return
        facts = [("kept_in", review.kept_in), ("dates", review.dates), *(("asks", fact) for fact in review.asks)]
        for key, fact in facts:
            if message := self._why_not_recordable(fact, review.of):
                yield self._fault((*at, key), message)
            elif key == "kept_in" and review.outcome not in self.rulebook.facts[fact].choices:
                message = describe_unknown(review.outcome, f"choice of {fact}", self.rulebook.facts[fact].choices)
                yield self._fault((*at, "outcome"), message)
            elif key == "dates" and self.rulebook.facts[fact].kind != "day":
                yield self._fault((*at, key), f"{fact} is not a day")

    def correction_faults(self, rules: CorrectionRules) -> Iterator[Fault]:
        """Yield a fault for each role, stage, gate or fact that corrections need and nobody declares."""
        at = ("corrections",)
        yield from self._role_faults((*at, "who"), rules.who)
        yield from unknown_gate_faults(self.source, (*at, "gate"), rules.gate, self.rulebook.vocabulary)
        for stage in rules.stages:
            if stage not in self.declaration.stages:
                yield self._fault((*at, "stages"), describe_unknown(stage, "stage", self.declaration.stages))
        yield from (self._fault(at, message) for message in correction_fact_faults(self.rulebook.facts))

    def _recorded_fact_faults(self, at: KeyPath, names: tuple[str, ...]) -> Iterator[Fault]:
        yield from (self._fault(at, message) for message in map(self._why_not_recordable, names) if message)

    def _why_not_recordable(self, fact: str, subject_kind: str = CASE) -> str:
        """Return why an act cannot record a fact of a kind of subject; empty if it can."""
        if fact not in self.rulebook.facts:
            undeclared = describe_undeclared(fact, "fact", self.rulebook.facts)
            return undeclared if "?" in undeclared else f"{undeclared}: declare it under facts in a pack of the scheme"
        if fact in {derived.name for derived in self.rulebook.derived_facts}:
            return f"{fact} is derived from others"
        if self.rulebook.facts[fact].from_case:
            return f"{fact} is read from a linked case"
        if fact in self.rulebook.workflow_facts:
            return f"{fact} is recorded by assent itself: take it out, or declare a fact of your own"
        fact_kind = self.rulebook.facts.subject_kind_of(fact)
        if fact_kind == subject_kind:
            return ""
        declared, expected = ("the case" if kind == CASE else f"each {kind}" for kind in (fact_kind, subject_kind))
        return f"{fact} is a fact of {declared}, not of {expected}"

    def _role_faults(self, at: KeyPath, roles: tuple[str, ...]) -> Iterator[Fault]:
        return unknown_role_faults(self.source, at, roles, self.declaration.roles)

    def _fault(self, at: KeyPath, message: str) -> Fault:
        return self.source.fault_at(at, message)


def _reachable_stages(start: set[str], transitions: list[tuple[str, str]]) -> set[str]:
    reached = set(start)
    while more := {to for stage, to in transitions if stage in reached} - reached:
        reached |= more
    return reached
