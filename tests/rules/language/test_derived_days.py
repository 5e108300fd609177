"""Days that are counted and days that are found, against a plain count; and the messages for mistyped functions.

Rule 2.8(3) of the Civil Procedure Rules 1998: of a period in clear days neither "the day on which the period begins"
nor, where an event ends it, "the day on which that event occurs" is included.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.judging.rulebook import Rulebook
from rules.language.derived_facts import add_derived_facts
from rules.language.law import Law
from rules.values.calendar import MAX_PERIOD_DAYS, Calendar
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from tests.rules.pack_builders import (
    CALENDAR,
    FACTS_YAML,
    PACK_HEADER,
    VALUES_YAML,
    controls_yaml,
    pack_faults,
    small_rulebook,
)

COUNTINGS = ("calendar_days", "clear_days", "working_days", "clear_working_days")
DAY = timedelta(days=1)
MORE_VALUES = """\
  notice:
    kind: count
    label: Days of notice
    history:
      - {from: 2018-01-01, to: 2018-03-31, is: 5, citation: {provision: s 1, basis: read}}
      - {from: 2018-04-01, is: 7, citation: {provision: s 1, basis: read}}
  too_long:
    kind: count
    label: Too many days
    history: [{from: 2018-01-01, is: 36601, citation: {provision: s 1, basis: read}}]
"""
DERIVED = "derived:\n" + "".join(
    f"""\
  between.{name}: {{label: Between, {name}: {{from: due, to: done}}}}
  after.{name}: {{label: After, day_after: {{day: due, {name}: {{fact: number}}}}}}
  before.{name}: {{label: Before, day_before: {{day: due, {name}: {{fact: number}}}}}}
  notice.{name}: {{label: Notice by, governed_by: done, day_before: {{day: done, {name}: {{value: notice}}}}}}
"""
    for name in COUNTINGS
)

covered = st.dates(date(2017, 6, 1), date(2019, 6, 30))
counting = st.sampled_from(COUNTINGS)
NUMBERS = st.integers(1, 60)
RULES = small_rulebook(DERIVED, values=VALUES_YAML + MORE_VALUES)


def derive(rules: Rulebook = RULES, **facts: FactValue) -> dict[str, FactValue]:
    evidence = Evidence.from_parts({"act.on": date(2018, 4, 16), **facts}, {})
    return dict(add_derived_facts(evidence, rules.derived_facts, rules.law).case_facts)


def replace_elsewhere(days: dict[date, str]) -> Calendar:
    """Return the small calendar with bank holidays of other parts of the country."""
    return Calendar(CALENDAR.division, CALENDAR.title, 2017, 2019, CALENDAR.holidays, days)


def plain_count(name: str, start: date, end: date) -> int:
    """Count days one by one: those after the first, without the last where they have to be clear."""
    if end < start:
        return -plain_count(name, end, start)
    days = [start + DAY * n for n in range(1, (end - start).days + 1)]
    if name.startswith("clear"):
        days = days[:-1]
    if "working" in name:
        days = [day for day in days if CALENDAR.is_working_day(day)]
    return len(days)


@given(name=counting, start=covered, end=covered)
def test_days_between_two_are_those_that_a_plain_count_finds(name: str, start: date, end: date) -> None:
    assert derive(due=start, done=end)[f"between.{name}"] == plain_count(name, start, end)


@given(name=counting, start=covered, number=NUMBERS)
def test_the_day_after_is_the_first_with_so_many_days(name: str, start: date, number: int) -> None:
    after = derive(due=start, number=number)[f"after.{name}"]
    assert isinstance(after, date)
    assert (plain_count(name, start, after - DAY), plain_count(name, start, after)) == (number - 1, number)


@given(name=st.sampled_from(["calendar_days", "clear_days", "clear_working_days"]), start=covered, number=NUMBERS)
def test_the_day_before_is_the_last_with_so_many_days(name: str, start: date, number: int) -> None:
    before = derive(due=start, number=number)[f"before.{name}"]
    assert isinstance(before, date)
    assert (plain_count(name, before + DAY, start), plain_count(name, before, start)) == (number - 1, number)


@given(start=covered, number=NUMBERS)
def test_so_many_working_days_before_are_counted_back_from_the_day_itself(start: date, number: int) -> None:
    before = derive(due=start, number=number)["before.working_days"]
    assert isinstance(before, date)
    assert CALENDAR.is_working_day(before)
    assert plain_count("clear_working_days", before - DAY, start) == number


@given(name=counting, start=covered, number=st.integers(0, 60))
def test_the_day_after_never_comes_before_the_day_and_the_day_before_never_after(
    name: str, start: date, number: int
) -> None:
    facts = derive(due=start, number=number)
    assert (facts[f"before.{name}"], start) <= (start, facts[f"after.{name}"])


class TestExamples:
    """Good Friday of 2018 is 30 March; no other bank holiday is listed."""

    @pytest.mark.parametrize(
        ("name", "count"), [("calendar_days", 6), ("clear_days", 5), ("working_days", 4), ("clear_working_days", 3)]
    )
    def test_a_notice_of_the_1st_for_a_meeting_on_the_7th(self, name: str, count: int) -> None:
        assert derive(due=date(2018, 3, 1), done=date(2018, 3, 7))[f"between.{name}"] == count

    @pytest.mark.parametrize("name", ["clear_days", "clear_working_days"])
    def test_there_is_no_clear_day_between_a_day_and_itself_or_the_next(self, name: str) -> None:
        assert derive(due=date(2018, 3, 1), done=date(2018, 3, 1))[f"between.{name}"] == 0
        assert derive(due=date(2018, 3, 1), done=date(2018, 3, 2))[f"between.{name}"] == 0
        assert derive(due=date(2018, 3, 2), done=date(2018, 3, 1))[f"between.{name}"] == 0

    @pytest.mark.parametrize(
        ("name", "after", "before"),
        [
            ("calendar_days", date(2018, 3, 31), date(2018, 3, 21)),
            ("clear_days", date(2018, 4, 1), date(2018, 3, 20)),
            ("working_days", date(2018, 4, 3), date(2018, 3, 19)),
            ("clear_working_days", date(2018, 4, 4), date(2018, 3, 18)),
        ],
    )
    def test_five_days_away_from_the_monday_before_easter(self, name: str, after: date, before: date) -> None:
        facts = derive(due=date(2018, 3, 26), number=5)
        assert (facts[f"after.{name}"], facts[f"before.{name}"]) == (after, before)

    def test_a_day_with_no_clear_day_between_is_the_next_or_the_one_before(self) -> None:
        facts = derive(due=date(2018, 3, 26), number=0)
        assert facts["after.clear_days"] == facts["after.clear_working_days"] == date(2018, 3, 27)
        assert facts["before.clear_days"] == facts["before.clear_working_days"] == date(2018, 3, 25)

    def test_the_number_can_be_a_dated_value_in_force_on_the_day_that_governs(self) -> None:
        assert derive(done=date(2018, 3, 31))["notice.clear_days"] == date(2018, 3, 25)
        assert derive(done=date(2018, 4, 1))["notice.clear_days"] == date(2018, 3, 24)

    def test_before_the_value_is_in_force_no_day_is_known(self) -> None:
        assert "notice.clear_days" not in derive(done=date(2017, 12, 31))


class TestBankHolidaysOfAnyPart:
    """With `elsewhere`, the 29 March of another part of the country is off, besides Good Friday, 30 March 2018."""

    RULES = small_rulebook(
        """derived:
  between: {label: Between, working_days: {from: due, to: done, elsewhere: true}}
  clear: {label: Between, clear_working_days: {from: due, to: done, elsewhere: true}}
  here: {label: Between, working_days: {from: due, to: done}}
  after: {label: After, day_after: {day: due, working_days: {fact: number}, elsewhere: true}}
""",
        values=VALUES_YAML + MORE_VALUES,
    )

    def derive_by(self, calendar: Calendar) -> dict[str, FactValue]:
        rules = replace(self.RULES, law=Law(self.RULES.law.values, calendar))
        facts = derive(rules, due=date(2018, 3, 26), done=date(2018, 4, 3), number=3)
        return {name: value for name, value in facts.items() if name in {"between", "clear", "here", "after"}}

    def test_a_bank_holiday_elsewhere_is_a_day_off(self) -> None:
        calendar = replace_elsewhere({date(2018, 3, 29): "A day off in the north"})
        expected = {"between": 4, "clear": 3, "here": 5, "after": date(2018, 4, 2)}
        assert self.derive_by(calendar) == expected

    def test_nothing_is_known_where_those_days_are_not_listed(self) -> None:
        assert self.derive_by(CALENDAR) == {"here": 5}


class TestUnknown:
    @pytest.mark.parametrize("name", COUNTINGS)
    def test_without_a_day_or_a_number_nothing_is_known(self, name: str) -> None:
        assert f"between.{name}" not in derive(due=date(2018, 3, 1))
        assert f"after.{name}" not in derive(due=date(2018, 3, 1))
        assert f"before.{name}" not in derive(number=5)

    @pytest.mark.parametrize("name", ["working_days", "clear_working_days"])
    def test_working_days_beyond_the_listed_bank_holidays_are_not_guessed(self, name: str) -> None:
        assert f"between.{name}" not in derive(due=date(2019, 12, 1), done=date(2020, 1, 2))
        assert f"after.{name}" not in derive(due=date(2019, 12, 30), number=5)
        assert f"before.{name}" not in derive(due=date(2017, 1, 3), number=5)

    @pytest.mark.parametrize("name", ["calendar_days", "clear_days"])
    def test_other_days_need_no_bank_holidays(self, name: str) -> None:
        assert f"after.{name}" in derive(due=date(2019, 12, 30), number=5)

    @pytest.mark.parametrize("number", [-1, MAX_PERIOD_DAYS + 1, 10**12])
    @pytest.mark.parametrize("name", COUNTINGS)
    def test_a_number_of_days_that_makes_no_sense_gives_no_day(self, name: str, number: int) -> None:
        facts = derive(due=date(2018, 3, 1), number=number)
        assert not {f"after.{name}", f"before.{name}"} & facts.keys()

    def test_a_day_that_no_paper_could_state_is_not_derived(self) -> None:
        assert "after.calendar_days" not in derive(due=date(2200, 12, 31), number=1)
        assert "before.clear_days" not in derive(due=date(1900, 1, 1), number=0)


def faults_of(derived: str = "", controls: str = "") -> list[tuple[str, str]]:
    declared = f"derived:\n  one.more: {{label: One more, {derived}}}\n" if derived else ""
    text = PACK_HEADER + FACTS_YAML + VALUES_YAML + MORE_VALUES + declared + controls
    return [(fault.key, fault.message) for fault in pack_faults(text)]


class TestMistakes:
    """Each message says what to write."""

    @pytest.mark.parametrize(
        ("derived", "key", "message"),
        [
            ("clear_day: {from: due, to: done}", "", "Did you mean clear_days?"),
            ("clear_working: {from: due, to: done}", "", "Did you mean clear_working_days?"),
            ("business_days: {from: due, to: done}", "", "There are: calendar_days, clear_days, working_days, "),
            ("summ: [number]", "", "Did you mean sum?"),
            ("clear_days: [due, done]", ".clear_days", "must name the two days, as {from: FACT, to: FACT}"),
            ("clear_days: 5", ".clear_days", "must name the two days, as {from: FACT, to: FACT}"),
            ("clear_days: {since: due, to: done}", ".clear_days", "must name the two days, as {from: FACT, to: FACT}"),
            ("clear_days: {from: due, to: value}", ".clear_days", "value is of kind money, not day"),
            ("day_after: due", ".day_after", "as {day: FACT, clear_days: {value: NAME}}"),
            ("day_after: {day: due}", ".day_after", "as {day: FACT, clear_days: {value: NAME}}"),
            ("day_after: {day: due, days: 5}", ".day_after", "as {day: FACT, clear_days: {value: NAME}}"),
            (
                "day_after: {day: due, clear_days: {fact: number}, working_days: {fact: number}}",
                ".day_after",
                "as {day: FACT, clear_days: {value: NAME}}",
            ),
            ("day_before: {day: due, clear_days: 5}", ".day_before.clear_days", "{value: NAME} for a dated value"),
            ("day_before: {day: due, clear_days: notice}", ".day_before.clear_days", "{fact: NAME} for a fact of kind"),
            ("day_before: {day: value, clear_days: {value: notice}}", ".day_before.day", "of kind money, not day"),
            (
                "day_before: {day: due, clear_days: {fact: value}}",
                ".day_before.clear_days.fact",
                "of kind money, not count",
            ),
            ("day_after: {day: due, clear_days: {value: limit}}", ".day_after", "limit is of kind money, not count"),
            (
                "day_after: {day: due, clear_days: {value: too_long}}",
                ".day_after.clear_days.value",
                "36601 is not a number of days from 0 to 36600",
            ),
            ("clear_days: {from: due, to: done, elsewhere: true}", ".clear_days.elsewhere", "counts only for working_"),
            (
                "day_after: {day: due, calendar_days: {fact: number}, elsewhere: true}",
                ".day_after.elsewhere",
                "counts only for working_days and clear_working_days",
            ),
            ("day_after: {day: due, clear_days: {value: lost}}", "", "lost is a value that nobody declares"),
            ("day_after: {day: due, clear_days: {fact: lost}}", "", "lost is a fact that nobody declares"),
        ],
    )
    def test_a_derived_fact_that_is_wrongly_written(self, derived: str, key: str, message: str) -> None:
        found = faults_of(derived)
        assert [where for where, text in found if message in text] == [f"derived.one.more{key}"], found

    @pytest.mark.parametrize(
        "condition",
        [
            "due: {clear_days: 5}",
            "clear_days: {at_least: 5}",
            "done: {after: {fact: due, clear_days: 5}}",
            "clear_days: {from: due, to: done}",
        ],
    )
    def test_days_that_are_counted_in_a_condition(self, condition: str) -> None:
        [(key, message)] = faults_of(controls=controls_yaml(a_b=f"requires: {{{condition}}}"))
        assert key.startswith("controls.a.b.requires.")
        assert "Declare a derived fact, such as notice.days: {label: Days of notice, clear_days: {from: " in message
