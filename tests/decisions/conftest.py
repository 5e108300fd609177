"""A desk with a store of its own, and the shipped story told at it once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from decisions.proving.story import Story, StoryStepResult
from tests.decisions.fixed_services import services_at
from tests.decisions.stories import STORIES, load_shipped_story, run_story_steps
from workflow.services.commands import Services


@dataclass(frozen=True)
class FinishedStory:
    """The shipped story, the steps that were taken, and the store in which that was done."""

    story: Story
    steps: list[StoryStepResult]
    store_file: Path

    @property
    def case(self) -> str:
        return self.steps[-1].case


@pytest.fixture(scope="session")
def tale(tmp_path_factory: pytest.TempPathFactory) -> FinishedStory:
    store = tmp_path_factory.mktemp("tale") / "assent.db"
    desk, story = services_at(store), load_shipped_story(STORIES["mopac"])
    told = list(run_story_steps(desk, story))
    desk.store.close()
    return FinishedStory(story, told, store)


@pytest.fixture
def desk(tale: FinishedStory, tmp_path: Path) -> Services:
    """A desk over a copy of the store in which the story was told."""
    for file in tale.store_file.parent.iterdir():  # with what SQLite has not yet written back into the one file
        shutil.copy(file, tmp_path)
    return services_at(tmp_path / "assent.db")
