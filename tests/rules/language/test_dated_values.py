"""Dated values: each figure holds on its days and for its choices, and the nearest one is never used."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import NotInForce
from rules.language.dated_values import DatedValue, figure_has_kind
from rules.values.money import Money, Vat

CITED = {"instrument": "An Act", "provision": "s.1", "basis": "read"}
FIRST, LAST = date(2018, 1, 1), date(2019, 12, 31)
WHY = "no figure for 2020 could be found"


def row(first: date, last: date | None, figure: object, **more: object) -> dict[str, Any]:
    return {"from": first, "to": last, "is": figure, "citation": CITED, **more}


def value(*rows: dict[str, Any], kind: str = "count", by: tuple[str, ...] = ()) -> DatedValue:
    return DatedValue.model_validate({"kind": kind, "label": "A value", "by": by, "history": rows})


def value_with_gap(*known_gaps: dict[str, Any]) -> DatedValue:
    """Return a value with rows until the end of 2019 and from 2021, and the gaps that it declares."""
    rows = [row(FIRST, LAST, 5), row(date(2021, 1, 1), None, 6)]
    return DatedValue.model_validate({"kind": "count", "label": "A value", "history": rows, "not_found": known_gaps})


def faults(*rows: dict[str, Any], kind: str = "count", by: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [
        (".".join(str(step) for step in path), message)
        for path, message in value(*rows, kind=kind, by=by).find_faults()
    ]


class TestDaysInForce:
    LIMIT = value(row(FIRST, LAST, 5), row(date(2020, 1, 1), None, 6))

    @pytest.mark.parametrize(
        ("day", "figure"),
        [(FIRST, 5), (LAST, 5), (date(2020, 1, 1), 6), (date(2199, 12, 31), 6)],
    )
    def test_a_row_is_in_force_from_its_first_to_its_last_day(self, day: date, figure: int) -> None:
        assert self.LIMIT.in_force_on("limit", day, {}).figure == figure

    def test_the_day_before_the_first_has_no_figure(self) -> None:
        with pytest.raises(NotInForce, match="limit is not in force on 2017-12-31: it is first in force on 2018-01-01"):
            self.LIMIT.in_force_on("limit", FIRST - timedelta(1), {})

    def test_the_day_after_the_last_has_no_figure(self) -> None:
        with pytest.raises(NotInForce):
            value(row(FIRST, LAST, 5)).in_force_on("limit", LAST + timedelta(1), {})

    @given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
    def test_a_row_covers_exactly_its_days(self, day: date) -> None:
        assert value(row(FIRST, LAST, 5)).history[0].covers(day) is (FIRST <= day <= LAST)


class TestKnownGaps:
    """A value can declare days for which no figure was found; it has none on them."""

    LIMIT = value_with_gap({"from": date(2020, 1, 1), "to": date(2020, 12, 31), "why": WHY})

    def test_a_declared_gap_is_no_fault(self) -> None:
        assert self.LIMIT.find_faults() == []

    @pytest.mark.parametrize("day", [date(2020, 1, 1), date(2020, 12, 31)])
    def test_nothing_is_in_force_in_the_gap_and_the_error_gives_the_reason(self, day: date) -> None:
        with pytest.raises(NotInForce, match=f"limit is not in force on {day}: {WHY}"):
            self.LIMIT.in_force_on("limit", day, {})

    @pytest.mark.parametrize(("day", "figure"), [(LAST, 5), (date(2021, 1, 1), 6)])
    def test_the_rows_before_and_after_the_gap_are_in_force(self, day: date, figure: int) -> None:
        assert self.LIMIT.in_force_on("limit", day, {}).figure == figure

    def test_a_day_before_the_first_row_is_not_in_the_gap(self) -> None:
        with pytest.raises(NotInForce, match="first in force on 2018-01-01"):
            self.LIMIT.in_force_on("limit", FIRST - timedelta(1), {})

    def test_the_gap_does_not_apply_to_other_choices(self) -> None:
        choices = {"for": {"buyer": "central"}}
        rows = [row(FIRST, LAST, 5, **choices), row(date(2021, 1, 1), None, 6, **choices)]
        known_gap = {"from": date(2020, 1, 1), "to": date(2020, 12, 31), "why": WHY, **choices}
        limit = DatedValue.model_validate(
            {"kind": "count", "label": "A value", "by": ["buyer"], "history": rows, "not_found": [known_gap]}
        )
        assert limit.find_faults() == []
        with pytest.raises(NotInForce, match="it has not been set"):
            limit.in_force_on("limit", date(2020, 6, 1), {"buyer": "other"})


class TestChoices:
    LIMIT = value(
        row(FIRST, None, 5, **{"for": {"buyer": "central"}}),
        row(LAST, None, 6, **{"for": {"buyer": "other"}}),
        by=("buyer",),
    )

    def test_the_choices_select_the_row(self) -> None:
        assert self.LIMIT.in_force_on("limit", LAST, {"buyer": "central"}).figure == 5
        assert self.LIMIT.in_force_on("limit", LAST, {"buyer": "other"}).figure == 6

    def test_a_row_of_one_choice_is_not_in_force_for_another(self) -> None:
        with pytest.raises(NotInForce, match="first in force on 2019-12-31"):
            self.LIMIT.in_force_on("limit", FIRST, {"buyer": "other"})

    def test_choices_without_a_row_have_not_been_set(self) -> None:
        with pytest.raises(NotInForce, match="it has not been set"):
            self.LIMIT.in_force_on("limit", LAST, {"buyer": "utility"})


class TestFaults:
    def test_a_valid_history_has_no_faults(self) -> None:
        assert faults(row(FIRST, LAST, 5), row(date(2020, 1, 1), None, 6)) == []

    def test_overlapping_rows_are_refused(self) -> None:
        assert faults(row(FIRST, LAST, 5), row(LAST, None, 6)) == [
            ("history.1.from", "overlaps the row from 2018-01-01, or is out of order")
        ]

    def test_only_the_last_row_may_have_no_end(self) -> None:
        assert faults(row(FIRST, None, 5), row(date(2020, 1, 1), None, 6))[0][0] == "history.1.from"

    def test_rows_out_of_order_are_refused(self) -> None:
        assert faults(row(date(2020, 1, 1), date(2020, 12, 31), 6), row(FIRST, LAST, 5))[0][0] == "history.1.from"

    def test_an_undeclared_gap_is_refused(self) -> None:
        assert faults(row(FIRST, LAST, 5), row(date(2020, 1, 2), None, 6)) == [
            ("history.1.from", "leaves a gap after 2019-12-31")
        ]

    @pytest.mark.parametrize(
        ("first", "last", "choices"),
        [
            (date(2020, 1, 1), date(2020, 12, 30), {}),
            (date(2020, 1, 2), date(2020, 12, 31), {}),
            (date(2019, 12, 31), date(2020, 12, 31), {}),
            (date(2021, 6, 1), date(2021, 6, 30), {}),
            (date(2020, 1, 1), date(2020, 12, 31), {"for": {"a": "x"}}),
        ],
    )
    def test_a_declared_gap_must_be_exactly_the_days_between_two_rows(
        self, first: date, last: date, choices: dict[str, Any]
    ) -> None:
        limit = value_with_gap({"from": first, "to": last, "why": WHY, **choices})
        assert (
            ("not_found", 0),
            "must cover exactly the days between two rows for the same choices",
        ) in limit.find_faults()

    def test_a_row_that_ends_before_it_begins_is_refused(self) -> None:
        assert faults(row(LAST, FIRST, 5)) == [("history.0.to", "is before the first day")]

    def test_rows_of_other_choices_may_overlap(self) -> None:
        both = [row(FIRST, None, 5, **{"for": {"a": name}}) for name in ("x", "y")]
        assert faults(*both, by=("a",)) == []

    def test_a_row_must_name_the_choices_the_value_depends_on(self) -> None:
        assert faults(row(FIRST, None, 5), by=("buyer",)) == [("history.0.for", "must name buyer")]
        assert faults(row(FIRST, None, 5, **{"for": {"buyer": "x"}})) == [("history.0.for", "must name no facts")]

    @pytest.mark.parametrize(
        ("kind", "figure"),
        [
            ("count", True),
            ("count", "5"),
            ("money", 5),
            ("flag", 1),
            ("day", "2018-01-01"),
            ("choice", 5),
            ("money", "five"),
        ],
    )
    def test_a_figure_of_another_kind_is_refused(self, kind: str, figure: object) -> None:
        assert faults(row(FIRST, None, figure), kind=kind) == [("history.0.is", f"is not of kind {kind}")]

    @pytest.mark.parametrize("figure", [1.5, None, [1], {"a": 1}, "£5", "£500,00 ex VAT", "£-5 ex VAT"])
    def test_anything_that_is_not_a_figure_is_refused(self, figure: object) -> None:
        with pytest.raises(ValueError, match="validation error"):
            value(row(FIRST, None, figure), kind="money")

    def test_money_in_law_may_be_as_stated(self) -> None:
        assert value(row(FIRST, None, "£500,000 as stated"), kind="money").history[0].figure == Money(
            50_000_000, Vat.UNSTATED
        )

    def test_a_day_must_not_be_text(self) -> None:
        with pytest.raises(ValueError, match="valid date"):
            value(row(FIRST, None, 5, **{"from": "2018-01-01"}))

    def test_a_flag_is_not_a_count(self) -> None:
        assert not figure_has_kind("count", True)
        assert figure_has_kind("flag", True)


def test_a_copy_with_another_history_uses_that_history() -> None:
    """An authority sets a value by copying it with a history, so no cached answer of the first may remain."""
    original = DatedValue.model_validate(
        {
            "kind": "count",
            "label": "Limit",
            "history": [{"from": date(2018, 1, 1), "is": 3, "citation": CITED}],
        }
    )
    day = date(2018, 6, 1)
    assert original.in_force_on("limit", day, {}).figure == 3
    changed = original.model_copy(update={"history": (original.history[0].model_copy(update={"figure": 4}),)})
    assert changed.in_force_on("limit", day, {}).figure == 4
