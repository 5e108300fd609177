"""A desk with a store of its own, and the shipped story told at it once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from decisions.proving.story import Story, Told
from tests.decisions.desks import desk_at
from tests.decisions.stories import STORIES, story_of, telling
from workflow.services.commands import Desk


@dataclass(frozen=True)
class Tale:
    """The shipped story, the steps that were taken, and the store in which that was done."""

    story: Story
    told: list[Told]
    store: Path

    @property
    def case(self) -> str:
        return self.told[-1].case


@pytest.fixture(scope="session")
def tale(tmp_path_factory: pytest.TempPathFactory) -> Tale:
    store = tmp_path_factory.mktemp("tale") / "assent.db"
    desk, story = desk_at(store), story_of(STORIES["mopac"])
    told = list(telling(desk, story))
    desk.store.close()  # type: ignore[attr-defined]
    return Tale(story, told, store)


@pytest.fixture
def desk(tale: Tale, tmp_path: Path) -> Desk:
    """A desk over a copy of the store in which the story was told."""
    for file in tale.store.parent.iterdir():  # with what SQLite has not yet written back into the one file
        shutil.copy(file, tmp_path)
    return desk_at(tmp_path / "assent.db")
