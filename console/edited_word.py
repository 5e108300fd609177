"""`assent case amend --from`: show what a Word file would change, and record it if that is agreed.

The file is an edited document of the case, or a form that `assent case new` made.
Nothing is recorded without --yes or a yes at a terminal.
An error never repeats a word of the file, which may be Part 2.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import output, rulings
from console.files import MAX_WORD_BYTES, printable_name, read_bytes
from console.output_formats import JSON
from console.session import Session
from rules.errors import InputError

if TYPE_CHECKING:
    from decisions.issuing.editing import EditProposal
    from decisions.issuing.paper_forms import FormProposal
    from decisions.issuing.text_changes import FactTextChange
    from workflow.services.commands import Request

_DIFF_COLOURS = {"-": "red", "+": "green"}
_UNRECORDED_HEADING = "These changes are outside the editable texts and are not recorded:"


def amend_from_word(
    session: Session, name: str, path: Path, request: Request, output_format: str, *, is_agreed: bool
) -> None:
    """Show the changes in an edited file, and record them if that is agreed."""
    proposal = _read_proposal(session, name, path, request)
    if output_format != JSON:
        _print_proposal(proposal, path)
    if not proposal.changes:
        _print_unrecorded(proposal, output_format)
    elif is_agreed or _confirm_at_terminal():
        rulings.print_ruling_if_refused(
            session, lambda: _record_proposal(session, name, proposal, output_format), output_format
        )
    else:
        _print_unrecorded(proposal, output_format)
        click.echo("Nothing was recorded. To record these changes, add --yes.", err=True)


def _read_proposal(session: Session, name: str, path: Path, request: Request) -> EditProposal | FormProposal:
    from decisions.issuing.editing import propose_revision
    from decisions.issuing.paper_forms import is_paper_form, propose_answers
    from decisions.output.pdf import render_file
    from workflow.services import queries

    queries.load_case_scheme(session.services, name)  # checked here, so that an error below can only be about the file
    data = read_bytes(path, MAX_WORD_BYTES, "a Word file")
    try:
        if is_paper_form(data):
            answers = propose_answers(session.services, name, data, request)
            if answers.warning:
                output.print_warning(answers.warning, printable_name(path))
            return answers
        return propose_revision(session.services, name, data, request, render_file)
    except InputError as error:
        raise InputError(f"{printable_name(path)} {error}", error.advice()) from error


def _confirm_at_terminal() -> bool:
    """Ask at a terminal whether to record; False without a terminal."""
    return sys.stdin.isatty() and click.confirm("Record these changes?", err=True)


def _record_proposal(session: Session, name: str, proposal: EditProposal | FormProposal, output_format: str) -> None:
    from workflow.services import commands

    receipt = commands.amend_paper(session.services, name, proposal.revision, proposal.request)
    if output_format == JSON:
        output.print_json({**receipt.as_json(), "recorded": True, **proposal.as_json()})
    else:
        rulings.print_recorded(receipt, output_format)


def _print_unrecorded(proposal: EditProposal | FormProposal, output_format: str) -> None:
    """Print, as JSON only, that nothing was recorded; the table was printed before."""
    if output_format == JSON:
        case = {"case": proposal.case, "version": proposal.version}
        output.print_json({**case, "recorded": False, **proposal.as_json()})


def _print_proposal(proposal: EditProposal | FormProposal, path: Path) -> None:
    click.echo(f"{printable_name(path)}: {proposal.origin}")
    if not proposal.changes:
        click.echo("The file has no changes to record.")
    for change in proposal.changes:
        _print_change(change)
    if proposal.unrecorded_changes:
        click.echo(f"\n{_UNRECORDED_HEADING}")
        for place, changes in groupby(proposal.unrecorded_changes, lambda change: change.place):
            click.echo(f"\n{click.style(place, bold=True)}")
            _print_diff_lines(change.line for change in changes)
    click.echo()


def _print_change(change: FactTextChange) -> None:
    click.echo(f"\n{click.style(change.fact, bold=True)}  {change.label}")
    _print_diff_lines(change.diff())


def _print_diff_lines(lines: Iterable[str]) -> None:
    """Print lines of a diff, each wrapped below its first word."""
    for line in lines:
        sign, words = line[0], line[2:]
        click.echo(click.style(output.format_pairs([(sign, words)], "  "), fg=_DIFF_COLOURS[sign]))
