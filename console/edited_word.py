"""What an edited Word file would change, on the terminal: shown first, and recorded when somebody says so."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console import output, rulings
from console.files import MAX_WORD_BYTES, printable_name, read_bytes
from console.session import JSON, Session
from rules.errors import InputError

if TYPE_CHECKING:
    from decisions.issuing.editing import EditProposal
    from decisions.issuing.text_changes import FactTextChange
    from workflow.services.commands import Request

_DIFF_COLOURS = {"-": "red", "+": "green"}
_UNREAD_CHANGES_HEADING = "Changed outside the texts that can be read back; nothing is recorded of this:"


def amend_from_word(
    session: Session, name: str, path: Path, request: Request, output_format: str, *, is_agreed: bool
) -> None:
    """Show what an edited file would change, and record it where that is agreed to."""
    proposed = _read_proposal(session, name, path, request)
    if output_format != JSON:
        _print_proposal(proposed, path)
    if not proposed.changes:
        _print_unrecorded(proposed, output_format)
    elif is_agreed or _confirm_at_terminal():
        rulings.print_ruling_if_refused(lambda: _record_proposal(session, name, proposed, output_format), output_format)
    else:
        _print_unrecorded(proposed, output_format)
        click.echo("Nothing is recorded. To record it, say --yes.", err=True)


def _read_proposal(session: Session, name: str, path: Path, request: Request) -> EditProposal:
    from decisions.issuing.editing import propose_revision
    from decisions.output.pdf import render_file
    from workflow.services import queries

    case, _ = queries.load_public_case(session.services, name)
    session.library.scheme(case.scheme)  # what is wrong with either is not said of the file
    data = read_bytes(path, MAX_WORD_BYTES, "a Word file")
    try:
        return propose_revision(session.services, name, data, request, render_file)
    except InputError as error:
        raise InputError(f"{printable_name(path)} {error}", error.advice()) from error


def _confirm_at_terminal() -> bool:
    """Whether somebody at a terminal says yes; nobody is asked where there is none."""
    return sys.stdin.isatty() and click.confirm("Record this?", err=True)


def _record_proposal(session: Session, name: str, proposal: EditProposal, output_format: str) -> None:
    from workflow.services import commands

    made = commands.amend_paper(session.services, name, proposal.revision, proposal.request)
    if output_format == JSON:
        output.print_json({**made.as_json(), "recorded": True, **_proposal_as_json(proposal)})
    else:
        rulings.print_recorded(made, output_format)


def _print_unrecorded(proposal: EditProposal, output_format: str) -> None:
    """What there is to say where nothing is recorded."""
    if output_format == JSON:
        stamp = proposal.imprint
        output.print_json(
            {"case": stamp.case, "version": stamp.version, "recorded": False, **_proposal_as_json(proposal)}
        )


def _proposal_as_json(proposal: EditProposal) -> dict[str, Any]:
    return {
        "part": proposal.imprint.part,
        "changes": [change.as_json() for change in proposal.changes],
        "elsewhere": list(proposal.unrecorded_changes),
    }


def _print_proposal(proposal: EditProposal, path: Path) -> None:
    stamp = proposal.imprint
    click.echo(
        f"{printable_name(path)}: {stamp.kind} Part {stamp.part}, made from version {stamp.version} of {stamp.case}"
    )
    if not proposal.changes:
        click.echo("It says what the paper says; there is nothing to record.")
    for change in proposal.changes:
        _print_change(change)
    if proposal.unrecorded_changes:
        click.echo(f"\n{_UNREAD_CHANGES_HEADING}")
        _print_diff_lines(proposal.unrecorded_changes)
    click.echo()


def _print_change(change: FactTextChange) -> None:
    click.echo(f"\n{click.style(change.fact, bold=True)}  {change.label}")
    _print_diff_lines(change.diff())


def _print_diff_lines(lines: Iterable[str]) -> None:
    """Lines that differ, wrapped below where their words begin."""
    for line in lines:
        sign, words = line[0], line[2:]
        click.echo(click.style(output.format_pairs([(sign, words)], "  "), fg=_DIFF_COLOURS[sign]))
