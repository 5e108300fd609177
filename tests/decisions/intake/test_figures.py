"""Amounts, days and references are taken as they stand, or named as what they are not."""

from __future__ import annotations

from datetime import date

import pytest

from decisions.intake.figures import find_amounts, parse_form_day, words_before
from decisions.intake.references import find_misread_reference, find_references
from rules.errors import InputError
from rules.language.schema_types import Period
from rules.packs.form_reading import ReferenceForm
from rules.values.money import Money, Vat

OUTSIDE, INSIDE, UNSTATED = Vat.EXCLUDED, Vat.INCLUDED, Vat.UNSTATED
OF_2018 = Period.model_validate({"from": date(2016, 5, 1), "to": date(2021, 10, 31)})
REFERENCES = (
    ReferenceForm(written="DMPCD {year} {number}"),
    ReferenceForm(written="PCD {number}"),
    ReferenceForm(written="LFC-{number}-D"),
    ReferenceForm(written="MD{number}"),
)


@pytest.mark.parametrize(
    ("text", "pence", "basis"),
    [
        ("a contract of £575,000.", 57_500_000, UNSTATED),
        ("worth £5.7m", 570_000_000, UNSTATED),
        ("£1.405 million in 2013-15", 140_500_000, UNSTATED),
        ("£139m worth", 13_900_000_000, UNSTATED),
        ("£31,185.00 (exclusive of VAT) made", 3_118_500, OUTSIDE),
        ("£31,185.00 excl. VAT", 3_118_500, OUTSIDE),
        ("£900 plus VAT", 90_000, OUTSIDE),
        ("£900 (including VAT)", 90_000, INSIDE),
        ("£1 400 000 in all", 140_000_000, UNSTATED),
        ("£52,000, including contingency", 5_200_000, UNSTATED),
        ("£196,896 per annum", 19_689_600, UNSTATED),
        ("£900,000 2024 prices", 90_000_000, UNSTATED),
    ],
)
def test_an_amount_in_a_sentence(text: str, pence: int, basis: Vat) -> None:
    [found] = find_amounts(text)
    assert found.value == Money(pence, basis)


@pytest.mark.parametrize("text", ["£2,165,00 to support", "£1,80 a head", "£1.2.3", "£31,46m"])
def test_what_is_no_amount_is_named_and_not_mended(text: str) -> None:
    [found] = find_amounts(text)
    assert found.value is None
    assert found.reason


@pytest.mark.parametrize("text", ["f24,000 would do", "at f5.7m", "E139m"])
def test_a_pound_sign_that_was_misread_is_named(text: str) -> None:
    [found] = find_amounts(text)
    assert found.value is None
    assert "misread" in found.reason


@pytest.mark.parametrize("text", ["form 24,000", "section 5.7", "MD2024", "f2 and f3", "E14 9GE"])
def test_other_words_are_no_misread_amounts(text: str) -> None:
    assert not list(find_amounts(text))


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("in the sum of £5", "in the sum of"),
        ("at a cost of up to £5", ""),
        ("at a cost of (£5", "at a cost of"),
        ("in the sum of money, or £5", ""),
        ("£5", ""),
    ],
)
def test_the_words_right_before_an_amount_say_what_it_is_of(text: str, of: str) -> None:
    [amount] = find_amounts(text)
    assert words_before(text, amount, ("in the sum of", "at a cost of")) == of


@pytest.mark.parametrize("text", ["16/04/18", "16.04.18", "16 / 04 / 18", "16-4-18 ."])
def test_a_year_of_two_figures_is_one_of_the_form_and_is_checked(text: str) -> None:
    assert parse_form_day(text, OF_2018) == (date(2018, 4, 16), "the year is printed with two figures")


@pytest.mark.parametrize("text", ["3 March 2017", "03/03/2017", "2017-03-03", "3rd March 2017"])
def test_a_day_in_full_is_certain(text: str) -> None:
    assert parse_form_day(text, OF_2018) == (date(2017, 3, 3), "")


@pytest.mark.parametrize(
    "text", ["31/02/2019", "31/02/19", "16/04/34", "27j 1", "2.3 . I C) · I ~", "", "Date published:"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_form_day(text, OF_2018)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("PCD 361", "PCD 361"),
        ("PCD361 and more", "PCD 361"),
        ("see PCD-361.", "PCD 361"),
        ("pcd/361", "PCD 361"),
        ("DMPCD 2015 143", "DMPCD 2015 143"),
        ("DMPCD 2015/143", "DMPCD 2015 143"),
        ("MD 2961", "MD2961"),
        ("LFC-0237-D", "LFC-0237-D"),
        ("LFC 0237 D", "LFC-0237-D"),
    ],
)
def test_a_reference_is_written_as_the_form_writes_it(text: str, written: str) -> None:
    assert [reference.written for reference in find_references(text, REFERENCES)] == [written]


@pytest.mark.parametrize("text", ["APCD 361", "PCD 12345678", "MD", "PCD three", "HMD2961", "PCD 36I"])
def test_other_words_are_no_references(text: str) -> None:
    assert not list(find_references(text, REFERENCES))


def test_a_letter_in_a_number_is_misread() -> None:
    assert find_misread_reference("REQUEST - MD200B", REFERENCES) == "MD200B"
    assert find_misread_reference("see MD2008", REFERENCES) == ""
    assert find_misread_reference("MD ISO", REFERENCES) == ""
