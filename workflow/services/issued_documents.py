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
from workflow.cases.events import ActContext
from workflow.cases.life import explain_too_early
from workflow.cases.officers import Officer
from workflow.errors import NotEntitled
from workflow.history.officer_records import find_officer
from workflow.history.serialization import ISSUED_DOCUMENT_KIND, documents_stream, parse_body, report_unreadable
from workflow.history.snapshots import rebuild_public_case
from workflow.ledger.canonical_json import to_canonical_json
from workflow.ledger.entries import Entry, ExemptText, UnsealedEntry
from workflow.ledger.ports import WriteTransaction
from workflow.services.commands import Request, Services

_EXEMPT_KEYS = ("sha256",)


def record_document_issue(services: Services, case_id: str, body: Mapping[str, Any], request: Request) -> None:
    """Record that a document was issued of a case; the same document a second time is not recorded again.

    Who asks, for which day and at which version is looked at both times, as it is before an act. Raises `Conflict`
    for a document of an earlier version: somebody acted while it was made.

    The digest of a document of Part 2 is kept with Part 2: who knows all of it but a figure could try every figure.
    """
    moment, stream = services.new_act_context(request.on), documents_stream(case_id)
    with services.store.write_transaction() as record:
        officer = find_officer(record, request.officer) if request.officer else None
        known, _ = rebuild_public_case(record.entries_without_rulings(case_id))
        request.check_version(case_id, known.version)
        replace(request, expect_version=body["version"]).check_version(case_id, known.version)
        _refuse_issue(known, officer, moment.on)
        _record_document(record, stream, body, officer.name if officer else "", moment)


def record_report_issue(services: Services, body: Mapping[str, Any]) -> None:
    """Record that a document was made of several cases, or of the whole record; once, as `record_issue` does."""
    moment = services.new_act_context(None)
    with services.store.write_transaction() as record:
        _record_document(record, documents_stream(""), body, "", moment)


def _record_document(
    transaction: WriteTransaction, stream: str, body: Mapping[str, Any], officer_name: str, act_context: ActContext
) -> None:
    issued = _restore_exempt_parts(transaction.entries_without_rulings(stream), transaction.exempt_texts(stream))
    if to_canonical_json(dict(body)) not in [entry.body for entry in issued]:
        public, withheld = _split_by_part(body)
        transaction.append(
            UnsealedEntry(
                stream,
                ISSUED_DOCUMENT_KIND,
                act_context.on,
                officer_name,
                public,
                exempt=withheld,
                salt=act_context.salt,
            ),
            len(issued),
        )


def _refuse_issue(case: Case, officer: Officer | None, on: date) -> None:
    """Raise where an officer is of another authority, or the day is before the last act, as `decide` does."""
    if officer and not officer.acts_for(case.scheme):
        who = f"its own officers, and not those of {officer.scheme}"
        raise NotEntitled(officer.name, f"issue documents under {case.scheme}", [who])
    if early := explain_too_early(case, on):
        raise InputError(early, "Give the day on which it was really issued with --on.")


def _split_by_part(body: Mapping[str, Any]) -> tuple[str, str]:
    """What is said of a document in public, and what only Part 2 may know of it (or nothing)."""
    if body["part"] == 1:
        return to_canonical_json(dict(body)), ""
    public = {key: value for key, value in body.items() if key not in _EXEMPT_KEYS}
    return to_canonical_json(public), to_canonical_json({key: body[key] for key in _EXEMPT_KEYS})


def list_issued_documents(services: Services) -> tuple[Entry, ...]:
    """Every document that was issued, in order, each with the digest by which it can be known again."""
    with services.store.read_transaction() as record:
        entries = record.entries_of_kind(ISSUED_DOCUMENT_KIND)
        streams = dict.fromkeys(entry.stream for entry in entries if entry.exempt)
        return _restore_exempt_parts(entries, [text for stream in streams for text in record.exempt_texts(stream)])


def _restore_exempt_parts(entries: Sequence[Entry], texts: Iterable[ExemptText]) -> tuple[Entry, ...]:
    """Entries of documents with what is kept of them in Part 2 put back into their bodies."""
    kept = {text.position: parse_body(text) for text in texts}
    return tuple(
        _merge_exempt_part(entry, kept[entry.position]) if entry.position in kept else entry for entry in entries
    )


def _merge_exempt_part(entry: Entry, exempt_body: Mapping[str, Any]) -> Entry:
    with report_unreadable(entry):
        return entry._replace(body=to_canonical_json({**parse_body(entry), **exempt_body}))
