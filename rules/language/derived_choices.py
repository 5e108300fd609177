"""Choose by the first of several conditions that holds, and find every choice that may come out.

A choice that rests on what the source of a case does not carry is not all unknown: it is none that a false condition
rules out, and none of a line after one that holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.language.conditions import Condition
from rules.language.derivation_context import DerivationContext
from rules.values.facts import Facts


@dataclass(frozen=True, slots=True)
class ChoiceByLines:
    """A function that gives the choice of the first line whose condition holds; else `otherwise`.

    `lines` are conditions, each with the choice that it gives.
    """

    lines: tuple[tuple[Condition, str], ...]
    otherwise: str

    def __call__(self, context: DerivationContext, facts: Facts) -> str | None:
        """Return the choice; None if a condition before the first that holds is unknown."""
        for condition, chosen in self.lines:
            holds = context.evaluate(condition, facts)
            if holds is None:
                return None
            if holds:
                return chosen
        return self.otherwise

    def find_possible(self, context: DerivationContext, facts: Facts) -> list[str]:
        """Return each choice that may come out, once, in the order of lines: only one if it is known."""
        possible: dict[str, None] = {}
        for condition, chosen in self.lines:
            holds = context.evaluate(condition, facts)
            if holds is not False:
                possible[chosen] = None
            if holds:
                return list(possible)
        return list({**possible, self.otherwise: None})
