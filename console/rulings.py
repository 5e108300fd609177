"""Prints rulings and receipts, for every command that a rule may refuse.

A refusal is printed and raised again, so that the command still exits with its code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from console import findings, open_points, output
from console.output_formats import JSON
from console.session import Session

if TYPE_CHECKING:
    from rules.counterfactual.trial import FactChange
    from rules.judging.findings import Ruling
    from rules.packs.scheme import Scheme
    from rules.values.facts import FactDeclaration
    from workflow.cases.publication import Disclosure
    from workflow.services.act_assessment import ActAssessment
    from workflow.services.command_context import Receipt
    from workflow.services.dry_run import DryRun

    ChangesByFinding = Mapping[tuple[str, str], tuple[FactChange, ...]]


def print_recorded(receipt: Receipt, output_format: str) -> None:
    """Print what was recorded, and the warnings that did not block it."""
    output.print_receipt(receipt.as_json(), output_format)
    _print_disclosures(receipt.case, receipt.warnings)
    if output_format != JSON and receipt.ruling:
        for finding in receipt.ruling.findings:
            if finding.needs_attention:
                click.echo(f"\n{findings.format_warning(finding)}")


def print_dry_run(dry_run: DryRun, output_format: str) -> None:
    """Print the ruling on an act that was tried, and what the act would record."""
    _print_disclosures(dry_run.event.case, dry_run.warnings)
    if output_format == JSON:
        output.print_json(dry_run.as_json())
        return
    if dry_run.ruling:
        click.echo(f"{open_points.format_open_points(dry_run.ruling, dry_run.scheme)}\n")
    event = dry_run.event
    click.echo(click.style("Nothing was recorded. Without --dry-run, the act would record:", bold=True))
    receipt = {"case": event.case, "version": dry_run.version, "event": event.action, "stage": event.stage}
    recorded = {address: dry_run.scheme.format_fact(address, value) for address, value in event.public.stated.items()}
    click.echo(output.format_pairs({**receipt, **recorded}.items()))


def print_ruling_if_refused(session: Session, command: Callable[[], None], output_format: str) -> None:
    """Run a command; if a rule refuses it, print the ruling and raise the refusal again.

    What Part 1 may not say is printed as JSON only: in a table, the error says it.
    """
    from workflow.errors import PublicationRefused, Refusal
    from workflow.services import queries

    try:
        command()
    except Refusal as refusal:
        scheme = queries.load_case_scheme(session.services, refusal.ruling.case)
        print_ruling(refusal.ruling, scheme, output_format, could_act=refusal.could_act)
        raise
    except PublicationRefused as refusal:
        if output_format == JSON:
            output.print_json(refusal.as_json())
        raise


def _print_disclosures(case: str, warnings: Iterable[Disclosure]) -> None:
    """Warn of what Part 1 may give away of Part 2."""
    for found in warnings:
        output.print_warning(found.describe(), case)


def print_ruling(
    ruling: Ruling,
    scheme: Scheme,
    output_format: str,
    *,
    show_all: bool = False,
    changes: ChangesByFinding | None = None,
    assessment: ActAssessment | None = None,
    could_act: tuple[str, ...] | None = None,
    gives_away: Sequence[Disclosure] = (),
) -> None:
    """Print a ruling. `changes` has the single changes that would turn its findings: then each is printed in full.

    `assessment` gives the ruling for each role: those in which the act is judged otherwise are named. `could_act` names
    who could act instead. `gives_away` is what Part 1 may not say: only an officer who is named is shown it.
    """
    officer = assessment.officer if assessment else None
    if output_format == JSON:
        from workflow.services.counterfactuals import Explanation

        instead = {} if could_act is None else {"could_act": list(could_act)}
        shown = {"gives_away": [found.as_json() for found in gives_away]} if officer else {}
        output.print_json({**Explanation(ruling, changes, assessment).as_json(), **instead, **shown})
        return
    if changes is None:
        click.echo(open_points.format_open_points(ruling, scheme, show_all=show_all))
    else:
        changes_in_words = _describe_changes(changes, scheme.rulebook.facts)
        click.echo(findings.format_ruling(ruling, show_all=show_all, changes=changes_in_words))
    if assessment:
        _print_roles(assessment)
    if gives_away:
        click.echo(f"\nPart 1 gives away something of Part 2, so {ruling.action} would be refused.")
        lines = [found.describe() for found in gives_away] if officer else ["To see where, add: --as OFFICER"]
        click.echo("\n".join(output.format_line(line, prefix="  ") for line in lines))


def _print_roles(assessment: ActAssessment) -> None:
    """Print what the ruling is for each role if it matters who acts, or that the officer may not act."""
    if assessment.officer and not assessment.roles:
        click.echo(f"\n{assessment.officer.name} is not entitled to {assessment.ruling.action}.")
    if assessment.roles_differ:
        click.echo("\nIt matters who acts:")
        for found in assessment.roles:
            blocked_by = found.ruling.blocking_controls()
            state = findings.format_gate_state(is_open=found.ruling.is_open, blocked_by=blocked_by)
            click.echo(output.format_line(f"{found.role}: {state}", prefix="  "))


def _describe_changes(
    changes: ChangesByFinding, declared: Mapping[str, FactDeclaration]
) -> dict[tuple[str, str], list[str]]:
    """Return the changes that would turn each finding, in words."""
    from rules.counterfactual.search import format_change

    return {key: [format_change(change, declared) for change in turning] for key, turning in changes.items()}
