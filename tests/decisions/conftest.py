"""The shipped story, played once, and services over a copy of its store."""

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
    """The shipped story after it was played: its steps, and the store that they were recorded in."""

    story: Story
    steps: list[StoryStepResult]
    store_file: Path

    @property
    def case(self) -> str:
        return self.steps[-1].case


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> FinishedStory:
    store = tmp_path_factory.mktemp("story") / "assent.db"
    services, story = services_at(store), load_shipped_story(STORIES["mopac"])
    steps = list(run_story_steps(services, story))
    services.store.close()
    return FinishedStory(story, steps, store)


@pytest.fixture
def services(finished: FinishedStory, tmp_path: Path) -> Services:
    """Services over a copy of the store in which the story was played."""
    for file in finished.store_file.parent.iterdir():  # SQLite keeps recent entries in a second file
        shutil.copy(file, tmp_path)
    return services_at(tmp_path / "assent.db")
