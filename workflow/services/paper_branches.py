"""Consequences of each answer to a question of a paper: further questions, or fewer.

Invariants:
- It is found by trying each answer, on the plain plan of the paper; nothing is recorded.
- Only questions with few answers are tried: yes or no, and choices among a few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from rules.packs.scheme import Scheme
from rules.values.facts import FactDeclaration, FactValue
from workflow.services.paper_questions import PaperPlan, Question, plan_paper

_MAX_TRIED_CHOICES = 12
"""Of a question with more choices, it is not worked out what each of them leads to."""


class FollowUp(NamedTuple):
    """The questions that one answer adds to a paper."""

    answer: FactValue
    questions: tuple[Question, ...]


class Condition(NamedTuple):
    """The answers to another question, at `address`, with which alone a question stays."""

    address: str
    answers: tuple[FactValue, ...]


@dataclass(frozen=True, slots=True)
class Branches:
    """The questions that answers add, and the answers on which a question depends, by the address of the question."""

    follow_ups: Mapping[str, tuple[FollowUp, ...]]
    conditions: Mapping[str, Condition]

    def as_json(self, address: str) -> dict[str, Any]:
        """Return what concerns one question in the form that other programs read."""
        condition = self.conditions.get(address)
        return {
            "only_if": {"fact": condition.address, "answers": list(condition.answers)} if condition else None,
            "follow_ups": [
                {"answer": follow_up.answer, "facts": [question.address for question in follow_up.questions]}
                for follow_up in self.follow_ups.get(address, ())
            ],
        }


NO_BRANCHES = Branches({}, {})
"""Nothing was tried."""


def find_branches(scheme: Scheme, plan: PaperPlan, on: date, among: Collection[str] | None = None) -> Branches:
    """Try the answers to each question that a plan needs, or to those at the addresses `among` them."""
    needed = {question.address for question in plan.needed}
    follow_ups: dict[str, tuple[FollowUp, ...]] = {}
    conditions: dict[str, Condition] = {}
    for question in plan.needed:
        if among is not None and question.address not in among:
            continue
        trials = dict(_try_answers(scheme, plan, question, on))
        added = tuple(_find_follow_ups(trials, needed))
        if added:
            follow_ups[question.address] = added
        for address, condition in _find_conditions(question.address, trials, needed):
            known = conditions.get(address)
            if known is None or len(condition.answers) < len(known.answers):
                conditions[address] = condition
    return Branches(follow_ups, conditions)


def _try_answers(
    scheme: Scheme, plan: PaperPlan, question: Question, on: date
) -> Iterator[tuple[FactValue, dict[str, Question]]]:
    """Yield each answer with the questions that a paper would then need, by address."""
    for answer in _possible_answers(question.declaration):
        tried = plan_paper(scheme, plan.answer({question.address: answer}), on)
        yield answer, {further.address: further for further in tried.needed}


def _possible_answers(declaration: FactDeclaration) -> tuple[FactValue, ...]:
    if declaration.kind == "flag":
        return (True, False)
    return tuple(declaration.choices) if len(declaration.choices) <= _MAX_TRIED_CHOICES else ()


def _find_follow_ups(trials: Mapping[FactValue, Mapping[str, Question]], needed: set[str]) -> Iterator[FollowUp]:
    """Yield what some answers add, but not all of them."""
    always = needed.union(*[set.intersection(*map(set, trials.values()))] if trials else [])
    for answer, needed_then in trials.items():
        if added := tuple(question for address, question in needed_then.items() if address not in always):
            yield FollowUp(answer, added)


def _find_conditions(
    tried: str, trials: Mapping[FactValue, Mapping[str, Question]], needed: set[str]
) -> Iterator[tuple[str, Condition]]:
    """Yield the questions that most answers remove, with the answers that keep them."""
    for address in needed - {tried}:
        keeping = tuple(answer for answer, needed_then in trials.items() if address in needed_then)
        if 0 < 2 * len(keeping) <= len(trials):
            yield address, Condition(tried, keeping)
