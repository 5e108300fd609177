"""Write what was confirmed of a proposal as the paper of a case that was decided elsewhere.

Invariants:
- Each value has the place and the words it was taken from in a comment above it.
- What nobody confirmed stands in comments alone: `assent audit` and `assent case open` never read it. The source lists
  it as unsettled, so that nobody takes it for left empty.
- Nothing is ever written to Part 2.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date

from decisions.intake.proposal import Proposal, ProposedFact
from decisions.intake.source_text import Place
from rules.values.facts import CASE, key_of_subject, split_address, subject_of_address
from workflow.services.paper_template import comment_lines, fact_lines

_INDENT = "  "
_PARTS = ("public", "recorded")


class PaperFile:
    """The paper of a proposal: which facts are confirmed, and the day on which the source was read."""

    def __init__(self, proposal: Proposal, confirmed: Collection[str], read_on: date) -> None:
        self.proposal, self.confirmed, self.read_on = proposal, confirmed, read_on
        self._shown: tuple[Place, str] | None = None

    def format(self) -> str:
        """Return the paper as YAML with comments."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        proposal = self.proposal
        open_facts = [fact for fact in proposal.facts if fact.address not in self.confirmed]
        yield from comment_lines(f"Taken from {proposal.file} by the form {proposal.choice.declaration.label}.")
        yield from comment_lines("The comment above each value says where it stands in the file.")
        if open_facts:
            yield "#"
            yield from comment_lines(
                f"{len(open_facts)} to check: compare each with the file, and take away the # before it if it is right."
            )
        yield ""
        yield f"scheme: {proposal.choice.scheme.id}"
        yield f"stage: {proposal.stage}"
        yield "source:"
        yield f"{_INDENT}kind: {proposal.source_kind}"
        if proposal.address:
            yield f"{_INDENT}address: {json.dumps(proposal.address, ensure_ascii=False)}"
        yield f"{_INDENT}sha256: {json.dumps(proposal.sha256)}"
        yield f"{_INDENT}read_on: {self.read_on.isoformat()}"
        yield f"{_INDENT}form: {proposal.choice.form}"
        if open_facts:
            yield f"{_INDENT}unsettled:  # neither stated nor left empty, until somebody has checked it"
            yield from (f"{_INDENT}  - {fact.address}" for fact in open_facts)
        for part in _PARTS:
            yield from self._part(part)
        if proposal.problems:
            yield ""
            yield from comment_lines("What could not be taken:")
            for problem in proposal.problems:
                words = f" ({problem.words})" if problem.words else ""
                yield from comment_lines(f"{problem.place}: {problem.reason}{words}", hang=_INDENT)

    def _part(self, part: str) -> Iterator[str]:
        facts = [fact for fact in self.proposal.facts if self.proposal.part_of(fact.address) == part]
        yield ""
        yield f"{part}:"
        by_kind: dict[str, dict[str, list[ProposedFact]]] = {}
        for fact in facts:
            subject = subject_of_address(fact.address)
            by_kind.setdefault(subject.partition(":")[0], {}).setdefault(subject, []).append(fact)
        for fact in by_kind.pop(CASE, {}).get(CASE, []):
            yield from self._fact(fact, fact.address, _INDENT)
        for kind, subjects in by_kind.items():
            is_any = any(fact.address in self.confirmed for of_subject in subjects.values() for fact in of_subject)
            yield f"{_INDENT}{'' if is_any else '#'}{kind}:"
            for subject, of_subject in subjects.items():
                is_stated = any(fact.address in self.confirmed for fact in of_subject)
                yield f"{_INDENT * 2}{'' if is_stated else '#'}{key_of_subject(subject)}:"
                for fact in of_subject:
                    name = split_address(fact.address)[0].partition(".")[2]
                    yield from self._fact(fact, name, _INDENT * 3)

    def _fact(self, proposed: ProposedFact, name: str, indent: str) -> Iterator[str]:
        declaration = self.proposal.choice.scheme.rulebook.facts[split_address(proposed.address)[0]]
        is_confirmed = proposed.address in self.confirmed
        if proposed.check and not is_confirmed:
            yield from comment_lines(f"Check, because {proposed.check}.", indent)
        if (proposed.place, proposed.words) != self._shown:
            yield from comment_lines(f"{proposed.place}: “{proposed.words}”", indent)
            self._shown = (proposed.place, proposed.words)
        if is_confirmed:
            yield from fact_lines(name, declaration, proposed.value, indent)
        elif declaration.kind == "text":  # on one line, so that one sign makes it a fact
            yield f"{indent}#{name}: {json.dumps(proposed.value, ensure_ascii=False)}"
        else:
            yield from (
                f"{indent}#{line.removeprefix(indent)}"
                for line in fact_lines(name, declaration, proposed.value, indent)
            )
