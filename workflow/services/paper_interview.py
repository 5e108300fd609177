"""An interview: the questions of a paper one at a time, planned again after each answer.

Invariants:
- Only missing answers are requested; an answer can be changed or taken out at any time.
- Nothing is printed, stored or recorded here: whoever leads the interview does that after each answer.
- No error repeats what was typed once the paper has a Part 2, to which the answer may belong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import NamedTuple

from rules.authoring.shown_facts import list_long_facts, list_possible_facts
from rules.judging.findings import Finding
from rules.packs.scheme import Scheme
from rules.values.facts import (
    CASE,
    FactDeclaration,
    FactValue,
    address_of,
    key_of_subject,
    kind_of_subject,
    split_address,
    subject_of_address,
)
from workflow.cases.paper import Paper
from workflow.cases.redacted_errors import redact_declaration
from workflow.services.paper_drafts import answer_paper, describe_subject
from workflow.services.paper_questions import PaperPlan, Question, plan_paper


class GivenAnswer(NamedTuple):
    """An answer as it is checked before it is recorded; `part` is 2 for a confidential one."""

    address: str
    label: str
    text: str
    part: int


class OfferedAnswer(NamedTuple):
    """An answer that Enter alone takes, and whether it would be confidential."""

    value: FactValue
    is_exempt: bool = False


@dataclass(slots=True)
class Interview:
    """A paper that is being answered. `with_optional` asks for what only documents show, too.

    What a check reads is always requested, even if the check only warns.
    """

    scheme: Scheme
    on: date
    paper: Paper
    with_optional: bool = False
    _skipped: set[str] = field(default_factory=set)
    _asked: list[str] = field(default_factory=list)
    _further: set[str] = field(default_factory=set)
    """The things that somebody added to the paper, and no rule asked for."""
    _plan: PaperPlan | None = None

    @property
    def plan(self) -> PaperPlan:
        """The plan of the paper: its answers and its open questions."""
        if self._plan is None:
            self._plan = plan_paper(self.scheme, self.paper, self.on)
        return self._plan

    def open_questions(self) -> tuple[Question, ...]:
        """Return the questions that are still open, in order."""
        return tuple(
            question
            for question in self.plan.questions
            if question.address not in self._skipped and (self.with_optional or not _is_for_documents_alone(question))
        )

    def count_optional(self) -> int:
        """Return how many questions are left to ask only if `with_optional`."""
        return 0 if self.with_optional else sum(map(_is_for_documents_alone, self.plan.questions))

    def find_question(self, address: str) -> Question:
        """Return the question that asks for a fact, whether or not it is answered."""
        open_question = next((each for each in self.plan.questions if each.address == address), None)
        if open_question:
            return open_question
        without = plan_paper(self.scheme, _without(self.paper, address), self.on)
        again = next((each for each in without.questions if each.address == address), None)
        return again or Question(address, self.scheme.fact_declaration(split_address(address)[0]), "optional")

    def parse(self, question: Question, typed: str) -> FactValue:
        """Return the value of an answer as typed; raise `InputError` that says how it should look."""
        declaration = question.declaration
        shown = redact_declaration(declaration) if self.plan.has_part_2 else declaration
        return shown.parse(_find_numbered_choice(declaration, typed) or typed)

    def may_be_confidential(self, question: Question) -> bool:
        """Whether to ask if an answer is confidential: only if there is a Part 2, and nothing decides it already."""
        place = self.plan.shown.get(split_address(question.address)[0])
        return self.plan.has_part_2 and question.part == 1 and not (place and not place.section)

    def is_exempt(self, address: str) -> bool:
        """Whether Part 2 states a fact."""
        return address in self.paper.exempt

    def value_of(self, address: str) -> FactValue | None:
        """Return the answer that was given, in either part."""
        return self._stated.get(address)

    def is_long(self, question: Question) -> bool:
        """Whether an answer is a text with paragraphs of its own."""
        return split_address(question.address)[0] in list_long_facts(self.scheme)

    def offer_answer(self, question: Question) -> OfferedAnswer | None:
        """Return the usual answer, or that of the thing before, such as the recommendation to another body.

        None if the question is answered, or belongs to a thing that somebody added: that is there to differ.
        """
        subject = subject_of_address(question.address)
        if self.value_of(question.address) is not None or subject in self._further:
            return None
        usual = question.declaration.usual_answer
        before = self._find_answer_before(question.address) if usual is None else OfferedAnswer(usual)
        return before if before and question.declaration.fits(before.value) else None

    def _find_answer_before(self, address: str) -> OfferedAnswer | None:
        """Return what the nearest thing of the same kind before that of an address states."""
        fact, subject = split_address(address)[0], subject_of_address(address)
        subjects = list(dict.fromkeys(map(subject_of_address, self.plan.list_addresses())))
        for other in reversed(subjects[: subjects.index(subject)] if subject != CASE and subject in subjects else ()):
            value = self.value_of(same := address_of(fact, key_of_subject(other)))
            if kind_of_subject(other) == kind_of_subject(subject) and value is not None:
                return OfferedAnswer(value, self.is_exempt(same))
        return None

    def list_addable_kinds(self) -> dict[str, str]:
        """Return the kinds of thing of which the paper may have one more, with their labels."""
        labels = self.scheme.rulebook.vocabulary.subject_kinds
        return {kind: labels[kind].label for kind in self.scheme.rulebook.facts.subject_kinds if self._facts_of(kind)}

    def add_subject(self, kind: str) -> list[str]:
        """Return the addresses to answer for one more thing of a kind: what all things of the kind state.

        What the rules need besides is an open question as soon as one of them is answered.
        """
        taken = {*map(subject_of_address, self._stated), *self._further}
        subject = next(name for number in count(1) if (name := f"{kind}:{kind}-{number}") not in taken)
        self._further.add(subject)
        return [address_of(fact, key_of_subject(subject)) for fact in self._facts_of(kind)]

    @property
    def _stated(self) -> dict[str, FactValue]:
        return {**self.paper.public, **self.paper.exempt}

    def _facts_of(self, kind: str) -> list[str]:
        """Return the facts that all things of a kind state; where there is none, the first that a document may show."""
        declared, of_subject = self.scheme.rulebook.facts, dict[str, set[str]]()
        for address in self._stated:
            if kind_of_subject(subject_of_address(address)) == kind:
                of_subject.setdefault(subject_of_address(address), set()).add(split_address(address)[0])
        if of_subject:
            common = set.intersection(*of_subject.values())
            return [fact for fact in declared if fact in common]
        possible = [
            fact for fact in list_possible_facts(self.scheme, self._stated) if declared.subject_kind_of(fact) == kind
        ]
        return sorted(possible, key=lambda fact: declared[fact].kind != "choice")[:1]

    def answer(self, question: Question, value: FactValue, *, is_confidential: bool) -> tuple[Finding, ...]:
        """Take an answer, and return what it makes wrong in the paper."""
        before = {problem.control for problem in self.plan.problems}
        stated = {question.address: value}
        public, exempt = ({}, stated) if is_confidential else (stated, {})
        self._change(answer_paper(self.scheme, self.plan.answer({}), public, exempt))
        self._note(question.address)
        self._skipped.discard(question.address)
        return tuple(problem for problem in self.plan.problems if problem.control not in before)

    def skip(self, question: Question) -> None:
        """Leave a question open for now."""
        self._note(question.address)
        self._skipped.add(question.address)

    def take_out(self, address: str) -> None:
        """Take an answer out; its question does not come again by itself."""
        self._change(_without(self.paper, address))
        self._skipped.add(address)

    def go_back(self) -> Question | None:
        """Return the question before, to answer it again; None at the first one."""
        if not self._asked:
            return None
        address = self._asked.pop()
        self._skipped.discard(address)
        return self.find_question(address)

    def list_answers(self) -> tuple[GivenAnswer, ...]:
        """Return every answer, those of Part 1 first, each in the order of a paper."""
        parts = ((1, self.paper.public), (2, self.paper.exempt))
        return tuple(
            GivenAnswer(address, self._short_label_of(address), self.scheme.format_fact(address, facts[address]), part)
            for part, facts in parts
            for address in self.plan.list_addresses()
            if address in facts
        )

    def label_of(self, address: str) -> str:
        """Return the label of a fact, with what it belongs to."""
        label = self.scheme.fact_declaration(split_address(address)[0]).label
        subject = describe_subject(self.scheme, self.plan, subject_of_address(address))
        return f"{subject}: {label}" if subject else label

    def _short_label_of(self, address: str) -> str:
        label = self.scheme.fact_declaration(split_address(address)[0]).label
        subject = self.scheme.name_subject(subject_of_address(address))
        return f"{subject}: {label}" if subject else label

    def place_of(self, question: Question) -> str:
        """Return where a document first shows an answer: its name, and the heading if the label does not say it."""
        label, section = question.declaration.label, " ".join(question.section.split())
        parts = (question.document, section if label.casefold() not in section.casefold() else "")
        return ", ".join(filter(None, parts))

    def _note(self, address: str) -> None:
        if address in self._asked:
            self._asked.remove(address)
        self._asked.append(address)

    def _change(self, paper: Paper) -> None:
        self.paper, self._plan = paper, None


def _is_for_documents_alone(question: Question) -> bool:
    return question.need == "optional" and not question.reasons


def _without(paper: Paper, address: str) -> Paper:
    public, exempt = (
        {name: value for name, value in facts.items() if name != address} for facts in (paper.public, paper.exempt)
    )
    return Paper(public, exempt)


def _find_numbered_choice(declaration: FactDeclaration, typed: str) -> str:
    """Return the code of the choice with a typed number, as choices are listed from 1; empty if there is none."""
    text, codes = typed.strip(), list(declaration.choices)
    is_number = text.isascii() and text.isdigit() and text not in codes
    return codes[int(text) - 1] if is_number and 1 <= int(text) <= len(codes) else ""
