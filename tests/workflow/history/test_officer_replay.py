"""Replay finds records of officers that nobody could make, and reading them is strict."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.workflow.walk import new_services, services_at, walk_to_stage
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
DMPC = Appointment("dmpc", "mopac", Term(DAY), appointed_by="")
DEPUTY = Deputyship("cleo-chief", "mopac", ("chief_executive",), Term(DAY))


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


def append(services: Services, record: OfficerRecord, by: str, on: date = DAY) -> None:
    """Seal a record as if somebody had been let to make it."""
    with services.store.write_transaction() as transaction:
        transaction.append(serialize_officer_record(record, by, on), transaction.stream_version(OFFICERS_STREAM))


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
    assert fault_of(store) == "was recorded by Cleo Chief, who held no appointment on its day"


def test_an_officer_may_not_end_what_another_holds_without_an_appointment(store: Services) -> None:
    append(store, OfficerLeft("cleo-chief", DAY), "Fay Founder")
    append(store, AppointmentsEnded("ada-author", "", ("author",), DAY), "Cleo Chief", date(2018, 3, 2))
    assert fault_of(store) == "was recorded by Cleo Chief, who held no appointment on its day"


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
