"""The stages of a scheme as a picture, in Mermaid's words."""

from __future__ import annotations

from rules.packs.scheme import STARTS_WITH, Scheme


def mermaid(scheme: Scheme) -> str:
    """A state diagram: stages as states, actions as the ways between them."""
    names = {stage: stage.replace("-", "_") for stage in scheme.text.stages}
    lines = ["stateDiagram-v2", "    direction TB"]
    lines += [f'    state "{_words(stage.label)}" as {names[key]}' for key, stage in scheme.text.stages.items()]
    lines.append(f"    [*] --> {names[STARTS_WITH]}")
    for key, action in scheme.text.actions.items():
        lines.append(f"    {names[action.stage]} --> {names[action.to]} : {key}")
    lines += [f"    {names[key]} --> [*]" for key, stage in scheme.text.stages.items() if stage.last]
    return "\n".join(lines)


def _words(label: str) -> str:
    return label.replace('"', "'")
