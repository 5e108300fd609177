"""The documents that were issued of cases and of the record, as the ledger keeps them: each once, and known again.

What is kept of a document of Part 2 is parted as a case is: its digest stands with Part 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rules.errors import InputError
from workflow.cases.case import Case
from workflow.cases.events import Moment
from workflow.cases.life import too_early
from workflow.cases.officers import Officer
from workflow.errors import NotEntitled
from workflow.history.record import ISSUED, as_readable, body_of, documents_of, officer_named, public_case
from workflow.ledger.canonical_json import canonical
from workflow.ledger.entries import Draft, Entry, ExemptText
from workflow.ledger.ports import Writing
from workflow.services.commands import Asked, Desk

_UNSALTED = ("sha256",)


def record_issue(desk: Desk, case: str, body: Mapping[str, Any], asked: Asked) -> None:
    """Record that a document was issued of a case; the same document a second time is not recorded again.

    Who asks, for which day and at which version is looked at both times, as it is before an act. Raises `Conflict`
    for a document of an earlier version: somebody acted while it was made.

    The digest of a document of Part 2 is kept with Part 2: who knows all of it but a figure could try every figure.
    """
    moment, stream = desk.moment(asked.on), documents_of(case)
    with desk.store.writing() as record:
        officer = officer_named(record, asked.officer) if asked.officer else None
        known, _ = public_case(record.stream(case))
        asked.at(case, known.version)
        replace(asked, expect_version=body["version"]).at(case, known.version)
        _refuse_issue(known, officer, moment.on)
        _record_document(record, stream, body, officer.name if officer else "", moment)


def record_report(desk: Desk, body: Mapping[str, Any]) -> None:
    """Record that a document was made of several cases, or of the whole record; once, as `record_issue` does."""
    moment = desk.moment(None)
    with desk.store.writing() as record:
        _record_document(record, documents_of(""), body, "", moment)


def _record_document(record: Writing, stream: str, body: Mapping[str, Any], by: str, moment: Moment) -> None:
    issued = _whole(record.stream(stream), record.exempt(stream))
    if canonical(dict(body)) not in [entry.body for entry in issued]:
        public, withheld = _parted(body)
        record.append(Draft(stream, ISSUED, moment.on, by, public, exempt=withheld, salt=moment.salt), len(issued))


def _refuse_issue(case: Case, officer: Officer | None, on: date) -> None:
    """Raise where an officer is of another authority, or the day is before the last act, as `decide` does."""
    if officer and not officer.acts_for(case.scheme):
        who = f"its own officers, and not those of {officer.scheme}"
        raise NotEntitled(officer.name, f"issue documents under {case.scheme}", [who])
    if early := too_early(case, on):
        raise InputError(early, "Give the day on which it was really issued with --on.")


def _parted(body: Mapping[str, Any]) -> tuple[str, str]:
    """What is said of a document in public, and what only Part 2 may know of it (or nothing)."""
    if body["part"] == 1:
        return canonical(dict(body)), ""
    public = {key: value for key, value in body.items() if key not in _UNSALTED}
    return canonical(public), canonical({key: body[key] for key in _UNSALTED})


def issued(desk: Desk) -> tuple[Entry, ...]:
    """Every document that was issued, in order, each with the digest by which it can be known again."""
    with desk.store.reading() as record:
        entries = record.of_kind(ISSUED)
        streams = dict.fromkeys(entry.stream for entry in entries if entry.exempt)
        return _whole(entries, [text for stream in streams for text in record.exempt(stream)])


def _whole(entries: Sequence[Entry], texts: Iterable[ExemptText]) -> tuple[Entry, ...]:
    """Entries of documents with what is kept of them in Part 2 put back into their bodies."""
    kept = {text.position: body_of(text) for text in texts}
    return tuple(_put_together(entry, kept[entry.position]) if entry.position in kept else entry for entry in entries)


def _put_together(entry: Entry, kept: Mapping[str, Any]) -> Entry:
    with as_readable(entry):
        return entry._replace(body=canonical({**body_of(entry), **kept}))
