"""Word forms that `assent case new` made: open a case with one, and add its answers to a case.

An error never repeats what was written in a form with a Part 2, and nothing that is written there is printed with what
is not recorded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import output
from console.files import printable_name, read_paper_file
from console.session import Session
from rules.errors import InputError

if TYPE_CHECKING:
    from decisions.issuing.paper_forms import ReadForm
    from workflow.services.command_context import Receipt
    from workflow.services.commands import Request

_OUTSIDE_HEADING = "These texts stand outside the boxes of the form and are not recorded:"


def read_form(session: Session, path: Path, data: bytes, scheme: str = "") -> ReadForm:
    """Return what a form states; raises `InputError` with the name of the file and every fault."""
    from decisions.issuing.paper_forms import read_word_form

    try:
        return read_word_form(session.library, data, scheme)
    except InputError as error:
        raise InputError(f"{printable_name(path)} {error}", error.advice()) from error


def open_from_form(session: Session, path: Path, scheme: str, request: Request) -> Receipt:
    """Open a case with the answers of a form."""
    from workflow.services import commands

    form = read_form(session, path, read_paper_file(path), scheme)
    print_not_recorded(form, path)
    return commands.open_case(session.services, form.scheme.id, form.paper.public, form.paper.exempt, request)


def print_not_recorded(form: ReadForm, path: Path) -> None:
    """Print, beside the result, by which rules a form was made and what of it is not recorded."""
    if form.warning:
        output.print_warning(form.warning, printable_name(path))
    if form.outside:
        click.echo(_OUTSIDE_HEADING, err=True)
        for change in form.outside:
            click.echo(output.format_pairs([(change.place, change.text)], "  "), err=True)
