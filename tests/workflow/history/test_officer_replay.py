"""Replay finds records of officers that nobody could make, and reading them is strict."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.workflow.walk import new_services, services_at, shipped_library, walk_to_stage
from workflow.adapters.sqlite import SqliteStore
from workflow.cases.appointments import Appointment, Deputyship, Term
from workflow.cases.officer_register import (
    Appointed,
    AppointmentsEnded,
    Deputised,
    OfficerAdded,
    OfficerLeft,
    OfficerRecord,
)
from workflow.errors import LedgerBroken
from workflow.history.officer_records import OFFICERS_STREAM, serialize_officer_record
from workflow.services import queries, verification
from workflow.services.commands import Request, Services
from workflow.services.officer_commands import (
    AppointmentTerms,
    Deputising,
    RoleAppointment,
    add_founder,
    add_officer,
    deputise_officer,
    end_appointment,
)
from workflow.services.officer_endings import Ending

DAY = date(2018, 3, 1)
NO_ROLE = "was recorded by Gus Clerk, who held no role that appoints under mopac on its day"
DMPC = Appointment("dmpc", "mopac", Term(DAY), appointed_by="")
DEPUTY = Deputyship("cleo-chief", "mopac", ("chief_executive",), Term(DAY))
PACKS = {"mopac": shipped_library().bundle("mopac").digest}


@pytest.fixture
def store(path: Path) -> Iterator[Services]:
    """A store with a founder, a chief executive who appoints, and an author."""
    services = services_at(path)
    assert isinstance(services.store, SqliteStore)
    services.store.create()
    add_founder(services, "Fay Founder", Request("", DAY))
    for name, role, by in (
        ("Cleo Chief", "chief_executive", "fay-founder"),
        ("Ada Author", "author", "cleo-chief"),
        ("Gus Clerk", "governance", "cleo-chief"),
    ):
        appointment = RoleAppointment("mopac", (role,), AppointmentTerms())
        add_officer(services, name, appointment, Request(by, DAY))
    yield services
    services.store.close()


def append(
    services: Services, record: OfficerRecord, by: str, on: date = DAY, packs: Mapping[str, str] | None = PACKS
) -> None:
    """Seal a record as if somebody had been let to make it, under the packs of today."""
    unsealed = serialize_officer_record(record, by, on, packs=packs if by else None)
    with services.store.write_transaction() as transaction:
        transaction.append(unsealed, transaction.stream_version(OFFICERS_STREAM))


def fault_of(services: Services) -> str:
    """The only fault that replay finds."""
    with pytest.raises(LedgerBroken) as broken:
        verification.verify_ledger(services, with_replay=True)
    [fault] = broken.value.faults
    return fault.partition(": ")[2]


def test_records_that_may_be_made_are_no_fault(store: Services) -> None:
    terms = AppointmentTerms(DAY, date(2018, 3, 9), "Letter")
    deputise_officer(store, "gus-clerk", Deputising("cleo-chief", "mopac"), Request("cleo-chief", DAY), terms)
    end_appointment(store, "gus-clerk", Ending(principal="cleo-chief"), Request("cleo-chief", DAY))
    end_appointment(store, "ada-author", Ending("mopac", ("author",)), Request("ada-author", DAY))
    end_appointment(store, "gus-clerk", Ending(has_left=True), Request("gus-clerk", DAY))
    assert verification.verify_ledger(store, with_replay=True).entries == 8


@pytest.mark.parametrize(
    ("record", "by", "fault"),
    [
        (Appointed("ada-author", (DMPC,)), "Ada Author", "is of Ada Author, and Ada Author recorded it"),
        (Deputised("ada-author", DEPUTY), "Ada Author", "is of Ada Author, and Ada Author recorded it"),
        (Appointed("ada-author", (DMPC,)), "Nobody", "nobody had entered its officer before it: Nobody"),
        (
            Appointed("ada-author", (DMPC,)),
            "",
            "names nobody who appoints, in a store that has a founder or a case",
        ),
        (
            OfficerAdded("fay-second", "Fay Second", is_founder=True),
            "",
            "makes a founder of a store that has officers already",
        ),
    ],
)
def test_replay_finds_a_record_that_nobody_could_make(
    store: Services, record: OfficerRecord, by: str, fault: str
) -> None:
    append(store, record, by)
    assert fault_of(store) == fault


def test_replay_finds_an_appointer_who_held_nothing_on_the_day(store: Services) -> None:
    append(store, OfficerLeft("cleo-chief", DAY), "Fay Founder")
    append(store, Appointed("ada-author", (DMPC,)), "Cleo Chief", date(2018, 3, 2))
    assert fault_of(store) == NO_ROLE.replace("Gus Clerk", "Cleo Chief")


def test_an_officer_may_not_end_what_another_holds_without_an_appointment(store: Services) -> None:
    append(store, OfficerLeft("cleo-chief", DAY), "Fay Founder")
    append(store, AppointmentsEnded("ada-author", "", ("author",), DAY), "Cleo Chief", date(2018, 3, 2))
    assert fault_of(store) == NO_ROLE.replace("Gus Clerk", "Cleo Chief")


@pytest.mark.parametrize(
    "record",
    [
        Appointed("ada-author", (DMPC,)),
        OfficerAdded("dee-mayor", "Dee Mayor", (DMPC,)),
        OfficerAdded("dee-mayor", "Dee Mayor"),
        AppointmentsEnded("ada-author", "mopac", ("author",), DAY),
        OfficerLeft("ada-author", DAY),
        Deputised("ada-author", DEPUTY),
    ],
)
def test_replay_finds_an_appointer_whose_role_does_not_appoint(store: Services, record: OfficerRecord) -> None:
    """The packs that the record names say that only the Chief Executive appoints."""
    append(store, record, "Gus Clerk")
    assert fault_of(store) == NO_ROLE


def test_replay_finds_that_a_scheme_with_officers_is_staffed_by_its_own_alone(store: Services) -> None:
    other = {"gla": shipped_library().bundle("gla").digest}
    with store.store.write_transaction() as transaction:
        transaction.save_bundle(shipped_library().bundle("gla"))
    mayor = Appointment("mayor", "gla", Term(DAY))
    append(store, OfficerAdded("may-mayor", "May Mayor", (mayor,)), "Cleo Chief", packs={**other, **PACKS})
    assert verification.verify_ledger(store, with_replay=True).entries == 5
    append(store, Appointed("ada-author", (mayor,)), "Cleo Chief", packs={**other, **PACKS})
    assert fault_of(store) == "was recorded by Cleo Chief, who held no role that appoints under gla on its day"


@pytest.mark.parametrize(
    ("packs", "fault"),
    [
        (None, "names no packs, as records of officers before it do"),
        ({}, "names no packs of mopac, under which it was made"),
        ({"mopac": "0" * 64}, "cannot be judged again, its packs 000000000000 of mopac are not in the store"),
        (
            {"gla": PACKS["mopac"]},
            f"cannot be judged again, its packs {PACKS['mopac']:.12} of gla are not in the store",
        ),
    ],
)
def test_replay_wants_the_packs_that_entitle(store: Services, packs: Mapping[str, str] | None, fault: str) -> None:
    append(store, Appointed("ada-author", (DMPC,)), "Cleo Chief", packs=packs)
    assert fault_of(store) == fault


def test_a_record_of_an_earlier_version_names_no_packs_and_replays(path: Path) -> None:
    services = services_at(path)
    assert isinstance(services.store, SqliteStore)
    services.store.create()
    add_founder(services, "Fay Founder", Request("", DAY))
    append(services, OfficerAdded("gus-clerk", "Gus Clerk", (DMPC,)), "Fay Founder", packs=None)
    append(services, OfficerAdded("ada-author", "Ada Author", (DMPC,)), "Gus Clerk", packs=None)
    append(services, OfficerLeft("ada-author", DAY), "Ada Author", packs=None)
    assert verification.verify_ledger(services, with_replay=True).entries == 4
    append(services, Appointed("gus-clerk", (DMPC,)), "Gus Clerk", packs=None)
    assert fault_of(services) == "is of Gus Clerk, and Gus Clerk recorded it"
    services.store.close()


class TestBackdating:
    """The instants of the store are of 31 December 2018, and the scheme allows 28 days."""

    EVENTS = (
        (
            "the appointment begins",
            lambda day, why: Appointed("aimee-reed", (replace(DMPC, term=Term(day), reason=why),)),
        ),
        ("the appointment ends", lambda day, why: AppointmentsEnded("aimee-reed", "mopac", ("author",), day, "", why)),
        ("the appointment ends", lambda day, why: OfficerLeft("aimee-reed", day, why)),
        (
            "the deputyship begins",
            lambda day, why: Deputised("aimee-reed", Deputyship("deputy-mayor", "mopac", (), Term(day), reason=why)),
        ),
    )

    @pytest.fixture
    def running(self, path: Path) -> Iterator[Services]:
        """A store of the same day with a case."""
        services = new_services(path)
        walk_to_stage(services, "draft")
        yield services
        services.store.close()

    @pytest.mark.parametrize(("event", "make"), EVENTS)
    def test_replay_finds_what_reaches_too_far_back_without_a_reason(
        self, running: Services, event: str, make: Callable[[date, str], OfficerRecord]
    ) -> None:
        append(running, make(date(2018, 12, 2), ""), "R Lawrence", date(2018, 12, 31))  # a day more may be midnight
        append(running, make(date(2018, 11, 1), "Found late."), "R Lawrence", date(2018, 12, 31))
        assert verification.verify_ledger(running, with_replay=True).entries
        append(running, make(date(2018, 12, 1), ""), "R Lawrence", date(2018, 12, 31))
        assert fault_of(running).startswith(f"needs a reason: {event} on 2018-12-01, 29 days before it is recorded")

    def test_replay_finds_a_business_day_that_hides_it(self, running: Services) -> None:
        left = OfficerLeft("aimee-reed", date(2018, 12, 31))
        append(running, left, "R Lawrence", date(2018, 11, 1))
        assert "the appointment ends on 2018-11-01" in fault_of(running)

    def test_before_the_first_case_nothing_can_be_covered(self, store: Services) -> None:
        append(store, Appointed("ada-author", (DMPC,)), "Cleo Chief")
        assert verification.verify_ledger(store, with_replay=True).entries == 5


def test_replay_finds_an_appointment_by_nobody_in_a_store_that_has_a_case(path: Path) -> None:
    services = new_services(path)
    walk_to_stage(services, "draft")
    append(services, Appointed("aimee-reed", (DMPC,)), "")
    assert fault_of(services) == "names nobody who appoints, in a store that has a founder or a case"
    services.store.close()


def change_founder(body: dict[str, Any]) -> None:
    body["founder"] = "true"


def change_format(body: dict[str, Any]) -> None:
    body["format"] = True


def change_to_later_format(body: dict[str, Any]) -> None:
    body["format"] = 3


def change_appointments(body: dict[str, Any]) -> None:
    body["appointments"] = {"role": "dmpc"}


def change_to_known_officer(body: dict[str, Any]) -> None:
    body["id"] = "ada-author"


@pytest.mark.parametrize(
    "change", [change_founder, change_format, change_to_later_format, change_appointments, change_to_known_officer]
)
def test_a_record_that_assent_would_not_write_breaks_the_ledger(
    store: Services, change: Callable[[dict[str, Any]], None]
) -> None:
    record = serialize_officer_record(OfficerAdded("dee-mayor", "Dee Mayor", (DMPC,)), "Fay Founder", DAY)
    body = json.loads(record.body)
    change(body)
    with store.store.write_transaction() as transaction:
        transaction.append(replace(record, body=json.dumps(body)), transaction.stream_version(OFFICERS_STREAM))
    with pytest.raises(LedgerBroken, match=r"entry 5 \(officers version 5\): cannot be read"):
        queries.list_officers(store)


def test_replay_finds_a_record_with_more_than_assent_writes(store: Services) -> None:
    record = serialize_officer_record(OfficerAdded("dee-mayor", "Dee Mayor"), "Fay Founder", DAY)
    body = json.dumps({**json.loads(record.body), "title": "Mayor"})
    with store.store.write_transaction() as transaction:
        transaction.append(replace(record, body=body), transaction.stream_version(OFFICERS_STREAM))
    assert fault_of(store) == "does not have the form in which officers are recorded"
