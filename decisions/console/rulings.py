"""Rulings and receipts on the terminal: for every command that does what a rule may refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from decisions.console import show
from decisions.console.session import JSON

if TYPE_CHECKING:
    from rules.finding import Ruling
    from workflow.desk import Receipt


def recorded(made: Receipt, form: str) -> None:
    """Print what was recorded, and the findings that stand against it and yet do not block it."""
    show.receipt(made.as_json(), form)
    if form != JSON and made.ruling:
        for finding in made.ruling.findings:
            if finding.is_open_question:
                click.echo(f"\n{show.finding_in_full(finding)}")


def refusable(work: Callable[[], None], form: str) -> None:
    """Do something that a rule may refuse; a refusal shows its ruling, then goes on its way."""
    from workflow.errors import Refusal

    try:
        work()
    except Refusal as refusal:
        ruling(refusal.ruling, form)
        raise


def ruling(given: Ruling, form: str, *, every: bool = False) -> None:
    """Print a ruling."""
    if form == JSON:
        show.as_json(
            {
                "case": given.case,
                "action": given.action,
                "open": given.is_open,
                "findings": [f.as_json() for f in given.findings],
            }
        )
    else:
        click.echo(show.ruling(given, every=every))
