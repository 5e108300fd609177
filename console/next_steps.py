"""What may be done next with a case: who may, and whether the gate is open, shut, or waits for what the act states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console import output
from console.session import Session

if TYPE_CHECKING:
    from workflow.cases.case import Case
    from workflow.services.queries import NextAction


def format_steps(session: Session, current_case: Case, steps: tuple[NextAction, ...]) -> str:
    """Where a case stands and what may be done now, as a table."""
    text = session.library.scheme(current_case.scheme).declaration
    start = f"{output.format_line(current_case.id, current_case.title)}\n"
    start += f"Stage: {text.stages[current_case.stage].label}. Version {current_case.version}."
    if not steps:
        return f"{start}\nNothing is left to do: this is a last stage."
    listed = [
        [step.action, ", ".join(text.roles[role].label for role in step.roles), _format_step_state(step)]
        for step in steps
    ]
    stated = [output.format_sentence(f"{step.action} states {', '.join(step.asks)}.") for step in steps if step.asks]
    return "\n".join(
        [start, "", output.format_table(("Action", "Who may", "State"), listed), *[""] * bool(stated), *stated]
    )


def _format_step_state(step: NextAction) -> str:
    if step.missing_inputs:
        return f"waits for --set {', '.join(step.missing_inputs)}"
    return output.format_gate_state(is_open=step.ruling.is_open, blocked_by=step.ruling.blocking_controls())
