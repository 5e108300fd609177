"""The fixed wording of documents: every word that neither a case nor a scheme supplies.

The disclosure check must know all of it, so that it takes none for a word of Part 2: add each new text to
`FIXED_WORDING`, and words that stand in a template to `TEMPLATE_WORDING`.
"""

from __future__ import annotations

MARKING_NOT_STATED = "NOT FOR PUBLICATION (marking not stated)"
DRAFT, SUBMITTED = "Draft", "Submitted"
CONFIRMED = "Confirmed"
NOT_CONFIRMED = "Not confirmed"
NOT_YET_CONFIRMED = "Not yet confirmed"
NOT_RECORDED = "Not recorded"
NOTHING_STATED = "Nothing is stated in this part."
NOT_IN_PART_1 = "Not stated in Part 1"
"""Stands for a fact of which an old record does not say whether Part 2 has it."""
NONE_NAMED = "None is named in this part"
IMPORTED = "This case was entered into the record after the fact, on"
STATEMENT, CONFIRMATION = "Statement", "Confirmation"
OUTCOME, BY, DATE, REASON = "Outcome", "By", "Date", "Reason"
DONE_BY, RECORDED_ON = "by", "Recorded on"
ACT_COLUMNS = (DATE, "Step", OUTCOME, BY)
ALL_RECORDED_LATER = "These steps were recorded later, on"
SOME_RECORDED_LATER = "The steps marked * were recorded later, on"
RECORDED_LATER = "recorded on"
LATER_MARK = "*"
ROUND = "pass"
NOTES_HEADING = "Notes"
VOID = "void"
VOID_EXPLAINED = "A step marked void no longer counts, because the stage was opened again."
OVERRIDDEN = "although a check was not met"
OVERRIDES_HEADING = "Acts in spite of a check"
CORRECTED_ON, WAS, NOW = "Corrected on", "It said", "It should say"
TEMPLATE_WORDING = (
    "Reference, not yet given; Status; Case, version, Part; Sealed in the record as; as recorded; Capacity; "
    "Signature, not yet signed; Page of; Note"
)
FIXED_WORDING = (
    MARKING_NOT_STATED, DRAFT, SUBMITTED, CONFIRMED, NOT_CONFIRMED, NOT_YET_CONFIRMED, NOT_RECORDED, NOTHING_STATED,
    NOT_IN_PART_1, NONE_NAMED, IMPORTED, STATEMENT, CONFIRMATION, OUTCOME, BY, DATE, REASON, DONE_BY, RECORDED_ON,
    *ACT_COLUMNS, ALL_RECORDED_LATER, SOME_RECORDED_LATER, RECORDED_LATER, ROUND, NOTES_HEADING, VOID, VOID_EXPLAINED,
    OVERRIDDEN, OVERRIDES_HEADING,
    CORRECTED_ON, WAS, NOW, TEMPLATE_WORDING,
)  # fmt: skip
