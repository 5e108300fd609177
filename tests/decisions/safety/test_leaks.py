"""Ways in which Part 1 has told Part 2, or could: each is refused, or at least warned of, before it is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from decisions.safety.publication import PublicationSearch
from rules.packs.library import Library
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue
from rules.values.money import Money, Vat
from tests.decisions.cases import PAPER_FILE
from workflow.cases.case import Case, ExemptFacts, FullCase
from workflow.cases.paper import read_paper
from workflow.cases.publication import Disclosure

SECRET: dict[str, FactValue] = {
    "estimated_value": Money(2_456_789_50, Vat.EXCLUDED),
    "modification.original_value": Money(9_250_000_00, Vat.EXCLUDED),
    "procurement_commenced_on": date(2019, 6, 28),
    "exemption:s43.whose_interest": "Kingfisher Devices Ltd",
    "confidential.financial": (
        "The lowest tender, of £1,400,000, came from Dr Adaeze Okafor on behalf of Kingfisher Devices Ltd. The "
        "contract must be signed by 14 February 2020, or the discount of 12.5% that was agreed is lost to the "
        "programme. Nobody else has bid."
    ),
    "confidential.real_estate": (
        "Mary Osei-Hughes leaves Walnut House once the Tidewater Programme Board and the Director of Mooring agree. "
        "So do Tom Baird and Ines Varga."
    ),
}

REFUSED = {
    # Amounts, in any notation
    "in full": "It costs £2,456,789.50 in all.",
    "without its pence": "It costs £2,456,789 in all.",
    "pence rounded up": "It costs £2,456,790 in all.",
    "without commas": "It costs £2456789 in all.",
    "with spaces": "It costs £2 456 789 in all.",
    "with points": "It costs £2.456.789 in all.",
    "with apostrophes": "It costs £2'456'789 in all.",
    "with a point for a comma": "It costs £2,456.789 in all.",
    "with a comma for a point": "It costs £2.456,789 in all.",
    "with a comma in the wrong place": "It costs £24,56,789 in all.",
    "after its currency code": "It costs GBP 2,456,789 in all.",
    "before the word pounds": "It costs 2,456,789 pounds in all.",
    "without a sign": "The budget line is 2,456,789 in all.",
    "in millions": "It costs £2.456789m in all.",
    "with a raised point": "It costs £2·457 million in all.",
    "in thousands": "It costs £2,456.789k in all.",
    "exact in millions": "The bid was £1.4m.",
    "exact with the word million": "The bid was £1.4 million.",
    "exact in thousands": "The bid was 1400k.",
    "exact with the word thousand": "The bid was £1,400 thousand.",
    "in billions": "The bid was £0.0014bn.",
    "with a fraction sign": "The first contract was £9¼m.",
    "in capitals": "The bid was £1.4M.",
    "in decimal words": "The bid was one point four million pounds.",
    "in words": "The bid was one million four hundred thousand pounds.",
    "in hundreds of thousands": "The bid was fourteen hundred thousand pounds.",
    "in long words": (
        "It costs two million, four hundred and fifty-six thousand, seven hundred and eighty-nine pounds in all."
    ),
    "in digits and words": "The bid was 1 million 400 thousand pounds.",
    "in mil": "The bid was £1.4mil.",
    "in mio": "The bid was £1.4 mio.",
    "with a comma for a point, in mio": "The bid was 1,4 Mio. GBP.",
    "in lakh": "The bid was £14 lakh.",
    "as a power of ten": "The bid was 1.4 x 10^6 pounds.",
    "as a raised power of ten": "The bid was £1.4×10⁶.",
    "as a computer writes it": "The bid was £1.4e6.",
    "as the end of a range": "The bids lay between £1.2 and £1.4m.",
    "as the start of a range": "The bids lay between £1.4 and £1.9m.",
    "as a range with a dash": "The bids were £1.4–1.9m.",
    # Rounded, and with VAT or without it
    "rounded to three digits": "It costs £2.46m in all.",
    "rounded to two digits": "It costs some £2.5m in all.",
    "cut to two digits": "It costs over £2.4m in all.",
    "rounded to thousands": "It costs £2,457,000 in all.",
    "rounded in words": "It costs two and a half million pounds in all.",
    "with VAT": "It costs £2,948,147.40 with VAT.",
    "with VAT, rounded": "It costs £2.95m with VAT.",
    # Tricks of characters, cells and lines
    "with a no-break space": "The bid was £1.4\u00a0million.",
    "with a soft hyphen": "The bid was £1,4\u00ad00,000.",
    "with a zero-width space": "The bid was £1,\u200b400,000.",
    "in full-width digits": "The bid was £\uff11,\uff14\uff10\uff10,\uff10\uff10\uff10.",
    "with letters for digits": "The bid was £1,4OO,OOO.",
    "with a letter for one": "The bid was £l.4m.",
    "over two lines": "The bid was £1,400,\n000.",
    "over two cells": "| Bid | Unit |\n|---|---|\n| £1.4 | million |",
    "in a column of millions": "| Bid | £m |\n|---|---|\n| Lowest | 1.4 |",
    "in a column of thousands": "| Bid | £000 |\n|---|---|\n| Lowest | 1,400 |",
    # Days
    "a day in words and digits": "It began on 28 June 2019.",
    "a day with slashes": "It began on 28/06/2019.",
    "a day with points": "It began on 28.6.19.",
    "a day in ISO form": "It began on 2019-06-28.",
    "a day with hyphens": "It began on 28-6-2019.",
    "a month first": "It began on June 28th 2019.",
    "a month first, with commas": "It began on Friday, June 28, 2019.",
    "American slashes": "It began on 06/28/2019.",
    "a short month": "It began on 28-Jun-19.",
    "a day of a month": "It began on the 28th day of June, 2019.",
    "a day in full words": "It began on the twenty-eighth of June two thousand and nineteen.",
    "a day without its year": "It began on 28 June.",
    "an ordinal without its year": "It began on the twenty-eighth of June.",
    "a day without signs": "See file 20190628.",
    "a day over two lines": "It began on 28 June\n2019.",
    "a month in Roman numbers": "It began on 28.VI.2019.",
    "a day with a time after it": "See file 20190628T0900.",
    "a day of a text of Part 2": "The offer ends on 14/2/2020.",
    # Names
    "a company": "We chose Kingfisher Devices Ltd.",
    "a company spelt out": "We chose Kingfisher Devices Limited.",
    "a company without its ending": "We chose Kingfisher Devices.",
    "a company in capitals": "WE CHOSE KINGFISHER DEVICES.",
    "a company in Cyrillic letters": "We chose Кingfishеr Dеvicеs.",  # noqa: RUF001  # the point of this case
    "a company in one word": "We chose KingfisherDevices.",
    "a company in the address of a page": "See www.kingfisher-devices.co.uk for more.",
    "a person in an address": "Write to adaeze.okafor@example.org about it.",
    "half of a double surname": "Ms Osei has left.",
    "a person": "Adaeze Okafor bid for it.",
    "a person by initial": "A. Okafor bid for it.",
    "a person by initial, without its point": "The bid of A Okafor was lowest.",
    "one of two people joined by and": "Ines Varga bid for it.",
    "a person by title": "The bid of Ms Okafor was lowest.",
    # Words
    "a whole sentence": str(SECRET["confidential.financial"]).partition(". ")[0] + ".",
    "half a sentence": "We know that the discount of some kind that was agreed is lost to the programme.",
    "a sentence in capitals": "THE CONTRACT IS LATE; THE DISCOUNT THAT WAS AGREED IS LOST TO THE PROGRAMME.",
    "a sentence over cells": "| It | is |\n|---|---|\n| that was agreed | is lost to the programme |",
}
WARNED = {
    "a whole sentence of four words": "It is late. Nobody else has bid.",
    "rounded to one digit": "It costs about £2m in all.",
    "rounded up": "It costs up to £2.46 million; we ask for £2.5 million, within £2.6m.",
    "a half": "Half of it, £1,228,394, is due now.",
    "a third": "A third of it, £819,000, is due now.",
    "a quarter": "Each quarter costs £614,197.",
    "a twelfth": "Each month costs £204,732.",
    "a twelfth, rounded": "Each month costs £205,000.",
    "a hundredth": "One percent of it, £24,568, is due now.",
    "a month": "It began in June 2019.",
    "initials with points": "The bid of A.O. was lowest.",
    "initials of a double surname": "The bid of M O-H was lowest.",
    "initials in one word": "We have met MOH.",
    "a day and a month in digits": "It began on 28/6.",
    "a title before a first name": "It came from Dr Adaeze.",
    "a place": "It is used at Walnut House.",
    "a body": "The Tidewater Programme Board has met.",
    "a post": "The Director of Mooring wrote to us.",
    "a surname": "The bid of Okafor was lowest.",
    "the first word of a company": "We chose Kingfisher.",
    "a percentage": "We agreed 12.5% off.",
    "a percentage in words": "We agreed 12.5 per cent off.",
    "a percentage of a sum beside it": "We pay 25% of £37m.",
}


@cache
def scheme() -> Scheme:
    return Library.load([]).scheme("mopac")


@cache
def real_case() -> FullCase:
    """Return the real case with a Part 2 that nothing in its Part 1 resembles."""
    paper = read_paper(PAPER_FILE.read_bytes(), PAPER_FILE.name, scheme())
    public = {**paper.public, "opened.by": "Aimee Reed", "opened.on": date(2018, 3, 7)}
    case = Case("MOPAC-2018-1", "mopac", 1, scheme().first_stage, date(2018, 3, 7), public)
    return FullCase(case, ExemptFacts({**paper.exempt, **SECRET, "modification.increase": Money(31_00, Vat.EXCLUDED)}))


def disclosures_of(summary: str) -> tuple[Disclosure, ...]:
    """Return what the check finds if the summary of the real case says this."""
    full_case = real_case()
    facts = {**full_case.case.facts, "executive_summary": summary}
    found = PublicationSearch()(replace(full_case, case=replace(full_case.case, facts=facts)), scheme()).disclosures
    return tuple(one for one in found if one.address == "executive_summary")


@pytest.mark.parametrize("way", REFUSED)
def test_what_tells_part_2_is_refused(way: str) -> None:
    assert any(found.is_refused for found in disclosures_of(REFUSED[way]))


@pytest.mark.parametrize("way", WARNED)
def test_what_may_tell_part_2_is_warned_of(way: str) -> None:
    assert disclosures_of(WARNED[way])


@pytest.mark.parametrize(("commenced_on", "is_found"), [(date(2010, 6, 28), True), (date(2019, 6, 28), False)])
def test_only_rates_of_vat_from_the_days_of_the_case_are_tried(commenced_on: date, is_found: bool) -> None:
    exempt = {**real_case().exempt_part.facts, "procurement_commenced_on": commenced_on}
    case = real_case().case
    facts = {**case.facts, "executive_summary": "It costs £2,886,727 with VAT."}
    full_case = FullCase(replace(case, facts=facts), ExemptFacts(exempt))
    assert any(found.is_refused for found in PublicationSearch()(full_case, scheme()).disclosures) is is_found


@pytest.mark.parametrize(
    "harmless",
    [
        "It costs £3.1m in all, of which £700,000 is revenue; 5% is kept back.",
        "The report of 22 March 2018 went to the board on 28 July 2019, in room 28.6.",
        "Public contracts with a value of £181,302 or above must be procured under the Regulations 2015.",
        "One of two boards and three of the four units asked for a million things.",
        "Devices for 2,456 officers; see section 2.456, page 789, and file 2018/19.",
        "The lowest tender came from a company that the programme knows.",
        "It rose by 1/2 or 3/4 in 24/7 work, in lots 2/3, 1 e 6 and 10 x 10 metres.",
        "Write to the devices.team@example.org, or see www.example.org/mary.",
    ],
)
def test_a_harmless_text_is_left_alone(harmless: str) -> None:
    assert disclosures_of(harmless) == ()


def test_the_message_names_the_place_the_words_and_the_cause() -> None:
    (found,) = disclosures_of("The value is £2,456,789 now.")
    expected = "Part 1, Executive summary, says “£2,456,789”, which is confidential in Part 2 as the estimated value"
    assert found.describe() == f"{expected}, without its pence"


def test_every_spelling_is_found_so_that_each_is_confirmed_by_itself() -> None:
    found = disclosures_of("It costs £2.46m, that is £2,460,000, and again £2.46m.")
    assert [one.words for one in found] == ["£2.46m", "£2,460,000"]


def test_letters_that_become_two_in_small_letters_do_not_move_the_words_of_a_message() -> None:
    found = [one.words for one in disclosures_of("İlker chose it: Kingfisher Devices Ltd")]
    assert found == ["Kingfisher Devices Ltd", "Kingfisher Devices", "Kingfisher"]


@pytest.mark.parametrize(
    "text", ["100 " * 15_000, "1,000," * 8_000, "1" * 59_000, "£" * 29_000, "half of a " * 6_000, "£m 1.4 2.5 " * 5_000]
)
def test_texts_of_the_largest_size_are_searched(text: str) -> None:
    assert not any(found.is_refused for found in disclosures_of(text) if found.words not in ("1.4", "2.5"))
