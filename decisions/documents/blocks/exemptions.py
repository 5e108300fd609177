"""The exemptions that this part of the case claims, each as a list of fields: the key `exemptions`."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents import wording
from decisions.documents.blocks.fields import Field, Fields, field_list
from decisions.documents.record_views import CaseRecord, PublicRecord
from rules.packs.document_schema import BlockSpec
from rules.values.passages import Paragraph


def build_exemptions(spec: BlockSpec, record: CaseRecord) -> Iterator[Fields | Paragraph]:
    """Build a list of fields for each exemption that the record knows, or one line if it knows none."""
    exemptions = list(record.subjects("exemption"))
    for subject in exemptions:
        withheld = _withheld_fields(spec, record, subject)
        yield Fields((*field_list(spec, spec.exemptions, record, subject), *withheld))
    if not exemptions:
        yield Paragraph(wording.NONE_NAMED)


def _withheld_fields(spec: BlockSpec, record: CaseRecord, subject: str) -> Iterator[Field]:
    """Yield what Part 2 alone says of an exemption, where Part 1 has its ground and nothing else.

    If Part 1 gives one of several days, nobody was asked for the others: a public record cannot tell more.
    """
    known = [fact for fact in spec.exemptions if record.value(fact, subject) is not None]
    if isinstance(record, PublicRecord) and not record.is_draft and len(known) == 1:
        unknown = {fact: label for fact, label in spec.exemptions.items() if fact not in known}
        yield from (Field(label, "", wording.WITHHELD) for label in unknown.values())
