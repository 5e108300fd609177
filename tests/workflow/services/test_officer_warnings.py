"""The audit says who appointed the officers of a case, from when, and who may be one person."""

from datetime import date

import pytest

from tests.workflow.walk import AUTHOR, act_on_case, request_by, walk_to_stage
from workflow.cases.appointments import Appointment, Term
from workflow.cases.events import Event, FactChanges
from workflow.cases.officers import Officer
from workflow.services import officer_commands
from workflow.services.commands import Request, Services
from workflow.services.ledger_audit import audit_cases
from workflow.services.officer_commands import AppointmentTerms, Deputising, RoleAppointment
from workflow.services.officer_endings import Ending
from workflow.services.officer_warnings import OfficerWarnings


def warnings_of(services: Services) -> tuple[str, ...]:
    [case] = audit_cases(services, []).cases
    return case.warnings


def event_of(officer: str, on: date, entry_format: int) -> Event:
    return Event(
        kind="acted", case="C", scheme="s", action="submit", officer=officer, capacity="author", on=on, stage="draft",
        public=FactChanges(), exempt=FactChanges(), entry_format=entry_format,
    )  # fmt: skip


def test_appointments_by_nobody_are_named_once(services: Services) -> None:
    walk_to_stage(services, "pib")
    assert warnings_of(services)[0] == "nobody is recorded as having appointed Aimee Reed"


def test_an_appointment_that_was_recorded_late_is_shown_with_its_reason(services: Services) -> None:
    walk_to_stage(services, "pib")
    terms = AppointmentTerms(date(2018, 3, 1), reason="The letter was found late.")
    officer_commands.add_officer(
        services, "Pat Late", RoleAppointment("mopac", ("pib_chair",), terms), Request("r-lawrence")
    )
    act_on_case(services, "pib-support", "pat-late", "2018-03-14")
    late = "the appointment of Pat Late as pib_chair from 2018-03-01 was recorded late: The letter was found late."
    assert late in warnings_of(services)


def test_acts_after_an_end_that_was_recorded_late_are_shown(services: Services) -> None:
    walk_to_stage(services, "iab")
    ending = Ending("mopac", ("pib_chair",), last=date(2018, 3, 13), reason="The letter was found late.")
    receipt = officer_commands.end_appointment(services, "chair-of-pib", ending, Request("r-lawrence"))
    warning = (
        "pib-support of 2018-03-14 by Chair of PIB came after the end of the appointment, which was recorded later: "
        "pib_chair from 2018-03-01 to 2018-03-13 (end recorded late: The letter was found late.)"
    )
    assert receipt.acts_after == (f"MOPAC-2018-1: {warning}",)
    assert receipt.as_json()["acts_after"] == [f"MOPAC-2018-1: {warning}"]
    assert warning in warnings_of(services)


@pytest.mark.parametrize("last", [date(2018, 3, 14), date(2018, 3, 15)])
def test_an_act_on_the_last_day_is_within_the_appointment(services: Services, last: date) -> None:
    walk_to_stage(services, "iab")
    ending = Ending("mopac", ("pib_chair",), last=last, reason="The letter was found late.")
    receipt = officer_commands.end_appointment(services, "chair-of-pib", ending, Request("r-lawrence"))
    assert (receipt.acts_after, "acts_after" in receipt.as_json()) == ((), False)
    assert not [warning for warning in warnings_of(services) if "came after the end" in warning]


def test_a_deputy_acts_outside_once_the_other_had_left(services: Services) -> None:
    walk_to_stage(services, "pib")
    terms = AppointmentTerms(date(2018, 3, 1), instrument="Letter", reason="Entered with the case.")
    deputising = Deputising("chair-of-pib", "mopac", ("pib_chair",))
    officer_commands.deputise_officer(services, "governance-team", deputising, Request("r-lawrence"), terms)
    act_on_case(services, "pib-support", "governance-team", "2018-03-14")
    ending = Ending(has_left=True, last=date(2018, 3, 13), reason="She left in March.")
    receipt = officer_commands.end_appointment(services, "chair-of-pib", ending, Request("chair-of-pib"))
    [warning] = receipt.acts_after
    assert warning.startswith("MOPAC-2018-1: pib-support of 2018-03-14 by Governance Team came after the end")
    assert "(begin recorded late: Entered with the case.; end recorded late: She left in March.)" in warning


def test_two_names_that_look_like_one_person_are_shown_if_both_acted(services: Services) -> None:
    officer_commands.add_officer(
        services, "Reed, Aimee", officer_commands.RoleAppointment("mopac", ("pib_chair",)), request_by("", "2018-03-01")
    )
    walk_to_stage(services, "pib")
    same = "Aimee Reed and Reed, Aimee look like one person under two names"
    assert same not in warnings_of(services)
    act_on_case(services, "pib-support", "reed-aimee", "2018-03-14")
    assert same in warnings_of(services)
    assert AUTHOR == "aimee-reed"


def test_an_act_of_format_1_outside_the_appointment_is_shown() -> None:
    officer = Officer("ann", "Ann", (Appointment("author", "s", Term(date(2018, 3, 5)), appointed_by="Bo"),))
    seen = OfficerWarnings()
    seen.take(officer, event_of("Ann", date(2018, 3, 4), 1), officer)
    seen.take(officer, event_of("Ann", date(2018, 3, 5), 1), officer)
    assert list(seen.describe()) == [
        (
            "Ann did submit as author on 2018-03-04, outside the appointment (author from 2018-03-05); it was recorded "
            "before appointments had days"
        )
    ]
