"""The Smarter Working case, walked to any stage in a store of its own, with a fixed clock and fixed salts.

The same walk always makes the same record, seal for seal.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from weakref import WeakKeyDictionary

from decisions.proving.story import Story, StoryStep, parse_story
from decisions.safety.publication import PublicationSearch
from rules.judging.findings import Ruling
from rules.packs.bundle import Bundle
from rules.packs.library import Library
from rules.values.facts import FactValue
from tests.prepared_stores import merge_pending_writes, remove_store
from workflow.adapters.sqlite import SqliteStore
from workflow.cases.ruling import GateCheck, make_ruling
from workflow.ledger.canonical_json import MAX_INLINE_TEXT, deserialize_facts, long_text_digest
from workflow.ledger.entries import Entry
from workflow.ledger.ports import Clock, Store
from workflow.services import act_queries, commands, officer_commands, verification
from workflow.services.command_context import Receipt
from workflow.services.commands import Request, Revision, Services

EXAMPLES = Path(__file__).parents[2] / "decisions" / "examples"
CASE_ID = "MOPAC-2018-1"
TODAY = date(2018, 12, 31)
AUTHOR, PIB_CHAIR, IAB_CHAIR, HEAD_OF_UNIT, CHIEF_EXECUTIVE, DMPC, GOVERNANCE_TEAM = (
    "aimee-reed",
    "chair-of-pib",
    "chair-of-iab",
    "head-of-smarter-working",
    "r-lawrence",
    "deputy-mayor",
    "governance-team",
)
DECLARATION_FACTS = {
    "declaration.finance": "true",
    "declaration.legal": "not_required",
    "declaration.financial_advice": "true",
    "declaration.equalities": "true",
}
APPROVAL_FACTS = {"decision.reference": "PCD 361", "interests.considered": "true", "interests.declared": "none"}
SEND_BACK_FACTS = {"send_back.reason": "The sums do not add up."}


@dataclass
class TickingClock:
    """A clock that advances by a second at each reading, and salts that count up."""

    current: datetime
    salts: int = 0

    def now(self) -> datetime:
        self.current += timedelta(seconds=1)
        return self.current

    def salt(self) -> str:
        self.salts += 1
        return f"{self.salts:032x}"


def fresh_library() -> Library:
    return Library.load([])


@cache
def shipped_library() -> Library:
    return fresh_library()


def services_at(path: Path, library: Library | None = None, today: date = TODAY) -> Services:
    """Return services on the store in a file, which must exist."""
    clock = TickingClock(max(morning_of(today), _last_instant(path)))
    store = SqliteStore(str(path), clock.now)
    _clocks[store] = clock
    return Services(store, library or shipped_library(), Clock(lambda _: today, clock.salt), PublicationSearch())


def _last_instant(path: Path) -> datetime:
    """Return when the last entry of a store was recorded; the earliest instant of all if it has none."""
    # As immutable, SQLite makes no file beside it, and does not read what stands there.
    mode = "mode=rw" if path.with_name(f"{path.name}-wal").exists() else "mode=ro&immutable=1"
    with suppress(sqlite3.Error, ValueError), closing(sqlite3.connect(f"file:{path}?{mode}", uri=True)) as raw:
        for (last,) in raw.execute("SELECT recorded_at FROM ledger ORDER BY position DESC LIMIT 1"):
            return datetime.fromisoformat(last)
    return datetime.min.replace(tzinfo=UTC)


def morning_of(day: date) -> datetime:
    """Return the instant at which the clock of a day's services begins."""
    return datetime.combine(day, time(9), UTC)


def bring_clock_to(services: Services, day: date) -> None:
    """Let the clock of a store go on in the morning of a day, if it is not there yet."""
    clock = _clocks[services.store]
    clock.current = max(clock.current, morning_of(day))


def new_services(path: Path, library: Library | None = None, for_story: Story | None = None) -> Services:
    """Return services on a new store with the officers of a story (None: Smarter Working)."""
    services = services_at(path, library)
    if library or for_story:
        _create_store(services, for_story or load_story())
    else:
        _prepare_store("").put_into(services)
    return services


def _create_store(services: Services, story: Story) -> None:
    assert isinstance(services.store, SqliteStore)
    services.store.create()
    for cast in story.officers:
        officer_commands.add_officer(
            services, cast.name, officer_commands.RoleAppointment(story.scheme, cast.roles), Request("", story.start)
        )


@dataclass(frozen=True)
class PreparedStore:
    """A store that was made once and is copied for each test that begins with it.

    The clock of the copy goes on from where that of the first stopped, so that it is the same record as if each test
    had taken all the steps itself.
    """

    data: bytes
    head: tuple[int, str]
    current: datetime
    salts: int
    receipt: Receipt | None

    def put_into(self, services: Services) -> None:
        """Put a copy in the place of the store of some services."""
        assert isinstance(services.store, SqliteStore)
        services.store.close()
        remove_store(services.store.path)
        services.store.path.write_bytes(self.data)
        clock = _clocks[services.store]
        clock.current, clock.salts = self.current, self.salts

    def is_in(self, services: Services) -> bool:
        """Return whether this is the store of some services, and nothing was done there since."""
        return services.library is shipped_library() and verification.ledger_head(services) == self.head


_clocks: WeakKeyDictionary[Store, TickingClock] = WeakKeyDictionary()


@cache
def _prepare_store(stage: str) -> PreparedStore:
    """Return the store with the case at a stage, or with the officers alone."""
    with TemporaryDirectory() as folder:
        services = services_at(Path(folder) / "assent.db")
        _create_store(services, load_story())
        receipt = _take_steps(services, stage) if stage else None
        assert isinstance(services.store, SqliteStore)
        head = verification.ledger_head(services)
        services.store.close()
        merge_pending_writes(services.store.path)
        clock = _clocks[services.store]
        return PreparedStore(services.store.path.read_bytes(), head, clock.current, clock.salts, receipt)


@cache
def load_story(name: str = "smarter-working.story.yaml") -> Story:
    return parse_story((EXAMPLES / name).read_bytes(), name)


def paper_bytes() -> bytes:
    return (EXAMPLES / load_story().paper).read_bytes()


def accepted_steps() -> list[StoryStep]:
    """Return the steps of the story that no rule refuses."""
    return [step for step in load_story().steps if not step.refused_by]


def story_stages() -> list[str]:
    """Return every stage that the story reaches, in order."""
    scheme = shipped_library().scheme(load_story().scheme)
    passed = ["draft", *(scheme.action(step.act).leads_to("") for step in accepted_steps() if step.act)]
    return list(dict.fromkeys(passed))


def take_step(services: Services, step: StoryStep, case: str = CASE_ID) -> Receipt:
    """Take one step of the story."""
    request = Request(step.officer, step.on)
    if step.open:
        return commands.open_case_from_paper(services, load_story().scheme, paper_bytes(), load_story().paper, request)
    if step.act:
        return commands.perform_action(services, case, commands.TypedAct(step.act, step.stated), request)
    return commands.amend_paper(services, case, Revision(step.stated, step.exempt), request)


def walk_to_stage(services: Services, stage: str) -> Receipt:
    """Take the case to a stage; in draft, its paper is already amended so that it can be submitted."""
    if not _prepare_store("").is_in(services):
        return _take_steps(services, stage)
    prepared = _prepare_store(stage)
    prepared.put_into(services)
    assert prepared.receipt is not None
    return prepared.receipt


def _take_steps(services: Services, stage: str) -> Receipt:
    receipt = None
    for step in accepted_steps():
        if step.act and receipt and receipt.stage == stage:
            break
        receipt = take_step(services, step)
    assert receipt is not None
    assert receipt.stage == stage
    return receipt


def act_on_case(services: Services, action: str, officer: str, on: str, **stated: str) -> Receipt:
    """Perform an action; keyword arguments state facts, with `__` for a dot."""
    facts = {name.replace("__", "."): value for name, value in stated.items()}
    return commands.perform_action(
        services, CASE_ID, commands.TypedAct(action, facts), Request(officer, date.fromisoformat(on))
    )


def request_by(officer: str, on: str, expected_version: int | None = None) -> Request:
    return Request(officer, date.fromisoformat(on), expected_version)


@cache
def two_authorities() -> Library:
    """Return the shipped packs, and a copy of one scheme for another authority that numbers its cases alike."""
    files = dict(shipped_library().files)
    for name, data in shipped_library().files.items():
        if name.startswith("schemes/mopac/"):
            files[name.replace("mopac", "elsewhere")] = data.replace(b"\nscheme: mopac\n", b"\nscheme: elsewhere\n")
    return Library(files)


def explain_action(
    services: Services, name: str, action: str | None, hypothetical_facts: Mapping[str, str], on: date | None = None
) -> Ruling:
    """Return the ruling on an action as if an officer did it now, with supposed facts."""
    return act_queries.build_hypothetical_act(services, name, action, hypothetical_facts, Request("", on)).ruling


def long_texts(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the long texts that entries state, by the digests that rulings hold in their place."""
    stated = [value for entry in entries for value in json.loads(entry.body).get("stated", {}).values()]
    return {long_text_digest(text): text for text in stated if isinstance(text, str) and len(text) > MAX_INLINE_TEXT}


def judge_again(
    recorded: Mapping[str, Any],
    texts: Mapping[str, str],
    exempt_facts: Mapping[str, FactValue],
    salt: str,
    bundle: Bundle,
) -> Ruling:
    """Return the ruling that the same facts and packs give today; `texts` are the long ones, by digest."""
    facts = {
        address: texts[value["text"]] if isinstance(value, dict) and "text" in value else value
        for address, value in recorded["facts"].items()
    }
    public, rulebook = deserialize_facts(facts), bundle.scheme().rulebook
    gate_check = GateCheck(recorded["case"], recorded["action"], recorded["gate"])
    return make_ruling(gate_check, public, exempt_facts, rulebook, salt)
