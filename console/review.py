"""`assent review`: the diary of days that need somebody, and what came of looking at an exemption again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import rulings, show
from console.session import (
    CSV,
    FOR_PART_2,
    JSON,
    TABLE,
    Session,
    day,
    examples,
    in_session,
    pairs,
    reads,
    writes,
)

if TYPE_CHECKING:
    from workflow.services.commands import Asked
    from workflow.services.diary import Due

_HEADS = ("Day", "Working days late", "Case", "Kind", "Subject", "Owner", "Working", "Clause", "Link", "Basis")


@click.group(epilog=examples("assent review due --by 2023-03-31"))
def review() -> None:
    """The days that need somebody, and what comes of looking again."""


@review.command(
    "due",
    short_help="List the days that need somebody, the earliest first.",
    epilog=examples("assent review due --by 2023-03-31"),
)
@click.option("--by", "by", metavar="DAY", help="The last day to look at. [default: today]")
@reads(TABLE, JSON, CSV)
@in_session
def due_(session: Session, by: str | None, form: str) -> None:
    """List the days that need somebody, the earliest first: reviews, releases, deferrals that end, decisions required.

    It is for officers: a day that stands in Part 2 is shown, and is said to be held there.
    """
    from workflow.services.diary import due, unknown

    found = due(session.desk, day(by, "--by"))
    if form == JSON:
        show.as_json({"due": [one.as_json() for one in found]})
    elif form == CSV:
        show.rows(_HEADS, map(_row, found), form, "days due")
    else:
        click.echo("\n\n".join(map(_in_words, found)) or "There are no days due.")
    for case, warning in unknown(session.desk):
        show.warning(warning, case)


def _in_words(one: Due) -> str:
    """A day that needs somebody, with its owner, how it was worked out, and its clause."""
    late = "" if one.late is None else f", {show.counted(one.late, 'working day')} late"
    head = show.line(one.day.isoformat(), one.case, f"{one.label}{late}")
    return f"{head}\n{show.labelled([('owner', one.owner), ('day', one.working), ('clause', one.citation)], '    ')}"


def _row(one: Due) -> tuple[object, ...]:
    late, cited = "" if one.late is None else one.late, one.citation
    clause = f"{cited.instrument}, {cited.provision}"
    told = (one.case, one.kind, one.subject, one.owner, one.working)
    return (one.day.isoformat(), late, *told, clause, cited.link, cited.basis)


@review.command(
    epilog=examples(
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
    FOR_PART_2, "exempt", multiple=True, metavar="FACT=VALUE", help="State one in Part 2; may be given more than once."
)
@writes()
@reads(TABLE, JSON)
@in_session
def record(
    session: Session, name: str, subject: str, outcome: str, stated: tuple[str, ...], exempt: tuple[str, ...],
    asked: Asked, form: str,
) -> None:  # fmt: skip
    """Record what came of looking again at one exemption of CASE. A refusal prints the ruling and is recorded.

    What an outcome asks for is stated anew with it, such as a fresh public-interest test and the next day of review.
    To release something publishes nothing: it stays in Part 2 until somebody publishes it.
    """
    from workflow.services import commands, queries

    said = commands.Finish(subject, outcome, pairs(stated, "--set"), pairs(exempt, FOR_PART_2))
    rulings.refusable(lambda: rulings.recorded(commands.review(session.desk, name, said, asked), form), form)
    scheme = session.library.scheme(queries.public_record(session.desk, name)[0].scheme)
    if scheme.review(outcome).about:
        click.echo(scheme.review(outcome).about.strip(), err=True)
