"""Labelled lines, references, titles and names are taken where the form has them, and nothing is made up."""

from __future__ import annotations

from datetime import date

import pytest

from decisions.intake.source_text import Place
from tests.decisions.intake.reading import certain, form, propose_lines, reasons, values

PAGE = form("mopac", "page_2016")


def test_an_empty_label_gives_nothing_and_the_next_label_is_no_value() -> None:
    found = values(propose_lines(PAGE, "A title", "Date signed:", "Decision by:", "Reference code: PCD 7"))
    assert found == {"decision.reference": "PCD 7", "title": "A title"}


def test_a_label_that_the_form_does_not_know_is_no_value_either() -> None:
    proposal = propose_lines(PAGE, "A title", "Reference code: PCD 7", "Date signed:", "Wards affected:")
    assert values(proposal).keys() == {"decision.reference", "title"}
    assert not proposal.problems


@pytest.mark.parametrize(
    "lines", [("Date signed: 3 May 2019",), ("Date signed", "3 May 2019"), ("Date signed:", "03/05/2019")]
)
def test_a_value_stands_on_the_line_of_its_label_or_on_the_next(lines: tuple[str, ...]) -> None:
    assert values(propose_lines(PAGE, "A title", *lines))["dmpc.on"] == date(2019, 5, 3)


@pytest.mark.parametrize(
    ("line", "name", "post"),
    [
        ("Decision by: Anna Webb, Deputy Mayor for Policing and Crime", "Anna Webb", "dmpc"),
        ("Decision by: Anna Webb (Past staff), Deputy Mayor, Policing and Crime", "Anna Webb", "dmpc"),
        ("Authorisation name: Anna Webb (past staff), Deputy Mayor for Policing And Crime", "Anna Webb", "dmpc"),
        ("Decision by: Anna Webb CBE, Chief Executive", "Anna Webb CBE", "chief_executive"),
    ],
)
def test_the_post_and_words_added_later_are_taken_off_a_name(line: str, name: str, post: str) -> None:
    found = certain(propose_lines(PAGE, "A title", line))
    assert (found["dmpc.by"], found["dmpc.role"], found["dmpc.outcome"]) == (name, post, "approved")


def test_a_post_that_the_form_does_not_know_is_named() -> None:
    proposal = propose_lines(PAGE, "A title", "Decision by: Anna Webb, .")
    assert "dmpc.role" not in values(proposal)
    assert "dmpc.role: no post of the form is named" in reasons(proposal)


def test_a_longer_post_is_checked() -> None:
    choice = form("gla", "page_2012")
    line = "Decision by: Lee Marsh, Executive Director Housing and Land and Interim CEO of another body"
    proposal = propose_lines(choice, "DD1 A title", line)
    assert values(proposal)["decision.role"] == "director"
    assert "decision.role" not in certain(proposal)


def test_a_reference_that_differs_from_the_title_is_named_with_both_places() -> None:
    proposal = propose_lines(PAGE, "PCD 1328 A title", "Reference code: PCD 1329")
    assert values(proposal)["decision.reference"] == "PCD 1329"
    assert "decision.reference" not in certain(proposal)
    assert any("line 2 gives another value, 'PCD 1329'" in reason for reason in reasons(proposal))


def test_a_reference_without_a_label_is_checked_if_there_are_others() -> None:
    choice = form("mopac", "form_2018")
    one = propose_lines(choice, "A heading", "PCD 377")
    two = propose_lines(choice, "A heading", "PCD 377", "as PCD 12 was")
    assert certain(one)["decision.reference"] == "PCD 377"
    assert values(two)["decision.reference"] == "PCD 377"
    assert "decision.reference" not in certain(two)


def test_a_wrong_reference_behind_its_label_is_named() -> None:
    proposal = propose_lines(PAGE, "A title", "Reference code: to follow")
    assert "decision.reference" not in values(proposal)
    assert "decision.reference: this is no reference as the form writes it" in reasons(proposal)


def test_a_label_counts_below_its_heading_alone() -> None:
    choice = form("mopac", "form_2018")
    lines = ("Title: A", "Date", "1 May 2018", "Chief Executive Officer", "Date 2 May 2018")
    found = values(propose_lines(choice, *lines))
    assert found["chief_executive.on"] == date(2018, 5, 2)
    assert "dmpc.on" not in found


def test_two_lines_of_one_label_give_the_first_value() -> None:
    proposal = propose_lines(PAGE, "A title", "Date signed: 1 May 2018", "Date signed: 2 May 2018")
    [signed] = [fact for fact in proposal.facts if fact.address == "dmpc.on"]
    assert (signed.value, signed.place) == (date(2018, 5, 1), Place(0, 2))


def test_a_paragraph_that_begins_like_a_label_is_none() -> None:
    choice = form("mopac", "form_2018")
    lines = ("Title deeds are kept in the safe.", "Title: Deeds")
    assert values(propose_lines(choice, *lines))["title"] == "Deeds"


def test_a_value_that_its_fact_cannot_have_is_named() -> None:
    proposal = propose_lines(form("mopac", "form_2018"), "Title: A", "Is there a Part 2 form - perhaps")
    assert "part_2.exists" not in values(proposal)
    assert any(reason.startswith("part_2.exists: 'perhaps'") for reason in reasons(proposal))
