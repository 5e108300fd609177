"""`assent case correct`: say what a decided case should say, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import rulings
from console.session import (
    JSON,
    REASON_OPTION,
    SET_EXEMPT_OPTION,
    TABLE,
    Session,
    format_option,
    help_examples,
    parse_assignments,
    pass_session,
    set_exempt_option,
    set_option,
    write_options,
)
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
@set_option
@set_exempt_option
@click.option(REASON_OPTION, required=True, metavar="TEXT", help="Why it is corrected. Documents show it.")
@write_options()
@format_option(TABLE, JSON)
@pass_session
def correct(
    session: Session, name: str, stated: tuple[str, ...], exempt: tuple[str, ...], reason: str, request: Request,
    output_format: str,
) -> None:  # fmt: skip
    """Correct what CASE says, after the decision. What was decided stays as it is.

    The correction is an act of its own. Documents show the old words, the right words, the reason, the day and your
    name. A correction of a confidential fact (--set-exempt) stays in Part 2, and so does its reason.

    Before the decision, change the paper instead: assent case amend
    """
    from decisions.issuing.typed_texts import refuse_disclosing_text
    from workflow.services import commands

    public_facts, exempt_facts = parse_assignments(stated, "--set"), parse_assignments(exempt, SET_EXEMPT_OPTION)
    if not (public_facts or exempt_facts):
        raise InputError("you did not say what to correct", "Give --set FACT='the right value', or --set-exempt.")
    correction = commands.Correction(public_facts, exempt_facts, reason)

    def record() -> None:
        if public_facts:
            refuse_disclosing_text(session.services, name, (*public_facts.values(), reason))
        rulings.print_recorded(commands.correct_case(session.services, name, correction, request), output_format)

    rulings.print_ruling_if_refused(session, record, output_format)
