"""`assent law calendar`: list dated figures and bank holiday tables that run out with no replacement.

The last day of a figure is a day on which it is in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from console import output
from console.output_formats import CSV, JSON, TABLE
from console.session import Session, format_option, help_examples, parse_day_option, pass_session
from rules.proving.catalogue import Expiry, calendar_endings, catalogue_entries, find_expiries
from rules.proving.catalogue_views import ListedExpiry

COLUMN_HEADS = ("Last day", "Kind", "Id", "For", "Source", "Citation")


@click.command(
    short_help="List figures and holiday tables that run out.",
    epilog=help_examples("assent law calendar --by 2027-12-31"),
)
@click.option("--by", "by", metavar="DAY", help="Only what runs out on or before this day. [default: everything]")
@click.option("--on", "on", metavar="DAY", help="The day that separates past from future. [default: today]")
@format_option(TABLE, JSON, CSV)
@pass_session
def calendar(session: Session, by: str | None, on: str | None, output_format: str) -> None:
    """List dated figures and bank holiday tables that run out with no replacement.

    Those that have already run out are listed separately.
    """
    until, as_of = (
        parse_day_option(by, "--by"),
        parse_day_option(on) or session.clock.day_in(session.library.time_zone),
    )
    expiries = [
        *find_expiries(catalogue_entries(session.library.pack_files)),
        *calendar_endings(session.library.calendars()),
    ]
    listed = sorted(
        (expiry for expiry in expiries if until is None or expiry.last_day <= until), key=lambda expiry: expiry[:5]
    )
    coming = [expiry for expiry in listed if expiry.last_day >= as_of]
    if output_format == TABLE:
        click.echo(_format_calendar(listed[: len(listed) - len(coming)], coming, as_of, until))
    else:
        endings = [ListedExpiry(expiry, "coming" if expiry in coming else "ended") for expiry in listed]
        output.print_items((*COLUMN_HEADS, "State"), endings, output_format, "endings")
    if coming:
        output.print_warning(_describe_coming(coming))


def _describe_coming(coming: Sequence[Expiry]) -> str:
    """Return how many run out, when the first one does, and what to do."""
    first = coming[0].last_day.isoformat()
    if len(coming) == 1:
        return f"1 figure or holiday table runs out on {first}. Add its replacement before then"
    return f"{len(coming)} figures or holiday tables run out, the first on {first}. Add replacements before then"


def _expiry_row(expiry: Expiry) -> tuple[str, ...]:
    return expiry.last_day.isoformat(), expiry.kind, expiry.id, expiry.applies_to, expiry.source, str(expiry.citation)


def _nothing_ends_message(until: date | None) -> str:
    return f"Nothing runs out on or before {until.isoformat()}." if until else "Nothing runs out."


def _format_calendar(ended: Sequence[Expiry], coming: Sequence[Expiry], as_of: date, until: date | None) -> str:
    """Return a table of what has run out and one of what will, each under a heading."""
    if not ended and not coming:
        return _nothing_ends_message(until)
    day = as_of.isoformat()
    parts = ((f"Ran out before {day}", ended), (f"Runs out on {day} or later", coming))
    return "\n\n".join(
        f"{heading} with no replacement:\n\n{output.format_table(COLUMN_HEADS, list(map(_expiry_row, expiries)))}"
        for heading, expiries in parts
        if expiries
    )
