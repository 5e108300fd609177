"""`assent audit`: check every control on some cases, on all, or on a case described by a file.

Each act is judged under the law of its own day.
A report of stored cases is recorded in the ledger, so that it can be verified; the report of a file is not.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from console import output
from console.audit_progress import show_progress
from console.files import printable_name, read_bytes, refuse_wrong_suffix
from console.output_formats import CSV, JSON, JSON_LINES, TABLE
from console.session import (
    OutputPath,
    Session,
    WholeNumber,
    format_option,
    help_examples,
    parse_day_option,
    pass_session,
    refuse_undecodable_text,
)
from rules.errors import InputError
from workflow.papers.kinds import INPUT_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from console.audit_writers import AuditWriter
    from workflow.services.audit_findings import Audit, AuditResult
    from workflow.services.audit_sample import Sample
    from workflow.services.audit_totals import AuditTotals

EXIT_BREACHED, EXIT_UNREAD = 6, 2
REPORT_FORMATS = ("html", "pdf")
_NEW_OBJECTS_BETWEEN_COLLECTIONS = 50_000


@click.command(
    epilog=help_examples(
        "assent audit CASE --as-of 2023-03-08",
        "assent audit past.yaml notices.json decisions/",
        "assent audit register.csv --mapping columns.yaml --format jsonl",
        "assent audit --all --format pdf -o audit.pdf",
        "assent audit --all --baseline march.jsonl --sample 60 --seed 2026",
    )
)
@click.argument("targets", nargs=-1, metavar="[CASE…|FILE…|FOLDER|-]", type=click.Path())
@click.option("--all", "all_cases", is_flag=True, help="Audit every case of the store.")
@click.option("--as-of", metavar="DAY", help="Audit the record as it was on this business day. [default: today]")
@click.option(
    "--mapping",
    "mapping_path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A YAML file that says which column of a table states which fact.",
)
@click.option(
    "--input",
    "kind",
    type=click.Choice(INPUT_KINDS),
    help="The kind of the files. [default: by the ending of each name]",
)
@click.option(
    "--baseline",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="An earlier audit as JSON, JSON Lines or CSV: say what is new, the same and gone.",
)
@click.option(
    "--sample", "sample_size", type=WholeNumber(min=1), metavar="N", help="Draw so many cases and audit these alone."
)
@click.option("--seed", metavar="TEXT", help="Draw the same sample again. [default: a new one]")
@click.option("--strict", is_flag=True, help="Stop at the first row that cannot be read.")
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
    mapping_path: Path | None, kind: str | None, baseline: Path | None, sample_size: int | None, seed: str | None,
    *, all_cases: bool, show_all: bool, force: bool, strict: bool,
) -> int:  # fmt: skip
    """Check each control on each case, under the law in force when each act was done.

    FILE holds cases that were decided elsewhere, one or many: papers as YAML or JSON, a table as CSV or JSON lines, or
    releases of procurement notices (OCDS). FOLDER stands for all files in it, and - for standard input. Papers without
    a scheme are judged by national law alone. For a Parquet file, or a table of very many rows of which totals are
    enough, see `assent population audit`.
    --format html or pdf writes a report for officers and auditors, and records its digest in the ledger.
    Exits with 6 if any control is breached, including warnings, and with --baseline only if a breach is new; else with
    2 if rows could not be read.
    """
    if (path is not None or force) and output_format not in REPORT_FORMATS:
        raise InputError("-o and --force need a report format", "Add --format pdf or --format html.")
    if path is not None:
        refuse_wrong_suffix(path, [output_format])
    sample = _make_sample(session, sample_size, seed)
    choice = _Choice(targets, mapping_path, kind or "", sample, all_cases=all_cases, strict=strict)
    result = _compare(_run_audit(session, choice, as_of), baseline)
    with _collecting_seldom():
        if output_format in REPORT_FORMATS:
            report = path or Path(f"audit-{result.as_of.isoformat()}.{output_format}")
            totals = _write_report(session, result, output_format, report, show_all=show_all, force=force)
        else:
            totals = _write_results(result, _make_writer(output_format, result.as_of, show_all=show_all))
    if totals.has_breaches:
        return EXIT_BREACHED
    return EXIT_UNREAD if totals.unread else 0


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Look for cycles of objects seldom: an audit makes hardly any, and each look takes the longer the more is kept."""
    usual = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS_BETWEEN_COLLECTIONS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


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

    totals = AuditTotals(sample=audit.sample, is_compared=audit.is_compared)
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


class _Choice(NamedTuple):
    """What is audited: cases by their numbers, all cases, or files, and how files are read."""

    targets: tuple[str, ...]
    mapping: Path | None
    kind: str
    sample: Sample | None
    all_cases: bool
    strict: bool


def _run_audit(session: Session, choice: _Choice, as_of: str | None) -> Audit:
    """Audit the cases or the files that the arguments name."""
    from console.audit_files import is_file_argument
    from workflow.services.ledger_audit import audit_cases

    targets = choice.targets
    if choice.all_cases and targets:
        raise InputError(f"--all cannot be combined with {targets[0]:.120}", "Use one or the other.")
    if not choice.all_cases and not targets:
        raise InputError("choose what to audit: cases, files, a folder, or --all", "Example: assent audit --all")
    on = parse_day_option(as_of, "--as-of")
    of_files = [is_file_argument(target) for target in targets]
    if any(of_files):
        if not all(of_files):
            raise InputError("cases and files cannot be audited together", "Run the command once for each.")
        return _audit_files(session, choice, on)
    if choice.mapping or choice.kind or choice.strict:
        raise InputError("--mapping, --input and --strict are for files", "Name a file or a folder.")
    for target in targets:
        refuse_undecodable_text(target, "CASE")
    return audit_cases(session.services, targets, on, choice.sample)


def _make_sample(session: Session, size: int | None, seed: str | None) -> Sample | None:
    """Return the sample to draw, with a new seed if none is given; raises `InputError` for a seed without a size."""
    from workflow.services.audit_sample import Sample

    if size is None:
        if seed is not None:
            raise InputError("--seed draws a sample, and --sample says of how many cases", "Add --sample N.")
        return None
    return Sample(size, seed if seed is not None else session.clock.new_salt()[:8])


def _compare(audit: Audit, path: Path | None) -> Audit:
    """Return an audit that is compared with an earlier one in a file, if there is one."""
    from workflow.services.audit_baseline import read_baseline

    if path is None:
        return audit
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            baseline = read_baseline(lines, printable_name(path))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{printable_name(path)} could not be read: {error}", "Check the file name.") from error
    return replace(audit, results=baseline.compare(audit.results), is_compared=True)


def _audit_files(session: Session, choice: _Choice, as_of: date | None) -> Audit:
    """Audit the cases in files as they come; with --strict, raise `InputError` at the first row that is not read."""
    from console.audit_files import find_files, find_single_case
    from workflow.papers.columns import NO_MAPPING, read_mapping
    from workflow.services.audit_findings import Audit
    from workflow.services.paper_audit import audit_files, audit_paper

    services = session.services
    on = services.new_act_context(as_of).on
    path = choice.mapping
    mapping = read_mapping(read_bytes(path, description="a mapping file"), printable_name(path)) if path else NO_MAPPING
    single = find_single_case(choice.targets, choice.kind) if choice.sample is None else None
    if single:
        case = audit_paper(services, read_bytes(single), printable_name(single), as_of)
        return Audit(on, [case], is_from_ledger=False)
    results = audit_files(services, find_files(choice.targets, choice.kind, path), on, mapping, choice.sample)
    shown = show_progress(_stop_at_unread(results) if choice.strict else results)
    return Audit(on, shown, is_from_ledger=False, sample=choice.sample)


def _stop_at_unread(results: Iterable[AuditResult]) -> Iterator[AuditResult]:
    from workflow.papers.records import UnreadRow

    for result in results:
        if isinstance(result, UnreadRow):
            raise InputError(result.describe(), "Correct it, or leave --strict out to audit the rest.")
        yield result
