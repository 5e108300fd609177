"""A desk with a store of its own, and the shipped story told at it once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from decisions.story import Story, Told, read_story, tell
from tests.decisions.cases import PAPER
from tests.decisions.desks import desk_at
from workflow.desk import Desk

STORY = PAPER.with_name("smarter-working.story.yaml")


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
    story = read_story(STORY.read_bytes(), STORY.name)
    desk = desk_at(store)
    told = list(tell(desk, story, PAPER.read_bytes()))
    desk.store.close()  # type: ignore[attr-defined]
    return Tale(story, told, store)


@pytest.fixture
def desk(tale: Tale, tmp_path: Path) -> Desk:
    """A desk over a copy of the store in which the story was told."""
    for file in tale.store.parent.iterdir():  # with what SQLite has not yet written back into the one file
        shutil.copy(file, tmp_path)
    return desk_at(tmp_path / "assent.db")
