"""`assent audit`: check every control on some cases, on all, or on a case described by a file.

Each act is judged under the law of its own day.
A report of stored cases is recorded in the ledger, so that it can be verified; the report of a file is not.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import findings, output
from console.files import is_folder, path_exists, printable_name, read_bytes, refuse_wrong_suffix
from console.session import (
    CSV,
    JSON,
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
from rules.values.calendar import long_date

if TYPE_CHECKING:
    from datetime import date

    from workflow.services.audit_findings import Audit, AuditedFinding, CaseAudit

EXIT_BREACHED = 6
REPORT_FORMATS = ("html", "pdf")
_CSV_HEADS = (
    "Case", "Control", "Subject", "Outcome", "Severity", "Action", "Gate", "On", "Evidence", "Missing", "Clause",
    "Link", "Basis", "In force from", "In force to", "Cure",
)  # fmt: skip


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
@format_option(TABLE, JSON, CSV, *REPORT_FORMATS)
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
        _write_report(session, result, output_format, report, show_all=show_all, force=force)
    else:
        _print_audit(result, output_format, show_all=show_all)
    if output_format not in (JSON, *REPORT_FORMATS):
        _print_warnings(result)
    return EXIT_BREACHED if result.has_breaches else 0


def _write_report(
    session: Session, result: Audit, output_format: str, path: Path, *, show_all: bool, force: bool
) -> None:
    """Write the report of an audit, and record it unless the audit is of a file."""
    from decisions.issuing import document_files, issue
    from decisions.output.pdf import render_file

    document_files.refuse_output_path(
        path, session.store.file_paths(), lambda data: force or _is_issued_document(session, result, data)
    )
    view = issue.build_report_view(session.services, result, show_all=show_all)
    issued = issue.issue_report(
        session.services, view, output_format, render_file, partial(document_files.staged_write, path)
    )
    output.print_receipt({**issued.as_json(), "path": str(path)}, TABLE)


def _is_issued_document(session: Session, result: Audit, data: bytes) -> bool:
    """Whether the data are a document of the store. The audit of a file needs no store, so none is opened."""
    from decisions.issuing import issued_files

    return result.is_from_ledger and issued_files.find_issued_document(session.services, data) is not None


def _print_audit(result: Audit, output_format: str, *, show_all: bool) -> None:
    if output_format == JSON:
        output.print_json(result.as_json())
    elif output_format == CSV:
        audited = [finding for case in result.cases for finding in case.findings]
        output.print_rows(_CSV_HEADS, [_finding_row(finding) for finding in audited], output_format, "findings")
    else:
        click.echo(
            "\n\n\n".join(_format_case_audit(case, show_all=show_all) for case in result.cases)
            or _no_cases_message(result.as_of)
        )


def _run_audit(session: Session, targets: tuple[str, ...], as_of: str | None, *, all_cases: bool) -> Audit:
    """Audit the cases or the file that the arguments name."""
    from workflow.services.ledger_audit import audit_cases
    from workflow.services.paper_audit import audit_paper

    if all_cases and targets:
        raise InputError(f"--all cannot be combined with {targets[0]:.120}", "Use one or the other.")
    if not all_cases and not targets:
        raise InputError("choose what to audit: cases, a file, or --all", "Example: assent audit --all")
    on = parse_day_option(as_of, "--as-of")
    if not any(map(_is_file_argument, targets)):
        for case in targets:
            refuse_undecodable_text(case, "CASE")
        return audit_cases(session.services, targets, on)
    if len(targets) > 1:
        raise InputError("a file must be audited on its own", "Give one FILE, or only cases.")
    path = Path(targets[0])
    return audit_paper(session.services, read_bytes(path), printable_name(path), on)


def _is_file_argument(name: str) -> bool:
    """Whether an argument is a file and not a case: it has a paper's ending, or exists and is no folder."""
    path = Path(name)
    return path.suffix in (".yaml", ".yml") or (path_exists(path) and not is_folder(path))


def _no_cases_message(on: date) -> str:
    return f"No cases existed on {long_date(on)}."


def _format_case_audit(case_audit: CaseAudit, *, show_all: bool) -> str:
    """Return a case with its open findings, or all of them, and the number of each outcome."""
    shown = case_audit.open_findings() + (case_audit.closed_findings() if show_all else [])
    imported = " (imported)" if case_audit.imported else ""
    parts = [output.format_line(case_audit.case, f"{case_audit.title}{imported}")]
    parts += [findings.format_finding_briefly(audited.finding, [("law", audited.judged_at)]) for audited in shown]
    count = case_audit.count_outcomes()
    totals = (
        f"{count['breached']} breached, {count['undetermined']} undetermined, {count['satisfied']} satisfied, "
        f"{count['not_applicable']} not applicable."
    )
    parts.append(output.format_sentence(totals))
    return "\n\n".join(parts)


def _format_evidence(audited: AuditedFinding) -> str:
    observed = audited.finding.observed_facts
    return "; ".join(f"{fact.fact}: {fact.answer}, expected: {fact.expected_answer}" for fact in observed)


def _finding_row(audited: AuditedFinding) -> tuple[object, ...]:
    finding, days, cited = audited.finding, audited.in_force, audited.finding.citation
    first, last = (days.first.isoformat(), days.last.isoformat() if days.last else "") if days else ("", "")
    return (
        audited.case, finding.control, finding.subject, finding.outcome, finding.severity, audited.action, audited.gate,
        audited.on.isoformat(), _format_evidence(audited), finding.missing, f"{cited.instrument}, {cited.provision}",
        cited.link, cited.basis, first, last, finding.cure if finding.is_breached_or_undetermined else "",
    )  # fmt: skip


def _print_warnings(result: Audit) -> None:
    for case in result.cases:
        for warning in case.warnings:
            output.print_warning(warning, case.case)
