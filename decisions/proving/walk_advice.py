"""What to write where a walk does not come out as it says: in the scheme, if the walk is right, or in the walk.

Every text names the key of the scheme to look at, so that a reader need not know how the walk was led.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rules.judging.rulebook import Control
from rules.packs.corrections_schema import CORRECT
from rules.packs.flow_schema import AMEND
from rules.packs.scheme import Scheme
from rules.packs.walk_schema import WalkStep
from rules.packs.workflow_facts import separation_facts
from rules.values.facts import FactValue, split_address


def gate_of_step(step: WalkStep, scheme: Scheme) -> str:
    """Return the gate that a step must pass; empty for the opening of a case, which passes none."""
    declaration = scheme.declaration
    if step.do in declaration.actions:
        return declaration.actions[step.do].gate
    if step.do in declaration.reviews:
        return declaration.reviews[step.do].gate
    if step.do == CORRECT and declaration.corrections:
        return declaration.corrections.gate
    return AMEND if step.do == AMEND else ""


def advise_on_silent_controls(step: WalkStep, silent: Iterable[str], scheme: Scheme) -> str:
    """Return why controls do not refuse a step, as far as their declarations tell."""
    gate, advice = gate_of_step(step, scheme), []
    for name in silent:
        declared = scheme.rulebook.controls[name].declaration
        if gate not in declared.gates:
            advice.append(f"{name} does not guard the gate {gate}: {advise_on_missing_gate(name, gate, scheme)}")
        elif declared.severity == "warning":
            advice.append(f"{name} only warns: {_advise_on_warning(scheme.rulebook.controls[name])}")
        else:
            advice.append(f"{name} is met or does not apply: look at its `when` and `requires`")
    return "; ".join(advice)


def _advise_on_warning(control: Control) -> str:
    """Return what makes a control block: for policy of others, that the authority has it as its own rule."""
    if control.declaration.citation.kind == "policy" and not control.is_of_scheme:
        return "it is policy, so add it under `cites` with the authority's own source"
    return "take out `severity: warning`"


def advise_on_missing_gate(control: str, gate: str, scheme: Scheme) -> str:
    """Return what to write so that a control guards a gate: the gate, or for a separation a role that passes it."""
    if control not in separation_facts(scheme.declaration):
        return f"add {gate} to its `gates`"
    declaration = scheme.declaration
    who = [role for role in declaration.roles if gate in declaration.gates_of_acts((role,))]
    return f"add {' or '.join(who) or 'a role that passes it'} to `apart` or `from` of the separation"


def advise_on_entitled_officer(step: WalkStep) -> str:
    """Return what to change where somebody may do what the walk says that they may not."""
    return f"take {step.who} out of the `who` of {step.do}"


def advise_on_unasked_facts(step: WalkStep, given: Mapping[str, FactValue], scheme: Scheme) -> str:
    """Return which facts of a step its action or review does not ask for; empty if it asks for all."""
    declaration = scheme.declaration
    action = declaration.actions.get(step.do) or declaration.reviews.get(step.do)
    unasked = [fact for fact in given if action is not None and split_address(fact)[0] not in action.asks]
    return f"add {', '.join(unasked)} to the `asks` of {step.do}" if unasked else ""


def advise_on_missing_fact(step: WalkStep, address: str, value: FactValue, scheme: Scheme) -> str:
    """Return how a step would record a fact that is not recorded; empty if that is not clear."""
    if step.do in scheme.declaration.reviews:
        return ""
    if address.endswith(".outcome"):
        return f"look at the `outcome` of {step.do}"
    return f"add {address} to the `dates` of {step.do}" if value == step.on else ""


def advise_on_kept_facts(step: WalkStep) -> str:
    """Return how a step would void what it leaves recorded."""
    return f"to void it, let {step.do} say `reopens: STAGE`"
