"""`assent intake`: published decisions as proposed facts, each with its place in the file, to confirm and to enter.

- At a terminal the proposals are shown in a table and one answer confirms them. Anywhere else nothing is confirmed but
  what the rules of the form call certain.
- Several files are read one after the other. One that cannot be read is named, and the rest goes on; the exit code
  then is 2.
- What a file says in Part 2 is never read, so nothing here can print it.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import output, rulings
from console.files import path_exists, printable_name, read_bytes
from console.output_formats import JSON, TABLE
from console.session import InputPath, OutputPath, Session, build_request, format_option, help_examples, pass_session
from console.written_files import write_private_file
from rules.errors import Error, InputError

if TYPE_CHECKING:
    from decisions.intake.proposal import Proposal
    from rules.packs.scheme import Scheme
    from workflow.services.commands import Request

EXIT_SOME_UNREAD = 2
MAX_ADDRESS_LENGTH = 500


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """How files are read and what is done with the proposals."""

    scheme: str
    form: str
    address: str
    output_path: Path | None
    is_accepted: bool
    is_opened: bool
    is_replaced: bool
    output_format: str


@click.command(
    short_help="Read published decisions, and propose their facts.",
    epilog=help_examples(
        "assent intake decision.html --out decision.yaml",
        "assent intake decision.pdf --open --as rosa-lee",
        "assent intake decisions/*.html --accept --out papers",
    ),
)
@click.argument("files", nargs=-1, required=True, type=InputPath(), metavar="FILE…")
@click.option("--scheme", default="", metavar="SCHEME", help="Read only the forms of this authority.")
@click.option("--form", default="", metavar="FORM", help="Read the file as this published form.  [default: what fits]")
@click.option("--address", default="", metavar="URL", help="Where the file was published. It is kept with the case.")
@click.option(
    "-o",
    "--out",
    "output_path",
    type=OutputPath(),
    metavar="FILE.yaml",
    help="Write the paper to this file; for several files, to this folder.",
)
@click.option("--accept", "is_accepted", is_flag=True, help="Take all that is certain without asking.")
@click.option("--open", "is_opened", is_flag=True, help="Open a case with what is confirmed. Needs --as.")
@click.option("--force", "is_replaced", is_flag=True, help="Replace a file that is there.")
@click.option("--as", "officer", metavar="OFFICER", help="The officer who opens the case: an id or name.")
@click.option("--on", "on", metavar="DAY", help="The business day of --open, such as 16 April 2018. [default: today]")
@format_option(TABLE, JSON)
@pass_session
def intake(
    session: Session, files: tuple[Path, ...], scheme: str, form: str, address: str, output_path: Path | None,
    officer: str | None, on: str | None, output_format: str, *, is_accepted: bool, is_opened: bool, is_replaced: bool,
) -> int:  # fmt: skip
    """Read published decisions as proposed facts: web pages, PDFs with text, Word files and text files.

    Each proposed fact shows its place in the file and is certain or to check. At a terminal you confirm, correct or
    drop them in a table. Elsewhere --out writes a paper: what is certain as values, the rest as comments for you to
    check. The paper goes to assent audit, or to assent case open; --open opens the case at once.
    """
    options = IntakeOptions(
        scheme, form, address.strip(), output_path, is_accepted, is_opened, is_replaced, output_format
    )
    request = build_request(officer, on, None)
    _refuse_wrong_options(options, files, request)
    run = _IntakeRun(session, options, request, files)
    return EXIT_SOME_UNREAD if run.read_all() else 0


def _refuse_wrong_options(options: IntakeOptions, files: tuple[Path, ...], request: Request) -> None:
    if options.is_opened and not request.officer:
        raise InputError("--open needs an officer", "Add --as OFFICER. To see them: assent officer list")
    if options.is_opened and not options.is_accepted and not _is_at_terminal(options):
        raise InputError("nobody can confirm the facts without a terminal", "Add --accept to take what is certain.")
    if len(options.address) > MAX_ADDRESS_LENGTH:
        raise InputError(f"--address has more than {MAX_ADDRESS_LENGTH} characters", "Give the address of the page.")
    if options.address and len(files) > 1:
        raise InputError("--address belongs to one file", "Give each file in a command of its own.")


def _is_at_terminal(options: IntakeOptions) -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and options.output_format != JSON


@dataclass(slots=True)
class _IntakeRun:
    """Reads files one after the other, and does with each proposal what the options ask for."""

    session: Session
    options: IntakeOptions
    request: Request
    files: tuple[Path, ...]

    def read_all(self) -> bool:
        """Read each file; return whether any could not be read."""
        results: list[dict[str, object]] = []
        unread: list[dict[str, object]] = []
        for path in self.files:
            try:
                proposal = self._propose(path)
                results.append(self._handle(proposal, path))
            except Error as error:
                if len(self.files) == 1:
                    raise
                unread.append({"file": printable_name(path), "reason": str(error)})
                if self.options.output_format != JSON:
                    output.print_warning(f"{error}. {error.advice()}".rstrip(". "))
        if self.options.output_format == JSON:
            output.print_json({"decisions": results, "unread": unread})
        return bool(unread)

    def _propose(self, path: Path) -> Proposal:
        from decisions.intake.choosing import choose_form
        from decisions.intake.propose import propose_facts
        from decisions.intake.reading import MAX_INTAKE_BYTES, read_source

        data, name = read_bytes(path, MAX_INTAKE_BYTES, "a decision"), printable_name(path)
        try:
            source = read_source(data)
            choice = choose_form(source, self._schemes(), self.options.form)
        except InputError as error:
            raise InputError(f"{name} {error}", error.advice()) from error
        return replace(propose_facts(source, choice, data, name), address=self.options.address)

    def _schemes(self) -> Iterator[Scheme]:
        library = self.session.library
        if self.options.scheme:
            yield library.scheme_as_typed(self.options.scheme)
        else:
            yield from map(library.scheme, library.schemes())

    def _handle(self, proposal: Proposal, path: Path) -> dict[str, object]:
        """Show a proposal, let a person confirm it, and write or open its paper."""
        from console.intake_review import IntakeReview, print_proposal
        from decisions.intake.proposal import CERTAIN

        if self.options.output_format != JSON:
            print_proposal(proposal)
        confirmed = {fact.address for fact in proposal.facts if fact.certainty == CERTAIN}
        is_asked = _is_at_terminal(self.options) and not self.options.is_accepted
        if is_asked:
            proposal, confirmed = IntakeReview(proposal, self._describe_next()).run()
        result = proposal.as_json()
        content = self._format_paper(proposal, confirmed)
        if self.options.output_path or (is_asked and not self.options.is_opened):
            result["paper"] = str(self._write(content, path))
        if self.options.is_opened:
            result |= self._open(content, path)
        return result

    def _describe_next(self) -> str:
        return "open the case" if self.options.is_opened else "write the paper"

    def _format_paper(self, proposal: Proposal, confirmed: set[str]) -> bytes:
        from decisions.intake.paper_file import PaperFile

        read_on = self.session.clock.day_in(proposal.choice.scheme.declaration.time_zone)
        return PaperFile(proposal, confirmed, read_on).format().encode()

    def _write(self, content: bytes, path: Path) -> Path:
        target = self._find_target(path)
        if path_exists(target) and not self.options.is_replaced:
            raise InputError(f"{printable_name(target)} is there already", "Name another file, or add --force.")
        write_private_file(target, content)
        if self.options.output_format != JSON:
            name = shlex.quote(str(target))
            click.echo(f"Wrote {printable_name(target)}. Check it, then: assent audit {name}")
            click.echo(f"To enter it:  assent case open {name} --as OFFICER")
        return target

    def _find_target(self, path: Path) -> Path:
        named = self.options.output_path
        if named is not None and len(self.files) == 1 and not named.is_dir():
            return named
        folder = named or Path()
        if named is not None and not named.exists():
            named.mkdir(parents=True)
        is_only = sum(file.stem == path.stem for file in self.files) == 1
        return folder / f"{path.stem if is_only else path.name}.yaml"

    def _open(self, content: bytes, path: Path) -> dict[str, object]:
        from workflow.services import commands

        recorded: dict[str, object] = {}

        def record() -> None:
            receipt = commands.open_case_from_paper(
                self.session.services, "", content, printable_name(path), self.request
            )
            recorded.update(receipt.as_json())
            if self.options.output_format != JSON:
                rulings.print_recorded(receipt, TABLE)

        rulings.print_ruling_if_refused(self.session, record, self.options.output_format)
        return recorded
