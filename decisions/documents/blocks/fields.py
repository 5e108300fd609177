"""Labelled values, one below the other: the key `fields`, and the values inside other blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from decisions.documents import wording
from decisions.documents.record_views import CaseRecord
from rules.packs.document_schema import BlockSpec
from rules.values.facts import CASE


@dataclass(frozen=True, slots=True)
class Field:
    """A label and its value, or the words that stand there if nothing was entered.

    `fact` is the address at which a paper states the value as text; empty if it cannot be edited in the document.
    """

    label: str
    value: str
    placeholder: str = wording.NOT_RECORDED
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Labelled values, one below the other."""

    items: tuple[Field, ...]


def build_fields(spec: BlockSpec, record: CaseRecord) -> Iterator[Fields]:
    """Build the fields that a block lists."""
    yield Fields(field_list(spec, spec.fields, record))


def field_list(
    spec: BlockSpec, labels: Mapping[str, str], record: CaseRecord, subject: str = CASE
) -> tuple[Field, ...]:
    """Return a field for each fact in `labels`, with its value of the subject."""
    return tuple(
        Field(
            label,
            record.format_line(fact, subject),
            _placeholder(spec, fact, record),
            record.editable_address(fact, subject),
        )
        for fact, label in labels.items()
    )


def _placeholder(spec: BlockSpec, fact: str, record: CaseRecord) -> str:
    """Return the words for a fact that is not known."""
    if spec.hangs_on and record.value(spec.hangs_on) is False:
        return wording.NOT_APPLICABLE
    # In a case that has ended no act will record the fact any more, so "Not yet taken" would be wrong.
    is_recorded_by_act = fact.partition(".")[0] in record.scheme.declaration.stages
    is_awaited = not (record.final_stage_label and is_recorded_by_act)
    return spec.unstated_as.get(fact, spec.unstated) if is_awaited else spec.unstated
