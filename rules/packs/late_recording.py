"""Late recording as a control: it warns of an act that was recorded longer after its day than a scheme allows."""

from __future__ import annotations

from rules.judging.rulebook import Control
from rules.language.conditions import AllOf, Predicate
from rules.language.pack_schema import ControlDeclaration
from rules.packs.flow_schema import AMEND
from rules.packs.scheme_schema import SchemeDeclaration
from rules.packs.workflow_facts import LATE_BY
from rules.values.facts import DAY_OF_ACT

CONTROL = "recording.in_time"


def late_recording_controls(declaration: SchemeDeclaration) -> dict[str, Control]:
    """The control of a scheme that says when an act is recorded late, by its name; none if it does not."""
    late = declaration.late_recording
    if late is None:
        return {}
    gates = [action.gate for action in declaration.actions.values()]
    gates += [review.gate for review in declaration.reviews.values()]
    control_declaration = ControlDeclaration.model_validate(
        {
            "requirement": f"An act is recorded within {late.after_days} days of its business day.",
            "wrong": "The act is recorded long after the day for which it is recorded.",
            "cure": "Nothing can change it now: record acts on their day. The record says how late it was.",
            "requires": {LATE_BY: {"at_most": late.after_days}},
            "severity": "warning",
            "gates": list(dict.fromkeys([AMEND, *gates])),
            "in_force": declaration.in_force,
            "citation": late.citation,
        }
    )
    applies = AllOf((Predicate(DAY_OF_ACT, "on_or_after", declaration.in_force.first),))
    requires = Predicate(LATE_BY, "at_most", late.after_days)
    return {CONTROL: Control(CONTROL, control_declaration, applies, requires, is_generated=True)}
