"""What can be done next with a case, as a table: who may do it, and whether it is open, blocked or needs an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from console import open_points, output
from console.session import Session
from rules.values.text import list_alternatives

if TYPE_CHECKING:
    from rules.packs.scheme import Scheme
    from workflow.cases.case import Case
    from workflow.services.act_assessment import RoleAssessment
    from workflow.services.act_queries import NextAction


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
        ended = "The case has ended: this is a final stage. What follows only records what came after."
        heading += f"\n{output.format_sentence(ended)}"
    table = output.format_table(
        ("Action", "What it does", "Who may", "State"), [row for step in steps for row in _format_rows(step, scheme)]
    )
    return "\n".join([heading, "", table, *_format_hints(current_case, steps, scheme)])


def _format_hints(current_case: Case, steps: tuple[NextAction, ...], scheme: Scheme) -> Iterator[str]:
    """Yield what to type next: the facts that each action takes, and how to see what stands in the way."""
    if facts := list(_format_facts(steps, scheme)):
        yield from ("", *facts)
    blocked = [
        step
        for step in steps
        if step.assessment.roles and not (step.assessment.is_open or step.assessment.points.awaits)
    ]
    if giving_away := [step for step in steps if step.gives_away]:
        yield ""
        hint = f"See what gives it away: assent case explain {current_case.id} {giving_away[0].action} --as OFFICER"
        yield output.format_sentence(hint)
    if blocked:
        yield ""
        hint = f"See what is missing with: assent case explain {current_case.id} {blocked[0].action}"
        yield output.format_sentence(hint)


def _format_facts(steps: tuple[NextAction, ...], scheme: Scheme) -> Iterator[str]:
    """Yield the facts that actions take, once for all actions that take the same."""
    by_facts: dict[tuple[str, ...], list[str]] = {}
    for step in steps:
        by_facts.setdefault(step.asks, []).append(step.action)
    for facts, actions in by_facts.items():
        if facts:
            labels = ", ".join(f"{fact} ({scheme.fact_declaration(fact).label})" for fact in facts)
            yield output.format_sentence(f"Facts to give with {list_alternatives(actions)}: {labels}.")


def _format_rows(step: NextAction, scheme: Scheme) -> list[list[str]]:
    """Return one row for an action, or one for each role where it matters who acts."""
    assessment, roles = step.assessment, scheme.declaration.roles
    if assessment.roles_differ:
        return [
            [step.action, step.label, roles[found.role].label, _format_state(step, found)] for found in assessment.roles
        ]
    who = ", ".join(roles[role].label for role in step.roles)
    state = _format_state(step, assessment.roles[0]) if assessment.roles else "you are not entitled"
    return [[step.action, step.label, who, state]]


def _format_state(step: NextAction, found: RoleAssessment) -> str:
    if step.gives_away:
        return "Part 1 gives away something of Part 2"
    if found.points.awaits:
        return f"needs --set {', '.join(found.points.awaits)}"
    return "open" if found.ruling.is_open else open_points.describe_state(found.points)
