"""What a condition can come to, where some facts are fixed, some may have any value, and some cannot be known yet.

Invariants:
- The answer errs on one side: a condition that can hold is never called impossible. What is called impossible is so in
  every case.
- Facts that cannot be known make a comparison neither true nor false.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple, TypeAlias

from rules.judging.rulebook import Control
from rules.language.conditions import AllOf, Condition, Predicate, ResolvedValue, UnresolvedValue, ValueRef
from rules.values.facts import FactValue


class Possible(NamedTuple):
    """Whether a condition can be true, and whether it can be false."""

    true: bool
    false: bool


@dataclass(frozen=True, slots=True)
class FactRange:
    """What is known of a fact before an act: its values (None: any), and whether it can be known or unknown then."""

    values: frozenset[FactValue] | None = None
    can_be_known: bool = True
    can_be_unknown: bool = True


ANY_VALUE = FactRange()
KNOWN = FactRange(can_be_unknown=False)
UNKNOWN = FactRange(can_be_known=False)
RangeOf: TypeAlias = Callable[[str], FactRange]


def fixed(value: FactValue) -> FactRange:
    """Return the range of a fact that has one value for certain."""
    return FactRange(frozenset([value]), can_be_unknown=False)


def can_pass(control: Control, range_of: RangeOf) -> bool:
    """Return whether a control can be satisfied, or not apply."""
    applies = possible_truth(control.applies, range_of)
    return applies.false or (applies.true and possible_truth(control.requires, range_of).true)


def possible_truth(condition: Condition, range_of: RangeOf) -> Possible:
    """Return what a condition can come to."""
    if isinstance(condition, Predicate):
        return _possible_predicate(condition, range_of)
    parts = [possible_truth(part, range_of) for part in condition.conditions]
    if isinstance(condition, AllOf):
        return Possible(all(part.true for part in parts), any(part.false for part in parts))
    return Possible(any(part.true for part in parts), all(part.false for part in parts))


def _possible_predicate(predicate: Predicate, range_of: RangeOf) -> Possible:
    ranges = {fact: range_of(fact) for fact in predicate.fact_names()}
    if predicate.comparator in ("known", "not_known"):
        own = ranges[predicate.fact]
        known, unknown = own.can_be_known, own.can_be_unknown
        return Possible(known, unknown) if predicate.comparator == "known" else Possible(unknown, known)
    if not all(fact_range.can_be_known for fact_range in ranges.values()):
        return Possible(true=False, false=False)
    if isinstance(predicate.operand, (ValueRef, ResolvedValue, UnresolvedValue)):
        return Possible(true=True, false=True)
    return _compare_ranges(predicate, ranges)


def _compare_ranges(predicate: Predicate, ranges: Mapping[str, FactRange]) -> Possible:
    """Return what a comparison can come to, by trying every value where the values are few."""
    values = [fact_range.values for fact_range in ranges.values()]
    known_values = [choices for choices in values if choices is not None]
    if len(known_values) < len(values):
        return Possible(true=True, false=True)
    names = list(ranges)
    truths = {predicate.evaluate(dict(zip(names, combination, strict=True))) for combination in product(*known_values)}
    return Possible(True in truths, False in truths)
