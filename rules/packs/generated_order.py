"""The controls that the order of a scheme's stages implies for cases that were decided elsewhere.

Invariants:
- They guard the gate `audit_elsewhere` alone. A case that was recorded here could not have gone otherwise.
- A stage is compared with each stage from which a way leads on to it, whether or not the stages between are recorded.
- Nothing is compared that is not recorded: where one side is missing, the control is undetermined.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from rules.language.conditions import AllOf, AnyOf, Condition, FactRef, Predicate
from rules.language.schema_types import Period
from rules.packs.flow_schema import AUDIT_ELSEWHERE, Action
from rules.packs.scheme_schema import SchemeDeclaration
from rules.values.citation import Citation

PAST_ORDER, PAST_ROLE, PAST_DAY = "past_order.", "past_role.", "past_day."
"""How the controls of the order of stages, of the roles that may act, and of days that are stated twice begin."""


_MAX_COMPARED = 16
"""With how many earlier stages and tasks one control compares a stage; more would be too wide for durable-rules."""

_MAX_GROUPS, _MAX_WIDTH = 4, 48
"""Up to how many sets of roles, and pairs of outcome and role, a control tells the outcomes of a stage apart."""


class PastRule(NamedTuple):
    """One control of cases decided elsewhere: its name, its words, and when it requires what."""

    name: str
    words: dict[str, str]
    when: Condition
    requires: Condition

    def declare(self, citation: Citation, in_force: Period) -> dict[str, Any]:
        """Return the control as a pack would declare it."""
        return {
            **self.words,
            "when": _as_written(self.when),
            "requires": _as_written(self.requires),
            "gates": [AUDIT_ELSEWHERE],
            "in_force": in_force,
            "citation": citation,
        }


def past_rules(declaration: SchemeDeclaration) -> Iterator[PastRule]:
    """Yield what a scheme's stages, actions and roles imply for a case that was decided elsewhere."""
    flow = _Flow(declaration)
    for prefix, stage in flow.stage_of.items():
        earlier = list(flow.earlier_prefixes(stage).items())
        for start in range(0, len(earlier), _MAX_COMPARED):
            yield _order_rule(flow.labels[prefix], prefix, dict(earlier[start : start + _MAX_COMPARED]), start)
        yield _role_rule(flow, prefix)
    for fact, prefixes in flow.dated_at().items():
        yield _day_rule(fact, prefixes)


class _Flow:
    """Which stages and tasks have outcomes, and from which stages ways lead on to which."""

    def __init__(self, declaration: SchemeDeclaration) -> None:
        self.declaration = declaration
        self.order = {stage: place for place, stage in enumerate(declaration.stages)}
        self.stage_of = {
            prefix: stage
            for stage, declared in declaration.stages.items()
            for prefix in (stage, *declared.tasks)
            if declaration.outcomes_under(prefix)
        }
        self.labels = {name: stage.label for name, stage in declaration.stages.items()} | {
            name: task.label for name, task in declaration.tasks().items()
        }

    def actions_under(self, prefix: str) -> list[Action]:
        """Return the actions that record their outcome under a prefix."""
        return [action for action in self.declaration.actions.values() if prefix in action.prefixes()]

    def earlier_prefixes(self, stage: str) -> dict[str, tuple[str, ...]]:
        """Return the stages and tasks before a stage, each with the outcomes with which a case does not come to it."""
        found: dict[str, tuple[str, ...]] = {}
        for prefix, earlier in self.stage_of.items():
            if self.order[earlier] >= self.order[stage]:
                continue
            actions = self.actions_under(prefix)
            onward = {action.outcome for action in actions if self._goes_on(action, earlier, stage)}
            if onward:
                found[prefix] = tuple(dict.fromkeys(each.outcome for each in actions if each.outcome not in onward))
        return found

    def _goes_on(self, action: Action, stage: str, goal: str) -> bool:
        """Whether an action, or another one at its stage after it, leads on from a stage to a later one."""
        if action.reopens:
            return False
        return self.leads_on(action.to, goal) if action.to and action.to != stage else bool(action.task)

    def leads_on(self, start: str, goal: str) -> bool:
        """Whether a way leads from a stage to another one, or it is that stage."""
        reached, waiting = set[str](), [start]
        while waiting:
            stage = waiting.pop()
            if stage not in reached:
                reached.add(stage)
                waiting += [
                    action.to
                    for action in self.declaration.actions.values()
                    if action.to and not action.reopens and action.can_be_done_at(stage)
                ]
        return goal in reached

    def dated_at(self) -> dict[str, list[str]]:
        """Return the days that acts with an outcome record besides their own, each with where the outcome stands."""
        found: dict[str, dict[str, None]] = {}
        for action in self.declaration.actions.values():
            for fact in action.dates:
                found.setdefault(fact, {}).update(dict.fromkeys(action.prefixes()))
        return {fact: list(prefixes) for fact, prefixes in found.items() if prefixes}


def _order_rule(label: str, prefix: str, earlier: dict[str, tuple[str, ...]], start: int) -> PastRule:
    """Return the rule on a stage or task beside earlier ones; `start` counts those that other rules compare."""
    days = [Predicate(f"{prefix}.on", "on_or_after", FactRef(f"{before}.on")) for before in earlier]
    # What does not lead on is named: a condition that lists what does would be too wide for durable-rules.
    outcomes = [Predicate(f"{before}.outcome", "none_of", back) for before, back in earlier.items() if back]
    return PastRule(
        f"{PAST_ORDER}{prefix}_{start + 1}" if start else f"{PAST_ORDER}{prefix}",
        {
            "requirement": f"{label}: nothing is recorded of it before what the scheme puts before it.",
            "wrong": f"{label}: what is recorded of it is earlier than what must come before it, or did not follow it.",
            "cure": "Check the days and outcomes in the source. If they stand there, the acts were done out of order.",
        },
        AnyOf((Predicate(f"{prefix}.outcome", "known"), Predicate(f"{prefix}.on", "known"))),
        AllOf((*days, *outcomes)),
    )


def _role_rule(flow: _Flow, prefix: str) -> PastRule:
    label, actions = flow.labels[prefix], flow.actions_under(prefix)
    who = {action.outcome: set[str]() for action in actions}
    for action in actions:
        who[action.outcome].update(action.who)
    role = f"{prefix}.role"

    def is_one_of(roles: Collection[str]) -> Predicate:
        return Predicate(role, "one_of", tuple(each for each in flow.declaration.roles if each in roles))

    outcomes_of: dict[frozenset[str], list[str]] = {}
    for outcome, roles in who.items():
        outcomes_of.setdefault(frozenset(roles), []).append(outcome)
    parts = [
        AllOf((Predicate(f"{prefix}.outcome", "one_of", tuple(outcomes)), is_one_of(roles)))
        for roles, outcomes in outcomes_of.items()
    ]
    width = sum(len(roles) * len(outcomes) for roles, outcomes in outcomes_of.items())
    is_simple = len(parts) == 1 or len(parts) > _MAX_GROUPS or width > _MAX_WIDTH
    return PastRule(
        f"{PAST_ROLE}{prefix}",
        {
            "requirement": f"{label}: whoever acts is in a role that may.",
            "wrong": f"{label}: somebody acted in a role that may not.",
            "cure": "Check the post in the source. If it stands there, the wrong officer acted.",
        },
        Predicate(role, "known"),
        is_one_of(set[str]().union(*who.values())) if is_simple else AnyOf(tuple(parts)),
    )


def _day_rule(fact: str, prefixes: Iterable[str]) -> PastRule:
    days = [f"{prefix}.on" for prefix in prefixes]
    same = tuple(Predicate(fact, "is", FactRef(day)) for day in days)
    return PastRule(
        f"{PAST_DAY}{fact.replace('.', '_')}",
        {
            "requirement": f"The record gives one day for {fact} and for the act that records it.",
            "wrong": f"The record gives another day for {fact} than for the act that records it.",
            "cure": "Check both days in the source, and give the one that stands there.",
        },
        AllOf((Predicate(fact, "known"), AnyOf(tuple(Predicate(day, "known") for day in days)))),
        AnyOf(same) if len(same) > 1 else same[0],
    )


def _as_written(condition: Condition) -> dict[str, Any]:
    """Return a condition as a pack writes it."""
    if not isinstance(condition, Predicate):
        key = "all" if isinstance(condition, AllOf) else "any"
        return {key: [_as_written(part) for part in condition.conditions]}
    operand = condition.operand
    if isinstance(operand, FactRef):
        return {condition.fact: {condition.comparator: {"fact": operand.fact}}}
    return {condition.fact: {condition.comparator: list(operand) if isinstance(operand, tuple) else operand}}
