"""`assent document`: decision documents from the record, and where a file comes from."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import show, verification_errors
from console.files import (
    document_name,
    is_folder,
    is_there,
    read_bytes,
    refuse_misnamed,
    refuse_place,
    shown_name,
)
from console.session import (
    CSV,
    JSON,
    TABLE,
    GivenFile,
    Place,
    Session,
    WholeNumber,
    examples,
    in_session,
    reads,
    writes,
)
from rules.errors import InputError

if TYPE_CHECKING:
    from decisions.issuing.issue import Made
    from workflow.services.commands import Asked

FORMS = ("pdf", "html", "docx")


@click.group(epilog=examples("assent document render CASE decision-form -o decision.pdf"))
def document() -> None:
    """Make decision documents, and verify them."""


@document.command(
    "list",
    short_help="List the documents of CASE, and which were issued.",
    epilog=examples("assent document list CASE"),
)
@click.argument("case")
@reads(TABLE, JSON, CSV)
@in_session
def list_(session: Session, case: str, form: str) -> None:
    """List the documents that CASE can be made into, and which of them were issued."""
    from decisions.issuing import issue

    listed = [
        (form_.kind, form_.part, form_.name, [f"{i.to} of version {i.version}" for i in issued])
        for form_, issued in issue.available(session.desk, case)
    ]
    show.rows(("Kind", "Part", "Name", "Issued"), listed, form, "documents")


@document.command(
    short_help="Make document KIND of CASE, and record it.",
    epilog=examples(
        "assent document render CASE decision-form -o decision.pdf",
        "assent document render CASE decision-form --part 2 -o draft.docx",
        "assent document render --all -o published --on 2018-05-01",
    ),
)
@click.argument("case", required=False)
@click.argument("kind", required=False)
@click.option(
    "--part", type=WholeNumber(1, 2), default=1, show_default=True, help="1: for publication. 2: confidential."
)
@click.option("--to", type=click.Choice(FORMS), help="What to make of it. [default: as -o ends, else pdf]")
@click.option(
    "-o",
    "--output",
    "path",
    type=Place(),
    help="Where to write it; a folder for --all. [default: CASE-KIND-part-1.pdf and so on, here]",
)
@click.option("--force", is_flag=True, help="Replace what stands there, whatever it is (but never the store).")
@click.option("--all", "whole", is_flag=True, help="Every document of every case, under their own names.")
@click.option("--kind", "only", default="", metavar="KIND", help="With --all: those of this kind.")
@click.option("--jobs", type=WholeNumber(1), metavar="N", help="With --all: how many at once. [default: one a core]")
@writes(officer_required=False)
@reads(TABLE, JSON, CSV)
@in_session
def render(
    session: Session, case: str | None, kind: str | None, part: int, to: str | None, path: Path | None, only: str,
    jobs: int | None, asked: Asked, form: str, *, force: bool, whole: bool,
) -> int:  # fmt: skip
    """Make document KIND of CASE, write it, and record its digest in the ledger.

    A file that is there already is replaced where it is a document of this store. A docx is for drafts that people
    edit in Word: assent case amend CASE --from FILE.docx reads the edited text back.

    With --all, make every document of every case, Part 1 of each unless --part 2 is asked for. One that cannot be made
    is named and does not stop the others; the exit code is then that of the first fault. One that is in its place, as
    issued of the case as it now stands, is left there (but for --force). Each is recorded and then put in its place:
    of a run that was stopped, at whatever moment, every file is recorded, and to run it again makes those missing.
    """
    if whole:
        if case or asked.expect_version is not None:
            raise InputError("--all is for every case", "Leave out CASE, KIND and --expect-version; there is --kind.")
        from console.workers import warm_up

        folder, at_once = _folder(path), warm_up(jobs)
        from console.batch_render import Edition, render_all

        return render_all(session, Edition(only, part, to or "pdf", folder, force), asked, at_once, form)
    if only or jobs:
        raise InputError("--kind and --jobs go with --all", "Say --all, or which document: CASE KIND.")
    if not case or not kind:
        raise InputError("say which document: CASE and KIND, or --all", "What there is: assent document list CASE")
    made, place = _one(session, (case, kind, part), to, path, asked, force=force)
    show.gives_away(made.issued.case, kind, made.gives_away)
    more = {"gives_away": made.gives_away} if form == JSON else {}
    show.receipt({**made.issued.as_json(), "path": str(place), **more}, form)
    return 0


def _one(
    session: Session, named: tuple[str, str, int], to: str | None, path: Path | None, asked: Asked, *, force: bool
) -> tuple[Made, Path]:
    """One document, made, recorded and put in its place; and that place."""
    from decisions.issuing import archive, issue
    from decisions.output.pdf import press
    from workflow.services import queries

    case, kind, part = named
    order = issue.Order(kind, part, _form_wanted(to, path))
    place = path or Path(document_name(queries.public_record(session.desk, case)[0].id, order))
    refuse_place(place, session.store.files(), lambda data: force or issue.origin(session.desk, data) is not None)
    made = issue.issue(session.desk, case, order, asked, press, placing=partial(archive.placing, place))
    return made, place


def _folder(path: Path | None) -> Path:
    """The folder for all documents; raises `InputError` where none is named."""
    if path is None or (is_there(path) and not is_folder(path)):
        raise InputError("--all needs a folder for the documents", "Name one: -o FOLDER")
    return path


def _form_wanted(to: str | None, path: Path | None) -> str:
    """What a document is to be made as: as --to says, else as the name ends, else PDF; raises where these differ."""
    suffix = path.suffix.removeprefix(".").lower() if path else ""
    if path is not None and is_folder(path):
        raise InputError(f"{path} is a folder", "Name a file with -o; a folder is for --all.")
    if path is not None:
        refuse_misnamed(path, [to] if to else FORMS)
    return to or suffix or "pdf"


@document.command(epilog=examples("assent document verify decision.pdf"))
@click.argument("file", type=GivenFile())
@reads(TABLE, JSON)
@in_session
def verify(session: Session, file: Path, form: str) -> None:
    """Say which case, version and head FILE belongs to. Leaves with 7 where it was altered or is not of this store."""
    from decisions.issuing import archive, issue

    data = read_bytes(file, archive.MAX_BYTES, "a document")
    with verification_errors.told(form):
        found = issue.verified(session.desk, data, shown_name(file)).as_json()
    show.receipt({"verified": True, **found} if form == JSON else found, form)
