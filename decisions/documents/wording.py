"""The fixed wording of documents: every word that neither a case nor a scheme supplies.

The disclosure check must know all of it, so that it takes none for a word of Part 2: add each new text to
`FIXED_WORDING`, and words that stand in a template to `TEMPLATE_WORDING`.
"""

from __future__ import annotations

MARKING_NOT_STATED = "NOT FOR PUBLICATION (marking not stated)"
DRAFT = "Draft"
CONFIRMED = "Confirmed"
NOT_CONFIRMED = "Not confirmed"
NOT_YET_CONFIRMED = "Not yet confirmed"
NOT_RECORDED = "Not recorded"
NOT_APPLICABLE = "Not applicable"
NONE_NAMED = "None is named in this part."
IMPORTED = "This case was entered into the record after the fact, on"
STATEMENT, CONFIRMATION = "Statement", "Confirmation"
SIGNATURE, CAPACITY, NOT_SIGNED = "Signature", "Capacity", "Not signed."
OUTCOME, BY, DATE, RECORDED, REASON = "Outcome", "By", "Date", "Recorded", "Reason"
ACT_COLUMNS = ("Step", OUTCOME, BY, CAPACITY, DATE)
NOTES_HEADING = "Notes"
COUNTS_NO_MORE = "no longer counts: the stage was reopened"
OVERRIDDEN = "although a check was not met"
OVERRIDES_HEADING = "Acts in spite of a check"
CORRECTED_ON, WAS, NOW = "Corrected on", "It said", "It should say"
TEMPLATE_WORDING = (
    "Reference, not yet given; Status; Case, version, Part; Sealed in the record as; Signature, not yet signed; "
    "Page of; Note"
)
FIXED_WORDING = (
    MARKING_NOT_STATED, DRAFT, CONFIRMED, NOT_CONFIRMED, NOT_YET_CONFIRMED, NOT_RECORDED, NOT_APPLICABLE, NONE_NAMED,
    IMPORTED, STATEMENT, CONFIRMATION, SIGNATURE, CAPACITY, NOT_SIGNED, OUTCOME, BY, DATE, RECORDED, REASON,
    *ACT_COLUMNS, NOTES_HEADING, COUNTS_NO_MORE, OVERRIDDEN, OVERRIDES_HEADING, CORRECTED_ON, WAS, NOW,
    TEMPLATE_WORDING,
)  # fmt: skip
