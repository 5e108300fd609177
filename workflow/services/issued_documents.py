"""Record the documents that were issued of cases and of the ledger, each once, and list them.

Invariants:
- A document is recorded with the officer, day and version checks of an act. One made of an earlier version is refused.
- The digest of a Part 2 document stands with Part 2: whoever knows all of it but one figure could try every figure.
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
    """Record that a document was issued of a case; a document that is recorded already is not recorded again.

    The request is checked either way. Raises `Conflict` if somebody acted on the case while the document was made.
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
    """Record that a report was issued of several cases, or of the whole ledger; each report once."""
    act_context = services.new_act_context(None)
    with services.store.write_transaction() as transaction:
        _record_document(transaction, documents_stream(""), body, "", act_context)


def _record_document(
    transaction: WriteTransaction, stream: str, body: Mapping[str, Any], officer_name: str, act_context: ActContext
) -> None:
    issued = _restore_exempt_parts(transaction.entries_without_rulings(stream), transaction.exempt_texts(stream))
    if to_canonical_json(dict(body)) not in [entry.body for entry in issued]:
        public, exempt = _split_by_part(body)
        entry = UnsealedEntry(
            stream, ISSUED_DOCUMENT_KIND, act_context.on, officer_name, public, exempt=exempt, salt=act_context.salt
        )
        transaction.append(entry, len(issued))


def _refuse_issue(case: Case, officer: Officer | None, on: date) -> None:
    """Raise if the officer is of another authority, or the day is before the last act, as `decide` does."""
    if officer and not officer.acts_for(case.scheme):
        entitled = f"its own officers, and not those of {officer.scheme}"
        raise NotEntitled(officer.name, f"issue documents under {case.scheme}", [entitled])
    if early := explain_too_early(case, on):
        raise InputError(early, "Give the day on which it was really issued with --on.")


def _split_by_part(body: Mapping[str, Any]) -> tuple[str, str]:
    """The public record of a document, and what of it belongs in Part 2 (empty for Part 1)."""
    if body["part"] == 1:
        return to_canonical_json(dict(body)), ""
    public = {key: value for key, value in body.items() if key not in _EXEMPT_KEYS}
    return to_canonical_json(public), to_canonical_json({key: body[key] for key in _EXEMPT_KEYS})


def list_issued_documents(services: Services) -> tuple[Entry, ...]:
    """Every document that was issued, in order, each with the digest of its file."""
    with services.store.read_transaction() as transaction:
        entries = transaction.entries_of_kind(ISSUED_DOCUMENT_KIND)
        streams = dict.fromkeys(entry.stream for entry in entries if entry.exempt)
        texts = [text for stream in streams for text in transaction.exempt_texts(stream)]
        return _restore_exempt_parts(entries, texts)


def _restore_exempt_parts(entries: Sequence[Entry], texts: Iterable[ExemptText]) -> tuple[Entry, ...]:
    """Entries of documents, with what stands of them in Part 2 put back into their bodies."""
    exempt_bodies = {text.position: parse_body(text) for text in texts}
    return tuple(
        _merge_exempt_part(entry, exempt_bodies[entry.position]) if entry.position in exempt_bodies else entry
        for entry in entries
    )


def _merge_exempt_part(entry: Entry, exempt_body: Mapping[str, Any]) -> Entry:
    with report_unreadable(entry):
        return entry._replace(body=to_canonical_json({**parse_body(entry), **exempt_body}))
