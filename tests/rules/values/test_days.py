"""Days as officers write them, and as files of rules do: one meaning each, or a refusal that says what to write."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InputError
from rules.values.calendar import MONTHS, long_date
from rules.values.days import parse_day, parse_iso_day

any_day_that_counts = st.dates(date(1900, 1, 1), date(2200, 12, 31))
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def forms_of(day: date) -> list[str]:
    """Every form in which an officer of the United Kingdom may write a day."""
    month, number, year = MONTHS[day.month - 1], day.day, day.year
    suffix = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return [
        day.isoformat(), long_date(day),
        f"{number:02}/{day.month:02}/{year}", f"{number}/{day.month}/{year}",
        f"{number}.{day.month}.{year}", f"{number:02}-{day.month:02}-{year}", f"{year}/{day.month:02}/{number:02}",
        f"{number} {month[:3]} {year}", f"{number} {month[:3]}. {year}", f"{number}-{month[:3]}-{year}",
        f"{number}{suffix} {month} {year}", f"{number}{suffix} of {month}, {year}", f"{month} {number}, {year}",
        f"{month} {number}{suffix} {year}", f"{month[:3]} {number} {year}",
        f"{WEEKDAYS[day.weekday()]} {number} {month} {year}",
        f"{WEEKDAYS[day.weekday()][:3]}, {number} {month[:3]} {year}", f"  {number}\u00a0{month}  {year} ",
        f"{number} {month.upper()} {year}", f"{number} {month.lower()} {year}",
    ]  # fmt: skip


class TestAsOfficersWriteThem:
    """The day comes first, as in the United Kingdom, unless the month has its name or the year comes first."""

    @given(any_day_that_counts)
    def test_each_form_of_a_day_means_that_day(self, day: date) -> None:
        assert {form: parse_day(form) for form in forms_of(day)} == dict.fromkeys(forms_of(day), day)

    def test_september_is_also_shortened_to_four_letters(self) -> None:
        assert parse_day("3 Sept 2019") == date(2019, 9, 3)

    def test_figures_that_could_be_in_either_order_begin_with_the_day(self) -> None:
        assert parse_day("03/04/2018") == date(2018, 4, 3)

    @given(any_day_that_counts)
    def test_a_weekday_that_does_not_fit_is_refused(self, day: date) -> None:
        wrong = WEEKDAYS[(day.weekday() + 1) % 7]
        with pytest.raises(InputError, match=f"that day is a {WEEKDAYS[day.weekday()]}"):
            parse_day(f"{wrong} {long_date(day)}")

    @given(any_day_that_counts)
    def test_a_year_of_two_figures_is_refused_in_every_form(self, day: date) -> None:
        short = f"{day.year % 100:02}"
        month = MONTHS[day.month - 1]
        for text in (f"{day.day}/{day.month}/{short}", f"{day.day} {month} {short}", f"{month} {day.day}, {short}"):
            with pytest.raises(InputError, match="does not give the year in full"):
                parse_day(text)

    @given(any_day_that_counts.filter(lambda day: day.day > 12))
    def test_a_month_before_its_day_is_refused_with_what_to_write(self, day: date) -> None:
        with pytest.raises(InputError, match="the day comes first") as refused:
            parse_day(f"{day.month:02}/{day.day:02}/{day.year}")
        assert f"Write {day.day:02}/{day.month:02}/{day.year} if you mean {long_date(day)}." == refused.value.advice()

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("30 February 2018", "February 2018 has 28 days"),
            ("31/6/2019", "June 2019 has 30 days"),
            ("0 June 2019", "June 2019 has 30 days"),
            ("13/13/2019", "months are 01 to 12"),
            ("0/13/2019", "there is no month 13"),
            ("1 June 1899", "is not in the years 1900 to 2200"),
            ("28 Juny 2019", "'juny' is not a month"),
            ("June 2019", "is not a day"),
            ("28 June", "is not a day"),
            ("28/06", "is not a day"),
            ("28/06-2019", "is not a day"),
            ("20190628", "is not a day"),
            ("2018-W13-5", "is not a day"),
            ("2018-03-30T00:00", "is not a day"),
            ("tomorrow", "is not a day"),
            ("Friday", "is not a day"),
            ("", "is not a day"),
            ("28 June 2019 or 29 June 2019", "is not a day"),
            ("\uff12\uff18 June 2019", "is not a day"),
            ("1" * 5_000_000, "is not a day"),
        ],
    )
    def test_other_text_is_refused_with_what_to_write(self, text: str, words: str) -> None:
        with pytest.raises(InputError) as refused:
            parse_day(text)
        assert words in refused.value.message
        assert len(refused.value.message) < 150
        assert refused.value.advice()

    def test_a_misspelt_month_gets_the_nearest(self) -> None:
        with pytest.raises(InputError) as refused:
            parse_day("28 Juny 2019")
        assert refused.value.advice() == "Did you mean June?"

    @given(st.text(alphabet="0123456789/.- JunetholfMayrd,", max_size=24))
    def test_what_is_parsed_is_a_day_of_the_calendar_that_the_text_spells(self, text: str) -> None:
        with suppress(InputError):
            day = parse_day(text)
            assert str(day.year) in text
            assert str(day.day) in text


class TestInFilesOfRules:
    """Packs write a day YYYY-MM-DD in ASCII digits, and it must exist."""

    @given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
    def test_a_day_is_parsed_from_its_iso_form(self, any_day: date) -> None:
        assert parse_iso_day(any_day.isoformat()) == any_day

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("2018-02-30", "2018-02-30 is not a day: February 2018 has 28 days"),
            ("2018-02-29", "2018-02-29 is not a day: February 2018 has 28 days"),
            ("2020-02-30", "2020-02-30 is not a day: February 2020 has 29 days"),
            ("2100-02-29", "2100-02-29 is not a day: February 2100 has 28 days"),
            ("2018-04-31", "2018-04-31 is not a day: April 2018 has 30 days"),
            ("2018-04-00", "2018-04-00 is not a day: April 2018 has 30 days"),
            ("2018-13-01", "2018-13-01 is not a day: months are 01 to 12"),
            ("2018-00-01", "2018-00-01 is not a day: months are 01 to 12"),
            ("1899-12-31", "1899-12-31 is not in the years 1900 to 2200"),
            ("2201-01-01", "2201-01-01 is not in the years 1900 to 2200"),
            ("0000-01-01", "0000-01-01 is not in the years 1900 to 2200"),
            ("30/03/2018", "'30/03/2018' is not a day in the form YYYY-MM-DD"),
            ("2018-3-30", "'2018-3-30' is not a day in the form YYYY-MM-DD"),
            ("20180330", "'20180330' is not a day in the form YYYY-MM-DD"),
            ("2018-W13-5", "'2018-W13-5' is not a day in the form YYYY-MM-DD"),
            ("2018-03-30T00:00", "'2018-03-30T00:00' is not a day in the form YYYY-MM-DD"),
            ("2018-03-30\n", r"'2018-03-30\n' is not a day in the form YYYY-MM-DD"),
            (" 2018-03-30", "' 2018-03-30' is not a day in the form YYYY-MM-DD"),
            ("-2018-03-30", "'-2018-03-30' is not a day in the form YYYY-MM-DD"),
            ("\uff12018-03-30", "'\uff12018-03-30' is not a day in the form YYYY-MM-DD"),
            ("2018\u221203\u221230", "'2018\u221203\u221230' is not a day in the form YYYY-MM-DD"),
            ("tomorrow", "'tomorrow' is not a day in the form YYYY-MM-DD"),
            ("", "'' is not a day in the form YYYY-MM-DD"),
        ],
    )
    def test_other_text_is_refused_with_the_reason(self, text: str, message: str) -> None:
        with pytest.raises(InputError) as caught:
            parse_iso_day(text)
        assert caught.value.message == message
        assert caught.value.advice()

    @given(st.text(max_size=20))
    def test_any_text_is_parsed_or_refused_without_another_error(self, text: str) -> None:
        with suppress(InputError):
            assert parse_iso_day(text).isoformat() == text

    def test_an_error_never_repeats_a_long_text(self) -> None:
        with pytest.raises(InputError) as caught:
            parse_iso_day("9" * 5_000_000)
        assert len(caught.value.message) < 100
