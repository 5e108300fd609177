"""The shipped story of each authority, and every kind of document made from it, or from a walk where it has none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from decisions.documents.build import build_document
from decisions.documents.record_views import CaseRecord, build_exempt_record, build_public_record
from decisions.documents.view import Document
from decisions.errors import NoSuchDocument
from decisions.issuing import issue
from decisions.issuing.jobs import RenderJob
from decisions.proving.story import Story, StoryStepResult, parse_story, play_story
from decisions.proving.walk_proof import load_walks
from decisions.proving.walks import run_walk
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
    for scheme in STORIES
    for template in Library.load([]).bundle(scheme).head()[1].documents
]
"""Every document of each scheme with a story: scheme, kind and part. The example authorities have walks instead."""
NO_HEAD = "0" * 64
DAY_AFTER_STORIES = date(2018, 12, 31)


class StoryDocuments:
    """Renders documents of the stories, each played once; if its case has no Part 2, of a draft that has one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cases: dict[str, tuple[str, str]] = {}

    def render(self, scheme: str, kind: str, part: int, output_format: str) -> bytes:
        """Return one document as it is issued, or as it would be made at the end of a walk."""
        if scheme not in STORIES:
            return render_once(document_of_walk(scheme, kind, part), output_format)
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


def document_of_walk(scheme_id: str, kind: str, part: int) -> Document:
    """Return a document of the last case of the first walk that comes to have it."""
    library = Library.load([])
    walks, _ = load_walks(library, scheme_id)
    template = library.scheme(scheme_id).document_template(kind, part)
    for walk in walks:
        last = run_walk(walk.walk, walk.scheme).last_case
        if last is None or f"{template.decided_at}.outcome" not in last.case.facts:
            continue
        if part == 1:
            record: CaseRecord = build_public_record(last.case, NO_HEAD, walk.scheme)
        elif last.exempt_part.facts:
            record = build_exempt_record(last.case, last.exempt_part, NO_HEAD, walk.scheme)
        else:
            continue
        with suppress(NoSuchDocument):
            return build_document(template, record)
    raise LookupError(f"no walk of {scheme_id} comes to have {kind} Part {part}")


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
