"""`assent officer`: who may act, and in which roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import show
from console.session import CSV, JSON, TABLE, Session, examples, in_session, reads, writes

if TYPE_CHECKING:
    from workflow.services.commands import Asked


ANY = "any"


@click.group(epilog=examples("assent officer list"))
def officer() -> None:
    """Who may act, and in which roles."""


@officer.command(epilog=examples('assent officer add "Rosa Lee" --role author --scheme SCHEME'))
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
@writes(officer_required=False)
@reads(TABLE, JSON)
@in_session
def add(session: Session, name: str, roles: tuple[str, ...], scheme: str | None, asked: Asked, form: str) -> None:
    """Record that NAME acts for an authority in some roles."""
    from workflow.services import commands

    if scheme is not None:
        session.library.scheme(scheme)  # an empty name is not that of every authority
    made, entry = commands.add_officer(session.desk, name, scheme or "", roles, asked)
    given = {"officer": made.id, "name": made.name, "scheme": made.scheme or ANY, "roles": list(made.roles)}
    show.receipt({**given, "case": "", "version": entry.version, "event": "officer", "seal": entry.seal}, form)


@officer.command("list", epilog=examples("assent officer list"))
@reads(TABLE, JSON, CSV)
@in_session
def list_(session: Session, form: str) -> None:
    """List every officer."""
    from workflow.services import queries

    listed = [(o.id, o.name, o.scheme or ANY, list(o.roles)) for o in queries.officers(session.desk)]
    show.rows(("Officer", "Name", "Scheme", "Roles"), listed, form, "officers")
