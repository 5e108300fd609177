"""`assent law impact`: list the findings on stored cases that a change of law would alter. Records nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console import findings, output
from console.output_formats import CSV, JSON, TABLE
from console.session import Session, format_option, help_examples, parse_day_option, pass_session

if TYPE_CHECKING:
    from workflow.services.impact import ChangedFinding, Impact, UnjudgedRuling

TABLE_HEADS = ("Case", "Action", "Control", "Subject", "Before → after", "Clause")
CSV_HEADS = ("Case", "Entry", "On", "Action", "Gate", "Control", "Subject", "Before", "After", "Act", "Clause")


@click.command(
    short_help="List findings that a change of law would alter.",
    epilog=help_examples(
        "assent law impact", "assent law impact --packs new-packs", "assent law impact --on 2019-04-01"
    ),
)
@click.option(
    "--packs",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Folder of changed packs. They replace packs of the same name.",
)
@click.option(
    "--on",
    "on",
    metavar="DAY",
    help="Apply the law of this day to every act.",
)
@click.option(
    "--known-at",
    "known_at",
    metavar="DAY|INSTANT",
    help="Ignore anything recorded after this day or instant (UTC).",
)
@format_option(TABLE, JSON, CSV)
@pass_session
def impact(session: Session, folder: Path | None, on: str | None, known_at: str | None, output_format: str) -> None:
    """Re-check recorded cases under changed packs or the law of another day, and list what would change.

    Every act and refusal in the store is judged again with the facts known at the time, and the next actions (entry 0)
    as if they were done today. --on replaces each day that decides which law applies; other days stay as they are,
    and a day that is not known stays unknown. Nothing is recorded. Without --packs, the installed law applies: after an
    upgrade, this lists what it alters. To see what the packs changed: assent law changes

    Rulings that cannot be judged again are counted, and listed on standard error (in json under unjudged). The packs
    of such a ruling are no longer in the store, or the scheme was not in force on the day.
    """
    from workflow.services import impact as impact_service

    law_day, instant = parse_day_option(on), None if known_at is None else impact_service.parse_last_instant(known_at)
    if instant is not None:
        session.services.new_act_context(instant.date())  # refuses a day that has not come
    packs = session.library_with(folder) if folder else session.library
    query = impact_service.ImpactQuery(packs, session.library, session.services.business_day(), law_day, instant)
    result = impact_service.assess_impact(session.store, query, partial(output.with_progress, label="Re-checking"))
    if output_format == JSON:
        output.print_json(result.as_json())
        return
    if output_format == CSV:
        output.print_rows(CSV_HEADS, map(_changed_finding_row, result.changed_findings), output_format, "findings")
    else:
        click.echo(_format_impact(result))
    for unjudged in result.unjudged:
        click.echo(f"{unjudged.case}: {_describe_act(unjudged)}: {unjudged.reason}", err=True)


def _format_impact(result: Impact) -> str:
    """Return the findings that would change, the acts that these would open or block, and a summary."""
    rows = [
        [c.case, _describe_act(c), c.control, c.subject, _format_change(c), _format_clause(c)]
        for c in result.changed_findings
    ]
    turned = (changed for changed in result.changed_findings if changed.was_gate_open is not changed.is_gate_open)
    acts = dict.fromkeys(f"{c.case}: {_describe_act(c)} would be {_describe_gate(c)}" for c in turned)
    table = [output.format_table(TABLE_HEADS, rows), "", *acts, *[""] * bool(acts)] if rows else []
    return "\n".join([*table, _format_summary(result)])


def _format_summary(result: Impact) -> str:
    rulings, cases = output.format_count(result.rulings, "ruling"), output.format_count(len(result.cases), "case")
    changed = output.format_count(len(result.changed_findings), "finding")
    unjudged = f" {len(result.unjudged)} could not be fully re-checked." if result.unjudged else ""
    return f"Re-checked {rulings} in {cases}. {changed} would change.{unjudged}"


def _describe_act(item: ChangedFinding | UnjudgedRuling) -> str:
    """Return the act and the entry that records it, or `next` for an act that nobody has tried."""
    return f"{item.action} (entry {item.entry})" if item.entry else f"{item.action} (next)".lstrip()


def _format_change(changed: ChangedFinding) -> str:
    return f"{findings.format_outcome(changed.outcome_before)} → {findings.format_outcome(changed.outcome_after)}"


def _format_clause(changed: ChangedFinding) -> str:
    return str(changed.citation) if changed.citation else ""


def _describe_gate(changed: ChangedFinding) -> str:
    """Return the state of the gate in the words of case next, and what it was before."""
    after = findings.format_gate_state(is_open=changed.is_gate_open, blocked_by=changed.blocked_by)
    before = "open" if changed.was_gate_open else "blocked"
    return f"{after} (as it was)" if changed.was_gate_open is changed.is_gate_open else f"{after} (it was {before})"


def _changed_finding_row(changed: ChangedFinding) -> Sequence[Any]:
    return (
        changed.case,
        changed.entry,
        changed.on,
        changed.action,
        changed.gate,
        changed.control,
        changed.subject,
        findings.format_outcome(changed.outcome_before),
        findings.format_outcome(changed.outcome_after),
        _describe_gate(changed),
        _format_clause(changed),
    )
