"""The questions that a paper still has to answer, found by judging it at every gate of its scheme.

Invariants:
- A question is there because a control or a document reads its answer; nothing here knows an authority or a fact.
- Nothing is recorded. The paper may be empty, and need not belong to a case.
- A fact that an act records, that is derived, or that the scheme gives is no question.
- The plan is for the author, who holds both parts: it can show what Part 2 states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any, Literal, NamedTuple, TypeAlias

from rules.authoring.shown_facts import ShownFact, list_shown_facts
from rules.judging.findings import Finding
from rules.judging.judge import judge_evidence
from rules.language.conditions import Condition, facts_in, predicates_in
from rules.packs import workflow_facts
from rules.packs.flow_schema import Action
from rules.packs.scheme import Scheme
from rules.values.citation import Citation
from rules.values.evidence import Evidence
from rules.values.facts import (
    CASE,
    FactDeclaration,
    Facts,
    FactValue,
    address_of,
    key_of_subject,
    split_address,
    subject_of_address,
)
from workflow.cases.act_ruling import facts_before
from workflow.cases.case import Case, ExemptFacts, FullCase
from workflow.cases.events import Act, ActContext
from workflow.cases.paper import Paper
from workflow.services.open_points import find_lacking_facts

Need: TypeAlias = Literal["now", "later", "optional"]
"""When an answer is needed: for the first act, for an act at a later stage, or by a document alone."""

_NEEDS: tuple[Need, ...] = ("now", "later", "optional")
_MAX_ADDED = 20
"""The most subjects that a plan adds to a paper."""


class Reason(NamedTuple):
    """The reason for a question: the control that reads the answer, in words, with its source."""

    control: str
    requirement: str
    citation: Citation

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {**self._asdict(), "citation": self.citation.as_json()}


@dataclass(frozen=True, slots=True)
class Question:
    """One fact that the paper does not state: its address, how it is declared, when it is needed, and why.

    `section` is the heading under which a document shows it, and `document` that document's name; both may be empty.
    `part` is 2 if it stands in Part 2 alone: only a confidential document shows it, and no control reads it.
    `waits_for` is the address of the fact on which its choices depend, as long as the paper does not state it.
    """

    address: str
    declaration: FactDeclaration
    need: Need
    reasons: tuple[Reason, ...] = ()
    section: str = ""
    part: int = 1
    waits_for: str = ""
    document: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "fact": self.address,
            "label": self.declaration.label,
            "about": self.declaration.about,
            "kind": self.declaration.kind,
            "choices": dict(self.declaration.choices),
            "need": self.need,
            "part": self.part,
            "section": self.section,
            "waits_for": self.waits_for,
            "document": self.document,
            "reasons": [reason.as_json() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class PaperPlan:
    """The answers and the open questions of a paper.

    `added` has the subjects that the paper lacks, such as a recommendation to each board, each with the facts that make
    it the one that is lacking; the plan takes them as stated. `problems` are the findings at the first gates that no
    further answer settles, because what the paper states is wrong. `shown` has the facts that documents would show;
    what controls read may stand in either part, even if only a confidential document shows it. The paper `has_part_2`
    if something stands there, or a confidential document would be made of it.
    """

    paper: Paper
    added: Mapping[str, Facts]
    questions: tuple[Question, ...]
    shown: Mapping[str, ShownFact]
    has_part_2: bool = False
    problems: tuple[Finding, ...] = ()

    @property
    def needed(self) -> tuple[Question, ...]:
        """The questions that a gate needs answered."""
        return tuple(question for question in self.questions if question.need != "optional")

    @property
    def needed_now(self) -> tuple[Question, ...]:
        """The questions that the first act needs answered."""
        return tuple(question for question in self.questions if question.need == "now")

    def answer(self, answers: Facts, exempt: Facts | None = None) -> Paper:
        """Return the paper with further answers, and with the subjects that it lacked."""
        added = {
            address_of(fact, key_of_subject(subject)): value
            for subject, facts in self.added.items()
            for fact, value in facts.items()
        }
        return Paper({**added, **self.paper.public, **answers}, {**self.paper.exempt, **(exempt or {})})

    def list_addresses(self) -> tuple[str, ...]:
        """Return every address that the paper states or still has to state, in the order of a paper."""
        stated = self.answer({})
        open_addresses = (question.address for question in self.questions)
        return tuple(_in_order_of_paper((*stated.public, *stated.exempt, *open_addresses), self.shown))


def plan_paper(scheme: Scheme, paper: Paper, on: date) -> PaperPlan:
    """Return what a paper has to answer if its case is opened and decided on a day; raise `NotInForce` for the day."""
    scheme.refuse_out_of_force(on)
    added: dict[str, Facts] = {}
    while True:
        gaps = _find_gaps(scheme, paper, added, on)
        lacking = dict(_lacking_subjects(gaps, scheme))
        if not lacking or len(added) > _MAX_ADDED:
            break
        added |= lacking
    shown = list_shown_facts(scheme, gaps.evidence)
    has_part_2 = bool(paper.exempt) or any(place.part != 1 for place in shown.values())
    judged = scheme.rulebook.gate_rules(None).relevant_facts
    kind_of = scheme.rulebook.facts.subject_kind_of
    shown = {
        fact: place._replace(part=1) if fact in judged else place
        for fact, place in shown.items()
        if place.part == 1 or fact not in judged or kind_of(fact) != CASE
    }
    questions = tuple(_list_questions(gaps, shown, scheme))
    return PaperPlan(paper, added, questions, shown, has_part_2, tuple(gaps.problems))


@dataclass(slots=True)
class _Gaps:
    """Facts that the gates of a scheme find missing, by address, and faults that the first gates find."""

    evidence: Evidence
    reasons: dict[str, dict[str, Reason]] = field(default_factory=dict)
    needs: dict[str, Need] = field(default_factory=dict)
    problems: list[Finding] = field(default_factory=list)
    low_counts: dict[str, None] = field(default_factory=dict)

    def add_finding(self, finding: Finding, need: Need, scheme: Scheme) -> None:
        """Note the facts that a finding lacks; the earliest need of a fact counts."""
        unknown = (*find_lacking_facts(finding, scheme), *self._find_lacking_inputs(finding, scheme))
        lacking = [address for address in unknown if scheme.may_be_stated(address)]
        low_counts = dict.fromkeys(_find_low_counts(finding, scheme))
        self.low_counts |= low_counts
        if finding.severity != "blocking":
            need = "optional"
        elif need == "now" and not (unknown or low_counts):
            self.problems.append(finding)
        reason = Reason(finding.control, finding.requirement, finding.citation)
        for address in lacking:
            self.reasons.setdefault(address, {})[finding.control] = reason
            self.needs[address] = min(need, self.needs.get(address, "optional"), key=_NEEDS.index)

    def _find_lacking_inputs(self, finding: Finding, scheme: Scheme) -> Iterator[str]:
        """Yield what each subject must state so that a finding can compare one subject with another."""
        unknown = {observed.fact for observed in finding.observed_facts if observed.actual is None}
        for derived in scheme.rulebook.derived_facts:
            if derived.name in unknown and derived.subject_kind == derived.related_kind:
                for subject in self.evidence.subjects_of_kind(derived.related_kind):
                    yield from self._find_unstated(derived.inputs, subject, scheme)

    def _find_unstated(self, facts: Iterable[str], subject: str, scheme: Scheme) -> Iterator[str]:
        """Yield the addresses of the facts that a subject does not state, of those that belong to its kind."""
        declared = scheme.rulebook.facts
        for fact in facts:
            belongs = declared.subject_kind_of(fact) == subject.partition(":")[0]
            if belongs and fact not in self.evidence.subjects[subject]:
                yield declared.address_of(fact, key_of_subject(subject))


def _find_low_counts(finding: Finding, scheme: Scheme) -> Iterator[str]:
    """Yield the facts that a blocking finding compares and that are too low."""
    if finding.severity == "blocking" and finding.outcome == "breached":
        wanted = {
            predicate.fact
            for predicate in predicates_in(scheme.rulebook.controls[finding.control].requires)
            if predicate.comparator in ("at_least", "more_than")
        }
        yield from (observed.fact for observed in finding.observed_facts if observed.fact in wanted)


def _find_gaps(scheme: Scheme, paper: Paper, added: Mapping[str, Facts], on: date) -> _Gaps:
    """Judge a paper at the gate of every action, and note what is missing there."""
    gaps = _Gaps(Evidence({}))
    everything = {**paper.exempt, **paper.public}
    for name, action in _first_action_by_gate(scheme).items():
        stage = action.stages[0]
        full_case = FullCase(Case("", scheme.id, 0, stage, on, everything), ExemptFacts({}))
        facts, _ = facts_before(full_case, Act(name, {}), scheme, ActContext(on, ""))
        facts[workflow_facts.CASE_WITHHOLDS] = bool(paper.exempt)
        stated = Evidence.from_parts(facts, {})
        gaps.evidence = Evidence(stated.case_facts, {**added, **stated.subjects})
        need: Need = "now" if stage == scheme.first_stage else "later"
        judged = judge_evidence(scheme.rulebook, action.gate, gaps.evidence)
        for place, verdict in enumerate(judged.verdicts):
            if verdict.is_breached_or_undetermined and scheme.rulebook.controls[verdict.control].is_held:
                gaps.add_finding(judged.finding_at(place), need, scheme)
    return gaps


def _first_action_by_gate(scheme: Scheme) -> dict[str, Action]:
    """Return the first action at each gate, by its name."""
    first: dict[str, str] = {}
    for name, action in scheme.declaration.actions.items():
        first.setdefault(action.gate, name)
    return {name: scheme.action(name) for name in first.values()}


def _lacking_subjects(gaps: _Gaps, scheme: Scheme) -> Iterator[tuple[str, Facts]]:
    """Yield a subject for each count that is too low, with the facts by which it is counted."""
    facts_of_kind: dict[str, list[str]] = {}
    for fact in scheme.rulebook.facts:
        facts_of_kind.setdefault(scheme.rulebook.facts.subject_kind_of(fact), []).append(fact)
    for derived in scheme.rulebook.derived_facts:
        kind = derived.related_kind
        counts_by_condition = kind and set(derived.inputs) <= set(facts_in(*derived.conditions))
        if derived.name in gaps.low_counts and counts_by_condition:
            facts = dict(_equalities(derived.conditions))
            if any(map(scheme.may_be_stated, facts_of_kind[kind])):
                yield _free_subject(kind, facts, gaps.evidence), facts


def _equalities(conditions: tuple[Condition, ...]) -> Iterator[tuple[str, FactValue]]:
    """Yield the facts that conditions want to be one value."""
    for predicate in (predicate for condition in conditions for predicate in predicates_in(condition)):
        if predicate.comparator == "is" and isinstance(predicate.operand, (str, bool)):
            yield predicate.fact, predicate.operand


def _free_subject(kind: str, facts: Facts, evidence: Evidence) -> str:
    """Return a subject that nobody has stated yet, named after what it is counted by: `recommendation:board-1`."""
    stem = next((value for value in facts.values() if isinstance(value, str)), kind).replace(".", "-")[:30]
    numbers = (f"{kind}:{stem}-{number}" for number in count(1))
    return next(subject for subject in numbers if subject not in evidence.subjects)


def _list_questions(gaps: _Gaps, shown: Mapping[str, ShownFact], scheme: Scheme) -> Iterator[Question]:
    """Yield each question once, in the order of a paper."""
    addresses = [*gaps.needs, *_optional_addresses(shown, gaps.evidence, scheme)]
    for address in _in_order_of_paper(addresses, shown, gaps.evidence.subjects):
        fact, key = split_address(address)
        place = shown.get(fact)
        limiting = scheme.rulebook.facts.limiting_address(fact, key)
        limit = (
            gaps.evidence.facts_of(subject_of_address(address)).get(split_address(limiting)[0]) if limiting else None
        )
        yield Question(
            address,
            scheme.rulebook.facts.limit_choices(fact, limit),
            gaps.needs.get(address, "optional"),
            tuple(gaps.reasons.get(address, {}).values()),
            place.section if place else "",
            place.part if place else 1,
            limiting if limit is None else "",
            place.document if place else "",
        )


def _in_order_of_paper(
    addresses: Iterable[str], shown: Mapping[str, ShownFact], first_subjects: Iterable[str] = ()
) -> list[str]:
    """Return addresses once each: those of the case first, and what no document shows before what one shows.

    A title, and what decides which documents there are, come before all else. `first_subjects` come in their own order
    before others.
    """
    once = dict.fromkeys(addresses)
    subjects = {
        subject: place
        for place, subject in enumerate(dict.fromkeys((CASE, *first_subjects, *map(subject_of_address, once))))
    }
    places = {fact: place for place, fact in enumerate(shown, start=1)}

    def sort_key(address: str) -> tuple[int, int, int]:
        fact = split_address(address)[0]
        is_head = fact in shown and not shown[fact].section
        return subjects[subject_of_address(address)], not is_head, places.get(fact, 0)

    return sorted(once, key=sort_key)


def _optional_addresses(shown: Mapping[str, ShownFact], evidence: Evidence, scheme: Scheme) -> Iterator[str]:
    """Yield the addresses that a document shows and the paper does not state."""
    for fact in shown:
        kind = scheme.rulebook.facts.subject_kind_of(fact)
        for subject in evidence.subjects_of_kind(kind):
            known = evidence.case_facts if subject == CASE else evidence.subjects[subject]
            if fact not in known:
                yield scheme.rulebook.facts.address_of(fact, key_of_subject(subject))
