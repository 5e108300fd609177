"""Reading a condition as a pack writes it: `all`, `any`, `none`, or `fact: {word: right side}`.

The right side is a literal of the fact's kind, `{fact: other_fact}` or `{value: dated.value}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.errors import Fault, InputError
from rules.language.conditions import All, Any_, Condition, FactRef, Right, Term, ValueRef, negate
from rules.language.dated_values import Value
from rules.reading.yaml_reader import Path, Source
from rules.values.facts import FactDeclaration
from rules.values.money import Money
from rules.values.units import in_words

MAX_PARTS = 24

_JOINED: Mapping[str, Callable[[tuple[Condition, ...]], Condition]] = {
    "all": All,
    "any": Any_,
    "none": lambda parts: negate(Any_(parts)),
}

_FOR_NUMBERS = ("is", "is_not", "at_least", "more_than", "at_most", "less_than", "within", "reaches", "falls_short_of")
_WORDS = {
    "money": _FOR_NUMBERS,
    "count": _FOR_NUMBERS,
    "day": ("is", "is_not", "before", "on_or_before", "after", "on_or_after", "within"),
    "choice": ("is", "is_not", "one_of", "none_of"),
    "flag": ("is", "is_not"),
    "text": ("is", "is_not"),
}
_KNOWN = {True: "known", False: "not_known"}
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
        pair = _only_pair(raw)
        if pair is None:
            return self._fault(at, "must have one key: all, any, none, or the name of a fact")
        key, inner = pair
        if key in _JOINED:
            return self._joined(key, inner, (*at, key))
        return self._term(key, inner, (*at, key))

    def _joined(self, key: str, raw: object, at: Path) -> Condition:
        if not isinstance(raw, list) or not 1 <= len(raw) <= MAX_PARTS:
            return self._fault(at, f"must be a list of 1 to {MAX_PARTS} conditions")
        return _JOINED[key](tuple(self.condition(part, (*at, place)) for place, part in enumerate(raw)))

    def _term(self, fact: str, raw: object, at: Path) -> Condition:
        declared = self.facts.get(fact)
        if declared is None:
            return self._fault(at, f"{fact} is a fact that nobody declares")
        pair = _only_pair(raw)
        if pair is None:
            return self._fault(at, "must have one word and its right side, such as {is: true}")
        word, right = pair
        if word == "known" and isinstance(right, bool):
            return Term(fact, _KNOWN[right])
        if word not in _WORDS[declared.kind]:
            return self._fault(at, f"{word} cannot be asked of {fact}, which is of kind {declared.kind}")
        try:
            return Term(fact, word, self._right(declared, word, right))
        except InputError as error:
            return self._fault((*at, word), error.message)

    def _right(self, declared: FactDeclaration, word: str, raw: object) -> Right:
        if word in ("one_of", "none_of", "within"):
            return self._several(declared, word, raw)
        pair = _only_pair(raw)
        if pair is not None:
            kind, name = pair
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
        if other.unit and declared.unit and other.unit != declared.unit:
            raise InputError(f"{name} is {in_words(other.unit)}, not {in_words(declared.unit)}")
        return FactRef(name, declared.kind == "money")

    def _value(self, declared: FactDeclaration, word: str, name: str) -> ValueRef:
        value = self.values.get(name)
        if value is None:
            raise InputError(f"{name} is a value that nobody declares")
        if value.kind != declared.kind:
            raise InputError(f"{name} is of kind {value.kind}, not {declared.kind}")
        if value.unit not in (None, declared.unit):
            raise InputError(f"{name} is {in_words(value.unit)}, not {in_words(declared.unit)}")
        if word in _CARRIES_ITS_OPERATOR and not value.carries_its_operator:
            raise InputError(f"{name} carries no operator in some of its rows; say at_least or more_than")
        strange = value.figures_beyond(declared.choices) if declared.choices else []
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


def _only_pair(raw: object) -> tuple[Any, Any] | None:
    """The key and what stands under it, of a mapping that has just one."""
    return next(iter(raw.items())) if isinstance(raw, dict) and len(raw) == 1 else None


def _check_bounds(bounds: tuple[Any, ...]) -> None:
    """Refuse bounds that no fact, or every one, would lie between: amounts on two VAT bases, the highest first."""
    if len(bounds) != 2:  # noqa: PLR2004
        raise InputError("must be a list of the lowest and the highest")
    low, high = bounds
    if isinstance(low, Money) and low.vat is not high.vat:
        raise InputError("must have its lowest and its highest on the same VAT basis")
    if low > high:
        raise InputError("must have its lowest before its highest")
