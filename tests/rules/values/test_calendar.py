"""Bank holidays of England and Wales, and every way in which rules count days."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InputError
from rules.reading.yaml_reader import read_yaml
from rules.values.calendar import (
    Calendar,
    OutsideCalendar,
    calendar_days_between,
    clear_days_between,
    end_of_years_after,
    long_date,
    parse_calendar,
)
from rules.values.citation import Citation

FOLDER = Path(__file__).parents[3] / "rules" / "data" / "days"
DIVISIONS = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}
FILES = {name: read_yaml((FOLDER / f"{name}.yaml").read_bytes(), name).data for name in DIVISIONS}
CALENDARS = {name: parse_calendar(data) for name, data in FILES.items()}
DATA, ENGLAND = FILES["england-and-wales"], CALENDARS["england-and-wales"]
ANNOUNCED_YEARS = range(2012, 2028)
YEARS_BY_RULE = range(2028, 2038)
YEARS = range(2012, 2038)
EXPECTED = " (expected, not announced yet)"
SPECIAL = {row["day"] for row in DATA["holidays"] if row.get("special")}

covered = st.dates(date(2012, 1, 1), date(2037, 12, 31))
inner = st.dates(date(2013, 1, 1), date(2036, 12, 31))

# Copied by hand from the files named in the data's `sources`, so that the data is checked against something else.
GOV_UK = """
2012 0102 0406 0409 0507 0604 0605 0827 1225 1226
2013 0101 0329 0401 0506 0527 0826 1225 1226
2014 0101 0418 0421 0505 0526 0825 1225 1226
2015 0101 0403 0406 0504 0525 0831 1225 1228
2016 0101 0325 0328 0502 0530 0829 1226 1227
2017 0102 0414 0417 0501 0529 0828 1225 1226
2018 0101 0330 0402 0507 0528 0827 1225 1226
2019 0101 0419 0422 0506 0527 0826 1225 1226
2020 0101 0410 0413 0508 0525 0831 1225 1228
2021 0101 0402 0405 0503 0531 0830 1227 1228
2022 0103 0415 0418 0502 0602 0603 0829 0919 1226 1227
2023 0102 0407 0410 0501 0508 0529 0828 1225 1226
2024 0101 0329 0401 0506 0527 0826 1225 1226
2025 0101 0418 0421 0505 0526 0825 1225 1226
2026 0101 0403 0406 0504 0525 0831 1225 1228
2027 0101 0326 0329 0503 0531 0830 1227 1228
"""


def day(text: str) -> date:
    """Parse an ISO day with the standard library, not with the code under test."""
    return date.fromisoformat(text)


def listed(year: int, calendar: Calendar = ENGLAND) -> list[date]:
    """Return the holidays that the data lists for a year, in order."""
    return sorted(holiday for holiday in calendar.holidays if holiday.year == year)


def last_monday(year: int, month: int) -> date:
    """Return the last Monday of a month that has 31 days."""
    end = date(year, month, 31)
    return end - timedelta(days=end.weekday())


def easter_sunday(year: int) -> date:
    """Compute Easter Sunday by the anonymous Gregorian computus."""
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = moon + week - 7 * ((year % 19 + 11 * moon + 22 * week) // 451) + 114
    return date(year, shift // 31, shift % 31 + 1)


@pytest.mark.parametrize("year", YEARS)
class TestBankHolidaysBySchedule1:
    """Banking and Financial Dealings Act 1971, Schedule 1, paragraph 1 (England and Wales).

    "Easter Monday. The last Monday in May. The last Monday in August. 26th December, if it be not a Sunday.
    27th December in a year in which 25th or 26th December is a Sunday."

    Section 1(2): where "in the special circumstances of any year, it is inexpedient that a day specified in
    Schedule 1 to this Act should be a bank holiday", another may be appointed in its place. So it was for the
    last Monday in May of 2012 and of 2022.
    """

    def test_easter_monday_is_the_day_after_easter_and_good_friday_two_before_it(self, year: int) -> None:
        assert ENGLAND.day_off_reason(easter_sunday(year) + timedelta(days=1)) == "Easter Monday"
        assert ENGLAND.day_off_reason(easter_sunday(year) - timedelta(days=2)) == "Good Friday"

    def test_the_last_monday_in_may_is_a_holiday_unless_it_was_moved(self, year: int) -> None:
        moved = {2012: date(2012, 6, 4), 2022: date(2022, 6, 2)}
        assert ENGLAND.is_working_day(last_monday(year, 5)) is (year in moved)
        assert ENGLAND.day_off_reason(moved.get(year, last_monday(year, 5))).startswith("Spring bank holiday")

    def test_the_last_monday_in_august_is_a_holiday(self, year: int) -> None:
        assert ENGLAND.day_off_reason(last_monday(year, 8)) == "Summer bank holiday"

    def test_the_26th_of_december_is_no_working_day_even_if_only_its_substitute_is_listed(self, year: int) -> None:
        assert not ENGLAND.is_working_day(date(year, 12, 26))

    def test_the_27th_of_december_follows_a_christmas_with_a_sunday(self, year: int) -> None:
        if 6 in (date(year, 12, 25).weekday(), date(year, 12, 26).weekday()):
            assert date(year, 12, 27) in ENGLAND.holidays


@pytest.mark.parametrize("year", YEARS)
class TestBankHolidaysAgainstOtherLists:
    """The list agrees with the government's list and with an independent package."""

    def test_the_days_are_those_the_government_published(self, year: int) -> None:
        row = next((line.split() for line in GOV_UK.split("\n") if line.startswith(str(year))), None)
        assert (row is not None) == (year in ANNOUNCED_YEARS)
        assert row is None or [f"{holiday:%m%d}" for holiday in listed(year)] == row[1:]

    @pytest.mark.parametrize("part", ["ENG", "WLS"])
    def test_the_days_are_those_of_the_holidays_package_that_fall_on_weekdays(self, year: int, part: str) -> None:
        known = holidays.country_holidays("GB", subdiv=part, years=year)
        assert listed(year) == sorted(holiday for holiday in known if holiday.weekday() < 5)

    def test_a_year_has_eight_holidays_and_any_added_for_that_year_only(self, year: int) -> None:
        added = {2012: 1, 2022: 2, 2023: 1}
        assert len(listed(year)) == 8 + added.get(year, 0)

    def test_new_years_day_and_christmas_move_to_the_next_weekdays_from_a_weekend(self, year: int) -> None:
        for month, number, name in (
            (1, 1, "New Year's Day"),
            (12, 25, "Christmas Day"),
            (12, 26, "Boxing Day"),
        ):
            fixed = date(year, month, number)
            expected = name if fixed.weekday() < 5 else f"{name} (substitute day)"
            names = [ENGLAND.holidays[holiday].removesuffix(EXPECTED) for holiday in listed(year)]
            assert expected in names


@pytest.mark.parametrize("year", YEARS)
class TestBankHolidaysOfAnyPart:
    """Section 10(6) of the Freedom of Information Act 2000 leaves out bank holidays "in any part" of the country."""

    def test_the_days_of_other_parts_are_those_of_the_holidays_package(self, year: int) -> None:
        known = {day for part in ("SCT", "NIR") for day in holidays.country_holidays("GB", subdiv=part, years=year)}
        # Proclaimed on 5 February 2026, after this version of the package.
        known |= {date(2026, 6, 15)} if year == 2026 else set()
        assert ENGLAND.elsewhere is not None
        elsewhere = sorted(holiday for holiday in ENGLAND.elsewhere if holiday.year == year)
        assert elsewhere == sorted(day for day in known if day.weekday() < 5 and day not in ENGLAND.holidays)

    def test_a_day_off_anywhere_is_one_here_or_elsewhere(self, year: int) -> None:
        assert ENGLAND.anywhere is not None
        assert ENGLAND.elsewhere is not None
        off = [day for day in ENGLAND.anywhere.holidays if day.year == year]
        assert sorted(off) == sorted({*listed(year), *(day for day in ENGLAND.elsewhere if day.year == year)})


@pytest.mark.parametrize("division", DIVISIONS)
class TestEachPartOfTheCountry:
    """Schedule 1 has a paragraph for England and Wales, one for Scotland and one for Northern Ireland."""

    @pytest.mark.parametrize("year", YEARS)
    def test_the_days_are_those_of_the_holidays_package(self, division: str, year: int) -> None:
        known = holidays.country_holidays("GB", subdiv=DIVISIONS[division], years=year)
        expected = {holiday for holiday in known if holiday.weekday() < 5}
        # Proclaimed on 5 February 2026; not every version of the package has it.
        expected |= {date(2026, 6, 15)} if (division, year) == ("scotland", 2026) else set()
        assert listed(year, CALENDARS[division]) == sorted(expected)

    def test_a_day_off_in_any_part_is_the_same_in_each_calendar(self, division: str) -> None:
        """FOIA s.10(6) counts by "any part of the United Kingdom", wherever the authority is."""
        whole, mine = ENGLAND.anywhere, CALENDARS[division].anywhere
        assert whole is not None
        assert mine is not None
        assert mine.holidays.keys() == whole.holidays.keys()
        assert mine.last_announced_year == 2027

    def test_each_row_that_nobody_announced_says_what_fixes_it(self, division: str) -> None:
        for row in (*FILES[division]["holidays"], *FILES[division]["elsewhere"]):
            assert ("fixed_by" in row) is (row["day"].year in YEARS_BY_RULE), row


SCHEDULE_1 = {  # the days that the law fixes in 2032, which begins on a Thursday and ends with Christmas on a Saturday
    "england-and-wales": "0326 0329 0531 0830 1227",
    "scotland": "0101 0102 0326 0503 0802 1130",
    "northern-ireland": "0317 0326 0329 0531 0830 1227",
}


class TestYearsByRule:
    """The days of a year that nobody announced are those that the law or custom fixes, and no more."""

    @pytest.mark.parametrize("division", DIVISIONS)
    def test_the_days_that_the_law_fixes_are_told_from_those_of_custom(self, division: str) -> None:
        rows = [row for row in FILES[division]["holidays"] if row["day"].year == 2032]
        assert " ".join(f"{row['day']:%m%d}" for row in rows if row["fixed_by"] == "law") == SCHEDULE_1[division]

    @pytest.mark.parametrize(
        ("off", "name"),
        [
            ("2031-04-14", "Easter Monday"),  # Schedule 1 fixes it
            ("2031-05-05", f"Early May bank holiday{EXPECTED}"),  # proclaimed year by year
            ("2028-01-03", f"New Year's Day (substitute day){EXPECTED}"),
            ("2032-12-27", "Christmas Day (substitute day)"),  # "27th December in a year in which … 26th … is a Sunday"
            ("2032-12-28", f"Boxing Day (substitute day){EXPECTED}"),
        ],
    )
    def test_only_a_day_of_custom_is_called_expected(self, off: str, name: str) -> None:
        assert ENGLAND.day_off_reason(day(off)) == name

    @pytest.mark.parametrize(("review", "off"), [("2031-12-24", ""), ("2031-12-25", "Christmas Day")])
    def test_a_review_five_years_ahead_can_be_judged(self, review: str, off: str) -> None:
        assert ENGLAND.day_off_reason(day(review)) == off

    @pytest.mark.parametrize("year", [2027, 2028])
    def test_the_last_year_that_was_announced_is_known(self, year: int) -> None:
        assert (year <= ENGLAND.last_announced_year) is (year == 2027)


class TestDaysAppointedOnce:
    """Section 1(3), as quoted in commentary: the sovereign may by proclamation appoint a special day.

    "Her Majesty may from time to time by proclamation appoint a special day to be … a bank holiday".
    """

    @pytest.mark.parametrize(
        ("off", "name"),
        [
            ("2012-06-04", "Spring bank holiday (moved from 28 May)"),
            ("2012-06-05", "Diamond Jubilee of Queen Elizabeth II"),
            ("2020-05-08", "Early May bank holiday (moved from 4 May, VE Day)"),
            ("2022-06-02", "Spring bank holiday (moved from 30 May)"),
            ("2022-06-03", "Platinum Jubilee of Queen Elizabeth II"),
            ("2022-09-19", "State Funeral of Queen Elizabeth II"),
            ("2023-05-08", "Coronation of King Charles III"),
        ],
    )
    def test_a_special_day_is_off_and_has_its_name(self, off: str, name: str) -> None:
        assert ENGLAND.day_off_reason(day(off)) == name
        assert day(off) in SPECIAL

    @pytest.mark.parametrize("left", ["2012-05-28", "2020-05-04", "2022-05-30"])
    def test_a_day_whose_holiday_was_moved_is_a_working_day(self, left: str) -> None:
        assert ENGLAND.is_working_day(day(left))

    @pytest.mark.parametrize("near", ["2012-06-06", "2022-06-01", "2022-09-20", "2023-05-09", "2020-05-07"])
    def test_the_days_next_to_a_special_day_are_working_days(self, near: str) -> None:
        assert ENGLAND.is_working_day(day(near))

    def test_no_other_day_is_marked_special(self) -> None:
        assert len(SPECIAL) == 7

    def test_the_list_and_each_of_its_sources_have_a_link(self) -> None:
        for citation in (DATA["citation"], *DATA["sources"]):
            assert Citation.model_validate(citation).link.startswith("https://")


class TestTheSmarterWorkingCase:
    """A decision needed by Good Friday, 30 March 2018, was signed on Monday, 16 April 2018."""

    NEEDED, BOARD = date(2018, 3, 30), date(2018, 3, 22)
    CERTIFIED, SIGNED = date(2018, 4, 11), date(2018, 4, 16)

    def test_the_decision_was_needed_on_a_holiday_and_the_day_before_was_a_working_day(self) -> None:
        assert ENGLAND.day_off_reason(self.NEEDED) == "Good Friday"
        assert ENGLAND.previous_working_day(self.NEEDED) == date(2018, 3, 29)
        assert ENGLAND.next_working_day(self.NEEDED) == date(2018, 4, 3)

    def test_it_was_ten_working_days_and_seventeen_days_late(self) -> None:
        assert ENGLAND.working_days_between(self.NEEDED, self.SIGNED) == 10
        assert calendar_days_between(self.NEEDED, self.SIGNED) == 17
        assert ENGLAND.add_working_days(self.NEEDED, 10) == self.SIGNED

    def test_it_was_signed_fifteen_working_days_after_the_board_and_three_after_the_chief_executive(
        self,
    ) -> None:
        assert ENGLAND.working_days_between(self.BOARD, self.SIGNED) == 15
        assert ENGLAND.working_days_between(self.CERTIFIED, self.SIGNED) == 3


class TestHistoricalRecords:
    """Freedom of Information Act 2000, section 62(1), as enacted and as amended from 1 January 2013.

    "… a record becomes a 'historical record' at the end of the period of [thirty, now twenty] years beginning
    with the year following that in which it was created"; by subsection (3) "'year' means a calendar year".
    """

    @pytest.mark.parametrize(
        ("made", "years", "end"),
        [
            ("2018-04-16", 30, "2048-12-31"),
            ("2018-04-16", 20, "2038-12-31"),
            ("2018-01-01", 30, "2048-12-31"),
            ("2018-12-31", 30, "2048-12-31"),
            ("2019-01-01", 30, "2049-12-31"),
            ("2016-02-29", 1, "2017-12-31"),
        ],
    )
    def test_the_period_ends_with_a_calendar_year_whenever_in_a_year_the_record_was_made(
        self, made: str, years: int, end: str
    ) -> None:
        assert end_of_years_after(day(made), years) == day(end)

    @pytest.mark.parametrize("years", [0, -1, 201, 10**9])
    def test_a_period_outside_1_to_200_years_is_refused(self, years: int) -> None:
        with pytest.raises(InputError, match="is not from 1 to 200 years"):
            end_of_years_after(date(2018, 1, 1), years)


class TestCounting:
    """Working days leave out Saturdays, Sundays and holidays; clear days leave out both ends."""

    @pytest.mark.parametrize(
        ("start", "end", "working", "clear_working", "calendar", "clear"),
        [
            ("2018-03-29", "2018-03-29", 0, 0, 0, 0),  # one and the same day
            ("2018-03-30", "2018-03-30", 0, 0, 0, 0),  # the same, a holiday
            ("2018-03-28", "2018-03-29", 1, 0, 1, 0),  # Wednesday to Thursday
            ("2018-03-29", "2018-03-30", 0, 0, 1, 0),  # Maundy Thursday to Good Friday
            ("2018-03-29", "2018-04-03", 1, 0, 5, 4),  # over the whole of Easter
            ("2018-03-29", "2018-04-04", 2, 1, 6, 5),
            ("2018-04-07", "2018-04-08", 0, 0, 1, 0),  # Saturday to Sunday
            ("2018-04-06", "2018-04-14", 5, 5, 8, 7),  # Friday to Saturday of the week after
            ("2018-04-04", "2018-03-29", -2, -1, -6, -5),  # backwards
        ],
    )
    def test_each_way_of_counting_gives_its_own_answer(
        self, start: str, end: str, working: int, clear_working: int, calendar: int, clear: int
    ) -> None:
        assert ENGLAND.working_days_between(day(start), day(end)) == working
        assert ENGLAND.clear_working_days_between(day(start), day(end)) == clear_working
        assert calendar_days_between(day(start), day(end)) == calendar
        assert clear_days_between(day(start), day(end)) == clear

    @given(covered, covered)
    def test_counting_agrees_with_looking_at_every_day(self, one: date, other: date) -> None:
        start, end = min(one, other), max(one, other)
        after = [start + timedelta(days=ahead) for ahead in range(1, (end - start).days + 1)]
        assert ENGLAND.working_days_between(start, end) == sum(map(ENGLAND.is_working_day, after))
        assert ENGLAND.clear_working_days_between(start, end) == sum(map(ENGLAND.is_working_day, after[:-1]))
        assert calendar_days_between(start, end) == len(after)
        assert clear_days_between(start, end) == len(after[:-1])

    @given(covered, covered)
    def test_counting_backwards_is_the_negative_of_counting_forwards(self, one: date, other: date) -> None:
        ways: tuple[Callable[[date, date], int], ...] = (
            ENGLAND.working_days_between,
            ENGLAND.clear_working_days_between,
            calendar_days_between,
            clear_days_between,
        )
        for way in ways:
            assert way(one, other) == -way(other, one)

    @given(covered, covered, covered)
    def test_two_periods_of_working_days_add_up_to_the_whole(self, one: date, two: date, three: date) -> None:
        whole = ENGLAND.working_days_between(one, three)
        assert ENGLAND.working_days_between(one, two) + ENGLAND.working_days_between(two, three) == whole

    @given(covered)
    def test_a_day_is_working_or_there_is_a_reason_why_not(self, any_day: date) -> None:
        assert ENGLAND.is_working_day(any_day) is (ENGLAND.day_off_reason(any_day) == "")
        assert ENGLAND.is_working_day(any_day) is (any_day.weekday() < 5 and any_day not in ENGLAND.holidays)


class TestMovingToWorkingDays:
    """Find the working day on, after or before a day, or a number of working days away."""

    @given(inner, st.integers(0, 250))
    def test_adding_working_days_is_undone_by_counting_them(self, start: date, count: int) -> None:
        assert ENGLAND.working_days_between(start, ENGLAND.add_working_days(start, count)) == count

    @given(inner, st.integers(1, 250))
    def test_a_day_reached_by_adding_is_a_working_day_on_the_right_side(self, start: date, count: int) -> None:
        later, earlier = ENGLAND.add_working_days(start, count), ENGLAND.add_working_days(start, -count)
        assert earlier < start < later
        assert ENGLAND.is_working_day(earlier)
        assert ENGLAND.is_working_day(later)

    @given(inner, st.integers(-250, 250))
    def test_adding_and_subtracting_working_days_gives_the_first_day_back(self, start: date, count: int) -> None:
        begin = ENGLAND.next_working_day(start)
        assert ENGLAND.add_working_days(ENGLAND.add_working_days(begin, count), -count) == begin
        assert ENGLAND.working_days_between(begin, ENGLAND.add_working_days(begin, count)) == count

    @given(inner)
    def test_no_working_day_lies_between_a_day_and_the_nearest_ones(self, start: date) -> None:
        before, after = ENGLAND.previous_working_day(start), ENGLAND.next_working_day(start)
        assert before <= start <= after
        assert ENGLAND.is_working_day(start) is (before == after)
        assert ENGLAND.clear_working_days_between(before, after) == 0

    def test_adding_no_days_to_a_holiday_keeps_it_and_one_day_before_a_saturday_is_friday(self) -> None:
        assert ENGLAND.add_working_days(date(2018, 3, 30), 0) == date(2018, 3, 30)
        assert ENGLAND.add_working_days(date(2018, 4, 7), -1) == date(2018, 4, 6)


class TestOutsideTheYearsListed:
    """A year that is not listed would look as if it had no holidays, so its days are refused."""

    OUTSIDE = (date(2011, 12, 31), date(2038, 1, 1), date.min, date.max)
    INSIDE = date(2018, 4, 16)

    @pytest.mark.parametrize("outside", OUTSIDE)
    def test_every_method_names_the_years_that_are_listed(self, outside: date) -> None:
        calls: tuple[Callable[[], object], ...] = (
            lambda: ENGLAND.is_working_day(outside),
            lambda: ENGLAND.day_off_reason(outside),
            lambda: ENGLAND.next_working_day(outside),
            lambda: ENGLAND.previous_working_day(outside),
            lambda: ENGLAND.working_days_between(outside, self.INSIDE),
            lambda: ENGLAND.working_days_between(self.INSIDE, outside),
            lambda: ENGLAND.working_days_between(outside, outside),
            lambda: ENGLAND.clear_working_days_between(outside, self.INSIDE),
            lambda: ENGLAND.add_working_days(outside, 0),
            lambda: ENGLAND.add_working_days(outside, 1),
        )
        for call in calls:
            with pytest.raises(OutsideCalendar, match=r"2012 to 2037.*England and Wales") as caught:
                call()
            assert "england-and-wales" in caught.value.advice()

    def test_the_first_and_the_last_listed_day_are_covered(self) -> None:
        assert ENGLAND.day_off_reason(date(2012, 1, 1)) == "a Sunday"
        assert ENGLAND.is_working_day(date(2037, 12, 31))

    def test_a_search_that_leaves_the_listed_years_is_refused(self) -> None:
        with pytest.raises(OutsideCalendar):
            ENGLAND.previous_working_day(date(2012, 1, 2))
        with pytest.raises(OutsideCalendar):
            ENGLAND.add_working_days(date(2037, 12, 31), 1)
        with pytest.raises(OutsideCalendar):
            ENGLAND.add_working_days(date(2018, 1, 1), 10**12)

    def test_calendar_days_are_counted_in_any_year(self) -> None:
        assert calendar_days_between(date(2011, 12, 31), date(2028, 1, 1)) == 5845


class TestLongDate:
    """Documents print the day, the English name of the month, and the year."""

    @pytest.mark.parametrize(
        ("iso", "expected"),
        [
            ("2023-03-07", "7 March 2023"),
            ("2018-01-31", "31 January 2018"),
            ("2018-07-01", "1 July 2018"),
            ("2048-12-31", "31 December 2048"),
        ],
    )
    def test_a_day_has_no_leading_zero_and_no_ordinal_ending(self, iso: str, expected: str) -> None:
        assert long_date(day(iso)) == expected


def calendar_data(**changes: object) -> dict[str, Any]:
    """Return the data of a small, valid file of days with some keys changed; None leaves a key out."""
    valid: dict[str, Any] = {
        "division": "wonderland",
        "title": "Wonderland",
        "citation": {"instrument": "Looking-Glass Act 1871", "provision": "section 1", "basis": "read"},
        "covers": {"from": 2018, "to": 2019},
        "holidays": [
            {"day": date(2018, 3, 30), "name": "Good Friday"},
            {"day": date(2019, 5, 4), "name": "Alice's birthday", "special": True},
        ],
    }
    return {key: value for key, value in (valid | changes).items() if value is not None}


class TestParseCalendar:
    """A file of days is accepted or refused as a whole, with all of its faults at once."""

    def test_a_valid_file_becomes_a_calendar(self) -> None:
        assert parse_calendar(calendar_data()) == Calendar(
            "wonderland",
            "Wonderland",
            2018,
            2019,
            {date(2018, 3, 30): "Good Friday", date(2019, 5, 4): "Alice's birthday"},
        )

    def test_a_calendar_without_the_days_of_other_parts_counts_nothing_by_them(self) -> None:
        assert parse_calendar(calendar_data()).anywhere is None

    def test_a_holiday_at_a_weekend_does_not_reduce_the_working_days(self) -> None:
        calendar = parse_calendar(calendar_data())
        assert calendar.day_off_reason(date(2019, 5, 4)) == "Alice's birthday"
        assert calendar.working_days_between(date(2019, 5, 3), date(2019, 5, 6)) == 1

    @pytest.mark.parametrize(
        ("changes", "fault"),
        [
            ({"division": None}, "division: must be text"),
            ({"title": 7}, "title: must be text"),
            ({"citation": None}, "citation: is missing"),
            ({"colour": "red"}, "colour: is not a known key"),
            ({"covers": None}, "covers: must give the years"),
            ({"covers": {"from": 2018}}, "covers: must give the years"),
            ({"covers": {"from": 2019, "to": 2018}}, "covers: must give the years"),
            ({"covers": {"from": 1899, "to": 2019}}, "covers: must give the years"),
            ({"covers": {"from": 2018, "to": 2201}}, "covers: must give the years"),
            ({"covers": {"from": "2018", "to": "2019"}}, "covers: must give the years"),
            ({"covers": {"from": 2018, "to": 2020}}, "2020 is covered but has no holidays"),
            ({"covers": {"from": 2018, "to": 2018}}, "2019-05-04 is outside the years 2018 to 2018"),
            ({"holidays": None}, "2018 is covered but has no holidays"),
            ({"holidays": []}, "2018 is covered but has no holidays"),
            ({"holidays": [{"day": "2018-03-30", "name": "Good Friday"}]}, "holidays.0: must have a day"),
            ({"holidays": [{"day": date(2018, 3, 30)}]}, "holidays.0: must have a day and a name"),
            (
                {"holidays": [{"day": date(2018, 3, 30), "name": " "}]},
                "holidays.0: must have a day and a name",
            ),
            (
                {"holidays": [{"day": date(2018, 3, 30), "name": "x", "odd": 1}]},
                "holidays.0: must have a day",
            ),
            (
                {"holidays": [{"day": date(2018, 3, 30), "name": "x", "special": "yes"}]},
                "holidays.0: must have",
            ),
            ({"holidays": ["Good Friday"]}, "holidays.0: must have a day and a name"),
            (
                {"holidays": [{"day": date(2018, 3, 30), "name": "x"}] * 2},
                "holidays.1.day: 2018-03-30 is listed twice",
            ),
            ({"elsewhere": [{"day": date(2018, 3, 30), "name": "x"}]}, "elsewhere: 2018-03-30 is listed under"),
            ({"elsewhere": [{"day": date(2018, 3, 29), "name": "x"}]}, "elsewhere: 2019 is covered but has no"),
            ({"elsewhere": [{"day": date(2018, 3, 29)}]}, "elsewhere.0: must have a day and a name"),
        ],
    )
    def test_a_file_with_a_fault_is_refused_and_the_key_named(self, changes: dict[str, object], fault: str) -> None:
        with pytest.raises(InputError) as caught:
            parse_calendar(calendar_data(**changes))
        assert fault in caught.value.message

    def test_all_faults_are_named_at_once(self) -> None:
        with pytest.raises(InputError) as caught:
            parse_calendar({})
        assert [line.split(":")[0] for line in caught.value.message.split("\n")] == [
            "division",
            "title",
            "citation",
            "covers",
        ]

    def test_a_calendar_does_not_change_with_the_mapping_it_was_built_from(self) -> None:
        holidays_by_day = {date(2018, 3, 30): "Good Friday"}
        calendar = Calendar("wonderland", "Wonderland", 2018, 2018, holidays_by_day)
        holidays_by_day.clear()
        assert not calendar.is_working_day(date(2018, 3, 30))
        with pytest.raises(TypeError):
            calendar.holidays[date(2018, 3, 29)] = "Mad Hatter"  # type: ignore[index]
        assert hash(calendar) == hash(Calendar("wonderland", "Wonderland", 2018, 2018, {}))
