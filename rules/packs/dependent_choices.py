"""Choices that depend on another answer: the limbs of an exemption by the section that is relied on.

A fact with `choices_by` names that other fact, and a dated value that says to which of its choices each choice belongs.
"""

from __future__ import annotations

from collections.abc import Mapping

from rules.language.dated_values import DatedValue
from rules.values.fact_table import FactTable
from rules.values.facts import CASE, ChoicesBy


def find_choices_by_faults(
    name: str, limits: ChoicesBy, facts: FactTable, values: Mapping[str, DatedValue]
) -> list[tuple[str, str]]:
    """Return what is wrong with the `choices_by` of a fact, by its key."""
    faults = []
    other, value = facts.get(limits.fact), values.get(limits.value)
    possible_kinds = (CASE, facts.subject_kind_of(name))
    if other is None or not other.choices or facts.subject_kind_of(limits.fact) not in possible_kinds:
        faults.append(("fact", "must be another fact of kind choice, of the case or of the same subject"))
    if value is None or value.kind != "choice" or value.by != (name,):
        faults.append(("value", f"must be a value of kind choice that depends on {name} alone"))
    elif other is not None and (outside := value.figures_outside(other.choices)):
        faults.append(("value", f"can be {outside[0]}, which is not one of {', '.join(other.choices)}"))
    return faults


def group_choices(name: str, facts: FactTable, value: DatedValue) -> dict[str, tuple[str, ...]]:
    """Return the choices of a fact by the choice of the other fact to which they belong, on any day."""
    groups: dict[str, list[str]] = {}
    belongs = {(str(row.figure), row.choices[name]) for row in value.history}
    for group in dict.fromkeys(str(row.figure) for row in value.history):
        groups[group] = [choice for choice in facts[name].choices if (group, choice) in belongs]
    return {group: tuple(choices) for group, choices in groups.items()}
