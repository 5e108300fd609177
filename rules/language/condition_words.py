"""The words of a condition: which kinds of fact each is for, what stands on its right, and what it means.

The parser accepts just these words, and the manual and the JSON Schema list them from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias, get_args

from rules.values.facts import FactKind

RightSide: TypeAlias = Literal["operand", "list", "range", "dated value", "flag"]
"""What stands on the right of a word.

An `operand` is a literal of the fact's kind, `{fact: other_fact}` or `{value: dated.value}`; a `list` holds literals;
a `range` is a list of the lowest and the highest.
"""
FACT_KINDS: tuple[FactKind, ...] = get_args(FactKind)
_NUMBERS: tuple[FactKind, ...] = ("money", "count")
_NUMBERS_AND_DAYS: tuple[FactKind, ...] = ("money", "count", "day")
KNOWN = "known"


class ConditionWord(NamedTuple):
    """One word that tests a fact."""

    word: str
    kinds: tuple[FactKind, ...]
    right_side: RightSide
    meaning: str


CONDITION_WORDS = (
    ConditionWord("is", FACT_KINDS, "operand", "The fact is equal to the right side."),
    ConditionWord("is_not", FACT_KINDS, "operand", "The fact differs from the right side."),
    ConditionWord("one_of", ("choice",), "list", "The fact is one of the choices listed."),
    ConditionWord("none_of", ("choice",), "list", "The fact is none of the choices listed."),
    ConditionWord("at_least", _NUMBERS, "operand", "The fact is the right side or more."),
    ConditionWord("more_than", _NUMBERS, "operand", "The fact is more than the right side."),
    ConditionWord("at_most", _NUMBERS, "operand", "The fact is the right side or less."),
    ConditionWord("less_than", _NUMBERS, "operand", "The fact is less than the right side."),
    ConditionWord("before", ("day",), "operand", "The day is before the right side."),
    ConditionWord("on_or_before", ("day",), "operand", "The day is the right side or before it."),
    ConditionWord("after", ("day",), "operand", "The day is after the right side."),
    ConditionWord("on_or_after", ("day",), "operand", "The day is the right side or after it."),
    ConditionWord("within", _NUMBERS_AND_DAYS, "range", "The fact lies between the two, both included."),
    ConditionWord("reaches", _NUMBERS, "dated value", "The fact reaches the limit, by its operator."),
    ConditionWord("falls_short_of", _NUMBERS, "dated value", "The fact does not reach the limit."),
    ConditionWord(KNOWN, FACT_KINDS, "flag", "With `true` the fact is stated; with `false` it is not."),
)

COMPARATORS: Mapping[FactKind, tuple[str, ...]] = {
    kind: tuple(entry.word for entry in CONDITION_WORDS if kind in entry.kinds and entry.word != KNOWN)
    for kind in FACT_KINDS
}
"""The words that compare a fact of a kind with a right side."""

GROUP_MEANINGS: Mapping[str, str] = {
    "all": "Every condition in the list is true.",
    "any": "At least one condition in the list is true.",
    "none": "No condition in the list is true.",
}
"""The words that join several conditions."""
