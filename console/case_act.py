"""`assent case act`: do what the scheme allows at the stage of a case, or try it without recording anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import rulings
from console.session import (
    JSON,
    TABLE,
    Session,
    format_option,
    help_examples,
    parse_assignments,
    pass_session,
    set_option,
    write_options,
)

if TYPE_CHECKING:
    from workflow.services.commands import Request


@click.command(
    short_help="Do ACTION on CASE.",
    epilog=help_examples(
        "assent case act CASE certify --as r-lawrence \\\n    --set certificate.advice_considered=yes",
        "assent case act CASE publish --as jo-green --dry-run",
    ),
)
@click.argument("name", metavar="CASE")
@click.argument("action")
@set_option
@click.option(
    "--dry-run", "is_dry_run", is_flag=True, help="Show what would happen, with the same exit code. Record nothing."
)
@click.option(
    "--override",
    "overrides",
    multiple=True,
    metavar="CHECK",
    help="Override this check. The scheme must say that your role may. Needs --reason.",
)
@click.option("--reason", default="", metavar="TEXT", help="Why you override a check. It is public: documents show it.")
@write_options()
@format_option(TABLE, JSON)
@pass_session
def act(
    session: Session, name: str, action: str, stated: tuple[str, ...], overrides: tuple[str, ...], reason: str,
    request: Request, output_format: str, *, is_dry_run: bool,
) -> None:  # fmt: skip
    """Do ACTION on CASE, with the facts that it needs.

    If a rule forbids it, the checks that are not met are printed, and the refusal is recorded. With --dry-run, neither
    the act nor the refusal is recorded.

    To see the actions: assent case next CASE
    """
    from workflow.services import commands
    from workflow.services.dry_run import try_action

    typed_act = commands.TypedAct(action, parse_assignments(stated, "--set"), overrides, reason)

    def perform() -> None:
        if is_dry_run:
            rulings.print_dry_run(try_action(session.services, name, typed_act, request), output_format)
        else:
            rulings.print_recorded(
                commands.perform_typed_act(session.services, name, typed_act, request), output_format
            )

    rulings.print_ruling_if_refused(perform, output_format)
