"""`assent law coverage`: list what of each instrument the packs hold, and what was not looked at in a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, get_args

import click

from console import output
from console.findings import format_finding
from console.output_formats import CSV, JSON, TABLE
from console.session import Session, format_option, help_examples, parse_day_option, pass_session
from rules.language.coverage_schema import CoverageStatus
from rules.proving.coverage import CoveredProvisions, find_instruments_without_coverage, list_coverage
from rules.values.suggestions import did_you_mean
from rules.values.text import quote

if TYPE_CHECKING:
    from workflow.services.law_coverage import CaseCoverage, UnansweredQuestion

COLUMN_HEADS = (
    "Instrument", "Provisions", "Status", "About", "Lacks", "Control", "Cited by", "Pack", "Link", "Basis",
)  # fmt: skip
_TABLE_HEADS = ("Provisions", "Status", "About", "Controls and values")


@click.command(
    short_help="List what of each law the packs hold, and what not.",
    epilog=help_examples("assent law coverage --status not_held", "assent law coverage --case CASE"),
)
@click.option("--case", "case_id", metavar="CASE", help="Only what was not looked at in this case.")
@click.option("--pack", metavar="PACK", help="Only what this pack covers.")
@click.option("--status", type=click.Choice(get_args(CoverageStatus)), help="Only provisions of this status.")
@click.option("--on", "on", metavar="DAY", help="With --case: the law of this day. [default: the day of the decision]")
@format_option(TABLE, JSON, CSV)
@pass_session
def coverage(
    session: Session, case_id: str | None, pack: str | None, status: str | None, on: str | None, output_format: str
) -> None:
    """List the provisions of each instrument that are held, held in part, not held, or not for us.

    What is held is judged. What is not held may still ask something of a case: then the outcome is "not held", which
    warns and never opens a gate. With --case, list what was not looked at in a case: what is not held, what waits for
    an answer, what is held in part, and what the scheme does not use.
    """
    if case_id is not None:
        _refuse_with_case(pack, status, output_format)
        _print_case(session, case_id, on, output_format)
        return
    if on is not None:
        raise click.UsageError("--on is for a case: give --case, too")
    listed = list_coverage(session.library.pack_files)
    _refuse_unknown_pack(pack, {covered.pack for covered in listed})
    chosen = [each for each in listed if pack in (None, each.pack) and status in (None, each.row.status)]
    if output_format != TABLE:
        output.print_items(COLUMN_HEADS, chosen, output_format, "coverage")
        return
    click.echo(_format_coverage(chosen) or "Nothing is listed.")
    if pack is None and status is None:
        _print_without_coverage(session)


def _refuse_with_case(pack: str | None, status: str | None, output_format: str) -> None:
    if pack is not None or status is not None:
        raise click.UsageError("--pack and --status choose provisions, and --case a case: leave one out")
    if output_format == CSV:
        raise click.UsageError("What was not looked at in a case has no CSV form. Use --format json.")


def _refuse_unknown_pack(pack: str | None, packs: Iterable[str]) -> None:
    known = dict.fromkeys(packs)
    if pack is not None and pack not in known:
        raise click.UsageError(f"{quote(pack, 120)} is not a pack with coverage. {did_you_mean(pack, known)}".strip())


def _format_coverage(chosen: Iterable[CoveredProvisions]) -> str:
    """Return a table for each instrument, under its name."""
    by_instrument: dict[str, list[CoveredProvisions]] = {}
    for covered in chosen:
        by_instrument.setdefault(covered.row.citation.instrument, []).append(covered)
    return "\n\n".join(
        f"{click.style(instrument, bold=True)}\n\n{output.format_table(_TABLE_HEADS, list(map(_cells, rows)))}"
        for instrument, rows in by_instrument.items()
    )


def _cells(covered: CoveredProvisions) -> tuple[str, ...]:
    row = covered.row
    about = f"{row.about} Not judged: {row.lacks}" if row.lacks else row.about
    number = str(len(covered.cited_by)) if covered.cited_by else ""
    return ", ".join(row.provisions), row.status.replace("_", " "), about, number


def _print_without_coverage(session: Session) -> None:
    """Warn of the instruments that something cites and of which nobody says what is held."""
    instruments = find_instruments_without_coverage(session.library)
    if instruments:
        listed = "\n".join(f"  {instrument}" for instrument in instruments)
        click.echo(f"\nCited, without saying what of it is held:\n{listed}")


def _print_case(session: Session, case_id: str, on: str | None, output_format: str) -> None:
    from workflow.services.law_coverage import find_case_coverage

    found = find_case_coverage(session.services, case_id, parse_day_option(on))
    if output_format == JSON:
        output.print_json(found.as_json())
    else:
        click.echo("\n\n".join(_format_case(found)))


def _format_case(found: CaseCoverage) -> Iterator[str]:
    """Yield what is not held, what waits for an answer, what is held in part, and what the scheme does not use."""
    day = found.on.isoformat()
    if found.not_held:
        yield click.style(f"Not looked at in {found.case}, by the law of {day}", bold=True)
        yield from map(format_finding, found.not_held)
    else:
        yield f"No law that is known not to be held asks anything of {found.case}, by the law of {day}."
    if found.unknown:
        yield click.style("Not known yet, because an answer is missing", bold=True)
        yield from map(format_finding, found.unknown)
    if found.unanswered:
        yield click.style("Not looked at, because no answer is stated yet", bold=True)
        yield output.format_pairs(map(_describe_question, found.unanswered), "  ")
    if found.in_part:
        yield click.style("Looked at only in part", bold=True)
        pairs = [(", ".join(each.row.provisions), _describe_lack(each)) for each in found.in_part]
        yield output.format_pairs(pairs, "  ")
    if found.not_used:
        yield click.style("Not looked at, because the scheme does not use its packs", bold=True)
        yield "\n".join(f"  {instrument}" for instrument in found.not_used)


def _describe_question(question: UnansweredQuestion) -> tuple[str, str]:
    provisions: dict[str, dict[str, None]] = {}
    for cited in question.controls.values():
        provisions.setdefault(cited.instrument, {})[cited.provision] = None
    clauses = (f"{instrument}, {'; '.join(of_it)}" for instrument, of_it in provisions.items())
    return question.fact, f"{question.label} ({'. '.join(clauses)})"


def _describe_lack(covered: CoveredProvisions) -> str:
    return f"{covered.row.citation.instrument}: {covered.row.lacks}"
