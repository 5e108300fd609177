"""The condition language, and its plain evaluator, which is the definition of what a condition means.

A condition is `all`, `any` or `none` of conditions, or one test: a fact, a word and a right side (a literal,
another fact, or a dated value). `none` and `known: false` are written away when a condition is read, so that
only `AllOf`, `Any` and tests remain. Truth is three-valued (Kleene): True, False, or None where a fact is missing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from rules.values.facts import FactDeclaration, Facts, FactValue
from rules.values.money import Money

Truth: TypeAlias = bool | None


@dataclass(frozen=True, slots=True)
class FactRef:
    """The right side is another fact, of one kind with the left, of the same subject or of its case."""

    fact: str
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class ValueRef:
    """The right side is a dated value, to be settled by the day and the facts that it depends on."""

    value_name: str


@dataclass(frozen=True, slots=True)
class ResolvedValue:
    """A dated value as in force: its figure, its name for the trace, and the facts that picked the figure."""

    figure: FactValue
    value_name: str
    selected_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnresolvedValue:
    """A dated value that could not be settled: the facts that are missing to do so, or, where none is, why not.

    Two of one value are the same condition, whatever keeps them from being settled.
    """

    value_name: str
    missing: tuple[str, ...] = field(default=(), compare=False)
    reason: str = field(default="", compare=False)
    selected_by: tuple[str, ...] = field(default=(), compare=False)


_REFERENCE_TYPES = (FactRef, ValueRef, ResolvedValue, UnresolvedValue)
FigureOperand: TypeAlias = FactValue | tuple[FactValue, ...] | ValueRef | ResolvedValue | UnresolvedValue
Operand: TypeAlias = FigureOperand | FactRef


@dataclass(frozen=True, slots=True)
class Predicate:
    """One fact, one word, one right side; the words are the keys of `OPPOSITE`.

    One that `is_dated` rests on a dated value, and has to be settled for each case.
    """

    fact: str
    comparator: str
    operand: Operand = True
    is_dated: bool = field(init=False, repr=False, compare=False)
    evaluate: Callable[[Facts], Truth] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """See once whether there is anything to settle, and make the test a function: it is put to many facts."""
        object.__setattr__(self, "is_dated", isinstance(self.operand, ValueRef))
        object.__setattr__(self, "evaluate", _compile_predicate(self.fact, self.comparator, self.operand))

    def fact_names(self) -> tuple[str, ...]:
        """The facts that the term looks at."""
        return (self.fact, self.operand.fact) if isinstance(self.operand, FactRef) else (self.fact,)


@dataclass(frozen=True, slots=True)
class _ConditionGroup:
    """Several conditions, of which one that is `settled_by` settles the whole; `is_dated` where one is."""

    conditions: tuple[Condition, ...]
    is_dated: bool = field(init=False, repr=False, compare=False)
    evaluate: Callable[[Facts], Truth] = field(init=False, repr=False, compare=False)
    short_circuits_on: ClassVar[bool]

    def __post_init__(self) -> None:
        """See once whether there is anything to settle, and make the whole a function: it is put to many facts."""
        object.__setattr__(self, "is_dated", any(part.is_dated for part in self.conditions))
        object.__setattr__(
            self, "evaluate", _compile_group([part.evaluate for part in self.conditions], self.short_circuits_on)
        )


@dataclass(frozen=True, slots=True)
class AllOf(_ConditionGroup):
    """True where every part is; false where one is false."""

    short_circuits_on = False


@dataclass(frozen=True, slots=True)
class AnyOf(_ConditionGroup):
    """True where one part is; false where every part is false."""

    short_circuits_on = True


Condition: TypeAlias = AllOf | AnyOf | Predicate

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
OPPOSITE: Mapping[str, str] = {**_OPPOSITE_PAIRS, **{there: here for here, there in _OPPOSITE_PAIRS.items()}}

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


def negate(condition: Condition) -> Condition:
    """The condition that is true just where this one is false, and unknown where it is unknown."""
    if isinstance(condition, Predicate):
        return Predicate(condition.fact, OPPOSITE[condition.comparator], condition.operand)
    parts = tuple(negate(part) for part in condition.conditions)
    return AnyOf(parts) if isinstance(condition, AllOf) else AllOf(parts)


def predicates_in(condition: Condition) -> Iterator[Predicate]:
    """Every test in a condition, in order."""
    if isinstance(condition, Predicate):
        yield condition
    else:
        for part in condition.conditions:
            yield from predicates_in(part)


def values_in(*conditions: Condition) -> tuple[str, ...]:
    """The dated values that some conditions rest on."""
    found = (
        term.operand.value_name
        for condition in conditions
        for term in predicates_in(condition)
        if isinstance(term.operand, ValueRef)
    )
    return tuple(dict.fromkeys(found))


def facts_in(*conditions: Condition) -> tuple[str, ...]:
    """Every fact that some conditions look at."""
    return tuple(
        dict.fromkeys(
            fact for condition in conditions for term in predicates_in(condition) for fact in term.fact_names()
        )
    )


def evaluate(condition: Condition, facts: Facts) -> Truth:
    """Whether a condition holds of some facts; None where that hangs on a missing one."""
    return condition.evaluate(facts)


def _compile_group(evaluators: list[Callable[[Facts], Truth]], short_circuits_on: bool) -> Callable[[Facts], Truth]:  # noqa: FBT001 - a truth
    """Several tests as one: of which one truth settles the whole, else one that is not known leaves it unknown."""

    def evaluate_group(facts: Facts) -> Truth:
        found: Truth = not short_circuits_on
        for part in evaluators:
            holds = part(facts)
            if holds is short_circuits_on:
                return short_circuits_on
            if holds is None:
                found = None
        return found

    return evaluate_group


def decisive_predicates(condition: Condition, facts: Facts) -> tuple[Predicate, ...]:
    """The tests that make a condition true, false or unknown, as it is; each once."""
    found = _decisive_predicates(condition, condition.evaluate(facts), facts)
    return tuple(dict.fromkeys(found) if len(found) > 1 else found)


def _decisive_predicates(condition: Condition, outcome: Truth, facts: Facts) -> list[Predicate]:
    if isinstance(condition, Predicate):
        return [condition]
    parts = [part for part in condition.conditions if part.evaluate(facts) is outcome]
    return [term for part in parts for term in _decisive_predicates(part, outcome, facts)]


def missing_operands(predicate: Predicate, facts: Facts) -> tuple[str, ...]:
    """What would have to be known to settle a test: facts, a dated value, or a fact on another VAT basis."""
    if predicate.comparator in ("known", "not_known"):
        return ()
    unknown = tuple(fact for fact in predicate.fact_names() if fact not in facts)
    if isinstance(predicate.operand, UnresolvedValue):
        return unknown + (predicate.operand.missing or (predicate.operand.value_name,))
    return unknown or (f"{predicate.fact} {_required_vat_basis(predicate.operand, facts)}",)


def _required_vat_basis(operand: Operand, facts: Facts) -> str:
    """The VAT basis that a fact would have to be stated on to be compared with the right side."""
    if isinstance(operand, FactRef):
        return f"on the VAT basis of {operand.fact}"
    known = operand_value(operand, facts)
    first = known[0] if isinstance(known, tuple) else known
    return first.vat.value if isinstance(first, Money) else ""


def operand_value(operand: Operand, facts: Facts) -> FactValue | tuple[FactValue, ...] | None:
    """The right side as a value, or None where it is not known."""
    if not isinstance(operand, _REFERENCE_TYPES):
        return operand
    if isinstance(operand, FactRef):
        return facts.get(operand.fact)
    return operand.figure if isinstance(operand, ResolvedValue) else None


def _compile_predicate(fact: str, comparator: str, operand: Operand) -> Callable[[Facts], Truth]:
    """One test as a function of facts: none of it can be told while the fact, or the right side, is not known."""
    if comparator in ("known", "not_known"):
        return lambda facts: (fact in facts) is (comparator == "known")
    if isinstance(operand, FactRef):
        return lambda facts: _compare_known(comparator, facts.get(fact), facts.get(operand.fact))
    if isinstance(operand, (ValueRef, UnresolvedValue)):
        return lambda _: None
    figure = operand.figure if isinstance(operand, ResolvedValue) else operand
    if isinstance(figure, (Money, tuple)):
        return lambda facts: _compare_known(comparator, facts.get(fact), figure)
    compared = _COMPARISONS[comparator]
    return lambda facts: None if (left := facts.get(fact)) is None else compared(left, figure)


def _compare_known(comparator: str, left: FactValue | None, right: FactValue | tuple[FactValue, ...] | None) -> Truth:
    if left is None or right is None or (isinstance(left, Money) and not _is_comparable(left, right)):
        return None
    return _compare(comparator, left, right)


def _compare(comparator: str, left: FactValue, right: FactValue | tuple[FactValue, ...]) -> bool:
    if isinstance(right, tuple):
        return _compare_with_several(comparator, left, right)
    return _COMPARISONS[comparator](_comparison_key(left), _comparison_key(right))


def _compare_with_several(comparator: str, left: FactValue, right: tuple[FactValue, ...]) -> bool:
    if comparator in ("one_of", "none_of"):
        return (left in right) is (comparator == "one_of")
    low, high = (_comparison_key(bound) for bound in right)
    return bool(low <= _comparison_key(left) <= high) is (comparator == "within")


def _is_comparable(left: Money, right: FactValue | tuple[FactValue, ...]) -> bool:
    """Two amounts can be compared where they are stated on the same VAT basis."""
    if isinstance(right, tuple):
        return all(_is_comparable(left, part) for part in right)
    return not isinstance(right, Money) or left.is_comparable_with(right)


def _comparison_key(value: FactValue) -> Any:  # noqa: ANN401 - one kind against itself
    """What order is judged by: an amount by its pence."""
    return value.pence if isinstance(value, Money) else value


_PHRASES = {
    "one_of": "is one of",
    "none_of": "is none of",
    "at_least": "is at least",
    "less_than": "is less than",
    "more_than": "is more than",
    "at_most": "is at most",
    "on_or_after": "is on or after",
    "before": "is before",
    "after": "is after",
    "on_or_before": "is on or before",
    "within": "is within",
    "outside": "is outside",
    "is_not": "is not",
}


def describe_expected(predicate: Predicate, declarations: Mapping[str, FactDeclaration], facts: Facts) -> str:
    """What a test asks of its fact, in words: `is at least £181,302 ... (procurement.threshold)`."""
    if predicate.comparator in ("known", "not_known"):
        return "is known" if predicate.comparator == "known" else "is not stated"
    word = _PHRASES.get(predicate.comparator, predicate.comparator.replace("_", " "))
    if isinstance(predicate.operand, FactRef):
        known = facts.get(predicate.operand.fact)
        return f"{word} {predicate.operand.fact}" + (
            "" if known is None else f" ({declarations[predicate.operand.fact].format_value(known)})"
        )
    return f"{word} {_describe_figures(predicate.comparator, predicate.operand, declarations[predicate.fact])}"


def _describe_figures(comparator: str, operand: FigureOperand, declaration: FactDeclaration) -> str:
    """A right side that is a figure, several, or the name of one that is not in force."""
    if isinstance(operand, ResolvedValue):
        return f"{declaration.format_value(operand.figure)} ({operand.value_name})"
    if isinstance(operand, (ValueRef, UnresolvedValue)):
        return operand.value_name
    if isinstance(operand, tuple):
        joint = " to " if comparator in ("within", "outside") else ", "
        return joint.join(declaration.format_value(part) for part in operand)
    return declaration.format_value(operand)
