"""`assent law calendar`: list what runs out with no replacement, and law that is announced or comes in stages.

The last day of a figure is a day on which it is in force. Law that is not in force yet stands apart from law that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from console import output
from console.output_formats import CSV, JSON, TABLE
from console.session import Session, format_option, help_examples, parse_day_option, pass_session
from rules.proving.catalogue import (
    Expiry,
    StagedRow,
    calendar_endings,
    catalogue_entries,
    find_expiries,
    list_staged_law,
)
from rules.proving.catalogue_views import ListedExpiry

COLUMN_HEADS = ("Last day", "Kind", "Id", "For", "Source", "Citation")
STAGED_HEADS = ("From", "State", "Held", "Id", "About", "Citation")


@click.command(
    short_help="List what runs out, and law that comes in stages.",
    epilog=help_examples("assent law calendar --by 2027-12-31", "assent law calendar --staged"),
)
@click.option(
    "--by", "by", metavar="DAY", help="Only what runs out, or is in force, on or before this day. [default: everything]"
)
@click.option("--on", "on", metavar="DAY", help="The day that separates past from future. [default: today]")
@click.option("--staged", "only_staged", is_flag=True, help="Only law that is announced or comes into force in stages.")
@format_option(TABLE, JSON, CSV)
@pass_session
def calendar(session: Session, by: str | None, on: str | None, only_staged: bool, output_format: str) -> None:
    """List dated figures and bank holiday tables that run out with no replacement, and law that comes in stages.

    What has already run out is listed separately, and so is law that is in force already. Law that is announced, or is
    a bill or a draft, has no day yet. As csv, only what runs out is listed, or with --staged only law in stages.
    """
    until, as_of = (
        parse_day_option(by, "--by"),
        parse_day_option(on) or session.clock.day_in(session.library.time_zone),
    )
    staged = list_staged_law(session.library.pack_files, as_of, until)
    if only_staged:
        _print_staged(staged, output_format, as_of)
        return
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
        if staged:
            click.echo(f"\n{_format_staged(staged, as_of)}")
    elif output_format == JSON:
        endings = [ListedExpiry(expiry, "coming" if expiry in coming else "ended") for expiry in listed]
        output.print_json(
            {"endings": [each.as_json() for each in endings], "staged": [row.as_json() for row in staged]}
        )
    else:
        endings = [ListedExpiry(expiry, "coming" if expiry in coming else "ended") for expiry in listed]
        output.print_items((*COLUMN_HEADS, "State"), endings, output_format, "endings")
    if coming:
        output.print_warning(_describe_coming(coming))


def _print_staged(staged: Sequence[StagedRow], output_format: str, as_of: date) -> None:
    if output_format == TABLE:
        click.echo(_format_staged(staged, as_of) if staged else "No law is announced or comes into force in stages.")
    elif output_format == JSON:
        output.print_json({"staged": [row.as_json() for row in staged]})
    else:
        output.print_rows(STAGED_HEADS, list(map(_staged_cells, staged)), output_format, "staged")


def _format_staged(staged: Sequence[StagedRow], as_of: date) -> str:
    """Return the law that is not in force yet, and apart from it the law that came into force in stages."""
    day = as_of.isoformat()
    in_force = [row for row in staged if row.law.state_on(as_of) == "in force"]
    others = [row for row in staged if row not in in_force]
    parts = ((f"Law that is not in force on {day}", others), (f"Law that came in stages, in force on {day}", in_force))
    blocks = [(heading, "\n\n".join(map(_format_stage, rows))) for heading, rows in parts if rows]
    return "\n\n".join(f"{heading}:\n\n{stages}" for heading, stages in blocks)


def _format_stage(row: StagedRow) -> str:
    """Return a stage with what it changes and its source."""
    first, state, held, name, about, citation = _staged_cells(row)
    stands = f"{state}{f', from {first}' if first else ''}; {held}"
    pairs = [("state", stands), ("what", about), ("source", citation), ("note", row.law.citation.note)]
    return f"{click.style(name, bold=True)}\n{output.format_pairs([pair for pair in pairs if pair[1]], '  ')}"


def _staged_cells(row: StagedRow) -> tuple[str, ...]:
    law = row.law
    first = law.first.isoformat() if law.first else ""
    return (first, law.state_on(row.on), law.held.replace("_", " "), row.name, law.about, str(law.citation))


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
