"""Compiles resolved controls to rules that durable-rules can match, and facts to the columns that they compare.

When a control applies and what it requires are compiled as a condition and its negation, each in disjunctive form: one
rule for each conjunction of leaf tests. Where no rule of either fires, the condition is unknown.
Widths are checked here, so that no pack is linked whose rules durable-rules could not hold.
Nothing here imports durable-rules; `rules.judging.durable_adapter` does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple, TypeAlias

from rules.errors import EngineError
from rules.judging.resolved_control import ResolvedControl, figure_types
from rules.language.conditions import (
    AnyOf,
    Condition,
    FactRef,
    NotCarried,
    Predicate,
    ResolvedValue,
    UnresolvedValue,
    ValueRef,
    negate,
    proof_as_stated,
    regroup,
    split_list_comparison,
)
from rules.values.facts import FactValue
from rules.values.money import Money, Vat

MAX_TESTS = 55
"""The most tests of one conjunction."""
MAX_CONJUNCTIONS = 64
MAX_NUMBER = 2**63 - 1
MAX_COMPARED_BYTES = 1_000

DurableValue: TypeAlias = int | bool | str
Literal: TypeAlias = int | str
KNOWN = "known"
"""The variant of the column that only says that a fact is known."""
_AS_STATED_ALONE = "as stated"
"""The column of amounts as stated alone. That of the code `unstated` has every amount, for limits without a basis."""
_COLUMNS_BY_VAT: Mapping[Vat, tuple[str, ...]] = {
    vat: (Vat.UNSTATED.code, _AS_STATED_ALONE if vat is Vat.UNSTATED else vat.code) for vat in Vat
}


class Column(NamedTuple):
    """What durable-rules compares: a fact, whether it is known, or an amount on one VAT basis."""

    fact: str
    variant: str = ""


class LeafTest(NamedTuple):
    """One test: a column, an operator, and a literal or another column.

    `figure_of` names the dated value whose figure in force its literal is, if any. A flag is tested by `is_true` or
    `is_false` and never beside a literal: Python holds the flag true equal to the number 1, and tests that are equal
    are compiled once.
    """

    column: Column
    operator: str
    right: Literal | Column = 0
    figure_of: str = ""


Conjunction: TypeAlias = tuple[LeafTest, ...]


class RuleMeaning(NamedTuple):
    """What a rule that fires shows: that a control applies (or its requirement holds), or that it does not."""

    control: str
    applies: bool
    holds: bool


class CompiledRule(NamedTuple):
    """What a rule shows, its tests, and the dated values whose figures in force they compare.

    Those figures may be others for the next case. The tests do not say which they are.
    """

    meaning: RuleMeaning
    conjunction: Conjunction
    dated_values: tuple[str, ...]


@lru_cache(maxsize=1024)
def compile_control(control: ResolvedControl) -> tuple[CompiledRule, ...]:
    """The rules of a control; raises `EngineError` where they would be too many or too long."""
    return tuple(
        CompiledRule(
            RuleMeaning(control.id, applies, holds),
            tuple(dict.fromkeys([test._replace(figure_of="") for test in conjunction])),
            tuple(sorted({test.figure_of for test in conjunction if test.figure_of})),
        )
        for applies, condition in ((True, control.applies), (False, control.requires))
        for holds, side in ((True, condition), (False, negate(condition)))
        for conjunction in map(_check_length, _disjunctive_form(side))
    )


def check_compilable(condition: Condition) -> None:
    """Raise `EngineError` for a condition that could not be compiled, whatever figures are in force."""
    _check_compilable_cached(condition, figure_types(condition))


@lru_cache(maxsize=4096)
def _check_compilable_cached(condition: Condition, _figure_types_key: tuple[type, ...]) -> None:
    # Several schemes take the same law. The types are part of the key because Python holds 1 equal to True.
    for side in (condition, negate(condition)):
        for conjunction in _disjunctive_form(_replace_dated_values(side)):
            _check_length(conjunction)


def _replace_dated_values(condition: Condition) -> Condition:
    """Put figures in the place of each dated value: as many tests as any figure of it can make.

    Each comparison has a figure of its own, as two limits that are the same today may differ on another day. One with
    an amount can make two tests: one of the amount, and one of an amount whose VAT basis is not known.
    """
    if isinstance(condition, Predicate):
        operand = condition.operand
        if not isinstance(operand, ValueRef):
            return condition
        figures = [f"{condition.comparator} {operand.value_name}"]
        if condition.comparator in _AMOUNT_COMPARATORS:
            figures.append(f"{figures[0]} as stated")
        return AnyOf(
            tuple(Predicate(condition.fact, "is", ResolvedValue(figure, operand.value_name)) for figure in figures)
        )
    return regroup(condition, tuple(_replace_dated_values(part) for part in condition.conditions))


_AMOUNT_COMPARATORS = ("is", "is_not", "at_least", "more_than", "at_most", "less_than", "reaches", "falls_short_of")
"""The comparators that prove something of an amount whose VAT basis is not known. Days have others."""


def _check_length(conjunction: Conjunction) -> Conjunction:
    """Return a conjunction; raise `EngineError` if durable-rules could not hold its tests."""
    if len(conjunction) > MAX_TESTS:
        raise EngineError(f"a conjunction has {len(conjunction)} tests; at most {MAX_TESTS} are safe")
    return conjunction


def _disjunctive_form(condition: Condition) -> list[Conjunction]:
    """The disjunctive form of a condition: true if one conjunction is; empty if it is never known."""
    if isinstance(condition, Predicate):
        return _compile_predicate(condition)
    parts = [_disjunctive_form(part) for part in condition.conditions]
    conjunctions = _concatenate(parts) if isinstance(condition, AnyOf) else _cross_product(parts)
    _check_width(len(conjunctions))
    return [tuple(dict.fromkeys(conjunction)) for conjunction in dict.fromkeys(conjunctions)]


def _concatenate(parts: Iterable[list[Conjunction]]) -> list[Conjunction]:
    return [conjunction for part in parts for conjunction in part]


def _cross_product(parts: Iterable[list[Conjunction]]) -> list[Conjunction]:
    conjunctions: list[Conjunction] = [()]
    for part in parts:
        # Before they are made: a condition of ten parts could ask for millions.
        _check_width(len(conjunctions) * len(part))
        conjunctions = [(*left, *right) for left, right in product(conjunctions, part)]
    return conjunctions


def _check_width(width: int) -> None:
    if width > MAX_CONJUNCTIONS:
        raise EngineError(f"a condition has {width} conjunctions; at most {MAX_CONJUNCTIONS} are compiled")


def _compile_predicate(predicate: Predicate) -> list[Conjunction]:
    fact, comparator, operand = predicate.fact, predicate.comparator, predicate.operand
    if comparator in ("known", "not_known"):
        shows_nothing = comparator == "not_known" and isinstance(operand, NotCarried)
        return [] if shows_nothing else [(LeafTest(Column(fact, "known"), comparator),)]
    if isinstance(operand, FactRef):
        return _compare_facts(fact, comparator, operand)
    if isinstance(operand, (ValueRef, UnresolvedValue, NotCarried)):
        return []
    if isinstance(operand, tuple):
        return _compare_with_list(fact, comparator, operand)
    if isinstance(operand, ResolvedValue):
        tests = _compare_with_figure(fact, comparator, operand.figure)
        return [(test._replace(figure_of=operand.value_name),) for test in tests]
    return [(test,) for test in _compare_with_figure(fact, comparator, operand)]


def _compare_facts(fact: str, comparator: str, other: FactRef) -> list[Conjunction]:
    """One fact beside another: amounts on one VAT basis, or both as stated."""
    bases = (Vat.EXCLUDED.code, Vat.INCLUDED.code, _AS_STATED_ALONE) if other.is_money else ("",)
    return [_compare_columns(Column(fact, basis), comparator, Column(other.fact, basis)) for basis in bases]


def _compare_columns(left: Column, operator: str, right: Column) -> Conjunction:
    """One column beside another, where that is known: beside an unknown one durable-rules finds every test true."""
    return (LeafTest(right, "known"), LeafTest(left, operator, right))


def _compare_with_list(fact: str, comparator: str, figures: tuple[FactValue, ...]) -> list[Conjunction]:
    group, comparisons = split_list_comparison(comparator, figures)
    parts: list[list[Conjunction]] = [
        [(test,) for test in _compare_with_figure(fact, part, figure)] for part, figure in comparisons
    ]
    return _concatenate(parts) if group is AnyOf else _cross_product(parts)


def _compare_with_figure(fact: str, comparator: str, figure: FactValue) -> list[LeafTest]:
    """A fact beside a literal, and the test that proves it of an amount as stated, whose basis is not known."""
    tests = [_compare_with_literal(fact, comparator, figure)]
    proof = proof_as_stated(comparator, figure) if isinstance(figure, Money) else ""
    if proof:
        tests.append(LeafTest(Column(fact, _AS_STATED_ALONE), proof, to_durable_value(figure)))
    return tests


def _compare_with_literal(fact: str, comparator: str, figure: FactValue) -> LeafTest:
    """A fact beside a literal. "Is not" of a flag is the other flag: durable-rules orders no flags."""
    if isinstance(figure, bool):
        return LeafTest(Column(fact), "is_true" if figure is (comparator == "is") else "is_false")
    basis = figure.vat.code if isinstance(figure, Money) else ""
    return LeafTest(Column(fact, basis), comparator, to_durable_value(figure))


def column_value(value: FactValue, variant: str) -> DurableValue | None:
    """What stands of a fact in a column of some variant; None where nothing does."""
    if variant == KNOWN:
        return True
    if isinstance(value, Money):
        stands = variant in _COLUMNS_BY_VAT[value.vat] or (bool(variant) and value.is_nothing_as_stated)
        return value.pence if stands else None
    return None if variant else to_durable_value(value)


def to_durable_value(value: object) -> DurableValue:
    """A value as durable-rules compares it: pence, the ordinal of a day, a whole number, a flag, a code or a text.

    A long text is replaced by its digest: texts are only compared for equality.
    """
    convert = _CONVERTERS.get(type(value))
    if convert is None:
        raise EngineError(f"{value!r:.40} is not a value that can be judged")
    return convert(value)


def _check_64_bits(number: int) -> int:
    if not -MAX_NUMBER <= number <= MAX_NUMBER:
        raise EngineError(f"{number} is beyond 64 bits")
    return number


def _digest_long_text(text: str) -> str:
    if len(text) <= MAX_COMPARED_BYTES and text.isascii():  # most texts
        return text
    encoded = text.encode()
    return text if len(encoded) <= MAX_COMPARED_BYTES else hashlib.sha256(encoded).hexdigest()


_CONVERTERS: Mapping[type, Callable[[Any], DurableValue]] = {
    str: _digest_long_text,
    bool: bool,
    int: _check_64_bits,
    Money: lambda amount: amount.pence,
    date: date.toordinal,
}
