"""A scheme's stages as a diagram in the Mermaid language."""

from __future__ import annotations

from rules.packs.scheme import Scheme


def mermaid_diagram(scheme: Scheme) -> str:
    """Return a Mermaid state diagram: stages are states, actions are transitions."""
    names = {stage: stage.replace("-", "_") for stage in scheme.declaration.stages}
    lines = ["stateDiagram-v2", "    direction TB"]
    lines += [
        f'    state "{_escape_label(stage.label)}" as {names[key]}' for key, stage in scheme.declaration.stages.items()
    ]
    lines.append(f"    [*] --> {names[scheme.first_stage]}")
    for key, action in scheme.declaration.actions.items():
        lines += [f"    {names[stage]} --> {names[action.leads_to(stage)]} : {key}" for stage in action.stages]
    lines += [f"    {names[key]} --> [*]" for key, stage in scheme.declaration.stages.items() if stage.last]
    return "\n".join(lines)


def _escape_label(label: str) -> str:
    return label.replace('"', "'")
