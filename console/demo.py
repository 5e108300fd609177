"""`assent demo`: a real case, from paper to published decision, in a folder of its own."""

from __future__ import annotations

import os
import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import show
from console import steps as next_steps
from console.files import document_name
from console.session import Session, examples, in_session
from rules.errors import InputError
from rules.values.text import printable

if TYPE_CHECKING:
    from decisions.proving.story import Story, Told
    from workflow.services.commands import Desk

EXAMPLES = Path(__file__).resolve().parent.parent / "decisions" / "examples"
STORY = "smarter-working.story.yaml"
AUDIT = "audit.html"
MOST_FINDINGS = 2
_ANOTHER = "Name a new folder: assent demo FOLDER"
_WRITABLE = "Name a folder where you may write: assent demo FOLDER"


@click.command(epilog=examples("assent demo my-demo"))
@click.argument("folder", default="assent-demo", type=click.Path(file_okay=False, path_type=Path))
@in_session
def demo(session: Session, folder: Path) -> None:
    """Run the Smarter Working case from paper to published decision into a new FOLDER, telling the story.

    FOLDER then holds the store, the paper, the documents and the audit, to look at with the other commands.
    """
    from decisions.issuing import archive
    from decisions.proving.story import out_of_order, read_story, tell

    _make(folder)
    here = session.elsewhere(str(folder / "assent.db"))
    here.store.make()
    story = read_story((EXAMPLES / STORY).read_bytes(), STORY)
    paper = (EXAMPLES / story.paper).read_bytes()
    with archive.placing(folder / story.paper, paper):
        pass  # nothing is recorded of it until the case is opened on it
    click.echo(click.style(f"{story.title}\n{'=' * len(story.title)}", bold=True))
    told = []
    for step in tell(here.desk, story, paper):
        told.append(step)
        _tell(here, step)
    click.echo(click.style("\nThe documents\n-------------", bold=True))
    _documents(here.desk, story, told[-1].case, folder)
    _audit(here, story, told[-1].case, folder / AUDIT)
    click.echo(click.style("\nThe ledger\n----------", bold=True))
    _prove(here.desk)
    click.echo(
        click.style("\nWhat was out of order in the real case\n--------------------------------------", bold=True)
    )
    for finding in out_of_order(told):
        click.echo(show.finding_in_full(finding) + "\n")
    store = shlex.quote(printable(str(folder / "assent.db")))
    click.echo(f"Look further: assent --store {store} case history {told[-1].case}")


def _make(folder: Path) -> None:
    """Make a folder; raises `InputError` for one that holds something, `DocumentError` where nothing can be written."""
    from decisions.errors import DocumentError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except OSError as error:
        raise DocumentError(f"{folder} could not be made: {error.strerror}", _WRITABLE) from None
    if not is_empty:
        raise InputError(f"{folder} is there already and is not empty", _ANOTHER)
    if not os.access(folder, os.W_OK):
        raise DocumentError(f"{folder} could not be written to: you may not, or its disk takes nothing", _WRITABLE)


def _tell(session: Session, step: Told) -> None:

    from workflow.services import queries

    if step.tell:
        click.echo(f"\n{step.tell}")
    click.echo(click.style(f"$ {step.command}", fg="cyan"))
    if step.refusal:
        click.echo(show.ruling(step.refusal, most=MOST_FINDINGS, first=step.step.refused_by))
        return
    if step.receipt:
        click.echo(f"Done: version {step.receipt.version}, seal {step.receipt.seal[:16]}.")
    known, steps = queries.steps(session.desk, step.case, step.step.on)
    click.echo(next_steps.in_words(session, known, steps))


def _documents(desk: Desk, story: Story, case: str, folder: Path) -> None:
    from decisions.issuing import archive, issue
    from decisions.output.pdf import press
    from workflow.services.commands import Asked

    for wanted in story.documents:
        order = issue.Order(wanted.kind, wanted.part, "pdf")
        path = folder / document_name(case, order)
        asked = Asked("", story.steps[-1].on)
        made, _, _ = issue.issue(desk, case, order, asked, press, placing=partial(archive.placing, path))
        _name(path, made.sha256)


def _audit(session: Session, story: Story, case: str, path: Path) -> None:
    """The report on the case as it stood when the story ended, so that it is the same each time."""
    from decisions.issuing import archive, issue
    from decisions.output.pdf import press
    from workflow.services import audit as auditing

    found = auditing.audit(session.desk, [case], story.steps[-1].on)
    view = issue.report_of(session.desk, found, every=False)
    made = issue.issue_report(session.desk, view, "html", press, partial(archive.placing, path))
    _name(path, made.sha256)


def _prove(desk: Desk) -> None:
    from workflow.services import verification

    number, head = verification.head(desk)
    found = verification.verify(desk, head, again=True)
    click.echo(f"{number} entries, each sealed over the one before; {found.rulings} rulings were judged again and came")
    click.echo(f"out the same. Head: {head}")


def _name(path: Path, sha256: str) -> None:
    click.echo(f"{printable(str(path))}  sha256 {sha256[:16]}…")
