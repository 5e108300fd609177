"""What an edited Word file would change, on the terminal: shown first, and recorded when somebody says so."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console import rulings, show
from console.files import MAX_WORD_BYTES, read_bytes, shown_name
from console.session import JSON, Session
from rules.errors import InputError

if TYPE_CHECKING:
    from decisions.issuing.changes import Change
    from decisions.issuing.editing import Proposal
    from workflow.services.commands import Asked

_COLOURS = {"-": "red", "+": "green"}
_NOT_READ = "Changed outside the texts that can be read back; nothing is recorded of this:"


def amend_from(session: Session, name: str, path: Path, asked: Asked, form: str, *, is_agreed: bool) -> None:
    """Show what an edited file would change, and record it where that is agreed to."""
    proposed = _read(session, name, path, asked)
    if form != JSON:
        _show(proposed, path)
    if not proposed.changes:
        _answer(proposed, form)
    elif is_agreed or _is_agreed_to():
        rulings.refusable(lambda: _record(session, name, proposed, form), form)
    else:
        _answer(proposed, form)
        click.echo("Nothing is recorded. To record it, say --yes.", err=True)


def _read(session: Session, name: str, path: Path, asked: Asked) -> Proposal:
    from decisions.issuing.editing import proposal
    from decisions.output.pdf import press
    from workflow.services import queries

    case, _ = queries.public_record(session.desk, name)
    session.library.scheme(case.scheme)  # what is wrong with either is not said of the file
    data = read_bytes(path, MAX_WORD_BYTES, "a Word file")
    try:
        return proposal(session.desk, name, data, asked, press)
    except InputError as error:
        raise InputError(f"{shown_name(path)} {error}", error.advice()) from error


def _is_agreed_to() -> bool:
    """Whether somebody at a terminal says yes; nobody is asked where there is none."""
    return sys.stdin.isatty() and click.confirm("Record this?", err=True)


def _record(session: Session, name: str, proposed: Proposal, form: str) -> None:
    from workflow.services import commands

    made = commands.amend(session.desk, name, proposed.revision, proposed.asked)
    if form == JSON:
        show.as_json({**made.as_json(), "recorded": True, **_as_json(proposed)})
    else:
        rulings.recorded(made, form)


def _answer(proposed: Proposal, form: str) -> None:
    """What there is to say where nothing is recorded."""
    if form == JSON:
        stamp = proposed.imprint
        show.as_json({"case": stamp.case, "version": stamp.version, "recorded": False, **_as_json(proposed)})


def _as_json(proposed: Proposal) -> dict[str, Any]:
    return {
        "part": proposed.imprint.part,
        "changes": [change.as_json() for change in proposed.changes],
        "elsewhere": list(proposed.elsewhere),
    }


def _show(proposed: Proposal, path: Path) -> None:
    stamp = proposed.imprint
    click.echo(f"{shown_name(path)}: {stamp.kind} Part {stamp.part}, made from version {stamp.version} of {stamp.case}")
    if not proposed.changes:
        click.echo("It says what the paper says; there is nothing to record.")
    for change in proposed.changes:
        _show_change(change)
    if proposed.elsewhere:
        click.echo(f"\n{_NOT_READ}")
        _show_lines(proposed.elsewhere)
    click.echo()


def _show_change(change: Change) -> None:
    click.echo(f"\n{click.style(change.fact, bold=True)}  {change.label}")
    _show_lines(change.lines())


def _show_lines(lines: Iterable[str]) -> None:
    """Lines that differ, wrapped below where their words begin."""
    for line in lines:
        sign, words = line[0], line[2:]
        click.echo(click.style(show.labelled([(sign, words)], "  "), fg=_COLOURS[sign]))
