"""The condition language and its plain evaluator, which defines what a condition means.

A condition is `AllOf` or `AnyOf` several conditions, or a `Predicate`: one fact, a comparator and an operand (a
literal, another fact or a dated value). The parser rewrites `none` and `known: false`, so that no negation remains.
Truth is three-valued (Kleene): True, False, or None where a missing fact could decide. Conditions are frozen and
hashable, and equal conditions mean the same.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, TypeAlias

from rules.values.facts import Facts, FactValue
from rules.values.money import Money, Vat

Truth: TypeAlias = bool | None


@dataclass(frozen=True, slots=True)
class FactRef:
    """An operand that is another fact of the same kind, of the same subject or its case."""

    fact: str
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class ValueRef:
    """An operand that is a dated value, to be resolved by the day and the facts it depends on."""

    value_name: str


@dataclass(frozen=True, slots=True)
class ResolvedValue:
    """A dated value in force: its figure, its name, and the facts that selected the figure."""

    figure: FactValue
    value_name: str
    selected_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnresolvedValue:
    """A dated value that could not be resolved, with what is missing.

    `reason` says why if no fact is missing. Only the name is compared, so that two of one value are the same condition.
    """

    value_name: str
    missing: tuple[str, ...] = field(default=(), compare=False)
    reason: str = field(default="", compare=False)
    selected_by: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class NotCarried:
    """The operand of a test whether a fact is known, where the source says nothing by its silence."""


_REFERENCE_TYPES = (FactRef, ValueRef, ResolvedValue, UnresolvedValue, NotCarried)
FigureOperand: TypeAlias = FactValue | tuple[FactValue, ...] | ValueRef | ResolvedValue | UnresolvedValue | NotCarried
Operand: TypeAlias = FigureOperand | FactRef


@dataclass(frozen=True, slots=True)
class Predicate:
    """One test: a fact, a comparator and an operand. The comparators are the keys of `OPPOSITE`.

    A predicate that `is_dated` has an operand that must be resolved for each case, by `Law.resolve`.
    """

    fact: str
    comparator: str
    operand: Operand = True
    is_dated: bool = field(init=False, repr=False, compare=False)
    evaluate: Callable[[Facts], Truth] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Precompute `is_dated` and compile the test, because it is evaluated against many facts."""
        object.__setattr__(self, "is_dated", isinstance(self.operand, ValueRef))
        object.__setattr__(self, "evaluate", _compile_predicate(self.fact, self.comparator, self.operand))

    def fact_names(self) -> tuple[str, ...]:
        """Return the facts that the predicate compares."""
        return (self.fact, self.operand.fact) if isinstance(self.operand, FactRef) else (self.fact,)

    def sources(self) -> tuple[str, ...]:
        """Return the facts that the predicate compares, and those that selected its figure."""
        selected_by = self.operand.selected_by if isinstance(self.operand, ResolvedValue) else ()
        return (*self.fact_names(), *selected_by)


@dataclass(frozen=True, slots=True)
class _ConditionGroup:
    """Several conditions; one whose truth is `short_circuits_on` decides the whole group."""

    conditions: tuple[Condition, ...]
    is_dated: bool = field(init=False, repr=False, compare=False)
    evaluate: Callable[[Facts], Truth] = field(init=False, repr=False, compare=False)
    short_circuits_on: ClassVar[bool]

    def __post_init__(self) -> None:
        """Precompute `is_dated` and compile the group, because it is evaluated against many facts."""
        object.__setattr__(self, "is_dated", any(part.is_dated for part in self.conditions))
        object.__setattr__(
            self, "evaluate", _compile_group([part.evaluate for part in self.conditions], self.short_circuits_on)
        )


@dataclass(frozen=True, slots=True)
class AllOf(_ConditionGroup):
    """True if every condition is true; false if one is false."""

    short_circuits_on = False


@dataclass(frozen=True, slots=True)
class AnyOf(_ConditionGroup):
    """True if one condition is true; false if every one is false."""

    short_circuits_on = True


@dataclass(frozen=True, slots=True)
class Consensus(_ConditionGroup):
    """One test of several possible values: true if every condition is true, false if every one is false."""

    def __post_init__(self) -> None:
        """Compile the group; its parts are resolved before they are put together."""
        object.__setattr__(self, "is_dated", False)
        object.__setattr__(self, "evaluate", _compile_consensus([part.evaluate for part in self.conditions]))


Condition: TypeAlias = AllOf | AnyOf | Consensus | Predicate

_OPPOSITE_PAIRS = {
    "is": "is_not",
    "one_of": "none_of",
    "at_least": "less_than",
    "more_than": "at_most",
    "on_or_after": "before",
    "after": "on_or_before",
    "within": "outside",
    "known": "not_known",
    "reaches": "falls_short_of",
}
OPPOSITE: Mapping[str, str] = {**_OPPOSITE_PAIRS, **{second: first for first, second in _OPPOSITE_PAIRS.items()}}

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "at_least": operator.ge,
    "on_or_after": operator.ge,
    "more_than": operator.gt,
    "after": operator.gt,
    "at_most": operator.le,
    "on_or_before": operator.le,
    "less_than": operator.lt,
    "before": operator.lt,
}


_PROOFS_AS_STATED = {
    (Vat.EXCLUDED, "less_than"): "less_than",
    (Vat.EXCLUDED, "at_most"): "at_most",
    (Vat.EXCLUDED, "is_not"): "less_than",
    (Vat.INCLUDED, "more_than"): "more_than",
    (Vat.INCLUDED, "at_least"): "at_least",
    (Vat.INCLUDED, "is_not"): "more_than",
}


def negate(condition: Condition) -> Condition:
    """Return the negation of a condition; unknown stays unknown."""
    if isinstance(condition, Predicate):
        return Predicate(condition.fact, OPPOSITE[condition.comparator], condition.operand)
    parts = tuple(negate(part) for part in condition.conditions)
    if isinstance(condition, Consensus):
        return Consensus(parts)
    return AnyOf(parts) if isinstance(condition, AllOf) else AllOf(parts)


def regroup(condition: AllOf | AnyOf | Consensus, parts: tuple[Condition, ...]) -> Condition:
    """Return a group of the same kind with other conditions."""
    return type(condition)(parts)


def predicates_in(condition: Condition) -> Iterator[Predicate]:
    """Yield every predicate of a condition, in order."""
    if isinstance(condition, Predicate):
        yield condition
    else:
        for part in condition.conditions:
            yield from predicates_in(part)


def values_in(*conditions: Condition) -> tuple[str, ...]:
    """Return the dated values that conditions rest on, each once."""
    names = (
        predicate.operand.value_name
        for condition in conditions
        for predicate in predicates_in(condition)
        if isinstance(predicate.operand, ValueRef)
    )
    return tuple(dict.fromkeys(names))


def facts_in(*conditions: Condition) -> tuple[str, ...]:
    """Return the facts that conditions compare, each once."""
    names = (
        fact for condition in conditions for predicate in predicates_in(condition) for fact in predicate.fact_names()
    )
    return tuple(dict.fromkeys(names))


def evaluate(condition: Condition, facts: Facts) -> Truth:
    """Return whether a condition holds; None if a missing fact could decide."""
    return condition.evaluate(facts)


def evaluate_parts(group: AllOf | AnyOf, evaluate_part: Callable[[Condition], Truth]) -> Truth:
    """Return whether a group holds; its parts are evaluated in turn until they decide it."""
    evaluators: list[Callable[[Facts], Truth]] = [
        partial(_evaluate_with, evaluate_part, part) for part in group.conditions
    ]
    return _compile_group(evaluators, group.short_circuits_on)({})


def _evaluate_with(evaluate_part: Callable[[Condition], Truth], part: Condition, _: Facts) -> Truth:
    return evaluate_part(part)


def _compile_group(evaluators: list[Callable[[Facts], Truth]], short_circuits_on: bool) -> Callable[[Facts], Truth]:  # noqa: FBT001 - a truth
    """Compile the conditions of a group into one function."""
    if len(evaluators) == 1:
        return evaluators[0]

    def evaluate_group(facts: Facts) -> Truth:
        outcome: Truth = not short_circuits_on
        for evaluate_part in evaluators:
            holds = evaluate_part(facts)
            if holds is short_circuits_on:
                return short_circuits_on
            if holds is None:  # a later part may still decide
                outcome = None
        return outcome

    return evaluate_group


def _compile_consensus(evaluators: list[Callable[[Facts], Truth]]) -> Callable[[Facts], Truth]:
    """Compile one test of several possible values into one function."""

    def evaluate_consensus(facts: Facts) -> Truth:
        outcomes = {evaluate_part(facts) for evaluate_part in evaluators}
        return outcomes.pop() if len(outcomes) == 1 else None

    return evaluate_consensus


def decisive_predicates(condition: Condition, facts: Facts) -> tuple[Predicate, ...]:
    """Return the predicates that decide the truth of a condition, each once.

    A true `AllOf` is decided by all of its parts, a false one by those that are false.
    """
    predicates = _decisive_predicates(condition, condition.evaluate(facts), facts)
    return tuple(dict.fromkeys(predicates) if len(predicates) > 1 else predicates)


def _decisive_predicates(condition: Condition, outcome: Truth, facts: Facts) -> list[Predicate]:
    if isinstance(condition, Predicate):
        return [condition]
    if isinstance(condition, Consensus):  # all possible values together give the outcome, whatever each gives
        return [one for part in condition.conditions for one in _decisive_predicates(part, part.evaluate(facts), facts)]
    parts = [part for part in condition.conditions if part.evaluate(facts) is outcome]
    return [predicate for part in parts for predicate in _decisive_predicates(part, outcome, facts)]


def operand_value(operand: Operand, facts: Facts) -> FactValue | tuple[FactValue, ...] | None:
    """Return the operand as a value, or None if it is unknown."""
    if not isinstance(operand, _REFERENCE_TYPES):
        return operand
    if isinstance(operand, FactRef):
        return facts.get(operand.fact)
    return operand.figure if isinstance(operand, ResolvedValue) else None


def _compile_predicate(fact: str, comparator: str, operand: Operand) -> Callable[[Facts], Truth]:
    """Compile one predicate into a function, which gives None while its fact or operand is unknown."""
    if isinstance(operand, NotCarried):
        return lambda facts: (comparator == "known") if fact in facts else None
    if comparator in ("known", "not_known"):
        return lambda facts: (fact in facts) is (comparator == "known")
    if isinstance(operand, FactRef):
        return lambda facts: _compare_facts(comparator, facts.get(fact), facts.get(operand.fact))
    if isinstance(operand, (ValueRef, UnresolvedValue)):
        return lambda _: None
    figure = operand.figure if isinstance(operand, ResolvedValue) else operand
    if isinstance(figure, (Money, tuple)):
        return lambda facts: _compare_known(comparator, facts.get(fact), figure)
    compare = _COMPARISONS[comparator]
    return lambda facts: None if (left := facts.get(fact)) is None else compare(left, figure)


def _compare_facts(comparator: str, left: FactValue | None, right: FactValue | None) -> Truth:
    if isinstance(left, Money) and isinstance(right, Money) and not left.is_surely_comparable_with(right):
        return None
    return _compare_known(comparator, left, right)


def _compare_known(comparator: str, left: FactValue | None, right: FactValue | tuple[FactValue, ...] | None) -> Truth:
    if left is None or right is None or (isinstance(left, Money) and not _is_comparable(left, right)):
        return None
    if isinstance(left, Money) and left.vat is Vat.UNSTATED:
        return _compare_as_stated(comparator, left, right)
    return _compare(comparator, left, right)


def _compare_as_stated(comparator: str, left: Money, right: FactValue | tuple[FactValue, ...]) -> Truth:
    """Compare an amount on a basis that is not known; None where the basis decides."""
    if isinstance(right, tuple):
        group, parts = split_list_comparison(comparator, right)
        return _compile_group(
            [partial(_evaluate_part, part, left, figure) for part, figure in parts], short_circuits_on=group is AnyOf
        )({})
    if not isinstance(right, Money) or right.vat is Vat.UNSTATED or left.pence == 0:
        return _compare(comparator, left, right)
    for proved, holds in ((comparator, True), (OPPOSITE[comparator], False)):
        proof = proof_as_stated(proved, right)
        if proof and _compare(proof, left, right):
            return holds
    return None


def _evaluate_part(comparator: str, left: Money, figure: FactValue, _: Facts) -> Truth:
    return _compare_as_stated(comparator, left, figure)


def proof_as_stated(comparator: str, figure: Money) -> str:
    """Return the comparator that, if it holds of the pence of an amount as stated, proves another; "" if none does.

    VAT only adds. So an amount as stated of at most £100 is at most £100 without VAT, whatever its basis. It adds
    nothing to nothing, and turns no amount negative.
    """
    if figure.pence == 0:
        return comparator
    return _PROOFS_AS_STATED.get((figure.vat, comparator), "") if figure.pence >= 0 else ""


def split_list_comparison(
    comparator: str, figures: tuple[FactValue, ...]
) -> tuple[type[AllOf | AnyOf], list[tuple[str, FactValue]]]:
    """Return a comparison with a list as comparisons with its figures: all or any of them must hold."""
    if comparator in ("one_of", "none_of"):
        each = "is" if comparator == "one_of" else "is_not"
        return (AnyOf if comparator == "one_of" else AllOf), [(each, figure) for figure in figures]
    low, high = figures
    if comparator == "within":
        return AllOf, [("at_least", low), ("at_most", high)]
    return AnyOf, [("less_than", low), ("more_than", high)]


def _compare(comparator: str, left: FactValue, right: FactValue | tuple[FactValue, ...]) -> bool:
    if isinstance(right, tuple):
        return _compare_with_list(comparator, left, right)
    return _COMPARISONS[comparator](_comparison_key(left), _comparison_key(right))


def _compare_with_list(comparator: str, left: FactValue, right: tuple[FactValue, ...]) -> bool:
    if comparator in ("one_of", "none_of"):
        return (left in right) is (comparator == "one_of")
    low, high = (_comparison_key(bound) for bound in right)
    return bool(low <= _comparison_key(left) <= high) is (comparator == "within")


def _is_comparable(left: Money, right: FactValue | tuple[FactValue, ...]) -> bool:
    """Return whether an amount can be compared with the operand, by their VAT bases."""
    if isinstance(right, tuple):
        return all(_is_comparable(left, value) for value in right)
    return not isinstance(right, Money) or left.is_comparable_with(right)


def _comparison_key(value: FactValue) -> Any:  # noqa: ANN401 - one kind against itself
    """Return what a value is ordered by: an amount by its pence.

    Comparability was checked before; without the basis, amounts as stated compare with any.
    """
    return value.pence if isinstance(value, Money) else value
