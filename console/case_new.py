"""`assent case new`: a paper to fill in that asks for just what a case needs, as a file or at a terminal.

A paper may hold Part 2, so its file can be read by its owner alone, and answers of Part 2 are never printed.
The ending of --output decides what is written, YAML or a Word form; both are made from the same plan of questions.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import output
from console.files import (
    MAX_PAPER_BYTES,
    MAX_WORD_BYTES,
    is_word_file,
    path_exists,
    printable_name,
    read_paper_file,
    refuse_wrong_suffix,
)
from console.output_formats import JSON, TABLE
from console.session import InputPath, OutputPath, Session, build_request, format_option, help_examples, pass_session
from console.typed_answers import TypedAnswers, answer_options
from console.written_files import write_private_file
from rules.errors import InputError

if TYPE_CHECKING:
    from rules.packs.scheme import Scheme
    from workflow.cases.paper import Paper
    from workflow.services.commands import Request
    from workflow.services.paper_drafts import PaperDraft
    from workflow.services.paper_interview import Interview

_EXAMPLE_NAME = "paper.yaml"


@click.command(
    short_help="Make a paper to fill in, or answer its questions here.",
    epilog=help_examples(
        "assent case new --scheme SCHEME --value '£40,000 ex VAT' \\\n    --output paper.yaml",
        "assent case new --scheme SCHEME --output paper.docx",
        "assent case new --scheme SCHEME --from paper.yaml -o paper.yaml",
        "assent case new --scheme SCHEME --interview -o paper.yaml",
    ),
)
@click.option(
    "--scheme",
    "scheme_id",
    required=True,
    metavar="SCHEME",
    help="The scheme that the case follows; assent scheme list shows them.",
)
@click.option("--kind", default="", metavar="KIND", help="The kind of case, as the scheme names it.")
@click.option("--value", default="", metavar="AMOUNT", help="The value of the case, such as '£40,000 ex VAT'.")
@answer_options()
@click.option(
    "--from",
    "earlier_paper",
    type=InputPath(),
    metavar="PAPER",
    help="Keep the answers of this paper, and add what is missing.",
)
@click.option(
    "-o",
    "--output",
    "output_path",
    type=OutputPath(dir_okay=False),
    metavar="FILE",
    help="Write the paper to FILE.yaml, or to FILE.docx as a Word form.",
)
@click.option("--interview", "is_interview", is_flag=True, help="Answer the questions here, one at a time.")
@click.option("--as", "officer", metavar="OFFICER", help="The officer who opens the case at the end of an interview.")
@click.option(
    "--on", "on", metavar="DAY", help="Make it by the rules of this day, such as 2018-04-16. [default: today]"
)
@format_option(TABLE, JSON)
@pass_session
def new(
    session: Session, scheme_id: str, kind: str, value: str, answers: TypedAnswers, earlier_paper: Path | None,
    output_path: Path | None, officer: str | None, on: str | None, output_format: str, *, is_interview: bool,
) -> None:  # fmt: skip
    """Make a paper to fill in. It asks for just what this case needs, and says why.

    Each question has its choices and an example. The more you say with --kind, --value and --set, the fewer are left.
    Fill in the file, then open the case with assent case open. To add what is still missing, give the file to --from.
    An --output that ends in .docx makes a Word form, with a box for each answer and a part for what is confidential.

    With --interview, you answer the questions here, one at a time. Every answer is saved at once, so you can leave with
    Ctrl-C and go on later with the same command. At a terminal, this also happens without --output.
    """
    from workflow.services.paper_drafts import KnownAnswers, draft_paper, make_draft

    request = build_request(officer, on, None)
    scheme = session.library.scheme_as_typed(scheme_id)
    day = request.on or session.clock.day_in(scheme.declaration.time_zone)
    if output_path:
        refuse_wrong_suffix(output_path, tuple(_WRITERS))
    is_interview = _decide_on_interview(scheme.id, output_path, output_format, is_wanted=is_interview)
    if is_interview:
        output_path, earlier_paper = _find_interview_files(scheme.id, output_path, earlier_paper)
    earlier = _read_earlier_paper(session, scheme, _find_earlier_paper(earlier_paper, output_path))
    paper = draft_paper(scheme, KnownAnswers(kind, value, answers.public, answers.exempt, earlier))
    if is_interview and output_path:
        from workflow.services.paper_interview import Interview

        _run_interview(session, Interview(scheme, day, paper), output_path, request)
        return
    _put_out_draft(session, make_draft(scheme, paper, day), output_path, output_format)


def _put_out_draft(session: Session, draft: PaperDraft, output_path: Path | None, output_format: str) -> None:
    """Write a paper to its file, or print it; JSON has its questions."""
    if output_path:
        _write_paper(session, draft, output_path, output_format)
    elif output_format != JSON:
        _print_paper(draft)
    if output_format == JSON:
        output.print_json({**draft.as_json(), "file": str(output_path) if output_path else None})


def _read_earlier_paper(session: Session, scheme: Scheme, path: Path | None) -> Paper:
    """Return the paper in a file, whether it is YAML or a Word form; an empty one without a file."""
    from workflow.cases.paper import Paper, read_paper

    if path is None:
        return Paper({}, {})
    data = read_paper_file(path)
    if not is_word_file(path):
        return read_paper(data, printable_name(path), scheme)
    from console.word_forms import read_form

    return read_form(session, path, data, scheme.id).paper


def _find_interview_files(
    scheme: str, output_path: Path | None, earlier_paper: Path | None
) -> tuple[Path, Path | None]:
    """Return the file in which an interview saves its answers, and the paper with which it begins.

    Raises `InputError` for a Word form, which cannot save them one by one.
    """
    path = output_path or earlier_paper or _choose_interview_file(scheme)
    if is_word_file(path):
        raise InputError("an interview keeps its answers as YAML", f"Use another ending: --output {path.stem}.yaml")
    # A file that is there is of an interview that was left.
    return path, earlier_paper or (path if path_exists(path) else None)


def _decide_on_interview(scheme: str, path: Path | None, output_format: str, *, is_wanted: bool) -> bool:
    """Return whether to interview at the terminal; raises `InputError` for --interview without one."""
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if not is_wanted:
        return is_terminal and path is None and output_format == TABLE
    if not is_terminal:
        raise InputError(
            "an interview needs a terminal",
            f"Make a paper to fill in: assent case new --scheme {scheme} --output {_EXAMPLE_NAME}",
        )
    return True


def _choose_interview_file(scheme: str) -> Path:
    """Return the file for the answers of an interview: one that was left, if that is wanted, or a new one."""
    numbered = (Path(f"{scheme}-paper{f'-{number}' if number > 1 else ''}.yaml") for number in count(1))
    for path in numbered:
        if not path_exists(path) or click.confirm(f"{path} has answers already. Go on with it?", default=True):
            return path
    raise AssertionError


def _run_interview(session: Session, interview: Interview, path: Path, request: Request) -> None:
    from console.interview import InterviewAtTerminal, is_command
    from console.prompts import Prompter
    from workflow.services.paper_drafts import PaperDraft

    def save(current: Interview) -> None:
        _write_draft(session, PaperDraft(current.scheme, current.on, current.plan), path)

    resume = f"assent case new --scheme {interview.scheme.id} --interview --output {shlex.quote(str(path))}"
    InterviewAtTerminal(session, interview, path, save, request, resume, Prompter(is_command)).run()


def _find_earlier_paper(earlier_paper: Path | None, output_path: Path | None) -> Path | None:
    """Return the paper whose answers are kept; raises `InputError` if another file would be written over."""
    if output_path is None or not path_exists(output_path):
        return earlier_paper
    if earlier_paper is None or not path_exists(earlier_paper) or not output_path.samefile(earlier_paper):
        name = printable_name(output_path)
        raise InputError(f"{name} is there already", f"To keep its answers, add --from {name}. Or name another file.")
    return earlier_paper


def _print_paper(draft: PaperDraft) -> None:
    """Print a paper as YAML; raises `InputError` for one that has confidential answers."""
    if draft.plan.paper.exempt:
        raise InputError(
            "the paper has confidential answers (Part 2), which are not printed",
            f"Write it to a file: --output {_EXAMPLE_NAME}",
        )
    from workflow.services.paper_template import format_paper_template

    click.echo(format_paper_template(draft, _EXAMPLE_NAME), nl=False)
    _print_problems(draft)


def _write_paper(session: Session, draft: PaperDraft, path: Path, output_format: str) -> None:
    _write_draft(session, draft, path)
    if output_format == JSON:
        return
    name = printable_name(path)
    now = output.format_count(len(draft.plan.needed_now), "answer")
    verb = "is" if len(draft.plan.needed_now) == 1 else "are"
    click.echo(f"Wrote {name}. {now} {verb} needed before the paper can go on.")
    place = shlex.quote(name)
    click.echo(f"Fill it in, then: assent case open {place} --scheme {draft.scheme.id} --as NAME")
    _print_problems(draft)


def _write_draft(session: Session, draft: PaperDraft, path: Path) -> None:
    """Write a paper by the ending of its name; raises `InputError` for one that would be too large to read back."""
    write, limit = _WRITERS[path.suffix.removeprefix(".").lower() or "yaml"]
    data = write(session, draft, printable_name(path))
    if len(data) > limit:
        advice = f"The limit is {limit:,} bytes. Shorten the longest texts."
        raise InputError(f"the paper would have {len(data):,} bytes", advice)
    write_private_file(path, data)


def _print_problems(draft: PaperDraft) -> None:
    for problem in draft.plan.problems:
        output.print_warning(f"{problem.wrong} {problem.cure}".strip(". "), draft.scheme.id)


def _make_yaml(_: Session, draft: PaperDraft, name: str) -> bytes:
    from workflow.services.paper_template import format_paper_template

    return format_paper_template(draft, name).encode()


def _make_word_form(session: Session, draft: PaperDraft, name: str) -> bytes:
    from decisions.issuing.paper_forms import make_word_form

    return make_word_form(draft, session.library.bundle(draft.scheme.id).digest, name)


_WRITERS: Mapping[str, tuple[Callable[[Session, PaperDraft, str], bytes], int]] = {
    "yaml": (_make_yaml, MAX_PAPER_BYTES),
    "yml": (_make_yaml, MAX_PAPER_BYTES),
    "docx": (_make_word_form, MAX_WORD_BYTES),
}
"""What makes each kind of file, by its ending, and the size up to which it can be read back."""
