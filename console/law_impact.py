"""`assent law impact`: which findings of the cases in the store would change under other law."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console import output
from console.session import CSV, JSON, TABLE, Session, format_option, help_examples, parse_day_option, pass_session
from rules.errors import InputError

if TYPE_CHECKING:
    from workflow.services.impact import ChangedFinding, Impact, UnjudgedRuling

TABLE_HEADS = ("Case", "Action", "Control", "Subject", "Before → after", "Clause")
CSV_HEADS = ("Case", "Entry", "On", "Action", "Gate", "Control", "Subject", "Before", "After", "Act", "Clause")


@click.command(
    short_help="List which findings would change under other law.",
    epilog=help_examples("assent law impact --packs new-packs", "assent law impact --on 2019-04-01"),
)
@click.option(
    "--packs",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="The changed packs; files there take the place of those of the same name.",
)
@click.option(
    "--on",
    "on",
    metavar="DAY",
    help="Read every day that governs (the act's own, and whatever a rule is governed by) as this day.",
)
@click.option(
    "--known-at",
    "known_at",
    metavar="DAY|INSTANT",
    help="Look only at what was recorded by then (UTC; of a day, its end).",
)
@format_option(TABLE, JSON, CSV)
@pass_session
def impact(session: Session, folder: Path | None, on: str | None, known_at: str | None, output_format: str) -> None:
    """Judge what is recorded again under changed packs, or by the law of another day, and list what would change.

    Every act and every refusal in the store is judged again on what was known at the time, and what may be done next
    (entry 0) as if it were done today. With --on, the day of the act and each other day that decides which law applies
    is read as DAY; all other days stay as they are, and a day that is not known stays unknown. Nothing is recorded.
    Without --packs, the law is that of this assent.

    What cannot be judged is counted, and named on standard error (in json under unjudged): a ruling whose own packs are
    no longer in the store, which is never judged by others, or a day on which the scheme is not in force.
    """
    from workflow.services import impact as at_law

    by_law_of, instant = parse_day_option(on), None if known_at is None else at_law.parse_last_instant(known_at)
    if instant is not None:
        session.services.new_act_context(instant.date())  # what will be recorded nobody knows
    if folder is None and by_law_of is None:
        looked = ": --known-at tells only what is looked at" if instant else ""
        raise InputError(f"nothing was said to change{looked}", "Give --packs FOLDER, --on DAY, or both.")
    packs = session.library_with(folder) if folder else session.library
    asked = at_law.ImpactQuery(packs, session.library, session.clock.business_day(), by_law_of, instant)
    found = at_law.assess_impact(session.store, asked, partial(output.with_progress, label="Judging again"))
    if output_format == JSON:
        output.print_json(found.as_json())
        return
    if output_format == CSV:
        output.print_rows(CSV_HEADS, map(_changed_finding_row, found.changed_findings), output_format, "findings")
    else:
        click.echo(_format_impact(found))
    for one in found.unjudged:
        click.echo(f"{one.case}: {_describe_act(one)}: {one.reason}", err=True)


def _format_impact(result: Impact) -> str:
    """The findings that would change, the acts that would be open or shut by that, and how many were judged."""
    listed = [
        [one.case, _describe_act(one), one.control, one.subject, _format_change(one), _format_clause(one)]
        for one in result.changed_findings
    ]
    turned = (one for one in result.changed_findings if one.was_gate_open is not one.is_gate_open)
    acts = dict.fromkeys(f"{one.case}: {_describe_act(one)} would be {_describe_gate(one)}" for one in turned)
    table = [output.format_table(TABLE_HEADS, listed), "", *acts, *[""] * bool(acts)] if listed else []
    return "\n".join([*table, _format_summary(result)])


def _format_summary(result: Impact) -> str:
    rulings, cases = output.format_count(result.rulings, "ruling"), output.format_count(len(result.cases), "case")
    changed = output.format_count(len(result.changed_findings), "finding")
    wanting = f" Not judged, or not in full: {len(result.unjudged)}." if result.unjudged else ""
    return f"Given again: {rulings}, of {cases}. Would change: {changed}.{wanting}"


def _describe_act(item: ChangedFinding | UnjudgedRuling) -> str:
    """The act, and the entry that records it where it has been done or tried."""
    return f"{item.action} (entry {item.entry})" if item.entry else f"{item.action} (next)".lstrip()


def _format_change(changed: ChangedFinding) -> str:
    return f"{output.format_outcome(changed.outcome_before)} → {output.format_outcome(changed.outcome_after)}"


def _format_clause(changed: ChangedFinding) -> str:
    return str(changed.citation) if changed.citation else ""


def _describe_gate(changed: ChangedFinding) -> str:
    """Whether the gate would be open or shut, as case next says it, and whether it was."""
    now = output.format_gate_state(is_open=changed.is_gate_open, blocked_by=changed.blocked_by)
    was = "open" if changed.was_gate_open else "shut"
    return f"{now} (as it was)" if changed.was_gate_open is changed.is_gate_open else f"{now} (it was {was})"


def _changed_finding_row(changed: ChangedFinding) -> Sequence[Any]:
    where = (changed.case, changed.entry, changed.on, changed.action, changed.gate, changed.control, changed.subject)
    return (
        *where,
        output.format_outcome(changed.outcome_before),
        output.format_outcome(changed.outcome_after),
        _describe_gate(changed),
        _format_clause(changed),
    )
