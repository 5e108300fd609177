"""The Greater London Authority from 24 April 2017: who decides, by value and by what overrides it."""

from datetime import date

import pytest

from rules.errors import NotInForce
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue
from rules.values.money import Money, Vat, parse_money
from tests.schemes.conftest import control_outcome, shipped_library

DAY = date(2018, 4, 16)
FORMS = {"mayor": "md", "director": "dd", "assistant_director": "add", "manager": "dar"}
LEVELS = list(FORMS)


@pytest.fixture(scope="module")
def gla() -> Scheme:
    return shipped_library().scheme("gla")


def matter(value: str, **more: FactValue) -> dict[str, FactValue]:
    plain: dict[str, FactValue] = {"matter.novel": False, "matter.reserved": "none", "expenditure.routine": False}
    return {
        **plain,
        "estimated_value": parse_money(value),
        **{name.replace("__", "."): fact for name, fact in more.items()},
    }


def deciders(scheme: Scheme, facts: dict[str, FactValue]) -> list[str]:
    """The levels that may decide a matter, each on its own form, from the highest."""
    return [
        level
        for level in LEVELS
        if control_outcome(scheme, "level.decider_high_enough", {**facts, "decision.role": level}) == "satisfied"
        and control_outcome(scheme, "level.form_high_enough", {**facts, "decision.form": FORMS[level]}) == "satisfied"
    ]


class TestLimits:
    """“Non-Routine (Programme) Expenditure of more than £150,000”: a Mayoral Decision Form.

    “Of up to and including £150,000”: a Director's. “Of up to and including £50,000”: an Assistant Director's.
    “Of up to and including £10,000”: a manager's record (summary of Decision Form requirements).
    """

    @pytest.mark.parametrize(
        ("value", "least"),
        [
            ("£0.01", "manager"),
            ("£10,000", "manager"),
            ("£10,000.01", "assistant_director"),
            ("£50,000", "assistant_director"),
            ("£50,000.01", "director"),
            ("£150,000", "director"),
            ("£150,000.01", "mayor"),
        ],
    )
    @pytest.mark.parametrize("basis", ["ex VAT", "inc VAT"])
    def test_each_level_decides_up_to_its_sum(self, gla: Scheme, value: str, basis: str, least: str) -> None:
        assert deciders(gla, matter(f"{value} {basis}")) == LEVELS[: LEVELS.index(least) + 1]

    def test_the_limits_are_those_of_the_framework_and_unread_ones_are_not_set(self, gla: Scheme) -> None:
        limits = {name: value for name, value in gla.rulebook.law.values.items() if name.startswith("level.")}
        assert {name: [(row.figure, row.operator) for row in limit.history] for name, limit in limits.items()} == {
            "level.mayor_above": [(Money(150_000_00, Vat.UNSTATED), "more_than")],
            "level.director_above": [(Money(50_000_00, Vat.UNSTATED), "more_than")],
            "level.assistant_director_above": [(Money(10_000_00, Vat.UNSTATED), "more_than")],
            "level.property_above": [],
            "level.borrowing_above": [],
        }

    def test_no_limit_is_in_force_on_the_day_before_the_framework(self, gla: Scheme) -> None:
        with pytest.raises(NotInForce, match="first in force on 2017-04-24"):
            gla.rulebook.law.values["level.mayor_above"].in_force_on("level.mayor_above", date(2017, 4, 23), {})


class TestOverrides:
    """“Anything Novel, Contentious or Repercussive (NCR)” and “Reserved Mayoral Matters”: a Mayoral Decision Form."""

    @pytest.mark.parametrize(
        "override", [{"matter__novel": True}, {"matter__reserved": "category_1"}, {"matter__reserved": "category_2"}]
    )
    @pytest.mark.parametrize("routine", [False, True])
    def test_the_mayor_alone_decides_at_any_value(
        self, gla: Scheme, override: dict[str, FactValue], *, routine: bool
    ) -> None:
        assert deciders(gla, matter("£0.01 ex VAT", **override, expenditure__routine=routine)) == ["mayor"]

    @pytest.mark.parametrize("left_out", ["matter.novel", "matter.reserved", "expenditure.routine"])
    def test_nobody_below_the_mayor_may_decide_while_an_override_is_not_ruled_out(
        self, gla: Scheme, left_out: str
    ) -> None:
        known = {name: fact for name, fact in matter("£0.01 ex VAT").items() if name != left_out}
        assert deciders(gla, known) == ["mayor"]


class TestRoutineExpenditure:
    """Routine expenditure within an approved budget is recorded in the normal way, and takes no further form."""

    def test_a_form_for_routine_expenditure_gives_a_warning_and_stops_nothing(self, gla: Scheme) -> None:
        assert control_outcome(gla, "form.needed", matter("£500,000 ex VAT", expenditure__routine=True)) == "breached"
        assert gla.rulebook.controls["form.needed"].declaration.severity == "warning"

    def test_other_expenditure_needs_a_form(self, gla: Scheme) -> None:
        assert control_outcome(gla, "form.needed", matter("£500,000 ex VAT")) == "satisfied"


class TestPublication:
    """“Our aim is to publish each decision within one working day of it being signed off”."""

    @pytest.mark.parametrize(
        ("signed", "published", "expected"),
        [
            (date(2018, 4, 16), date(2018, 4, 16), "satisfied"),
            (date(2018, 4, 16), date(2018, 4, 17), "satisfied"),
            (date(2018, 4, 16), date(2018, 4, 18), "breached"),
            (date(2018, 3, 29), date(2018, 4, 3), "satisfied"),
            (date(2018, 3, 29), date(2018, 4, 4), "breached"),
        ],
    )
    def test_the_next_working_day_is_in_time_and_easter_does_not_count(
        self, gla: Scheme, signed: date, published: date, expected: str
    ) -> None:
        facts: dict[str, FactValue] = {"deferral.asked": False, "decided_on": signed, "act.on": published}
        assert control_outcome(gla, "publication.in_time", facts) == expected

    def test_a_late_publication_gives_a_warning_and_is_not_stopped(self, gla: Scheme) -> None:
        assert gla.rulebook.controls["publication.in_time"].declaration.severity == "warning"


class TestRoutes:
    """A form for the Mayor goes by the Mayor's Office, a form for an officer straight to its decision."""

    @pytest.mark.parametrize(
        "actions",
        [
            ["submit", "declare", "certify", "approve", "publish"],
            ["submit", "declare-officer-form", "approve", "publish"],
        ],
    )
    def test_each_act_leads_to_the_stage_of_the_next(self, gla: Scheme, actions: list[str]) -> None:
        steps = [gla.action(name) for name in actions]
        assert [step.to for step in steps[:-1]] == [step.stages[0] for step in steps[1:]]
        assert (steps[0].stages[0], steps[-1].to) == ("draft", "published")

    @pytest.mark.parametrize("form", FORMS.values())
    def test_each_form_has_one_route(self, gla: Scheme, form: str) -> None:
        routes = ("route.for_the_mayor", "route.for_an_officer")
        outcomes = [control_outcome(gla, route, {"decision.form": form}) for route in routes]
        assert outcomes == (["satisfied", "breached"] if form == "md" else ["breached", "satisfied"])

    def test_the_mayor_decides_only_what_the_mayors_office_has_certified(self, gla: Scheme) -> None:
        facts: dict[str, FactValue] = {"decision.form": "md", "mayors_office.on": DAY}
        assert control_outcome(gla, "stages.certified", {**facts, "mayors_office.outcome": "returned"}) == "breached"
        assert control_outcome(gla, "stages.certified", {**facts, "mayors_office.outcome": "certified"}) == "satisfied"


class TestPeriod:
    """Approved 24 April 2017 under MD2085; replaced under MD2472 on 29 May 2019."""

    def test_the_framework_is_in_force_from_its_approval_to_the_day_before_it_was_replaced(self, gla: Scheme) -> None:
        for day in (date(2017, 4, 24), date(2019, 5, 28)):
            gla.refuse_out_of_force(day)

    @pytest.mark.parametrize("day", [date(2017, 4, 23), date(2019, 5, 29)])
    def test_nothing_can_be_done_outside_the_days_of_the_framework(self, gla: Scheme, day: date) -> None:
        with pytest.raises(NotInForce):
            gla.refuse_out_of_force(day)
