"""Derive facts of a case that was decided elsewhere, where its source tells only a part or gives only bounds.

Invariants:
- A result that rests on bounds is known where both ends give it; otherwise it has bounds of its own, or is unknown.
- So is one that rests on a figure for a choice that the source does not carry: each choice is tried, and no choice.
- Of a choice by conditions, each that may come out is kept, unless all may, or the source asked for all that it rests
  on: see `rules.language.derived_choices`.
- Over subjects of which the source does not list every one, a count or a total is at least what is stated.
- Where the source does not show why a result is missing, it does not ask for the result either.
- What is quoted from stated texts stands, whatever else the source might have shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import product

from rules.language.derivation_context import DerivationContext, DerivedFact
from rules.language.derived_choices import ChoiceByLines
from rules.values.bounds import LOW, Bounds, find_bounds, possible_as_facts, value_key
from rules.values.facts import CASE, MAX_COUNT, Facts, FactValue
from rules.values.money import MAX_PENCE, Money, Vat

_MAX_CASES = 256
"""How many combinations of ends are computed; beyond, the result is unknown."""


def derive_partly(derived: DerivedFact, context: DerivationContext, facts: Facts) -> dict[str, FactValue]:
    """Return a derived fact of one subject by name, or its bounds by theirs; empty where it is unknown."""
    if isinstance(derived.compute, ChoiceByLines):
        return _choose_partly(derived, derived.compute, context, facts)
    return _derive_at_ends(derived, context, facts)


def _derive_at_ends(derived: DerivedFact, context: DerivationContext, facts: Facts) -> dict[str, FactValue]:
    """Return the result, or its bounds, by what comes out at the ends of the inputs."""
    results = list(_compute_at_ends(derived, context, facts))
    if not results or None in results:
        return {}
    known = [result for result in results if result is not None]
    if derived.related_kind and derived.related_kind not in (context.asked or ()) and not derived.is_evidence:
        return _at_least(min(known, key=value_key)).as_facts(derived.name) if derived.grows_with_subjects else {}
    if all(result == known[0] for result in known):
        return {derived.name: known[0]}
    if isinstance(known[0], (str, bool)):
        return {}
    if len({value_key(result) for result in known}) == 1:  # one amount, on a VAT basis that is not known
        return {
            derived.name: next((one for one in known if isinstance(one, Money) and one.vat is Vat.UNSTATED), known[0])
        }
    return Bounds(min(known, key=value_key), max(known, key=value_key)).as_facts(derived.name)


def _choose_partly(
    derived: DerivedFact, compute: ChoiceByLines, context: DerivationContext, facts: Facts
) -> dict[str, FactValue]:
    """Return the one choice, or those that are possible; empty if every one is, or if its source left it open."""
    chosen = compute(context, facts)
    if chosen is not None:
        return {derived.name: chosen}
    if is_answered(derived, context.subjects_by_kind, context.asked or ()):
        return {}
    possible = compute.find_possible(context, facts)
    if len(possible) == 1:
        return {derived.name: possible[0]}
    choices = derived.declaration.choices if derived.declaration else possible
    return possible_as_facts(derived.name, possible) if len(possible) < len(choices) else {}


def _compute_at_ends(derived: DerivedFact, context: DerivationContext, facts: Facts) -> Iterator[FactValue | None]:
    """Yield the result at each combination of the ends of the inputs that have bounds."""
    can_have_ends = derived.is_monotone or derived.is_evidence
    bounded = [fact for fact in derived.inputs if fact + LOW in facts] if can_have_ends else []
    choices = context.law.open_choices(derived.values, facts, context.asked or ()) if derived.is_monotone else [{}]
    if not bounded and choices == [{}]:
        yield derived.compute(context, facts)
        return
    ends = [_ends_of(fact, derived, context, facts) for fact in bounded]
    combinations = list(product(*ends)) if all(ends) else []
    if len(combinations) * len(choices) > _MAX_CASES:
        return
    for values in combinations:
        at_ends = {**facts, **dict(zip(bounded, values, strict=True))}
        for chosen in choices:
            yield derived.compute(context, {**at_ends, **chosen})
        if choices != [{}]:
            yield from _compute_without_choices(derived, context, at_ends)


def _compute_without_choices(derived: DerivedFact, context: DerivationContext, facts: Facts) -> Iterator[FactValue]:
    """Yield the result if nobody made the choices that the source does not carry, where there is a result."""
    made_none = replace(context, asked={*(context.asked or ()), *derived.inputs}, match_cache={})
    result = derived.compute(made_none, facts)
    if result is not None:
        yield result


def _ends_of(fact: str, derived: DerivedFact, context: DerivationContext, facts: Facts) -> tuple[FactValue, ...]:
    """Return the ends of a fact's bounds; for the governing day, also each day on which another figure begins."""
    bounds = find_bounds(facts, fact)
    if bounds is None:
        return ()
    return context.law.days_that_differ(derived.values, bounds) if fact == derived.governed_by else tuple(bounds)


def _at_least(low: FactValue) -> Bounds:
    """Return the bounds of a count or an amount of which only the lowest value is known."""
    return Bounds(low, Money(MAX_PENCE, low.vat) if isinstance(low, Money) else MAX_COUNT)


def is_answered(
    derived: DerivedFact, subjects_by_kind: Mapping[str, Mapping[str, Facts]], asked: Collection[str]
) -> bool:
    """Return whether a missing result has a reason that the source shows: everything that it rests on was asked for."""
    lists_all = not derived.related_kind or derived.related_kind in asked
    return lists_all and all(_is_input_answered(fact, subjects_by_kind, asked) for fact in derived.inputs)


def _is_input_answered(fact: str, subjects_by_kind: Mapping[str, Mapping[str, Facts]], asked: Collection[str]) -> bool:
    kind = fact.partition(".")[0]
    all_facts = subjects_by_kind.get(kind if kind in subjects_by_kind else CASE, {}).values()
    return all((fact in facts or fact in asked) and fact + LOW not in facts for facts in all_facts)
