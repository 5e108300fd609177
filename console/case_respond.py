"""`assent case respond`: say of a finding of the audit that it is accepted, disputed or mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import output
from console.output_formats import JSON, TABLE
from console.session import REASON_OPTION, Session, format_option, help_examples, pass_session, write_options
from rules.errors import InputError
from workflow.cases.finding_response import RESPONSE_KINDS

if TYPE_CHECKING:
    from workflow.services.commands import Request


@click.command(
    short_help="Respond to a finding of the audit of CASE.",
    epilog=help_examples(
        "assent case respond CASE decision.in_time \\\n    --accepted --reason 'The board met late.' --as jo-green"
    ),
)
@click.argument("name", metavar="CASE")
@click.argument("control")
@click.argument("subject", required=False, default="")
@click.option("--accepted", is_flag=True, help="The finding is right.")
@click.option("--disputed", is_flag=True, help="The finding is wrong.")
@click.option("--mended", is_flag=True, help="What was wrong has been put right.")
@click.option(REASON_OPTION, required=True, metavar="TEXT", help="Why. It stays in Part 2.")
@write_options()
@format_option(TABLE, JSON)
@pass_session
def respond(
    session: Session, name: str, control: str, subject: str, reason: str, request: Request, output_format: str,
    **kinds: bool,
) -> None:  # fmt: skip
    """Record what you say of a finding of CASE. CONTROL and SUBJECT are named as in the audit.

    The finding stays as it is: the next audit shows your response beside it, in every format.
    """
    from workflow.services.finding_responses import TypedResponse, respond_to_finding

    said = [kind for kind in RESPONSE_KINDS if kinds[kind]]
    if len(said) != 1:
        raise InputError("say one thing of the finding", "Give --accepted, --disputed or --mended.")
    typed = TypedResponse(control, subject, said[0], reason)
    output.print_receipt(respond_to_finding(session.services, name, typed, request).as_json(), output_format)
