"""A place to sign, and later what the record says of it: the key `signature`, which names the stage of the officer.

- The record knows an act and not a signature, so the block says who approved as recorded, and keeps a line for ink.
- Words of approval stand only above the name of an officer who approved, or above an empty line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from decisions.documents import wording
from decisions.documents.blocks.fields import Field, field_list
from decisions.documents.record_views import CaseRecord
from rules.packs.document_schema import BlockSpec
from rules.values.calendar import long_date
from workflow.cases.case import RecordedAct


@dataclass(frozen=True, slots=True)
class Signature:
    """Who did what with which words, in which capacity and when; a line for a signature in ink stands below.

    `done_by` is a label such as "Approved by"; it, `name` and `done_on` are empty until an act is recorded. `items` are
    what the officer enters with the act, such as interests. `remarks` follow the day: a reason, a late recording.
    """

    capacity: str
    words: tuple[str, ...]
    done_by: str = ""
    name: str = ""
    done_on: date | None = None
    items: tuple[Field, ...] = ()
    remarks: tuple[Field, ...] = ()


def build_signature(spec: BlockSpec, record: CaseRecord) -> Iterator[Signature]:
    """Build the place to sign, or what was done there; nothing if the case ended before it came to the officer."""
    outcome, done_on = (record.value(f"{spec.signature}.{fact}") for fact in ("outcome", "on"))
    if outcome is None:
        if not record.final_stage_label:
            yield Signature(spec.capacity, spec.words, items=field_list(spec, spec.fields, record))
        return
    done = record.format_line(f"{spec.signature}.outcome")
    is_agreed = outcome == spec.outcome
    entered = tuple(field for field in field_list(spec, spec.fields, record) if field.value)
    yield Signature(
        _find_capacity(spec, record),
        spec.words if is_agreed else (),
        f"{done[:1].upper()}{done[1:]} {wording.DONE_BY}",
        record.format_line(f"{spec.signature}.by", default=wording.NOT_RECORDED),
        done_on if isinstance(done_on, date) else None,
        entered if is_agreed else (),
        tuple(_build_remarks(spec, record, is_agreed=is_agreed)),
    )


def _find_capacity(spec: BlockSpec, record: CaseRecord) -> str:
    """Return the capacity that the form names; the recorded one if officers in several roles may sign there."""
    actions = record.scheme.declaration.actions.values()
    roles = {role for action in actions if spec.signature in action.prefixes() for role in action.who}
    role = record.value(f"{spec.signature}.role")
    return record.role_label(str(role)) if len(roles) > 1 and role in roles else spec.capacity


def _build_remarks(spec: BlockSpec, record: CaseRecord, *, is_agreed: bool) -> Iterator[Field]:
    """Yield why the officer did otherwise, which checks were overridden, and the day of recording if it was later."""
    acts = record.acts_with_outcome(spec.signature)
    latest = acts[-1] if acts else None
    reasons = [_reason_of_outcome(spec, record, latest)] if spec.reason and not is_agreed else []
    reasons += [record.format_overrides(latest)] if latest else []
    if reason := "; ".join(filter(None, reasons)):
        yield Field(wording.REASON, reason)
    if latest and latest.recorded_later_on:
        yield Field(wording.RECORDED_ON, long_date(latest.recorded_later_on))
    elif not latest and record.case.imported_on:
        yield Field(wording.RECORDED_ON, long_date(record.case.imported_on))


def _reason_of_outcome(spec: BlockSpec, record: CaseRecord, latest: RecordedAct | None) -> str:
    """Return the reason that was recorded with the last outcome of the stage, not one of another act."""
    return record.format_of_act(latest, spec.reason) if latest else record.format_line(spec.reason)
