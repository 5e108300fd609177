"""`assent review`: the diary of days that need somebody, and what came of looking at an exemption again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import output, rulings
from console.session import (
    CSV,
    JSON,
    SET_EXEMPT_OPTION,
    TABLE,
    Session,
    format_option,
    help_examples,
    parse_assignments,
    parse_day_option,
    pass_session,
    write_options,
)

if TYPE_CHECKING:
    from workflow.services.commands import Request
    from workflow.services.diary import DueDate

_CSV_HEADS = ("Day", "Working days late", "Case", "Kind", "Subject", "Owner", "Working", "Clause", "Link", "Basis")


@click.group(epilog=help_examples("assent review due --by 2023-03-31"))
def review() -> None:
    """The days that need somebody, and what comes of looking again."""


@review.command(
    "due",
    short_help="List the days that need somebody, the earliest first.",
    epilog=help_examples("assent review due --by 2023-03-31"),
)
@click.option("--by", "by", metavar="DAY", help="The last day to look at. [default: today]")
@format_option(TABLE, JSON, CSV)
@pass_session
def due_(session: Session, by: str | None, output_format: str) -> None:
    """List the days that need somebody, the earliest first: reviews, releases, deferrals that end, decisions required.

    It is for officers: a day that stands in Part 2 is shown, and is said to be held there.
    """
    from workflow.services.diary import find_due_dates, find_unknown_schemes

    found = find_due_dates(session.services, parse_day_option(by, "--by"))
    if output_format == JSON:
        output.print_json({"due": [one.as_json() for one in found]})
    elif output_format == CSV:
        output.print_rows(_CSV_HEADS, map(_due_row, found), output_format, "days due")
    else:
        click.echo("\n\n".join(map(_format_due, found)) or "There are no days due.")
    for case, warning in find_unknown_schemes(session.services):
        output.print_warning(warning, case)


def _format_due(due_day: DueDate) -> str:
    """A day that needs somebody, with its owner, how it was worked out, and its clause."""
    late = (
        ""
        if due_day.working_days_late is None
        else f", {output.format_count(due_day.working_days_late, 'working day')} late"
    )
    head = output.format_line(due_day.day.isoformat(), due_day.case, f"{due_day.label}{late}")
    pairs = [("owner", due_day.owner), ("day", due_day.explanation), ("clause", due_day.citation)]
    return f"{head}\n{output.format_pairs(pairs, '    ')}"


def _due_row(due_day: DueDate) -> tuple[object, ...]:
    late, cited = "" if due_day.working_days_late is None else due_day.working_days_late, due_day.citation
    clause = f"{cited.instrument}, {cited.provision}"
    told = (due_day.case, due_day.kind, due_day.subject, due_day.owner, due_day.explanation)
    return (due_day.day.isoformat(), late, *told, clause, cited.link, cited.basis)


@review.command(
    epilog=help_examples(
        "assent review record CASE --of exemption:s43 --as OFFICER --on 2023-03-07 \\\n"
        "    --outcome release-in-full --set exemption:s43.released='Prices of 2018.'"
    )
)
@click.argument("name", metavar="CASE")
@click.option("--of", "subject", required=True, metavar="SUBJECT", help="What was looked at, such as exemption:s43.")
@click.option("--outcome", required=True, metavar="OUTCOME", help="What came of it, as the scheme calls it.")
@click.option(
    "--set",
    "stated",
    multiple=True,
    metavar="FACT=VALUE",
    help="State a fact that the outcome asks for; may be given more than once.",
)
@click.option(
    SET_EXEMPT_OPTION,
    "exempt",
    multiple=True,
    metavar="FACT=VALUE",
    help="State one in Part 2; may be given more than once.",
)
@write_options()
@format_option(TABLE, JSON)
@pass_session
def record(
    session: Session, name: str, subject: str, outcome: str, stated: tuple[str, ...], exempt: tuple[str, ...],
    request: Request, output_format: str,
) -> None:  # fmt: skip
    """Record what came of looking again at one exemption of CASE. A refusal prints the ruling and is recorded.

    What an outcome asks for is stated anew with it, such as a fresh public-interest test and the next day of review.
    To release something publishes nothing: it stays in Part 2 until somebody publishes it.
    """
    from workflow.services import commands, queries

    said = commands.ReviewOutcome(
        subject, outcome, parse_assignments(stated, "--set"), parse_assignments(exempt, SET_EXEMPT_OPTION)
    )
    rulings.print_ruling_if_refused(
        lambda: rulings.print_recorded(commands.record_review(session.services, name, said, request), output_format),
        output_format,
    )
    scheme = session.library.scheme(queries.load_public_case(session.services, name)[0].scheme)
    if scheme.review_action(outcome).about:
        click.echo(scheme.review_action(outcome).about.strip(), err=True)
