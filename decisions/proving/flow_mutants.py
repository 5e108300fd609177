"""Flow mutants: wrong versions of a scheme's flow, each with one thing changed, and whether its walks notice.

A mutant changes an action (target, role, gate, outcome, asks, dates, what it reopens or belongs to), a task, or what
guards a gate (a control lowered to a warning, or taken off). A walk notices an action that comes out otherwise. What
guards a gate is noticed by a walk that is refused by the control there, or by the list of the gate under `guards`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from decisions.proving.walk_advice import gate_of_step
from decisions.proving.walk_proof import SchemeWalk, load_guards, load_walks
from decisions.proving.walks import explain_other_documents, run_walk
from rules.packs.flow_schema import AMEND, AUDIT, Action, Stage
from rules.packs.scheme import Scheme
from rules.packs.scheme_schema import SchemeDeclaration
from rules.proving.mutations import Mutant
from rules.proving.pack_library import PackLibrary


def run_flow_mutants(library: PackLibrary, name: str) -> Iterator[Mutant]:
    """Yield every flow mutant of a scheme, as its walks judge it; none if it has no walks."""
    walks, _ = load_walks(library, name)
    if not walks:
        return
    tester = _FlowTester(walks[0].scheme, tuple(walks), load_guards(library, name))
    for action_name, action in tester.scheme.declaration.actions.items():
        for change, changed in _action_changes(action, tester.scheme):
            yield Mutant(f"{action_name}: {change}", tester.notices_action(action_name, changed))
    for stage_name, stage in tester.scheme.declaration.stages.items():
        for change, changed_stage in _stage_changes(stage):
            yield Mutant(f"{stage_name}: {change}", tester.notices_stage(stage_name, changed_stage))
    yield from tester.guard_mutants()


def _action_changes(action: Action, scheme: Scheme) -> Iterator[tuple[str, Action]]:
    """Yield each changed version of an action, with what was changed."""
    declaration = scheme.declaration

    def changed(**update: Any) -> Action:  # noqa: ANN401 - a value of any field
        return action.model_copy(update=update)

    for stage in _neighbours(action.to, list(declaration.stages)):
        yield f"leads to {stage}", changed(to=stage)
    for change, roles in _role_changes(action, declaration):
        yield change, changed(who=roles)
    for gate in sorted({other.gate for other in declaration.actions.values()} - {action.gate})[:1]:
        yield f"through the gate {gate}", changed(gate=gate)
    if action.outcome:
        yield "without its outcome", changed(outcome="")
    if action.reopens:
        yield f"does not reopen {action.reopens}", changed(reopens=None)
    if action.belongs_to:
        yield f"does not belong to {action.belongs_to}", changed(belongs_to=None)
    for key in ("asks", "dates"):
        facts: tuple[str, ...] = getattr(action, key)
        for fact in facts:
            yield f"{key} without {fact}", changed(**{key: tuple(kept for kept in facts if kept != fact)})


def _role_changes(action: Action, declaration: SchemeDeclaration) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield other roles for an action: each of its own replaced, and for a decision those of authors added."""
    others = [role for role in declaration.roles if role not in action.who]
    for role in action.who:
        for other in others[:1]:
            yield f"by {other} in place of {role}", tuple(other if name == role else name for name in action.who)
    if declaration.decision_day in action.dates:
        for author in declaration.paper.open:
            if author in others:
                yield f"also by {author}", (*action.who, author)


def _neighbours(stage: str | None, stages: list[str]) -> Iterator[str]:
    """Yield the stages before and after one, in the order of the scheme."""
    if stage is not None:
        place = stages.index(stage)
        yield from (stages[near] for near in (place - 1, place + 1) if 0 <= near < len(stages))


def _stage_changes(stage: Stage) -> Iterator[tuple[str, Stage]]:
    """Yield each changed version of a stage with tasks, with what was changed."""
    if not stage.tasks:
        return
    for needed in (stage.tasks_needed - 1, stage.tasks_needed + 1):
        if 1 <= needed <= len(stage.tasks):
            yield f"needs {needed} of its tasks", stage.model_copy(update={"needed": needed})
    for name in stage.tasks:
        fewer = {other: task for other, task in stage.tasks.items() if other != name}
        yield f"without the task {name}", stage.model_copy(update={"tasks": fewer})


@dataclass(frozen=True)
class _FlowTester:
    """Tests whether walks and guards notice a change."""

    scheme: Scheme
    walks: tuple[SchemeWalk, ...]
    guards: Mapping[str, tuple[str, ...]]

    def notices_action(self, name: str, action: Action) -> bool:
        """Whether a walk that does or tries an action comes out otherwise with a changed one."""
        actions = {**self.scheme.declaration.actions, name: action}
        return self._notices({"actions": actions}, [walk for walk in self.walks if _tries(walk, name)])

    def notices_stage(self, name: str, stage: Stage) -> bool:
        """Whether a walk comes out otherwise with a changed stage."""
        return self._notices({"stages": {**self.scheme.declaration.stages, name: stage}}, self.walks)

    def guard_mutants(self) -> Iterator[Mutant]:
        """Yield each version with a blocking control that only warns, or that is taken off a gate."""
        for control in self.scheme.rulebook.controls.values():
            gates = [gate for gate in control.declaration.gates if gate in self.gates_in_use]
            if control.declaration.severity != "blocking" or not gates:
                continue
            yield Mutant(f"{control.id}: only warns", any(self._guards(control.id, gate) for gate in gates))
            for gate in gates:
                yield Mutant(f"{control.id}: not at {gate}", self._guards(control.id, gate))

    @cached_property
    def gates_in_use(self) -> frozenset[str]:
        """The gates that something passes; an audit is no gate that shuts."""
        return frozenset([AMEND, *self.scheme.declaration.gates_of_acts()]) - {AUDIT}

    @cached_property
    def refusals(self) -> frozenset[tuple[str, str]]:
        """Each control that refuses a step of a walk, with the gate of the step."""
        steps = (step for walk in self.walks for step in walk.walk.walk.steps)
        return frozenset((control, gate_of_step(step, self.scheme)) for step in steps for control in step.refused_by)

    def _guards(self, control: str, gate: str) -> bool:
        return (control, gate) in self.refusals or control in self.guards.get(gate, ())

    def _notices(self, update: Mapping[str, object], walks: list[SchemeWalk] | tuple[SchemeWalk, ...]) -> bool:
        changed = replace(self.scheme, declaration=self.scheme.declaration.model_copy(update=update))
        return any(_comes_out_otherwise(walk, changed) for walk in walks)


def _tries(walk: SchemeWalk, action: str) -> bool:
    return any(step.do == action for step in walk.walk.walk.steps)


def _comes_out_otherwise(walk: SchemeWalk, scheme: Scheme) -> bool:
    result = run_walk(walk.walk, scheme)
    if result.mismatch is not None or result.last_case is None:
        return True
    return any(explain_other_documents(walk.walk, result.last_case, scheme))
