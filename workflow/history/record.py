"""Events as they are recorded and read back: the public text of an entry, and beside it that of Part 2."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, cast

from rules.errors import InputError
from rules.judging.findings import Ruling
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.cases.case import Case, ExemptFacts, FullCase
from workflow.cases.events import Act, ActContext, Command, Event, EventKind, FactChanges, RecordReview
from workflow.cases.life import AcceptedEvent, evolve, evolve_exempt_part
from workflow.cases.officers import Officer
from workflow.cases.review import find_review_changes
from workflow.cases.ruling import relevant_facts
from workflow.errors import LedgerBroken
from workflow.ledger.canonical_json import deserialize_facts, parse_json, serialize_facts, to_canonical_json
from workflow.ledger.entries import Entry, ExemptText, UnsealedEntry, describe_entry
from workflow.ledger.ports import CaseSummary, ReadTransaction

REFUSAL_KIND = "refused"
ISSUED_DOCUMENT_KIND = "issued"
OFFICER_KIND = "officer"
OFFICERS_STREAM = "officers"
CASE_EVENT_KINDS = ("opened", "entered", "amended", "acted", "reviewed")
UNREADABLE_ERRORS = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What comes of reading a text as what it is not: it was sealed, but not by us."""


@dataclass(frozen=True, slots=True)
class CaseSnapshot:
    """Everything that is known of a case: both parts, and the seal of its last entry."""

    case: Case
    exempt_part: ExemptFacts
    head: str

    @property
    def full_case(self) -> FullCase:
        """Both parts of the case."""
        return FullCase(self.case, self.exempt_part)


def refusals_stream(case_id: str) -> str:
    """The stream that keeps what was refused on a case; it leaves the case's version alone."""
    return f"refusals/{case_id}"


def case_id_of_refusals(stream: str) -> str:
    """The case of a stream of refusals."""
    return stream.removeprefix(refusals_stream(""))


def documents_stream(case_id: str) -> str:
    """The stream that keeps the documents issued of a case."""
    return f"documents/{case_id}"


def serialize_event(
    event: Event,
    ruling: Ruling | None,
    packs_digest: str,
    exempt_evidence: Mapping[str, FactValue],
    act_context: ActContext,
) -> UnsealedEntry:
    """The record of an event. `weighed` is the exempt evidence of its ruling, kept with Part 2 to be judged again."""
    body = {
        "action": event.action,
        "capacity": event.capacity,
        "scheme": event.scheme,
        "stage": event.stage,
        "packs": packs_digest,
        "stated": serialize_facts(event.public.stated),
        "removed": sorted(event.public.removed),
    }
    confidential = {
        "stated": serialize_facts(event.exempt.stated),
        "removed": sorted(event.exempt.removed),
        "weighed": serialize_facts(exempt_evidence),
    }
    return UnsealedEntry(
        stream=event.case,
        kind=event.kind,
        on=event.on,
        officer=event.officer,
        body=to_canonical_json(body),
        ruling=to_canonical_json(ruling.as_receipt()) if ruling else "",
        exempt=to_canonical_json(confidential) if any(confidential.values()) else "",
        salt=act_context.salt,
    )


def find_exempt_evidence(full_case: FullCase | None, accepted: AcceptedEvent, scheme: Scheme) -> dict[str, FactValue]:
    """The exempt evidence on which an event was let happen; none where it passed no gate.

    A review is judged with what it states itself.
    """
    if full_case is None or accepted.ruling is None:
        return {}
    facts, event = full_case.exempt_part.facts, accepted.event
    known = event.exempt.apply_to(facts) if event.kind == "reviewed" else facts
    return relevant_facts(known, accepted.ruling.gate, scheme.rulebook)


class RefusedCommand(NamedTuple):
    """What was refused: the command, the ruling against it, and who asked."""

    command: Command
    ruling: Ruling
    officer_name: str


def serialize_refusal(
    refused: RefusedCommand, full_case: FullCase, scheme: Scheme, act_context: ActContext
) -> UnsealedEntry:
    """The record of what was refused, with what was stated with it in each part: that stands nowhere else."""
    command, ruling, officer = refused
    public, withheld = FactChanges(), FactChanges()
    if isinstance(command, Act):
        public = FactChanges(command.stated)
    elif isinstance(command, RecordReview):
        public, withheld = find_review_changes(command, full_case, scheme, act_context.on)
    weighed = relevant_facts(withheld.apply_to(full_case.exempt_part.facts), ruling.gate, scheme.rulebook)
    body = {
        "action": ruling.action,
        "blocked_by": list(ruling.blocking_controls()),
        "packs": ruling.packs_digest,
        "stated": serialize_facts(public.stated),
    }
    parts = {"weighed": serialize_facts(weighed), "stated": serialize_facts(withheld.stated)}
    confidential = {key: facts for key, facts in parts.items() if facts}
    return UnsealedEntry(
        stream=refusals_stream(ruling.case),
        kind=REFUSAL_KIND,
        on=act_context.on,
        officer=officer,
        body=to_canonical_json(body),
        ruling=to_canonical_json(ruling.as_receipt()),
        exempt=to_canonical_json(confidential) if confidential else "",
        salt=act_context.salt,
    )


@contextmanager
def report_unreadable(row: Entry | ExemptText) -> Iterator[None]:
    """What is done with the texts of a row; raises `LedgerBroken` naming it where they are not what they should be."""
    try:
        yield
    except UNREADABLE_ERRORS:
        raise LedgerBroken([f"{describe_entry(row)}: cannot be read"]) from None


def parse_body(row: Entry | ExemptText) -> dict[str, Any]:
    """The body of an entry, or of its Part 2 text; raises `LedgerBroken` where it cannot be read."""
    with report_unreadable(row):
        return _parse_mapping(row.body)


def parse_action(entry: Entry) -> str:
    """What an entry of a case says was done or tried."""
    with report_unreadable(entry):
        return str(parse_body(entry)["action"])


def parse_ruling(entry: Entry) -> dict[str, Any]:
    """The ruling that an entry records; raises `LedgerBroken` where it cannot be read."""
    with report_unreadable(entry):
        return _parse_mapping(entry.ruling)


def _parse_mapping(text: str) -> dict[str, Any]:
    found = parse_json(text)
    if not isinstance(found, dict):
        raise TypeError("no mapping")
    return found


def _require_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def deserialize_event(entry: Entry, exempt_text: ExemptText | None) -> Event:
    """The event that an entry records; without its Part 2 text, the public part of it."""
    with report_unreadable(entry):
        body = parse_body(entry)
        confidential = parse_body(exempt_text) if exempt_text else {}
        return Event(
            kind=cast("EventKind", entry.kind),
            case=entry.stream,
            scheme=_require_text(body["scheme"]),
            action=_require_text(body["action"]),
            officer=entry.officer,
            capacity=_require_text(body["capacity"]),
            on=date.fromisoformat(entry.on),
            stage=_require_text(body["stage"]),
            public=FactChanges(deserialize_facts(body["stated"]), frozenset(body["removed"])),
            exempt=FactChanges(
                deserialize_facts(confidential.get("stated", {})), frozenset(confidential.get("removed", ()))
            ),
        )


def rebuild_public_case(entries: Iterable[Entry]) -> tuple[Case, str]:
    """The public part of a case and the seal of its last entry, from its entries alone; Part 2 is not read."""
    case, head = None, ""
    for entry in entries:
        case, head = evolve(case, deserialize_event(entry, None)), entry.seal
    if case is None:
        raise InputError("there is no such case")
    return case, head


def summarize_case(case: Case) -> CaseSummary:
    """The case as the list of cases shows it."""
    opened_on = case.facts.get("opened.on")
    if not isinstance(opened_on, date):
        raise InputError(f"{case.id} does not say when it was opened")
    return CaseSummary(case.id, case.title, case.scheme, case.stage, case.version, opened_on, case.last_on)


def find_summary_faults(entries: Iterable[Entry], summaries: Iterable[CaseSummary]) -> list[str]:
    """Where the list of cases says something else than the ledger, a line for each case."""
    streams: dict[str, list[Entry]] = {}
    for entry in filter(_is_case_event, entries):
        streams.setdefault(entry.stream, []).append(entry)
    told = [(name, _build_expected_summary(stream)) for name, stream in streams.items()]
    listed = [(row.case, row) for row in summaries]
    # What stands in both holds; a case whose entries make none (None) is in neither.
    wrong = {name for name, _ in set(told) ^ set(listed)}
    return [f"{name}: the list of cases differs from the ledger" for name in sorted(wrong, key=str)]


def _is_case_event(entry: Entry) -> bool:
    return entry.kind in CASE_EVENT_KINDS


def _build_expected_summary(entries: Iterable[Entry]) -> CaseSummary | None:
    """What the list of cases should say of a case; nothing where its entries do not make one."""
    try:
        return summarize_case(rebuild_public_case(entries)[0])
    except (LedgerBroken, InputError):
        return None


def load_snapshot(transaction: ReadTransaction, case_id: str) -> CaseSnapshot:
    """Both parts of a case; raises `InputError` where there is no such case."""
    texts = {text.version: text for text in transaction.exempt_texts(case_id)}
    case, confidential, head = None, ExemptFacts({}), ""
    for entry in transaction.entries_without_rulings(case_id):
        if entry.exempt and entry.version not in texts:
            raise LedgerBroken([f"{describe_entry(entry)}: its Part 2 text is gone"])
        event = deserialize_event(entry, texts.get(entry.version))
        case, confidential, head = evolve(case, event), evolve_exempt_part(confidential, event), entry.seal
    if case is None:
        raise InputError("there is no such case")
    return CaseSnapshot(case, confidential, head)


def serialize_officer(officer: Officer, added_by: str, on: date) -> UnsealedEntry:
    """The record of an officer's roles."""
    body = {"id": officer.id, "name": officer.name, "scheme": officer.scheme, "roles": list(officer.roles)}
    return UnsealedEntry(OFFICERS_STREAM, OFFICER_KIND, on, added_by, to_canonical_json(body))


def deserialize_officer(entry: Entry) -> Officer:
    """The officer that an entry records."""
    with report_unreadable(entry):
        return _parse_officer(entry.body)


@lru_cache(maxsize=1024)
def _parse_officer(body: str) -> Officer:
    """The officer of a text, read once: whoever acts is looked up among all officers."""
    told = _parse_mapping(body)
    name, called, scheme = (_require_text(told[key]) for key in ("id", "name", "scheme"))
    return Officer(name, called, scheme, tuple(map(_require_text, told["roles"])))


def load_officers(transaction: ReadTransaction) -> tuple[Officer, ...]:
    """Every officer, by name, as the ledger has them."""
    return tuple(
        sorted(
            map(deserialize_officer, transaction.entries_without_rulings(OFFICERS_STREAM)),
            key=lambda officer: officer.name,
        )
    )


def find_officer(transaction: ReadTransaction, id_or_name: str) -> Officer:
    """The officer of an id or a name; raises `InputError` with the nearest one."""
    known, typed = load_officers(transaction), unicodedata.normalize("NFC", id_or_name).casefold()
    for officer in known:
        if typed in (officer.id, officer.name.casefold()):
            return officer
    raise InputError(
        f"{quote(id_or_name, 120)} is not an officer that is known here",
        did_you_mean(id_or_name, [officer.id for officer in known])
        or "Add officers with: assent officer add NAME --role ROLE",
    )


def find_case_id(transaction: ReadTransaction, typed_id: str) -> str:
    """The number of a case, however its letters are typed; raises `InputError` with the nearest one."""
    if transaction.has_case(typed_id):
        return typed_id
    known = [overview.case for overview in transaction.case_summaries()]
    for case in known:
        if typed_id.casefold() == case.casefold():
            return case
    raise InputError(
        f"{quote(typed_id, 120)} is not a case that is known here",
        did_you_mean(typed_id, known) or "Open one with: assent case open PAPER.yaml --scheme SCHEME",
    )
