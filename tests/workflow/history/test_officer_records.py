"""Records of officers are read back as they were written, and one that cannot be read is named, never guessed at."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InputError
from workflow.cases.appointments import Appointment, Deputyship, Term
from workflow.cases.officer_register import (
    Appointed,
    AppointmentsEnded,
    Deputised,
    OfficerAdded,
    OfficerLeft,
    OfficerRecord,
    OfficerRegister,
)
from workflow.errors import LedgerBroken
from workflow.history.officer_records import (
    OFFICERS_STREAM,
    deserialize_officer_record,
    find_in_register,
    serialize_officer_record,
    take_entry,
)
from workflow.ledger.entries import Entry

DAY = date(2024, 6, 3)
DAYS = st.none() | st.integers(0, 400).map(lambda days: DAY + timedelta(days))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
NAMES = st.sampled_from(["ann-adams", "bob-brown", "олена-коваль"])
ROLES = st.lists(st.sampled_from(["author", "chair", "clerk"]), max_size=2, unique=True).map(tuple)
TERMS = st.builds(Term, DAYS, DAYS)
APPOINTER = "Fay Founder"
APPOINTMENTS = st.lists(
    st.builds(
        Appointment, role=st.sampled_from(["author", "chair"]), scheme=st.sampled_from(["", "village"]), term=TERMS,
        instrument=WORDS, appointed_by=st.just(APPOINTER), reason=WORDS,
    ),
    max_size=2,
).map(tuple)  # fmt: skip
DEPUTYSHIPS = st.builds(
    Deputyship, principal_id=NAMES, scheme=st.sampled_from(["", "village"]), roles=ROLES, term=TERMS, instrument=WORDS,
    appointed_by=st.just(APPOINTER), may_delegate=st.booleans(), reason=WORDS,
)  # fmt: skip
RECORDS: st.SearchStrategy[OfficerRecord] = st.one_of(
    st.builds(OfficerAdded, NAMES, st.just("Ann Adams"), APPOINTMENTS, is_founder=st.booleans()),
    st.builds(Appointed, NAMES, APPOINTMENTS),
    st.builds(AppointmentsEnded, NAMES, st.sampled_from(["", "village"]), ROLES, st.just(DAY), st.just("") | NAMES),
    st.builds(OfficerLeft, NAMES, st.just(DAY)),
    st.builds(Deputised, NAMES, DEPUTYSHIPS),
)


def entry_with(body: str, kind: str = "officer", recorded_by: str = APPOINTER) -> Entry:
    """Return an entry of the officers with a body; seals are not looked at here."""
    return Entry(
        position=7, stream=OFFICERS_STREAM, version=3, kind=kind, on=DAY.isoformat(),
        recorded_at="2024-06-03T09:00:00Z", officer=recorded_by, body=body, ruling="", exempt="", previous="", seal="",
    )  # fmt: skip


def entry_of(record: OfficerRecord) -> Entry:
    """Return the entry of a record."""
    unsealed = serialize_officer_record(record, APPOINTER, DAY, "j.bloggs")
    return entry_with(unsealed.body, unsealed.kind)


def changed(record: OfficerRecord, **keys: object) -> Entry:
    """Return the entry of a record whose body has other values for some keys (None: without it)."""
    entry = entry_of(record)
    body = {**json.loads(entry.body), **keys}
    return entry_with(json.dumps({key: value for key, value in body.items() if value is not None}), entry.kind)


@given(RECORDS)
def test_each_record_is_read_back_as_it_was_written(record: OfficerRecord) -> None:
    assert deserialize_officer_record(entry_of(record)) == record


@given(RECORDS)
def test_each_record_says_its_format_and_who_typed_it(record: OfficerRecord) -> None:
    body = json.loads(entry_of(record).body)
    assert (body["format"], body["account"]) == (2, "j.bloggs")


def test_a_record_without_a_format_reads_as_appointments_from_its_day() -> None:
    body = {"id": "ann-adams", "name": "Ann Adams", "scheme": "village", "roles": ["author", "chair"]}
    record = deserialize_officer_record(entry_with(json.dumps(body), recorded_by=""))
    assert record == OfficerAdded(
        "ann-adams",
        "Ann Adams",
        tuple(Appointment(role, "village", Term(DAY)) for role in ("author", "chair")),
    )


ADDED = OfficerAdded("ann-adams", "Ann Adams", (Appointment("author", "village", Term(DAY, DAY)),))
ENDED = AppointmentsEnded("ann-adams", "village", ("author",), DAY)
DEPUTISED = Deputised("ann-adams", Deputyship("bob-brown", "", (), Term(DAY, DAY)))


@pytest.mark.parametrize(
    "entry",
    [
        entry_with(""),
        entry_with("{"),
        entry_with("[]"),
        entry_with('"text"'),
        entry_with("{}"),
        changed(ADDED, format=1),
        changed(ADDED, format=3),
        changed(ADDED, format="2"),
        changed(ADDED, id=None),
        changed(ADDED, id=7),
        changed(ADDED, name=["Ann"]),
        changed(ADDED, appointments=None),
        changed(ADDED, appointments="author"),
        changed(ADDED, appointments={}),
        changed(ENDED, roles="author"),
        changed(ENDED, roles={"author": 1}),
        changed(ADDED, appointments=[{"role": "author"}]),
        changed(ENDED, to="soon"),
        changed(ENDED, to=20240603),
        changed(ENDED, roles=7),
        changed(ENDED, **{"for": None}),
        changed(OfficerLeft("ann-adams", DAY), to=None),
        changed(DEPUTISED, may_delegate=None),
        changed(DEPUTISED, **{"from": "2024-13-01"}),
        entry_with(entry_of(ADDED).body, kind="promoted"),
    ],
    ids=lambda entry: f"{entry.kind} {entry.body[:60]}",
)
def test_a_record_that_cannot_be_read_is_named_by_its_place(entry: Entry) -> None:
    with pytest.raises(LedgerBroken, match="cannot be read") as broken:
        deserialize_officer_record(entry)
    assert "officers" in broken.value.faults[0]


@pytest.mark.parametrize("value", [1, 0, "true", "yes", []])
def test_a_flag_of_another_type_makes_no_founder_and_lets_no_deputy_pass_a_role_on(value: object) -> None:
    for entry in (changed(ADDED, founder=value), changed(DEPUTISED, may_delegate=value)):
        with pytest.raises(LedgerBroken, match="cannot be read"):
            deserialize_officer_record(entry)


def test_nobody_is_added_twice() -> None:
    register = OfficerRegister()
    take_entry(register, entry_of(ADDED))
    with pytest.raises(LedgerBroken, match="cannot be read"):
        take_entry(register, entry_of(ADDED))


@pytest.mark.parametrize(
    "record",
    [Appointed("zoe-zane", ()), ENDED, OfficerLeft("zoe-zane", DAY), DEPUTISED],
    ids=lambda r: type(r).__name__,
)
def test_a_record_of_somebody_who_was_never_added_is_named(record: OfficerRecord) -> None:
    with pytest.raises(LedgerBroken, match="cannot be read"):
        take_entry(OfficerRegister(), entry_of(record))


def test_a_deputy_of_somebody_who_was_never_added_is_named() -> None:
    register = OfficerRegister()
    take_entry(register, entry_of(ADDED))
    with pytest.raises(LedgerBroken, match="cannot be read"):
        take_entry(register, entry_of(DEPUTISED))


@pytest.mark.parametrize("typed", ["ann-adams", "Ann Adams", "ANN ADAMS", "Ann-Adams"])
def test_an_officer_is_found_by_id_or_name_in_any_case(typed: str) -> None:
    register = OfficerRegister()
    take_entry(register, entry_of(ADDED))
    assert find_in_register(register, typed).id == "ann-adams"


@pytest.mark.parametrize("typed", ["", "ann", "ann-adam", "zoe"])
def test_nobody_is_found_by_a_part_of_a_name(typed: str) -> None:
    register = OfficerRegister()
    take_entry(register, entry_of(ADDED))
    with pytest.raises(InputError, match="is not an officer that is known here"):
        find_in_register(register, typed)


def test_a_store_without_officers_says_how_to_add_them() -> None:
    with pytest.raises(InputError) as refused:
        find_in_register(OfficerRegister(), "ann-adams")
    assert refused.value.advice() == "Add officers with: assent officer add NAME --role ROLE"
