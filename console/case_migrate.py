"""`assent case migrate`: move running cases to the flow of a changed scheme, or say why they cannot be moved."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from console import output
from console.output_formats import JSON, TABLE
from console.session import Session, format_option, help_examples, pass_session, write_options
from rules.errors import InputError

if TYPE_CHECKING:
    from workflow.services.commands import Request
    from workflow.services.migrations import CaseMigration, MigrationReport

_HEADS = ("Case", "Stage", "State", "Why not")
_STATES = {"moved": "moved", "can_move": "can be moved", "unchanged": "is there already", "blocked": "cannot be moved"}


@click.command(
    short_help="Move running cases to a changed scheme.",
    epilog=help_examples(
        "assent case migrate --all --to today --dry-run",
        "assent case migrate CASE --to today --as rosa-lee \\\n    --reason 'The board has a new name'",
    ),
)
@click.argument("names", metavar="[CASE]...", nargs=-1)
@click.option("--all", "all_cases", is_flag=True, help="Move every case of the store.")
@click.option(
    "--to",
    "to",
    required=True,
    metavar="today|VERSION",
    help="The scheme of today, or the first digits of packs that the store keeps.",
)
@click.option("--reason", default="", metavar="TEXT", help="Why the cases are moved. The ledger keeps it.")
@click.option(
    "--dry-run",
    "is_dry_run",
    is_flag=True,
    help="Only show what would be done. With --as, also whether that officer may.",
)
@write_options(officer_required=False)
@format_option(TABLE, JSON)
@pass_session
def migrate(
    session: Session,
    names: tuple[str, ...],
    to: str,
    reason: str,
    request: Request,
    output_format: str,
    *,
    all_cases: bool,
    is_dry_run: bool,
) -> None:
    """Move each CASE to the flow of a changed scheme, with the names that the scheme lists under renamed.

    A case stays under the stages and actions with which it began until it is moved. A case cannot be moved if its
    stage, an open task or a recorded fact has no counterpart. It then stays where it is, and the reason is shown. The
    command exits with 2 if a case cannot be moved, and the others are moved all the same.
    """
    from workflow.services import migrations

    if bool(names) == all_cases:
        raise InputError("say which cases to move: give their numbers, or --all")
    if not (request.officer or is_dry_run):
        raise InputError("--as is missing", "Give the officer who moves the cases. --dry-run needs none.")
    order = migrations.MigrationOrder(names, to, reason, is_dry_run)
    progress = partial(output.with_progress, label="Cases")
    report = migrations.migrate_cases(session.services, order, request, progress)
    if output_format == JSON:
        output.print_json(report.as_json())
    else:
        _print_report(report)
    if report.has_blocked:
        blocked = sum(case.state is migrations.MigrationState.BLOCKED for case in report.cases)
        raise InputError(
            f"{output.format_count(blocked, 'case', 'cases')} cannot be moved",
            "Say in the scheme, under renamed, what the old names lead to. See: docs/how-to/change-a-scheme.md",
        )


def _print_report(report: MigrationReport) -> None:
    rows = [_format_row(case) for case in report.cases]
    output.print_rows(_HEADS, rows, TABLE, "cases")
    if report.is_dry_run:
        click.echo("Nothing was recorded: this was a dry run.")


def _format_row(case: CaseMigration) -> list[str]:
    return [case.case, case.stage, _STATES[case.state], "; ".join(case.reasons) or "–"]
