"""What is wrong with the flow of a scheme, as faults and warnings with their place in its file.

A fault is a dead end: an action that no case can ever do, or a scheme without an end that a case can reach. A warning
is most likely a slip, and does no harm to a case by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.errors import Fault
from rules.packs.flow_schema import Action
from rules.packs.scheme import Scheme
from rules.packs.workflow_facts import TASKS_DONE, TASKS_NEEDED
from rules.proving.fact_supply import FactSupply
from rules.proving.flow import Blocked, Flow, Move
from rules.reading.yaml_reader import LocatedFault, YamlFile


def flow_faults(scheme: Scheme, head: YamlFile) -> Iterator[Fault]:
    """Yield a fault for each action that can never happen, or one if no case can ever end."""
    flow = Flow(scheme)
    for blocked in flow.blocked_actions():
        yield head.fault_at(("actions", blocked.name), _describe_blocked(blocked, flow))
    if scheme.declaration.last_stages().isdisjoint(flow.reached_stages()):
        yield head.fault_at(("stages",), "no case can ever end: no last stage can be reached")


def flow_warnings(scheme: Scheme, head: YamlFile) -> Iterator[Fault]:
    """Yield a warning for each role, day, move back and fact that is most likely a slip."""
    yield from (head.fault_at(at, message) for at, message in _unused_roles(scheme))
    for kind, rule in scheme.diary_rules.items():
        if not scheme.declaration.owners.get(kind) and not rule.declaration.owner:
            yield head.fault_at(("owners",), f"nobody sees to the day {kind}: add `{kind}: [ROLE]`")
    for name, action in scheme.declaration.actions.items():
        if message := _describe_incomplete_reopening(action, scheme):
            yield head.fault_at(("actions", name), message)
    yield from (head.fault_at(at, message) for at, message in _tasks_that_nothing_asks_for(scheme))
    yield from (head.fault_at(("actions", name), message) for name, message in _ill_supplied_facts(scheme))


def _describe_incomplete_reopening(action: Action, scheme: Scheme) -> str:
    """Return what still counts after an action moves a case back, and how to void it; empty if nothing does."""
    if action.reopens is None and (stage := _stage_moved_back_from(action, scheme)):
        return (
            f"moves a case back from {stage} to {action.to} and reopens nothing, so what was recorded since then"
            f" still counts; to void it, add `reopens: {action.to}`"
        )
    if action.to and action.reopens and scheme.stage_index(action.reopens) > scheme.stage_index(action.to):
        return (
            f"moves a case to {action.to} and reopens {action.reopens}, which comes later: what was recorded from"
            f" {action.to} on still counts; to void it, write `reopens: {action.to}`"
        )
    return ""


def _tasks_that_nothing_asks_for(scheme: Scheme) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each stage that a case can leave without its tasks, since no control looks at them."""
    rulebook = scheme.rulebook
    read = {fact for control in rulebook.controls.values() for fact in control.facts}
    read |= {fact for derived in rulebook.derived_facts for fact in derived.inputs}
    for name, stage in scheme.declaration.stages.items():
        if stage.tasks and TASKS_DONE not in read and read.isdisjoint(f"{task}.outcome" for task in stage.tasks):
            yield (
                ("stages", name, "tasks"),
                (
                    "can be left undone: no control looks at them. Add one to the gate by which a case leaves"
                    f" {name}: `requires: {{{TASKS_DONE}: {{at_least: {{fact: {TASKS_NEEDED}}}}}}}`"
                ),
            )


def _ill_supplied_facts(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Yield each act that needs what nobody can state by then, or that states what another act states too."""
    supply = FactSupply(scheme)
    for control, fact, actions in supply.late_needs():
        needed = f"{control.id}, at its gate {scheme.action(actions[0]).gate}, needs {fact}"
        yield (
            actions[0],
            (
                f"{needed}, which no act asks for, and no control asks of the paper while it can still be changed: add"
                f" {fact} to the `asks` of {actions[0]}, or ask for it at an earlier gate"
            ),
        )
    for fact, actions in supply.facts_of_several_stages():
        yield (
            actions[1],
            (
                f"asks for {fact}, as {actions[0]} does at another stage, so that the later value takes the place of"
                " the earlier one: give each act a fact of its own, or print it as the `reason` of `acts`"
            ),
        )


def _describe_blocked(blocked: Blocked, flow: Flow) -> str:
    """Return why an action can never happen, with a way to its stage and what to change."""
    scheme = flow.scheme
    gate = scheme.action(blocked.name).gate
    obstacle = blocked.obstacles[0]
    at = f"no case can ever do it at {blocked.stage} ({_describe_way(flow.reached_stages()[blocked.stage])})"
    if not obstacle.never_known:
        return f"{at}: {obstacle.control.id}, at its gate {gate}, cannot be met there"
    fact = obstacle.never_known[0]
    recorders = flow.acts_that_record(fact)
    source = (
        f"which only {' and '.join(recorders)} can record, later" if recorders else "which nobody can state by then"
    )
    return (
        f"{at}: {obstacle.control.id}, at its gate {gate}, needs {fact}, {source}. Take {gate} out of the gates of the"
        f" control, or add to its `when`: {{{fact}: {{known: true}}}}"
    )


def _describe_way(way: tuple[Move, ...]) -> str:
    """Return a way as a reader walks it: `after submit, board-support`."""
    return f"after {', '.join(move.name for move in way)}" if way else "where every case begins"


def _unused_roles(scheme: Scheme) -> Iterator[LocatedFault]:
    declaration = scheme.declaration
    used = {*declaration.paper.open, *declaration.paper.amend}
    used.update(*(action.who for action in declaration.actions.values()))
    used.update(*(review.who for review in declaration.reviews.values()), *declaration.owners.values())
    for role in declaration.roles:
        if role not in used:
            yield ("roles", role), "is a role that nobody needs: no action, paper, review or day names it"


def _stage_moved_back_from(action: Action, scheme: Scheme) -> str | None:
    """Return the first stage from which an action moves a case back; none if it does not."""
    if action.to is None:
        return None
    target = scheme.stage_index(action.to)
    return next((stage for stage in action.stages if scheme.stage_index(stage) > target), None)
