"""A statement counts as confirmed only once an act records it."""

from __future__ import annotations

from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.statements import Statements
from tests.decisions.cases import DECISION_FORM, OPENED_FACTS, case_at, decided_case, document_view
from workflow.cases.case import Case


def confirmations(case: Case) -> list[tuple[str, str]]:
    """Return the end of each statement of the declaration, and the word beside it."""
    [block] = [block for block in document_view(DECISION_FORM, 1, case).blocks if isinstance(block, Statements)]
    return [(row.label.split(":")[-1].strip(), row.value or row.placeholder) for row in block.rows]


def test_a_declared_statement_is_confirmed() -> None:
    assert {confirmation for _, confirmation in confirmations(decided_case())} == {"Confirmed"}
    assert ("Legal advice is not required.", "Confirmed") in confirmations(decided_case())


def test_a_statement_of_a_draft_is_not_yet_confirmed() -> None:
    draft = case_at("draft", OPENED_FACTS)
    assert {confirmation for _, confirmation in confirmations(draft)} == {"Not yet confirmed"}
    assert ("Not stated.", "Not yet confirmed") in confirmations(draft)


def test_a_case_that_closed_before_its_declaration_has_none() -> None:
    view = document_view(DECISION_FORM, 1, case_at("closed", OPENED_FACTS))
    assert not [block for block in view.blocks if isinstance(block, Statements)]
    assert "Originating officer declaration" not in [block.text for block in view.blocks if isinstance(block, Heading)]
