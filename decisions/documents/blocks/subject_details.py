"""Everything of one kind in this part of the case, each as a list of fields: the keys `details_of` and `details`."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents import wording
from decisions.documents.blocks.fields import Fields, field_list
from decisions.documents.record_views import CaseRecord
from rules.packs.document_schema import BlockSpec
from rules.values.passages import Paragraph


def build_subject_details(spec: BlockSpec, record: CaseRecord) -> Iterator[Fields | Paragraph]:
    """Build a list of fields for each subject of a kind that the record knows, or one line if it knows none."""
    subjects = list(record.selected_subjects(spec.details_of, spec.where))
    for subject in subjects:
        yield Fields(field_list(spec, spec.details, record, subject))
    if not subjects:
        yield Paragraph(f"{record.words_for_none(spec.details_of, spec.where, wording.NONE_NAMED)}.")
