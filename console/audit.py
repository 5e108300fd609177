"""`assent audit`: check every control on some cases, on all, or on a case described by a file.

Each act is judged under the law of its own day.
A report of stored cases is recorded in the ledger, so that it can be verified; the report of a file is not.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import output
from console.files import is_folder, path_exists, printable_name, read_bytes, refuse_wrong_suffix
from console.session import (
    CSV,
    JSON,
    JSON_LINES,
    TABLE,
    OutputPath,
    Session,
    format_option,
    help_examples,
    parse_day_option,
    pass_session,
    refuse_undecodable_text,
)
from rules.errors import InputError

if TYPE_CHECKING:
    from datetime import date

    from console.audit_writers import AuditWriter
    from workflow.services.audit_findings import Audit
    from workflow.services.audit_totals import AuditTotals

EXIT_BREACHED, EXIT_UNREAD = 6, 2
REPORT_FORMATS = ("html", "pdf")


@click.command(
    epilog=help_examples(
        "assent audit CASE --as-of 2023-03-08",
        "assent audit past.yaml",
        "assent audit --all --format pdf -o audit.pdf",
    )
)
@click.argument("targets", nargs=-1, metavar="[CASE…|FILE]", type=click.Path())
@click.option("--all", "all_cases", is_flag=True, help="Audit every case of the store.")
@click.option("--as-of", metavar="DAY", help="Audit the record as it was on this business day. [default: today]")
@click.option("--every", "show_all", is_flag=True, help="Also list the checks that are met or do not apply.")
@click.option(
    "-o",
    "--output",
    "path",
    type=OutputPath(dir_okay=False),
    help="The report file. [default: audit-DAY.html or audit-DAY.pdf in this folder]",
)
@click.option("--force", is_flag=True, help="Replace any existing file, except the store.")
@format_option(TABLE, JSON, JSON_LINES, CSV, *REPORT_FORMATS)
@pass_session
def audit(
    session: Session, targets: tuple[str, ...], as_of: str | None, output_format: str, path: Path | None,
    *, all_cases: bool, show_all: bool, force: bool,
) -> int:  # fmt: skip
    """Check each control on each case, under the law in force when each act was done.

    FILE is the paper of a case decided elsewhere, with the keys scheme, stage, public, exempt and recorded.
    --format html or pdf writes a report for officers and auditors, and records its digest in the ledger.
    Exits with 6 if any control is breached, including warnings.
    """
    if (path is not None or force) and output_format not in REPORT_FORMATS:
        raise InputError("-o and --force need a report format", "Add --format pdf or --format html.")
    if path is not None:
        refuse_wrong_suffix(path, [output_format])
    result = _run_audit(session, targets, as_of, all_cases=all_cases)
    if output_format in REPORT_FORMATS:
        report = path or Path(f"audit-{result.as_of.isoformat()}.{output_format}")
        totals = _write_report(session, result, output_format, report, show_all=show_all, force=force)
    else:
        totals = _write_results(result, _make_writer(output_format, result.as_of, show_all=show_all))
    if totals.has_breaches:
        return EXIT_BREACHED
    return EXIT_UNREAD if totals.unread else 0


def _make_writer(output_format: str, as_of: date, *, show_all: bool) -> AuditWriter:
    """Return what writes the results in a format as they come."""
    from console.audit_table import TableWriter
    from console.audit_writers import CsvWriter, JsonLinesWriter, JsonWriter

    if output_format == TABLE:
        return TableWriter(as_of, show_all=show_all)
    if output_format == CSV:
        return CsvWriter()
    return JsonWriter(as_of) if output_format == JSON else JsonLinesWriter(as_of)


def _write_results(audit: Audit, writer: AuditWriter) -> AuditTotals:
    """Write each result when it is there, then the totals, and return them."""
    from workflow.services.audit_totals import AuditTotals

    totals = AuditTotals()
    for result in audit.results:
        totals.take(result)
        writer.take(result)
    writer.finish(totals)
    return totals


def _write_report(
    session: Session, audit: Audit, output_format: str, path: Path, *, show_all: bool, force: bool
) -> AuditTotals:
    """Write the report of an audit, record it unless the audit is of a file, and return the totals."""
    from decisions.issuing import document_files, issue
    from decisions.output.pdf import render_file

    document_files.refuse_output_path(
        path, session.store.file_paths(), lambda data: force or _is_issued_document(session, audit, data)
    )
    view, totals = issue.build_report_view(session.services, audit, show_all=show_all)
    issued = issue.issue_report(
        session.services, view, output_format, render_file, partial(document_files.staged_write, path)
    )
    output.print_receipt({**issued.as_json(), "path": str(path)}, TABLE)
    return totals


def _is_issued_document(session: Session, audit: Audit, data: bytes) -> bool:
    """Whether the data are a document of the store. The audit of a file needs no store, so none is opened."""
    from decisions.issuing import issued_files

    return audit.is_from_ledger and issued_files.find_issued_document(session.services, data) is not None


def _run_audit(session: Session, targets: tuple[str, ...], as_of: str | None, *, all_cases: bool) -> Audit:
    """Audit the cases or the file that the arguments name."""
    from workflow.services.audit_findings import Audit
    from workflow.services.ledger_audit import audit_cases
    from workflow.services.paper_audit import audit_paper

    if all_cases and targets:
        raise InputError(f"--all cannot be combined with {targets[0]:.120}", "Use one or the other.")
    if not all_cases and not targets:
        raise InputError("choose what to audit: cases, a file, or --all", "Example: assent audit --all")
    on = parse_day_option(as_of, "--as-of")
    if not any(map(_is_file_argument, targets)):
        for target in targets:
            refuse_undecodable_text(target, "CASE")
        return audit_cases(session.services, targets, on)
    if len(targets) > 1:
        raise InputError("a file must be audited on its own", "Give one FILE, or only cases.")
    path, services = Path(targets[0]), session.services
    case = audit_paper(services, read_bytes(path), printable_name(path), on)
    return Audit(services.new_act_context(on).on, [case], is_from_ledger=False)


def _is_file_argument(name: str) -> bool:
    """Whether an argument is a file and not a case: it has a paper's ending, or exists and is no folder."""
    path = Path(name)
    return path.suffix in (".yaml", ".yml") or (path_exists(path) and not is_folder(path))
