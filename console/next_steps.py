"""What can be done next with a case, as a table: who may do it, and whether it is open, blocked or needs an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from console import findings, output
from console.session import Session

if TYPE_CHECKING:
    from workflow.cases.case import Case
    from workflow.services.act_assessment import RoleAssessment
    from workflow.services.queries import NextAction


def format_steps(session: Session, current_case: Case, steps: tuple[NextAction, ...]) -> str:
    """Return the stage of a case, its actions as a table, and the facts that each action takes."""
    from workflow.services import queries

    scheme = queries.load_case_scheme(session.services, current_case.id)
    text = scheme.declaration
    heading = f"{output.format_line(current_case.id, current_case.title)}\n"
    heading += f"Stage: {scheme.stage_label(current_case.stage)}. Version {current_case.version}."
    if current_case.stage not in text.stages:
        return f"{heading}\nNothing can be done: no action of the scheme starts at this stage."
    if not steps:
        return f"{heading}\nNothing is left to do: this is a final stage."
    if text.stages[current_case.stage].last:
        heading += "\nThe case has ended: this is a final stage. What follows only records what came after."
    rows = [
        row for step in steps for row in _format_rows(step, {name: role.label for name, role in text.roles.items()})
    ]
    table = output.format_table(("Action", "Who may", "State"), rows)
    facts = [
        output.format_sentence(f"Facts to give with {step.action}: {', '.join(step.asks)}.")
        for step in steps
        if step.asks
    ]
    return "\n".join([heading, "", table, *[""] * bool(facts), *facts])


def _format_rows(step: NextAction, labels: Mapping[str, str]) -> list[list[str]]:
    """Return one row for an action, or one for each role where it matters who acts."""
    assessment = step.assessment
    if assessment.roles_differ:
        return [[step.action, labels[found.role], _format_state(found)] for found in assessment.roles]
    who = ", ".join(labels[role] for role in step.roles)
    if not assessment.roles:
        return [[step.action, who, "you are not entitled"]]
    return [[step.action, who, _format_state(assessment.roles[0])]]


def _format_state(found: RoleAssessment) -> str:
    if found.missing_inputs:
        return f"needs --set {', '.join(found.missing_inputs)}"
    return findings.format_gate_state(is_open=found.ruling.is_open, blocked_by=found.ruling.blocking_controls())
