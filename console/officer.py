"""`assent officer`: add and list the officers who may act.

An officer is added for one scheme, or without --scheme for every scheme that has the roles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import output
from console.session import CSV, JSON, TABLE, Session, format_option, help_examples, pass_session, write_options

if TYPE_CHECKING:
    from workflow.services.commands import Request


@click.group(epilog=help_examples("assent officer list"))
def officer() -> None:
    """Add and list the officers who may act."""


@officer.command(epilog=help_examples('assent officer add "Rosa Lee" --role author --scheme SCHEME'))
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    metavar="ROLE",
    help="A role of the scheme, such as author. You can use this more than once.",
)
@click.option(
    "--scheme", metavar="SCHEME", help="The scheme in which the officer acts. [default: every one with these roles]"
)
@write_options(officer_required=False)
@format_option(TABLE, JSON)
@pass_session
def add(
    session: Session, name: str, roles: tuple[str, ...], scheme: str | None, request: Request, output_format: str
) -> None:
    """Add the officer NAME with one or more roles.

    To see the roles of a scheme: assent scheme show SCHEME

    The receipt shows the id to use with --as, such as rosa-lee for Rosa Lee.
    """
    from workflow.services import commands

    if scheme is not None:
        session.library.scheme(scheme)  # refuses an empty name too, which add_officer would take as every scheme
    receipt = commands.add_officer(session.services, name, scheme or "", roles, request)
    output.print_receipt(receipt.as_json(), output_format)


@officer.command("list", epilog=help_examples("assent officer list"))
@format_option(TABLE, JSON, CSV)
@pass_session
def list_(session: Session, output_format: str) -> None:
    """List every officer with their scheme and roles."""
    from workflow.services import queries

    heads = ("Officer", "Name", "Scheme", "Roles")
    output.print_items(heads, queries.list_officers(session.services), output_format, "officers")
