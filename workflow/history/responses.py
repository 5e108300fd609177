"""Responses to findings of an audit as entries of the ledger: a stream for each case, beside that of its acts.

Invariants:
- A response changes neither the case nor its version, and no ruling.
- Its reason stands in Part 2: a finding can rest on exempt facts, and so can what is said of it.
- Reading is strict: a response of an unknown kind makes the ledger broken.
"""

from __future__ import annotations

from datetime import date

from workflow.cases.events import CURRENT_FORMAT, ActContext
from workflow.cases.finding_response import RESPONSE_KINDS, FindingResponse
from workflow.history.serialization import ACCOUNT_KEY, parse_body, report_unreadable, require_text
from workflow.ledger.canonical_json import to_canonical_json
from workflow.ledger.entries import Entry, ExemptText, UnsealedEntry
from workflow.ledger.ports import ReadTransaction

RESPONDED_KIND = "responded"


def responses_stream(case_id: str) -> str:
    """The stream of the responses to findings on a case."""
    return f"responses/{case_id}"


def case_id_of_responses(stream: str) -> str:
    """The case of a stream of responses."""
    return stream.removeprefix(responses_stream(""))


def serialize_response(case_id: str, response: FindingResponse, act_context: ActContext) -> UnsealedEntry:
    """The entry of a response."""
    body = {
        "format": CURRENT_FORMAT,
        "control": response.control,
        "subject": response.subject,
        "response": response.response,
        **({ACCOUNT_KEY: act_context.account} if act_context.account else {}),
    }
    return UnsealedEntry(
        stream=responses_stream(case_id),
        kind=RESPONDED_KIND,
        on=response.on,
        officer=response.officer,
        body=to_canonical_json(body),
        exempt=to_canonical_json({"reason": response.reason}),
        salt=act_context.salt,
    )


def deserialize_response(entry: Entry, text: ExemptText) -> FindingResponse:
    """The response in an entry and its Part 2 text; raises `LedgerBroken` if it cannot be read."""
    with report_unreadable(entry):
        body = parse_body(entry)
        kind = next(kind for kind in RESPONSE_KINDS if kind == body["response"])
        reason = require_text(parse_body(text)["reason"])
        control, subject = require_text(body["control"]), require_text(body["subject"])
        return FindingResponse(control, subject, kind, reason, entry.officer, date.fromisoformat(entry.on))


def load_responses(transaction: ReadTransaction, case_id: str, as_of: date) -> dict[tuple[str, str], FindingResponse]:
    """The last response to each finding on a case by a day, by control and subject."""
    stream = responses_stream(case_id)
    entries = [entry for entry in transaction.entries_without_rulings(stream) if date.fromisoformat(entry.on) <= as_of]
    texts = {text.position: text for text in transaction.exempt_texts(stream)} if entries else {}
    responses = (deserialize_response(entry, texts[entry.position]) for entry in entries if entry.position in texts)
    return {(response.control, response.subject): response for response in responses}
