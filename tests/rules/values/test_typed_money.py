"""Amounts as officers write them: one meaning each, or a refusal that says what to write."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InputError
from rules.values.money import MAX_AMOUNT_LENGTH, MAX_PENCE, Money, Vat
from rules.values.typed_money import parse_typed_money

EX, INC, UNSTATED = Vat.EXCLUDED, Vat.INCLUDED, Vat.UNSTATED
BASES = {
    EX: ["ex VAT", "ex. VAT", "excl VAT", "excl. VAT", "excluding VAT", "exclusive of VAT", "net of VAT", "+VAT",
         "+ VAT", "plus VAT", "(ex VAT)", "EX VAT", "ex-VAT", "exVAT", ", excluding VAT", "VAT exclusive",
         "before VAT", "net"],
    INC: ["inc VAT", "inc. VAT", "incl VAT", "including VAT", "inclusive of VAT", "(inc VAT)", "VAT inclusive",
          "incVAT", "with VAT", "gross"],
    UNSTATED: ["", "as stated"],
}  # fmt: skip


def refusal(text: str, *, negative: bool = False) -> InputError:
    with pytest.raises(InputError) as caught:
        parse_typed_money(text, negative=negative)
    assert caught.value.advice(), "each refusal says what to write"
    return caught.value


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("£1.4m", 1_400_000), ("£1.4 m", 1_400_000), ("£1.4M", 1_400_000), ("1.4 million", 1_400_000),
        ("£1.4 Million", 1_400_000), ("£575,000", 575_000), ("575,000", 575_000), ("1400000", 1_400_000),
        ("£49k", 49_000), ("£49K", 49_000), ("£49 thousand", 49_000), ("£2bn", 2_000_000_000),
        ("£2 billion", 2_000_000_000), ("£0.5m", 500_000), ("£ 575 000", 575_000), ("£575\u00a0000", 575_000),
        ("£575\u202f000", 575_000), (" £7 ", 7), ("£0", 0), ("GBP 49k", 49_000), ("£1,234,567.00", 1_234_567),
    ],
)  # fmt: skip
def test_an_amount_without_a_basis_is_as_stated(text: str, pounds: int) -> None:
    assert parse_typed_money(text) == Money(pounds * 100, UNSTATED)


@pytest.mark.parametrize(("basis", "words"), [(basis, words) for basis, listed in BASES.items() for words in listed])
@pytest.mark.parametrize("space", [" ", "\u00a0", "  "])
def test_each_way_to_name_the_basis_means_one_basis(basis: Vat, words: str, space: str) -> None:
    assert parse_typed_money(f"£575,000{space}{words}") == Money(57_500_000, basis)
    assert parse_typed_money(f"£1.4m{space}{words}") == Money(140_000_000, basis)


def test_pence_are_kept_to_the_penny() -> None:
    assert parse_typed_money("£181,302.57 ex VAT") == Money(18_130_257, EX)
    assert parse_typed_money("£1.23456789m") == Money(123_456_789, UNSTATED)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("£1.4", "does not have two digits for pence"),
        ("£1.400", "does not have two digits for pence"),
        ("1.400.000", "two digits for pence"),
        ("1.400.000,00", "two digits for pence"),
        ("500,00", "not one amount"),
        ("£1,4m", "not one amount"),
        ("£12,34", "not one amount"),
        ("1234,567", "not one amount"),
        ("£1m-£2m", "not one amount"),
        ("£1m to £2m", "'to £2m' is not a VAT basis"),
        ("about £1m", "not one amount"),
        ("c. £1m", "not one amount"),
        ("£5m a year", "'a year' is not a VAT basis"),
        ("£575,000 VAT", "'vat' is not a VAT basis"),
        ("£575,000 plus VAT or so", "is not a VAT basis"),
        ("£1.234567891m", "not a whole number of pence"),
        ("007", "extra zeros"),
        (".50", "no figure before its point"),
        ("five million", "has no amount in figures"),
        ("", "has no amount in figures"),
        ("NaN", "has no amount in figures"),
        ("€5m", "not one amount"),
        ("$5m", "not one amount"),
        ("££5", "not one amount"),
        ("1e6", "is not a VAT basis"),
        ("£5mm", "is not a VAT basis"),
        ("\uff15\uff10\uff10", "has no amount in figures"),
        ("-£5", "is negative"),
        ("minus £5m", "is negative"),
        ("(£5,000)", "with a minus"),
        ("£1,000,001bn", "more than £1,000,000,000,000,000"),
        ("9" * 5_000_000, f"at most {MAX_AMOUNT_LENGTH} characters"),
    ],
)
def test_other_text_is_refused_with_the_reason(text: str, words: str) -> None:
    refused = refusal(text)
    assert words in refused.message
    assert len(refused.message) < 150


@pytest.mark.parametrize("text", ["-£5k", "£-5k", "- £5k", "minus £5k", "Minus 5k", "\u2212£5,000", "£ -5,000"])
def test_a_minus_counts_only_where_an_amount_may_be_negative(text: str) -> None:
    assert parse_typed_money(text, negative=True) == Money(-500_000, UNSTATED)
    assert "is negative" in refusal(text).message


@pytest.mark.parametrize("text", ["--£5", "-£-5", "(£5)", "minus minus £5", "minus", "£5-", "-"])
def test_a_minus_that_could_mean_something_else_is_refused(text: str) -> None:
    refusal(text, negative=True)


@given(st.integers(-MAX_PENCE, MAX_PENCE), st.sampled_from(Vat))
def test_every_amount_is_read_back_as_it_is_printed(pence: int, vat: Vat) -> None:
    money = Money(pence, vat)
    assert parse_typed_money(str(money), negative=True) == money


@given(st.from_regex(r"[£0-9,. exincVATkmbn+\-minus]{1,20}", fullmatch=True))
def test_what_is_parsed_has_one_meaning_that_is_printed_and_read_back(text: str) -> None:
    with suppress(InputError):
        money = parse_typed_money(text, negative=True)
        assert parse_typed_money(str(money), negative=True) == money


@given(st.text(max_size=MAX_AMOUNT_LENGTH + 5))
def test_any_text_is_parsed_or_refused_without_another_error(text: str) -> None:
    with suppress(InputError):
        assert 0 <= parse_typed_money(text).pence <= MAX_PENCE
