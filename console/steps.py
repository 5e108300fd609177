"""What may be done next with a case: who may, and whether the gate is open, shut, or waits for what the act states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from console import show
from console.session import Session

if TYPE_CHECKING:
    from workflow.cases.case import Case
    from workflow.services.queries import Step


def in_words(session: Session, known: Case, steps: tuple[Step, ...]) -> str:
    """Where a case stands and what may be done now, as a table."""
    text = session.library.scheme(known.scheme).text
    start = f"{show.line(known.id, known.title)}\nStage: {text.stages[known.stage].label}. Version {known.version}."
    if not steps:
        return f"{start}\nNothing is left to do: this is a last stage."
    listed = [[step.action, ", ".join(text.roles[role].label for role in step.who), _state(step)] for step in steps]
    stated = [show.sentence(f"{step.action} states {', '.join(step.asks)}.") for step in steps if step.asks]
    return "\n".join([start, "", show.table(("Action", "Who may", "State"), listed), *[""] * bool(stated), *stated])


def as_json(step: Step) -> dict[str, Any]:
    """An action in the form that other programs read."""
    return {
        "action": step.action,
        "label": step.label,
        "who": list(step.who),
        "asks": list(step.asks),
        "open": step.ruling.is_open,
        "blocked_by": list(step.ruling.blocked_by()),
        "awaits": list(step.awaits),
    }


def _state(step: Step) -> str:
    if step.awaits:
        return f"waits for --set {', '.join(step.awaits)}"
    return show.gate(is_open=step.ruling.is_open, blocked_by=step.ruling.blocked_by())
