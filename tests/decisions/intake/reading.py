"""Proposals of the shipped schemes, for tests."""

from __future__ import annotations

from functools import cache

from decisions.intake.choosing import choose_form
from decisions.intake.proposal import FormChoice, Proposal
from decisions.intake.propose import propose_facts
from decisions.intake.reading import read_source
from decisions.intake.source_text import Block, Place, SourceText
from rules.packs.library import Library
from rules.packs.scheme import Scheme


@cache
def shipped_schemes() -> tuple[Scheme, ...]:
    library = Library.load([])
    return tuple(map(library.scheme, library.schemes()))


def propose(data: bytes, form: str = "") -> Proposal:
    source = read_source(data)
    return propose_facts(source, choose_form(source, shipped_schemes(), form), data, "decision.html")


def values(proposal: Proposal) -> dict[str, object]:
    return {fact.address: fact.value for fact in proposal.facts}


def certain(proposal: Proposal) -> dict[str, object]:
    return {fact.address: fact.value for fact in proposal.facts if not fact.check}


def reasons(proposal: Proposal) -> list[str]:
    return [problem.reason for problem in proposal.problems]


def source_of(*lines: str) -> SourceText:
    return SourceText(tuple(Block(line, Place(0, number)) for number, line in enumerate(lines, 1)))


def form(scheme: str, name: str) -> FormChoice:
    return FormChoice(next(each for each in shipped_schemes() if each.id == scheme), name)


def propose_lines(choice: FormChoice, *lines: str) -> Proposal:
    return propose_facts(source_of(*lines), choice, b"", "lines")
