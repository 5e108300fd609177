"""The interview of `assent case new`: asks for what a paper lacks, one thing at a time, at a terminal.

Every answer is written to the paper's file at once, whole and for its owner alone, so that an interview can be left at
any moment and resumed. Nothing is recorded before the answers were checked. What is typed stands in the file and on
this terminal, and nowhere else.
"""

from __future__ import annotations

import shlex
import shutil
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import output
from console.files import printable_name
from console.interview_texts import describe_text_files, find_text_file, make_text_file, take_texts
from console.prompts import END_OF_TEXT, Prompter
from console.session import Session
from rules.errors import Error, InputError
from rules.values.facts import format_caption
from workflow.errors import NotEntitled

if TYPE_CHECKING:
    from rules.judging.findings import Finding
    from rules.values.facts import FactValue
    from workflow.services.command_context import Receipt
    from workflow.services.commands import Request
    from workflow.services.paper_interview import GivenAnswer, Interview, OfferedAnswer
    from workflow.services.paper_questions import Question

_BACK, _WHY, _TAKE_OUT, _EDIT = "<", "?", "-", "e"
_COMMANDS = frozenset([_BACK, _WHY, _TAKE_OUT, _EDIT])
_FURTHER = "+"
_HINTS = {
    "money": "An amount, such as £40,000 ex VAT",
    "count": "A whole number, such as 1",
    "flag": "yes or no",
    "day": "A day, such as 2024-06-28",
    "choice": "The number or the code of one of these:",
    "text": "A short text",
}
_LONG_TEXT_HINT = f"A text. To end it, type a full stop ({END_OF_TEXT}) alone on a line."
_NEEDS = {"now": "", "later": "You can also answer this later. ", "optional": "Optional. "}
_MAX_WIDTH = 80
_MAX_SHOWN = 300


def is_command(typed: str) -> bool:
    """Whether something is no answer: a command, or a file of texts."""
    return typed in _COMMANDS or find_text_file(typed) is not None


@dataclass(slots=True)
class InterviewAtTerminal:
    """Leads an interview. `save` writes the paper to `path`; `resume_command` is what to type to go on later."""

    session: Session
    interview: Interview
    path: Path
    save: Callable[[Interview], None]
    request: Request
    resume_command: str
    prompter: Prompter
    _knows_text_files: bool = False

    def run(self) -> None:
        """Ask, check and perhaps open the case; raises `click.Abort` if it is left."""
        try:
            self._introduce()
            self.save(self.interview)
            self._ask_open_questions()
            self._offer_optional_questions()
            self._check_answers()
            self._offer_to_open()
        except (KeyboardInterrupt, EOFError):
            click.echo(f"\nYour answers are kept in {self._name}. To go on, type:\n  {self.resume_command}")
            raise click.Abort from None

    @property
    def _name(self) -> str:
        return printable_name(self.path)

    def _introduce(self) -> None:
        scheme = self.interview.scheme.declaration
        _print_wrapped(f"A new paper for {scheme.name}.")
        _print_wrapped(f"Each answer is saved at once in {self._name}. To leave, press Ctrl-C; nothing is lost.")
        _print_wrapped(f"Press Enter alone to skip a question, {_BACK} to go back, {_WHY} to see every reason for it.")

    def _ask_open_questions(self) -> None:
        again: Question | None = None
        while True:
            left = self.interview.open_questions()
            if again is None and not left:
                return
            question = again or left[0]
            again = None
            if not self._ask(question, len(left)):
                again = self.interview.go_back()
                if again is None:
                    click.echo("This is the first question.")

    def _ask(self, question: Question, left: int) -> bool:
        """Ask one question until it is answered or skipped; return False to go back."""
        offered = self.interview.offer_answer(question)
        self._print_question(question, left, offered)
        given = self.interview.value_of(question.address)
        default = ""
        while True:
            typed = self._prompt(question, default)
            if typed == _BACK:
                return False
            if typed == _WHY:
                _print_reasons(question)
            elif typed == _EDIT and isinstance(given, str) and question.declaration.kind == "text":
                default = given
            elif typed == _TAKE_OUT and given is not None:
                self.interview.take_out(question.address)
                self.save(self.interview)
                return True
            elif not typed and offered:
                self._record(question, offered.value, is_usual_exempt=offered.is_exempt)
                return True
            elif not typed or typed == _TAKE_OUT:
                self.interview.skip(question)
                return True
            elif self._take(question, typed):
                return True
            else:
                default = typed if question.declaration.kind == "text" else ""

    def _prompt(self, question: Question, default: str) -> str:
        if question.declaration.kind != "text":
            return self.prompter.ask_line(default)
        return self.prompter.ask_text(default, is_long=self.interview.is_long(question))

    def _take(self, question: Question, typed: str) -> bool:
        """Take an answer, or a file of texts, and save it; return False after saying why it is needed again."""
        path = find_text_file(typed) if question.declaration.kind == "text" else None
        try:
            if path:
                return self._take_texts(path)
            value = self.interview.parse(question, typed)
        except InputError as error:
            _print_error(error)
            return False
        self._record(question, value, is_usual_exempt=self.interview.is_exempt(question.address))
        return True

    def _take_texts(self, path: Path) -> bool:
        """Take the texts of a file; return False if it was made just now, and is to be written."""
        if make_text_file(self.interview, path):
            return False
        problems = list(take_texts(self.interview, path, self.prompter))
        self.save(self.interview)
        _print_problems(problems)
        return True

    def _record(self, question: Question, value: FactValue, *, is_usual_exempt: bool) -> None:
        """Take an answer into the paper and save it, after asking to which part it belongs."""
        is_confidential = question.part != 1
        if self.interview.may_be_confidential(question):
            is_confidential = self.prompter.confirm("Is this answer confidential (Part 2)?", default=is_usual_exempt)
        problems = self.interview.answer(question, value, is_confidential=is_confidential)
        self.save(self.interview)
        _print_problems(problems)

    def _print_question(self, question: Question, left: int, offered: OfferedAnswer | None) -> None:
        declaration = question.declaration
        click.echo()
        more = f" ({left - 1} more to come)" if left > 1 else ""
        _print_wrapped(f"{_NEEDS[question.need]}{self.interview.label_of(question.address)}{more}")
        if place := self.interview.place_of(question):
            _print_wrapped(f"For: {place}.")
        if declaration.about:
            _print_wrapped(declaration.about)
        is_long = self.interview.is_long(question)
        _print_wrapped(_LONG_TEXT_HINT if is_long else _HINTS[declaration.kind])
        if is_long and (how := self._describe_text_files()):
            _print_wrapped(how)
        for number, (code, label) in enumerate(declaration.choices.items(), start=1):
            _print_wrapped(f"{number:>4}  {label} ({code})", hang=6)
        if question.reasons:
            _print_wrapped(f"Why: {question.reasons[0].requirement} ({question.reasons[0].citation})")
        if question.part != 1:
            _print_wrapped("This answer is kept in Part 2 (confidential).")
        given = self.interview.value_of(question.address)
        if given is not None:
            _print_wrapped(f"Your answer is: {_shorten(declaration.format_value(given))}")
            edit = f"{_EDIT} to edit it, " if declaration.kind == "text" else ""
            _print_wrapped(f"Press Enter to keep it, or type another. Type {edit}{_TAKE_OUT} to take it out.")
        elif offered:
            _print_wrapped(f"Press Enter for: {_shorten(declaration.format_value(offered.value))}")
            _print_wrapped(f"Or type another answer, or {_TAKE_OUT} to leave it open.")

    def _describe_text_files(self) -> str:
        """Return how to write all texts in one file, once."""
        if self._knows_text_files:
            return ""
        self._knows_text_files = True
        return describe_text_files(self.interview)

    def _offer_optional_questions(self) -> None:
        count = self.interview.count_optional()
        if count:
            click.echo()
            optional_questions = output.format_count(count, "optional question")
            if self.prompter.confirm(f"There {'is' if count == 1 else 'are'} {optional_questions}. Answer now?"):
                self.interview.with_optional = True
                self._ask_open_questions()

    def _check_answers(self) -> None:
        """Show every answer until nobody wants to change one or to add something."""
        while True:
            addresses = self._print_answers()
            kinds = self.interview.list_addable_kinds()
            _print_wrapped("To change an answer, type its number. If all is right, press Enter.")
            for kind, label in kinds.items():
                _print_wrapped(f"To add one more {label.lower()}, type {_FURTHER}{kind}", hang=6)
            typed = self.prompter.ask_line()
            if not typed:
                return
            if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(addresses):
                self._ask_again([addresses[int(typed) - 1]])
            elif typed.startswith(_FURTHER) and (kind := typed.removeprefix(_FURTHER).strip().lower()) in kinds:
                self._ask_again(self.interview.add_subject(kind))
            else:
                _print_wrapped(f"Type a number from 1 to {len(addresses)}, or press Enter.")

    def _ask_again(self, addresses: list[str]) -> None:
        """Ask about some addresses, then whatever their answers lead to."""
        for address in addresses:
            self._ask(self.interview.find_question(address), 1)
        self._ask_open_questions()

    def _print_answers(self) -> list[str]:
        """Print the answers and what is missing, and return their addresses by number from 1."""
        answers = self.interview.list_answers()
        missing = self.interview.plan.needed
        addresses = [*(answer.address for answer in answers), *(question.address for question in missing)]
        click.echo()
        click.echo("Check your answers")
        for part, heading in ((1, "Part 1 (public)"), (2, "Part 2 (confidential)")):
            numbered = [(place, answer) for place, answer in enumerate(answers, start=1) if answer.part == part]
            _print_listed(heading, ((place, _describe_answer(answer)) for place, answer in numbered))
        labels = (self.interview.label_of(question.address) for question in missing)
        _print_listed("Not answered yet", enumerate(labels, start=len(answers) + 1))
        _print_problems(self.interview.plan.problems)
        click.echo()
        return addresses

    def _offer_to_open(self) -> None:
        count = len(self.interview.plan.needed_now)
        if count:
            is_missing = "answer is missing" if count == 1 else "answers are missing"
            _print_wrapped(f"{count} {is_missing}. You can open the case, but the paper cannot go on yet.")
        receipt = self._open_case() if self.prompter.confirm("Open the case now?") else None
        if receipt is None:
            click.echo(f"The paper is {self._name}. To open the case later, type:")
            place, officer = shlex.quote(self._name), shlex.quote(self.request.officer or "NAME")
            click.echo(f"  assent case open {place} --scheme {self.interview.scheme.id} --as {officer}")
            return
        output.print_receipt(receipt.as_json(), "table")
        click.echo(f"Next: assent case next {receipt.case}")

    def _open_case(self) -> Receipt | None:
        """Open the case as the officer given with --as, or ask who opens it until one may or nobody is named."""
        from workflow.services import commands

        paper, officer = self.interview.paper, self.request.officer
        while True:
            officer = officer or self._ask_who_opens()
            if not officer:
                return None
            request = commands.Request(officer, self.request.on)
            try:
                return commands.open_case(
                    self.session.services, self.interview.scheme.id, paper.public, paper.exempt, request
                )
            except (InputError, NotEntitled) as error:
                _print_error(error)
                officer = ""

    def _ask_who_opens(self) -> str:
        click.echo("Who opens it? An officer's id or name, or Enter alone to keep the paper only:")
        return self.prompter.ask_line()


def _print_error(error: Error) -> None:
    _print_wrapped(f"{error}. {error.advice()}".strip(". ") + ".")


def _print_reasons(question: Question) -> None:
    _print_wrapped(f"The name of this fact is {question.address}.")
    for reason in question.reasons:
        _print_wrapped(f"{reason.requirement} ({reason.citation})", hang=2)
    if not question.reasons:
        _print_wrapped("No rule asks for it. A document shows it.")


def _print_problems(problems: Iterable[Finding]) -> None:
    for problem in problems:
        _print_wrapped(f"This does not fit: {problem.wrong} {problem.cure}", hang=2)


def _describe_answer(answer: GivenAnswer) -> str:
    return f"{format_caption(answer.label)} {_shorten(answer.text)}"


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MAX_SHOWN else f"{line[:_MAX_SHOWN]}…"


def _print_listed(heading: str, numbered: Iterable[tuple[int, str]]) -> None:
    listed = list(numbered)
    if listed:
        click.echo(f"\n{heading}")
    for number, text in listed:
        _print_wrapped(f"{number:>4}  {text}", hang=6)


def _print_wrapped(text: str, hang: int = 0) -> None:
    """Print a text within the terminal's width, at most 80 columns."""
    width = min(_MAX_WIDTH, shutil.get_terminal_size().columns)
    click.echo(textwrap.fill(text, max(width, 40) - 1, subsequent_indent=" " * hang, break_on_hyphens=False))
