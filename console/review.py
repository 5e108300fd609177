"""`assent review`: list dates that need action, and record reviews of exemptions.

The list is for officers: confidential dates are shown, and marked as such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import output, rulings
from console.output_formats import CSV, JSON, TABLE
from console.session import (
    Session,
    already_public_option,
    confirm_words,
    format_option,
    help_examples,
    parse_day_option,
    pass_session,
    why_public_option,
    write_options,
)
from console.typed_answers import TypedAnswers, answer_options

if TYPE_CHECKING:
    from workflow.services.commands import Request
    from workflow.services.diary import DueDate

_CSV_HEADS = ("Day", "Working days late", "Case", "Kind", "Subject", "Owner", "Working", "Clause", "Link", "Basis")


@click.group(epilog=help_examples("assent review due --by 2023-03-31"))
def review() -> None:
    """List dates that need action, and record reviews of exemptions."""


@review.command(
    "due",
    short_help="List dates that need action, earliest first.",
    epilog=help_examples("assent review due --by 2023-03-31"),
)
@click.option("--by", "by", metavar="DAY", help="Show dates up to this day. [default: today]")
@format_option(TABLE, JSON, CSV)
@pass_session
def due_(session: Session, by: str | None, output_format: str) -> None:
    """List dates that need action, earliest first: reviews, releases, ends of deferrals, decisions required.

    For officers only: confidential dates (Part 2) are shown and marked.
    """
    from workflow.services.diary import read_diary

    due_dates, unknown_schemes = read_diary(session.services, parse_day_option(by, "--by"))
    if output_format == JSON:
        output.print_json({"due": [due_date.as_json() for due_date in due_dates]})
    elif output_format == CSV:
        output.print_rows(_CSV_HEADS, map(_due_row, due_dates), output_format, "dates")
    else:
        click.echo("\n\n".join(map(_format_due, due_dates)) or "Nothing is due.")
    for case, warning in unknown_schemes:
        output.print_warning(warning, case)


def _format_due(due_date: DueDate) -> str:
    """Return a date with its owner, how it was worked out, and its clause."""
    days_late = due_date.working_days_late
    late = "" if days_late is None else f", {output.format_count(days_late, 'working day')} late"
    heading = output.format_line(due_date.day.isoformat(), due_date.case, f"{due_date.label}{late}")
    pairs = [("owner", due_date.owner), ("day", due_date.explanation), ("clause", due_date.citation)]
    return f"{heading}\n{output.format_pairs(pairs, '    ')}"


def _due_row(due_date: DueDate) -> tuple[object, ...]:
    citation = due_date.citation
    return (
        due_date.day.isoformat(), "" if due_date.working_days_late is None else due_date.working_days_late,
        due_date.case, due_date.kind, due_date.subject, due_date.owner, due_date.explanation,
        f"{citation.instrument}, {citation.provision}", citation.link, citation.checked_by,
    )  # fmt: skip


@review.command(
    short_help="Record the review of an exemption of CASE.",
    epilog=help_examples(
        "assent review record CASE --of exemption:s43 --as OFFICER --on 2023-03-07 \\\n"
        "    --outcome release-in-full --set exemption:s43.released='Prices of 2018.'"
    ),
)
@click.argument("name", metavar="CASE")
@click.option("--of", "subject", required=True, metavar="SUBJECT", help="What was reviewed, such as exemption:s43.")
@click.option(
    "--outcome", required=True, metavar="OUTCOME", help="The outcome, as named in the scheme, such as extend."
)
@answer_options()
@already_public_option
@why_public_option
@write_options()
@format_option(TABLE, JSON)
@pass_session
def record(
    session: Session, name: str, subject: str, outcome: str, answers: TypedAnswers, public_words: tuple[str, ...],
    reason: str, request: Request, output_format: str,
) -> None:  # fmt: skip
    """Record the review of one exemption of CASE.

    Give the facts that the outcome needs, such as a new public-interest test and the next review date. If a rule
    forbids it, the checks that are not met are printed, and the refusal is recorded. Releasing does not publish: the
    text stays in Part 2 until somebody publishes it.
    """
    from workflow.services import commands, queries

    request = confirm_words(request, public_words, reason)
    review_outcome = commands.ReviewOutcome(subject, outcome, answers.public, answers.exempt)
    rulings.print_ruling_if_refused(
        session,
        lambda: rulings.print_recorded(
            commands.record_review(session.services, name, review_outcome, request), output_format
        ),
        output_format,
    )
    scheme = queries.load_case_scheme(session.services, name)
    if about := scheme.review_action(scheme.find_review_outcome(outcome)).about:
        click.echo(about.strip(), err=True)
