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

from decisions.proving.story import Story, StoryStep, read_story
from rules.judging.findings import Ruling
from rules.packs.bundle import Bundle
from rules.packs.library import Library
from rules.values.facts import FactValue
from workflow.adapters.sqlite import SqliteStore
from workflow.cases.ruling import Question, ruled
from workflow.ledger.canonical_json import LONG_TEXT, decode, digest_of_text
from workflow.ledger.entries import Entry
from workflow.ledger.ports import Clock
from workflow.services import commands as at_desk
from workflow.services import queries
from workflow.services.commands import Asked, Desk, Receipt, Revision

EXAMPLES = Path(__file__).parents[2] / "decisions" / "examples"
CASE = "MOPAC-2018-1"
TODAY = date(2018, 12, 31)
AUTHOR, PIB, IAB, UNIT, CHIEF, DMPC, GOVERNANCE = (
    "aimee-reed",
    "chair-of-pib",
    "chair-of-iab",
    "head-of-smarter-working",
    "r-lawrence",
    "deputy-mayor",
    "governance-team",
)
DECLARED = {
    "declaration.finance": "true",
    "declaration.legal": "not_required",
    "declaration.financial_advice": "true",
    "declaration.equalities": "true",
}
APPROVED = {"decision.reference": "PCD 361", "interests.considered": "true", "interests.declared": "none"}
REASON = {"send_back.reason": "The sums do not add up."}


@dataclass
class Ticking:
    """A clock that goes on by a second whenever it is read, and salts that count."""

    at: datetime = datetime(2018, 12, 31, 9, tzinfo=UTC)
    salts: Iterator[int] = field(default_factory=lambda: count(1))

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def salt(self) -> str:
        return f"{next(self.salts):032x}"


def library() -> Library:
    return Library.of([])


@cache
def shipped() -> Library:
    return library()


def desk_at(path: Path, packs: Library | None = None, today: date = TODAY) -> Desk:
    """A desk on the store in a file, which must be there."""
    clock = Ticking()
    store = SqliteStore(str(path), clock.now)
    return Desk(store, packs or shipped(), Clock(lambda: today, clock.salt))


def new_desk(path: Path, packs: Library | None = None, told: Story | None = None) -> Desk:
    """A desk on a new store in which the officers of a story are entered: of that of Smarter Working, or another."""
    desk, told = desk_at(path, packs), told or story()
    assert isinstance(desk.store, SqliteStore)
    desk.store.make()
    for cast in told.officers:
        at_desk.add_officer(desk, cast.name, told.scheme, cast.roles, Asked("", told.start))
    return desk


@cache
def story(name: str = "smarter-working.story.yaml") -> Story:
    return read_story((EXAMPLES / name).read_bytes(), name)


def paper() -> bytes:
    return (EXAMPLES / story().paper).read_bytes()


def taken_steps() -> list[StoryStep]:
    """The steps of the story that are not refused."""
    return [step for step in story().steps if not step.refused_by]


def stages() -> list[str]:
    """Every stage that the story comes to, in order."""
    scheme = shipped().scheme(story().scheme)
    passed = ["draft", *(scheme.action(step.act).to for step in taken_steps() if step.act)]
    return list(dict.fromkeys(passed))


def take(desk: Desk, step: StoryStep, case: str = CASE) -> Receipt:
    """Take one step of the story."""
    asked = Asked(step.officer, step.on)
    if step.open:
        return at_desk.open_paper(desk, story().scheme, paper(), story().paper, asked)
    if step.act:
        return at_desk.act(desk, case, step.act, step.stated, asked)
    return at_desk.amend(desk, case, Revision(step.stated, step.exempt), asked)


def walk(desk: Desk, to: str) -> Receipt:
    """Take the case to a stage; where it is to be in draft, with its paper mended so that it may be sent."""
    receipt = None
    for step in taken_steps():
        if step.act and receipt and receipt.stage == to:
            break
        receipt = take(desk, step)
    assert receipt is not None
    assert receipt.stage == to
    return receipt


def do(desk: Desk, action: str, officer: str, on: str, **stated: str) -> Receipt:
    """Do an act; the facts that it states are typed with `__` for a dot."""
    facts = {name.replace("__", "."): value for name, value in stated.items()}
    return at_desk.act(desk, CASE, action, facts, Asked(officer, date.fromisoformat(on)))


def by(officer: str, on: str, expect: int | None = None) -> Asked:
    return Asked(officer, date.fromisoformat(on), expect)


@cache
def two_authorities() -> Library:
    """The shipped packs, and the same scheme once more for another authority that numbers its cases alike."""
    files = dict(shipped().files)
    for name, data in shipped().files.items():
        if name.startswith("schemes/mopac/"):
            files[name.replace("mopac", "elsewhere")] = data.replace(b"\nscheme: mopac\n", b"\nscheme: elsewhere\n")
    return Library(files)


def explain(desk: Desk, name: str, action: str | None, supposed: Mapping[str, str], on: date | None = None) -> Ruling:
    """The ruling on an action as if it were done now, with what is supposed."""
    return queries.suppose(desk, name, action, supposed, on).ruling()


def long_texts(entries: Iterable[Entry]) -> dict[str, str]:
    """The long texts that some entries state, by the digest that stands for each in a ruling."""
    stated = [value for entry in entries for value in json.loads(entry.body).get("stated", {}).values()]
    return {digest_of_text(text): text for text in stated if isinstance(text, str) and len(text) > LONG_TEXT}


def judged_again(
    recorded: Mapping[str, Any],
    texts: Mapping[str, str],
    weighed: Mapping[str, FactValue],
    salt: str,
    bundle: Bundle,
) -> Ruling:
    """The ruling that the same facts and packs give today; `texts` are the long ones, by digest."""
    facts = {
        where: texts[told["text"]] if isinstance(told, dict) and "text" in told else told
        for where, told in recorded["facts"].items()
    }
    public, rulebook = decode(facts), bundle.scheme().rulebook
    question = Question(recorded["case"], recorded["action"], recorded["gate"])
    return ruled(question, public, weighed, rulebook, salt)
