"""Amounts in running text: found in every notation, reported where they cannot be read, and never repaired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.values.found_amounts import find_amounts, find_malformed_amount, is_limit_of_rule
from rules.values.money import Money, Vat
from rules.values.typed_money import parse_typed_money


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("a grant of £70,000 to them", 70_000),
        ("£5150.00 (excl VAT)", 5_150),
        ("£4.6m,", 4_600_000),
        ("£79.9 million.", 79_900_000),
        ("£675k project revenue", 675_000),
        ("£1bn", 1_000_000_000),
        ("£49M and more", 49_000_000),
        ("£ 12,000;", 12_000),
    ],
)
def test_an_amount_is_found_in_each_notation(text: str, pounds: int) -> None:
    assert [amount.pence for amount in find_amounts(text)] == [pounds * 100]


def test_every_amount_of_a_sentence_is_found_in_order() -> None:
    found = find_amounts("between £79.9 million and £102.7 million, and £4.8m p.a.")
    assert [amount.pence for amount in found] == [7_990_000_000, 10_270_000_000, 480_000_000]


def test_the_scale_of_a_range_counts_for_both_ends() -> None:
    assert [amount.pence for amount in find_amounts("£450-£500k")] == [45_000_000, 50_000_000]


@pytest.mark.parametrize("text", ["70,000", "p.a.", "£ per annum", "section 4.10", "12% of it"])
def test_what_has_no_pound_sign_before_figures_is_no_amount(text: str) -> None:
    assert find_amounts(text) == ()
    assert find_malformed_amount(text) == ""


@pytest.mark.parametrize("words", ["£2,165,00", "f350k", "£1,23", "£12,3456", "f1,200,000", "£l00", "£1.2.3"])
def test_an_amount_that_cannot_be_read_is_reported_and_not_repaired(words: str) -> None:
    assert find_malformed_amount(f"up to {words} for it") == words
    assert find_amounts(f"up to {words} for it") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("£33.0m over and £3.7 more income", "£3.7"),
        ("£33.0m over and £3.70 an hour", ""),
        ("£3.7m, £1.5 per head", ""),
        ("£3.7-£4.2m in all", ""),
        ("£3.7 each", ""),
        ("commit £1,948, 419 in total", "£1,948, 419"),
        ("of £1, 948, 419 in all", "£1, 948, 419"),
        ("£500, 600 of them", ""),
        ("£1,948, 419,000 people", ""),
    ],
)
def test_an_amount_that_lost_its_unit_or_gained_a_space_is_reported(text: str, words: str) -> None:
    assert find_malformed_amount(text) == words


@pytest.mark.parametrize("text", ["£70,000, and", "£5.00.", "(£1,080,500)", "half", "of 350k", "£1,000,000"])
def test_an_amount_beside_the_signs_of_a_sentence_is_well_formed(text: str) -> None:
    assert find_malformed_amount(text) == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("£4.6m", "£4,592,119", True),
        ("£4.6m", "£4,700,000", False),
        ("£139m", "£139.2m", True),
        ("£339,000,000", "£339,598,905", False),
        ("£339,600,000", "£339,598,905", True),
        ("£1,190,000", "£1,189,750", True),
        ("£5,150.00", "£5150", True),
    ],
)
def test_a_rounded_amount_is_the_same_sum(one: str, other: str, *, same: bool) -> None:
    (first,), (second,) = find_amounts(one), find_amounts(other)
    assert first.is_same_sum_as(second) is second.is_same_sum_as(first) is same


@given(st.integers(0, 10**12))
def test_an_amount_in_a_sentence_is_read_as_officers_type_it(pence: int) -> None:
    words = str(Money(pence, Vat.UNSTATED)).removesuffix(" as stated")
    (found,) = find_amounts(f"a sum of {words}, for this")
    assert found.pence == parse_typed_money(words).pence == pence


@given(st.text(max_size=200))
def test_no_text_is_too_odd_to_search(text: str) -> None:
    assert find_malformed_amount(text) in text
    assert all(text[amount.start : amount.end] == amount.words for amount in find_amounts(text))


@pytest.mark.parametrize(
    ("sentence", "is_limit"),
    [
        ("Expenditure of £150,000 or above needs approval.", True),
        ("The scheme asks for it where the value is above £200,000.", True),
        ("The contract costs more than £200,000.", False),
        ("The Direction applies. It costs £200,000.", False),
    ],
)
def test_the_limit_of_a_rule_is_told_from_an_amount_of_the_matter(sentence: str, *, is_limit: bool) -> None:
    (amount,) = find_amounts(sentence)
    assert is_limit_of_rule(sentence, amount) is is_limit
