"""A new paper: what is known of it already, as options and an earlier paper give it.

Invariants:
- Nothing is recorded, and no store is needed.
- An answer given now takes the place of an earlier one, in whichever part that stood.
- An error never repeats an answer of Part 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.facts import CASE, Facts, split_address, subject_of_address
from workflow.cases.life import NOT_STATED_IN_PAPER
from workflow.cases.paper import Paper
from workflow.history.snapshots import CaseSnapshot
from workflow.services.paper_branches import NO_BRANCHES, Branches, find_branches
from workflow.services.paper_questions import PaperPlan, plan_paper
from workflow.services.typed_facts import parse_answers


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """Known answers of a new paper: its kind, its value and facts of each part, as typed, and an earlier paper."""

    kind: str = ""
    value: str = ""
    public: Mapping[str, str] = field(default_factory=dict)
    exempt: Mapping[str, str] = field(default_factory=dict)
    paper: Paper = field(default_factory=lambda: Paper({}, {}))


def draft_paper(scheme: Scheme, known: KnownAnswers) -> Paper:
    """Return the paper that known answers make; raise `InputError` for an answer that does not fit."""
    paper = known.paper
    public = {
        **_parse_option(scheme, scheme.declaration.paper.kind, known.kind, "--kind"),
        **_parse_option(scheme, scheme.declaration.paper.value, known.value, "--value"),
        **parse_answers(scheme, known.public, paper.public, paper.exempt),
    }
    return answer_paper(
        scheme, paper, public, parse_answers(scheme, known.exempt, paper.public, paper.exempt, in_part_2=True)
    )


def answer_paper(scheme: Scheme, paper: Paper, public: Facts, exempt: Facts) -> Paper:
    """Return a paper with further answers; raise `InputError` for a fact that no paper states, or of both parts."""
    for address in (*public, *exempt):
        if not scheme.may_be_stated(address):
            raise InputError(f"{address} {NOT_STATED_IN_PAPER}")
    if in_both := sorted(public.keys() & exempt.keys()):
        raise InputError(f"{', '.join(in_both)} cannot be both public and confidential", "Give each fact once.")
    return Paper(
        {address: value for address, value in paper.public.items() if address not in exempt} | dict(public),
        {address: value for address, value in paper.exempt.items() if address not in public} | dict(exempt),
    )


def _parse_option(scheme: Scheme, fact: str, text: str, option: str) -> Facts:
    """Return the fact that an option states; nothing if the option was not given."""
    if not text:
        return {}
    if not fact:
        raise InputError(f"{scheme.id} does not say which fact {option} states", "Use --set FACT=ANSWER instead.")
    try:
        return {fact: scheme.fact_declaration(fact).parse(text)}
    except InputError as error:
        raise InputError(f"{option}: {error}", error.advice()) from None


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """A paper with the plan of its questions, as each kind of file is made from it."""

    scheme: Scheme
    on: date
    plan: PaperPlan
    branches: Branches = NO_BRANCHES

    def as_json(self) -> dict[str, Any]:
        """Return the questions in the form that other programs read, without any answer."""
        stated = self.plan.answer({})
        return {
            "scheme": self.scheme.id,
            "on": self.on.isoformat(),
            "needed_now": len(self.plan.needed_now),
            "public": sorted(stated.public),
            "exempt": sorted(stated.exempt),
            "questions": [{**each.as_json(), **self.branches.as_json(each.address)} for each in self.plan.questions],
            "problems": [
                {"control": found.control, "requirement": found.requirement, "wrong": found.wrong, "cure": found.cure}
                for found in self.plan.problems
            ],
        }


def make_draft(scheme: Scheme, paper: Paper, on: date) -> PaperDraft:
    """Return a paper with the plan of its questions, and with what each answer leads to."""
    plan = plan_paper(scheme, paper, on)
    return PaperDraft(scheme, on, plan, find_branches(scheme, plan, on))


def count_open_answers(scheme: Scheme, snapshot: CaseSnapshot) -> int:
    """Return how many answers the first act on a new case still needs; 0 if the case is past its first stage."""
    if snapshot.case.stage != scheme.first_stage:
        return 0
    paper = Paper(snapshot.case.facts, snapshot.exempt_part.facts)
    return len(plan_paper(scheme, paper, snapshot.case.last_on).needed_now)


def describe_subject(scheme: Scheme, plan: PaperPlan, subject: str) -> str:
    """Return what a subject of a paper is, with the facts that make it the one that is lacking; empty for the case.

    Of a subject that the paper has already, the first choice tells which it is.
    """
    known = [scheme.format_fact(fact, value) for fact, value in plan.added.get(subject, {}).items()]
    named = scheme.name_subject(subject)
    known = (
        known
        or [
            scheme.format_fact(address, value)
            for address, value in plan.paper.public.items()
            if subject != CASE
            and subject_of_address(address) == subject
            and scheme.fact_declaration(split_address(address)[0]).kind == "choice"
        ][:1]
    )
    return f"{named} ({', '.join(known)})" if known else named
