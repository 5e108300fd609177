"""`assent audit`: every control on some cases, or on a case that a file tells of."""

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
    TABLE,
    OutputPath,
    Session,
    format_option,
    help_examples,
    parse_day_option,
    pass_session,
)
from rules.errors import InputError
from rules.values.calendar import long_date

if TYPE_CHECKING:
    from datetime import date

    from workflow.services.audit import Audit, AuditedFinding, CaseAudit

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
@click.argument("targets", nargs=-1, metavar="[CASE…|FILE]")
@click.option("--all", "all_cases", is_flag=True, help="Audit every case of the store.")
@click.option("--as-of", metavar="DAY", help="As the record stood on this business day. [default: today]")
@click.option("--every", "show_all", is_flag=True, help="Name the findings that are satisfied or do not apply, too.")
@click.option(
    "-o",
    "--output",
    "path",
    type=OutputPath(dir_okay=False),
    help="Where to write html or pdf. [default: audit-DAY.html or audit-DAY.pdf, here]",
)
@click.option("--force", is_flag=True, help="Replace what stands there, whatever it is (but never the store).")
@format_option(TABLE, JSON, CSV, *REPORT_FORMATS)
@pass_session
def audit(
    session: Session, targets: tuple[str, ...], as_of: str | None, output_format: str, path: Path | None,
    *, all_cases: bool, show_all: bool, force: bool,
) -> int:  # fmt: skip
    """Say of each control and subject what was found, by the law of the days on which the acts were done.

    FILE is a case that was decided elsewhere, as a paper with the keys scheme, stage, public, exempt and recorded.
    As html or pdf it is a report, for officers and auditors, written to a file; its digest is recorded in the ledger.
    Leaves with 6 where a control is breached, one that only warns included.
    """
    if (path is not None or force) and output_format not in REPORT_FORMATS:
        raise InputError("-o and --force are for a report", "Say --format pdf or --format html with it.")
    if path is not None:
        refuse_wrong_suffix(path, [output_format])
    found = _run_audit(session, targets, as_of, all_cases=all_cases)
    if output_format in REPORT_FORMATS:
        _write_report(
            session,
            found,
            output_format,
            path or Path(f"audit-{found.as_of.isoformat()}.{output_format}"),
            show_all=show_all,
            force=force,
        )
    else:
        _print_audit(found, output_format, show_all=show_all)
    if output_format not in (JSON, *REPORT_FORMATS):
        _print_warnings(found)
    return EXIT_BREACHED if found.has_breaches else 0


def _write_report(
    session: Session, result: Audit, output_format: str, path: Path, *, show_all: bool, force: bool
) -> None:
    """Write the report of an audit; one of a file is of no record, and is not recorded."""
    from decisions.issuing import document_files, issue
    from decisions.output.pdf import render_file

    document_files.refuse_output_path(
        path, session.store.file_paths(), lambda data: force or _is_issued_document(session, result, data)
    )
    view = issue.build_report_view(session.services, result, show_all=show_all)
    made = issue.issue_report(
        session.services, view, output_format, render_file, partial(document_files.staged_write, path)
    )
    output.print_receipt({**made.as_json(), "path": str(path)}, TABLE)


def _is_issued_document(session: Session, result: Audit, data: bytes) -> bool:
    """Whether a file is a document of the store; to audit a file no store is needed, and none is asked."""
    from decisions.issuing import issued_files

    return result.is_from_ledger and issued_files.find_issued_document(session.services, data) is not None


def _print_audit(result: Audit, output_format: str, *, show_all: bool) -> None:
    findings = [one for case in result.cases for one in case.findings]
    if output_format == JSON:
        cases, told = [case.as_json() for case in result.cases], [one.as_json() for one in findings]
        output.print_json({"as_of": result.as_of.isoformat(), "cases": cases, "findings": told})
    elif output_format == CSV:
        output.print_rows(_CSV_HEADS, [_finding_row(one) for one in findings], output_format, "findings")
    else:
        click.echo(
            "\n\n\n".join(_format_case_audit(case, show_all=show_all) for case in result.cases)
            or _no_cases_message(result.as_of)
        )


def _run_audit(session: Session, targets: tuple[str, ...], as_of: str | None, *, all_cases: bool) -> Audit:
    """The audit that was asked for; an argument that is a file is one."""
    from workflow.services import audit as auditing

    if all_cases and targets:
        raise InputError(f"--all was said, and {targets[0]:.120} as well", "Say one of the two.")
    if not all_cases and not targets:
        raise InputError("say what to audit: some cases, a file, or --all", "Example: assent audit --all")
    on = parse_day_option(as_of, "--as-of")
    if not any(map(_is_file_argument, targets)):
        return auditing.audit_cases(session.services, targets, on)
    if len(targets) > 1:
        raise InputError("a file is audited by itself", "Give one FILE, or only cases.")
    path = Path(targets[0])
    return auditing.audit_paper(session.services, read_bytes(path), printable_name(path), on)


def _is_file_argument(name: str) -> bool:
    """Whether a file is named, and not a case: it is called as papers are, or there is one, be it a device."""
    path = Path(name)
    return path.suffix in (".yaml", ".yml") or (path_exists(path) and not is_folder(path))


def _no_cases_message(on: date) -> str:
    return f"There were no cases on {long_date(on)}."


def _format_case_audit(case_audit: CaseAudit, *, show_all: bool) -> str:
    """A case with each finding that is open, or with every one, and what they come to."""
    shown = case_audit.open_findings() + (case_audit.closed_findings() if show_all else [])
    entered = " (told after the fact)" if case_audit.imported else ""
    parts = [output.format_line(case_audit.case, f"{case_audit.title}{entered}")]
    parts += [output.format_finding_briefly(one.finding, [("law", one.judged_at)]) for one in shown]
    counted = case_audit.count_outcomes()
    told = (
        f"{counted['breached']} breached, {counted['undetermined']} undetermined, {counted['satisfied']} satisfied, "
        f"{counted['not_applicable']} not applicable."
    )
    parts.append(output.format_sentence(told))
    return "\n\n".join(parts)


def _format_evidence(audited: AuditedFinding) -> str:
    seen = audited.finding.observed_facts
    return "; ".join(f"{fact.fact} {fact.description}, expected: {fact.expected}" for fact in seen)


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
