"""The shipped story of each authority, and every kind of document made from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from decisions.issuing import issue
from decisions.issuing.jobs import RenderJob
from decisions.proving.story import Story, StoryStepResult, parse_story, play_story
from rules.packs.library import Library
from tests.decisions.cases import PAPER_FILE
from tests.decisions.fixed_services import services_at
from tests.rendered_documents import render_once
from workflow.services import commands, queries
from workflow.services.commands import Request, Revision, Services

STORIES = {
    "gla": "pocket-park.story.yaml",
    "lfc": "breathing-apparatus.story.yaml",
    "mopac": "smarter-working.story.yaml",
}
ALL_DOCUMENTS = [
    (scheme, template.kind, template.part)
    for scheme in Library.load([]).schemes()
    for template in Library.load([]).scheme(scheme).declaration.documents
]
"""Every document of every shipped scheme: scheme, kind and part."""
DAY_AFTER_STORIES = date(2018, 12, 31)


class StoryDocuments:
    """Renders documents of the stories, each played once; if its case has no Part 2, of a draft that has one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cases: dict[str, tuple[str, str]] = {}

    def render(self, scheme: str, kind: str, part: int, output_format: str) -> bytes:
        """Return one document as it is issued."""
        services = services_at(self._folder / f"{scheme}.db", DAY_AFTER_STORIES)
        if scheme not in self._cases:
            self._cases[scheme] = run_story(services, STORIES[scheme])
        decided, draft = self._cases[scheme]
        public, _ = queries.load_public_case(services, decided)
        case = draft if part == 2 and public.facts["part_2.exists"] is False else decided
        job = RenderJob(case, kind, part, output_format)
        data = issue.issue_document(services, job, Request(""), render_once).data
        services.store.close()
        return data


def load_shipped_story(name: str) -> Story:
    """Return a shipped story."""
    file = PAPER_FILE.with_name(name)
    return parse_story(file.read_bytes(), file.name)


def run_story_steps(services: Services, story: Story) -> Iterator[StoryStepResult]:
    """Play a shipped story, step by step."""
    return play_story(services, story, PAPER_FILE.with_name(story.paper).read_bytes())


def run_story(services: Services, name: str) -> tuple[str, str]:
    """Play a story; return its case, and a draft of the same paper that has a Part 2."""
    story = load_shipped_story(name)
    *_, last = run_story_steps(services, story)
    author = Request(next(step.officer for step in story.steps if step.open), story.start)
    draft = commands.open_case_from_paper(
        services, story.scheme, PAPER_FILE.with_name(story.paper).read_bytes(), story.paper, author
    ).case
    commands.amend_paper(services, draft, Revision({"part_2.exists": "true"}, {}), author)
    return last.case, draft
