"""Recommendations keep the numbers, letters and verbs that a list shows, and doubts about those that it lost."""

from __future__ import annotations

import pytest

from tests.decisions.intake.reading import certain, form, propose_lines, values

PAGE = form("mopac", "page_2016")
ASKED = "The DMPC is asked to:"


def listed(*lines: str) -> list[tuple[object, ...]]:
    """The number, letter, verb and words of each recommendation below the heading of a page."""
    found = values(propose_lines(PAGE, "A title", "Reference code: PCD 5", "Recommendation", *lines))
    keys = dict.fromkeys(address.split(".")[0] for address in found if address.startswith("recommendation:"))
    return [tuple(found.get(f"{key}.{name}") for name in ("number", "letter", "verb", "text")) for key in keys]


@pytest.mark.parametrize(
    "lines",
    [
        (ASKED, "1. Approve A", "2. Note B"),
        (ASKED, "1) approve A", "2) note B"),
        (ASKED, "A) Approve A", "B) Note B"),
        ("That the DMPC", "1. approves A", "2. notes B"),
        (ASKED, "1. To approve A", "2. To note B"),
        ("It is recommended that the DMPC:", "1. Approves A", "2. Notes B"),
    ],
)
def test_numbers_and_verbs_in_each_manner(lines: tuple[str, ...]) -> None:
    assert listed(*lines) == [(1, None, "approve", "A"), (2, None, "note", "B")]


@pytest.mark.parametrize("words", ["approve:", "approve the following:", "approve the following decisions:"])
def test_a_verb_in_the_words_that_lead_in_counts_for_each_item(words: str) -> None:
    found = listed(f"The DMPC is asked to {words}", "1. A", "2. B")
    assert found == [(1, None, "approve", "A"), (2, None, "approve", "B")]


def test_a_list_to_note_follows_the_one_to_approve() -> None:
    assert [each[2:] for each in listed(ASKED, "1. Approve A", "And to note:", "• B", "• C")] == [
        ("approve", "A"), ("note", "B"), ("note", "C"),
    ]  # fmt: skip


def test_letters_belong_to_the_number_above_and_a_lost_one_is_the_next() -> None:
    lines = (ASKED, "1. Approve A", "a. Note B", "Note C", "c. Note D", "2. Approve E")
    assert [each[:2] for each in listed(*lines)] == [(1, None), (1, "a"), (1, "b"), (1, "c"), (2, None)]


def test_bullets_below_an_item_are_its_words() -> None:
    assert listed(ASKED, "1. Approve A, paid for by:", "• one fund", "• another", "2. Note B") == [
        (1, None, "approve", "A, paid for by:\n- one fund\n- another"),
        (2, None, "note", "B"),
    ]


def test_a_paragraph_without_a_verb_belongs_to_the_item_above() -> None:
    assert listed(ASKED, "1. Approve A", "This was agreed by the board.") == [
        (1, None, "approve", "A\n\nThis was agreed by the board.")
    ]


def test_numbers_that_are_all_one_are_counted_and_checked() -> None:
    assert [each[0] for each in listed(ASKED, "1. Approve A", "1. Approve B", "1. Note C")] == [1, 2, 3]
    proposal = propose_lines(
        PAGE, "A title", "Reference code: PCD 5", "Recommendation", ASKED, "1. Approve A", "1. Approve B"
    )
    assert "recommendation:r1.number" in certain(proposal)
    assert "recommendation:r2.number" not in certain(proposal)
    assert "recommendation:r2.verb" in certain(proposal)


def test_a_verb_that_the_form_does_not_declare_stays_in_the_words() -> None:
    assert listed(ASKED, "1. Direct B to do A") == [(1, None, None, "Direct B to do A")]


@pytest.mark.parametrize(
    "verb",
    ["accept", "acknowledge", "agree", "approve", "authorise", "consider", "delegate", "endorse", "note", "support"],
)
def test_each_verb_of_the_scheme_is_read_in_both_forms(verb: str) -> None:
    third = f"{verb[:-1]}ies" if verb.endswith("y") else f"{verb}s"
    assert listed(ASKED, f"1. {verb.capitalize()} A", f"2. {third} B") == [(1, None, verb, "A"), (2, None, verb, "B")]


def test_a_summary_that_begins_with_what_is_asked_is_no_list() -> None:
    lines = (
        "A title", "Executive summary", "The DMPC is asked to consider an application.", "It is for £5.",
        "The DMPC is recommended to: approve it.",
    )  # fmt: skip
    found = values(propose_lines(PAGE, *lines))
    assert found["executive_summary"] == "The DMPC is asked to consider an application.\n\nIt is for £5."
    assert (found["recommendation:r1.verb"], found["recommendation:r1.text"]) == ("approve", "it.")
    assert "recommendation:r2.verb" not in found


@pytest.mark.parametrize(
    "line",
    ["The DMPC is asked to approve the revised scheme.", "The DMPC is recommended to: approve the revised scheme."],
)
def test_one_sentence_is_one_recommendation(line: str) -> None:
    assert listed(line) == [(1, None, "approve", "the revised scheme.")]


def test_a_list_without_a_heading_begins_with_its_lead_and_a_verb() -> None:
    page = form("mopac", "page_2015")
    lines = ("A title", "Executive summary", "The DMPC has a duty to decide.", "The DMPC is asked to note A.", "B")
    found = values(propose_lines(page, *lines))
    assert found["executive_summary"] == "The DMPC has a duty to decide."
    assert found["recommendation:r1.verb"] == "note"


def test_each_body_has_its_own_list() -> None:
    lines = (
        "Recommendations",
        "The MPS Portfolio & Investment Board (PIB) is asked to:", "1. Note A",
        "If supported, the Deputy Mayor for Policing and Crime, via the Investment Advisory Board (IAB), is asked to:",
        "1. Approve A", "2. Note B",
    )  # fmt: skip
    found = values(propose_lines(form("mopac", "form_2018"), *lines))
    assert [found[f"recommendation:r{number}.body"] for number in (1, 2, 3)] == ["pib", "iab", "iab"]
    assert [found[f"recommendation:r{number}.number"] for number in (1, 2, 3)] == [1, 1, 2]


def test_a_heading_in_a_menu_hides_no_list() -> None:
    lines = (
        "Recommendation",
        "DMPC’s radios",
        "Executive summary",
        "It is asked.",
        "Recommendation",
        ASKED,
        "1. Approve A",
    )
    found = values(propose_lines(PAGE, "A title", "Reference code: PCD 5", *lines))
    assert (found["recommendation:r1.verb"], found["recommendation:r1.text"]) == ("approve", "A")
    assert "recommendation:r2.text" not in found
