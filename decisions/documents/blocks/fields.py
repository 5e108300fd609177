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

    `fact` is the address at which a paper states the value; empty if it cannot be edited in the document.
    """

    label: str
    value: str
    placeholder: str = wording.NOT_RECORDED
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Labelled values, one below the other; with `is_beside` each label stands beside its value, not above it."""

    items: tuple[Field, ...]
    is_beside: bool = False


def build_fields(spec: BlockSpec, record: CaseRecord) -> Iterator[Fields]:
    """Build the fields of a block; none if nobody had to give any of them."""
    if items := field_list(spec, spec.fields, record):
        yield Fields(items)


def field_list(
    spec: BlockSpec, labels: Mapping[str, str], record: CaseRecord, subject: str = CASE
) -> tuple[Field, ...]:
    """Return a field for each fact in `labels` that is known or withheld, or that somebody had to give."""
    return tuple(
        Field(
            label,
            record.format_line(fact, subject),
            record.words_for_unknown(fact, spec.unstated_as.get(fact, spec.unstated), subject),
            record.editable_address(fact, subject),
        )
        for fact, label in labels.items()
        if _is_shown(spec, fact, record, subject)
    )


def _is_shown(spec: BlockSpec, fact: str, record: CaseRecord, subject: str) -> bool:
    """Whether a field is shown: an unknown fact only where words of the scheme or an officer's act can stand for it.

    What Part 2 holds is shown as withheld, and what it may hold of a subject as not stated here.
    """
    if record.value(fact, subject) is not None or record.is_withheld(fact, subject):
        return True
    if subject != CASE and record.may_be_withheld(fact):
        return True
    if spec.hangs_on and record.value(spec.hangs_on) is False:
        return False
    if record.is_derived(fact):
        return record.is_awaited(fact) and spec.has_words_for(fact)
    return record.is_awaited(fact) or (fact in spec.unstated_as and record.scheme.may_be_stated(fact))
