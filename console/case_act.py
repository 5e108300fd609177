"""`assent case act`: do what the scheme allows at the stage of a case, or try it without recording anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import rulings
from console.output_formats import JSON, TABLE
from console.session import (
    REASON_OPTION,
    Session,
    already_public_option,
    confirm_words,
    format_option,
    help_examples,
    pass_session,
    write_options,
)
from console.typed_answers import TypedAnswers, answer_options

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
@answer_options(with_exempt=False)
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
@already_public_option
@click.option(
    REASON_OPTION,
    default="",
    metavar="TEXT",
    help="Why you override a check (documents show it), or where words are public already (Part 2 keeps it).",
)
@write_options()
@format_option(TABLE, JSON)
@pass_session
def act(
    session: Session, name: str, action: str, answers: TypedAnswers, overrides: tuple[str, ...],
    public_words: tuple[str, ...], reason: str, request: Request, output_format: str, *, is_dry_run: bool,
) -> None:  # fmt: skip
    """Do ACTION on CASE, with the facts that it needs.

    If a rule forbids it, the checks that are not met are printed, and the refusal is recorded. With --dry-run, neither
    the act nor the refusal is recorded.

    Words of Part 1 that would give away Part 2 are refused too, and the place is named. That refusal is not recorded,
    because its record would give them away.

    To see the actions: assent case next CASE
    """
    from workflow.services import commands
    from workflow.services.dry_run import try_action

    request = confirm_words(request, public_words, reason)
    typed_act = commands.TypedAct(action, answers.public, overrides, reason)

    def perform() -> None:
        if is_dry_run:
            rulings.print_dry_run(try_action(session.services, name, typed_act, request), output_format)
        else:
            rulings.print_recorded(commands.perform_action(session.services, name, typed_act, request), output_format)

    rulings.print_ruling_if_refused(session, perform, output_format)
