"""`assent case`: open a case, see what may be done and what stands against it, and do it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console import rulings, show
from console import steps as next_steps
from console.files import read_bytes, shown_name
from console.session import (
    CSV,
    FOR_PART_2,
    JSON,
    TABLE,
    GivenFile,
    Session,
    WholeNumber,
    day,
    examples,
    in_session,
    pairs,
    reads,
    writes,
)
from rules.errors import InputError

if TYPE_CHECKING:
    from datetime import date

    from rules.values.facts import FactValue
    from workflow.cases.case import Case
    from workflow.services.commands import Asked

_PARTS = {"facts": "Part 1", "exempt": "Part 2"}
_FILE = GivenFile()
_SET = click.option(
    "--set", "stated", multiple=True, metavar="FACT=VALUE", help="State a fact; may be given more than once."
)
_ON = click.option("--on", "on", metavar="DAY", help="As if on this day. [default: today]")


@click.group(epilog=examples("assent case next CASE"))
def case() -> None:
    """Open a case, see what may be done, and do it."""


@case.command(
    "open",
    short_help="Open a case on PAPER, a YAML file.",
    epilog=examples("assent case open paper.yaml --scheme SCHEME --as rosa-lee \\\n    --on 2018-03-07"),
)
@click.argument("paper", type=_FILE)
@click.option(
    "--scheme",
    default="",
    metavar="SCHEME",
    help="The authority whose scheme the case goes by.  [required, unless PAPER names it]",
)
@writes()
@reads(TABLE, JSON)
@in_session
def open_(session: Session, paper: Path, scheme: str, asked: Asked, form: str) -> None:
    """Open a case on PAPER, a YAML file with the keys public and exempt.

    A case that was decided elsewhere is entered after the fact: its PAPER also has the keys scheme, stage and recorded.
    """
    from workflow.services import commands

    if asked.expect_version:
        raise InputError(
            "--expect-version is for a case that there is: one that is opened has no version yet", "Leave it out."
        )
    rulings.recorded(commands.open_paper(session.desk, scheme, read_bytes(paper), shown_name(paper), asked), form)


@case.command("list", epilog=examples("assent case list --format csv"))
@reads(TABLE, JSON, CSV)
@in_session
def list_(session: Session, form: str) -> None:
    """List every case: where it stands and since when."""
    from workflow.services import queries

    listed = [(c.case, c.scheme, c.stage, c.version, c.last_on, c.title) for c in queries.cases(session.desk)]
    show.rows(("Case", "Scheme", "Stage", "Version", "Last act", "Title"), listed, form, "cases")


@case.command(
    "show", short_help="Show where CASE stands, and its facts.", epilog=examples("assent case show CASE --part 2")
)
@click.argument("name", metavar="CASE")
@click.option(
    "--part", type=WholeNumber(1, 2), default=1, show_default=True, help="2 shows the confidential facts too."
)
@reads(TABLE, JSON)
@in_session
def show_(session: Session, name: str, part: int, form: str) -> None:
    """Show where CASE stands and its facts: those of Part 1, or with --part 2 all of them."""
    from workflow.services import queries

    if part == 1:
        known, head = queries.public_record(session.desk, name)
        parts = {"facts": known.facts}
    else:
        file = queries.whole_record(session.desk, name)
        known, head = file.case, file.head
        parts = {"facts": known.facts, "exempt": file.confidential.facts}
    _show(session, known, head, parts, form)


def _show(session: Session, known: Case, head: str, parts: Mapping[str, Mapping[str, FactValue]], form: str) -> None:
    from rules.values.facts import said
    from workflow.ledger.canonical_json import encode
    from workflow.services import queries

    shown: dict[str, Any] = {
        "case": known.id, "title": known.title, "scheme": known.scheme, "stage": known.stage,
        "version": known.version, "last_on": known.last_on.isoformat(), "head": head,
    }  # fmt: skip
    if form == JSON:
        show.as_json({**shown, **{name: encode(facts) for name, facts in parts.items()}})
        return
    click.echo(show.labelled(shown.items()))
    scheme, warning = queries.read_by(session.desk, known.id)
    for heading, facts in parts.items():
        click.echo(click.style(f"\n{_PARTS[heading]}", bold=True))
        told = ((where, scheme.say(where, facts[where]) if scheme else said(facts[where])) for where in sorted(facts))
        click.echo(show.labelled(told))
    if warning:
        show.warning(warning, known.id)


@case.command(
    short_help="Show what happened to CASE, and what was refused.",
    epilog=examples("assent case history CASE --format csv"),
)
@click.argument("name", metavar="CASE")
@reads(TABLE, JSON, CSV)
@in_session
def history(session: Session, name: str, form: str) -> None:
    """Show what happened to CASE, and what was refused, with the day, the instant of recording and the seal."""
    from workflow.history.record import action_of
    from workflow.services import queries

    entries = queries.history(session.desk, name)
    shown = 16 if form == TABLE else None
    listed = [(e.position, e.on, e.kind, action_of(e), e.officer, e.recorded_at, e.seal[:shown]) for e in entries]
    show.rows(("Entry", "On", "Event", "Action", "Officer", "Recorded at", "Seal"), listed, form, "entries")
    if form == TABLE and any(entry.kind == "entered" for entry in entries):
        click.echo("The case was entered after the fact: what was done before that stands here as it was told.")


@case.command(
    short_help="Change some facts of CASE, or the whole of its paper.",
    epilog=examples(
        "assent case amend CASE --as rosa-lee \\\n    --set-exempt exemption:s43.public_interest=withhold",
        "assent case amend CASE --as rosa-lee --from edited.docx",
    ),
)
@click.argument("name", metavar="CASE")
@click.argument("paper", required=False, type=_FILE)
@_SET
@click.option(
    FOR_PART_2,
    "exempt",
    multiple=True,
    metavar="FACT=VALUE",
    help="State a fact in Part 2; may be given more than once.",
)
@click.option("--unset", "removed", multiple=True, metavar="FACT", help="Take a fact out; may be given more than once.")
@click.option(
    "--from", "edited", type=_FILE, metavar="FILE", help="Read the texts back from a Word file that assent made."
)
@click.option("--yes", "is_agreed", is_flag=True, help="Record what --from shows, without being asked.")
@writes()
@reads(TABLE, JSON)
@in_session
def amend(
    session: Session, name: str, paper: Path | None, stated: tuple[str, ...], exempt: tuple[str, ...],
    removed: tuple[str, ...], edited: Path | None, asked: Asked, form: str, *, is_agreed: bool,
) -> None:  # fmt: skip
    """Change the paper of CASE: some facts, with PAPER the whole of it, or with --from what was edited in Word.

    --from takes a file as document render --to docx made it, edited in Word or LibreOffice: the longer texts of the
    form, recommendations, and the fields that are text. It first shows what would change, fact by fact. At a terminal
    it then asks whether to record that; elsewhere it records nothing unless --yes is said. Where somebody amended the
    case since the file was made, it is refused as --expect-version would.
    """
    from workflow.services import commands, queries

    if edited:
        if paper or stated or exempt or removed:
            raise InputError("--from was given with other changes", "Make those by a command of their own.")
        from console.edited_word import amend_from

        amend_from(session, name, edited, asked, form, is_agreed=is_agreed)
        return
    whole = (read_bytes(paper), shown_name(paper)) if paper else None
    public, hidden = pairs(stated, "--set"), pairs(exempt, FOR_PART_2)
    if not (whole or public or hidden or removed):
        raise InputError("nothing was said to change", "Give a PAPER, --set, --set-exempt, --unset or --from.")
    revision = commands.Revision(public, hidden, frozenset(removed), whole)
    before = queries.public_record(session.desk, name)[0].facts
    rulings.refusable(lambda: rulings.recorded(commands.amend(session.desk, name, revision, asked), form), form)
    after = queries.whole_record(session.desk, name).confidential.facts
    for fact in sorted(before.keys() & after.keys()):
        click.echo(f"{fact} stood in Part 1 before: the ledger keeps what was said of it there.", err=True)


@case.command(
    "next", short_help="Show who may do what now, and what keeps it shut.", epilog=examples("assent case next CASE")
)
@click.argument("name", metavar="CASE")
@_ON
@reads(TABLE, JSON)
@in_session
def next_(session: Session, name: str, on: str | None, form: str) -> None:
    """Show where CASE stands, who may do what now, and what keeps each action shut.

    An action that waits for nothing but what whoever does it states with it says so, and what that is.
    """
    from workflow.services import queries

    known, steps = queries.steps(session.desk, name, day(on))
    if steps:
        _warn(session, known, day(on))
    if form == JSON:
        actions = [next_steps.as_json(step) for step in steps]
        told = {"case": known.id, "version": known.version, "stage": known.stage, "actions": actions}
        show.as_json({**told, "entered_after_the_fact": known.entered_on is not None})
        return
    if known.entered_on:
        click.echo(
            f"Entered after the fact, on {known.entered_on.isoformat()}: what was decided before is as it was told."
        )
    click.echo(next_steps.in_words(session, known, steps))


@case.command(
    short_help="Give the ruling on ACTION in full.",
    epilog=examples("assent case explain CASE submit --what-if required_by=2018-03-29"),
)
@click.argument("name", metavar="CASE")
@click.argument("action", required=False)
@click.option(
    "--what-if",
    "supposed",
    multiple=True,
    metavar="FACT=VALUE",
    help="Suppose a fact; may be given more than once. Nothing is recorded.",
)
@click.option("--all", "every", is_flag=True, help="Name the findings that are satisfied or do not apply, too.")
@click.option(
    "--what-would-change",
    "turning",
    is_flag=True,
    help="Name the smallest change of one fact that turns each finding against; with --all, each other one, too.",
)
@_ON
@reads(TABLE, JSON)
@in_session
def explain(
    session: Session,
    name: str,
    action: str | None,
    supposed: tuple[str, ...],
    on: str | None,
    form: str,
    *,
    every: bool,
    turning: bool,
) -> None:
    """Give the ruling on ACTION in full: control, fact, expected, actual, clause and cure.

    Without ACTION, on the first action of the stage at which CASE stands. With --all --what-would-change it shows
    how near each miss is. Where a finding hangs on Part 2, no value is named that would turn it.
    """
    from workflow.services import queries
    from workflow.services.counterfactuals import would_change

    asked = queries.suppose(session.desk, name, action, pairs(supposed, "--what-if"), day(on))
    _warn(session, asked.matter.case, day(on))
    ruling = asked.ruling()
    changes = would_change(asked, ruling, every=every) if turning else None
    rulings.ruling(ruling, form, every=every, changes=changes, declared=asked.scheme.rulebook.facts)


@case.command(
    epilog=examples("assent case act CASE certify --as r-lawrence \\\n    --set certificate.advice_considered=true")
)
@click.argument("name", metavar="CASE")
@click.argument("action")
@_SET
@writes()
@reads(TABLE, JSON)
@in_session
def act(session: Session, name: str, action: str, stated: tuple[str, ...], asked: Asked, form: str) -> None:
    """Do ACTION on CASE, stating the facts that it asks for. A refusal prints the ruling and is recorded."""
    from workflow.services import commands

    facts = pairs(stated, "--set")
    rulings.refusable(lambda: rulings.recorded(commands.act(session.desk, name, action, facts, asked), form), form)


def _warn(session: Session, known: Case, on: date | None) -> None:
    """Warn of packs that changed since the case was left, and of a day for which nothing can be recorded any more."""
    from workflow.cases.life import too_early
    from workflow.services import queries

    if changed := queries.packs_changed(session.desk, known.id):
        show.warning(changed, known.id)
    if on and (early := too_early(known, on)):
        show.warning(f"{early}: nothing can be recorded for that day any more")
