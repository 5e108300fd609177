"""The shipped story of each authority, and every kind of document made from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from decisions.issuing import issue
from decisions.output import pdf
from decisions.proving.story import Story, Told, read_story, tell
from rules.packs.library import Library
from tests.decisions.cases import PAPER
from tests.decisions.desks import desk_at
from workflow.services import commands as at_desk
from workflow.services import queries
from workflow.services.commands import Asked, Desk, Revision

STORIES = {
    "gla": "pocket-park.story.yaml",
    "lfc": "breathing-apparatus.story.yaml",
    "mopac": "smarter-working.story.yaml",
}
MADE = [
    (scheme, form.kind, form.part)
    for scheme in Library.of([]).schemes()
    for form in Library.of([]).scheme(scheme).text.documents
]
"""Every document that there is: of which scheme, which kind and which part."""
LATER = date(2018, 12, 31)


class Stories:
    """Makes documents of the stories, each told once; where one has no Part 2, of a draft that has."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told: dict[str, tuple[str, str]] = {}

    def made(self, scheme: str, kind: str, part: int, to: str) -> bytes:
        """One document, as it is issued."""
        desk = desk_at(self._folder / f"{scheme}.db", LATER)
        if scheme not in self._told:
            self._told[scheme] = told(desk, STORIES[scheme])
        decided, draft = self._told[scheme]
        public, _ = queries.public_record(desk, decided)
        case = draft if part == 2 and public.facts["part_2.exists"] is False else decided
        _, data, _ = issue.issue(desk, case, issue.Order(kind, part, to), Asked(""), pdf.press)
        desk.store.close()  # type: ignore[attr-defined]
        return data


def story_of(name: str) -> Story:
    """A shipped story."""
    file = PAPER.with_name(name)
    return read_story(file.read_bytes(), file.name)


def telling(desk: Desk, story: Story) -> Iterator[Told]:
    """The steps of a shipped story as they are taken at a desk, one after the other."""
    return tell(desk, story, PAPER.with_name(story.paper).read_bytes())


def told(desk: Desk, name: str) -> tuple[str, str]:
    """A story's case when it is told, and a draft of the same paper that has a Part 2."""
    story = story_of(name)
    *_, last = telling(desk, story)
    asked = Asked(next(step.officer for step in story.steps if step.open), story.start)
    draft = at_desk.open_paper(desk, story.scheme, PAPER.with_name(story.paper).read_bytes(), story.paper, asked).case
    at_desk.amend(desk, draft, Revision({"part_2.exists": "true"}, {}), asked)
    return last.case, draft
