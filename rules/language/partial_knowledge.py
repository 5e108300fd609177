"""Conditions on cases that were decided elsewhere, of which a source tells only a part.

Invariants:
- Whether a fact is known is itself unknown where the source does not ask for it and does not state it.
- A fact of which only bounds are known is tested at both ends. Where the ends give different answers, it is unknown.
- A choice of which only the possible values are known is tested with each, and unknown where they differ.
- Conditions are rewritten in the words that both evaluators have, so that neither needs to know of sources or bounds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from rules.language.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Consensus,
    FactRef,
    NotCarried,
    Predicate,
    predicates_in,
    regroup,
    split_list_comparison,
)
from rules.values.bounds import HIGH, INFERRED, LOW, possible_names
from rules.values.facts import Facts

_PRESENCE = ("known", "not_known")


class Limits(NamedTuple):
    """What a source leaves open of some facts: those of whose presence it says nothing, and those with bounds alone.

    Of those with bounds, the ones that are `stated` are known to be there. `possible` are the choices with possible
    values, each with the names of these.
    """

    silent: frozenset[str]
    bounded: frozenset[str] = frozenset()
    stated: frozenset[str] = frozenset()
    possible: frozenset[tuple[str, tuple[str, ...]]] = frozenset()

    def names_of(self, fact: str) -> tuple[str, ...]:
        """Return the names of the values by which a fact is tested: its own, its ends or its possible ones."""
        if fact in self.bounded:
            return fact + LOW, fact + HIGH
        return next((names for chosen, names in self.possible if chosen == fact), (fact,))


def find_limits(conditions: Iterable[Condition], facts: Facts, asked: Collection[str]) -> Limits | None:
    """Return what a source that asks for some facts leaves open of conditions; None if nothing."""
    silent: set[str] = set()
    bounded: set[str] = set()
    possible: set[tuple[str, tuple[str, ...]]] = set()
    for condition in conditions:
        silent.update(fact for fact in presence_facts(condition) if fact not in facts and fact not in asked)
        for fact in _facts_of(condition):
            if fact + LOW in facts:
                bounded.add(fact)
            elif names := possible_names(facts, fact):
                possible.add((fact, names))
    if not silent and not bounded and not possible:
        return None
    stated = frozenset(fact for fact in bounded if fact + INFERRED not in facts)
    return Limits(frozenset(silent) - stated, frozenset(bounded), stated, frozenset(possible))


def limit_to_source(condition: Condition, facts: Facts, asked: Collection[str]) -> Condition:
    """Return a condition as a source that asks for some facts lets it be judged; only its truth may be read.

    Of a figure that could not be found it may give the reason of another day.
    """
    limits = find_limits((condition,), facts, asked)
    return _limit_cached(condition, limits) if limits else condition


@lru_cache(maxsize=4096)
def presence_facts(condition: Condition) -> tuple[str, ...]:
    """Return the facts that a condition tests for being known."""
    return tuple({one.fact for one in predicates_in(condition) if one.comparator in _PRESENCE})


@lru_cache(maxsize=4096)
def _facts_of(condition: Condition) -> tuple[str, ...]:
    return tuple({fact for one in predicates_in(condition) for fact in one.fact_names()})


def limit_condition(condition: Condition, limits: Limits) -> Condition:
    """Return a condition with what a source leaves open written out."""
    if isinstance(condition, Predicate):
        return _limit_predicate(condition, limits)
    return regroup(condition, tuple(limit_condition(part, limits) for part in condition.conditions))


@lru_cache(maxsize=4096)
def _limit_cached(condition: Condition, limits: Limits) -> Condition:
    # Conditions are equal whose figures could not be found for different reasons.
    return limit_condition(condition, limits)


def _limit_predicate(predicate: Predicate, limits: Limits) -> Condition:
    fact, comparator, operand = predicate.fact, predicate.comparator, predicate.operand
    if comparator in _PRESENCE:
        if fact in limits.stated:
            return Predicate(fact + LOW, comparator)
        return Predicate(fact, comparator, NotCarried()) if fact in limits.silent else predicate
    if limits.bounded.isdisjoint(predicate.fact_names()):
        return _test_each(predicate, limits)
    if isinstance(operand, tuple):
        group, parts = split_list_comparison(comparator, operand)
        return group(tuple(_test_ends(Predicate(fact, part, figure), limits) for part, figure in parts))
    return _test_ends(predicate, limits)


def _test_ends(predicate: Predicate, limits: Limits) -> Condition:
    """Return the test of a predicate at both ends of each bounded fact. Equality is put as two orders first."""
    if predicate.comparator in _AS_ORDERS:
        group, orders = _AS_ORDERS[predicate.comparator]
        parts = (Predicate(predicate.fact, order, predicate.operand) for order in orders)
        return group(tuple(_test_ends(part, limits) for part in parts))
    return _test_each(predicate, limits)


def _test_each(predicate: Predicate, limits: Limits) -> Condition:
    """Return the test of a predicate with each value that its facts are tested by; itself if each has only one."""
    operand = predicate.operand
    other = limits.names_of(operand.fact) if isinstance(operand, FactRef) else ("",)
    tests = tuple(
        Predicate(
            left, predicate.comparator, FactRef(right, operand.is_money) if isinstance(operand, FactRef) else operand
        )
        for left, right in product(limits.names_of(predicate.fact), other)
    )
    return Consensus(tests) if len(tests) > 1 else predicate


_AS_ORDERS: dict[str, tuple[type[AllOf | AnyOf], tuple[str, str]]] = {
    "is": (AllOf, ("at_least", "at_most")),
    "is_not": (AnyOf, ("less_than", "more_than")),
}
