"""Prints rulings and receipts, for every command that a rule may refuse.

A refusal is printed and raised again, so that the command still exits with its code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import click

from console import findings, output
from console.session import JSON

if TYPE_CHECKING:
    from rules.counterfactual.trial import FactChange
    from rules.judging.findings import Ruling
    from rules.values.facts import FactDeclaration
    from workflow.services.commands import Receipt

    ChangesByFinding = Mapping[tuple[str, str], tuple[FactChange, ...]]


def print_recorded(receipt: Receipt, output_format: str) -> None:
    """Print what was recorded, and the warnings that did not block it."""
    output.print_receipt(receipt.as_json(), output_format)
    if output_format != JSON and receipt.ruling:
        for finding in receipt.ruling.findings:
            if finding.is_breached_or_undetermined:
                click.echo(f"\n{findings.format_finding(finding)}")


def print_ruling_if_refused(command: Callable[[], None], output_format: str) -> None:
    """Run a command; if a rule refuses it, print the ruling and raise the refusal again."""
    from workflow.errors import Refusal

    try:
        command()
    except Refusal as refusal:
        print_ruling(refusal.ruling, output_format, could_act=refusal.could_act)
        raise


def print_ruling(
    ruling: Ruling,
    output_format: str,
    *,
    show_all: bool = False,
    changes: ChangesByFinding | None = None,
    declared: Mapping[str, FactDeclaration] | None = None,
    could_act: tuple[str, ...] | None = None,
) -> None:
    """Print a ruling, with the single changes that would turn its findings if `changes` has them.

    `declared` gives the facts by name, so that changed values are formatted by their kind. `could_act` names who could
    act instead.
    """
    if output_format == JSON:
        from workflow.services.counterfactuals import Explanation

        instead = {} if could_act is None else {"could_act": list(could_act)}
        output.print_json({**Explanation(ruling, changes).as_json(), **instead})
        return
    changes_in_words = None if changes is None else _describe_changes(changes, declared or {})
    click.echo(findings.format_ruling(ruling, show_all=show_all, changes=changes_in_words))


def _describe_changes(
    changes: ChangesByFinding, declared: Mapping[str, FactDeclaration]
) -> dict[tuple[str, str], list[str]]:
    """Return the changes that would turn each finding, in words."""
    from rules.counterfactual.search import format_change

    return {key: [format_change(change, declared) for change in turning] for key, turning in changes.items()}
