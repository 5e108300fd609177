"""Everything of one kind in this part of the case, each as a list of fields: the keys `details_of` and `details`."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents import wording
from decisions.documents.blocks.fields import Field, Fields, field_list
from decisions.documents.record_views import CaseRecord, PublicRecord
from rules.packs.document_schema import BlockSpec
from rules.values.passages import Paragraph


def build_subject_details(spec: BlockSpec, record: CaseRecord) -> Iterator[Fields | Paragraph]:
    """Build a list of fields for each subject of a kind that the record knows, or one line if it knows none."""
    subjects = list(record.selected_subjects(spec.details_of, spec.where))
    for subject in subjects:
        withheld = _withheld_fields(spec, record, subject)
        yield Fields((*field_list(spec, spec.details, record, subject), *withheld))
    if not subjects:
        yield Paragraph(wording.NONE_NAMED)


def _withheld_fields(spec: BlockSpec, record: CaseRecord, subject: str) -> Iterator[Field]:
    """Yield what Part 2 alone says of a subject, where Part 1 has one fact of it, such as its ground, and nothing else.

    If Part 1 gives one of several days, nobody had to give the others: a public record shows no more.
    """
    known = [fact for fact in spec.details if record.value(fact, subject) is not None]
    if isinstance(record, PublicRecord) and not record.is_draft and len(known) == 1:
        unknown = {fact: label for fact, label in spec.details.items() if fact not in known}
        yield from (Field(label, "", wording.WITHHELD) for label in unknown.values())
