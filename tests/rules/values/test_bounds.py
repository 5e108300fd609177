"""Bounds of days and amounts are read as people write them, and nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import InputError
from rules.values.bounds import (
    EARLIEST,
    LATEST,
    Bounds,
    find_bounds,
    format_bounds,
    is_bound,
    parse_bounds,
    plain_name,
)
from rules.values.facts import FACT_NAME, FactDeclaration, is_address, split_address
from rules.values.money import MAX_PENCE, Money, Vat

DAY = FactDeclaration(kind="day", label="Day")
AMOUNT = FactDeclaration(kind="money", label="Amount")
CHANGE = FactDeclaration(kind="money", label="Change", negative=True)
TEXT = FactDeclaration(kind="text", label="Text")


def pounds(amount: int, vat: Vat = Vat.UNSTATED) -> Money:
    return Money(amount * 100, vat)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("before 24 February 2025", EARLIEST, date(2025, 2, 23)),
        ("Before 2025-02-24", EARLIEST, date(2025, 2, 23)),
        ("on or before 24/02/2025", EARLIEST, date(2025, 2, 24)),
        ("no later than 24 February 2025", EARLIEST, date(2025, 2, 24)),
        ("until 24 February 2025", EARLIEST, date(2025, 2, 24)),
        ("after 2018-03-30", date(2018, 3, 31), LATEST),
        ("on or after 2018-03-30", date(2018, 3, 30), LATEST),
        ("since 2018-03-30", date(2018, 3, 30), LATEST),
        ("between 2018-03-30 and 2 April 2018", date(2018, 3, 30), date(2018, 4, 2)),
        ("from 30 March 2018 to 2 April 2018", date(2018, 3, 30), date(2018, 4, 2)),
        ("in 2016", date(2016, 1, 1), date(2016, 12, 31)),
    ],
)
def test_bounds_of_a_day(text: str, first: date, last: date) -> None:
    assert parse_bounds(text, DAY) == Bounds(first, last)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("up to £3.5m", pounds(0), pounds(3_500_000)),
        ("at most £575,000 ex VAT", pounds(0, Vat.EXCLUDED), pounds(575_000, Vat.EXCLUDED)),
        ("under £10", pounds(0), Money(999, Vat.UNSTATED)),
        ("at least £10", pounds(10), Money(MAX_PENCE, Vat.UNSTATED)),
        ("over £10", Money(1001, Vat.UNSTATED), Money(MAX_PENCE, Vat.UNSTATED)),
        ("between £1m and £2m inc VAT", pounds(1_000_000, Vat.INCLUDED), pounds(2_000_000, Vat.INCLUDED)),
    ],
)
def test_bounds_of_an_amount(text: str, low: Money, high: Money) -> None:
    assert parse_bounds(text, AMOUNT) == Bounds(low, high)


def test_an_amount_that_can_be_negative_has_no_lowest_value() -> None:
    assert parse_bounds("up to £10", CHANGE) == Bounds(Money(-MAX_PENCE, Vat.UNSTATED), pounds(10))


@pytest.mark.parametrize(
    ("text", "declaration"),
    [("24 February 2025", DAY), ("£575,000", AMOUNT), ("about £575,000", AMOUNT), ("soon", DAY), ("before now", TEXT)],
)
def test_what_gives_no_bounds_is_none(text: str, declaration: FactDeclaration) -> None:
    assert parse_bounds(text, declaration) is None


@pytest.mark.parametrize(
    ("text", "declaration", "words"),
    [
        ("between 2 April 2018 and 30 March 2018", DAY, "ends before it begins"),
        ("before 31 February 2019", DAY, "February 2019 has 28 days"),
        ("between £2m and £1m", AMOUNT, "ends before it begins"),
        ("between £1 ex VAT and £2 inc VAT", AMOUNT, "two VAT bases"),
        ("up to £2,165,00", AMOUNT, "is not one amount"),
    ],
)
def test_faulty_bounds_are_refused(text: str, declaration: FactDeclaration, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_bounds(text, declaration)


@pytest.mark.parametrize(
    ("text", "declaration", "words"),
    [
        ("before 24 February 2025", DAY, "on or before 23 February 2025"),
        ("after 2018-03-30", DAY, "on or after 31 March 2018"),
        ("between 2018-03-30 and 2018-04-02", DAY, "between 30 March 2018 and 2 April 2018"),
        ("up to £3.5m", AMOUNT, "up to £3,500,000 as stated"),
        ("at least £10 ex VAT", AMOUNT, "at least £10 excluding VAT"),
    ],
)
def test_bounds_are_shown_in_words(text: str, declaration: FactDeclaration, words: str) -> None:
    bounds = parse_bounds(text, declaration)
    assert bounds is not None
    assert format_bounds(bounds, declaration) == words


def test_bounds_stand_beside_each_other_under_names_that_no_pack_can_declare() -> None:
    facts = Bounds(1, 2).as_facts("contract:a.value")
    assert find_bounds(facts, "contract:a.value") == Bounds(1, 2)
    for address in Bounds(1, 2).as_facts("contract:a.value", is_stated=False):
        assert is_address(address)
        assert is_bound(address)
        assert plain_name(address) == "contract:a.value"
        assert not FACT_NAME.fullmatch(split_address(address)[0])
    assert find_bounds({}, "value") is None
