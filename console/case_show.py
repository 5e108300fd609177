"""`assent case show` and `assent case history`: where a case stands, and what happened to it.

Part 2 is read and printed with --part 2 only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import output
from console.output_formats import CSV, JSON, TABLE
from console.session import Session, format_option, help_examples, part_option, pass_session

if TYPE_CHECKING:
    from workflow.services.queries import CaseView, HistoryItem

EXEMPT_PART = 2
_RECORDED_WIDTH = 240


@click.command(
    "show", short_help="Show the stage and facts of CASE.", epilog=help_examples("assent case show CASE --part 2")
)
@click.argument("name", metavar="CASE")
@part_option("2 shows the confidential facts too.")
@format_option(TABLE, JSON)
@pass_session
def show_(session: Session, name: str, part: int, output_format: str) -> None:
    """Show the stage of CASE and its public facts (Part 1). With --part 2, show the confidential facts too."""
    from workflow.services import queries

    view = queries.load_case_view(session.services, name, with_part_2=part == EXEMPT_PART)
    if output_format == JSON:
        output.print_json(view.as_json())
    else:
        _print_case(session, view)


def _print_case(session: Session, view: CaseView) -> None:
    from rules.values.facts import format_value
    from workflow.services import queries

    click.echo(output.format_pairs(view.summary().items()))
    scheme, warning = queries.load_scheme_to_read(session.services, view.case.id)
    if view.case.source:
        click.echo(click.style("\nTaken from", bold=True))
        click.echo(output.format_pairs(view.case.source.items()))
    for heading, links in (("Linked cases", view.links), ("Named by", view.named_by)):
        if links:
            click.echo(click.style(f"\n{heading}", bold=True))
            rows = [[link.case, link.stage, link.title, link.fact] for link in links]
            click.echo(output.format_table(("Case", "Stage", "Title", "In the fact"), rows))
    facts_by_part = {"Part 1": view.case.facts}
    if view.exempt_part is not None:
        facts_by_part["Part 2"] = view.exempt_part.facts
    for heading, facts in facts_by_part.items():
        click.echo(click.style(f"\n{heading}", bold=True))
        pairs = (
            (scheme.name_fact(address), scheme.format_fact(address, facts[address]))
            if scheme
            else (address, format_value(facts[address]))
            for address in sorted(facts)
        )
        click.echo(output.format_pairs(pairs))
    if view.exempt_part is None and view.case.withheld.names:
        click.echo(click.style("\nWithheld, in Part 2", bold=True))
        click.echo("\n".join(sorted(view.case.withheld.names)))
    if warning:
        output.print_warning(warning, view.case.id)


@click.command(
    short_help="Show what happened to CASE, and what was refused.",
    epilog=help_examples("assent case history CASE --format csv"),
)
@click.argument("name", metavar="CASE")
@part_option("2 also shows which words of Part 1 were confirmed as already public.")
@format_option(TABLE, JSON, CSV)
@pass_session
def history(session: Session, name: str, part: int, output_format: str) -> None:
    """Show what happened to CASE, and what was refused: by whom, for which day, and what each act recorded.

    Round counts how often the case had come to the stage. What was recorded at a stage that was reopened later stays in
    the history, and no longer counts. The exact instants of recording and the seals are in the other formats.
    """
    from workflow.services import queries

    heads = ("Entry", "On", "Event", "Action", "Officer", "Recorded at", "Seal", "Stage", "Round")
    items = queries.list_case_history(session.services, name, with_part_2=part == EXEMPT_PART)
    if output_format == TABLE:
        table_heads = ("Entry", "On", "Event", "Action", "Officer", "Stage", "Round", "Recorded on", "Recorded")
        output.print_rows(table_heads, map(_history_row, items), output_format, "entries", below=["Recorded"])
        for item in items:
            for line in item.describe_already_public():
                click.echo(f"{item.action} of {item.entry.on}: {line}")
    else:
        output.print_items(heads, items, output_format, "entries")
    if output_format == TABLE and any(item.entry.kind == "entered" for item in items):
        click.echo("This case was imported. Earlier acts are shown as the imported paper gives them.")


def _history_row(item: HistoryItem) -> list[str]:
    """Return an entry as a row of the table of `case history`, which has no room for the seal and the exact instant."""
    shown = item.as_json()
    if item.act:
        shown["officer"] = item.act.by
    texts = [shown[key] for key in ("entry", "on", "event", "action", "officer", "stage", "round")]
    return ["–" if text is None else str(text) for text in texts] + [
        shown["recorded_at"].partition("T")[0],
        item.describe_recorded(_RECORDED_WIDTH) or "–",
    ]
