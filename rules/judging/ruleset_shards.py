"""Splits the rules of some controls among rulesets, each within what durable-rules can hold.

durable-rules keeps the tests of a ruleset as a tree: rules that begin with the same tests share them. For each fact it
goes down the tree, and those true tests whose followers it has not looked at yet wait on a stack of 64. It finds the
followers of one test in a table of 512, of which those that test for an unknown fact have a list of 128.

Invariants:
- At most `MAX_WAITING_TESTS` wait at once, whatever the facts.
- At most `MAX_FOLLOWERS` tests follow one test, and at most `MAX_COLUMNS` columns are compared.
- Rules have their tests in one order, those that most rules share first. Equal rulesets so have equal text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from rules.judging.rule_compiler import Column, Conjunction, LeafTest

MAX_WAITING_TESTS = 56
MAX_FOLLOWERS = 100
MAX_COLUMNS = 200
MAX_RULES = 256
_EXCLUSIVE_OPERATORS = ("is", "is_true", "is_false")
"""Of the tests of one column with these, at most one is true, as they have different literals."""


class RuleShard(NamedTuple):
    """The rules of one ruleset, how many tests its tree has, and which of the split conjunctions each rule stands for.

    Rules have their tests in the order of the tree.
    """

    conjunctions: tuple[Conjunction, ...]
    tests: int
    places: tuple[tuple[int, ...], ...]


def split_into_shards(conjunctions: Sequence[Conjunction]) -> Iterator[RuleShard]:
    """Yield the conjunctions in groups that durable-rules can hold."""
    tree, shard = _TestTree(), RuleShard((), 0, ())
    for conjunction, same in _order_tests(conjunctions):
        if not tree.try_adding(conjunction):
            yield shard
            tree, shard = _TestTree(), RuleShard((), 0, ())
            tree.try_adding(conjunction)
        shard = RuleShard((*shard.conjunctions, conjunction), tree.tests, (*shard.places, same))
    if shard.conjunctions:
        yield shard


def _order_tests(conjunctions: Sequence[Conjunction]) -> Iterator[tuple[Conjunction, tuple[int, ...]]]:
    """Yield each conjunction with the places at which it stands, in any order of its tests.

    The tests are sorted by how many conjunctions share them, and the conjunctions by their tests.
    """
    shared = Counter(chain.from_iterable(conjunctions))
    tests = [test for test, _ in shared.most_common()]
    rank = {test: place for place, test in enumerate(tests)}
    by_ranks: dict[tuple[int, ...], list[int]] = {}
    for place, conjunction in enumerate(conjunctions):
        by_ranks.setdefault(tuple(sorted(map(rank.__getitem__, conjunction))), []).append(place)
    for ranks in sorted(by_ranks):
        yield tuple([tests[place] for place in ranks]), tuple(by_ranks[ranks])


class _TestTree:
    """The tests of one ruleset as durable-rules keeps them."""

    def __init__(self) -> None:
        self.tests = 0
        self.conjunctions: list[Conjunction] = []
        self._root = _TestNode()
        self._columns: set[Column] = set()

    def try_adding(self, conjunction: Conjunction) -> bool:
        """Add a conjunction; return whether durable-rules can still hold the tree. If not, use the tree no more."""
        node, path = self._root, [self._root]
        for test in conjunction:
            follower = node.followers.get(test)
            if follower is None:
                follower = node.add(test)
                self._note_columns(test)
            path.append(follower)
            node = follower
        self.conjunctions.append(conjunction)
        for parent, follower in zip(path[-2::-1], path[::-1], strict=False):
            parent.most_below = max(parent.most_below, follower.most_waiting)
        return (
            self._root.most_waiting <= MAX_WAITING_TESTS
            and max(len(node.followers) for node in path) <= MAX_FOLLOWERS
            and len(self._columns) <= MAX_COLUMNS
            and len(self.conjunctions) <= MAX_RULES
        )

    def _note_columns(self, test: LeafTest) -> None:
        self.tests += 1
        self._columns.add(test.column)
        if isinstance(test.right, Column):
            self._columns.add(test.right)


class _TestNode:
    """One test of the tree, and those that follow it.

    `most_below` is the most that wait while a fact goes down behind one of its followers.
    """

    __slots__ = ("_by_column", "_true_at_once", "followers", "most_below")

    def __init__(self) -> None:
        self.followers: dict[LeafTest, _TestNode] = {}
        self.most_below = 0
        self._true_at_once = 0
        self._by_column: dict[Column, _ColumnTests] = {}

    @property
    def most_waiting(self) -> int:
        """The most tests that wait while a fact goes down from here: all true followers, or all but the one entered."""
        return max(self._true_at_once, self._true_at_once - 1 + self.most_below)

    def add(self, test: LeafTest) -> _TestNode:
        """Add a follower."""
        column = self._by_column.get(test.column)
        if column is None:
            column = self._by_column[test.column] = _ColumnTests()
        self._true_at_once -= column.true_at_once
        column.add(test)
        self._true_at_once += column.true_at_once
        follower = self.followers[test] = _TestNode()
        return follower


class _ColumnTests:
    """How many of the tests of one column can be true of the same fact."""

    __slots__ = ("_exclusive", "_others", "_unknown")

    def __init__(self) -> None:
        self._unknown = self._exclusive = self._others = 0

    @property
    def true_at_once(self) -> int:
        """The most that are true, of a fact that is unknown or of one that is known."""
        return max(self._unknown, self._exclusive + self._others)

    def add(self, test: LeafTest) -> None:
        """Count one more test, other than those before."""
        if test.operator == "not_known":
            self._unknown = 1
        elif test.operator in _EXCLUSIVE_OPERATORS and not isinstance(test.right, Column):
            self._exclusive = 1
        else:
            self._others += 1
