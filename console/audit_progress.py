"""Progress of a long audit on standard error, at a terminal alone."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

import click

Result = TypeVar("Result")
STEP: Final = 100
"""How many cases are audited before progress is shown, and between two lines of it."""


def show_progress(results: Iterable[Result]) -> Iterator[Result]:
    """Yield results, and show on standard error how many there were, as soon as there are many."""
    shows = sys.stderr.isatty() and not sys.stdout.isatty()
    number = 0
    for number, result in enumerate(results, start=1):  # the last number is shown below
        if shows and number % STEP == 0:
            click.echo(f"\r{number:,} cases audited", err=True, nl=False)
        yield result
    if shows and number >= STEP:
        click.echo(f"\r{number:,} cases audited", err=True)
