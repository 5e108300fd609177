"""Sums of money: what is taken, what is refused and why, and what may be compared."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InputError
from rules.values.money import MAX_AMOUNT_LENGTH, MAX_PENCE, Money, Vat, parse_money, parse_vat, sum_money

EX, INC, UNSTATED = Vat.EXCLUDED, Vat.INCLUDED, Vat.UNSTATED

pence = st.integers(0, MAX_PENCE)
bases = st.sampled_from(Vat)
sums = st.builds(Money, pence, bases)


def refusal(text: str) -> InputError:
    """The refusal that the text meets; fails if it is taken."""
    with pytest.raises(InputError) as caught:
        parse_money(text)
    return caught.value


class TestWhatIsTaken:
    """Pounds first, then the VAT basis in one of the ways in which officers write it."""

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
    def test_a_sum_is_read_to_the_penny(self, text: str, expected: Money) -> None:
        assert parse_money(text) == expected

    @pytest.mark.parametrize("vat", Vat)
    def test_a_basis_is_known_by_its_code_and_by_its_words(self, vat: Vat) -> None:
        assert parse_vat(vat.code) is vat
        assert parse_vat(str(vat)) is vat

    @given(sums)
    def test_what_is_printed_reads_back_as_the_same_sum(self, money: Money) -> None:
        assert parse_money(str(money)) == money

    @given(sums)
    def test_what_is_printed_reads_back_without_its_pound_sign_and_commas(self, money: Money) -> None:
        assert parse_money(str(money).replace("£", "").replace(",", "")) == money


class TestWhatIsPrinted:
    """Whole pounds without pence, thousands grouped, and always the basis."""

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
    def test_a_sum_is_printed_as_a_document_shows_it(self, money: Money, expected: str) -> None:
        assert str(money) == expected

    def test_the_codes_for_data_are_short(self) -> None:
        assert [vat.code for vat in Vat] == ["ex", "inc", "unstated"]


class TestWhatIsRefused:
    """Nothing is guessed: each refusal says what is wrong and shows a right sum."""

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
            ("007 ex VAT", "no noughts"),
            (".50 ex VAT", "no noughts"),
            ("£181,302", "say ex VAT or inc VAT"),
            ("£181,302 ", "say ex VAT or inc VAT"),
            ("£181,302 VAT", "say ex VAT or inc VAT"),
            ("£181,302 plus VAT or so", "say ex VAT or inc VAT"),
            ("10 000 ex VAT", "say ex VAT or inc VAT"),
            ("1000000000000001 ex VAT", "more than £1,000,000,000,000,000"),
            ("9" * 50 + " ex VAT", "more than £1,000,000,000,000,000"),
            ("9" * 5_000_000 + " ex VAT", f"may have {MAX_AMOUNT_LENGTH} characters"),
        ],
    )
    def test_an_amount_that_is_not_right_is_refused_by_name(self, text: str, fault: str) -> None:
        error = refusal(text)
        assert fault in error.message
        assert "£181,302 ex VAT" in error.advice()

    def test_a_refusal_never_repeats_a_long_text(self) -> None:
        assert len(refusal("9" * 5_000_000).message) < 100
        assert len(refusal("£5 " + "x" * 50).message) < 100

    @given(st.text(max_size=MAX_AMOUNT_LENGTH + 5))
    def test_any_text_is_a_sum_or_a_refusal_and_nothing_else(self, text: str) -> None:
        with suppress(InputError):
            assert 0 <= parse_money(text).pence <= MAX_PENCE

    @given(st.from_regex(r"[£0-9,. exincVAT-]{1,20}", fullmatch=True))
    def test_text_that_is_nearly_a_sum_has_one_meaning_or_none(self, text: str) -> None:
        try:
            money = parse_money(text)
        except InputError:
            return
        assert parse_money(str(money)) == money

    @pytest.mark.parametrize("wrong", [-1, MAX_PENCE + 1, True, 1.0, "1", None])
    def test_pence_that_are_not_a_whole_number_in_bounds_are_refused(self, wrong: object) -> None:
        with pytest.raises(InputError):
            Money(wrong, EX)  # type: ignore[arg-type]

    @pytest.mark.parametrize("wrong", ["ex", "excluding VAT", None])
    def test_a_basis_that_is_mere_text_is_refused(self, wrong: object) -> None:
        with pytest.raises(InputError, match="is not a VAT basis"):
            Money(1, wrong)  # type: ignore[arg-type]


class TestWhatMayBeCompared:
    """A sum excluding VAT and one including VAT have no order; a sum taken as stated has one with either."""

    @pytest.mark.parametrize("one", Vat)
    @pytest.mark.parametrize("other", Vat)
    def test_only_two_different_stated_bases_cannot_be_compared(self, one: Vat, other: Vat) -> None:
        assert Money(1, one).is_comparable_with(Money(2, other)) is ({one, other} != {EX, INC})

    def test_the_last_penny_below_a_limit_is_below_it(self) -> None:
        limit = Money(18130200, EX)
        assert Money(18130199, EX) < limit
        assert not limit < Money(18130200, EX)
        assert limit >= Money(18130200, EX)
        assert Money(18130201, EX) > limit

    def test_an_order_between_two_bases_is_refused_in_words(self) -> None:
        with pytest.raises(InputError, match="£1 excluding VAT cannot be compared with £2 including VAT"):
            assert Money(100, EX) < Money(200, INC)

    @given(sums, sums)
    def test_the_order_is_that_of_the_pence_or_there_is_none(self, one: Money, other: Money) -> None:
        if one.is_comparable_with(other):
            assert (one < other, one <= other) == (one.pence < other.pence, one.pence <= other.pence)
            assert (one > other, one >= other) == (other < one, other <= one)
            return
        for compare in (Money.__lt__, Money.__le__, Money.__gt__, Money.__ge__):
            with pytest.raises(InputError):
                compare(one, other)

    def test_the_same_pence_on_another_basis_is_another_sum(self) -> None:
        assert Money(1, EX) != Money(1, UNSTATED)
        assert len({Money(1, EX), Money(1, EX), Money(1, INC)}) == 2


class TestWhatMayBeAdded:
    """Sums of one basis only, up to the most that a sum may be."""

    @given(st.lists(st.integers(0, MAX_PENCE // 4), min_size=1, max_size=4), bases)
    def test_a_total_is_of_the_pence_and_keeps_the_basis(self, parts: list[int], vat: Vat) -> None:
        assert sum_money([Money(pence, vat) for pence in parts]) == Money(sum(parts), vat)

    @given(sums, sums)
    def test_sums_of_two_bases_have_no_total(self, one: Money, other: Money) -> None:
        assert one.vat is other.vat or sum_money([one, other]) is None

    def test_there_is_no_total_beyond_the_bound(self) -> None:
        assert sum_money([Money(MAX_PENCE - 1, EX), Money(1, EX)]) == Money(MAX_PENCE, EX)
        assert sum_money([Money(MAX_PENCE, EX), Money(1, EX)]) is None

    def test_of_nothing_there_is_no_total(self) -> None:
        assert sum_money([]) is None
