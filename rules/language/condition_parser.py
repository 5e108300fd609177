"""Parse conditions as packs write them: `all`, `any`, `none`, or `fact: {comparator: operand}`.

An operand is a literal of the fact's kind, `{fact: other_fact}` or `{value: dated.value}`. Every comparison is checked
when it is parsed: two sides of one kind and unit, bounds in order, choices that exist. All faults are collected, each
with its path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.errors import Fault, InputError
from rules.language.condition_words import COMPARATORS
from rules.language.conditions import AllOf, AnyOf, Condition, FactRef, Operand, Predicate, ValueRef, negate
from rules.language.dated_values import DatedValue
from rules.language.day_schema import explain_day_function
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.fact_table import FactTable
from rules.values.facts import FactDeclaration
from rules.values.money import Money
from rules.values.suggestions import describe_undeclared
from rules.values.units import describe_unit

MAX_ITEMS = 24

_GROUPS: Mapping[str, Callable[[tuple[Condition, ...]], Condition]] = {
    "all": AllOf,
    "any": AnyOf,
    "none": lambda parts: negate(AnyOf(parts)),
}

_OPERATOR_FROM_VALUE = ("reaches", "falls_short_of")


@dataclass(slots=True)
class ConditionParser:
    """Parses the conditions of one file against the declared facts and values, and collects faults."""

    source: YamlFile
    facts: FactTable
    values: Mapping[str, DatedValue]
    faults: list[Fault] = field(default_factory=list)

    def parse(self, raw: object, path: KeyPath) -> Condition:
        """Parse the condition at a path; a faulty one gives an empty `AllOf`."""
        pair = _single_item(raw)
        if pair is None:
            return self._add_fault(path, "must have one key: all, any, none, or the name of a fact")
        key, inner = pair
        if key in _GROUPS:
            return self._parse_group(key, inner, (*path, key))
        return self._parse_predicate(key, inner, (*path, key))

    def _parse_group(self, key: str, raw: object, path: KeyPath) -> Condition:
        if not isinstance(raw, list) or not 1 <= len(raw) <= MAX_ITEMS:
            return self._add_fault(path, f"must be a list of 1 to {MAX_ITEMS} conditions")
        return _GROUPS[key](tuple(self.parse(item, (*path, index)) for index, item in enumerate(raw)))

    def _parse_predicate(self, fact: str, raw: object, path: KeyPath) -> Condition:
        declaration = self.facts.get(fact)
        if declaration is None:
            return self._add_fault(path, explain_day_function(fact) or describe_undeclared(fact, "fact", self.facts))
        pair = _single_item(raw)
        if pair is None:
            return self._add_fault(path, "must have one comparison, such as {is: true}")
        comparator, operand = pair
        allowed = ("known", *COMPARATORS[declaration.kind])
        if comparator not in allowed:
            message = f"{comparator} cannot be used with {fact}, which is of kind {declaration.kind}"
            return self._add_fault(path, explain_day_function(comparator) or f"{message}; use {', '.join(allowed)}")
        try:
            if comparator == "known":
                return Predicate(fact, _parse_known(operand))
            return Predicate(fact, comparator, self._parse_operand(declaration, comparator, operand))
        except InputError as error:
            return self._add_fault((*path, comparator), error.message)

    def _parse_operand(self, declaration: FactDeclaration, comparator: str, raw: object) -> Operand:
        if comparator in ("one_of", "none_of", "within"):
            return self._parse_list(declaration, comparator, raw)
        pair = _single_item(raw)
        if pair is not None:
            kind, name = pair
            if kind == "fact" and comparator not in _OPERATOR_FROM_VALUE:
                return self._parse_fact_ref(declaration, str(name))
            if kind == "value":
                return self._parse_value_ref(declaration, comparator, str(name))
        if comparator in _OPERATOR_FROM_VALUE:
            raise InputError("must be a dated value: {value: its.name}")
        if isinstance(raw, dict) and (advice := next(filter(None, map(explain_day_function, raw)), "")):
            raise InputError(advice)
        return declaration.coerce(raw)

    def _parse_fact_ref(self, declaration: FactDeclaration, name: str) -> FactRef:
        other = self.facts.get(name)
        if other is None:
            raise InputError(describe_undeclared(name, "fact", self.facts))
        if other.kind != declaration.kind:
            raise InputError(f"{name} is of kind {other.kind}, not {declaration.kind}")
        if other.unit and declaration.unit and other.unit != declaration.unit:
            raise InputError(f"{name} is {describe_unit(other.unit)}, not {describe_unit(declaration.unit)}")
        return FactRef(name, declaration.kind == "money")

    def _parse_value_ref(self, declaration: FactDeclaration, comparator: str, name: str) -> ValueRef:
        value = self.values.get(name)
        if value is None:
            raise InputError(describe_undeclared(name, "value", self.values))
        if value.kind != declaration.kind:
            raise InputError(f"{name} is of kind {value.kind}, not {declaration.kind}")
        if value.unit not in (None, declaration.unit):
            raise InputError(f"{name} is {describe_unit(value.unit)}, not {describe_unit(declaration.unit)}")
        if comparator in _OPERATOR_FROM_VALUE and not value.has_operators:
            raise InputError(f"some rows of {name} have no operator; write at_least or more_than instead")
        others = value.figures_outside(declaration.choices) if declaration.choices else []
        if others:
            raise InputError(f"{name} can be {others[0]}, which is not one of {', '.join(declaration.choices)}")
        return ValueRef(name)

    @staticmethod
    def _parse_list(declaration: FactDeclaration, comparator: str, raw: object) -> Operand:
        if not isinstance(raw, list) or not 1 <= len(raw) <= MAX_ITEMS:
            raise InputError(f"must be a list of 1 to {MAX_ITEMS} values")
        values = tuple(declaration.coerce(item) for item in raw)
        if comparator == "within":
            _check_bounds(values)
        return values

    def _add_fault(self, path: KeyPath, message: str) -> Condition:
        self.faults.append(self.source.fault_at(path, message))
        return AllOf(())


def _single_item(raw: object) -> tuple[Any, Any] | None:
    """Return the key and value of a mapping that has just one, or None."""
    return next(iter(raw.items())) if isinstance(raw, dict) and len(raw) == 1 else None


def _parse_known(raw: object) -> str:
    if not isinstance(raw, bool):
        raise InputError("must be true or false")
    return "known" if raw else "not_known"


def _check_bounds(bounds: tuple[Any, ...]) -> None:
    """Raise `InputError` unless there are two bounds, comparable and in order."""
    if len(bounds) != 2:  # noqa: PLR2004
        raise InputError("must be a list of two bounds, the lowest first")
    low, high = bounds
    if isinstance(low, Money) and low.vat is not high.vat:
        raise InputError("must have both bounds on the same VAT basis")
    if low > high:
        raise InputError("must have the lower bound first")
