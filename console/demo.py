"""`assent demo`: take a real case from paper to published decision, in a new folder.

The acts have the days of the real case, so the demo prints the same whenever it is run.
"""

from __future__ import annotations

import os
import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import findings, next_steps
from console.session import Session, help_examples, pass_session
from console.written_files import refuse_used_folder
from rules.values.text import replace_unprintable

if TYPE_CHECKING:
    from decisions.proving.story import Story, StoryStepResult
    from workflow.services.commands import Services

EXAMPLES = Path(__file__).resolve().parent.parent / "decisions" / "examples"
STORY_FILE = "smarter-working.story.yaml"
AUDIT_FILE = "audit.html"
MAX_FINDINGS = 2
_NEW_FOLDER_ADVICE = "Choose a new folder: assent demo FOLDER"
_WRITABLE_FOLDER_ADVICE = "Choose a folder you can write to: assent demo FOLDER"


@click.command(epilog=help_examples("assent demo my-demo"))
@click.argument("folder", default="assent-demo", type=click.Path(file_okay=False, path_type=Path))
@pass_session
def demo(session: Session, folder: Path) -> None:
    """Run the Smarter Working case from paper to published decision, and explain each step.

    FOLDER is made new. It then holds the store, the paper, the documents and the audit.

    To look at the store: assent --store FOLDER/assent.db case list
    """
    from decisions.issuing import document_files
    from decisions.proving.story import parse_story, play_story, remaining_breaches

    _make_folder(folder)
    demo_session = session.with_store(str(folder / "assent.db"))
    demo_session.store.create()
    story = parse_story((EXAMPLES / STORY_FILE).read_bytes(), STORY_FILE)
    paper = (EXAMPLES / story.paper).read_bytes()
    with document_files.staged_write(folder / story.paper, paper, is_private=True):
        pass  # the paper is written when the block ends; there is nothing to record with it
    _print_heading(story.title, "=")
    results = []
    for result in play_story(demo_session.services, story, paper):
        results.append(result)
        _print_step(demo_session, result)
    case = results[-1].case
    click.echo()
    _print_heading("The documents")
    _issue_documents(demo_session.services, story, case, folder)
    _write_audit_report(demo_session, story, case, folder / AUDIT_FILE)
    click.echo()
    _print_heading("The ledger")
    _verify_ledger(demo_session.services)
    click.echo()
    _print_heading("What was wrong in the real case")
    for finding in remaining_breaches(results):
        click.echo(findings.format_finding(finding) + "\n")
    store = shlex.quote(replace_unprintable(str(folder / "assent.db")))
    click.echo(f"See more: assent --store {store} case history {case}")


def _print_heading(text: str, underline: str = "-") -> None:
    click.echo(click.style(f"{text}\n{underline * len(text)}", bold=True))


def _make_folder(folder: Path) -> None:
    """Make the folder; raises `InputError` if it is not empty, `DocumentError` if it cannot be written to."""
    from decisions.errors import DocumentError

    refuse_used_folder(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DocumentError(f"{folder} could not be made: {error.strerror}", _WRITABLE_FOLDER_ADVICE) from None
    if not os.access(folder, os.W_OK):
        raise DocumentError(
            f"{folder} cannot be written to: no permission, or the disk is read-only", _WRITABLE_FOLDER_ADVICE
        )


def _print_step(session: Session, result: StoryStepResult) -> None:
    from workflow.services import act_queries

    if result.narration:
        click.echo(f"\n{result.narration}")
    click.echo(click.style(f"$ {result.command}", fg="cyan"))
    if result.refusal:
        refused_by = result.step.refused_by
        click.echo(findings.format_ruling(result.refusal, max_findings=MAX_FINDINGS, first_control=refused_by))
        return
    if result.receipt:
        click.echo(f"Done: version {result.receipt.version}, seal {result.receipt.seal[:16]}.")
    current_case, next_actions = act_queries.list_next_actions(session.services, result.case, result.step.on)
    click.echo(next_steps.format_steps(session, current_case, next_actions))


def _issue_documents(services: Services, story: Story, case: str, folder: Path) -> None:
    from decisions.issuing import document_files, issue
    from decisions.issuing.jobs import RenderJob
    from decisions.output.pdf import render_file
    from workflow.services.commands import Request

    request = Request("", story.steps[-1].on)
    for document in story.documents:
        job = RenderJob(case, document.kind, document.part, "pdf")
        path = folder / document_files.document_file_name(job)
        write = document_files.writer_of(job, path)
        issued, _, _ = issue.issue_document(services, job, request, render_file, staged_write=write)
        _print_file(path, issued.sha256)


def _write_audit_report(session: Session, story: Story, case: str, path: Path) -> None:
    """Write the audit as of the story's last day, so that it is the same whenever the demo is run."""
    from decisions.issuing import document_files, issue
    from decisions.output.pdf import render_file
    from workflow.services.ledger_audit import audit_cases

    result = audit_cases(session.services, [case], story.steps[-1].on)
    view, _ = issue.build_report_view(session.services, result, show_all=False)
    issued = issue.issue_report(session.services, view, "html", render_file, partial(document_files.staged_write, path))
    _print_file(path, issued.sha256)


def _verify_ledger(services: Services) -> None:
    from workflow.services import verification

    number, head = verification.ledger_head(services)
    rulings = verification.verify_ledger(services, head, with_replay=True).rulings
    click.echo(f"All {number} entries are intact. {rulings} rulings were checked again with the same result.")
    click.echo(f"Head: {head}")


def _print_file(path: Path, sha256: str) -> None:
    click.echo(f"{replace_unprintable(str(path))}  sha256 {sha256[:16]}…")
