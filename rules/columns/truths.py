"""Three-valued truth as columns: AND, OR and NULL of SQL are the three values of Kleene.

Invariants:
- What is the same for every row is a Python truth and never becomes SQL: most populations state few of the facts.
- No truth is a negation: Ibis 12 writes `NOT x IS NULL` for whether a negation is unknown, and SQL reads that as
  `NOT (x IS NULL)`. Conditions have no negation left anyway (see `rules.language.conditions`).
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from functools import reduce
from typing import Any, TypeAlias

import ibis

Column: TypeAlias = Any  # an Ibis value: the library has no types
TruthColumn: TypeAlias = Any
"""A boolean column, or True, False or None where it is the same for every row."""


def is_constant(truth: TruthColumn) -> bool:
    """Return whether a truth is the same for every row."""
    return truth is None or isinstance(truth, bool)


def as_column(truth: TruthColumn) -> Column:
    """Return a truth as a column, constant or not."""
    if truth is None:
        return ibis.null("boolean")
    return ibis.literal(truth) if isinstance(truth, bool) else truth


def all_of(truths: Iterable[TruthColumn]) -> TruthColumn:
    """Return whether every truth holds: false if one is false, else unknown if one is."""
    return _combine(truths, decided_by=False)


def any_of(truths: Iterable[TruthColumn]) -> TruthColumn:
    """Return whether some truth holds: true if one is true, else unknown if one is."""
    return _combine(truths, decided_by=True)


def _combine(truths: Iterable[TruthColumn], *, decided_by: bool) -> TruthColumn:
    parts = list(truths)
    if any(part is decided_by for part in parts):
        return decided_by
    columns = [part for part in parts if not is_constant(part)]
    has_unknown = any(part is None for part in parts)
    if not columns:
        return None if has_unknown else not decided_by
    return reduce(operator.or_ if decided_by else operator.and_, [*columns, *([as_column(None)] * has_unknown)])
