"""`assent case`: open a case, see what may be done and what stands against it, and do it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console import next_steps, output, rulings
from console.files import printable_name, read_bytes
from console.session import (
    CSV,
    JSON,
    SET_EXEMPT_OPTION,
    TABLE,
    InputPath,
    Session,
    WholeNumber,
    format_option,
    help_examples,
    parse_assignments,
    parse_day_option,
    pass_session,
    write_options,
)
from rules.errors import InputError

if TYPE_CHECKING:
    from datetime import date

    from rules.values.facts import FactValue
    from workflow.cases.case import Case
    from workflow.services.commands import Request

_PART_LABELS = {"facts": "Part 1", "exempt": "Part 2"}
_INPUT_FILE = InputPath()
_SET_OPTION = click.option(
    "--set", "stated", multiple=True, metavar="FACT=VALUE", help="State a fact; may be given more than once."
)
_ON_OPTION = click.option("--on", "on", metavar="DAY", help="As if on this day. [default: today]")


@click.group(epilog=help_examples("assent case next CASE"))
def case() -> None:
    """Open a case, see what may be done, and do it."""


@case.command(
    "open",
    short_help="Open a case on PAPER, a YAML file.",
    epilog=help_examples("assent case open paper.yaml --scheme SCHEME --as rosa-lee \\\n    --on 2018-03-07"),
)
@click.argument("paper", type=_INPUT_FILE)
@click.option(
    "--scheme",
    default="",
    metavar="SCHEME",
    help="The authority whose scheme the case goes by.  [required, unless PAPER names it]",
)
@write_options()
@format_option(TABLE, JSON)
@pass_session
def open_(session: Session, paper: Path, scheme: str, request: Request, output_format: str) -> None:
    """Open a case on PAPER, a YAML file with the keys public and exempt.

    A case that was decided elsewhere is entered after the fact: its PAPER also has the keys scheme, stage and recorded.
    """
    from workflow.services import commands

    if request.expect_version:
        raise InputError(
            "--expect-version is for a case that there is: one that is opened has no version yet", "Leave it out."
        )
    rulings.print_recorded(
        commands.open_case_from_paper(session.services, scheme, read_bytes(paper), printable_name(paper), request),
        output_format,
    )


@case.command("list", epilog=help_examples("assent case list --format csv"))
@format_option(TABLE, JSON, CSV)
@pass_session
def list_(session: Session, output_format: str) -> None:
    """List every case: where it stands and since when."""
    from workflow.services import queries

    listed = [(c.case, c.scheme, c.stage, c.version, c.last_on, c.title) for c in queries.list_cases(session.services)]
    output.print_rows(("Case", "Scheme", "Stage", "Version", "Last act", "Title"), listed, output_format, "cases")


@case.command(
    "show", short_help="Show where CASE stands, and its facts.", epilog=help_examples("assent case show CASE --part 2")
)
@click.argument("name", metavar="CASE")
@click.option(
    "--part", type=WholeNumber(1, 2), default=1, show_default=True, help="2 shows the confidential facts too."
)
@format_option(TABLE, JSON)
@pass_session
def show_(session: Session, name: str, part: int, output_format: str) -> None:
    """Show where CASE stands and its facts: those of Part 1, or with --part 2 all of them."""
    from workflow.services import queries

    if part == 1:
        known, head = queries.load_public_case(session.services, name)
        parts = {"facts": known.facts}
    else:
        file = queries.load_case_snapshot(session.services, name)
        known, head = file.case, file.head
        parts = {"facts": known.facts, "exempt": file.exempt_part.facts}
    _print_case(session, known, head, parts, output_format)


def _print_case(
    session: Session,
    current_case: Case,
    head: str,
    facts_by_part: Mapping[str, Mapping[str, FactValue]],
    output_format: str,
) -> None:
    from rules.values.facts import format_value
    from workflow.ledger.canonical_json import serialize_facts
    from workflow.services import queries

    shown: dict[str, Any] = {
        "case": current_case.id, "title": current_case.title, "scheme": current_case.scheme,
        "stage": current_case.stage,
        "version": current_case.version, "last_on": current_case.last_on.isoformat(), "head": head,
    }  # fmt: skip
    if output_format == JSON:
        output.print_json({**shown, **{name: serialize_facts(facts) for name, facts in facts_by_part.items()}})
        return
    click.echo(output.format_pairs(shown.items()))
    scheme, warning = queries.load_scheme_for_case(session.services, current_case.id)
    for heading, facts in facts_by_part.items():
        click.echo(click.style(f"\n{_PART_LABELS[heading]}", bold=True))
        told = (
            (where, scheme.format_fact(where, facts[where]) if scheme else format_value(facts[where]))
            for where in sorted(facts)
        )
        click.echo(output.format_pairs(told))
    if warning:
        output.print_warning(warning, current_case.id)


@case.command(
    short_help="Show what happened to CASE, and what was refused.",
    epilog=help_examples("assent case history CASE --format csv"),
)
@click.argument("name", metavar="CASE")
@format_option(TABLE, JSON, CSV)
@pass_session
def history(session: Session, name: str, output_format: str) -> None:
    """Show what happened to CASE, and what was refused, with the day, the instant of recording and the seal."""
    from workflow.history.serialization import parse_action
    from workflow.services import queries

    entries = queries.list_case_entries(session.services, name)
    shown = 16 if output_format == TABLE else None
    listed = [(e.position, e.on, e.kind, parse_action(e), e.officer, e.recorded_at, e.seal[:shown]) for e in entries]
    output.print_rows(
        ("Entry", "On", "Event", "Action", "Officer", "Recorded at", "Seal"), listed, output_format, "entries"
    )
    if output_format == TABLE and any(entry.kind == "entered" for entry in entries):
        click.echo("The case was entered after the fact: what was done before that stands here as it was told.")


@case.command(
    short_help="Change some facts of CASE, or the whole of its paper.",
    epilog=help_examples(
        "assent case amend CASE --as rosa-lee \\\n    --set-exempt exemption:s43.public_interest=withhold",
        "assent case amend CASE --as rosa-lee --from edited.docx",
    ),
)
@click.argument("name", metavar="CASE")
@click.argument("paper", required=False, type=_INPUT_FILE)
@_SET_OPTION
@click.option(
    SET_EXEMPT_OPTION,
    "exempt",
    multiple=True,
    metavar="FACT=VALUE",
    help="State a fact in Part 2; may be given more than once.",
)
@click.option("--unset", "removed", multiple=True, metavar="FACT", help="Take a fact out; may be given more than once.")
@click.option(
    "--from",
    "edited_file",
    type=_INPUT_FILE,
    metavar="FILE",
    help="Read the texts back from a Word file that assent made.",
)
@click.option("--yes", "is_agreed", is_flag=True, help="Record what --from shows, without being asked.")
@write_options()
@format_option(TABLE, JSON)
@pass_session
def amend(
    session: Session, name: str, paper: Path | None, stated: tuple[str, ...], exempt: tuple[str, ...],
    removed: tuple[str, ...], edited_file: Path | None, request: Request, output_format: str, *, is_agreed: bool,
) -> None:  # fmt: skip
    """Change the paper of CASE: some facts, with PAPER the whole of it, or with --from what was edited in Word.

    --from takes a file as document render --to docx made it, edited in Word or LibreOffice: the longer texts of the
    form, recommendations, and the fields that are text. It first shows what would change, fact by fact. At a terminal
    it then asks whether to record that; elsewhere it records nothing unless --yes is said. Where somebody amended the
    case since the file was made, it is refused as --expect-version would.
    """
    from workflow.services import commands, queries

    if edited_file:
        if paper or stated or exempt or removed:
            raise InputError("--from was given with other changes", "Make those by a command of their own.")
        from console.edited_word import amend_from_word

        amend_from_word(session, name, edited_file, request, output_format, is_agreed=is_agreed)
        return
    whole = (read_bytes(paper), printable_name(paper)) if paper else None
    public, hidden = parse_assignments(stated, "--set"), parse_assignments(exempt, SET_EXEMPT_OPTION)
    if not (whole or public or hidden or removed):
        raise InputError("nothing was said to change", "Give a PAPER, --set, --set-exempt, --unset or --from.")
    revision = commands.Revision(public, hidden, frozenset(removed), whole)
    before = queries.load_public_case(session.services, name)[0].facts
    rulings.print_ruling_if_refused(
        lambda: rulings.print_recorded(commands.amend_paper(session.services, name, revision, request), output_format),
        output_format,
    )
    after = queries.load_case_snapshot(session.services, name).exempt_part.facts
    for fact in sorted(before.keys() & after.keys()):
        click.echo(f"{fact} stood in Part 1 before: the ledger keeps what was said of it there.", err=True)


@case.command(
    "next",
    short_help="Show who may do what now, and what keeps it shut.",
    epilog=help_examples("assent case next CASE"),
)
@click.argument("name", metavar="CASE")
@_ON_OPTION
@format_option(TABLE, JSON)
@pass_session
def next_(session: Session, name: str, on: str | None, output_format: str) -> None:
    """Show where CASE stands, who may do what now, and what keeps each action shut.

    An action that waits for nothing but what whoever does it states with it says so, and what that is.
    """
    from workflow.services import queries

    known, steps = queries.list_next_actions(session.services, name, parse_day_option(on))
    if steps:
        _print_case_warnings(session, known, parse_day_option(on))
    if output_format == JSON:
        actions = [next_steps.step_as_json(step) for step in steps]
        told = {"case": known.id, "version": known.version, "stage": known.stage, "actions": actions}
        output.print_json({**told, "entered_after_the_fact": known.imported_on is not None})
        return
    if known.imported_on:
        click.echo(
            f"Entered after the fact, on {known.imported_on.isoformat()}: what was decided before is as it was told."
        )
    click.echo(next_steps.format_steps(session, known, steps))


@case.command(
    short_help="Give the ruling on ACTION in full.",
    epilog=help_examples("assent case explain CASE submit --what-if required_by=2018-03-29"),
)
@click.argument("name", metavar="CASE")
@click.argument("action", required=False)
@click.option(
    "--what-if",
    "hypothetical_facts",
    multiple=True,
    metavar="FACT=VALUE",
    help="Suppose a fact; may be given more than once. Nothing is recorded.",
)
@click.option("--all", "show_all", is_flag=True, help="Name the findings that are satisfied or do not apply, too.")
@click.option(
    "--what-would-change",
    "with_changes",
    is_flag=True,
    help="Name the smallest change of one fact that turns each finding against; with --all, each other one, too.",
)
@_ON_OPTION
@format_option(TABLE, JSON)
@pass_session
def explain(
    session: Session,
    name: str,
    action: str | None,
    hypothetical_facts: tuple[str, ...],
    on: str | None,
    output_format: str,
    *,
    show_all: bool,
    with_changes: bool,
) -> None:
    """Give the ruling on ACTION in full: control, fact, expected, actual, clause and cure.

    Without ACTION, on the first action of the stage at which CASE stands. With --all --what-would-change it shows
    how near each miss is. Where a finding hangs on Part 2, no value is named that would turn it.
    """
    from workflow.services import queries
    from workflow.services.counterfactuals import find_turning_changes

    asked = queries.build_hypothetical_act(
        session.services, name, action, parse_assignments(hypothetical_facts, "--what-if"), parse_day_option(on)
    )
    _print_case_warnings(session, asked.full_case.case, parse_day_option(on))
    ruling = asked.make_ruling()
    changes = find_turning_changes(asked, ruling, all_findings=show_all) if with_changes else None
    rulings.print_ruling(
        ruling, output_format, show_all=show_all, changes=changes, declared=asked.scheme.rulebook.facts
    )


@case.command(
    epilog=help_examples(
        "assent case act CASE certify --as r-lawrence \\\n    --set certificate.advice_considered=true"
    )
)
@click.argument("name", metavar="CASE")
@click.argument("action")
@_SET_OPTION
@write_options()
@format_option(TABLE, JSON)
@pass_session
def act(
    session: Session, name: str, action: str, stated: tuple[str, ...], request: Request, output_format: str
) -> None:
    """Do ACTION on CASE, stating the facts that it asks for. A refusal prints the ruling and is recorded."""
    from workflow.services import commands

    facts = parse_assignments(stated, "--set")
    rulings.print_ruling_if_refused(
        lambda: rulings.print_recorded(
            commands.perform_action(session.services, name, action, facts, request), output_format
        ),
        output_format,
    )


def _print_case_warnings(session: Session, current_case: Case, on: date | None) -> None:
    """Warn of packs that changed since the case was left, and of a day for which nothing can be recorded any more."""
    from workflow.cases.life import explain_too_early
    from workflow.services import queries

    if changed := queries.describe_case_pack_change(session.services, current_case.id):
        output.print_warning(changed, current_case.id)
    if on and (early := explain_too_early(current_case, on)):
        output.print_warning(f"{early}: nothing can be recorded for that day any more")
