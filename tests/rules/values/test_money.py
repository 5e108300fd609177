"""Amounts of money: what is accepted, what is refused and why, and what can be compared and added."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InputError
from rules.values.money import MAX_AMOUNT_LENGTH, MAX_PENCE, Money, Vat, parse_money, parse_vat, sum_money

EX, INC, UNSTATED = Vat.EXCLUDED, Vat.INCLUDED, Vat.UNSTATED

pence = st.integers(0, MAX_PENCE)
bases = st.sampled_from(Vat)
amounts = st.builds(Money, pence, bases)


def refusal(text: str) -> InputError:
    """Return the error for a text; fails if it is accepted."""
    with pytest.raises(InputError) as caught:
        parse_money(text)
    return caught.value


class TestAcceptedAmounts:
    """Pounds come first, then the VAT basis in one of the ways officers write it."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("£181,302 ex VAT", Money(18130200, EX)),
            ("£181,302.50 inc VAT", Money(18130250, INC)),
            ("181302 ex VAT", Money(18130200, EX)),
            ("181302 net", Money(18130200, EX)),
            ("181302 gross", Money(18130200, INC)),
            ("£500,000 excluding VAT", Money(50000000, EX)),
            ("£500,000 including VAT", Money(50000000, INC)),
            ("£500,000 as stated", Money(50000000, UNSTATED)),
            ("£500,000 unstated", Money(50000000, UNSTATED)),
            ("£ 1,234,567.89 EX vat", Money(123456789, EX)),
            ("  £5  ex   VAT  ", Money(500, EX)),
            ("0 ex", Money(0, EX)),
            ("0.07 inc", Money(7, INC)),
        ],
    )
    def test_an_amount_is_parsed_to_the_penny(self, text: str, expected: Money) -> None:
        assert parse_money(text) == expected

    @pytest.mark.parametrize("vat", Vat)
    def test_a_vat_basis_has_a_code_and_words(self, vat: Vat) -> None:
        assert parse_vat(vat.code) is vat
        assert parse_vat(str(vat)) is vat

    @given(amounts)
    def test_a_printed_amount_is_parsed_as_the_same_amount(self, money: Money) -> None:
        assert parse_money(str(money)) == money

    @given(amounts)
    def test_the_pound_sign_and_commas_are_optional(self, money: Money) -> None:
        assert parse_money(str(money).replace("£", "").replace(",", "")) == money


class TestPrintedAmounts:
    """Whole pounds have no pence, thousands are grouped, and the VAT basis is always there."""

    @pytest.mark.parametrize(
        ("money", "expected"),
        [
            (Money(18130200, EX), "£181,302 excluding VAT"),
            (Money(18130250, INC), "£181,302.50 including VAT"),
            (Money(50000000, UNSTATED), "£500,000 as stated"),
            (Money(5, EX), "£0.05 excluding VAT"),
            (Money(0, EX), "£0 excluding VAT"),
            (Money(MAX_PENCE, EX), "£1,000,000,000,000,000 excluding VAT"),
        ],
    )
    def test_an_amount_is_printed_as_a_document_shows_it(self, money: Money, expected: str) -> None:
        assert str(money) == expected

    def test_the_codes_in_data_are_short(self) -> None:
        assert [vat.code for vat in Vat] == ["ex", "inc", "unstated"]


class TestRefusedAmounts:
    """Nothing is guessed: each error says what is wrong and shows a valid amount."""

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("", "no amount"),
            ("   ", "no amount"),
            ("£", "no amount"),
            ("500,00", "comma in the wrong place"),
            ("5,0000 ex VAT", "comma in the wrong place"),
            ("1,23,456 ex VAT", "comma in the wrong place"),
            ("1234,567 ex VAT", "comma in the wrong place"),
            (",500 ex VAT", "comma in the wrong place"),
            ("500, ex VAT", "comma in the wrong place"),
            ("0,500 ex VAT", "comma in the wrong place"),
            ("NaN ex VAT", "not an amount in pounds"),
            ("inf ex VAT", "not an amount in pounds"),
            ("1e6 ex VAT", "not an amount in pounds"),
            ("500k ex VAT", "not an amount in pounds"),
            ("1_000 ex VAT", "not an amount in pounds"),
            ("0x10 ex VAT", "not an amount in pounds"),
            ("+5 ex VAT", "not an amount in pounds"),
            ("$5 ex VAT", "not an amount in pounds"),
            ("££5 ex VAT", "not an amount in pounds"),
            ("ex VAT 5", "not an amount in pounds"),
            ("\uff15\uff10\uff10 ex VAT", "not an amount in pounds"),  # full width
            ("\u0665\u0660\u0660 ex VAT", "not an amount in pounds"),
            ("£5\u00a0ex VAT", "not an amount in pounds"),
            ("£5\nex VAT", "not an amount in pounds"),
            ("-5 ex VAT", "negative"),
            ("£-5 ex VAT", "negative"),
            ("-£5 ex VAT", "negative"),
            ("\u22125 ex VAT", "negative"),  # a true minus sign
            ("(5) ex VAT", "negative"),
            ("5.125 ex VAT", "exactly two digits"),
            ("5.5 ex VAT", "exactly two digits"),
            ("5. ex VAT", "exactly two digits"),
            ("500.000,00 ex VAT", "exactly two digits"),
            ("1.2.3 ex VAT", "exactly two digits"),
            ("007 ex VAT", "extra zeros or a point"),
            (".50 ex VAT", "extra zeros or a point"),
            ("£181,302", "add ex VAT or inc VAT"),
            ("£181,302 ", "add ex VAT or inc VAT"),
            ("£181,302 VAT", "write ex VAT or inc VAT"),
            ("£181,302 plus VAT or so", "write ex VAT or inc VAT"),
            ("10 000 ex VAT", "write ex VAT or inc VAT"),
            ("1000000000000001 ex VAT", "more than £1,000,000,000,000,000"),
            ("9" * 50 + " ex VAT", "more than £1,000,000,000,000,000"),
            ("9" * 5_000_000 + " ex VAT", f"at most {MAX_AMOUNT_LENGTH} characters"),
        ],
    )
    def test_a_malformed_amount_is_refused_with_the_reason(self, text: str, fault: str) -> None:
        error = refusal(text)
        assert fault in error.message
        assert "£181,302 ex VAT" in error.advice()

    def test_an_error_never_repeats_a_long_text(self) -> None:
        assert len(refusal("9" * 5_000_000).message) < 100
        assert len(refusal("£5 " + "x" * 50).message) < 100

    @given(st.text(max_size=MAX_AMOUNT_LENGTH + 5))
    def test_any_text_is_parsed_or_refused_without_another_error(self, text: str) -> None:
        with suppress(InputError):
            assert 0 <= parse_money(text).pence <= MAX_PENCE

    @given(st.from_regex(r"[£0-9,. exincVAT-]{1,20}", fullmatch=True))
    def test_text_that_is_nearly_an_amount_has_one_meaning_or_none(self, text: str) -> None:
        try:
            money = parse_money(text)
        except InputError:
            return
        assert parse_money(str(money)) == money

    @pytest.mark.parametrize("wrong", [-MAX_PENCE - 1, MAX_PENCE + 1, True, 1.0, "1", None])
    def test_pence_must_be_a_whole_number_in_bounds(self, wrong: object) -> None:
        with pytest.raises(InputError):
            Money(wrong, EX)  # type: ignore[arg-type]

    @pytest.mark.parametrize("wrong", ["ex", "excluding VAT", None])
    def test_a_basis_must_not_be_text(self, wrong: object) -> None:
        with pytest.raises(InputError, match="is not a VAT basis"):
            Money(1, wrong)  # type: ignore[arg-type]


class TestNegativeAmounts:
    """Only a fact that may be negative takes one, such as what a change takes from a contract."""

    @pytest.mark.parametrize(
        "text",
        ["-£5,000 ex VAT", "£-5,000 ex VAT", "-5,000 ex VAT", "\u2212£5,000 ex VAT", "- £5,000 ex VAT",
         "minus £5,000 ex VAT", "Minus £5,000 ex VAT", " minus 5000.00 excluding VAT "],
    )  # fmt: skip
    def test_a_minus_stands_before_the_amount(self, text: str) -> None:
        assert parse_money(text, negative=True) == Money(-500_000, EX)
        with pytest.raises(InputError):
            parse_money(text)

    @pytest.mark.parametrize(
        "text",
        ["--£5 ex VAT", "-(5) ex VAT", "(£5) ex VAT", "(5) ex VAT", "£5- ex VAT", "minus minus £5 ex VAT",
         "minus ex VAT", "- ex VAT", "-", "minus", "£- ex VAT", "-£ ex VAT", "minus\u00a0£5 ex VAT", "-007 ex VAT",
         "£5 minus VAT", "-" * 60, "-1000000000000001 ex VAT", "-£5", "\u20135 ex VAT"],
    )  # fmt: skip
    def test_a_minus_that_could_mean_something_else_is_refused(self, text: str) -> None:
        with pytest.raises(InputError):
            parse_money(text, negative=True)

    def test_it_is_printed_in_words_and_read_back(self) -> None:
        assert str(Money(-123_456, INC)) == "minus £1,234.56 including VAT"
        assert str(Money(-1, EX)) == "minus £0.01 excluding VAT"
        assert str(parse_money("-£0 ex VAT", negative=True)) == "£0 excluding VAT"

    @given(st.integers(-MAX_PENCE, MAX_PENCE), st.sampled_from(Vat))
    def test_every_amount_is_read_back_as_it_is_printed(self, pence: int, vat: Vat) -> None:
        money = Money(pence, vat)
        assert parse_money(str(money), negative=True) == money

    @given(st.from_regex(r"[£0-9,. exincVAT\-minus]{1,20}", fullmatch=True))
    def test_text_that_is_nearly_a_negative_amount_has_one_meaning_or_none(self, text: str) -> None:
        with suppress(InputError):
            money = parse_money(text, negative=True)
            assert parse_money(str(money), negative=True) == money

    def test_amounts_below_zero_are_ordered_and_added_like_others(self) -> None:
        assert Money(-2, EX) < Money(-1, EX) < Money(0, EX) < Money(1, EX)
        assert sum_money([Money(-300, EX), Money(100, EX)]) == Money(-200, EX)
        assert sum_money([Money(-MAX_PENCE, EX), Money(-1, EX)]) is None


class TestComparisons:
    """Amounts excluding and including VAT are not compared; an amount as stated is compared with either."""

    @pytest.mark.parametrize("one", Vat)
    @pytest.mark.parametrize("other", Vat)
    def test_only_an_amount_excluding_and_one_including_vat_cannot_be_compared(self, one: Vat, other: Vat) -> None:
        assert Money(1, one).is_comparable_with(Money(2, other)) is ({one, other} != {EX, INC})

    def test_a_penny_below_a_limit_is_below_it(self) -> None:
        limit = Money(18130200, EX)
        assert Money(18130199, EX) < limit
        assert not limit < Money(18130200, EX)
        assert limit >= Money(18130200, EX)
        assert Money(18130201, EX) > limit

    def test_comparing_two_bases_raises_an_error_with_both_amounts(self) -> None:
        with pytest.raises(InputError, match="£1 excluding VAT cannot be compared with £2 including VAT"):
            assert Money(100, EX) < Money(200, INC)

    @given(amounts, amounts)
    def test_comparable_amounts_are_ordered_by_their_pence(self, one: Money, other: Money) -> None:
        if one.is_comparable_with(other):
            assert (one < other, one <= other) == (one.pence < other.pence, one.pence <= other.pence)
            assert (one > other, one >= other) == (other < one, other <= one)
            return
        for compare in (Money.__lt__, Money.__le__, Money.__gt__, Money.__ge__):
            with pytest.raises(InputError):
                compare(one, other)

    def test_the_same_pence_on_another_basis_is_another_amount(self) -> None:
        assert Money(1, EX) != Money(1, UNSTATED)
        assert len({Money(1, EX), Money(1, EX), Money(1, INC)}) == 2


class TestSums:
    """Only amounts on one basis are added, up to the highest amount allowed."""

    @given(st.lists(st.integers(0, MAX_PENCE // 4), min_size=1, max_size=4), bases)
    def test_a_total_adds_the_pence_and_keeps_the_basis(self, parts: list[int], vat: Vat) -> None:
        assert sum_money([Money(pence, vat) for pence in parts]) == Money(sum(parts), vat)

    @given(amounts, amounts)
    def test_amounts_on_two_bases_have_no_total(self, one: Money, other: Money) -> None:
        assert one.vat is other.vat or sum_money([one, other]) is None

    def test_there_is_no_total_above_the_highest_amount(self) -> None:
        assert sum_money([Money(MAX_PENCE - 1, EX), Money(1, EX)]) == Money(MAX_PENCE, EX)
        assert sum_money([Money(MAX_PENCE, EX), Money(1, EX)]) is None

    def test_no_amounts_have_no_total(self) -> None:
        assert sum_money([]) is None
