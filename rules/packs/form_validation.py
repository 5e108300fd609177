"""Check what the reading of a published form names: facts, their values, stages and verbs of its scheme."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rules.errors import Fault, InputError
from rules.packs.form_reading import FormReading
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.fact_table import FactTable
from rules.values.suggestions import describe_undeclared, describe_unknown

_VERB, _BODY = "recommendation.verb", "recommendation.body"


def form_reading_faults(source: YamlFile, head: SchemeDeclaration, facts: FactTable) -> Iterator[Fault]:
    """Yield every name in forms and their readings that the scheme does not have, and every value that does not fit."""
    for name, form in head.published_forms.items():
        at: KeyPath = ("published_forms", name)
        if form.reading and form.reading not in head.form_readings:
            yield source.fault_at((*at, "reading"), describe_unknown(form.reading, "reading", head.form_readings))
        if form.reading and not form.references:
            yield source.fault_at(at, "has a reading and no references: say how its decisions write their reference")
        for place, reference in enumerate(form.references):
            for fact, value in reference.shows.items():
                yield from _value_faults(source, (*at, "references", place, "shows", fact), facts, fact, value)
    for name, reading in head.form_readings.items():
        yield from _reading_faults(source, ("form_readings", name), reading, head, facts)


def _reading_faults(
    source: YamlFile, at: KeyPath, reading: FormReading, head: SchemeDeclaration, facts: FactTable
) -> Iterator[Fault]:
    if reading.stage not in head.stages:
        yield source.fault_at((*at, "stage"), describe_unknown(reading.stage, "stage", head.stages))
    for place, name in _named_facts(reading):
        if name not in facts:
            yield source.fault_at((*at, *place), describe_undeclared(name, "fact", facts))
    for place, name, value in _stated_values(reading):
        yield from _value_faults(source, (*at, *place), facts, name, value)


def _named_facts(reading: FormReading) -> Iterator[tuple[KeyPath, str]]:
    """Yield the facts that a form names without a value, each with its keys."""
    yield ("reference",), reading.reference
    for key in ("facts", "sections", "amounts"):
        yield from (((key, name), name) for name in getattr(reading, key))
    if reading.decided_by:
        yield ("decided_by", "name"), reading.decided_by.name
    if reading.exemptions:
        yield ("exemptions", "fact"), reading.exemptions.fact


def _stated_values(reading: FormReading) -> Iterator[tuple[KeyPath, str, Any]]:
    """Yield the facts to which a form gives values, each with its keys."""
    if decided_by := reading.decided_by:
        shown = decided_by.shows.items()
        yield from ((("decided_by", "shows", fact), fact, value) for fact, value in shown)
        yield from ((("decided_by", "posts", post), decided_by.post, post) for post in decided_by.posts)
    for fact, statements in reading.statements.items():
        yield from ((("statements", fact, place, "is"), fact, each.value) for place, each in enumerate(statements))
    yield from (
        (("recommendations", place, "body"), _BODY, each.body) for place, each in enumerate(reading.recommendations)
    )
    yield from ((("verbs", verb), _VERB, verb) for verb in reading.verbs)


def _value_faults(source: YamlFile, at: KeyPath, facts: FactTable, name: str, value: Any) -> Iterator[Fault]:  # noqa: ANN401  # any YAML
    if name not in facts:
        yield source.fault_at(at, describe_undeclared(name, "fact", facts))
        return
    try:
        facts[name].coerce(value)
    except InputError as error:
        yield source.fault_at(at, f"{error.message}. {error.advice()}".strip(". "))
