"""Papers that are filled in: those of the schemes' own walks, and those that a program fills line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from decisions.proving.walk_proof import load_walks
from decisions.proving.walks import run_walk
from rules.packs.scheme import Scheme
from rules.values.facts import split_address
from tests.workflow.walk import shipped_library
from workflow.cases.case import FullCase

DAYS: Mapping[str, date] = {
    "mopac": date(2024, 3, 4),
    "gla": date(2019, 3, 4),
    "lfc": date(2024, 3, 4),
    "council": date(2024, 3, 4),
    "board": date(2024, 4, 8),
}
"""A day of each shipped scheme."""
CHOSEN: Mapping[str, str] = {
    "matter": "service",
    "executive.key_because": "neither",
    "decision.form": "dd",
    "procurement_route": "quotations",
    "contract_kind": "none",
    "executive.decision_maker": "member",
    "executive.key_decision": "false",
    "publication.status": "full",
    "recommendation.verb": "approve",
    "matter.kind": "grant",
    "matter.reserved": "none",
    "expenditure.routine": "false",
}
"""Answers that fit together, where the first that comes to mind does not."""
_ANSWERS = {"money": "£40,000 ex VAT", "count": "1", "flag": "false", "day": "2030-01-02", "text": "A plain text."}
_WAITING = re.compile(r" +# (Optional\.|Needed at a later stage\.|Only if )")
_LINE = re.compile(r"(?P<indent> +)(?P<name>[a-z0-9_.-]+):(?P<block> \|-)?")


class WalkedPaper(NamedTuple):
    """A case as it stood before it left its first stage, on a walk that reaches a decision."""

    walk: str
    full_case: FullCase
    on: date


def walked_papers(name: str) -> Iterator[WalkedPaper]:
    """Yield the paper of each walk of a scheme that reaches a decision."""
    walks, faults = load_walks(shipped_library(), name)
    assert not faults
    for walk in walks:
        scheme, end = walk.scheme, run_walk(walk.walk, walk.scheme).last_case
        if end is None or scheme.decision_day not in end.case.facts:
            continue
        for length in range(2, len(walk.walk.steps) + 1):
            after = run_walk(replace(walk.walk, steps=walk.walk.steps[:length]), scheme).last_case
            if after is not None and after.case.stage != scheme.first_stage:
                before = run_walk(replace(walk.walk, steps=walk.walk.steps[: length - 1]), scheme).last_case
                assert before is not None
                yield WalkedPaper(walk.walk.walk.name, before, walk.walk.steps[length - 1].step.on)
                break


def choose_answer(scheme: Scheme, address: str) -> str:
    """Return an answer as a paper has it, for any fact."""
    fact = split_address(address)[0]
    declaration = scheme.rulebook.facts[fact]
    if declaration.kind == "choice":
        return CHOSEN.get(fact, next(iter(declaration.choices)))
    return CHOSEN.get(fact, _ANSWERS[declaration.kind])


def fill_paper(text: str, choose: Callable[[str], str]) -> str:
    """Return the YAML of a paper with an answer on each line that is needed, as an author would write it.

    A question that hangs on another one waits until that is answered.
    """
    lines = text.split("\n")
    waits = False
    path: list[tuple[int, str]] = []
    filled = []
    for number, line in enumerate(lines):
        filled.append(line)
        found = _LINE.fullmatch(line)
        waits = bool(line.strip()) and (waits or bool(_WAITING.match(line)))
        if not found:
            continue
        indent = len(found["indent"])
        path = [(depth, name) for depth, name in path if depth < indent]
        path.append((indent, found["name"]))
        following = next((later for later in lines[number + 1 :] if later.strip()), "")
        names = [name for _, name in path]
        address = f"{names[0]}:{names[1]}.{names[2]}" if len(names) > 2 else names[-1]
        is_group = following.startswith(" " * (indent + 1)) and not found["block"]
        if not waits and not is_group and not following.startswith(" " * (indent + 1)):
            answer = choose(address)
            filled[-1] = f"{line}\n{' ' * (indent + 2)}{answer}" if found["block"] else f"{line} {answer}"
    return "\n".join(filled)
