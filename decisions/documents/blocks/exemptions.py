"""The exemptions that this part of the case claims, each as a list of fields: the key `exemptions`."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents import wording
from decisions.documents.blocks.fields import Fields, field_list
from decisions.documents.record_views import CaseRecord
from rules.packs.document_schema import BlockSpec
from rules.values.passages import Paragraph


def build_exemptions(spec: BlockSpec, record: CaseRecord) -> Iterator[Fields | Paragraph]:
    """Build a list of fields for each exemption that the record knows, or one line if it knows none."""
    exemptions = list(record.subjects("exemption"))
    for subject in exemptions:
        yield Fields(field_list(spec, spec.exemptions, record, subject))
    if not exemptions:
        yield Paragraph(wording.NONE_NAMED)
