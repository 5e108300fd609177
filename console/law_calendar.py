"""`assent law calendar`: what of the law ends, and what has ended, with nothing to follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from console import output
from console.session import CSV, JSON, TABLE, Session, format_option, help_examples, parse_day_option, pass_session
from rules.proving.catalogue import Expiry, calendar_endings, catalogue_entries, find_expiries

COLUMN_HEADS = ("Last day", "Kind", "Id", "For", "Source", "Citation")


@click.command(
    short_help="List what ends and is followed by nothing.", epilog=help_examples("assent law calendar --by 2027-12-31")
)
@click.option("--by", "by", metavar="DAY", help="Only what ends on or before this day. [default: all that ends]")
@click.option(
    "--on", "on", metavar="DAY", help="Tell what has ended from what is to end as of this day. [default: today]"
)
@format_option(TABLE, JSON, CSV)
@pass_session
def calendar(session: Session, by: str | None, on: str | None, output_format: str) -> None:
    """List what ends and is followed by nothing: dated values by whom they are for, and tables of bank holidays.

    What has ended is told apart from what is to end.
    """
    until, as_of = parse_day_option(by, "--by"), parse_day_option(on) or session.clock.business_day()
    found = [
        *find_expiries(catalogue_entries(session.library.pack_files)),
        *calendar_endings(session.library.calendars()),
    ]
    kept = sorted((one for one in found if until is None or one.last_day <= until), key=lambda one: one[:5])
    coming = [one for one in kept if one.last_day >= as_of]
    if output_format == TABLE:
        click.echo(_format_calendar(kept[: len(kept) - len(coming)], coming, as_of, until))
    else:
        listed = [(*_ending_row(one), "coming" if one in coming else "ended") for one in kept]
        output.print_rows((*COLUMN_HEADS, "State"), listed, output_format, "endings")
    if coming:
        output.print_warning(f"{_describe_endings(coming)}. See to it before that day")


def _describe_endings(coming: Sequence[Expiry]) -> str:
    """How much ends, and when the first of it does."""
    first = coming[0].last_day.isoformat()
    if len(coming) == 1:
        return f"1 figure or table of days ends with nothing to follow, on {first}"
    return f"{len(coming)} figures or tables of days end with nothing to follow, the first on {first}"


def _ending_row(ending: Expiry) -> tuple[str, ...]:
    return ending.last_day.isoformat(), ending.kind, ending.id, ending.applies_to, ending.source, str(ending.citation)


def _nothing_ends_message(until: date | None) -> str:
    return f"Nothing ends on or before {until.isoformat()}." if until else "Nothing ends."


def _format_calendar(ended: Sequence[Expiry], coming: Sequence[Expiry], as_of: date, until: date | None) -> str:
    """What has ended and what is to end, each under words that say so."""
    if not ended and not coming:
        return _nothing_ends_message(until)
    parts = ((f"Ended before {as_of.isoformat()}", ended), (f"Ends on {as_of.isoformat()} or later", coming))
    listed = ((head, [_ending_row(one) for one in found]) for head, found in parts if found)
    return "\n\n".join(
        f"{head}, and nothing follows:\n\n{output.format_table(COLUMN_HEADS, rows)}" for head, rows in listed
    )
