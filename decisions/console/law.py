"""`assent law`: the law as data, and what a change of it would change."""

from __future__ import annotations

import click

from decisions.console.impact import impact


@click.group()
def law() -> None:
    """The law as it is in force, and what other law would say."""


law.add_command(impact)
