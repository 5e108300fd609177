"""The split of rules among rulesets: what durable-rules would have to hold at once, worked out by a model of it."""

from collections.abc import Iterable
from random import Random
from typing import Any

import pytest

from rules.judging.rule_compiler import Column, Conjunction, LeafTest
from rules.judging.ruleset_shards import MAX_COLUMNS, MAX_RULES, MAX_WAITING_TESTS, RuleShard, split_into_shards

OPERATORS = ("is", "is_not", "at_least", "less_than", "known", "not_known")
COMPARE = {
    "is": lambda value, right: value == right,
    "is_not": lambda value, right: value != right,
    "at_least": lambda value, right: value >= right,
    "less_than": lambda value, right: value < right,
}


def seeded(seed: int) -> Random:
    """A source of the same random rules in each run."""
    return Random(seed)  # noqa: S311 - tests, not secrets


def random_test(random: Random, columns: int) -> LeafTest:
    """One test of a number, sometimes beside another column."""
    column, operator = Column(f"f{random.randrange(columns)}"), random.choice(OPERATORS)
    if operator in ("known", "not_known"):
        return LeafTest(column, operator)
    right = Column(f"f{random.randrange(columns)}") if random.random() < 0.1 else random.randrange(4)
    return LeafTest(column, operator, right)


def random_rules(random: Random, count: int, columns: int, longest: int) -> list[Conjunction]:
    """Different conjunctions."""
    drawn = (
        tuple(dict.fromkeys(random_test(random, columns) for _ in range(random.randint(1, longest))))
        for _ in range(count)
    )
    return list(dict.fromkeys(drawn))


def is_true(test: LeafTest, facts: dict[str, int]) -> bool:
    """Whether durable-rules finds a test true; beside an unknown column it does."""
    value = facts.get(test.column.fact)
    if test.operator == "not_known" or value is None:
        return (test.operator == "not_known") == (value is None)
    if test.operator == "known":
        return True
    right = facts.get(test.right.fact) if isinstance(test.right, Column) else test.right
    return right is None or bool(COMPARE[test.operator](value, right))


def most_waiting(conjunctions: Iterable[Conjunction], facts: dict[str, int]) -> int:
    """The most tests on the stack of durable-rules, as its `handleAlpha` goes through the tests of a ruleset."""
    tree: dict[LeafTest, Any] = {}
    for conjunction in conjunctions:
        node = tree
        for test in conjunction:
            node = node.setdefault(test, {})
    stack, most = [tree], 1
    while stack:
        stack += [below for test, below in stack.pop().items() if is_true(test, facts)]
        most = max(most, len(stack))
    return most


def random_facts(random: Random, columns: int) -> dict[str, int]:
    """Numbers for most columns."""
    return {f"f{n}": random.randrange(4) for n in range(columns) if random.random() < 0.8}


def standing_for(shards: Iterable[RuleShard]) -> list[tuple[int, frozenset[LeafTest]]]:
    """Each rule's place among what was split, with its tests."""
    return [
        (place, frozenset(conjunction))
        for shard in shards
        for conjunction, same in zip(shard.conjunctions, shard.places, strict=True)
        for place in same
    ]


@pytest.mark.parametrize(("columns", "longest"), [(3, 6), (40, 1), (40, 4), (120, 3), (300, 8)])
class TestSplit:
    def test_no_facts_make_more_tests_wait_than_durable_rules_can_hold(self, columns: int, longest: int) -> None:
        random = seeded(columns * longest)
        for _ in range(4):
            for shard in split_into_shards(random_rules(random, 300, columns, longest)):
                for _ in range(25):
                    assert most_waiting(shard.conjunctions, random_facts(random, columns)) <= MAX_WAITING_TESTS

    def test_every_rule_stands_in_one_ruleset_with_its_tests(self, columns: int, longest: int) -> None:
        rules = random_rules(seeded(columns), 400, columns, longest)
        found = standing_for(split_into_shards(rules))
        assert sorted(found, key=lambda one: one[0]) == list(enumerate(map(frozenset, rules)))

    def test_no_ruleset_has_too_many_rules_or_columns(self, columns: int, longest: int) -> None:
        for shard in split_into_shards(random_rules(seeded(columns), 900, columns, longest)):
            compared = {test.column for conjunction in shard.conjunctions for test in conjunction}
            assert len(compared) <= MAX_COLUMNS
            assert len(shard.conjunctions) <= MAX_RULES
            tree = {conjunction[:length] for conjunction in shard.conjunctions for length in range(1, 9)}
            assert shard.tests == len(tree)


class TestOrder:
    def test_no_rules_make_no_ruleset(self) -> None:
        assert list(split_into_shards([])) == []

    def test_a_rule_without_tests_stands_in_a_ruleset(self) -> None:
        assert list(split_into_shards([()])) == [RuleShard(((),), 0, ((0,),))]

    def test_rules_with_the_same_tests_in_another_order_are_one_rule(self) -> None:
        first, second = LeafTest(Column("a"), "is", 1), LeafTest(Column("b"), "is", 2)
        (shard,) = split_into_shards([(first, second), (second, first), (second,)])
        assert sorted(shard.places) == [(0, 1), (2,)]
        assert shard.tests == 2

    def test_tests_that_most_rules_share_come_first(self) -> None:
        shared = LeafTest(Column("in_force"), "is_true")
        rules = [(LeafTest(Column(f"f{n}"), "is", n), shared) for n in range(30)]
        (shard,) = split_into_shards(rules)
        assert {conjunction[0] for conjunction in shard.conjunctions} == {shared}

    def test_more_than_65_true_tests_are_split(self) -> None:
        rules = [(LeafTest(Column(f"f{n}"), "is_true"),) for n in range(200)]
        assert [len(shard.conjunctions) for shard in split_into_shards(rules)] == [56, 56, 56, 32]

    def test_tests_that_exclude_each_other_are_not(self) -> None:
        rules: list[Conjunction] = [(LeafTest(Column("kind"), "is", f"k{n}"),) for n in range(90)]
        assert len(list(split_into_shards(rules))) == 1
