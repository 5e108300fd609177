"""What a scheme declares about corrections: who may correct what was decided, at which stages, through which gate.

Invariants:
- A correction edits nothing. It is a subject of its own, with what was wrong, what is right, why, when and by whom.
- A scheme with corrections names a pack that declares the facts of that subject, such as the shipped `corrections`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import Field

from rules.language.schema_types import Identifier, Identifiers
from rules.values.citation import Citation, Declaration
from rules.values.facts import FactDeclaration

CORRECT: Final = "correct"
"""The command that corrects a case, by the name under which its rulings stand."""
CORRECTION: Final = "correction"
"""The kind of subject that a correction is."""
CORRECTED_FACT, EARLIER_VALUE, CORRECT_VALUE, REASON, CORRECTED_ON, CORRECTED_BY = CORRECTION_FACTS = tuple(
    f"{CORRECTION}.{fact}" for fact in ("of", "was", "now", "reason", "on", "by")
)
"""The facts of a correction: the address that is corrected, its values in words, and why, when and by whom."""


class CorrectionRules(Declaration, title="Who corrects"):
    """Who may correct what a case says once its paper cannot be amended any more."""

    who: tuple[Identifier, ...] = Field(min_length=1, description="The roles that may correct a case.")
    gate: Identifier = Field(description="The gate that a correction must pass: the controls of this gate are checked.")
    stages: Identifiers = Field(min_length=1, description="The stage at which a case can be corrected, or a list.")
    citation: Citation | None = Field(default=None, description="Where it comes from.")


def correction_fact_faults(facts: Mapping[str, FactDeclaration]) -> Iterator[str]:
    """Yield a fault for each fact of a correction that no pack declares, or declares of another kind."""
    for fact in CORRECTION_FACTS:
        kind = "day" if fact == CORRECTED_ON else "text"
        if fact not in facts:
            yield f"needs the fact {fact}, which nobody declares: add the pack corrections to packs"
        elif facts[fact].kind != kind:
            yield f"needs {fact} as a fact of kind {kind}, not {facts[fact].kind}"
