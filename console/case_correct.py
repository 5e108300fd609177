"""`assent case correct`: say what a decided case should say, and why."""

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
from rules.errors import InputError

if TYPE_CHECKING:
    from workflow.services.commands import Request


@click.command(
    short_help="Correct what a decided CASE says.",
    epilog=help_examples(
        "assent case correct CASE --as jo-green \\\n    --set title='New laptops' --reason 'A word was missing.'"
    ),
)
@click.argument("name", metavar="CASE")
@answer_options()
@already_public_option
@click.option(REASON_OPTION, required=True, metavar="TEXT", help="Why it is corrected. Documents show it.")
@write_options()
@format_option(TABLE, JSON)
@pass_session
def correct(
    session: Session, name: str, answers: TypedAnswers, public_words: tuple[str, ...], reason: str, request: Request,
    output_format: str,
) -> None:  # fmt: skip
    """Correct what CASE says, after the decision. What was decided stays as it is.

    The correction is an act of its own. Documents show the old words, the right words, the reason, the day and your
    name. A correction of a confidential fact (--set-exempt) stays in Part 2, and so does its reason.

    Before the decision, change the paper instead: assent case amend
    """
    from workflow.services import commands

    if not answers:
        advice = "Give --set FACT='the right value', or --file-exempt FACT=FILE."
        raise InputError("you did not say what to correct", advice)
    request = confirm_words(request, public_words, reason)
    correction = commands.Correction(answers.public, answers.exempt, reason)

    def record() -> None:
        rulings.print_recorded(commands.correct_case(session.services, name, correction, request), output_format)

    rulings.print_ruling_if_refused(session, record, output_format)
