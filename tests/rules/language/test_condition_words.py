"""The table of condition words is what the parser takes: each word with its kinds and its right side, and no other."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from rules.language.condition_words import (
    COMPARATORS,
    CONDITION_WORDS,
    FACT_KINDS,
    GROUP_MEANINGS,
    KNOWN,
    ConditionWord,
    RightSide,
)
from rules.language.conditions import OPPOSITE
from tests.rules.pack_builders import parse_condition, parse_condition_with_faults

FACT_OF_KIND = {
    "money": "value", "count": "number", "flag": "urgent", "day": "due", "choice": "colour", "text": "reason",
}  # fmt: skip
LITERALS: dict[str, list[object]] = {
    "money": ["£5 ex VAT", "£6 ex VAT"],
    "count": [5, 6],
    "flag": [True, False],
    "day": [date(2018, 1, 1), date(2018, 1, 2)],
    "choice": ["red", "green"],
    "text": ["One.", "Two."],
}
LIMIT_OF_KIND = {"money": "limit", "count": "limit.by_colour"}


def right_side(entry: ConditionWord, kind: str) -> object:
    """Return a right side of the form that the table gives a word."""
    if entry.right_side == "operand":
        return LITERALS[kind][0]
    if entry.right_side == "dated value":
        return {"value": LIMIT_OF_KIND[kind]}
    return True if entry.right_side == "flag" else LITERALS[kind]


EACH = [pytest.param(entry, kind, id=f"{entry.word} {kind}") for entry in CONDITION_WORDS for kind in FACT_KINDS]


@pytest.mark.parametrize(("entry", "kind"), EACH)
def test_a_word_is_taken_for_the_kinds_that_the_table_gives_and_for_no_other(entry: ConditionWord, kind: str) -> None:
    side = right_side(entry, kind) if kind in entry.kinds else LITERALS[kind][0]
    _, faults = parse_condition_with_faults({FACT_OF_KIND[kind]: {entry.word: side}})
    assert (faults == []) is (kind in entry.kinds)


@pytest.mark.parametrize("entry", CONDITION_WORDS, ids=lambda entry: entry.word)
def test_a_word_takes_no_right_side_of_another_form(entry: ConditionWord) -> None:
    kind = "count" if "count" in entry.kinds else entry.kinds[0]
    others: dict[RightSide, object] = {
        "operand": LITERALS[kind][0],
        "list": LITERALS[kind],
        "dated value": {"value": LIMIT_OF_KIND.get(kind, "limit")},
        "flag": True,
    }
    taken = {
        form
        for form, side in others.items()
        if not parse_condition_with_faults({FACT_OF_KIND[kind]: {entry.word: side}})[1]
    }
    expected: set[RightSide] = {"list"} if entry.right_side == "range" else {entry.right_side}
    if entry.right_side == "operand" and kind in LIMIT_OF_KIND:
        expected.add("dated value")  # an operand may also name one
    assert taken == expected


def test_each_right_side_belongs_to_some_word() -> None:
    assert {entry.right_side for entry in CONDITION_WORDS} == set(get_args(RightSide))


def test_no_word_stands_twice_and_each_has_its_opposite() -> None:
    words = [entry.word for entry in CONDITION_WORDS]
    assert len(set(words)) == len(words)
    assert all(OPPOSITE[OPPOSITE[word]] == word for word in words)


ORDERED = ("at_least", "more_than", "at_most", "less_than", "within", "reaches", "falls_short_of")


def test_each_kind_of_fact_is_compared_by_its_words_and_by_no_other() -> None:
    equality = ("is", "is_not")
    assert {
        "money": (*equality, *ORDERED),
        "count": (*equality, *ORDERED),
        "flag": equality,
        "day": (*equality, "before", "on_or_before", "after", "on_or_after", "within"),
        "choice": (*equality, "one_of", "none_of"),
        "text": equality,
    } == COMPARATORS


def test_comparators_are_in_the_order_of_the_table_and_leave_out_known() -> None:
    for kind, words in COMPARATORS.items():
        assert list(words) == [entry.word for entry in CONDITION_WORDS if kind in entry.kinds and entry.word != KNOWN]
    assert COMPARATORS.keys() == set(FACT_KINDS)


@pytest.mark.parametrize("group", GROUP_MEANINGS)
def test_a_group_joins_one_condition_or_as_many_as_are_allowed(group: str) -> None:
    one = {"urgent": {"is": True}}
    for size in (1, 24):
        assert parse_condition({group: [one] * size})
    for size in (0, 25):
        _, faults = parse_condition_with_faults({group: [one] * size})
        assert faults == [f"requires.{group}: must be a list of 1 to 24 conditions"]


def test_a_word_that_there_is_not_is_answered_with_those_for_the_kind() -> None:
    _, faults = parse_condition_with_faults({"urgent": {"equals": True}})
    assert faults == [
        "requires.urgent: equals cannot be used with urgent, which is of kind flag; use known, is, is_not"
    ]
