"""`assent document`: decision documents from the record, and where a file comes from."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import output, verification_errors
from console.files import (
    is_folder,
    path_exists,
    printable_name,
    read_bytes,
    refuse_wrong_suffix,
)
from console.session import (
    CSV,
    JSON,
    TABLE,
    InputPath,
    OutputPath,
    Session,
    WholeNumber,
    format_option,
    help_examples,
    pass_session,
    write_options,
)
from rules.errors import InputError

if TYPE_CHECKING:
    from decisions.issuing.issue import PreparedDocument
    from workflow.services.commands import Request

OUTPUT_FORMATS = ("pdf", "html", "docx")


@click.group(epilog=help_examples("assent document render CASE decision-form -o decision.pdf"))
def document() -> None:
    """Make decision documents, and verify them."""


@document.command(
    "list",
    short_help="List the documents of CASE, and which were issued.",
    epilog=help_examples("assent document list CASE"),
)
@click.argument("case")
@format_option(TABLE, JSON, CSV)
@pass_session
def list_(session: Session, case: str, output_format: str) -> None:
    """List the documents that CASE can be made into, and which of them were issued."""
    from decisions.issuing import issued_files

    listed = [
        (form_.kind, form_.part, form_.name, [f"{i.to} of version {i.version}" for i in issued])
        for form_, issued in issued_files.documents_by_template(session.services, case)
    ]
    output.print_rows(("Kind", "Part", "Name", "Issued"), listed, output_format, "documents")


@document.command(
    short_help="Make document KIND of CASE, and record it.",
    epilog=help_examples(
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
@click.option("--to", type=click.Choice(OUTPUT_FORMATS), help="What to make of it. [default: as -o ends, else pdf]")
@click.option(
    "-o",
    "--output",
    "path",
    type=OutputPath(),
    help="Where to write it; a folder for --all. [default: CASE-KIND-part-1.pdf and so on, here]",
)
@click.option("--force", is_flag=True, help="Replace what stands there, whatever it is (but never the store).")
@click.option("--all", "all_cases", is_flag=True, help="Every document of every case, under their own names.")
@click.option("--kind", "kind_filter", default="", metavar="KIND", help="With --all: those of this kind.")
@click.option("--jobs", type=WholeNumber(1), metavar="N", help="With --all: how many at once. [default: one a core]")
@write_options(officer_required=False)
@format_option(TABLE, JSON, CSV)
@pass_session
def render(
    session: Session, case: str | None, kind: str | None, part: int, to: str | None, path: Path | None,
    kind_filter: str,
    jobs: int | None, request: Request, output_format: str, *, force: bool, all_cases: bool,
) -> int:  # fmt: skip
    """Make document KIND of CASE, write it, and record its digest in the ledger.

    A file that is there already is replaced where it is a document of this store. A docx is for drafts that people
    edit in Word: assent case amend CASE --from FILE.docx reads the edited text back.

    With --all, make every document of every case, Part 1 of each unless --part 2 is asked for. One that cannot be made
    is named and does not stop the others; the exit code is then that of the first fault. One that is in its place, as
    issued of the case as it now stands, is left there (but for --force). Each is recorded and then put in its place:
    of a run that was stopped, at whatever moment, every file is recorded, and to run it again makes those missing.
    """
    if all_cases:
        if case or request.expect_version is not None:
            raise InputError("--all is for every case", "Leave out CASE, KIND and --expect-version; there is --kind.")
        from decisions.issuing.workers import prepare_workers

        folder, at_once = _output_folder(path), prepare_workers(jobs)
        from console.batch_render import render_batch
        from decisions.issuing.batch import RenderBatch

        return render_batch(
            session, RenderBatch(kind_filter, part, to or "pdf", folder, force), request, at_once, output_format
        )
    if kind_filter or jobs:
        raise InputError("--kind and --jobs go with --all", "Say --all, or which document: CASE KIND.")
    if not case or not kind:
        raise InputError("say which document: CASE and KIND, or --all", "What there is: assent document list CASE")
    made, place = _render_one(session, (case, kind, part), to, path, request, force=force)
    output.warn_of_derivable_figures(made.issued.case, kind, made.derivable_facts)
    more = {"gives_away": made.derivable_facts} if output_format == JSON else {}
    output.print_receipt({**made.issued.as_json(), "path": str(place), **more}, output_format)
    return 0


def _render_one(
    session: Session,
    document_key: tuple[str, str, int],
    to: str | None,
    path: Path | None,
    request: Request,
    *,
    force: bool,
) -> tuple[PreparedDocument, Path]:
    """One document, made, recorded and put in its place; and that place."""
    from decisions.issuing import document_files, issue, issued_files
    from decisions.issuing.jobs import RenderJob
    from decisions.output.pdf import render_file
    from workflow.services import queries

    case, kind, part = document_key
    job = RenderJob(case, kind, part, _choose_output_format(to, path))
    if path is None:
        job = job._replace(case=queries.load_public_case(session.services, case)[0].id)
    place = path or Path(document_files.document_file_name(job))
    document_files.refuse_output_path(
        place,
        session.store.file_paths(),
        lambda data: force or issued_files.find_issued_document(session.services, data) is not None,
    )
    made = issue.issue_document(
        session.services, job, request, render_file, staged_write=partial(document_files.staged_write, place)
    )
    return made, place


def _output_folder(path: Path | None) -> Path:
    """The folder for all documents; raises `InputError` where none is named."""
    if path is None or (path_exists(path) and not is_folder(path)):
        raise InputError("--all needs a folder for the documents", "Name one: -o FOLDER")
    return path


def _choose_output_format(to: str | None, path: Path | None) -> str:
    """What a document is to be made as: as --to says, else as the name ends, else PDF; raises where these differ."""
    suffix = path.suffix.removeprefix(".").lower() if path else ""
    if path is not None and is_folder(path):
        raise InputError(f"{path} is a folder", "Name a file with -o; a folder is for --all.")
    if path is not None:
        refuse_wrong_suffix(path, [to] if to else OUTPUT_FORMATS)
    return to or suffix or "pdf"


@document.command(epilog=help_examples("assent document verify decision.pdf"))
@click.argument("file", type=InputPath())
@format_option(TABLE, JSON)
@pass_session
def verify(session: Session, file: Path, output_format: str) -> None:
    """Say which case, version and head FILE belongs to. Leaves with 7 where it was altered or is not of this store."""
    from decisions.issuing import document_files, issued_files

    data = read_bytes(file, document_files.MAX_BYTES, "a document")
    with verification_errors.report_failed_verification(output_format):
        found = issued_files.verify_file(session.services, data, printable_name(file)).as_json()
    output.print_receipt({"verified": True, **found} if output_format == JSON else found, output_format)
