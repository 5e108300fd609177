"""The example that is shipped, as the benchmarks use it: its story told, and cases taken to any point of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_hex

from console.demo import EXAMPLES, STORY
from decisions.proving.story import Story, StoryStep, read_story
from rules.packs.library import Library
from workflow.adapters.sqlite import SqliteStore
from workflow.ledger.ports import Clock
from workflow.services import commands as at_desk
from workflow.services.commands import Asked, Desk, Revision


@dataclass(frozen=True, slots=True)
class Example:
    """A story, its paper, and a desk with a store of its own where its officers are known."""

    story: Story
    paper: bytes
    desk: Desk
    file: Path

    def steps(self) -> list[StoryStep]:
        """The steps that go through, without those that are refused."""
        return [step for step in self.story.steps if not step.refused_by]

    def acts(self) -> list[StoryStep]:
        """The acts that take a case from stage to stage."""
        return [step for step in self.steps() if step.act]

    def opened(self) -> str:
        """A new case, with all that is done to it before its first act."""
        case = ""
        for step in self.steps():
            asked = Asked(step.officer, step.on)
            if step.open:
                case = at_desk.open_paper(self.desk, self.story.scheme, self.paper, self.story.paper, asked).case
            elif not step.act:
                at_desk.amend(self.desk, case, Revision(step.stated, step.exempt), asked)
        return case

    def act(self, case: str, step: StoryStep) -> None:
        """Do one act on a case."""
        at_desk.act(self.desk, case, step.act, step.stated, Asked(step.officer, step.on))

    def decided(self) -> str:
        """A new case that has been taken to its end."""
        case = self.opened()
        for step in self.acts():
            self.act(case, step)
        return case


@contextmanager
def example(folder: Path) -> Iterator[Example]:
    """The shipped example with a new store in a folder."""
    plan = EXAMPLES / STORY
    story = read_story(plan.read_bytes(), plan.name)
    file = folder / "bench.db"
    store = SqliteStore(str(file), _now)
    store.make()
    desk = Desk(store, Library.of(()), Clock(date.today, lambda: token_hex(16)))
    for cast in story.officers:
        at_desk.add_officer(desk, cast.name, story.scheme, cast.roles, Asked("", story.start))
    yield Example(story, (EXAMPLES / story.paper).read_bytes(), desk, file)
    store.close()


def _now() -> datetime:
    return datetime.now(UTC)
