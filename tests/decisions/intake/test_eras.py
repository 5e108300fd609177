"""Decisions in the manner of each era are read with their facts, places and doubts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from decisions.intake.source_text import Place
from rules.values.money import Money, Vat
from tests.decisions.intake import eras
from tests.decisions.intake.reading import certain, propose, reasons, values


def recommendations(found: dict[str, object]) -> list[tuple[Any, ...]]:
    """The recommendations in order: body, number, letter, verb and words."""
    keys = dict.fromkeys(address.split(".")[0] for address in found if address.startswith("recommendation:"))
    return [tuple(found.get(f"{key}.{name}") for name in ("body", "number", "letter", "verb", "text")) for key in keys]


def test_a_page_of_2015_without_headings() -> None:
    proposal = propose(eras.PAGE_2015)
    found = values(proposal)
    assert (proposal.choice.scheme.id, proposal.choice.form, proposal.stage) == ("mopac", "page_2015", "published")
    assert found["decision.reference"] == "DMPCD 2015 77"
    assert found["title"] == "Kennels for police dogs"
    assert found["dmpc.on"] == found["decided_on"] == date(2015, 7, 14)
    assert (found["dmpc.by"], found["dmpc.role"], found["dmpc.outcome"]) == ("Terence Blake", "dmpc", "approved")
    assert recommendations(found) == [("dmpc", 1, None, "approve", "new roofs for the kennels at a cost of £240,000.")]
    assert found["executive_summary"] == "The kennels leak. New roofs cost £240,000, and the work takes one summer."
    assert found["form.introduction"] == "1.1 The kennels were built in 1961."
    assert found["part_2.exists"] is True
    assert found["estimated_value"] == Money(24_000_000, Vat.UNSTATED)
    assert "estimated_value" not in certain(proposal)


def test_a_page_of_2016_with_verbs_in_two_forms_and_a_list_to_note() -> None:
    proposal = propose(eras.PAGE_2016)
    found = values(proposal)
    assert proposal.choice.form == "page_2016"
    assert recommendations(found) == [
        ("dmpc", 1, None, "approve", "the award of a contract to Tideway Radio Ltd in the sum of £310,000"),
        ("dmpc", 2, None, "approve", "a contingency of £15,500"),
        ("dmpc", 3, None, "delegate", "the signing of the contract to the Director of Boats"),
        ("dmpc", 4, None, "note", "that the old radios are sold"),
    ]
    assert "recommendation:r4.number" not in certain(proposal)
    assert found["form.background_papers"] == "None."
    assert (found["dmpc.by"], found["dmpc.role"]) == ("Anna Webb", "dmpc")


def test_what_stands_in_menus_scripts_and_the_foot_of_a_page_is_never_read() -> None:
    for data in (eras.PAGE_2015, eras.PAGE_2016, eras.PAGE_2021, eras.GLA_PAGE):
        assert not any("9999" in str(value) or "9998" in str(value) for value in values(propose(data)).values())


def test_a_page_of_2021_whose_numbers_are_all_one() -> None:
    proposal = propose(eras.PAGE_2021)
    found = values(proposal)
    assert proposal.choice.form == "page_2021"
    assert "dmpc.on" not in found
    assert found["title"] == "Boilers at Hill Street"
    boilers = "two new boilers to the value of £98,000, to be paid for by"
    assert recommendations(found) == [
        ("dmpc", 1, None, "approve", f"{boilers}:\n- the capital programme\n- a grant for heat pumps"),
        ("dmpc", 2, None, "note", "that the work begins in May."),
    ]
    assert "recommendation:r2.number" not in certain(proposal)
    assert "executive_summary" not in certain(proposal)
    assert str(found["executive_summary"]).startswith("The boilers at Hill Street are thirty years old.")


def test_bullets_inside_an_item_are_its_words() -> None:
    body = (
        "<h1>Boats</h1><p>Reference code: PCD 9</p><h2>Executive summary</h2><p>Boats.</p><h2>Recommendation</h2>"
        "<p>The DMPC is asked to approve:</p><ol><li>two boats<ul><li>one red</li></ul></li><li>oars</li></ol>"
    )
    assert [each[3:] for each in recommendations(values(propose(eras.page(body))))] == [
        ("approve", "two boats\n- one red"), ("approve", "oars"),
    ]  # fmt: skip


def test_a_page_of_2023_with_headings_in_its_lines_and_two_kinds_of_number() -> None:
    proposal = propose(eras.PAGE_2023)
    found = values(proposal)
    assert proposal.choice.form == "page_2023"
    assert recommendations(found) == [
        ("dmpc", 1, "i", "approve", "the purchase of sixty bicycles"),
        ("dmpc", 1, "ii", "approve", "sheds for them"),
        ("dmpc", 2, None, "note", "that the wardens pay for lost locks"),
    ]
    assert "'£2,165,00' is not one amount in pounds" in reasons(proposal)
    assert not proposal.amounts


def test_a_director_of_an_authority_with_posts_of_today() -> None:
    proposal = propose(eras.GLA_PAGE)
    found = values(proposal)
    assert (proposal.choice.scheme.id, proposal.choice.form) == ("gla", "page_2020")
    assert (found["decision.reference"], found["decision.form"]) == ("DD3141", "dd")
    assert found["published_on"] == date(2023, 7, 3)
    assert (found["decision.by"], found["decision.role"]) == ("Lee Marsh", "director")
    assert "decision.role" not in certain(proposal)
    assert [each[1:4] for each in recommendations(found)] == [(1, "i", "approve"), (1, "ii", "approve")]


def test_a_prior_approval_whose_value_is_in_part_two() -> None:
    proposal = propose(eras.LFC_PAGE)
    found = values(proposal)
    assert (proposal.choice.scheme.id, proposal.stage) == ("lfc", "commissioner")
    assert found["prior_approval.reference"] == "DMFD301"
    assert found["part_2.exists"] is True
    assert "deputy_mayor.on" not in found
    assert recommendations(found) == [("deputy_mayor", 1, None, "approve", "expenditure on hoses.")]


def test_a_signed_form_with_ticks_signatures_deferral_and_exemptions() -> None:
    proposal = propose(eras.signed_form())
    found, sure = values(proposal), certain(proposal)
    assert proposal.choice.form == "form_2018"
    assert found["dmpc.on"] == date(2018, 4, 16)
    assert "dmpc.on" not in sure
    assert (found["dmpc.by"], found["chief_executive.by"]) == ("A Webb", "R Olds")
    assert not {"dmpc.by", "chief_executive.by"} & sure.keys()
    assert (sure["deferral.asked"], sure["deferral.until"]) == (True, date(2018, 6, 1))
    assert sure["deferral.reason"] == "the sale is not agreed"
    assert sure["part_2.release_or_review_on"] == date(2023, 3, 7)
    assert {"exemption:s40.section", "exemption:s43.section"} <= sure.keys()
    assert sure["declaration.finance"] is True
    assert sure["declaration.legal"] == "not_required"
    assert "declaration.equalities" not in found
    assert sure["certificate.advice_considered"] is True
    assert recommendations(found) == [
        ("dmpc", 1, None, "approve", "Option Two (buy two horses)"),
        ("dmpc", 1, "a", "approve", "the use of the stables fund for their keep"),
        ("dmpc", 1, "b", "note", "the price of hay"),
        ("dmpc", 2, None, "note", "that the farrier was asked"),
    ]
    [signed] = [fact for fact in proposal.facts if fact.address == "dmpc.on"]
    assert signed.place == Place(1, 18)
    assert signed.words == "16/04/18"


def test_lines_of_print_are_joined_to_paragraphs() -> None:
    assert str(values(propose(eras.signed_form()))["executive_summary"]).endswith("buy and keep two more of them.")


def test_a_misread_scan_gives_what_is_sure_and_names_the_rest() -> None:
    proposal = propose(eras.print_pdf(eras.MISREAD_FORM))
    found, told = values(proposal), reasons(proposal)
    assert proposal.choice.form == "form_2016"
    assert "decision.reference" not in found
    assert any("MD200B has a letter where a figure should stand" in reason for reason in told)
    assert "decision.on: 31/02/2019 is not a day: February 2019 has 28 days" in told
    assert any(reason.startswith("f24,000 may be an amount") for reason in told)
    assert "decision.outcome" in found
    assert "decision.outcome" not in certain(proposal)
    assert [each[3:] for each in recommendations(found)] == [("approve", "new lanterns.")]


def test_labels_above_their_values_in_a_printed_form() -> None:
    found = values(propose(eras.print_pdf(eras.FIRE_FORM)))
    assert found["decision.reference"] == "LFC-0512-D"
    assert found["title"] == "Ladders for two stations"
    assert (found["publication.status"], found["report.protective_marking"]) == ("full", "not_marked")
    assert found["commissioner.on"] == date(2019, 6, 4)
    assert [each[3:] for each in recommendations(found)] == [
        ("approve", "six ladders"), ("note", "the price of ash wood"),
    ]  # fmt: skip


def test_a_word_file_is_read_up_to_its_confidential_part() -> None:
    proposal = propose(eras.save(eras.word_form()))
    found = values(proposal)
    assert proposal.choice.form == "form_2018"
    assert (found["decision.reference"], found["title"]) == ("PCD 377", "Saddles")
    assert [each[1:4] for each in recommendations(found)] == [(1, None, "approve"), (2, None, "note")]
    assert found["declaration.legal"] == "not_required"
    assert "dmpc.by" not in found
    assert "Part 2 begins here: nothing below it was read" in reasons(proposal)
    assert "7,412" not in str(proposal.as_json())
    assert not any(address.startswith("exemption:") for address in found)


@pytest.mark.parametrize(
    "data", [eras.PAGE_2015, eras.PAGE_2016, eras.PAGE_2021, eras.PAGE_2023, eras.GLA_PAGE, eras.LFC_PAGE]
)
def test_every_fact_has_a_place_in_the_file_and_the_words_that_stand_there(data: bytes) -> None:
    lines = data.decode().splitlines()
    for fact in propose(data).facts:
        assert fact.place.page == 0
        start = fact.words.rstrip("…").removeprefix("• ").split(" ")[-1]
        assert start in " ".join(lines[fact.place.line - 1 :])
