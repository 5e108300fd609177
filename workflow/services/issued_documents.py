"""Issued documents: the ledger records each once, with the digest by which its file is recognised.

The digest of a document of Part 2 is kept with Part 2: anyone who knows all of the document but one figure could try
every figure against a public digest.
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
from workflow.history.officer_records import find_officer
from workflow.history.serialization import ISSUED_DOCUMENT_KIND, documents_stream, parse_body, report_unreadable
from workflow.history.snapshots import rebuild_public_case
from workflow.ledger.canonical_json import to_canonical_json
from workflow.ledger.entries import Entry, ExemptText, UnsealedEntry
from workflow.ledger.ports import WriteTransaction
from workflow.services.commands import Request, Services

_EXEMPT_KEYS = ("sha256",)


def record_document_issue(services: Services, case_id: str, body: Mapping[str, Any], request: Request) -> None:
    """Record that a document of a case was issued, unless the same document was recorded before.

    Officer, day and version are checked even then, as before an act. Raises `Conflict` if somebody acted while the
    document was made.
    """
    act_context, stream = services.new_act_context(request.on), documents_stream(case_id)
    with services.store.write_transaction() as transaction:
        officer = find_officer(transaction, request.officer) if request.officer else None
        case, _ = rebuild_public_case(transaction.entries_without_rulings(case_id))
        request.check_version(case_id, case.version)
        replace(request, expect_version=body["version"]).check_version(case_id, case.version)
        _refuse_issue(case, officer, act_context.on)
        _record_document(transaction, stream, body, officer.name if officer else "", act_context)


def record_report_issue(services: Services, body: Mapping[str, Any]) -> None:
    """Record that a document of several cases or of the whole record was issued, unless it was recorded before."""
    act_context = services.new_act_context(None)
    with services.store.write_transaction() as transaction:
        _record_document(transaction, documents_stream(""), body, "", act_context)


def _record_document(
    transaction: WriteTransaction, stream: str, body: Mapping[str, Any], officer_name: str, act_context: ActContext
) -> None:
    entries = _restore_exempt_parts(transaction.entries_without_rulings(stream), transaction.exempt_texts(stream))
    if to_canonical_json(dict(body)) in [entry.body for entry in entries]:
        return
    public, exempt = _split_by_part(body)
    unsealed = UnsealedEntry(
        stream=stream,
        kind=ISSUED_DOCUMENT_KIND,
        on=act_context.on,
        officer=officer_name,
        body=public,
        exempt=exempt,
        salt=act_context.salt,
    )
    transaction.append(unsealed, len(entries))


def _refuse_issue(case: Case, officer: Officer | None, on: date) -> None:
    """Raise, as `decide` does, for an officer of another authority or a day before the last act."""
    if officer:
        officer.require_authority(case.scheme, "issue documents")
    if early := explain_too_early(case, on):
        raise InputError(early, "Give the day on which the document was issued with --on.")


def _split_by_part(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return the public text and the Part 2 text (empty for Part 1) of a document's record."""
    if body["part"] == 1:
        return to_canonical_json(dict(body)), ""
    public = {key: value for key, value in body.items() if key not in _EXEMPT_KEYS}
    return to_canonical_json(public), to_canonical_json({key: body[key] for key in _EXEMPT_KEYS})


def list_issued_documents(services: Services) -> tuple[Entry, ...]:
    """Return the entry of every issued document, in order, with its digest in the body."""
    with services.store.read_transaction() as transaction:
        entries = transaction.entries_of_streams(documents_stream(""))
        entries = [entry for entry in entries if entry.kind == ISSUED_DOCUMENT_KIND]
        streams = dict.fromkeys(entry.stream for entry in entries if entry.exempt)
        texts = [text for stream in streams for text in transaction.exempt_texts(stream)]
        return _restore_exempt_parts(entries, texts)


def _restore_exempt_parts(entries: Sequence[Entry], texts: Iterable[ExemptText]) -> tuple[Entry, ...]:
    """Return the entries of documents with their Part 2 texts merged into their bodies."""
    exempt_bodies = {text.position: parse_body(text) for text in texts}
    return tuple(
        _merge_exempt_part(entry, exempt_bodies[entry.position]) if entry.position in exempt_bodies else entry
        for entry in entries
    )


def _merge_exempt_part(entry: Entry, exempt_body: Mapping[str, Any]) -> Entry:
    with report_unreadable(entry):
        return entry._replace(body=to_canonical_json({**parse_body(entry), **exempt_body}))
