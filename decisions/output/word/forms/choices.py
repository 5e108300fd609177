"""What the lists of a form offer: the text of each choice, by which its answer is read back."""

from __future__ import annotations

from collections import Counter

from rules.values.facts import FactDeclaration

_MAX_LENGTH = 120
"""The length at which the text of a choice is cut, since lists in Word are narrow."""


def choice_texts(declaration: FactDeclaration) -> dict[str, str]:
    """Return the code of each choice by the text in the list: its label, with its code where two begin alike."""
    shown = {code: label[:_MAX_LENGTH].rstrip() for code, label in declaration.choices.items()}
    counts = Counter(shown.values())
    return {label if counts[label] == 1 else f"{label} ({code})": code for code, label in shown.items()}


YES_NO = {"Yes": "true", "No": "false"}
