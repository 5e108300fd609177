"""`assent officer`: who may act, in which role, between which days, by whose authority.

An appointment is made for one scheme, or without --scheme for every scheme that has the roles.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console import output
from console.files import printable_name, read_bytes
from console.output_formats import CSV, JSON, TABLE
from console.session import (
    CommandFunction,
    Session,
    format_option,
    help_examples,
    parse_day_option,
    pass_session,
    write_options,
)
from rules.errors import InputError

if TYPE_CHECKING:
    from workflow.services.commands import Request
    from workflow.services.officer_commands import AppointmentTerms, OfficerReceipt

_ROLE_HELP = "A role of the scheme, such as author. You can use this more than once."
_SCHEME_HELP = "The scheme in which the officer acts. [default: every one with these roles]"


@click.group(epilog=help_examples("assent officer list"))
def officer() -> None:
    """Add, appoint, deputise and list the officers who may act."""


def _role_options(command: CommandFunction) -> CommandFunction:
    """Add --role and --scheme."""
    command = click.option("--scheme", metavar="SCHEME", help=_SCHEME_HELP)(command)
    return click.option("--role", "roles", multiple=True, metavar="ROLE", help=_ROLE_HELP)(command)


def _term_options(*, instrument_required: bool = False) -> Callable[[CommandFunction], CommandFunction]:
    """Add --from, --to, --instrument and --reason to a command; they reach it as `terms`."""
    # click counts any default, even None, as an answer: a required option must have no default at all.
    required: dict[str, Any] = {"required": True} if instrument_required else {"default": ""}

    def decorate(command: CommandFunction) -> CommandFunction:
        @click.option("--from", "first", metavar="DAY", help="The first day. [default: the business day]")
        @click.option("--to", "last", metavar="DAY", help="The last day. [default: no end]")
        @click.option("--instrument", metavar="TEXT", help="What it is made under, such as a decision and its day.",
                      **required)  # fmt: skip
        @click.option(
            "--reason", default="", metavar="TEXT", help="Why it begins before it is recorded. Shown by officer list."
        )
        @wraps(command)
        def wrapper(
            *args: object, first: str | None, last: str | None, instrument: str, reason: str, **kwargs: object
        ) -> object:
            from workflow.services.officer_commands import AppointmentTerms

            if instrument_required and not instrument.strip():
                raise InputError("--instrument is empty", "Say what it is made under, such as a letter and its day.")
            days = parse_day_option(first, "--from"), parse_day_option(last, "--to")
            return command(*args, terms=AppointmentTerms(*days, instrument, reason), **kwargs)

        return wrapper  # type: ignore[return-value]

    return decorate


def _parse_scheme(session: Session, scheme: str | None) -> str:
    """Return the scheme that was named, empty without one; raises `InputError` for an empty or unknown name."""
    return "" if scheme is None else session.library.scheme_as_typed(scheme).id


def print_officer(receipt: OfficerReceipt, output_format: str) -> None:
    """Print what was recorded of an officer, and warn of a second name for one person."""
    shown = receipt.as_json()
    if output_format == TABLE:  # a record of officers has no case and no stage; what follows is printed as warnings
        shown = {key: value for key, value in shown.items() if value != "" and key != "acts_after"}
    output.print_receipt(shown, output_format)
    _warn_of_lookalikes(receipt.officer.name, receipt.lookalikes)
    for warning in receipt.acts_after:
        output.print_warning(warning)


def _warn_of_lookalikes(name: str, lookalikes: tuple[str, ...] | list[str]) -> None:
    if lookalikes:
        output.print_warning(f"{name} and {', '.join(lookalikes)} look like one person under two names")


def _print_added(receipts: tuple[OfficerReceipt, ...], output_format: str) -> None:
    """Print the officers that were added from a file, and warn of second names for one person."""
    if output_format == JSON:
        output.print_json({"officers": [receipt.as_json() for receipt in receipts]})
    else:
        rows = [(one.officer.id, one.officer.name, ", ".join(one.officer.roles)) for one in receipts]
        click.echo(output.format_table(("Officer", "Name", "Roles"), rows))
    for receipt in receipts:
        _warn_of_lookalikes(receipt.officer.name, receipt.lookalikes)


@officer.command(
    short_help="Add an officer, or every officer of a file, with roles.",
    epilog=help_examples(
        'assent officer add "Rosa Lee" --role author --scheme SCHEME --as OFFICER',
        "assent officer add --file officers.yaml --scheme SCHEME --as OFFICER",
    ),
)
@click.argument("name", required=False)
@click.option(
    "--file", "path", metavar="FILE", type=click.Path(path_type=Path),
    help="Add every officer of FILE, a YAML file with a line for each name, such as Rosa Lee: author.",
)  # fmt: skip
@_role_options
@_term_options()
@write_options(officer_required=False)
@format_option(TABLE, JSON)
@pass_session
def add(
    session: Session, name: str | None, path: Path | None, roles: tuple[str, ...], scheme: str | None,
    terms: AppointmentTerms, request: Request, output_format: str,
) -> None:  # fmt: skip
    """Add the officer NAME, with roles given by --role, or every officer of a --file.

    To see the roles of a scheme: assent scheme show SCHEME

    The receipt shows the id to use with --as, such as rosa-lee for Rosa Lee. In a store that was made with init
    --founder, give with --as the officer who appoints. In any other store, that is needed once it has a case.

    In a file, several roles of one person stand in brackets: "Rosa Lee: [author, clerk]". If anything in the file is
    wrong, nobody is added.
    """
    from workflow.cases.officers_file import read_officers_file
    from workflow.services.officer_commands import RoleAppointment, add_officer, add_officers

    scheme_id = _parse_scheme(session, scheme)
    if path:
        if name is not None or roles:
            raise InputError("--file names the officers and their roles", "Leave out NAME and --role.")
        listed = read_officers_file(read_bytes(path, description="a file of officers"), printable_name(path))
        _print_added(add_officers(session.services, listed, scheme_id, terms, request), output_format)
        return
    if name is None:
        raise InputError("no NAME is given", 'Give a name, such as "Rosa Lee", or --file FILE.')
    appointment = RoleAppointment(scheme_id, roles, terms) if roles or scheme else None
    print_officer(add_officer(session.services, name, appointment, request), output_format)


@officer.command(
    epilog=help_examples(
        "assent officer appoint rosa-lee --role author --scheme SCHEME --as OFFICER \\\n"
        '    --from 2018-04-01 --to 2018-06-30 --instrument "Decision 12 of 2018"'
    )
)
@click.argument("name", metavar="OFFICER")
@_role_options
@_term_options()
@write_options(officer_required=False)
@format_option(TABLE, JSON)
@pass_session
def appoint(
    session: Session, name: str, roles: tuple[str, ...], scheme: str | None, terms: AppointmentTerms,
    request: Request, output_format: str,
) -> None:  # fmt: skip
    """Appoint OFFICER, who was added already, to roles.

    No officer can appoint themselves. Who may appoint is declared in the scheme; the founder of the store may, too.
    """
    from workflow.services.officer_commands import RoleAppointment, appoint_officer

    appointment = RoleAppointment(_parse_scheme(session, scheme), roles, terms)
    print_officer(appoint_officer(session.services, name, appointment, request), output_format)


@officer.command(epilog=help_examples("assent officer end rosa-lee --role author --to 2018-06-30 --as OFFICER"))
@click.argument("name", metavar="OFFICER")
@click.option(
    "--role", "roles", multiple=True, metavar="ROLE", help="A role that ends. You can use this more than once."
)
@click.option("--scheme", metavar="SCHEME", help="The scheme in which it ends. [default: every one]")
@click.option(
    "--for", "principal", default="", metavar="OFFICER", help="End what OFFICER does as a deputy for this one."
)
@click.option("--left", "has_left", is_flag=True, help="The officer left: everything ends.")
@click.option("--to", "last", metavar="DAY", help="The last day. [default: the business day]")
@click.option(
    "--reason", default="", metavar="TEXT", help="Why it is recorded after the last day. Shown by officer list."
)
@write_options(officer_required=False)
@format_option(TABLE, JSON)
@pass_session
def end(
    session: Session, name: str, roles: tuple[str, ...], scheme: str | None, principal: str, last: str | None,
    reason: str, request: Request, output_format: str, *, has_left: bool,
) -> None:  # fmt: skip
    """Record the last day of an appointment of OFFICER.

    With --left, everything that OFFICER holds ends. Officers may leave, and end what they hold, themselves. Once the
    store has a case, a last day longer ago than the scheme allows needs --reason. Acts that OFFICER did after that day
    stay as they are, and are warned of here and by the audit.
    """
    from workflow.services.officer_commands import end_appointment
    from workflow.services.officer_endings import Ending

    last_day = parse_day_option(last, "--to")
    ending = Ending(_parse_scheme(session, scheme), roles, principal, has_left, last_day, reason)
    print_officer(end_appointment(session.services, name, ending, request), output_format)


@officer.command(
    epilog=help_examples(
        "assent officer deputise rosa-lee --for sam-hill --role decider --as sam-hill \\\n"
        '    --from 2018-08-01 --to 2018-08-14 --instrument "Letter of 2018-07-20"'
    )
)
@click.argument("name", metavar="OFFICER")
@click.option("--for", "principal", required=True, metavar="OFFICER", help="The officer whose roles these are.")
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="A role to stand in for. [default: all roles]")
@click.option("--scheme", metavar="SCHEME", help="The scheme in which this counts. [default: every one]")
@click.option("--may-delegate", is_flag=True, help="The deputy may name a further deputy.")
@_term_options(instrument_required=True)
@write_options(officer_required=False)
@format_option(TABLE, JSON)
@pass_session
def deputise(
    session: Session, name: str, principal: str, roles: tuple[str, ...], scheme: str | None, terms: AppointmentTerms,
    request: Request, output_format: str, *, may_delegate: bool,
) -> None:  # fmt: skip
    """Let OFFICER act for another between some days.

    The other officer may say so, or somebody who appoints, but never OFFICER. Acts show whom the deputy acted for, and
    under which instrument. The right ends when the other's appointment ends.
    """
    from workflow.services.officer_commands import Deputising, deputise_officer

    deputising = Deputising(principal, _parse_scheme(session, scheme), roles, may_delegate)
    print_officer(deputise_officer(session.services, name, deputising, request, terms), output_format)


@officer.command("list", epilog=help_examples("assent officer list --on 2018-04-16"))
@click.option("--on", "on", metavar="DAY", help="Only those who hold an appointment on this day.")
@format_option(TABLE, JSON, CSV)
@pass_session
def list_(session: Session, on: str | None, output_format: str) -> None:
    """List the officers with their schemes, roles and days."""
    from workflow.services import queries

    heads = ("Officer", "Name", "Scheme", "Roles", "Days")
    views = queries.list_officers(session.services, parse_day_option(on))
    output.print_items(heads, views, output_format, "officers")
    warned: set[str] = set()
    for view in views:
        if view.officer.name not in warned:
            _warn_of_lookalikes(view.officer.name, view.lookalikes)
            warned |= {view.officer.name, *view.lookalikes}
