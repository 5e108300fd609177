"""The table of acts says who did what, in which capacity and when."""

from __future__ import annotations

from decisions.documents.build import build_document
from decisions.documents.record_views import build_public_record
from decisions.documents.view import Document
from decisions.proving.walk_proof import load_walks
from decisions.proving.walks import run_walk
from rules.packs.library import Library
from rules.values.passages import Paragraph, Table
from tests.decisions.cases import DECISION_FORM, OPENED_FACTS, case_at, document_view
from tests.decisions.documents.reading import blocks_below
from tests.decisions.stories import NO_HEAD

HEADING = "Who acted on this request"


def test_each_act_is_a_row_with_officer_capacity_and_day() -> None:
    [table] = [block for block in blocks_below(document_view(DECISION_FORM, 1), HEADING) if isinstance(block, Table)]
    assert [cell.text for cell in table.head] == ["Date", "Step", "Outcome", "By"]
    assert [[row[0].text, row[2].text, row[3].text] for row in table.rows] == [
        ["14\u00a0March\u00a02018", "Supported", "Chair of PIB, Chair, MPS Portfolio & Investment Board"],
        ["22\u00a0March\u00a02018", "Supported", "Chair of IAB, Chair, MOPAC Investment Advisory Board"],
        ["9\u00a0April\u00a02018", "Declared", "Head of Smarter Working, Head of Unit"],
        ["11\u00a0April\u00a02018", "Certified", "R Lawrence, Chief Executive Officer"],
        ["16\u00a0April\u00a02018", "Approved", "Deputy Mayor, Deputy Mayor for Policing and Crime"],
    ]


def document_of_walk(scheme_id: str, name: str, kind: str) -> Document:
    """Return the Part 1 document of the case at the end of a shipped walk."""
    [walk] = [each for each in load_walks(Library.load([]), scheme_id)[0] if each.walk.walk.name == name]
    case = run_walk(walk.walk, walk.scheme).last_case
    assert case
    record = build_public_record(case.case, NO_HEAD, walk.scheme)
    return build_document(walk.scheme.document_template(kind, 1), record)


def test_each_pass_has_its_rows_in_order_of_time_and_says_what_is_void() -> None:
    view = document_of_walk("mopac", "The boards defer the case twice and return it, and then support it", "pib-paper")
    explained, table = blocks_below(view, "Who acted on this paper")
    assert explained == Paragraph("A step marked void no longer counts, because the stage was opened again.")
    assert isinstance(table, Table)
    board = "MPS Portfolio & Investment Board"
    assert [[row[1].text, row[2].text] for row in table.rows] == [
        [board, "Taken back (void)"],
        [f"{board}, pass 2", "Deferred: The board ran out of time. (void)"],
        [f"{board}, pass 3", "Deferred: Half of the board was away. (void)"],
        [f"{board}, pass 4", "Supported (void)"],
        [f"{board}, pass 5", "Returned: The annex is missing."],
        [f"{board}, pass 6", "Supported"],
    ]
    assert {row[3].text for row in table.rows[1:]} == {f"Chair, {board}"}, (
        "officer and capacity once, if called the same"
    )


def test_who_withdrew_a_paper_is_said() -> None:
    view = document_of_walk("board", "A paper is withdrawn by its author", "decision")
    tables = [block for block in view.blocks if isinstance(block, Table)]
    assert len(tables) == 1
    assert tables[0].rows[0][2].text.startswith("Withdraw")
    assert "Nobody has acted yet." in [block.text for block in view.blocks if isinstance(block, Paragraph)]


def test_stages_without_an_act_are_not_named() -> None:
    view = document_view(DECISION_FORM, 1, case_at("draft", OPENED_FACTS))
    assert blocks_below(view, HEADING) == [Paragraph("Nobody has acted on it yet.")]
