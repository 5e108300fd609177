"""The ruling on an act: the facts of both parts that decide on it, as they would be if it were done.

Facts of the case that an action asks for must be stated with the act: what an earlier act stated stays recorded, but
does not open this gate. What the act records by itself counts already.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from rules.judging.findings import Ruling
from rules.packs import workflow_facts
from rules.packs.flow_schema import STAGE_FACTS, Action
from rules.packs.scheme import Scheme
from rules.packs.workflow_facts import separation_facts
from rules.values.facts import DAY_OF_ACT, Facts, FactValue
from workflow.cases.appointments import Capacity
from workflow.cases.case import Case, FullCase, RecordedAct
from workflow.cases.events import Act, ActContext
from workflow.cases.officers import Officer
from workflow.cases.ruling import GateCheck, make_ruling
from workflow.cases.separation import separation_facts_of_act


def make_act_ruling(
    full_case: FullCase,
    act: Act,
    scheme: Scheme,
    act_context: ActContext,
    officer: Officer | ActingOfficer | None = None,
) -> Ruling:
    """Return the ruling on an act, without doing it.

    Without an officer, the ruling assumes one in the first role that may act. An officer who is not entitled acts in no
    capacity, and the ruling says so.
    """
    gate = scheme.action(act.action).gate
    gate_check = GateCheck(full_case.case.id, act.action, gate, among_many=act_context.is_replayed)
    public, exempt = facts_before(full_case, act, scheme, act_context, officer)
    return make_ruling(gate_check, public, exempt, scheme.rulebook, act_context.salt)


def make_rulings_by_role(
    full_case: FullCase, act: Act, scheme: Scheme, act_context: ActContext
) -> dict[str, tuple[ActingOfficer, Ruling]]:
    """Return for each role that may do an act who would act with the fewest controls in the way, and that ruling.

    All roles share one ruling where no control of the gate reads the role or the name of who acts. Where a control
    reads the name, each person who acted in the case in a role is judged beside somebody whose name is not known: the
    record tells no others apart. So a paper that only its sender may take back can be taken back by the sender's role.
    """
    action = scheme.action(act.action)
    read = scheme.rulebook.gate_rules(action.gate).relevant_facts
    under = action.recorded_under(stage_of_act(full_case.case, action))
    reads_name = not read.isdisjoint((workflow_facts.ACT_BY, f"{under}.by"))
    if not reads_name and read.isdisjoint((workflow_facts.ACT_ROLE, f"{under}.role")):
        ruling = make_act_ruling(full_case, act, scheme, act_context)
        return {role: (ActingOfficer(None, role), ruling) for role in action.who}
    known = [(done.officer, done.capacity) for done in full_case.case.acts] if reads_name else []

    def judge(role: str) -> tuple[ActingOfficer, Ruling]:
        names = dict.fromkeys([None, *(name for name, capacity in known if capacity == role)])
        actors = [ActingOfficer(name, role) for name in names]
        judged = [(actor, make_act_ruling(full_case, act, scheme, act_context, actor)) for actor in actors]
        return min(judged, key=lambda found: (not found[1].is_open, len(found[1].blocking_controls())))

    return {role: judge(role) for role in action.who}


def facts_before(
    full_case: FullCase,
    act: Act,
    scheme: Scheme,
    act_context: ActContext,
    officer: Officer | ActingOfficer | None = None,
) -> tuple[dict[str, FactValue], Facts]:
    """Return the public and the exempt facts that decide on an act, as `make_act_ruling` takes them."""
    case, action = full_case.case, scheme.action(act.action)
    stage = stage_of_act(case, action)
    kept = {address: value for address, value in case.facts.items() if address not in action.asks}
    capacity = _find_capacity(action, officer, act_context.on, scheme)
    actor = ActingOfficer(officer.name if officer else None, capacity.role if capacity else None)
    recorded = facts_recorded_by(act.action, scheme, stage, actor, act_context.on)
    known = {workflow_facts.ACT_BY: actor.name, workflow_facts.ACT_ROLE: actor.role}
    of_act: dict[str, FactValue] = {fact: value for fact, value in known.items() if value is not None}
    of_act |= {workflow_facts.ACT_STAGE: stage, workflow_facts.ACTION: act.action}
    of_act[workflow_facts.LATE_BY] = act_context.late_by
    of_act |= _count_tasks(case, action, scheme, actor)
    if actor.name is not None:
        of_act |= separation_facts_of_act(case, scheme, actor.name, capacity)
    exempt = full_case.exempt_part.facts
    facts = {**kept, **act.stated, **recorded, **facts_of_progress(case), **of_act, **act_context.linked}
    return add_unstated_facts(facts, exempt, case.stage, act_context.on, scheme), exempt


def add_unstated_facts(public: Facts, exempt: Facts, stage: str, on: date, scheme: Scheme) -> dict[str, FactValue]:
    """Return public facts with those that nobody states: the scheme's own, the stage, and the day of the act."""
    unstated: Facts = {
        workflow_facts.CASE_STAGE: stage,
        workflow_facts.CASE_WITHHOLDS: bool(exempt),
        DAY_OF_ACT: on,
    }
    # Somebody else than those who acted before: what is known of who acts takes the place of this.
    apart = dict.fromkeys(separation_facts(scheme.declaration), False)
    return {**scheme.authority_facts, workflow_facts.LATE_BY: 0, **apart, **public, **unstated}


def facts_of_progress(case: Case) -> dict[str, FactValue]:
    """Return what is known of the way of a case: who sent it to its stage and when, and how often it came to each."""
    facts: dict[str, FactValue] = {}
    facts.update({f"{stage}.{workflow_facts.ROUNDS}": count for stage, count in case.rounds.items()})
    since: list[RecordedAct] = []
    for act in reversed(case.acts):
        if act.entered:
            facts |= {workflow_facts.SENT_BY: act.officer, workflow_facts.SENT_ON: act.on}
            return facts | {workflow_facts.ACTS_SINCE_SENT: sum(later.kind == "acted" for later in since)}
        since.append(act)
    return facts


def facts_dated_by_action(action: Action, stage: str) -> tuple[str, ...]:
    """Return the facts that an action sets to its own day, if the case stands at a stage."""
    return (*action.dates, *([f"{action.recorded_under(stage)}.on"] if action.outcome else []))


class ActingOfficer(NamedTuple):
    """Who acts, and in which role; None where it is not known."""

    name: str | None
    role: str | None


def facts_recorded_by(name: str, scheme: Scheme, stage: str, actor: ActingOfficer, on: date) -> dict[str, FactValue]:
    """Return what an act records by itself at a stage: what it sets and dates, and its outcome, day and officer."""
    action = scheme.action(name)
    recorded: dict[str, FactValue] = {**scheme.set_facts[name], **dict.fromkeys(action.dates, on)}
    if not action.outcome:
        return recorded
    values = (action.outcome, on, actor.name, actor.role)
    of_outcome = zip(STAGE_FACTS, values, strict=True)
    under = action.recorded_under(stage)
    return recorded | {f"{under}.{fact}": value for fact, value in of_outcome if value is not None}


def stage_of_act(case: Case, action: Action) -> str:
    """Return the stage of an action: that of the case if it can be done there, or else its first."""
    return case.stage if action.can_be_done_at(case.stage) else action.stages[0]


def _find_capacity(
    action: Action, officer: Officer | ActingOfficer | None, on: date, scheme: Scheme
) -> Capacity | None:
    """Return the capacity in which somebody acts; without an officer, it is the first role that may act."""
    if isinstance(officer, Officer):
        return officer.find_capacity(action.who, on, scheme.id)
    role = officer.role if officer else action.who[0]
    return Capacity(role) if role is not None else None


def _count_tasks(case: Case, action: Action, scheme: Scheme, actor: ActingOfficer) -> dict[str, FactValue]:
    """Return how many tasks of the stage are needed and done, and how many of the others by the same officer."""
    stage = scheme.declaration.stages.get(case.stage)
    if stage is None or not stage.tasks:
        return {}
    done = [name for name, task in stage.tasks.items() if case.facts.get(f"{name}.outcome") in task.done]
    counts: dict[str, FactValue] = {
        workflow_facts.TASKS_NEEDED: stage.tasks_needed,
        workflow_facts.TASKS_DONE: len(done),
    }
    if actor.name is not None:
        own = _tasks_done_by(case, (name for name in done if name != action.task), actor.name)
        counts[workflow_facts.TASKS_DONE_BY_OFFICER] = own
    return counts


def _tasks_done_by(case: Case, tasks: Iterable[str], officer_name: str) -> int:
    return sum(case.facts.get(f"{task}.by") == officer_name for task in tasks)
