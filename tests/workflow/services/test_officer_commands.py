"""Officers are added, appointed, deputised and ended by those who may, and acts keep to the days of appointments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.errors import InputError
from tests.workflow.walk import AUTHOR, CASE_ID, act_on_case, request_by, services_at, walk_to_stage
from workflow.adapters.sqlite import SqliteStore
from workflow.errors import NotEntitled
from workflow.services import commands, officer_commands, queries, verification
from workflow.services.commands import Request, Services
from workflow.services.ledger_audit import audit_cases
from workflow.services.officer_commands import AppointmentTerms, Deputising, RoleAppointment
from workflow.services.officer_endings import Ending

CHIEF = "r-lawrence"
PAPER = {"title": "x"}


def founded(path: Path) -> Services:
    """Services on a new store with a founder."""
    services = services_at(path)
    assert isinstance(services.store, SqliteStore)
    services.store.create()
    officer_commands.add_founder(services, "Fay Founder", Request("", date(2018, 3, 1)))
    return services


@pytest.fixture
def store(path: Path) -> Iterator[Services]:
    services = founded(path)
    yield services
    services.store.close()


def add(services: Services, name: str, role: str, by: str, on: str, terms: AppointmentTerms | None = None) -> None:
    appointment = RoleAppointment("mopac", (role,), terms or AppointmentTerms())
    officer_commands.add_officer(services, name, appointment, request_by(by, on))


def appoint(
    services: Services, officer: str, role: str, request: Request, terms: AppointmentTerms | None = None
) -> None:
    appointment = RoleAppointment("mopac", (role,), terms or AppointmentTerms())
    officer_commands.appoint_officer(services, officer, appointment, request)


class TestWhoAppoints:
    def test_in_a_store_with_a_founder_somebody_appoints(self, store: Services) -> None:
        with pytest.raises(InputError) as refused:
            add(store, "Ann Lee", "author", "", "2018-03-01")
        assert refused.value.advice() == "Add --as, such as: --as fay-founder"
        add(store, "Ann Lee", "author", "fay-founder", "2018-03-01")
        [view] = [view for view in queries.list_officers(store) if view.officer.id == "ann-lee"]
        assert view.as_json()["appointments"][0]["appointed_by"] == "Fay Founder"

    def test_the_founder_holds_no_role_and_cannot_be_given_one(self, store: Services) -> None:
        [founder] = queries.list_officers(store)
        assert (founder.officer.is_founder, founder.as_json()["roles"]) == (True, ["founding"])
        with pytest.raises(NotEntitled):
            commands.open_case(store, "mopac", PAPER, {}, request_by("fay-founder", "2018-03-07"))
        with pytest.raises(InputError, match="is the founder"):
            appoint(store, "fay-founder", "dmpc", request_by("fay-founder", "2018-03-01"))

    def test_a_store_has_one_founder(self, store: Services) -> None:
        with pytest.raises(InputError, match="has officers already"):
            officer_commands.add_founder(store, "Another", Request(""))

    def test_a_store_without_founder_takes_founding_appointments_until_its_first_case(self, services: Services) -> None:
        add(services, "Ann Lee", "author", "", "2018-03-01")
        walk_to_stage(services, "draft")
        add_late = RoleAppointment("mopac", ("author",))
        with pytest.raises(InputError, match="this store has cases"):
            officer_commands.add_officer(services, "Bo Late", add_late, Request(""))

    def test_only_a_role_that_the_scheme_names_appoints(self, services: Services) -> None:
        with pytest.raises(NotEntitled, match=r"Aimee Reed may not appoint officers.*: only .*\(chief_executive\)"):
            appoint(services, "deputy-mayor", "pib_chair", request_by(AUTHOR, "2018-03-05"))
        appoint(services, "deputy-mayor", "pib_chair", request_by(CHIEF, "2018-03-05"))

    def test_nobody_appoints_himself(self, services: Services) -> None:
        with pytest.raises(NotEntitled, match="R Lawrence may not appoint R Lawrence"):
            appoint(services, CHIEF, "dmpc", request_by(CHIEF, "2018-03-05"))
        assert NotEntitled.exit_code == 4

    def test_one_who_left_appoints_nobody(self, services: Services) -> None:
        officer_commands.end_appointment(services, CHIEF, Ending(has_left=True), request_by(CHIEF, "2018-03-05"))
        appoint(services, "deputy-mayor", "pib_chair", request_by(CHIEF, "2018-03-05"))
        with pytest.raises(NotEntitled):
            appoint(services, "deputy-mayor", "iab_chair", request_by(CHIEF, "2018-03-06"))


class TestBackdating:
    def test_an_appointment_that_begins_too_early_needs_a_reason_which_is_kept(self, services: Services) -> None:
        walk_to_stage(services, "draft")
        early = AppointmentTerms(first=date(2018, 12, 2))
        with pytest.raises(
            InputError, match="29 days before it is recorded: mopac allows 28 without a reason"
        ) as refused:
            appoint(services, "deputy-mayor", "pib_chair", Request(CHIEF), early)
        assert "--reason" in refused.value.advice()
        appoint(services, "deputy-mayor", "pib_chair", Request(CHIEF), AppointmentTerms(first=date(2018, 12, 3)))
        explained = AppointmentTerms(first=date(2018, 12, 2), reason="The letter was found late.")
        appoint(services, "deputy-mayor", "iab_chair", Request(CHIEF), explained)
        [view] = [view for view in queries.list_officers(services) if view.officer.id == "deputy-mayor"]
        assert view.as_json()["appointments"][-1]["reason"] == "The letter was found late."

    def test_a_business_day_in_the_past_does_not_hide_it(self, services: Services) -> None:
        walk_to_stage(services, "draft")
        with pytest.raises(InputError, match="300 days before it is recorded"):
            appoint(services, "deputy-mayor", "pib_chair", request_by(CHIEF, "2018-03-06"))

    def test_the_last_day_is_not_before_the_first(self, services: Services) -> None:
        terms = AppointmentTerms(first=date(2018, 3, 5), last=date(2018, 3, 4))
        with pytest.raises(InputError, match="is before the first"):
            appoint(services, "deputy-mayor", "pib_chair", request_by(CHIEF, "2018-03-05"), terms)


class TestActsKeepToAppointments:
    def test_an_act_on_a_day_outside_the_appointment_is_not_entitled(self, store: Services) -> None:
        add(store, "Ann Lee", "author", "fay-founder", "2018-03-05", AppointmentTerms(last=date(2018, 3, 9)))
        message = r"open a case on 2018-03-04 \(appointed author from 2018-03-05 to 2018-03-09\): only Report author"
        with pytest.raises(NotEntitled, match=message):
            commands.open_case(store, "mopac", PAPER, {}, request_by("ann-lee", "2018-03-04"))
        commands.open_case(store, "mopac", PAPER, {}, request_by("ann-lee", "2018-03-09"))
        with pytest.raises(NotEntitled):
            commands.perform_action(store, CASE_ID, commands.TypedAct("withdraw"), request_by("ann-lee", "2018-03-10"))

    def test_what_ends_later_leaves_earlier_acts_as_they_were(self, services: Services) -> None:
        walk_to_stage(services, "iab")
        ending = Ending(roles=("pib_chair",), last=date(2018, 3, 1), reason="The letter was found late.")
        officer_commands.end_appointment(services, "chair-of-pib", ending, Request(CHIEF))
        assert verification.verify_ledger(services, with_replay=True).entries
        [case] = audit_cases(services, []).cases
        assert not [warning for warning in case.warnings if "otherwise" in warning]

    def test_a_deputy_acts_for_somebody_under_an_instrument(self, services: Services) -> None:
        terms = AppointmentTerms(date(2018, 3, 1), date(2018, 3, 31), "Letter of 28 February")
        deputising = Deputising("chair-of-pib", "mopac", ("pib_chair",))
        officer_commands.deputise_officer(
            services, "governance-team", deputising, request_by("chair-of-pib", "2018-03-01"), terms
        )
        walk_to_stage(services, "pib")
        act_on_case(services, "pib-support", "governance-team", "2018-03-14")
        item = queries.list_case_history(services, CASE_ID)[-1]
        body = json.loads(item.entry.body)
        assert (body["capacity"], body["for"], body["under"]) == ("pib_chair", "Chair of PIB", "Letter of 28 February")
        assert item.act
        assert item.act.by == "Governance Team for Chair of PIB under Letter of 28 February"
        assert verification.verify_ledger(services, with_replay=True).rulings

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 12))
    def test_no_case_is_opened_outside_an_appointment(
        self, tmp_path_factory: pytest.TempPathFactory, first: int, last: int, on: int
    ) -> None:
        services = founded(tmp_path_factory.mktemp("store") / "assent.db")
        terms = AppointmentTerms(date(2018, 3, first), date(2018, 3, max(first, last)), "Letter")
        add(services, "Ann Lee", "author", "fay-founder", "2018-03-01", terms)
        request = request_by("ann-lee", f"2018-03-{on:02}")
        try:
            commands.open_case(services, "mopac", PAPER, {}, request)
            opened = True
        except NotEntitled:
            opened = False
        assert opened is (first <= on <= max(first, last))
        services.store.close()


class TestDeputising:
    terms = AppointmentTerms(instrument="Letter")

    def test_a_deputy_cannot_name_himself(self, services: Services) -> None:
        with pytest.raises(NotEntitled, match="Governance Team may not deputise Governance Team"):
            officer_commands.deputise_officer(
                services, "governance-team", Deputising("deputy-mayor"), request_by("governance-team", "2018-03-05"),
                self.terms,
            )  # fmt: skip

    def test_another_officer_who_does_not_appoint_cannot_name_one(self, services: Services) -> None:
        with pytest.raises(NotEntitled, match="Aimee Reed may not name deputies"):
            officer_commands.deputise_officer(
                services, "governance-team", Deputising("deputy-mayor"), request_by(AUTHOR, "2018-03-05"), self.terms
            )

    def test_a_role_that_is_not_held_cannot_be_passed_on(self, services: Services) -> None:
        with pytest.raises(InputError, match="does not hold the role 'author'") as refused:
            officer_commands.deputise_officer(
                services,
                "governance-team",
                Deputising("deputy-mayor", "mopac", ("author",)),
                Request(CHIEF),
                self.terms,
            )
        assert refused.value.advice() == "Roles that can be passed on: dmpc."

    def test_an_empty_instrument_is_none(self, services: Services) -> None:
        deputising, terms = Deputising("deputy-mayor"), AppointmentTerms(instrument=" ")
        with pytest.raises(InputError, match="under an instrument, and none is named"):
            officer_commands.deputise_officer(services, "governance-team", deputising, Request(CHIEF), terms)

    def test_a_deputy_needs_a_day_on_which_the_other_holds_the_role(self, services: Services) -> None:
        ending = Ending(roles=("pib_chair",), last=date(2018, 3, 1), reason="The letter was found late.")
        officer_commands.end_appointment(services, "chair-of-pib", ending, Request(CHIEF))
        terms = AppointmentTerms(date(2018, 3, 2), date(2018, 3, 31), "Letter", "The letter came late")
        deputising = Deputising("chair-of-pib", "mopac", ("pib_chair",))
        with pytest.raises(InputError, match="holds none of these roles from 2018-03-02 to 2018-03-31") as refused:
            officer_commands.deputise_officer(services, "governance-team", deputising, Request(CHIEF), terms)
        assert "to 2018-03-01" in refused.value.advice()


class TestEnding:
    def test_what_is_not_held_cannot_end(self, services: Services) -> None:
        with pytest.raises(InputError, match="is not appointed to 'dmpc'"):
            officer_commands.end_appointment(services, AUTHOR, Ending(roles=("dmpc",)), request_by(CHIEF, "2018-03-05"))
        ending = Ending(principal="deputy-mayor")
        with pytest.raises(InputError, match="is not a deputy of"):
            officer_commands.end_appointment(services, AUTHOR, ending, request_by(CHIEF, "2018-03-05"))
        with pytest.raises(InputError, match="you did not say what ends"):
            officer_commands.end_appointment(services, AUTHOR, Ending(), request_by(CHIEF, "2018-03-05"))

    def test_only_those_who_appoint_and_the_officer_end_it(self, services: Services) -> None:
        with pytest.raises(NotEntitled, match="may not end appointments"):
            officer_commands.end_appointment(
                services, "deputy-mayor", Ending(roles=("dmpc",)), request_by(AUTHOR, "2018-03-05")
            )
        officer_commands.end_appointment(
            services, "deputy-mayor", Ending(roles=("dmpc",)), request_by("deputy-mayor", "2018-03-05")
        )


def test_one_person_under_two_names_is_warned_of_when_added_and_listed(services: Services) -> None:
    receipt = officer_commands.add_officer(
        services, "Reed, Aimee MBE", officer_commands.RoleAppointment("mopac", ("dmpc",)), request_by("", "2018-03-01")
    )
    assert receipt.lookalikes == ("Aimee Reed",)
    shown = {view.officer.name: view.as_json()["may_be_same_person_as"] for view in queries.list_officers(services)}
    assert shown["Aimee Reed"] == ["Reed, Aimee MBE"]


def test_officers_of_a_day_are_those_with_an_appointment_on_it(services: Services) -> None:
    appoint(services, "deputy-mayor", "pib_chair", request_by(CHIEF, "2018-03-05"), AppointmentTerms(date(2018, 4, 1)))
    before = queries.list_officers(services, date(2018, 2, 28))
    assert before == ()
    on_day = {view.officer.id: view.as_json()["roles"] for view in queries.list_officers(services, date(2018, 3, 5))}
    assert on_day["deputy-mayor"] == ["dmpc"]


@pytest.mark.parametrize(
    ("ending", "message"),
    [
        (Ending("mopac", has_left=True), "--left ends everything"),
        (Ending(roles=("author",), has_left=True), "--left ends everything"),
        (Ending(principal=CHIEF, has_left=True), "--left ends everything"),
        (Ending("mopac", principal=CHIEF), "--for ends a deputyship as a whole"),
        (Ending(roles=("author",), principal=CHIEF), "--for ends a deputyship as a whole"),
    ],
)
def test_an_ending_that_would_be_read_in_part_is_refused(store: Services, ending: Ending, message: str) -> None:
    add(store, "Ann Lee", "author", "fay-founder", "2018-03-01")
    with pytest.raises(InputError, match=message):
        officer_commands.end_appointment(store, "ann-lee", ending, request_by("fay-founder", "2018-03-02"))
