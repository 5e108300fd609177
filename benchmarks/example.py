"""The example that is shipped, as the benchmarks use it: its story told, and cases taken to any point of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_hex

from console.demo import EXAMPLES, STORY_FILE
from decisions.proving.story import Story, StoryStep, parse_story
from rules.packs.library import Library
from workflow.adapters.sqlite import SqliteStore
from workflow.ledger.ports import Clock
from workflow.services import commands as at_desk
from workflow.services.commands import Request, Revision, Services


@dataclass(frozen=True, slots=True)
class ExampleSetup:
    """A story, its paper, and a desk with a store of its own where its officers are known."""

    story: Story
    paper: bytes
    services: Services
    store_file: Path

    def accepted_steps(self) -> list[StoryStep]:
        """The steps that go through, without those that are refused."""
        return [step for step in self.story.steps if not step.refused_by]

    def act_steps(self) -> list[StoryStep]:
        """The acts that take a case from stage to stage."""
        return [step for step in self.accepted_steps() if step.act]

    def open_case(self) -> str:
        """A new case, with all that is done to it before its first act."""
        case = ""
        for step in self.accepted_steps():
            asked = Request(step.officer, step.on)
            if step.open:
                case = at_desk.open_case_from_paper(
                    self.services, self.story.scheme, self.paper, self.story.paper, asked
                ).case
            elif not step.act:
                at_desk.amend_paper(self.services, case, Revision(step.stated, step.exempt), asked)
        return case

    def take_act(self, case: str, step: StoryStep) -> None:
        """Do one act on a case."""
        at_desk.perform_action(self.services, case, step.act, step.stated, Request(step.officer, step.on))

    def decide_case(self) -> str:
        """A new case that has been taken to its end."""
        case = self.open_case()
        for step in self.act_steps():
            self.take_act(case, step)
        return case


@contextmanager
def example_setup(folder: Path) -> Iterator[ExampleSetup]:
    """The shipped example with a new store in a folder."""
    plan = EXAMPLES / STORY_FILE
    story = parse_story(plan.read_bytes(), plan.name)
    file = folder / "bench.db"
    store = SqliteStore(str(file), _now)
    store.create()
    desk = Services(store, Library.load(()), Clock(date.today, lambda: token_hex(16)))
    for cast in story.officers:
        at_desk.add_officer(desk, cast.name, story.scheme, cast.roles, Request("", story.start))
    yield ExampleSetup(story, (EXAMPLES / story.paper).read_bytes(), desk, file)
    store.close()


def _now() -> datetime:
    return datetime.now(UTC)
