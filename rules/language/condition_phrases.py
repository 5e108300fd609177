"""What a condition expects, in words, as `is at least £181,302 ... (procurement.threshold)`, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping

from rules.language.conditions import (
    FactRef,
    FigureOperand,
    NotCarried,
    Operand,
    Predicate,
    ResolvedValue,
    UnresolvedValue,
    ValueRef,
    operand_value,
)
from rules.values.bounds import is_bound, plain_name
from rules.values.facts import FactDeclaration, Facts
from rules.values.money import Money

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
    """Describe what a predicate requires of its fact: `is at least £181,302 ... (procurement.threshold)`."""
    if predicate.comparator in ("known", "not_known"):
        return "is known" if predicate.comparator == "known" else "is not stated"
    phrase = _PHRASES.get(predicate.comparator, predicate.comparator.replace("_", " "))
    if isinstance(predicate.operand, FactRef):
        other = predicate.operand.fact
        value = facts.get(other)
        return f"{phrase} {other}" + ("" if value is None else f" ({declarations[other].format_value(value)})")
    return f"{phrase} {_describe_figures(predicate.comparator, predicate.operand, declarations[predicate.fact])}"


def _describe_figures(comparator: str, operand: FigureOperand, declaration: FactDeclaration) -> str:
    """Describe an operand: a figure, several figures, or the name of an unresolved value."""
    if isinstance(operand, ResolvedValue):
        return f"{declaration.format_value(operand.figure)} ({operand.value_name})"
    if isinstance(operand, (ValueRef, UnresolvedValue)):
        return operand.value_name
    if isinstance(operand, NotCarried):
        return ""
    if isinstance(operand, tuple):
        separator = " to " if comparator in ("within", "outside") else ", "
        return separator.join(declaration.format_value(value) for value in operand)
    return declaration.format_value(operand)


def missing_operands(predicate: Predicate, facts: Facts) -> tuple[str, ...]:
    """Return what an undetermined predicate needs: facts, a value or a VAT basis.

    One that is known of one possible value needs the facts of which only bounds are known.
    """
    if predicate.comparator in ("known", "not_known"):
        is_silent = isinstance(predicate.operand, NotCarried) and predicate.fact not in facts
        return (plain_name(predicate.fact),) if is_silent else ()
    if predicate.evaluate(facts) is not None:
        return tuple(map(plain_name, filter(is_bound, predicate.sources())))
    unknown = tuple(plain_name(fact) for fact in predicate.fact_names() if fact not in facts)
    if isinstance(predicate.operand, UnresolvedValue):
        return unknown + (predicate.operand.missing or (predicate.operand.value_name,))
    return unknown or (f"{plain_name(predicate.fact)} {_required_vat_basis(predicate.operand, facts)}",)


def _required_vat_basis(operand: Operand, facts: Facts) -> str:
    """Describe the VAT basis that a fact needs for the comparison."""
    if isinstance(operand, FactRef):
        return f"on the VAT basis of {operand.fact}"
    value = operand_value(operand, facts)
    first = value[0] if isinstance(value, tuple) else value
    return first.vat.value if isinstance(first, Money) else ""
