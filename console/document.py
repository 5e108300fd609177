"""`assent document`: make decision documents from the record, and check where a file came from.

A document is recorded in the ledger before its file is put in place.
An existing file is replaced only if it is a document of this store, and the store itself never.
"""

from __future__ import annotations

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
from console.output_formats import CSV, JSON, TABLE
from console.session import (
    InputPath,
    OutputPath,
    Session,
    WholeNumber,
    format_option,
    help_examples,
    part_option,
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
    """Make decision documents, and check where a file came from."""


@document.command(
    "list",
    short_help="List the documents of CASE, and which were issued.",
    epilog=help_examples("assent document list CASE"),
)
@click.argument("case")
@format_option(TABLE, JSON, CSV)
@pass_session
def list_(session: Session, case: str, output_format: str) -> None:
    """List the documents available for CASE, and which were issued."""
    from decisions.issuing import issued_files

    documents = issued_files.documents_by_template(session.services, case)
    output.print_items(("Kind", "Part", "Name", "Issued"), documents, output_format, "documents")


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
@part_option("1: for publication. 2: confidential.")
@click.option("--to", type=click.Choice(OUTPUT_FORMATS), help="The file type. [default: from the ending of -o, or pdf]")
@click.option(
    "-o",
    "--output",
    "path",
    type=OutputPath(),
    help="The file to write, or the folder with --all. [default: CASE-KIND-part-1.pdf in this folder]",
)
@click.option("--force", is_flag=True, help="Replace any existing file, except the store.")
@click.option("--all", "all_cases", is_flag=True, help="Make every document of every case.")
@click.option("--kind", "kind_filter", default="", metavar="KIND", help="With --all: only this kind.")
@click.option(
    "--jobs",
    type=WholeNumber(1),
    metavar="N",
    help="With --all: how many to make at once. [default: one for each processor core]",
)
@write_options(officer_required=False)
@format_option(TABLE, JSON, CSV)
@pass_session
def render(
    session: Session, case: str | None, kind: str | None, part: int, to: str | None, path: Path | None,
    kind_filter: str, jobs: int | None, request: Request, output_format: str, *, force: bool, all_cases: bool,
) -> int:  # fmt: skip
    """Make document KIND of CASE, and record its digest in the ledger.

    An existing file is replaced only if it is a document of this store.

    To see the kinds: assent document list CASE

    A docx is a draft to edit in Word. To take the edited texts into the case:
    assent case amend CASE --from FILE.docx

    With --all, make every document of every case (Part 1, unless --part 2). A document that cannot be made is
    reported, and the others are still made; the exit code is that of the first failure. Documents that are up to date
    are left alone, unless --force. If it was interrupted, run it again: missing files are made.
    """
    if all_cases:
        if case or request.expect_version is not None:
            raise InputError(
                "--all makes documents for every case",
                "Leave out CASE, KIND and --expect-version. To choose a kind, use --kind.",
            )
        from decisions.issuing.workers import prepare_workers

        folder, worker_count = _output_folder(path), prepare_workers(jobs)
        from console.batch_render import render_batch
        from decisions.issuing.batch import RenderBatch

        batch = RenderBatch(kind_filter, part, to or "pdf", folder, force)
        return render_batch(session, batch, request, worker_count, output_format)
    if kind_filter or jobs:
        raise InputError("--kind and --jobs need --all", "Add --all, or name one document: CASE KIND.")
    if not case or not kind:
        raise InputError("name a document: CASE and KIND, or --all", "To see the documents: assent document list CASE")
    prepared, written_to = _render_one(session, (case, kind, part), to, path, request, force=force)
    output.warn_of_derivable_figures(prepared.issued.case, kind, prepared.derivable_facts)
    more = {"gives_away": prepared.derivable_facts} if output_format == JSON else {}
    output.print_receipt({**prepared.issued.as_json(), "path": str(written_to), **more}, output_format)
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
    """Make one document, record it and write its file; return it and the path."""
    from decisions.issuing import document_files, issue, issued_files
    from decisions.issuing.jobs import RenderJob
    from decisions.output.pdf import render_file
    from workflow.services import queries

    case, kind, part = document_key
    job = RenderJob(case, kind, part, _choose_output_format(to, path))
    if path is None:  # the case as it is spelt in the store, however it was typed
        job = job._replace(case=queries.load_public_case(session.services, case)[0].id)
        path = Path(document_files.document_file_name(job))
    document_files.refuse_output_path(
        path,
        session.store.file_paths(),
        lambda data: force or issued_files.find_issued_document(session.services, data) is not None,
    )
    prepared = issue.issue_document(
        session.services, job, request, render_file, staged_write=document_files.writer_of(job, path)
    )
    return prepared, path


def _output_folder(path: Path | None) -> Path:
    """Return the folder for all documents; raises `InputError` without one."""
    if path is None or (path_exists(path) and not is_folder(path)):
        raise InputError("--all needs a folder for the documents", "Add: -o FOLDER")
    return path


def _choose_output_format(to: str | None, path: Path | None) -> str:
    """Return the format by --to, else by the ending of the file name, else PDF; raises if they differ."""
    suffix = path.suffix.removeprefix(".").lower() if path else ""
    if path is not None and is_folder(path):
        raise InputError(f"{path} is a folder", "Name a file with -o. A folder needs --all.")
    if path is not None:
        refuse_wrong_suffix(path, [to] if to else OUTPUT_FORMATS)
    return to or suffix or "pdf"


@document.command(
    short_help="Show which case and version FILE came from.",
    epilog=help_examples("assent document verify decision.pdf"),
)
@click.argument("file", type=InputPath())
@format_option(TABLE, JSON)
@pass_session
def verify(session: Session, file: Path, output_format: str) -> None:
    """Show the case, version and ledger head of FILE.

    Exits with 7 if FILE was altered or is not from this store.
    """
    from decisions.issuing import document_files, issued_files

    data = read_bytes(file, document_files.MAX_BYTES, "a document")
    with verification_errors.report_failed_verification(output_format):
        issued = issued_files.verify_file(session.services, data, printable_name(file)).as_json()
    output.print_receipt({"verified": True, **issued} if output_format == JSON else issued, output_format)
