"""Rulings and receipts on the terminal: for every command that does what a rule may refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import click

from console import output
from console.session import JSON

if TYPE_CHECKING:
    from rules.counterfactual.trial import FactChange
    from rules.judging.findings import Ruling
    from rules.values.facts import FactDeclaration
    from workflow.services.commands import Receipt

    ChangesByFinding = Mapping[tuple[str, str], tuple[FactChange, ...]]


def print_recorded(receipt: Receipt, output_format: str) -> None:
    """Print what was recorded, and the findings that stand against it and yet do not block it."""
    output.print_receipt(receipt.as_json(), output_format)
    if output_format != JSON and receipt.ruling:
        for finding in receipt.ruling.findings:
            if finding.is_breached_or_undetermined:
                click.echo(f"\n{output.format_finding(finding)}")


def print_ruling_if_refused(command: Callable[[], None], output_format: str) -> None:
    """Do something that a rule may refuse; a refusal shows its ruling, then goes on its way."""
    from workflow.errors import Refusal

    try:
        command()
    except Refusal as refusal:
        print_ruling(refusal.ruling, output_format)
        raise


def print_ruling(
    ruling: Ruling,
    output_format: str,
    *,
    show_all: bool = False,
    changes: ChangesByFinding | None = None,
    declared: Mapping[str, FactDeclaration] | None = None,
) -> None:
    """Print a ruling; with `changes`, which change of one fact would turn each finding, as facts are `declared`."""
    if output_format == JSON:
        from workflow.services.counterfactuals import Explanation

        output.print_json(Explanation(ruling, changes).as_json())
        return
    turning = None if changes is None else _describe_changes(changes, declared or {})
    click.echo(output.format_ruling(ruling, show_all=show_all, changes=turning))


def _describe_changes(
    changes: ChangesByFinding, declared: Mapping[str, FactDeclaration]
) -> dict[tuple[str, str], list[str]]:
    """The changes that would turn each finding, in words."""
    from rules.counterfactual.search import format_change

    return {key: [format_change(one, declared) for one in found] for key, found in changes.items()}
