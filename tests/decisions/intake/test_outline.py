"""Sections end where the form says, and nothing below a heading of Part 2 is read."""

from __future__ import annotations

import pytest

from tests.decisions.intake import eras
from tests.decisions.intake.reading import form, propose, propose_lines, reasons, values

PAGE = form("mopac", "page_2016")
WITHHELD = "The supplier will take £7,412 under Section 43."


@pytest.mark.parametrize(
    "heading",
    [
        "PART 2 – CONFIDENTIAL FACTS AND ADVICE",
        "Part 2 - Confidential facts and advice to the DMPC",
        "PART 2 - CONFIDENTIAL FACTS AND ADVICE: The supplier was asked.",
        "Exempt report",
        "PART 2 – CONFIDENTIAL – NOT FOR PUBLICATION",
        "PART 2 (CONFIDENTIAL): commercial terms",
        "Exempt from publication",
        "Part II",
    ],
)
def test_nothing_below_a_heading_of_part_2_is_read_or_repeated(heading: str) -> None:
    lines = ("A title", "Reference code: PCD 5", "Recommendation", "The DMPC is asked to:", "1. Approve A")
    proposal = propose_lines(PAGE, *lines, heading, WITHHELD, "Financial Comments", WITHHELD, "Date signed: 1 May 2018")
    assert values(proposal).keys() & {"dmpc.on", "form.financial", "exemption:s43.section"} == set()
    assert not proposal.amounts
    assert "7,412" not in str(proposal.as_json())
    assert "supplier" not in str(proposal.as_json())
    assert "Part 2 begins here: nothing below it was read" in reasons(proposal)


@pytest.mark.parametrize(
    "line",
    ["Part 2 of the report is exempt.", "The exempt report is not for publication.", "See Part 2 - confidential."],
)
def test_a_sentence_on_part_2_is_no_heading_of_it(line: str) -> None:
    found = values(propose_lines(PAGE, "A title", "Executive summary", line, "Legal Comments", "None."))
    assert found["form.legal"] == "None."


def test_a_longer_heading_in_a_word_file_begins_part_2() -> None:
    form = eras.word_form()
    for paragraph in form.paragraphs:
        if paragraph.text.startswith("PART 2"):
            paragraph.runs[0].text = "Part 2 form – commercial annex, not to be published"
    proposal = propose(eras.save(form))
    assert "7,412" not in str(proposal.as_json())
    assert "saddler" not in str(proposal.as_json())


def test_a_section_ends_at_the_next_heading_of_the_form() -> None:
    lines = ("A title", "Executive summary", "A.", "B.", "Recommendation", "The DMPC is asked to note C.")
    assert values(propose_lines(PAGE, *lines))["executive_summary"] == "A.\n\nB."


def test_a_heading_may_stand_in_the_line_of_its_text() -> None:
    found = values(propose_lines(PAGE, "A title", "Executive Summary: A.", "Financial Comments: B."))
    assert (found["executive_summary"], found["form.financial"]) == ("A.", "B.")


def test_a_number_of_another_section_shows_that_a_heading_was_lost() -> None:
    lines = ("A title", "3. Financial Comments", "3.1 A.", "4.1 B.", "5. Equality Comments", "5.1 C.")
    proposal = propose_lines(PAGE, *lines)
    found = values(proposal)
    assert (found["form.financial"], found["form.equality"]) == ("3.1 A.", "5.1 C.")
    assert "form.legal" not in found
    assert "4.1 stands below the heading 3: a heading is missing, and this is not read" in reasons(proposal)


def test_the_first_section_of_a_name_counts() -> None:
    lines = ("A title", "Financial Comments", "A.", "Legal Comments", "B.", "Financial Comments", "C.")
    assert values(propose_lines(PAGE, *lines))["form.financial"] == "A."


def test_the_last_lines_of_a_page_belong_to_no_section() -> None:
    lines = ("A title", "Background/supporting papers", "None.", "Signed decision document", "a.pdf")
    assert values(propose_lines(PAGE, *lines))["form.background_papers"] == "None."


def test_an_empty_section_gives_nothing() -> None:
    lines = ("A title", "Executive summary", "Financial Comments", "A.")
    assert "executive_summary" not in values(propose_lines(PAGE, *lines))
