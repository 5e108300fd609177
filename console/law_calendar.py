"""`assent law calendar`: what of the law ends, and what has ended, with nothing to follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from console import show
from console.session import CSV, JSON, TABLE, Session, day, examples, in_session, reads
from rules.proving.catalogue import Ending, calendar_endings, endings, entries

HEADS = ("Last day", "Kind", "Id", "For", "Source", "Citation")


@click.command(
    short_help="List what ends and is followed by nothing.", epilog=examples("assent law calendar --by 2027-12-31")
)
@click.option("--by", "by", metavar="DAY", help="Only what ends on or before this day. [default: all that ends]")
@click.option(
    "--on", "on", metavar="DAY", help="Tell what has ended from what is to end as of this day. [default: today]"
)
@reads(TABLE, JSON, CSV)
@in_session
def calendar(session: Session, by: str | None, on: str | None, form: str) -> None:
    """List what ends and is followed by nothing: dated values by whom they are for, and tables of bank holidays.

    What has ended is told apart from what is to end.
    """
    until, as_of = day(by, "--by"), day(on) or session.clock.day()
    found = [*endings(entries(session.library.parts)), *calendar_endings(session.library.calendars())]
    kept = sorted((one for one in found if until is None or one.last <= until), key=lambda one: one[:5])
    coming = [one for one in kept if one.last >= as_of]
    if form == TABLE:
        click.echo(_calendar(kept[: len(kept) - len(coming)], coming, as_of, until))
    else:
        listed = [(*_ending(one), "coming" if one in coming else "ended") for one in kept]
        show.rows((*HEADS, "State"), listed, form, "endings")
    if coming:
        show.warning(f"{_counted(coming)}. See to it before that day")


def _counted(coming: Sequence[Ending]) -> str:
    """How much ends, and when the first of it does."""
    first = coming[0].last.isoformat()
    if len(coming) == 1:
        return f"1 figure or table of days ends with nothing to follow, on {first}"
    return f"{len(coming)} figures or tables of days end with nothing to follow, the first on {first}"


def _ending(one: Ending) -> tuple[str, ...]:
    return one.last.isoformat(), one.kind, one.id, one.whom, one.source, str(one.citation)


def _nothing(until: date | None) -> str:
    return f"Nothing ends on or before {until.isoformat()}." if until else "Nothing ends."


def _calendar(ended: Sequence[Ending], coming: Sequence[Ending], as_of: date, until: date | None) -> str:
    """What has ended and what is to end, each under words that say so."""
    if not ended and not coming:
        return _nothing(until)
    parts = ((f"Ended before {as_of.isoformat()}", ended), (f"Ends on {as_of.isoformat()} or later", coming))
    listed = ((head, [_ending(one) for one in found]) for head, found in parts if found)
    return "\n\n".join(f"{head}, and nothing follows:\n\n{show.table(HEADS, rows)}" for head, rows in listed)
