"""What is called impossible is impossible: no values within the ranges of the facts make the condition come out so."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.language.conditions import AllOf, AnyOf, Condition, FactRef, Predicate, evaluate
from rules.proving.possible_truth import ANY_VALUE, KNOWN, UNKNOWN, FactRange, fixed, possible_truth

FACTS = ("a", "b")
VALUES = (0, 1, 2)
RANGES = {
    "any": ANY_VALUE,
    "known": KNOWN,
    "unknown": UNKNOWN,
    "one": fixed(1),
    "some": FactRange(frozenset([0, 2]), can_be_unknown=True),
}
predicates = st.builds(
    Predicate,
    st.sampled_from(FACTS),
    st.sampled_from(["is", "is_not", "at_least", "less_than"]),
    st.one_of(st.sampled_from(VALUES), st.builds(FactRef, st.sampled_from(FACTS))),
) | st.builds(Predicate, st.sampled_from(FACTS), st.sampled_from(["known", "not_known"]))
conditions: st.SearchStrategy[Condition] = st.recursive(
    predicates,
    lambda inner: st.builds(AllOf, st.tuples(inner, inner)) | st.builds(AnyOf, st.tuples(inner, inner)),
    max_leaves=5,
)


def values_within(fact_range: FactRange) -> list[int | None]:
    """Return each value that a fact can have, and None if it can be unknown."""
    known = [value for value in VALUES if fact_range.values is None or value in fact_range.values]
    return [*(known if fact_range.can_be_known else []), *([None] if fact_range.can_be_unknown else [])]


@given(conditions, st.fixed_dictionaries(dict.fromkeys(FACTS, st.sampled_from(list(RANGES)))))
def test_every_truth_that_comes_out_is_called_possible(condition: Condition, names: dict[str, str]) -> None:
    ranges = {fact: RANGES[name] for fact, name in names.items()}
    possible = possible_truth(condition, ranges.__getitem__)
    for combination in product(*(values_within(ranges[fact]) for fact in FACTS)):
        facts = {fact: value for fact, value in zip(FACTS, combination, strict=True) if value is not None}
        truth = evaluate(condition, facts)
        assert truth is None or (possible.true if truth else possible.false)


@pytest.mark.parametrize(
    ("condition", "fact_range", "can_be_true", "can_be_false"),
    [
        (Predicate("a", "is", 1), fixed(1), True, False),
        (Predicate("a", "is", 1), fixed(2), False, True),
        (Predicate("a", "is", 1), UNKNOWN, False, False),
        (Predicate("a", "known"), UNKNOWN, False, True),
        (Predicate("a", "known"), KNOWN, True, False),
        (Predicate("a", "known"), ANY_VALUE, True, True),
        (Predicate("a", "is", 1), ANY_VALUE, True, True),
        (Predicate("a", "is", 1), FactRange(frozenset([2, 3])), False, True),
    ],
)
def test_a_test_comes_to_what_the_range_of_its_fact_allows(
    condition: Condition, fact_range: FactRange, can_be_true: bool, can_be_false: bool
) -> None:
    assert possible_truth(condition, lambda _: fact_range) == (can_be_true, can_be_false)
