"""Derived facts as packs declare them: their kind, what they rest on, and what is wrong with them.

What differs from function to function stands in `rules.language.derivation_specs`. Every fault has the path of its key
in the declaration.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from rules.language.derivation_context import DerivationFunction
from rules.language.derivation_schema import DerivedDeclaration
from rules.language.derivation_specs import (
    FUNCTION_SPECS,
    Conditions,
    DatedValues,
    Faults,
    FunctionSpec,
    Names,
    kind_faults,
)
from rules.language.text_schema import TextArguments
from rules.reading.yaml_reader import KeyPath
from rules.values.fact_table import FactTable
from rules.values.facts import CASE, CHOICES_NEED_KIND, FactDeclaration
from rules.values.suggestions import describe_undeclared
from rules.values.units import describe_unit


def _spec_and_arguments(fact: DerivedDeclaration) -> tuple[FunctionSpec, Any]:
    (name,) = fact.function_names()
    return FUNCTION_SPECS[name], getattr(fact, name)


def kind_sources(fact: DerivedDeclaration) -> Names:
    """Return the facts whose kind a derived fact takes over."""
    spec, arguments = _spec_and_arguments(fact)
    return spec.kind_sources(arguments)


def derived_declaration(fact: DerivedDeclaration, facts: FactTable, values: DatedValues) -> FactDeclaration:
    """Declare a derived fact like a stated one, with the kind, choices and unit that its function gives it."""
    spec, arguments = _spec_and_arguments(fact)
    kind, choices, unit = spec.result_kind, fact.choices, spec.result_unit
    for source in spec.kind_sources(arguments):
        if source in facts:
            kind, choices, unit = facts[source].kind, facts[source].choices, facts[source].unit
    for value in fact.look_up:
        if value in values:
            kind, unit = values[value].kind, values[value].unit
    return FactDeclaration(kind=kind, label=fact.label, choices=choices, unit=unit)


def direct_inputs(fact: DerivedDeclaration) -> Names:
    """Return the facts that a declaration names outside its conditions."""
    spec, arguments = _spec_and_arguments(fact)
    return tuple(filter(None, spec.inputs(arguments)))


def direct_values(fact: DerivedDeclaration) -> Names:
    """Return the dated values that a declaration names outside its conditions."""
    spec, arguments = _spec_and_arguments(fact)
    return spec.values(arguments)


def related_kind(fact: DerivedDeclaration, facts: FactTable) -> str:
    """Return the kind of other subjects that a function uses, or ""."""
    spec, arguments = _spec_and_arguments(fact)
    return spec.related_kind(arguments, facts)


def raw_conditions(fact: DerivedDeclaration) -> Iterator[tuple[KeyPath, object]]:
    """Yield the conditions of a declaration as written, with their paths."""
    (name,) = fact.function_names()
    spec, arguments = _spec_and_arguments(fact)
    for path, condition in spec.conditions(arguments):
        yield (name, *path), condition


def build_function(fact: DerivedDeclaration, conditions: Conditions) -> DerivationFunction:
    """Build the function of a derived fact; `conditions` are those of `raw_conditions`, parsed."""
    spec, arguments = _spec_and_arguments(fact)
    return spec.build(arguments, conditions)


def is_monotone(fact: DerivedDeclaration) -> bool:
    """Return whether the results at both ends of an input's bounds are the bounds of the result."""
    return _spec_and_arguments(fact)[0].monotone


def is_evidence(fact: DerivedDeclaration) -> bool:
    """Return whether the result quotes what is stated, so that it stands whatever else there is."""
    return _spec_and_arguments(fact)[0].is_evidence


def expand_texts(fact: DerivedDeclaration, facts: FactTable, derived: Collection[str]) -> DerivedDeclaration:
    """Return a declaration with each pattern of texts replaced by the stated facts that it stands for."""
    _, arguments = _spec_and_arguments(fact)
    if not isinstance(arguments, TextArguments):
        return fact
    (name,) = fact.function_names()
    return fact.model_copy(update={name: arguments.expand(facts, derived)})


def take_over_words(fact: DerivedDeclaration, derived: Mapping[str, DerivedDeclaration]) -> DerivedDeclaration:
    """Return a declaration with the words of another one in the place of its name, if it names one that has some."""
    other = derived.get(fact.amount_before.like) if fact.amount_before else None
    if fact.amount_before is None or other is None or other.mentions is None:
        return fact
    return fact.model_copy(update={"amount_before": fact.amount_before.taking_over(other.mentions)})


def grows_with_subjects(fact: DerivedDeclaration, facts: FactTable) -> bool:
    """Return whether one more subject can only raise the result."""
    spec, arguments = _spec_and_arguments(fact)
    return spec.grows(arguments, facts)


def is_day_fact(name: str, facts: FactTable) -> bool:
    """Return whether a declared fact of kind day has this name."""
    return name in facts and facts[name].kind == "day"


def find_declaration_faults(
    name: str, fact: DerivedDeclaration, inputs: Iterable[str], facts: FactTable, values: DatedValues
) -> Faults:
    """Yield the faults of a declaration; `inputs` are its facts."""
    yield from _undeclared_name_faults(fact, facts, values)
    yield from _scope_faults(name, fact, inputs, facts)
    yield from _input_kind_faults(fact, facts)
    yield from _value_type_faults(fact, values)
    yield from _governing_day_faults(fact, facts)
    yield from _choice_faults(fact, facts[name], values)
    (function_name,) = fact.function_names()
    spec, arguments = _spec_and_arguments(fact)
    for path, message in spec.find_faults(name, arguments, facts, values):
        yield (function_name, *path), message


def _undeclared_name_faults(fact: DerivedDeclaration, facts: FactTable, values: DatedValues) -> Faults:
    for needed in direct_inputs(fact):
        if needed not in facts:
            yield (), describe_undeclared(needed, "fact", facts)
    for value in direct_values(fact):
        if value not in values:
            yield (), describe_undeclared(value, "value", values)


def _scope_faults(name: str, fact: DerivedDeclaration, inputs: Iterable[str], facts: FactTable) -> Faults:
    visible_kinds = {CASE, related_kind(fact, facts) or facts.subject_kind_of(name)}
    for needed in inputs:
        if fact.count and needed == fact.count.same:
            continue  # a fact of the subject that counts, not of those that it counts
        if facts.subject_kind_of(needed) not in visible_kinds:
            yield (), f"{needed} is a fact of each {facts.subject_kind_of(needed)}; {name} cannot use it"


def _input_kind_faults(fact: DerivedDeclaration, facts: FactTable) -> Faults:
    (function_name,) = fact.function_names()
    kind = FUNCTION_SPECS[function_name].input_kind
    for needed in direct_inputs(fact) if kind else ():
        yield from kind_faults((function_name,), needed, kind, facts)


def _value_type_faults(fact: DerivedDeclaration, values: DatedValues) -> Faults:
    (function_name,) = fact.function_names()
    types = FUNCTION_SPECS[function_name].value_types
    for value, (kind, unit) in zip(direct_values(fact), types, strict=False):  # a row without types takes any
        yield from kind_faults((function_name,), value, kind, values)
        # Packs kept in older ledgers state no unit.
        if unit and value in values and values[value].unit not in (None, unit):
            yield (function_name,), f"{value} is {describe_unit(values[value].unit)}, not {describe_unit(unit)}"


def _governing_day_faults(fact: DerivedDeclaration, facts: FactTable) -> Faults:
    if direct_values(fact) and not is_day_fact(fact.governed_by, facts):
        yield ("governed_by",), f"{fact.governed_by} is not a declared fact of kind day"


def _choice_faults(fact: DerivedDeclaration, declaration: FactDeclaration, values: DatedValues) -> Faults:
    if not declaration.has_valid_choices:
        yield ("choices",), CHOICES_NEED_KIND
        return
    spec, arguments = _spec_and_arguments(fact)
    outcomes = spec.outcomes(arguments, values) if declaration.kind == "choice" else ()
    for choice in dict.fromkeys(outcomes):
        if choice not in declaration.choices:
            yield ("choices",), f"lack {choice}, which can come out: add it"
