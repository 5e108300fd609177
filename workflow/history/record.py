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
from rules.values.text import quoted
from workflow.cases.case import Case, Confidential, Matter
from workflow.cases.events import Act, Changes, Command, Event, EventKind, Look, Moment
from workflow.cases.life import Decided, evolve, evolve_confidential
from workflow.cases.officers import Officer
from workflow.cases.review import changed_by
from workflow.cases.ruling import heard
from workflow.errors import LedgerBroken
from workflow.ledger.canonical_json import canonical, decode, encode, plain
from workflow.ledger.entries import Draft, Entry, ExemptText, named
from workflow.ledger.ports import Overview, Reading

REFUSED = "refused"
ISSUED = "issued"
ENTERED = "officer"
OFFICERS = "officers"
CASE_EVENTS = ("opened", "entered", "amended", "acted", "reviewed")
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What comes of reading a text as what it is not: it was sealed, but not by us."""


@dataclass(frozen=True, slots=True)
class File:
    """Everything that is known of a case: both parts, and the seal of its last entry."""

    case: Case
    confidential: Confidential
    head: str

    @property
    def matter(self) -> Matter:
        """Both parts of the case."""
        return Matter(self.case, self.confidential)


def refusals_of(case: str) -> str:
    """The stream that keeps what was refused on a case; it leaves the case's version alone."""
    return f"refusals/{case}"


def case_of_refusals(stream: str) -> str:
    """The case of a stream of refusals."""
    return stream.removeprefix(refusals_of(""))


def documents_of(case: str) -> str:
    """The stream that keeps the documents issued of a case."""
    return f"documents/{case}"


def draft_of(
    event: Event, ruling: Ruling | None, packs: str, weighed: Mapping[str, FactValue], moment: Moment
) -> Draft:
    """The record of an event. `weighed` is the exempt evidence of its ruling, kept with Part 2 to be judged again."""
    body = {
        "action": event.action,
        "capacity": event.capacity,
        "scheme": event.scheme,
        "stage": event.stage,
        "packs": packs,
        "stated": encode(event.public.stated),
        "removed": sorted(event.public.removed),
    }
    confidential = {
        "stated": encode(event.exempt.stated),
        "removed": sorted(event.exempt.removed),
        "weighed": encode(weighed),
    }
    return Draft(
        stream=event.case,
        kind=event.kind,
        on=event.on,
        officer=event.officer,
        body=canonical(body),
        ruling=canonical(ruling.as_receipt()) if ruling else "",
        exempt=canonical(confidential) if any(confidential.values()) else "",
        salt=moment.salt,
    )


def weighed_in(matter: Matter | None, decided: Decided, scheme: Scheme) -> dict[str, FactValue]:
    """The exempt evidence on which an event was let happen; none where it passed no gate.

    A review is judged with what it states itself.
    """
    if matter is None or decided.ruling is None:
        return {}
    facts, event = matter.confidential.facts, decided.event
    known = event.exempt.applied_to(facts) if event.kind == "reviewed" else facts
    return heard(known, decided.ruling.gate, scheme.rulebook)


class Refused(NamedTuple):
    """What was refused: the command, the ruling against it, and who asked."""

    command: Command
    ruling: Ruling
    officer: str


def draft_of_refusal(refused: Refused, matter: Matter, scheme: Scheme, moment: Moment) -> Draft:
    """The record of what was refused, with what was stated with it in each part: that stands nowhere else."""
    command, ruling, officer = refused
    public, withheld = Changes(), Changes()
    if isinstance(command, Act):
        public = Changes(command.stated)
    elif isinstance(command, Look):
        public, withheld = changed_by(command, matter, scheme, moment.on)
    weighed = heard(withheld.applied_to(matter.confidential.facts), ruling.gate, scheme.rulebook)
    body = {
        "action": ruling.action,
        "blocked_by": list(ruling.blocked_by()),
        "packs": ruling.packs,
        "stated": encode(public.stated),
    }
    parts = {"weighed": encode(weighed), "stated": encode(withheld.stated)}
    confidential = {key: facts for key, facts in parts.items() if facts}
    return Draft(
        stream=refusals_of(ruling.case),
        kind=REFUSED,
        on=moment.on,
        officer=officer,
        body=canonical(body),
        ruling=canonical(ruling.as_receipt()),
        exempt=canonical(confidential) if confidential else "",
        salt=moment.salt,
    )


@contextmanager
def as_readable(row: Entry | ExemptText) -> Iterator[None]:
    """What is done with the texts of a row; raises `LedgerBroken` naming it where they are not what they should be."""
    try:
        yield
    except UNREADABLE:
        raise LedgerBroken([f"{named(row)}: cannot be read"]) from None


def body_of(row: Entry | ExemptText) -> dict[str, Any]:
    """The body of an entry, or of its Part 2 text; raises `LedgerBroken` where it cannot be read."""
    with as_readable(row):
        return _mapping(row.body)


def action_of(entry: Entry) -> str:
    """What an entry of a case says was done or tried."""
    with as_readable(entry):
        return str(body_of(entry)["action"])


def ruling_of(entry: Entry) -> dict[str, Any]:
    """The ruling that an entry records; raises `LedgerBroken` where it cannot be read."""
    with as_readable(entry):
        return _mapping(entry.ruling)


def _mapping(text: str) -> dict[str, Any]:
    found = plain(text)
    if not isinstance(found, dict):
        raise TypeError("no mapping")
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def event_of(entry: Entry, exempt: ExemptText | None) -> Event:
    """The event that an entry records; without its Part 2 text, the public part of it."""
    with as_readable(entry):
        body = body_of(entry)
        confidential = body_of(exempt) if exempt else {}
        return Event(
            kind=cast("EventKind", entry.kind),
            case=entry.stream,
            scheme=_text(body["scheme"]),
            action=_text(body["action"]),
            officer=entry.officer,
            capacity=_text(body["capacity"]),
            on=date.fromisoformat(entry.on),
            stage=_text(body["stage"]),
            public=Changes(decode(body["stated"]), frozenset(body["removed"])),
            exempt=Changes(decode(confidential.get("stated", {})), frozenset(confidential.get("removed", ()))),
        )


def public_case(entries: Iterable[Entry]) -> tuple[Case, str]:
    """The public part of a case and the seal of its last entry, from its entries alone; Part 2 is not read."""
    case, head = None, ""
    for entry in entries:
        case, head = evolve(case, event_of(entry, None)), entry.seal
    if case is None:
        raise InputError("there is no such case")
    return case, head


def overview(case: Case) -> Overview:
    """The case as the list of cases shows it."""
    opened_on = case.facts.get("opened.on")
    if not isinstance(opened_on, date):
        raise InputError(f"{case.id} does not say when it was opened")
    return Overview(case.id, case.title, case.scheme, case.stage, case.version, opened_on, case.last_on)


def view_faults(entries: Iterable[Entry], shown: Iterable[Overview]) -> list[str]:
    """Where the list of cases says something else than the ledger, a line for each case."""
    streams: dict[str, list[Entry]] = {}
    for entry in filter(_is_of_case, entries):
        streams.setdefault(entry.stream, []).append(entry)
    told = [(name, _told(stream)) for name, stream in streams.items()]
    listed = [(row.case, row) for row in shown]
    # What stands in both holds; a case whose entries make none (None) is in neither.
    wrong = {name for name, _ in set(told) ^ set(listed)}
    return [f"{name}: the list of cases differs from the ledger" for name in sorted(wrong, key=str)]


def _is_of_case(entry: Entry) -> bool:
    return entry.kind in CASE_EVENTS


def _told(stream: Iterable[Entry]) -> Overview | None:
    """What the list of cases should say of a case; nothing where its entries do not make one."""
    try:
        return overview(public_case(stream)[0])
    except (LedgerBroken, InputError):
        return None


def file_of(reading: Reading, name: str) -> File:
    """Both parts of a case; raises `InputError` where there is no such case."""
    texts = {text.version: text for text in reading.exempt(name)}
    case, confidential, head = None, Confidential({}), ""
    for entry in reading.stream(name):
        if entry.exempt and entry.version not in texts:
            raise LedgerBroken([f"{named(entry)}: its Part 2 text is gone"])
        event = event_of(entry, texts.get(entry.version))
        case, confidential, head = evolve(case, event), evolve_confidential(confidential, event), entry.seal
    if case is None:
        raise InputError("there is no such case")
    return File(case, confidential, head)


def draft_of_officer(officer: Officer, by: str, on: date) -> Draft:
    """The record of an officer's roles."""
    body = {"id": officer.id, "name": officer.name, "scheme": officer.scheme, "roles": list(officer.roles)}
    return Draft(OFFICERS, ENTERED, on, by, canonical(body))


def officer_of(entry: Entry) -> Officer:
    """The officer that an entry records."""
    with as_readable(entry):
        return _officer(entry.body)


@lru_cache(maxsize=1024)
def _officer(body: str) -> Officer:
    """The officer of a text, read once: whoever acts is looked up among all officers."""
    told = _mapping(body)
    name, called, scheme = (_text(told[key]) for key in ("id", "name", "scheme"))
    return Officer(name, called, scheme, tuple(map(_text, told["roles"])))


def officers_in(reading: Reading) -> tuple[Officer, ...]:
    """Every officer, by name, as the ledger has them."""
    return tuple(sorted(map(officer_of, reading.stream(OFFICERS)), key=lambda officer: officer.name))


def officer_named(record: Reading, asked: str) -> Officer:
    """The officer of an id or a name; raises `InputError` with the nearest one."""
    known, typed = officers_in(record), unicodedata.normalize("NFC", asked).casefold()
    for officer in known:
        if typed in (officer.id, officer.name.casefold()):
            return officer
    raise InputError(
        f"{quoted(asked, 120)} is not an officer that is known here",
        did_you_mean(asked, [officer.id for officer in known])
        or "Add officers with: assent officer add NAME --role ROLE",
    )


def case_named(record: Reading, asked: str) -> str:
    """The number of a case, however its letters are typed; raises `InputError` with the nearest one."""
    if record.knows(asked):
        return asked
    known = [overview.case for overview in record.cases()]
    for case in known:
        if asked.casefold() == case.casefold():
            return case
    raise InputError(
        f"{quoted(asked, 120)} is not a case that is known here",
        did_you_mean(asked, known) or "Open one with: assent case open PAPER.yaml --scheme SCHEME",
    )
