"""The table of acts says who did what, in which capacity and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from decisions.documents.build import build_document
from decisions.documents.record_views import build_public_record
from decisions.documents.view import Document
from decisions.proving.walk_proof import load_walks
from decisions.proving.walks import run_walk
from rules.packs.library import Library
from rules.values.passages import Paragraph, Table
from tests.decisions.cases import DECISION_FORM, OPENED_FACTS, act_facts, case_at, document_view
from tests.decisions.documents.reading import blocks_below
from tests.decisions.stories import NO_HEAD
from workflow.cases.case import RecordedAct

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


def deferral_act(version: int, on: date, late_by: int) -> RecordedAct:
    """Return the act of a board that deferred the case, recorded so many days late."""
    facts = act_facts("pib", "deferred", on, "Chair", "pib_chair")
    return RecordedAct(
        version, "acted", "pib-defer", "pib", version, "Chair", "pib_chair", on, facts, entered=False, late_by=late_by
    )


def days_of_acts(*acts: tuple[str, int]) -> list[str]:
    """Return the text above a table of acts at the board, if any, and its days; each act is a day, and how late."""
    done = tuple(deferral_act(version, date.fromisoformat(day), late) for version, (day, late) in enumerate(acts, 2))
    case = replace(case_at("pib", OPENED_FACTS), acts=done)
    blocks = blocks_below(document_view(DECISION_FORM, 1, case), HEADING)
    above = [block.text for block in blocks if isinstance(block, Paragraph)]
    [table] = [block for block in blocks if isinstance(block, Table)]
    return above + [row[0].text.replace("\u00a0", " ") for row in table.rows]


def test_acts_recorded_late_on_one_day_are_marked_and_explained_once() -> None:
    assert days_of_acts(("2018-03-14", 30), ("2018-03-21", 23), ("2018-03-28", 0)) == [
        "The steps marked * were recorded later, on 13 April 2018.",
        "14 March 2018 *",
        "21 March 2018 *",
        "28 March 2018",
    ]


def test_acts_recorded_late_on_different_days_each_say_when() -> None:
    assert days_of_acts(("2018-03-14", 30), ("2018-03-21", 30), ("2018-03-28", 0)) == [
        "14 March 2018 (recorded on 13 April 2018)",
        "21 March 2018 (recorded on 20 April 2018)",
        "28 March 2018",
    ]


def test_acts_recorded_in_time_say_nothing_of_it() -> None:
    assert days_of_acts(("2018-03-14", 0)) == ["14 March 2018"]
