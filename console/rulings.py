"""Rulings and receipts on the terminal: for every command that does what a rule may refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import click

from console import show
from console.session import JSON

if TYPE_CHECKING:
    from rules.counterfactual.trial import Change
    from rules.judging.findings import Ruling
    from rules.values.facts import FactDeclaration
    from workflow.services.commands import Receipt

    Changes = Mapping[tuple[str, str], tuple[Change, ...]]


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


def ruling(
    given: Ruling,
    form: str,
    *,
    every: bool = False,
    changes: Changes | None = None,
    declared: Mapping[str, FactDeclaration] | None = None,
) -> None:
    """Print a ruling; with `changes`, which change of one fact would turn each finding, as facts are `declared`."""
    if form == JSON:
        show.as_json(_as_json(given, changes))
        return
    turning = None if changes is None else _in_words(changes, declared or {})
    click.echo(show.ruling(given, every=every, turning=turning))


def _in_words(changes: Changes, declared: Mapping[str, FactDeclaration]) -> dict[tuple[str, str], list[str]]:
    """The changes that would turn each finding, in words."""
    from rules.counterfactual.search import in_words

    return {key: [in_words(one, declared) for one in found] for key, found in changes.items()}


def _as_json(given: Ruling, changes: Changes | None) -> dict[str, object]:
    from rules.counterfactual.search import as_json

    findings = [finding.as_json() for finding in given.findings]
    for shown in findings if changes is not None else ():
        found = (changes or {}).get((shown["control"], shown["subject"]), ())
        shown["would_change"] = [as_json(change) for change in found]
    return {"case": given.case, "action": given.action, "open": given.is_open, "findings": findings}
