"""`assent law impact`: which findings of the cases in the store would change under other law."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console import show
from console.session import CSV, JSON, TABLE, Session, day, examples, in_session, reads
from rules.errors import InputError

if TYPE_CHECKING:
    from workflow.services.impact import Impact, Turned, Unjudged

LISTED = ("Case", "Action", "Control", "Subject", "Before → after", "Clause")
HEADS = ("Case", "Entry", "On", "Action", "Gate", "Control", "Subject", "Before", "After", "Act", "Clause")


@click.command(
    short_help="List which findings would change under other law.",
    epilog=examples("assent law impact --packs new-packs", "assent law impact --on 2019-04-01"),
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
@reads(TABLE, JSON, CSV)
@in_session
def impact(session: Session, folder: Path | None, on: str | None, known_at: str | None, form: str) -> None:
    """Judge what is recorded again under changed packs, or by the law of another day, and list what would change.

    Every act and every refusal in the store is judged again on what was known at the time, and what may be done next
    (entry 0) as if it were done today. With --on, the day of the act and each other day that decides which law applies
    is read as DAY; all other days stay as they are, and a day that is not known stays unknown. Nothing is recorded.
    Without --packs, the law is that of this assent.

    What cannot be judged is counted, and named on standard error (in json under unjudged): a ruling whose own packs are
    no longer in the store, which is never judged by others, or a day on which the scheme is not in force.
    """
    from workflow.services import impact as at_law

    by_law_of, instant = day(on), None if known_at is None else at_law.last_instant(known_at)
    if instant is not None:
        session.desk.moment(instant.date())  # what will be recorded nobody knows
    if folder is None and by_law_of is None:
        looked = ": --known-at tells only what is looked at" if instant else ""
        raise InputError(f"nothing was said to change{looked}", "Give --packs FOLDER, --on DAY, or both.")
    packs = session.library_with(folder) if folder else session.library
    asked = at_law.Inquiry(packs, session.library, session.clock.day(), by_law_of, instant)
    found = at_law.impact(session.store, asked, partial(show.watched, label="Judging again"))
    if form == JSON:
        show.as_json(_json(found))
        return
    if form == CSV:
        show.rows(HEADS, map(_row, found.turned), form, "findings")
    else:
        click.echo(_in_words(found))
    for one in found.unjudged:
        click.echo(f"{one.case}: {_which(one)}: {one.why}", err=True)


def _in_words(found: Impact) -> str:
    """The findings that would change, the acts that would be open or shut by that, and how many were judged."""
    listed = [[one.case, _which(one), one.control, one.subject, _change(one), _clause(one)] for one in found.turned]
    turned = (one for one in found.turned if one.was_open is not one.is_open)
    acts = dict.fromkeys(f"{one.case}: {_which(one)} would be {_act(one)}" for one in turned)
    table = [show.table(LISTED, listed), "", *acts, *[""] * bool(acts)] if listed else []
    return "\n".join([*table, _counted(found)])


def _counted(found: Impact) -> str:
    rulings, cases = show.counted(found.rulings, "ruling"), show.counted(len(found.cases), "case")
    changed = show.counted(len(found.turned), "finding")
    wanting = f" Not judged, or not in full: {len(found.unjudged)}." if found.unjudged else ""
    return f"Given again: {rulings}, of {cases}. Would change: {changed}.{wanting}"


def _which(one: Turned | Unjudged) -> str:
    """The act, and the entry that records it where it has been done or tried."""
    return f"{one.action} (entry {one.entry})" if one.entry else f"{one.action} (next)".lstrip()


def _change(one: Turned) -> str:
    return f"{show.outcome(one.before)} → {show.outcome(one.after)}"


def _clause(one: Turned) -> str:
    return str(one.clause) if one.clause else ""


def _act(one: Turned) -> str:
    """Whether the gate would be open or shut, as case next says it, and whether it was."""
    now = show.gate(is_open=one.is_open, blocked_by=one.blocked_by)
    was = "open" if one.was_open else "shut"
    return f"{now} (as it was)" if one.was_open is one.is_open else f"{now} (it was {was})"


def _row(one: Turned) -> Sequence[Any]:
    where = (one.case, one.entry, one.on, one.action, one.gate, one.control, one.subject)
    return (*where, show.outcome(one.before), show.outcome(one.after), _act(one), _clause(one))


def _json(found: Impact) -> dict[str, Any]:
    return {
        "rulings": found.rulings,
        "cases": sorted(found.cases),
        "findings": [_turned_json(one) for one in found.turned],
        "unjudged": [_unjudged_json(one) for one in found.unjudged],
    }


def _turned_json(one: Turned) -> dict[str, Any]:
    return {
        "case": one.case,
        "entry": one.entry,
        "on": one.on,
        "action": one.action,
        "gate": one.gate,
        "control": one.control,
        "subject": one.subject,
        "before": one.before,
        "after": one.after,
        "open_before": one.was_open,
        "open": one.is_open,
        "blocked_by": list(one.blocked_by),
        "citation": one.clause and one.clause.as_json(),
    }


def _unjudged_json(one: Unjudged) -> dict[str, Any]:
    return {"case": one.case, "entry": one.entry, "action": one.action, "why": one.why}
