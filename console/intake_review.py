"""The table of what `assent intake` proposes, and its review at a terminal: confirm, correct or drop each line.

One answer confirms the whole table, so that a decision is entered by one command and one confirmation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from console import output
from console.prompts import Prompter
from rules.errors import InputError
from rules.values.facts import format_caption, split_address

if TYPE_CHECKING:
    from decisions.intake.proposal import Proposal, ProposedFact

_HEADS = ("No", "Fact", "Value", "Where", "State", "Words")
_MAX_VALUE = 70
_DROP, _CERTAIN, _SHOW, _QUIT = "drop", "certain", "show", "q"
_HELP = (
    "Enter: take all lines of the table.  certain: take only those that are certain.\n"
    "7: correct line 7.  drop 7 8: leave these lines out.  show 7: print line 7 in full.  q: stop."
)


def print_proposal(proposal: Proposal) -> None:
    """Print the form, the proposed facts and what could not be taken."""
    choice = proposal.choice
    click.echo(f"{proposal.file}: {choice.declaration.label} ({choice.scheme.id}, {choice.form})")
    if choice.check:
        output.print_warning(f"{choice.check}: name the form with --form if another one is right", proposal.file)
    print_facts(proposal, proposal.facts)
    if proposal.problems:
        click.echo(f"\n{click.style('Not taken:', bold=True)}")
        described = [(str(each.place), _describe(each.reason, each.words)) for each in proposal.problems]
        click.echo(output.format_pairs(described))
    total, certain = len(proposal.facts), sum(not fact.check for fact in proposal.facts)
    click.echo(f"\n{output.format_count(total, 'fact')}: {certain} certain, {total - certain} to check.")


def print_facts(proposal: Proposal, facts: tuple[ProposedFact, ...]) -> None:
    """Print facts as a table, each with its number and its place; words of several facts stand below the first."""
    rows, shown = [], ""
    for number, fact in enumerate(facts, 1):
        words = "" if fact.words == shown else fact.words
        value = _shorten(_format_value(proposal, fact))
        row = [str(number), fact.address, value, str(fact.place), fact.certainty, _describe(fact.check, words)]
        rows.append(row)
        shown = fact.words
    output.print_rows(_HEADS, rows, "table", "facts", below=("Words",))


def _format_value(proposal: Proposal, fact: ProposedFact) -> str:
    return proposal.choice.scheme.format_fact(fact.address, fact.value)


def _shorten(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _MAX_VALUE else f"{words[: _MAX_VALUE - 1]}…"


def _describe(reason: str, words: str) -> str:
    return f"{reason}{': ' if reason else ''}“{words}”" if words else reason


class IntakeReview:
    """Asks a person whether the table is right; `next_step` is what is done then."""

    def __init__(self, proposal: Proposal, next_step: str, prompter: Prompter | None = None) -> None:
        self._proposal, self._next_step = proposal, next_step
        self._facts = dict(enumerate(proposal.facts, 1))
        self._prompter = prompter or Prompter(lambda _: False)  # it asks for lines alone

    def run(self) -> tuple[Proposal, set[str]]:
        """Return the proposal as corrected and the addresses that are confirmed; raises `click.Abort` if it is left."""
        click.echo(f"\nIs the table right? Enter will {self._next_step}.\n{_HELP}")
        try:
            while True:
                answer = self._prompter.ask_line().casefold()
                if answer in ("", _CERTAIN):
                    return self._finish(only_certain=answer == _CERTAIN)
                if answer == _QUIT:
                    raise click.Abort
                self._do(answer)
        except (KeyboardInterrupt, EOFError):
            raise click.Abort from None

    def _finish(self, *, only_certain: bool) -> tuple[Proposal, set[str]]:
        facts = tuple(self._facts.values())
        confirmed = {fact.address for fact in facts if not (only_certain and fact.check)}
        return replace(self._proposal, facts=facts), confirmed

    def _do(self, answer: str) -> None:
        """Correct, drop or show the lines that an answer names."""
        word, *numbers = answer.split()
        if word.isdigit():
            word, numbers = "correct", [word, *numbers]
        chosen = [int(number) for number in numbers if number.isdigit() and int(number) in self._facts]
        if word not in ("correct", _DROP, _SHOW) or not chosen or len(chosen) != len(numbers):
            click.echo(f"Type Enter, or the number of a line that is in the table.\n{_HELP}")
            return
        for number in chosen:
            if word == _DROP:
                click.echo(f"Left out: {self._facts.pop(number).address}")
            elif word == _SHOW:
                self._show(self._facts[number])
            else:
                self._correct(number)

    def _show(self, fact: ProposedFact) -> None:
        click.echo(f"{fact.address}, {fact.place}:\n{_format_value(self._proposal, fact)}")

    def _correct(self, number: int) -> None:
        """Ask for the right value of a line until it fits; an empty answer leaves it as it is."""
        fact = self._facts[number]
        declaration = self._proposal.choice.scheme.rulebook.facts[split_address(fact.address)[0]]
        click.echo(f"{format_caption(declaration.label)} Now: {_shorten(_format_value(self._proposal, fact))}")
        if declaration.kind == "choice":
            click.echo(f"Choices: {declaration.choices_summary}")
        while True:
            typed = self._prompter.ask_text() if declaration.kind == "text" else self._prompter.ask_line()
            if not typed:
                return
            try:
                value = declaration.parse(typed)
            except InputError as error:
                click.echo(f"{error}. {error.advice()}".rstrip())
                continue
            self._facts[number] = replace(fact, value=value, check="")
            click.echo(f"Line {number} is now: {_shorten(_format_value(self._proposal, self._facts[number]))}")
            return
