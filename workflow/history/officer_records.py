"""Officers as the ledger has them: one stream of records, read back in order, and found by what somebody typed.

Invariants:
- Records of format 2 say what was recorded: an officer added, appointed, deputised, ended or left.
- A record of format 1 adds an officer with roles; these read as appointments from its business day, without end.
- The officers of an act are those that the records before it make.
- A record that an officer made names the packs by whose appointment rules it was judged; older ones name none.
- Nobody acts by a record that was altered: whoever is to act is found in records whose seals hold.
- Reading is strict: a value of another type than the one that is written makes the ledger broken.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from rules.errors import InputError
from rules.values.names import find_meant
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
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
from workflow.cases.officers import Officer
from workflow.errors import LedgerBroken
from workflow.history.serialization import ACCOUNT_KEY, parse_body, parse_mapping, report_unreadable, require_text
from workflow.ledger.canonical_json import to_canonical_json
from workflow.ledger.entries import Entry, UnsealedEntry, find_stream_faults
from workflow.ledger.ports import ReadTransaction

OFFICERS_STREAM = "officers"
ADDED, APPOINTED, ENDED, LEFT, DEPUTISED = "officer", "appointed", "ended", "left", "deputised"
OFFICER_KINDS = (ADDED, APPOINTED, ENDED, LEFT, DEPUTISED)
_FORMAT = 2
_MAX_REGISTERS = 64
"""How many registers of officers are kept, each as it was after so many records."""
_PACKS_KEY = "packs"


def serialize_officer_record(
    record: OfficerRecord, recorded_by: str, on: date, account: str = "", packs: Mapping[str, str] | None = None
) -> UnsealedEntry:
    """The entry of a record of officers; `recorded_by` is the officer who appoints, ends or deputises.

    `account` is the operating system's account of who typed the command; empty where it is not known. `packs` are the
    digests, by scheme, of the packs by whose appointment rules it was judged; None where no officer made it.
    """
    kind, body = _FORMATTERS[type(record)](record)
    body = {**body, **({ACCOUNT_KEY: account} if account else {})}
    body |= {_PACKS_KEY: dict(packs)} if packs is not None else {}
    return UnsealedEntry(OFFICERS_STREAM, kind, on, recorded_by, to_canonical_json({"format": _FORMAT, **body}))


def deserialize_officer_record(entry: Entry) -> OfficerRecord:
    """The record of officers in an entry; raises `LedgerBroken` if it cannot be read."""
    with report_unreadable(entry):
        return _parse_record(entry.kind, entry.body, entry.officer, entry.on)


def parse_appointing_packs(entry: Entry) -> dict[str, str] | None:
    """The digests, by scheme, of the packs by whose rules a record was judged; None for one that names none."""
    with report_unreadable(entry):
        packs = parse_body(entry).get(_PACKS_KEY)
        if packs is None:
            return None
        return {require_text(scheme): require_text(digest) for scheme, digest in packs.items()}


def is_of_format_1(entry: Entry) -> bool:
    """Whether a record of officers is of format 1, which names no appointer."""
    return "format" not in parse_body(entry)


@lru_cache(maxsize=1024)  # every command reads all records
def _parse_record(kind: str, body: str, recorded_by: str, on: str) -> OfficerRecord:
    data = parse_mapping(body)
    if "format" not in data:
        return _parse_format_1(data, recorded_by, on)
    if type(data["format"]) is not int or data["format"] != _FORMAT:
        raise ValueError("no known format")
    return _PARSERS[kind](data, recorded_by)


def load_register(transaction: ReadTransaction) -> OfficerRegister:
    """The register of officers, as all records make it."""
    return _make_register(transaction.entries_without_rulings(OFFICERS_STREAM))


def load_unaltered_register(transaction: ReadTransaction) -> OfficerRegister:
    """The register of officers, for acts that it entitles; raises `LedgerBroken` if a record was altered."""
    return _make_unaltered_register(tuple(transaction.sealed_entries(OFFICERS_STREAM)))


def _make_unaltered_register(entries: tuple[Entry, ...]) -> OfficerRegister:
    if faults := list(find_stream_faults(entries, None)):
        raise LedgerBroken(faults)
    return _make_register(entries)


_make_lasting_register = lru_cache(maxsize=1)(_make_unaltered_register)
"""The register of the records read last; it must not take another record. Equal rows have equal seals."""


def _make_register(entries: Iterable[Entry]) -> OfficerRegister:
    register = OfficerRegister()
    for entry in entries:
        take_entry(register, entry)
    return register


def take_entry(register: OfficerRegister, entry: Entry) -> None:
    """Take the next entry of the officers into a register; raises `LedgerBroken` if it cannot be read."""
    record = deserialize_officer_record(entry)
    with report_unreadable(entry):  # a record of an officer who was not added, or was added twice
        register.take(record)


class OfficerRecords:
    """The officers as they were at each entry of any case, from one reading of their records."""

    def __init__(self, transaction: ReadTransaction) -> None:
        self._entries = transaction.entries_without_rulings(OFFICERS_STREAM)
        self._positions = [entry.position for entry in self._entries]
        self._officers_after = lru_cache(maxsize=_MAX_REGISTERS)(self._make_officers)

    @property
    def now(self) -> Mapping[str, Officer]:
        """Every officer by name, as all records make them."""
        return self._officers_after(len(self._entries))

    def find(self, entry: Entry) -> Officer:
        """Return the officer of an entry as the records before it make him; raises `KeyError` if there is none."""
        return self._officers_after(bisect_left(self._positions, entry.position))[entry.officer]

    def _make_officers(self, record_count: int) -> Mapping[str, Officer]:
        return _make_register(self._entries[:record_count]).by_name()


def load_officers(transaction: ReadTransaction) -> tuple[Officer, ...]:
    """Every officer, in the order of their names."""
    officers = load_register(transaction).officers().values()
    return tuple(sorted(officers, key=lambda officer: officer.name))


def find_officer(transaction: ReadTransaction, id_or_name: str) -> Officer:
    """The officer of an id or a name who is to act; raises `InputError` with the closest one."""
    entries = tuple(transaction.sealed_entries(OFFICERS_STREAM))
    return find_in_register(_make_lasting_register(entries), id_or_name)


def find_in_register(register: OfficerRegister, id_or_name: str) -> Officer:
    """The officer of an id or a name in a register; raises `InputError` with the closest one."""
    typed = unicodedata.normalize("NFC", id_or_name).casefold()
    names = register.names()
    matching = [officer_id for officer_id, name in names.items() if typed in (officer_id, name.casefold())]
    if matching:
        return register.officer(min(matching, key=names.__getitem__))
    if meant := find_meant(id_or_name, names):  # with spaces, hyphens or underscores
        return register.officer(meant)
    raise InputError(
        f"{quote(id_or_name, 120)} is not an officer that is known here",
        did_you_mean(id_or_name, sorted(names, key=names.__getitem__))
        or "Add officers with: assent officer add NAME --role ROLE",
    )


def _parse_format_1(data: Mapping[str, Any], recorded_by: str, on: str) -> OfficerAdded:
    """An officer with roles at one authority, which the record held without days."""
    officer_id, name, scheme = (require_text(data[key]) for key in ("id", "name", "scheme"))
    term = Term(first=date.fromisoformat(on))
    roles = _require_texts(data["roles"])
    appointments = tuple(Appointment(role, scheme, term, appointed_by=recorded_by) for role in roles)
    return OfficerAdded(officer_id, name, appointments)


def _format_added(record: OfficerAdded) -> tuple[str, dict[str, Any]]:
    founder = {"founder": True} if record.is_founder else {}
    appointments = [_format_appointment(appointment) for appointment in record.appointments]
    return ADDED, {"id": record.officer_id, "name": record.name, "appointments": appointments, **founder}


def _parse_added(data: Mapping[str, Any], recorded_by: str) -> OfficerAdded:
    return OfficerAdded(
        require_text(data["id"]),
        require_text(data["name"]),
        _parse_appointments(data, recorded_by),
        _require_flag(data.get("founder", False)),
    )


def _format_appointed(record: Appointed) -> tuple[str, dict[str, Any]]:
    appointments = [_format_appointment(appointment) for appointment in record.appointments]
    return APPOINTED, {"id": record.officer_id, "appointments": appointments}


def _parse_appointed(data: Mapping[str, Any], recorded_by: str) -> Appointed:
    return Appointed(require_text(data["id"]), _parse_appointments(data, recorded_by))


def _format_ended(record: AppointmentsEnded) -> tuple[str, dict[str, Any]]:
    return ENDED, {
        "id": record.officer_id,
        "scheme": record.scheme,
        "roles": list(record.roles),
        "to": record.last.isoformat(),
        "for": record.principal_id,
        **_reason_as_json(record.reason),
    }


def _parse_ended(data: Mapping[str, Any], _: str) -> AppointmentsEnded:
    return AppointmentsEnded(
        require_text(data["id"]),
        require_text(data["scheme"]),
        _require_texts(data["roles"]),
        date.fromisoformat(data["to"]),
        require_text(data["for"]),
        require_text(data.get("reason", "")),
    )


def _format_left(record: OfficerLeft) -> tuple[str, dict[str, Any]]:
    return LEFT, {"id": record.officer_id, "to": record.last.isoformat(), **_reason_as_json(record.reason)}


def _parse_left(data: Mapping[str, Any], _: str) -> OfficerLeft:
    reason = require_text(data.get("reason", ""))
    return OfficerLeft(require_text(data["id"]), date.fromisoformat(data["to"]), reason)


def _reason_as_json(reason: str) -> dict[str, str]:
    """The reason why an end is recorded late; records without one have no such key."""
    return {"reason": reason} if reason else {}


def _format_deputised(record: Deputised) -> tuple[str, dict[str, Any]]:
    deputyship = record.deputyship
    return DEPUTISED, {
        "id": record.officer_id,
        "for": deputyship.principal_id,
        "scheme": deputyship.scheme,
        "roles": list(deputyship.roles),
        **deputyship.term.as_json(),
        "instrument": deputyship.instrument,
        "may_delegate": deputyship.may_delegate,
        "reason": deputyship.reason,
    }


def _parse_deputised(data: Mapping[str, Any], recorded_by: str) -> Deputised:
    deputyship = Deputyship(
        principal_id=require_text(data["for"]),
        scheme=require_text(data["scheme"]),
        roles=_require_texts(data["roles"]),
        term=_parse_term(data),
        instrument=require_text(data["instrument"]),
        appointed_by=recorded_by,
        may_delegate=_require_flag(data["may_delegate"]),
        reason=require_text(data["reason"]),
    )
    return Deputised(require_text(data["id"]), deputyship)


def _format_appointment(appointment: Appointment) -> dict[str, Any]:
    return {
        "role": appointment.role,
        "scheme": appointment.scheme,
        **appointment.term.as_json(),
        "instrument": appointment.instrument,
        "reason": appointment.reason,
    }


def _parse_appointments(data: Mapping[str, Any], recorded_by: str) -> tuple[Appointment, ...]:
    return tuple(
        Appointment(
            role=require_text(each["role"]),
            scheme=require_text(each["scheme"]),
            term=_parse_term(each),
            instrument=require_text(each["instrument"]),
            appointed_by=recorded_by,
            reason=require_text(each["reason"]),
        )
        for each in _require_list(data["appointments"])
    )


def _parse_term(data: Mapping[str, Any]) -> Term:
    first, last = (date.fromisoformat(day) if (day := data[key]) is not None else None for key in ("from", "to"))
    return Term(first, last)


def _require_list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def _require_texts(value: object) -> tuple[str, ...]:
    return tuple(map(require_text, _require_list(value)))


def _require_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("no flag")
    return value


_FORMATTERS: Mapping[type, Callable[[Any], tuple[str, dict[str, Any]]]] = {
    OfficerAdded: _format_added,
    Appointed: _format_appointed,
    AppointmentsEnded: _format_ended,
    OfficerLeft: _format_left,
    Deputised: _format_deputised,
}
_PARSERS: Mapping[str, Callable[[Mapping[str, Any], str], OfficerRecord]] = {
    ADDED: _parse_added,
    APPOINTED: _parse_appointed,
    ENDED: _parse_ended,
    LEFT: _parse_left,
    DEPUTISED: _parse_deputised,
}
