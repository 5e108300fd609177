"""The Smarter Working case, walked to any stage on a store of its own, by a fixed clock and fixed salts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from decisions.proving.story import Story, StoryStep, parse_story
from rules.judging.findings import Ruling
from rules.packs.bundle import Bundle
from rules.packs.library import Library
from rules.values.facts import FactValue
from workflow.adapters.sqlite import SqliteStore
from workflow.cases.ruling import GateCheck, make_ruling
from workflow.ledger.canonical_json import MAX_INLINE_TEXT, deserialize_facts, long_text_digest
from workflow.ledger.entries import Entry
from workflow.ledger.ports import Clock
from workflow.services import commands as at_desk
from workflow.services import queries
from workflow.services.commands import Receipt, Request, Revision, Services

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
    """A clock that goes on by a second whenever it is read, and salts that count."""

    current: datetime = datetime(2018, 12, 31, 9, tzinfo=UTC)
    salts: Iterator[int] = field(default_factory=lambda: count(1))

    def now(self) -> datetime:
        self.current += timedelta(seconds=1)
        return self.current

    def salt(self) -> str:
        return f"{next(self.salts):032x}"


def fresh_library() -> Library:
    return Library.load([])


@cache
def shipped_library() -> Library:
    return fresh_library()


def services_at(path: Path, library: Library | None = None, today: date = TODAY) -> Services:
    """A desk on the store in a file, which must be there."""
    clock = TickingClock()
    store = SqliteStore(str(path), clock.now)
    return Services(store, library or shipped_library(), Clock(lambda: today, clock.salt))


def new_services(path: Path, library: Library | None = None, for_story: Story | None = None) -> Services:
    """A desk on a new store in which the officers of a story are entered: of that of Smarter Working, or another."""
    desk, for_story = services_at(path, library), for_story or load_story()
    assert isinstance(desk.store, SqliteStore)
    desk.store.create()
    for cast in for_story.officers:
        at_desk.add_officer(desk, cast.name, for_story.scheme, cast.roles, Request("", for_story.start))
    return desk


@cache
def load_story(name: str = "smarter-working.story.yaml") -> Story:
    return parse_story((EXAMPLES / name).read_bytes(), name)


def paper_bytes() -> bytes:
    return (EXAMPLES / load_story().paper).read_bytes()


def accepted_steps() -> list[StoryStep]:
    """The steps of the story that are not refused."""
    return [step for step in load_story().steps if not step.refused_by]


def story_stages() -> list[str]:
    """Every stage that the story comes to, in order."""
    scheme = shipped_library().scheme(load_story().scheme)
    passed = ["draft", *(scheme.action(step.act).to for step in accepted_steps() if step.act)]
    return list(dict.fromkeys(passed))


def take_step(services: Services, step: StoryStep, case: str = CASE_ID) -> Receipt:
    """Take one step of the story."""
    asked = Request(step.officer, step.on)
    if step.open:
        return at_desk.open_case_from_paper(services, load_story().scheme, paper_bytes(), load_story().paper, asked)
    if step.act:
        return at_desk.perform_action(services, case, step.act, step.stated, asked)
    return at_desk.amend_paper(services, case, Revision(step.stated, step.exempt), asked)


def walk_to_stage(services: Services, stage: str) -> Receipt:
    """Take the case to a stage; where it is to be in draft, with its paper mended so that it may be sent."""
    receipt = None
    for step in accepted_steps():
        if step.act and receipt and receipt.stage == stage:
            break
        receipt = take_step(services, step)
    assert receipt is not None
    assert receipt.stage == stage
    return receipt


def act_on_case(services: Services, action: str, officer: str, on: str, **stated: str) -> Receipt:
    """Do an act; the facts that it states are typed with `__` for a dot."""
    facts = {name.replace("__", "."): value for name, value in stated.items()}
    return at_desk.perform_action(services, CASE_ID, action, facts, Request(officer, date.fromisoformat(on)))


def request_by(officer: str, on: str, expected_version: int | None = None) -> Request:
    return Request(officer, date.fromisoformat(on), expected_version)


@cache
def two_authorities() -> Library:
    """The shipped packs, and the same scheme once more for another authority that numbers its cases alike."""
    files = dict(shipped_library().files)
    for name, data in shipped_library().files.items():
        if name.startswith("schemes/mopac/"):
            files[name.replace("mopac", "elsewhere")] = data.replace(b"\nscheme: mopac\n", b"\nscheme: elsewhere\n")
    return Library(files)


def explain_action(
    services: Services, name: str, action: str | None, hypothetical_facts: Mapping[str, str], on: date | None = None
) -> Ruling:
    """The ruling on an action as if it were done now, with what is supposed."""
    return queries.build_hypothetical_act(services, name, action, hypothetical_facts, on).make_ruling()


def long_texts(entries: Iterable[Entry]) -> dict[str, str]:
    """The long texts that some entries state, by the digest that stands for each in a ruling."""
    stated = [value for entry in entries for value in json.loads(entry.body).get("stated", {}).values()]
    return {long_text_digest(text): text for text in stated if isinstance(text, str) and len(text) > MAX_INLINE_TEXT}


def judge_again(
    recorded: Mapping[str, Any],
    texts: Mapping[str, str],
    exempt_facts: Mapping[str, FactValue],
    salt: str,
    bundle: Bundle,
) -> Ruling:
    """The ruling that the same facts and packs give today; `texts` are the long ones, by digest."""
    facts = {
        where: texts[told["text"]] if isinstance(told, dict) and "text" in told else told
        for where, told in recorded["facts"].items()
    }
    public, rulebook = deserialize_facts(facts), bundle.scheme().rulebook
    question = GateCheck(recorded["case"], recorded["action"], recorded["gate"])
    return make_ruling(question, public, exempt_facts, rulebook, salt)
