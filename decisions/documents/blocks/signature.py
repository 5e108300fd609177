"""A place to sign, and later the signature: the key `signature`, which names the stage whose officer signs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from decisions.documents import wording
from decisions.documents.blocks.fields import Field, Fields, field_list
from decisions.documents.record_views import CaseRecord
from rules.packs.document_schema import BlockSpec


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs which words, in which capacity and when. `name` and `signed_on` are empty until the act is recorded.

    `items` are what the officer enters with the signature, such as interests.
    """

    capacity: str
    words: tuple[str, ...]
    name: str = ""
    signed_on: date | None = None
    items: tuple[Field, ...] = ()


def build_signature(spec: BlockSpec, record: CaseRecord) -> Signature | Fields:
    """Build the place to sign or the signature; after another outcome, say what was done instead.

    Words of approval stand only above the name of an officer who approved, or above an empty line.
    """
    outcome, signed_on = (record.value(f"{spec.signature}.{fact}") for fact in ("outcome", "on"))
    if outcome is None:
        return _build_unsigned(spec, record)
    if outcome != spec.outcome or not isinstance(signed_on, date):
        return _build_other_outcome(spec, record)
    entered = tuple(field for field in field_list(spec, spec.fields, record) if field.value)
    name = record.format_line(f"{spec.signature}.by", default=wording.NOT_RECORDED)
    acts = record.acts_with_outcome(spec.signature)
    if overrides := record.format_overrides(acts[-1]) if acts else "":
        entered = (*entered, Field(wording.REASON, overrides))
    if lateness := acts[-1].describe_days_late() if acts else "":
        entered = (*entered, Field(wording.RECORDED, lateness))
    return Signature(spec.capacity, spec.words, name, signed_on, items=entered)


def _build_unsigned(spec: BlockSpec, record: CaseRecord) -> Signature | Fields:
    """Return a line to sign on, or a note that nobody signed if the case has ended."""
    if record.final_stage_label:
        not_signed = Field(wording.SIGNATURE, f"{wording.NOT_SIGNED} {record.final_stage_label}.")
        return Fields((not_signed, Field(wording.CAPACITY, spec.capacity)))
    return Signature(spec.capacity, spec.words, items=field_list(spec, spec.fields, record))


def _build_other_outcome(spec: BlockSpec, record: CaseRecord) -> Fields:
    outcome, by, on = (record.format_line(f"{spec.signature}.{fact}") for fact in ("outcome", "by", "on"))
    if acts := record.acts_with_outcome(spec.signature):
        on = record.format_of_act(acts[-1], f"{spec.signature}.on")
    rows = [(wording.OUTCOME, outcome), (wording.BY, by), (wording.CAPACITY, spec.capacity), (wording.DATE, on)]
    if spec.reason and record.value(f"{spec.signature}.outcome") != spec.outcome:
        rows.append((wording.REASON, _reason_of_outcome(spec, record)))
    return Fields(tuple(Field(label, value) for label, value in rows))


def _reason_of_outcome(spec: BlockSpec, record: CaseRecord) -> str:
    """Return the reason that was recorded with the last outcome of the stage, not one of another act."""
    acts = record.acts_with_outcome(spec.signature)
    return record.format_of_act(acts[-1], spec.reason) if acts else record.format_line(spec.reason)
