"""Turn events and refusals into entries of the ledger, and read them back.

Invariants:
- What stands in Part 2 goes into the entry's exempt text alone; the body and the ruling never hold any of it.
- Serializing an event that was read back gives the same bytes, so that replay can compare whole entries.
- An entry that cannot be read raises `LedgerBroken` with its place. Seals do not prove that a text can be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, cast

from rules.judging.findings import Ruling
from rules.packs.renamed_names import NameMap
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue
from workflow.cases.case import FullCase
from workflow.cases.corrections import find_correction_changes
from workflow.cases.events import (
    CURRENT_FORMAT,
    FIRST_FORMAT,
    PART_2_KINDS,
    UNNAMED,
    Act,
    ActContext,
    AlreadyPublic,
    Command,
    Correct,
    Event,
    EventKind,
    FactChanges,
    Migration,
    RecordReview,
    Withheld,
)
from workflow.cases.life import AcceptedEvent
from workflow.cases.review import find_review_changes
from workflow.cases.ruling import relevant_facts, serialize_ruling
from workflow.errors import LedgerBroken
from workflow.ledger.canonical_json import deserialize_facts, parse_json, serialize_facts, to_canonical_json
from workflow.ledger.entries import Entry, ExemptText, UnsealedEntry, describe_entry

ACCOUNT_KEY = "account"
"""The key of a body that keeps the operating system's account of who typed the command."""
LINKED_KEY = "linked"
"""The key of a body that keeps what was read from linked cases, so that the ruling can be made again without them."""
ALREADY_PUBLIC_KEY = "already_public"
"""The key of a Part 2 text that keeps the words of Part 1 that an officer confirmed as already public."""
WITHHELD_KEY = "withheld"
"""The key of a body that names what Part 2 holds and forms of Part 1 print, so that the public record can say so."""
REFUSAL_KIND = "refused"
NAMED_KIND = "named"
"""An entry that says of a case which other case names it, so that this can be found without reading all cases."""
ISSUED_DOCUMENT_KIND = "issued"
CASE_EVENT_KINDS = ("opened", "entered", "amended", "acted", "reviewed", "corrected", "migrated")
UNREADABLE_ERRORS = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading raises for a text that is sealed but was not written by assent."""


def refusals_stream(case_id: str) -> str:
    """The stream of the refusals on a case; it leaves the version of the case alone."""
    return f"refusals/{case_id}"


def case_id_of_refusals(stream: str) -> str:
    """The case of a stream of refusals."""
    return stream.removeprefix(refusals_stream(""))


def links_stream(case_id: str) -> str:
    """The stream of entries that say which cases name a case."""
    return f"links/{case_id}"


def documents_stream(case_id: str) -> str:
    """The stream of the documents issued of a case."""
    return f"documents/{case_id}"


def serialize_event(
    event: Event,
    ruling: Ruling | None,
    packs_digest: str,
    exempt_evidence: Mapping[str, FactValue],
    act_context: ActContext,
) -> UnsealedEntry:
    """The entry of an event. `exempt_evidence` is kept with Part 2, so that the ruling can be judged again."""
    body: dict[str, Any] = {
        "action": event.action,
        "capacity": event.capacity,
        "scheme": event.scheme,
        "stage": event.stage,
        "packs": packs_digest,
        "stated": serialize_facts(event.public.stated),
        "removed": sorted(event.public.removed),
        **({"for": event.acts_for, "under": event.under} if event.acts_for else {}),
        **({"overrides": dict(event.overrides)} if event.overrides else {}),
        **({"source": dict(event.source)} if event.source else {}),
        **_late_as_json(act_context),
        **_linked_as_json(act_context, ruling),
    }
    if event.entry_format > FIRST_FORMAT:
        body |= {"format": event.entry_format, "round": event.round, **_account_of(act_context)}
    if event.voids:
        body["voids"] = list(event.voids)
    if event.withheld is not None:
        body[WITHHELD_KEY] = {"names": sorted(event.withheld.names), "forms": event.withheld.forms}
    if event.migration:
        left, reason, names = event.migration.left, event.migration.reason, event.migration.names
        body["migration"] = {"left": left, "reason": reason, "renamed": names.as_json()}
    exempt: dict[str, Any] = {
        "stated": serialize_facts(event.exempt.stated),
        "removed": sorted(event.exempt.removed),
        "weighed": serialize_facts(exempt_evidence),
    }
    if event.already_public:
        exempt[ALREADY_PUBLIC_KEY] = [known.as_json() for known in event.already_public]
    return UnsealedEntry(
        stream=event.case,
        kind=event.kind,
        on=event.on,
        officer=event.officer,
        body=to_canonical_json(body),
        ruling=serialize_ruling(ruling) if ruling else "",
        exempt=to_canonical_json(exempt) if any(exempt.values()) else "",
        salt=act_context.salt,
    )


def _account_of(act_context: ActContext) -> dict[str, str]:
    return {ACCOUNT_KEY: act_context.account} if act_context.account else {}


def _late_as_json(act_context: ActContext) -> dict[str, int]:
    return {"late_by": act_context.late_by} if act_context.late_by else {}


def _linked_as_json(act_context: ActContext, ruling: Ruling | None) -> dict[str, Any]:
    """Return the facts of linked cases that a ruling weighed, under their key; nothing if it weighed none."""
    weighed = act_context.linked.keys() & (ruling.public_facts if ruling else {}).keys()
    facts = {address: act_context.linked[address] for address in weighed}
    return {LINKED_KEY: serialize_facts(facts)} if facts else {}


def parse_linked(entry: Entry) -> dict[str, FactValue]:
    """The facts of linked cases that the ruling of an entry weighed, by address."""
    with report_unreadable(entry):
        return deserialize_facts(parse_body(entry).get(LINKED_KEY, {}))


def parse_late_by(entry: Entry) -> int:
    """The days by which an entry says that it was recorded late; 0 if it does not."""
    with report_unreadable(entry):
        return _late_by_of(parse_body(entry))


def parse_already_public(exempt_text: ExemptText) -> tuple[AlreadyPublic, ...]:
    """The words of Part 1 that an entry confirms as already public."""
    with report_unreadable(exempt_text):
        return _already_public_of(parse_body(exempt_text))


def find_exempt_evidence(full_case: FullCase | None, accepted: AcceptedEvent, scheme: Scheme) -> dict[str, FactValue]:
    """The exempt facts that the ruling on an event rests on; none if it passed no gate.

    A review or a correction is judged on the facts that it states itself, so these are included.
    """
    if full_case is None or accepted.ruling is None:
        return {}
    facts, event = full_case.exempt_part.facts, accepted.event
    known = event.exempt.apply_to(facts) if event.kind in ("reviewed", "corrected") else facts
    return relevant_facts(known, accepted.ruling.gate, scheme.rulebook)


class RefusedCommand(NamedTuple):
    """A command that was refused, with the ruling against it and the officer who gave it."""

    command: Command
    ruling: Ruling
    officer_name: str


def serialize_refusal(
    refused: RefusedCommand, full_case: FullCase, scheme: Scheme, act_context: ActContext
) -> UnsealedEntry:
    """The entry of a refusal, with the facts that the command stated in each part: no other entry has them."""
    command, ruling, officer_name = refused
    public, exempt = FactChanges(), FactChanges()
    if isinstance(command, Act):
        public = FactChanges(command.stated)
    elif isinstance(command, RecordReview):
        public, exempt = find_review_changes(command, full_case, scheme, act_context.on)
    elif isinstance(command, Correct):
        public, exempt = find_correction_changes(command, full_case, scheme, officer_name, act_context.on)
    evidence = relevant_facts(exempt.apply_to(full_case.exempt_part.facts), ruling.gate, scheme.rulebook)
    body: dict[str, Any] = {
        "action": ruling.action,
        "blocked_by": list(ruling.blocking_controls()),
        "packs": ruling.packs_digest,
        "stated": serialize_facts(public.stated),
        **_late_as_json(act_context),
        **_linked_as_json(act_context, ruling),
    }
    if act_context.entry_format > FIRST_FORMAT:
        body |= {"format": act_context.entry_format, **_account_of(act_context)}
    parts = {"weighed": serialize_facts(evidence), "stated": serialize_facts(exempt.stated)}
    exempt_body = {key: facts for key, facts in parts.items() if facts}
    return UnsealedEntry(
        stream=refusals_stream(ruling.case),
        kind=REFUSAL_KIND,
        on=act_context.on,
        officer=officer_name,
        body=to_canonical_json(body),
        ruling=serialize_ruling(ruling),
        exempt=to_canonical_json(exempt_body) if exempt_body else "",
        salt=act_context.salt,
    )


class NamedBy(NamedTuple):
    """A case that names another, and the fact in which it does."""

    case: str
    fact: str


def serialize_link(named: str, by: NamedBy, on: date, officer_name: str) -> UnsealedEntry:
    """The entry that says of a case that another one names it."""
    return UnsealedEntry(links_stream(named), NAMED_KIND, on, officer_name, to_canonical_json(by._asdict()))


def deserialize_link(entry: Entry) -> NamedBy:
    """The case that names the one of an entry."""
    with report_unreadable(entry):
        body = parse_body(entry)
        return NamedBy(require_text(body["case"]), require_text(body["fact"]))


class _UnreadableReport:
    """Replaces the errors of a block that cannot read a row by one with the place of the row."""

    # A class, since each act reads some thirty texts: a generator would take several times as long.

    __slots__ = ("_row",)

    def __init__(self, row: Entry | ExemptText) -> None:
        self._row = row

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if kind is not None and issubclass(kind, UNREADABLE_ERRORS):
            raise LedgerBroken([f"{describe_entry(self._row)}: cannot be read"]) from None


def report_unreadable(row: Entry | ExemptText) -> AbstractContextManager[None]:
    """Raise `LedgerBroken` with the place of a row if the block cannot read its texts."""
    return _UnreadableReport(row)


def parse_body(row: Entry | ExemptText) -> Mapping[str, Any]:
    """The body of an entry or of a Part 2 text; raises `LedgerBroken` if it cannot be read."""
    with report_unreadable(row):
        return parse_mapping(row.body)


def parse_format(entry: Entry) -> int:
    """The format of an entry of a case; an entry that does not state it is of the first."""
    with report_unreadable(entry):
        return _format_of(parse_body(entry))


def parse_account(entry: Entry) -> str:
    """The operating system's account that an entry records; empty if it records none."""
    with report_unreadable(entry):
        return require_text(parse_body(entry).get(ACCOUNT_KEY, ""))


def names_withheld(entry: Entry) -> bool:
    """Whether an entry names what Part 2 withholds: its earlier versions never did."""
    with report_unreadable(entry):
        return WITHHELD_KEY in parse_body(entry)


def parse_action(entry: Entry) -> str:
    """The action that an entry records or refuses."""
    with report_unreadable(entry):
        return str(parse_body(entry)["action"])


def parse_migration_reason(entry: Entry) -> str:
    """Why a case was moved to another flow; empty for an entry of another kind."""
    if entry.kind != "migrated":
        return ""
    with report_unreadable(entry):
        return require_text(parse_body(entry)["migration"]["reason"])


def parse_packs_digest(entry: Entry) -> str:
    """The digest of the packs by which an entry of a case was made."""
    with report_unreadable(entry):
        return str(parse_body(entry)["packs"])


def parse_ruling(entry: Entry) -> Mapping[str, Any]:
    """The ruling that an entry records; raises `LedgerBroken` if it cannot be read."""
    with report_unreadable(entry):
        return parse_mapping(entry.ruling)


@lru_cache(maxsize=8)  # a reader asks the same entry for several things
def parse_mapping(text: str) -> Mapping[str, Any]:
    """The mapping in a JSON text; raises one of `UNREADABLE_ERRORS` for anything else."""
    data = parse_json(text)
    if not isinstance(data, dict):
        raise TypeError("no mapping")
    return MappingProxyType(data)


def require_text(value: object) -> str:
    """A value that must be text; raises one of `UNREADABLE_ERRORS` for anything else."""
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _format_of(body: Mapping[str, Any]) -> int:
    entry_format = body.get("format", FIRST_FORMAT)
    if entry_format not in (FIRST_FORMAT, CURRENT_FORMAT) or type(entry_format) is not int:
        raise ValueError("no format that is known")
    return entry_format


def _late_by_of(body: Mapping[str, Any]) -> int:
    return _require_count(body.get("late_by", 0))


def _already_public_of(exempt_body: Mapping[str, Any]) -> tuple[AlreadyPublic, ...]:
    return tuple(
        AlreadyPublic(
            require_text(known["words"]), tuple(map(require_text, known["exempt"])), require_text(known["reason"])
        )
        for known in exempt_body.get(ALREADY_PUBLIC_KEY, ())
    )


def _require_count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("no count")
    return value


def _parse_migration(data: Mapping[str, Any]) -> Migration:
    names = NameMap.from_json(data["renamed"])
    return Migration(require_text(data["left"]), require_text(data["reason"]), names)


def _withheld_of(body: Mapping[str, Any], *, may_change: bool) -> Withheld | None:
    """Return what a body says is withheld: None for as before, which an entry that may change it never means."""
    if WITHHELD_KEY not in body:
        return UNNAMED if may_change else None
    withheld = body[WITHHELD_KEY]
    return Withheld(frozenset(map(require_text, withheld["names"])), require_text(withheld["forms"]))


def deserialize_event(entry: Entry, exempt_text: ExemptText | None) -> Event:
    """The event that an entry records; only its public part without the Part 2 text."""
    with report_unreadable(entry):
        body = parse_body(entry)
        exempt = parse_body(exempt_text) if exempt_text else {}
        return Event(
            kind=cast("EventKind", entry.kind),
            case=entry.stream,
            scheme=require_text(body["scheme"]),
            action=require_text(body["action"]),
            officer=entry.officer,
            capacity=require_text(body["capacity"]),
            on=date.fromisoformat(entry.on),
            stage=require_text(body["stage"]),
            public=FactChanges(deserialize_facts(body["stated"]), frozenset(body["removed"])),
            exempt=FactChanges(deserialize_facts(exempt.get("stated", {})), frozenset(exempt.get("removed", ()))),
            round=_require_count(body.get("round", 0)),
            voids=tuple(map(_require_count, body.get("voids", ()))),
            entry_format=_format_of(body),
            acts_for=require_text(body.get("for", "")),
            under=require_text(body.get("under", "")),
            late_by=_late_by_of(body),
            already_public=_already_public_of(exempt),
            overrides={control: require_text(reason) for control, reason in body.get("overrides", {}).items()},
            source={key: require_text(value) for key, value in body.get("source", {}).items()},
            withheld=_withheld_of(body, may_change=bool(entry.exempt) and entry.kind in PART_2_KINDS),
            migration=_parse_migration(body["migration"]) if entry.kind == "migrated" else None,
        )
