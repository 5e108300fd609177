"""The shipped example for the benchmarks: a store with its officers, and cases taken to any step of its story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from console.demo import EXAMPLES, STORY_FILE
from decisions.proving.story import Story, StoryStep, parse_story
from decisions.safety.publication import PublicationSearch
from rules.packs.library import Library
from workflow.adapters.sqlite import SqliteStore
from workflow.ledger.ports import Clock
from workflow.services import commands, officer_commands
from workflow.services.commands import Request, Revision, Services


@dataclass(frozen=True, slots=True)
class ExampleSetup:
    """A story, its paper, and services on a new store with its officers."""

    story: Story
    paper: bytes
    services: Services
    store_file: Path

    def accepted_steps(self) -> list[StoryStep]:
        """Return the steps that are not refused."""
        return [step for step in self.story.steps if not step.refused_by]

    def act_steps(self) -> list[StoryStep]:
        """Return the acts that take a case from stage to stage."""
        return [step for step in self.accepted_steps() if step.act]

    def open_case(self) -> str:
        """Open a new case, make the amendments before its first act, and return its id."""
        case = ""
        for step in self.accepted_steps():
            request = Request(step.officer, step.on)
            if step.open:
                case = commands.open_case_from_paper(
                    self.services, self.story.scheme, self.paper, self.story.paper, request
                ).case
            elif not step.act:
                commands.amend_paper(self.services, case, Revision(step.stated, step.exempt), request)
        return case

    def take_act(self, case: str, step: StoryStep) -> None:
        """Do one act on a case; its judgement is not shared with the others, whose papers are the same."""
        self.forget_judgements()
        commands.perform_action(
            self.services, case, commands.TypedAct(step.act, step.stated), Request(step.officer, step.on)
        )

    def forget_judgements(self) -> None:
        """Forget what was judged, so that the next case is judged itself."""
        rulebook = self.services.library.scheme(self.story.scheme).rulebook
        rulebook.judgements.clear()
        rulebook.judgements_of_derived.clear()
        rulebook.derivations.clear()

    def decide_case(self) -> str:
        """Take a new case to its end, and return its id."""
        case = self.open_case()
        for step in self.act_steps():
            self.take_act(case, step)
        return case


def load_example_story() -> Story:
    """Return the story of the shipped example."""
    story_file = EXAMPLES / STORY_FILE
    return parse_story(story_file.read_bytes(), story_file.name)


@contextmanager
def example_setup(folder: Path) -> Iterator[ExampleSetup]:
    """Yield the shipped example with a new store in a folder."""
    story = load_example_story()
    store_file = folder / "bench.db"
    store = SqliteStore(str(store_file), _now)
    store.create()
    clock = Clock(lambda _: _now().date(), lambda: token_hex(16))
    services = Services(store, Library.load(()), clock, PublicationSearch())
    for officer in story.officers:
        officer_commands.add_officer(
            services,
            officer.name,
            officer_commands.RoleAppointment(story.scheme, officer.roles),
            Request("", story.start),
        )
    yield ExampleSetup(story, (EXAMPLES / story.paper).read_bytes(), services, store_file)
    store.close()


def _now() -> datetime:
    return datetime.now(UTC)
