"""`assent demo`: a real case, from paper to published decision, in a folder of its own."""

from __future__ import annotations

import os
import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import next_steps, output
from console.session import Session, help_examples, pass_session
from rules.errors import InputError
from rules.values.text import replace_unprintable

if TYPE_CHECKING:
    from decisions.proving.story import Story, StoryStepResult
    from workflow.services.commands import Services

EXAMPLES = Path(__file__).resolve().parent.parent / "decisions" / "examples"
STORY_FILE = "smarter-working.story.yaml"
AUDIT_FILE = "audit.html"
MAX_FINDINGS = 2
_NEW_FOLDER_ADVICE = "Name a new folder: assent demo FOLDER"
_WRITABLE_FOLDER_ADVICE = "Name a folder where you may write: assent demo FOLDER"


@click.command(epilog=help_examples("assent demo my-demo"))
@click.argument("folder", default="assent-demo", type=click.Path(file_okay=False, path_type=Path))
@pass_session
def demo(session: Session, folder: Path) -> None:
    """Run the Smarter Working case from paper to published decision into a new FOLDER, telling the story.

    FOLDER then holds the store, the paper, the documents and the audit, to look at with the other commands.
    """
    from decisions.issuing import document_files
    from decisions.proving.story import parse_story, play_story, remaining_breaches

    _make_folder(folder)
    here = session.with_store(str(folder / "assent.db"))
    here.store.create()
    story = parse_story((EXAMPLES / STORY_FILE).read_bytes(), STORY_FILE)
    paper = (EXAMPLES / story.paper).read_bytes()
    with document_files.staged_write(folder / story.paper, paper):
        pass  # nothing is recorded of it until the case is opened on it
    click.echo(click.style(f"{story.title}\n{'=' * len(story.title)}", bold=True))
    told = []
    for step in play_story(here.services, story, paper):
        told.append(step)
        _print_step(here, step)
    click.echo(click.style("\nThe documents\n-------------", bold=True))
    _issue_documents(here.services, story, told[-1].case, folder)
    _write_audit_report(here, story, told[-1].case, folder / AUDIT_FILE)
    click.echo(click.style("\nThe ledger\n----------", bold=True))
    _verify_ledger(here.services)
    click.echo(
        click.style("\nWhat was out of order in the real case\n--------------------------------------", bold=True)
    )
    for finding in remaining_breaches(told):
        click.echo(output.format_finding(finding) + "\n")
    store = shlex.quote(replace_unprintable(str(folder / "assent.db")))
    click.echo(f"Look further: assent --store {store} case history {told[-1].case}")


def _make_folder(folder: Path) -> None:
    """Make a folder; raises `InputError` for one that holds something, `DocumentError` where nothing can be written."""
    from decisions.errors import DocumentError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except OSError as error:
        raise DocumentError(f"{folder} could not be made: {error.strerror}", _WRITABLE_FOLDER_ADVICE) from None
    if not is_empty:
        raise InputError(f"{folder} is there already and is not empty", _NEW_FOLDER_ADVICE)
    if not os.access(folder, os.W_OK):
        raise DocumentError(
            f"{folder} could not be written to: you may not, or its disk takes nothing", _WRITABLE_FOLDER_ADVICE
        )


def _print_step(session: Session, step: StoryStepResult) -> None:

    from workflow.services import queries

    if step.narration:
        click.echo(f"\n{step.narration}")
    click.echo(click.style(f"$ {step.command}", fg="cyan"))
    if step.refusal:
        click.echo(output.format_ruling(step.refusal, max_findings=MAX_FINDINGS, first_control=step.step.refused_by))
        return
    if step.receipt:
        click.echo(f"Done: version {step.receipt.version}, seal {step.receipt.seal[:16]}.")
    known, steps = queries.list_next_actions(session.services, step.case, step.step.on)
    click.echo(next_steps.format_steps(session, known, steps))


def _issue_documents(services: Services, story: Story, case: str, folder: Path) -> None:
    from decisions.issuing import document_files, issue
    from decisions.issuing.jobs import RenderJob
    from decisions.output.pdf import render_file
    from workflow.services.commands import Request

    for wanted in story.documents:
        job = RenderJob(case, wanted.kind, wanted.part, "pdf")
        path = folder / document_files.document_file_name(job)
        asked = Request("", story.steps[-1].on)
        made, _, _ = issue.issue_document(
            services, job, asked, render_file, staged_write=partial(document_files.staged_write, path)
        )
        _print_file(path, made.sha256)


def _write_audit_report(session: Session, story: Story, case: str, path: Path) -> None:
    """The report on the case as it stood when the story ended, so that it is the same each time."""
    from decisions.issuing import document_files, issue
    from decisions.output.pdf import render_file
    from workflow.services import audit as auditing

    found = auditing.audit_cases(session.services, [case], story.steps[-1].on)
    view = issue.build_report_view(session.services, found, show_all=False)
    made = issue.issue_report(session.services, view, "html", render_file, partial(document_files.staged_write, path))
    _print_file(path, made.sha256)


def _verify_ledger(services: Services) -> None:
    from workflow.services import verification

    number, head = verification.ledger_head(services)
    found = verification.verify_ledger(services, head, with_replay=True)
    click.echo(f"{number} entries, each sealed over the one before; {found.rulings} rulings were judged again and came")
    click.echo(f"out the same. Head: {head}")


def _print_file(path: Path, sha256: str) -> None:
    click.echo(f"{replace_unprintable(str(path))}  sha256 {sha256[:16]}…")
