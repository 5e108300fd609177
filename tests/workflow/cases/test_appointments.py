"""Appointments: roles that are held between days, by whose authority, and for whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.cases.appointments import Appointment, Capacity, Deputyship, Term
from workflow.cases.officer_register import (
    Appointed,
    AppointmentsEnded,
    Deputised,
    OfficerAdded,
    OfficerLeft,
    OfficerRecord,
    OfficerRegister,
)
from workflow.cases.officers import Officer, find_lookalikes

START = date(2018, 3, 1)
DAYS = st.integers(-5, 30).map(lambda days: START + timedelta(days))


def register_of(*records: OfficerRecord) -> dict[str, Officer]:
    register = OfficerRegister()
    for record in records:
        register.take(record)
    return register.officers()


def day(text: str) -> date:
    return date.fromisoformat(text)


CHIEF = OfficerAdded("ann", "Ann", (Appointment("chief", "s", Term(day("2018-03-01"), day("2018-06-30"))),))


class TestTerms:
    @pytest.mark.parametrize(
        ("on", "holds"),
        [("2018-02-28", False), ("2018-03-01", True), ("2018-06-30", True), ("2018-07-01", False)],
    )
    def test_both_days_of_a_term_count(self, on: str, holds: bool) -> None:
        assert (register_of(CHIEF)["ann"].find_capacity(["chief"], day(on), "s") is not None) is holds

    def test_an_open_term_has_every_day(self) -> None:
        assert Term().includes(date.min)
        assert Term().includes(date.max)
        assert Term().describe() == "with no first or last day"

    @given(DAYS, DAYS, DAYS, DAYS, DAYS)
    def test_the_overlap_of_two_terms_has_the_days_that_both_have(
        self, first: date, last: date, other_first: date, other_last: date, on: date
    ) -> None:
        term, other = Term(first, last), Term(other_first, other_last)
        assert term.overlap(other).includes(on) is (term.includes(on) and other.includes(on))

    @given(DAYS, DAYS, DAYS, DAYS)
    def test_ending_a_term_takes_the_later_days_away_and_adds_none(
        self, first: date, last: date, ended: date, on: date
    ) -> None:
        term = Term(first, last)
        assert term.ended_on(ended).includes(on) is (term.includes(on) and on <= ended)


class TestCapacity:
    def test_a_role_of_another_scheme_gives_no_capacity(self) -> None:
        assert register_of(CHIEF)["ann"].find_capacity(["chief"], START, "other") is None

    def test_the_first_role_that_is_held_counts(self) -> None:
        officer = Officer("ann", "Ann", (Appointment("a", "s"), Appointment("b", "s")))
        assert officer.find_capacity(["c", "b", "a"], START, "s") == Capacity("b")

    def test_an_own_role_comes_before_one_that_is_held_for_somebody(self) -> None:
        deputy = Appointment("a", "s", acts_for="Bob", instrument="Letter")
        officer = Officer("ann", "Ann", (deputy, Appointment("b", "s")))
        assert officer.find_capacity(["a", "b"], START, "s") == Capacity("b")
        assert officer.find_capacity(["a"], START, "s") == Capacity("a", "Bob", "Letter")


class TestDeputies:
    deputyship = Deputyship("ann", "", (), Term(day("2018-06-01"), day("2018-07-31")), "Letter", "Ann")
    added = (CHIEF, OfficerAdded("bob", "Bob"), OfficerAdded("cy", "Cy"))

    @pytest.mark.parametrize(
        ("on", "holds"), [("2018-05-31", False), ("2018-06-01", True), ("2018-06-30", True), ("2018-07-01", False)]
    )
    def test_a_deputy_holds_a_role_while_both_the_deputyship_and_the_appointment_last(
        self, on: str, holds: bool
    ) -> None:
        bob = register_of(*self.added, Deputised("bob", self.deputyship))["bob"]
        expected = Capacity("chief", "Ann", "Letter") if holds else None
        assert bob.find_capacity(["chief"], day(on), "s") == expected

    def test_a_deputy_loses_the_role_when_the_other_leaves(self) -> None:
        left = OfficerLeft("ann", day("2018-06-10"))
        bob = register_of(*self.added, Deputised("bob", self.deputyship), left)["bob"]
        assert bob.find_capacity(["chief"], day("2018-06-10"), "s")
        assert not bob.find_capacity(["chief"], day("2018-06-11"), "s")

    @pytest.mark.parametrize("may_delegate", [False, True])
    def test_a_deputy_names_a_further_one_only_if_that_was_allowed(self, may_delegate: bool) -> None:
        first = Deputyship("ann", "", (), self.deputyship.term, "Letter", "Ann", may_delegate=may_delegate)
        second = Deputyship("bob", "", (), self.deputyship.term, "Note", "Bob")
        cy = register_of(*self.added, Deputised("bob", first), Deputised("cy", second))["cy"]
        expected = Capacity("chief", "Ann", "Note") if may_delegate else None
        assert cy.find_capacity(["chief"], day("2018-06-15"), "s") == expected

    def test_two_who_stand_in_for_each_other_hold_each_others_roles_and_end(self) -> None:
        bob = OfficerAdded("bob", "Bob", (Appointment("clerk", "s"),))
        term = self.deputyship.term
        officers = register_of(
            CHIEF,
            bob,
            Deputised("bob", Deputyship("ann", "", (), term, "A", "Ann", may_delegate=True)),
            Deputised("ann", Deputyship("bob", "", (), term, "B", "Bob", may_delegate=True)),
        )
        on = day("2018-06-15")
        assert officers["bob"].find_capacity(["chief"], on, "s") == Capacity("chief", "Ann", "A")
        assert officers["ann"].find_capacity(["clerk"], on, "s") == Capacity("clerk", "Bob", "B")

    def test_a_deputy_for_some_roles_holds_no_others(self) -> None:
        both = OfficerAdded("ann", "Ann", (Appointment("chief", "s"), Appointment("chair", "s")))
        only = Deputyship("ann", "s", ("chair",), Term(), "Letter", "Ann")
        bob = register_of(both, OfficerAdded("bob", "Bob"), Deputised("bob", only))["bob"]
        assert bob.find_capacity(["chief", "chair"], START, "s") == Capacity("chair", "Ann", "Letter")


class TestEndings:
    def test_one_role_ends_and_the_others_stay(self) -> None:
        both = OfficerAdded("ann", "Ann", (Appointment("chief", "s"), Appointment("chair", "s")))
        ann = register_of(both, AppointmentsEnded("ann", "", ("chief",), START))["ann"]
        assert ann.find_capacity(["chief"], START + timedelta(1), "s") is None
        assert ann.find_capacity(["chair"], START + timedelta(1), "s")

    def test_a_deputyship_ends_and_own_roles_stay(self) -> None:
        bob = OfficerAdded("bob", "Bob", (Appointment("chair", "s"),))
        deputised = Deputised("bob", Deputyship("ann", "", (), Term(), "Letter", "Ann"))
        ended = register_of(CHIEF, bob, deputised, AppointmentsEnded("bob", "", (), START, "ann"))["bob"]
        assert ended.find_capacity(["chief"], START + timedelta(1), "s") is None
        assert ended.find_capacity(["chair"], START + timedelta(1), "s")

    def test_an_officer_who_left_can_be_appointed_again(self) -> None:
        again = Appointed("ann", (Appointment("chief", "s", Term(day("2018-09-01"))),))
        ann = register_of(CHIEF, OfficerLeft("ann", START), again)["ann"]
        assert ann.left_on is None
        assert ann.find_capacity(["chief"], day("2018-05-01"), "s") is None
        assert ann.find_capacity(["chief"], day("2018-09-01"), "s")

    @given(st.lists(st.tuples(DAYS, DAYS), max_size=4), st.lists(DAYS, max_size=3), DAYS)
    def test_nobody_holds_a_role_on_a_day_outside_every_appointment(
        self, terms: list[tuple[date, date]], endings: list[date], on: date
    ) -> None:
        records: list[OfficerRecord] = [OfficerAdded("ann", "Ann")]
        records += [Appointed("ann", (Appointment("chief", "s", Term(*term)),)) for term in terms]
        records += [AppointmentsEnded("ann", "s", ("chief",), last) for last in endings]
        held = any(first <= on <= min([last, *endings]) for first, last in terms)
        assert bool(register_of(*records)["ann"].find_capacity(["chief"], on, "s")) is held


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("One Person Esq", "One Person"),
        ("Dr. One Person", "one person"),
        ("Person, One", "One Person"),
        ("Óne Persön OBE", "One Person"),
        ("Sir One Person QPM", "Mr One Person"),
        ("Сох Мас", "Cox Mac"),  # noqa: RUF001  # the first is Cyrillic
        ("ΖΟΕ ΚΕΝΤ", "Zoe Kent"),  # noqa: RUF001  # the first is Greek
    ],
)
def test_one_person_under_two_names_is_found(name: str, other: str) -> None:
    assert find_lookalikes(name, [name, other, "Somebody Else"]) == (other,)


@pytest.mark.parametrize(
    ("name", "other"), [("Ann Lee", "Anne Lee"), ("The Commissioner", "Commissioner"), ("A B", "A C")]
)
def test_two_people_with_like_names_are_not_taken_for_one(name: str, other: str) -> None:
    assert find_lookalikes(name, [other]) == ()
