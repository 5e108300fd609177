"""`assent audit`: every control on some cases, or on a case that a file tells of."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import show
from console.files import is_folder, is_there, read_bytes, refuse_misnamed, refuse_place, shown_name
from console.session import CSV, JSON, TABLE, Place, Session, day, examples, in_session, reads
from rules.errors import InputError
from rules.values.calendar import spoken

if TYPE_CHECKING:
    from datetime import date

    from workflow.services.audit import Audit, Audited, CaseAudit

BREACHED = 6
PRINTED = ("html", "pdf")
_HEADS = (
    "Case", "Control", "Subject", "Outcome", "Severity", "Action", "Gate", "On", "Evidence", "Missing", "Clause",
    "Link", "Basis", "In force from", "In force to", "Cure",
)  # fmt: skip


@click.command(
    epilog=examples(
        "assent audit CASE --as-of 2023-03-08",
        "assent audit past.yaml",
        "assent audit --all --format pdf -o audit.pdf",
    )
)
@click.argument("named", nargs=-1, metavar="[CASE…|FILE]")
@click.option("--all", "whole", is_flag=True, help="Audit every case of the store.")
@click.option("--as-of", metavar="DAY", help="As the record stood on this business day. [default: today]")
@click.option("--every", is_flag=True, help="Name the findings that are satisfied or do not apply, too.")
@click.option(
    "-o",
    "--output",
    "path",
    type=Place(dir_okay=False),
    help="Where to write html or pdf. [default: audit-DAY.html or audit-DAY.pdf, here]",
)
@click.option("--force", is_flag=True, help="Replace what stands there, whatever it is (but never the store).")
@reads(TABLE, JSON, CSV, *PRINTED)
@in_session
def audit(
    session: Session, named: tuple[str, ...], as_of: str | None, form: str, path: Path | None,
    *, whole: bool, every: bool, force: bool,
) -> int:  # fmt: skip
    """Say of each control and subject what was found, by the law of the days on which the acts were done.

    FILE is a case that was decided elsewhere, as a paper with the keys scheme, stage, public, exempt and recorded.
    As html or pdf it is a report, for officers and auditors, written to a file; its digest is recorded in the ledger.
    Leaves with 6 where a control is breached, one that only warns included.
    """
    if (path is not None or force) and form not in PRINTED:
        raise InputError("-o and --force are for a report", "Say --format pdf or --format html with it.")
    if path is not None:
        refuse_misnamed(path, [form])
    found = _audited(session, named, as_of, whole=whole)
    if form in PRINTED:
        _report(session, found, form, path or Path(f"audit-{found.as_of.isoformat()}.{form}"), every=every, force=force)
    else:
        _print(found, form, every=every)
    if form not in (JSON, *PRINTED):
        _warn(found)
    return BREACHED if found.has_breaches else 0


def _report(session: Session, found: Audit, form: str, place: Path, *, every: bool, force: bool) -> None:
    """Write the report of an audit; one of a file is of no record, and is not recorded."""
    from decisions.issuing import archive, issue
    from decisions.output.pdf import press

    refuse_place(place, session.store.files(), lambda data: force or _is_known(session, found, data))
    view = issue.report_of(session.desk, found, every=every)
    made = issue.issue_report(session.desk, view, form, press, partial(archive.placing, place))
    show.receipt({**made.as_json(), "path": str(place)}, TABLE)


def _is_known(session: Session, found: Audit, data: bytes) -> bool:
    """Whether a file is a document of the store; to audit a file no store is needed, and none is asked."""
    from decisions.issuing import issue

    return found.of_record and issue.origin(session.desk, data) is not None


def _print(found: Audit, form: str, *, every: bool) -> None:
    findings = [one for case in found.cases for one in case.findings]
    if form == JSON:
        cases, told = [case.as_json() for case in found.cases], [one.as_json() for one in findings]
        show.as_json({"as_of": found.as_of.isoformat(), "cases": cases, "findings": told})
    elif form == CSV:
        show.rows(_HEADS, [_row(one) for one in findings], form, "findings")
    else:
        click.echo("\n\n\n".join(_in_words(case, every=every) for case in found.cases) or _none(found.as_of))


def _audited(session: Session, named: tuple[str, ...], as_of: str | None, *, whole: bool) -> Audit:
    """The audit that was asked for; an argument that is a file is one."""
    from workflow.services import audit as auditing

    if whole and named:
        raise InputError(f"--all was said, and {named[0]:.120} as well", "Say one of the two.")
    if not whole and not named:
        raise InputError("say what to audit: some cases, a file, or --all", "Example: assent audit --all")
    on = day(as_of, "--as-of")
    if not any(map(_is_file, named)):
        return auditing.audit(session.desk, named, on)
    if len(named) > 1:
        raise InputError("a file is audited by itself", "Give one FILE, or only cases.")
    path = Path(named[0])
    return auditing.audit_paper(session.desk, read_bytes(path), shown_name(path), on)


def _is_file(name: str) -> bool:
    """Whether a file is named, and not a case: it is called as papers are, or there is one, be it a device."""
    path = Path(name)
    return path.suffix in (".yaml", ".yml") or (is_there(path) and not is_folder(path))


def _none(on: date) -> str:
    return f"There were no cases on {spoken(on)}."


def _in_words(case: CaseAudit, *, every: bool) -> str:
    """A case with each finding that is open, or with every one, and what they come to."""
    shown = case.open() + (case.in_order() if every else [])
    entered = " (told after the fact)" if case.entered else ""
    parts = [show.line(case.case, f"{case.title}{entered}")]
    parts += [show.finding_in_brief(one.finding, [("law", one.judged)]) for one in shown]
    counted = case.counted()
    told = (
        f"{counted['breached']} breached, {counted['undetermined']} undetermined, {counted['satisfied']} satisfied, "
        f"{counted['not_applicable']} not applicable."
    )
    parts.append(show.sentence(told))
    return "\n\n".join(parts)


def _evidence(one: Audited) -> str:
    seen = one.finding.facts
    return "; ".join(f"{fact.fact} {fact.found}, expected: {fact.expected}" for fact in seen)


def _row(one: Audited) -> tuple[object, ...]:
    finding, days, cited = one.finding, one.in_force, one.finding.citation
    first, last = (days.first.isoformat(), days.last.isoformat() if days.last else "") if days else ("", "")
    return (
        one.case, finding.control, finding.subject, finding.outcome, finding.severity, one.action, one.gate,
        one.on.isoformat(), _evidence(one), finding.missing, f"{cited.instrument}, {cited.provision}",
        cited.link, cited.basis, first, last, finding.cure if finding.is_open_question else "",
    )  # fmt: skip


def _warn(found: Audit) -> None:
    for case in found.cases:
        for warning in case.warnings:
            show.warning(warning, case.case)
