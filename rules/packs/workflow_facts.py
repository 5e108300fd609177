"""The facts that the workflow itself states of a case, of the act that is judged, and of each stage and task.

Invariants:
- They are declared like any other fact, so that the controls of packs can use them. No paper can state them.
- Their names depend on the scheme's own names of stages, tasks, roles and actions, never on those of one authority.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rules.packs.flow_schema import STAGE_FACTS
from rules.packs.scheme_schema import SchemeDeclaration
from rules.values.facts import DAY_OF_ACT, FactDeclaration

CASE_STAGE: Final = "case.stage"
CASE_WITHHOLDS: Final = "case.withholds"
SENT_BY: Final = "case.sent_by"
SENT_ON: Final = "case.sent_on"
ACTS_SINCE_SENT: Final = "case.acts_since_sent"
ACTION: Final = "act.action"
ACT_STAGE: Final = "act.stage"
ACT_ROLE: Final = "act.role"
ACT_BY: Final = "act.by"
LATE_BY: Final = "act.late_by"
TASKS_DONE: Final = "act.tasks_done"
TASKS_NEEDED: Final = "act.tasks_needed"
TASKS_DONE_BY_OFFICER: Final = "act.tasks_done_by_officer"
ROUNDS: Final = "rounds"
"""The last part of the fact that counts how many times a case has come to a stage: `board.rounds`."""
SEPARATION_PREFIX: Final = "separation."
"""How the flag and the control of each separation of duties begin."""


SAME_REFERENCE: Final = "audit.same_reference"
"""Another case of the same audit that has the reference of this one."""
_PREFIXES_OF_ACTS = ("act.", "audit.", SEPARATION_PREFIX)


def is_fact_of_act(fact: str) -> bool:
    """Return whether the workflow states a fact anew for each act or audit, so that no case keeps it."""
    return fact.startswith(_PREFIXES_OF_ACTS) or fact == CASE_WITHHOLDS


def workflow_fact_declarations(declaration: SchemeDeclaration) -> dict[str, FactDeclaration]:
    """The facts that the workflow itself states: of the case, of the act, and of each stage and task."""
    stages = {name: stage.label for name, stage in declaration.stages.items()}
    roles = {name: role.label for name, role in declaration.roles.items()}
    actions = {name: action.label for name, action in declaration.actions.items()}
    facts = {
        CASE_STAGE: FactDeclaration(kind="choice", label="Stage of the case", choices=stages),
        CASE_WITHHOLDS: FactDeclaration(kind="flag", label="Are facts held in Part 2?"),
        SENT_BY: FactDeclaration(kind="text", label="Officer who sent the case to its stage"),
        SENT_ON: FactDeclaration(kind="day", label="Day the case came to its stage"),
        ACTS_SINCE_SENT: FactDeclaration(kind="count", label="Acts since the case came to its stage"),
        ACTION: FactDeclaration(kind="choice", label="Action", choices=actions),
        ACT_STAGE: FactDeclaration(kind="choice", label="Stage of the action", choices=stages),
        ACT_ROLE: FactDeclaration(kind="choice", label="Capacity of the officer", choices=roles),
        ACT_BY: FactDeclaration(kind="text", label="Officer who acts"),
        LATE_BY: FactDeclaration(kind="count", label="Days from the act to its recording"),
        TASKS_DONE: FactDeclaration(kind="count", label="Tasks of the stage that are done"),
        TASKS_NEEDED: FactDeclaration(kind="count", label="Tasks of the stage that must be done"),
        TASKS_DONE_BY_OFFICER: FactDeclaration(kind="count", label="Other tasks of the stage done by the same officer"),
        DAY_OF_ACT: FactDeclaration(kind="day", label="Day of the act"),
        "audit.on": FactDeclaration(kind="day", label="Day of the audit"),
        SAME_REFERENCE: FactDeclaration(kind="text", label="Another case with the same reference"),
        "entered.on": FactDeclaration(kind="day", label="Day the case was imported"),
        "opened.by": FactDeclaration(kind="text", label="Officer who opened the case"),
        "opened.on": FactDeclaration(kind="day", label="Day the case was opened"),
    }
    rounds = {
        f"{name}.{ROUNDS}": FactDeclaration(kind="count", label=f"{label}: times the case came here")
        for name, label in stages.items()
    }
    separations = {
        fact: FactDeclaration(
            kind="flag", label=f"Has one person acted in separate roles ({fact.removeprefix(SEPARATION_PREFIX)})?"
        )
        for fact in separation_facts(declaration)
    }
    return {**facts, **dict(_outcome_facts(declaration, roles)), **rounds, **separations}


def _outcome_facts(declaration: SchemeDeclaration, roles: dict[str, str]) -> Iterator[tuple[str, FactDeclaration]]:
    """The facts on the outcome of each stage and task that can have one."""
    labels = {name: part.label for parts in (declaration.stages, declaration.tasks()) for name, part in parts.items()}
    for name, label in labels.items():
        if outcomes := declaration.outcomes_under(name):
            declared = (
                FactDeclaration(kind="choice", label=f"{label}: outcome", choices=outcomes),
                FactDeclaration(kind="day", label=f"{label}: day"),
                FactDeclaration(kind="text", label=f"{label}: officer"),
                FactDeclaration(kind="choice", label=f"{label}: capacity", choices=roles),
            )
            yield from ((f"{name}.{fact}", kind) for fact, kind in zip(STAGE_FACTS, declared, strict=True))


def separation_facts(declaration: SchemeDeclaration) -> list[str]:
    """Return the flag of each separation: whether one person has acted in roles that must be apart."""
    return [f"{SEPARATION_PREFIX}{name}" for name in declaration.separation]
