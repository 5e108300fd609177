"""The table of acts says who did what, in which capacity and when."""

from __future__ import annotations

from rules.values.passages import Paragraph, Table
from tests.decisions.cases import DECISION_FORM, OPENED_FACTS, case_at, document_view
from tests.decisions.documents.reading import blocks_below

HEADING = "Who acted on this request"


def test_each_act_is_a_row_with_officer_capacity_and_day() -> None:
    [table] = [block for block in blocks_below(document_view(DECISION_FORM, 1), HEADING) if isinstance(block, Table)]
    assert [cell.text for cell in table.head] == ["Step", "Outcome", "By", "Capacity", "Date"]
    assert [[cell.text for cell in row][1:] for row in table.rows] == [
        ["Supported", "Chair of PIB", "Chair, MPS Portfolio & Investment Board", "14\u00a0March 2018"],
        ["Supported", "Chair of IAB", "Chair, MOPAC Investment Advisory Board", "22\u00a0March 2018"],
        ["Declared", "Head of Smarter Working", "Head of Unit", "9\u00a0April 2018"],
        ["Certified", "R Lawrence", "Chief Executive Officer", "11\u00a0April 2018"],
        ["Approved", "Deputy Mayor", "Deputy Mayor for Policing and Crime", "16\u00a0April 2018"],
    ]


def test_stages_without_an_act_are_not_named() -> None:
    view = document_view(DECISION_FORM, 1, case_at("draft", OPENED_FACTS))
    assert blocks_below(view, HEADING) == [Paragraph("Nobody has acted on it yet.")]
