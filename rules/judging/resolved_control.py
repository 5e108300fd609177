"""A control ready for both evaluators: the figures in force stand in the place of its dated values.

Two resolved controls are equal only where they judge every case alike. Caches rely on this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.language.conditions import Condition, Operand, ResolvedValue, UnresolvedValue, predicates_in


@dataclass(frozen=True)
class ResolvedControl:
    """A control whose dated values have been replaced by the figures in force."""

    id: str
    applies: Condition
    requires: Condition
    is_held: bool = True
    # Part of equality, since Python holds the number 1 equal to the flag true.
    _types: tuple[type, ...] = field(init=False, repr=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compute the hash once: every judgement looks rulesets up by it."""
        object.__setattr__(self, "_types", (*figure_types(self.applies), *figure_types(self.requires)))
        object.__setattr__(self, "_hash", hash((self.id, self.applies, self.requires)))

    def __hash__(self) -> int:
        return self._hash

    @property
    def has_unresolved_value(self) -> bool:
        """Whether one of its dated values has no figure in force."""
        return UnresolvedValue in self._types


def figure_types(condition: Condition) -> tuple[type, ...]:
    """The types of all figures in a condition, in order."""
    return tuple(kind for predicate in predicates_in(condition) for kind in _operand_types(predicate.operand))


def _operand_types(operand: Operand) -> Iterator[type]:
    figure = operand.figure if isinstance(operand, ResolvedValue) else operand
    yield from (type(part) for part in (figure if isinstance(figure, tuple) else (figure,)))
