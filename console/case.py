"""`assent case`: open and change cases, see what can be done next and what is missing, and do it.

`show`, `history`, `act`, `correct`, `migrate` and `new` have modules of their own.
A refusal prints its ruling like `explain` does, and the ledger keeps it.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import next_steps, output, rulings
from console.case_act import act
from console.case_correct import correct
from console.case_migrate import migrate
from console.case_new import new
from console.case_respond import respond
from console.case_show import history, show_
from console.files import is_word_file, printable_name, read_bytes
from console.output_formats import CSV, JSON, TABLE
from console.session import (
    InputPath,
    Session,
    already_public_option,
    build_request,
    confirm_words,
    format_option,
    help_examples,
    judged_officer_option,
    parse_assignments,
    parse_day_option,
    pass_session,
    why_public_option,
    write_options,
)
from console.typed_answers import TypedAnswers, answer_options
from rules.errors import InputError

if TYPE_CHECKING:
    from datetime import date

    from workflow.cases.case import Case
    from workflow.services.command_context import Receipt
    from workflow.services.commands import Request

_INPUT_FILE = InputPath()
_ON_OPTION = click.option("--on", "on", metavar="DAY", help="Answer as if today were this day. [default: today]")


@click.group(epilog=help_examples("assent case next CASE"))
def case() -> None:
    """Open cases, see what can be done next, and do it."""


case.add_command(new)
case.add_command(act)
case.add_command(correct)
case.add_command(respond)
case.add_command(show_)
case.add_command(history)


@case.command(
    "open",
    short_help="Open a case from PAPER, a YAML file or a Word form.",
    epilog=help_examples(
        "assent case open paper.yaml --scheme SCHEME --as rosa-lee \\\n    --on 2018-03-07",
        "assent case open paper.docx --as rosa-lee",
    ),
)
@click.argument("paper", type=_INPUT_FILE)
@click.option(
    "--scheme",
    default="",
    metavar="SCHEME",
    help="The scheme that the case follows; assent scheme list shows them.  [required, unless PAPER names it]",
)
@already_public_option
@why_public_option
@write_options()
@format_option(TABLE, JSON)
@pass_session
def open_(
    session: Session, paper: Path, scheme: str, public_words: tuple[str, ...], reason: str, request: Request,
    output_format: str,
) -> None:  # fmt: skip
    """Open a case from PAPER, a YAML file with the keys public (Part 1) and exempt (Part 2).

    PAPER can also be a Word form that assent case new made and somebody filled in; it names its scheme itself.
    To import a case that was decided elsewhere, add the keys scheme, stage and recorded to PAPER.
    """
    from workflow.services import commands

    if request.expect_version:
        raise InputError(
            "a new case has no version yet, so --expect-version cannot be used", "Leave out --expect-version."
        )
    request = confirm_words(request, public_words, reason)

    def record() -> None:
        if is_word_file(paper):
            from console.word_forms import open_from_form

            receipt = open_from_form(session, paper, scheme, request)
        else:
            receipt = commands.open_case_from_paper(
                session.services, scheme, read_bytes(paper), printable_name(paper), request
            )
        rulings.print_recorded(receipt, output_format)
        if output_format != JSON:
            _print_open_answers(session, receipt, paper)

    rulings.print_ruling_if_refused(session, record, output_format)


def _print_open_answers(session: Session, receipt: Receipt, paper: Path) -> None:
    """Print how many answers a new case still needs, and what to type next."""
    from workflow.services import queries
    from workflow.services.paper_drafts import count_open_answers

    snapshot = queries.load_case_snapshot(session.services, receipt.case)
    scheme = session.library.scheme(snapshot.case.scheme)
    if count := count_open_answers(scheme, snapshot):
        name, still = shlex.quote(printable_name(paper)), "is" if count == 1 else "are"
        source = f"--from {name}" if is_word_file(paper) else name
        click.echo(
            f"\n{output.format_count(count, 'answer')} {still} still missing before the paper can go on.\n"
            f"To add them to {name}:  assent case new --scheme {scheme.id} --from {name} --output {name}\n"
            f"Then record them:  assent case amend {receipt.case} {source} --as OFFICER",
            err=True,
        )


@case.command("list", epilog=help_examples("assent case list --format csv"))
@format_option(TABLE, JSON, CSV)
@pass_session
def list_(session: Session, output_format: str) -> None:
    """List every case, its stage and its last act."""
    from workflow.services import queries

    heads = ("Case", "Scheme", "Stage", "Version", "Last act", "Title")
    output.print_items(heads, queries.list_cases(session.services), output_format, "cases")


@case.command(
    short_help="Change some facts of CASE, or its whole paper.",
    epilog=help_examples(
        "assent case amend CASE --as rosa-lee --set required_by=2018-03-29",
        "assent case amend CASE --as rosa-lee \\\n    --file-exempt exemption:s43.rationale=rationale.txt",
        "assent case amend CASE --as rosa-lee --from edited.docx",
    ),
)
@click.argument("name", metavar="CASE")
@click.argument("paper", required=False, type=_INPUT_FILE)
@answer_options()
@click.option(
    "--unset", "removed", multiple=True, metavar="FACT", help="Remove a fact. You can use this more than once."
)
@click.option(
    "--from",
    "edited_file",
    type=_INPUT_FILE,
    metavar="FILE",
    help="Take the texts or answers from a Word file that assent made and somebody edited.",
)
@click.option("--yes", "is_agreed", is_flag=True, help="Record the changes from --from without asking first.")
@already_public_option
@why_public_option
@write_options()
@format_option(TABLE, JSON)
@pass_session
def amend(
    session: Session, name: str, paper: Path | None, answers: TypedAnswers, removed: tuple[str, ...],
    edited_file: Path | None, public_words: tuple[str, ...], reason: str, request: Request, output_format: str, *,
    is_agreed: bool,
) -> None:  # fmt: skip
    """Change the facts of CASE: some with --set, all with PAPER, or the texts edited in Word with --from.

    --from takes a file made by document render --to docx and edited in Word or LibreOffice. It reads back the longer
    texts, the recommendations and the text fields, and first shows each change. At a terminal it then asks whether to
    record the changes. Anywhere else, add --yes to record them. If somebody has changed the case since the file was
    made, nothing is recorded.

    --from also takes a Word form that assent case new made: its answers are added to the case, and what it leaves empty
    stays as it is.
    """
    from workflow.services import commands, queries

    request = confirm_words(request, public_words, reason)
    if edited_file:
        if paper or answers or removed:
            raise InputError(
                "--from cannot be combined with other changes", "Make the other changes in a separate command."
            )
        from console.edited_word import amend_from_word

        amend_from_word(session, name, edited_file, request, output_format, is_agreed=is_agreed)
        return
    if paper and is_word_file(paper):
        raise InputError(
            "a Word form does not replace the whole paper", f"Add its answers: --from {printable_name(paper)}"
        )
    whole_paper = (read_bytes(paper), printable_name(paper)) if paper else None
    if not (whole_paper or answers or removed):
        raise InputError(
            "you did not say what to change",
            "Give --set FACT='the value', --file-exempt FACT=FILE, --unset FACT, --from FILE or a PAPER.",
        )
    revision = commands.Revision(answers.public, answers.exempt, frozenset(removed), whole_paper)
    public_before = queries.load_public_case(session.services, name)[0].facts
    rulings.print_ruling_if_refused(
        session,
        lambda: rulings.print_recorded(commands.amend_paper(session.services, name, revision, request), output_format),
        output_format,
    )
    exempt_after = queries.load_case_snapshot(session.services, name).exempt_part.facts
    for fact in sorted(public_before.keys() & exempt_after.keys()):
        click.echo(f"{fact} was public (Part 1) before. The ledger still holds its public value.", err=True)


@case.command(
    "next",
    short_help="Show what can be done next, by whom, and what is missing.",
    epilog=help_examples("assent case next CASE", "assent case next CASE --as r-lawrence"),
)
@click.argument("name", metavar="CASE")
@judged_officer_option
@_ON_OPTION
@format_option(TABLE, JSON)
@pass_session
def next_(session: Session, name: str, officer: str | None, on: str | None, output_format: str) -> None:
    """Show the stage of CASE, what can be done next, by whom, and what blocks each action.

    "needs --set FACT" means that nothing else is missing: give that fact with assent case act. Where it matters who
    acts, each role has a line of its own. With --as, only what that officer can do counts.
    """
    from workflow.services import act_queries

    next_actions = act_queries.list_next_actions(session.services, name, parse_day_option(on), officer)
    current_case, steps = next_actions
    if steps:
        _print_case_warnings(session, current_case, parse_day_option(on))
    if output_format == JSON:
        output.print_json(next_actions.as_json())
        return
    if current_case.imported_on:
        imported_on = current_case.imported_on.isoformat()
        click.echo(f"Imported on {imported_on}. Earlier acts are shown as the imported paper gives them.")
    click.echo(next_steps.format_steps(session, current_case, steps))


@case.command(
    short_help="Show whether ACTION can be done, and every check behind it.",
    epilog=help_examples("assent case explain CASE submit --what-if required_by=2018-03-29"),
)
@click.argument("name", metavar="CASE")
@click.argument("action", required=False)
@click.option(
    "--what-if",
    "hypothetical_facts",
    multiple=True,
    metavar="FACT=VALUE",
    help="Suppose a fact. You can use this more than once. Nothing is recorded.",
)
@click.option("--all", "show_all", is_flag=True, help="Also list the checks that are met or do not apply.")
@click.option(
    "--what-would-change",
    "with_changes",
    is_flag=True,
    help="Show the smallest change to one fact that would settle each open check; with --all, of every check.",
)
@judged_officer_option
@_ON_OPTION
@format_option(TABLE, JSON)
@pass_session
def explain(
    session: Session,
    name: str,
    action: str | None,
    hypothetical_facts: tuple[str, ...],
    officer: str | None,
    on: str | None,
    output_format: str,
    *,
    show_all: bool,
    with_changes: bool,
) -> None:
    """Show whether ACTION can be done on CASE: for each check that is not met, the facts, the clause and the cure.

    Without ACTION, the first action of the case's stage is explained. Without --as, it is judged for each role that may
    do it, and explained for the one with the fewest checks in its way. --all --what-would-change shows how close each
    check is to its limit. No value is shown for a check that depends on Part 2. With --as, words of Part 1 that give
    away Part 2 are shown with their place. Nothing is recorded.
    """
    from workflow.services import act_queries
    from workflow.services.counterfactuals import find_turning_changes

    supposed_facts = parse_assignments(hypothetical_facts, "--what-if")
    hypothetical = act_queries.build_hypothetical_act(
        session.services, name, action, supposed_facts, build_request(officer, on, None)
    )
    _print_case_warnings(session, hypothetical.full_case.case, parse_day_option(on))
    ruling = hypothetical.ruling
    changes = find_turning_changes(hypothetical, ruling, all_findings=show_all) if with_changes else None
    rulings.print_ruling(
        ruling,
        hypothetical.scheme,
        output_format,
        show_all=show_all,
        changes=changes,
        assessment=hypothetical.assessment,
        gives_away=act_queries.find_words_given_away(session.services, hypothetical),
    )


case.add_command(migrate)


def _print_case_warnings(session: Session, current_case: Case, on: date | None) -> None:
    """Warn if the packs changed since the last act on the case, or if it is too late to act for the day."""
    from workflow.cases.life import explain_too_early
    from workflow.services import queries

    if pack_change := queries.describe_case_pack_change(session.services, current_case.id):
        output.print_warning(pack_change, current_case.id)
    if on and (reason := explain_too_early(current_case, on)):
        output.print_warning(f"{reason}: nothing can be recorded for that day any more")
