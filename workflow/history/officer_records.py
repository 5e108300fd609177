"""Officers as the ledger has them: recorded in one stream, read back, and found by what somebody typed."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import lru_cache

from rules.errors import InputError
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.cases.officers import Officer
from workflow.history.serialization import parse_mapping, report_unreadable, require_text
from workflow.ledger.canonical_json import to_canonical_json
from workflow.ledger.entries import Entry, UnsealedEntry
from workflow.ledger.ports import ReadTransaction

OFFICER_KIND = "officer"
OFFICERS_STREAM = "officers"


def serialize_officer(officer: Officer, added_by: str, on: date) -> UnsealedEntry:
    """The entry of an officer and the roles held."""
    body = {"id": officer.id, "name": officer.name, "scheme": officer.scheme, "roles": list(officer.roles)}
    return UnsealedEntry(OFFICERS_STREAM, OFFICER_KIND, on, added_by, to_canonical_json(body))


def deserialize_officer(entry: Entry) -> Officer:
    """The officer that an entry records."""
    with report_unreadable(entry):
        return _parse_officer(entry.body)


@lru_cache(maxsize=1024)  # every command looks its officer up among all officers
def _parse_officer(body: str) -> Officer:
    data = parse_mapping(body)
    officer_id, name, scheme = (require_text(data[key]) for key in ("id", "name", "scheme"))
    return Officer(officer_id, name, scheme, tuple(map(require_text, data["roles"])))


def load_officers(transaction: ReadTransaction) -> tuple[Officer, ...]:
    """Every officer, in the order of their names."""
    officers = map(deserialize_officer, transaction.entries_without_rulings(OFFICERS_STREAM))
    return tuple(sorted(officers, key=lambda officer: officer.name))


def find_officer(transaction: ReadTransaction, id_or_name: str) -> Officer:
    """The officer of an id or a name; raises `InputError` with the closest one."""
    officers, typed = load_officers(transaction), unicodedata.normalize("NFC", id_or_name).casefold()
    for officer in officers:
        if typed in (officer.id, officer.name.casefold()):
            return officer
    raise InputError(
        f"{quote(id_or_name, 120)} is not an officer that is known here",
        did_you_mean(id_or_name, [officer.id for officer in officers])
        or "Add officers with: assent officer add NAME --role ROLE",
    )
