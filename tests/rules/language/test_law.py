"""The law in force: a value is resolved by the governing day and the facts it depends on, or not at all."""

from datetime import date

import pytest

from rules.language.conditions import AllOf, AnyOf, Predicate, ResolvedValue, UnresolvedValue, ValueRef
from rules.language.dated_values import DatedFigure, DatedValue
from rules.language.law import Law
from rules.values.facts import FactValue
from tests.rules.pack_builders import ex_vat, parse_condition, small_rulebook

LAW = small_rulebook().law
ON = "act.on"
IN_2018: dict[str, FactValue] = {ON: date(2018, 4, 16)}


class TestInForce:
    @pytest.mark.parametrize(
        ("day", "pounds"),
        [(date(2018, 1, 1), 500), (date(2018, 12, 31), 500), (date(2019, 1, 1), 600), (date(2050, 1, 1), 600)],
    )
    def test_the_governing_day_selects_the_row(self, day: date, pounds: int) -> None:
        row = LAW.figure_in_force("limit", {ON: day}, ON)
        assert isinstance(row, DatedFigure)
        assert row.figure == ex_vat(pounds)

    def test_a_day_before_the_first_row_gives_the_first_day_in_force(self) -> None:
        unresolved = LAW.figure_in_force("limit", {ON: date(2017, 12, 31)}, ON)
        assert isinstance(unresolved, UnresolvedValue)
        assert (unresolved.missing, unresolved.reason) == ((), "limit on 2017-12-31, first in force on 2018-01-01")

    def test_a_choice_without_a_row_is_not_set(self) -> None:
        unresolved = LAW.figure_in_force("limit.by_colour", {**IN_2018, "colour": "blue"}, ON)
        assert isinstance(unresolved, UnresolvedValue)
        assert (unresolved.missing, unresolved.reason) == ((), "limit.by_colour on 2018-04-16, not set")

    @pytest.mark.parametrize(
        ("facts", "missing"),
        [({}, (ON, "colour")), (IN_2018, ("colour",)), ({"colour": "red"}, (ON,))],
    )
    def test_missing_facts_are_named(self, facts: dict[str, FactValue], missing: tuple[str, ...]) -> None:
        unresolved = LAW.figure_in_force("limit.by_colour", facts, ON)
        assert isinstance(unresolved, UnresolvedValue)
        assert (unresolved.missing, unresolved.selected_by) == (missing, (ON, "colour"))

    def test_another_fact_may_govern(self) -> None:
        facts: dict[str, FactValue] = {**IN_2018, "due": date(2019, 1, 1)}
        row = LAW.figure_in_force("limit", facts, "due")
        assert isinstance(row, DatedFigure)
        assert row.figure == ex_vat(600)


class TestResolve:
    @pytest.mark.parametrize(
        ("comparator", "day", "resolved"),
        [
            ("reaches", date(2018, 4, 16), "at_least"),
            ("reaches", date(2019, 4, 16), "more_than"),
            ("falls_short_of", date(2018, 4, 16), "less_than"),
            ("falls_short_of", date(2019, 4, 16), "at_most"),
            ("more_than", date(2018, 4, 16), "more_than"),
        ],
    )
    def test_a_limit_gives_the_comparator_its_operator(self, comparator: str, day: date, resolved: str) -> None:
        figure = ex_vat(500 if day.year == 2018 else 600)
        condition = LAW.resolve(Predicate("value", comparator, ValueRef("limit")), {ON: day}, ON)
        assert condition == Predicate("value", resolved, ResolvedValue(figure, "limit", (ON,)))

    def test_nested_values_are_resolved(self) -> None:
        nested = parse_condition(
            {"any": [{"urgent": {"is": True}}, {"all": [{"value": {"reaches": {"value": "limit"}}}]}]}
        )
        urgent = Predicate("urgent", "is", operand=True)
        limit = Predicate("value", "at_least", ResolvedValue(ex_vat(500), "limit", (ON,)))
        assert LAW.resolve(nested, IN_2018, ON) == AnyOf((urgent, AllOf((limit,))))

    def test_an_unresolved_value_keeps_its_comparator(self) -> None:
        condition = LAW.resolve(Predicate("value", "reaches", ValueRef("limit")), {}, ON)
        assert condition == Predicate("value", "reaches", UnresolvedValue("limit"))


def test_a_value_that_is_declared_and_not_set_stays_unresolved() -> None:
    """A limit without a source can still be declared; what rests on it is undetermined."""
    unset = DatedValue.model_validate({"kind": "money", "label": "A limit that nobody has read"})
    assert unset.find_faults() == []
    unresolved = Law({"limit.unread": unset}, LAW.calendar).figure_in_force(
        "limit.unread", {"act.on": date(2018, 4, 16)}, "act.on"
    )
    assert isinstance(unresolved, UnresolvedValue)
    assert unresolved.reason == "limit.unread on 2018-04-16, not set"
