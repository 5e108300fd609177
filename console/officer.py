"""`assent officer`: who may act, and in which roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import output
from console.session import CSV, JSON, TABLE, Session, format_option, help_examples, pass_session, write_options

if TYPE_CHECKING:
    from workflow.services.commands import Request


@click.group(epilog=help_examples("assent officer list"))
def officer() -> None:
    """Who may act, and in which roles."""


@officer.command(epilog=help_examples('assent officer add "Rosa Lee" --role author --scheme SCHEME'))
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    metavar="ROLE",
    help="A role, as scheme show has it; may be given more than once.",
)
@click.option("--scheme", metavar="SCHEME", help="The authority. [default: every one that has these roles]")
@write_options(officer_required=False)
@format_option(TABLE, JSON)
@pass_session
def add(
    session: Session, name: str, roles: tuple[str, ...], scheme: str | None, request: Request, output_format: str
) -> None:
    """Record that NAME acts for an authority in some roles."""
    from workflow.services import commands

    if scheme is not None:
        session.library.scheme(scheme)  # an empty name is not that of every authority
    receipt = commands.add_officer(session.services, name, scheme or "", roles, request)
    output.print_receipt(receipt.as_json(), output_format)


@officer.command("list", epilog=help_examples("assent officer list"))
@format_option(TABLE, JSON, CSV)
@pass_session
def list_(session: Session, output_format: str) -> None:
    """List every officer."""
    from workflow.services import queries

    heads = ("Officer", "Name", "Scheme", "Roles")
    output.print_items(heads, queries.list_officers(session.services), output_format, "officers")
