"""What was corrected after the decision, as lists of fields: the key `corrections`."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents import wording
from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.plain_names import label_fact
from decisions.documents.record_views import CaseRecord
from rules.packs.corrections_schema import (
    CORRECT_VALUE,
    CORRECTED_BY,
    CORRECTED_FACT,
    CORRECTED_ON,
    CORRECTION,
    EARLIER_VALUE,
    REASON,
)
from rules.packs.document_schema import BlockSpec
from workflow.cases.corrections import correction_number

_LOWEST_LEVEL = 3


def build_corrections(spec: BlockSpec, record: CaseRecord) -> Iterator[Heading | Fields]:
    """Build a heading and a list of fields for each correction that the record knows, in order."""
    for subject in sorted(record.subjects(CORRECTION), key=correction_number):
        day, label = record.format_line(CORRECTED_ON, subject), _label_of_corrected_fact(record, subject)
        yield Heading(f"{wording.CORRECTED_ON} {day}: {label}", min(spec.level + 1, _LOWEST_LEVEL))
        shown = {
            wording.WAS: EARLIER_VALUE,
            wording.NOW: CORRECT_VALUE,
            wording.REASON: REASON,
            wording.BY: CORRECTED_BY,
        }
        yield Fields(tuple(Field(name, record.format_line(fact, subject)) for name, fact in shown.items()))


def _label_of_corrected_fact(record: CaseRecord, subject: str) -> str:
    """Return the label of the fact that was corrected, with the key of its subject if it has one."""
    return label_fact(record.scheme, str(record.value(CORRECTED_FACT, subject)))
