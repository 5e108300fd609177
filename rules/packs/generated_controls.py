"""The controls that are generated from a scheme's head: separation of duties, late recording, and order in past cases.

Invariants:
- A generated control is judged like any other, by both evaluators.
- Each separation is one control and one flag, both called `separation.NAME`; the workflow states the flag. It guards
  the gate of whatever one of its roles may do, and an auditor's look at the whole case. An amendment passes no such
  gate: whoever made it is kept from acting in the other roles.
- Late recording only warns, at every gate that an act or an amendment passes.
- What the order of stages implies is checked of cases that were decided elsewhere: see `rules.packs.generated_order`.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.judging.rulebook import Control, in_force_conditions
from rules.language.conditions import AllOf, Condition, Predicate
from rules.language.pack_schema import ControlDeclaration, Pack
from rules.packs.flow_schema import AMEND, AUDIT
from rules.packs.generated_order import past_rules
from rules.packs.officers_schema import LateRecording, Separation
from rules.packs.pack_file import PackFile
from rules.packs.scheme_schema import SchemeDeclaration
from rules.packs.workflow_facts import LATE_BY, SEPARATION_PREFIX
from rules.reading.yaml_reader import YamlFile
from rules.values.citation import Citation

LATE_RECORDING = "recording.in_time"
"""The control that warns of an act that is recorded late."""
_MAX_LABELS_LENGTH = 400
"""Below the longest text that a declaration may have, so that a long list of roles is no fault."""


def generated_controls(declaration: SchemeDeclaration) -> dict[str, Control]:
    """Every control that is generated from the head of a scheme, by name."""
    return {control.id: control for control in _generate(declaration)}


def generated_pack(head: YamlFile, declaration: SchemeDeclaration) -> PackFile | None:
    """The generated controls of a scheme as a pack, for those who read what packs declare; None without any."""
    controls = {name: control.declaration for name, control in generated_controls(declaration).items()}
    title = f"Officers of {declaration.short}"
    return PackFile(head, Pack(pack=declaration.scheme, title=title, controls=controls)) if controls else None


def _generate(declaration: SchemeDeclaration) -> Iterator[Control]:
    for name, separation in declaration.separation.items():
        fact = f"{SEPARATION_PREFIX}{name}"
        declared = _declare_separation(fact, separation, declaration)
        yield _build_control(fact, declared, Predicate(fact, "is", operand=False))
    if late := declaration.late_recording:
        declared = _declare_late_recording(late, declaration)
        yield _build_control(LATE_RECORDING, declared, Predicate(LATE_BY, "at_most", late.after_days))
    for rule in past_rules(declaration):
        as_declared = rule.declare(_as_own_rule(declaration.citation), declaration.in_force)
        yield _build_control(rule.name, ControlDeclaration.model_validate(as_declared), rule.requires, rule.when)


def _as_own_rule(citation: Citation) -> Citation:
    """Return a citation of a scheme's head: it is the authority's policy unless it says that it is law."""
    return citation if citation.kind else citation.model_copy(update={"kind": "policy"})


def _build_control(
    name: str, declared: ControlDeclaration, requires: Condition, when: Condition | None = None
) -> Control:
    applies = AllOf((*in_force_conditions(declared), *([when] if when else [])))
    return Control(name, declared, applies, requires, is_generated=True, is_of_scheme=True)


def _declare_separation(fact: str, separation: Separation, declaration: SchemeDeclaration) -> ControlDeclaration:
    labels = "; ".join(declaration.roles[role].label for role in separation.roles() if role in declaration.roles)
    shown = labels if len(labels) <= _MAX_LABELS_LENGTH else f"{labels[:_MAX_LABELS_LENGTH]} …"
    return ControlDeclaration.model_validate(
        {
            "requirement": separation.requirement,
            "wrong": f"One person acts in roles that different people must have: {shown}.",
            "cure": "Ask somebody else to do this, in a role of their own.",
            "requires": {fact: {"is": False}},
            "severity": separation.severity,
            "gates": [*declaration.gates_of_acts(separation.roles()), AUDIT],
            "in_force": separation.in_force or declaration.in_force,
            "citation": _as_own_rule(separation.citation),
        }
    )


def _declare_late_recording(late: LateRecording, declaration: SchemeDeclaration) -> ControlDeclaration:
    return ControlDeclaration.model_validate(
        {
            "requirement": f"An act is recorded within {late.after_days} days of the day it is done.",
            "wrong": "The act is recorded too long after the day it was done.",
            "cure": "Nothing can change this now: the record says how late it was. Next time, record it on its day.",
            "requires": {LATE_BY: {"at_most": late.after_days}},
            "severity": "warning",
            "gates": list(dict.fromkeys([AMEND, *declaration.gates_of_acts()])),
            "in_force": declaration.in_force,
            "citation": _as_own_rule(late.citation),
        }
    )
