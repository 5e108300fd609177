"""Reading a condition as a pack writes it: `all`, `any`, `none`, or `fact: {word: right side}`.

The right side is a literal of the fact's kind, `{fact: other_fact}` or `{value: dated.value}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.conditions import OPPOSITE, All, Any_, Condition, FactRef, Right, Term, ValueRef, negate
from rules.dated import Value
from rules.errors import Fault, InputError
from rules.facts import FactDeclaration
from rules.money import Money
from rules.reading import Path, Source

MAX_PARTS = 24

_FOR_NUMBERS = ("is", "is_not", "at_least", "more_than", "at_most", "less_than", "within", "reaches", "falls_short_of")
_WORDS = {
    "money": _FOR_NUMBERS,
    "count": _FOR_NUMBERS,
    "day": ("is", "is_not", "before", "on_or_before", "after", "on_or_after", "within"),
    "choice": ("is", "is_not", "one_of", "none_of"),
    "flag": ("is", "is_not"),
    "text": ("is", "is_not"),
}
_CARRIES_ITS_OPERATOR = ("reaches", "falls_short_of")


@dataclass(slots=True)
class Grammar:
    """Reads the conditions of one source against what is declared; gathers every fault on the way."""

    source: Source
    facts: Mapping[str, FactDeclaration]
    values: Mapping[str, Value]
    faults: list[Fault] = field(default_factory=list)

    def condition(self, raw: object, at: Path) -> Condition:
        """The condition written at a place; where it is faulty, an empty `All` and the faults."""
        if not isinstance(raw, dict) or len(raw) != 1:
            return self._fault(at, "must have one key: all, any, none, or the name of a fact")
        ((key, inner),) = raw.items()
        if key not in ("all", "any", "none"):
            return self._term(key, inner, (*at, key))
        if not isinstance(inner, list) or not 1 <= len(inner) <= MAX_PARTS:
            return self._fault((*at, key), f"must be a list of 1 to {MAX_PARTS} conditions")
        parts = tuple(self.condition(part, (*at, key, place)) for place, part in enumerate(inner))
        if key == "none":
            return negate(Any_(parts))
        return All(parts) if key == "all" else Any_(parts)

    def _term(self, fact: str, raw: object, at: Path) -> Condition:
        declared = self.facts.get(fact)
        if declared is None:
            return self._fault(at, f"{fact} is a fact that nobody declares")
        if not isinstance(raw, dict) or len(raw) != 1:
            return self._fault(at, "must have one word and its right side, such as {is: true}")
        ((word, right),) = raw.items()
        if word == "known" and isinstance(right, bool):
            return Term(fact, "known" if right else "not_known")
        if word not in _WORDS[declared.kind] or word not in OPPOSITE:
            return self._fault(at, f"{word} cannot be asked of {fact}, which is of kind {declared.kind}")
        try:
            return Term(fact, word, self._right(declared, word, right))
        except InputError as error:
            return self._fault((*at, word), error.message)

    def _right(self, declared: FactDeclaration, word: str, raw: object) -> Right:
        if word in ("one_of", "none_of", "within"):
            return self._several(declared, word, raw)
        if isinstance(raw, dict) and len(raw) == 1:
            ((kind, name),) = raw.items()
            if kind == "fact" and word not in _CARRIES_ITS_OPERATOR:
                return self._fact(declared, str(name))
            if kind == "value":
                return self._value(declared, word, str(name))
        if word in _CARRIES_ITS_OPERATOR:
            raise InputError("must be a dated value: {value: its.name}")
        return declared.accept(raw)

    def _fact(self, declared: FactDeclaration, name: str) -> FactRef:
        other = self.facts.get(name)
        if other is None:
            raise InputError(f"{name} is a fact that nobody declares")
        if other.kind != declared.kind:
            raise InputError(f"{name} is of kind {other.kind}, not {declared.kind}")
        return FactRef(name, declared.kind == "money")

    def _value(self, declared: FactDeclaration, word: str, name: str) -> ValueRef:
        value = self.values.get(name)
        if value is None:
            raise InputError(f"{name} is a value that nobody declares")
        if value.kind != declared.kind:
            raise InputError(f"{name} is of kind {value.kind}, not {declared.kind}")
        if word in _CARRIES_ITS_OPERATOR and any(row.operator is None for row in value.history):
            raise InputError(f"{name} carries no operator in some of its rows; say at_least or more_than")
        strange = [str(row.figure) for row in value.history if declared.choices and row.figure not in declared.choices]
        if strange:
            raise InputError(f"{name} can be {strange[0]}, which is not one of {', '.join(declared.choices)}")
        return ValueRef(name)

    @staticmethod
    def _several(declared: FactDeclaration, word: str, raw: object) -> Right:
        if not isinstance(raw, list) or not 1 <= len(raw) <= MAX_PARTS:
            raise InputError(f"must be a list of 1 to {MAX_PARTS} values")
        several = tuple(declared.accept(part) for part in raw)
        if word == "within":
            _check_bounds(several)
        return several

    def _fault(self, at: Path, message: str) -> Condition:
        self.faults.append(self.source.fault(at, message))
        return All(())


def _check_bounds(bounds: tuple[Any, ...]) -> None:
    """Refuse bounds that no fact, or every one, would lie between: amounts on two VAT bases, the highest first."""
    if len(bounds) != 2:  # noqa: PLR2004
        raise InputError("must be a list of the lowest and the highest")
    low, high = bounds
    if isinstance(low, Money) and low.vat is not high.vat:
        raise InputError("must have its lowest and its highest on the same VAT basis")
    if low > high:
        raise InputError("must have its lowest before its highest")
