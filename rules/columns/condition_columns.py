"""Conditions as columns: the third reading of what `rules.language.conditions` defines."""

from __future__ import annotations

from rules.columns.cells import Cell, compare_amount, compare_facts, compare_values, compare_with_figure
from rules.columns.figures import FigureCell, FigureClass
from rules.columns.scopes import Scope
from rules.columns.truths import TruthColumn, all_of, any_of
from rules.language.conditions import (
    AnyOf,
    Condition,
    FactRef,
    NotCarried,
    Predicate,
    ResolvedValue,
    UnresolvedValue,
    ValueRef,
)
from rules.language.law import comparator_in_force


def truth_column(condition: Condition, scope: Scope, governed_by: str) -> TruthColumn:
    """Return in which rows a condition holds; NULL where a missing fact could decide."""
    if isinstance(condition, Predicate):
        return _predicate_column(condition, scope, governed_by)
    truths = (truth_column(part, scope, governed_by) for part in condition.conditions)
    return any_of(truths) if isinstance(condition, AnyOf) else all_of(truths)


def _predicate_column(predicate: Predicate, scope: Scope, governed_by: str) -> TruthColumn:
    fact, comparator, operand = predicate.fact, predicate.comparator, predicate.operand
    if comparator in ("known", "not_known"):
        return scope.is_known(fact) if comparator == "known" else scope.is_not_known(fact)
    left = scope.cells.get(fact)
    if left is None or isinstance(operand, (UnresolvedValue, NotCarried)):
        return None
    if isinstance(operand, FactRef):
        right = scope.cells.get(operand.fact)
        return None if right is None else compare_facts(comparator, left, right)
    if isinstance(operand, ValueRef):
        figure = scope.figure(operand.value_name, governed_by)
        return None if figure is None else _compare_with_value(comparator, left, figure)
    return compare_with_figure(comparator, left, operand.figure if isinstance(operand, ResolvedValue) else operand)


def _compare_with_value(comparator: str, left: Cell, figure: FigureCell) -> TruthColumn:
    def compare(kind: FigureClass) -> TruthColumn:
        word = comparator_in_force(comparator, kind.operator)
        if kind.like is not None:
            return compare_amount(word, left, kind.like, figure.cell.value)
        return compare_values(word, left.value, figure.cell.value)

    return figure.compare_each(compare)
