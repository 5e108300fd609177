"""Judge evidence once for all cases that the controls of a gate cannot tell apart.

An audit judges thousands of cases, and many differ only in texts: a control needs them to be there, or derived facts
quote from them. These share the verdicts, and the findings but for the words of those texts.

Invariants:
- Facts are alike only if all are known alike, exempt alike, and equal wherever a control or a derived fact reads more
  than whether they are known. Then nothing is derived again.
- Facts that rest on no text are derived once for all cases that differ only in texts.
- Facts are derived alike only if so are the derived ones, and all are equal but texts that no control compares. Only an
  audit looks for such cases: one act is judged once, and comparing takes a tenth as long as judging.
- A rulebook keeps at most `MAX_JUDGEMENTS` of each, the latest ones.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from rules.judging.explainer import MAX_QUOTES_LENGTH, shorten
from rules.judging.findings import Finding, SubjectOutcomes, Verdict
from rules.judging.judge import EvaluatedJudgement, derive_evidence, judge_derived
from rules.judging.rulebook import GateRules, Rulebook
from rules.language.derived_facts import add_derived_facts
from rules.values.evidence import Evidence
from rules.values.facts import Facts, FactValue, key_of_subject

MAX_JUDGEMENTS = 128
_MAX_EXPLAINED = 64
"""How many findings of one verdict are kept, each with other words."""


def judge_one(rulebook: Rulebook, gate: str, public: Facts, exempt: Facts) -> SharedJudgement:
    """Judge the facts of both parts as `judge_evidence` does, for one act on our own record."""
    return _judge(rulebook, gate, (public, exempt), None, _judge_alone)


def judge_shared(
    rulebook: Rulebook, gate: str, public: Facts, exempt: Facts, asked: frozenset[str] | None
) -> SharedJudgement:
    """Judge the facts of both parts as `judge_evidence` does, or take the judgement of facts alike.

    `asked` are the facts that the source of a case decided elsewhere asks for; None for our own record.
    """
    return _judge(rulebook, gate, (public, exempt), asked, _judge_sharing)


def _judge(
    rulebook: Rulebook,
    gate: str,
    parts: tuple[Facts, Facts],
    asked: frozenset[str] | None,
    judge_stated: Callable[[Rulebook, str, Evidence], tuple[KeptJudgement, Evidence]],
) -> SharedJudgement:
    is_presence, (public, exempt) = rulebook.gate_rules(gate).is_presence_address, parts
    key = (
        gate,
        asked,
        tuple([(address, is_presence[address] or value) for address, value in public.items()]),
        tuple([(address, is_presence[address] or value) for address, value in exempt.items()]),
    )

    def judge() -> _JudgedEvidence:
        stated = Evidence.from_parts(public, exempt, asked)
        # Only what is stated counts: a derived fact that rests on Part 1 alone would make a subject seem public.
        return _JudgedEvidence(*judge_stated(rulebook, gate, stated), stated.hidden_subjects(), public)

    judged = _keep(rulebook.judgements, key, judge)
    is_first = judged.public is public and judged.kept.judgement.evidence is judged.completed
    return SharedJudgement(judged.kept, judged.completed, judged.hidden_subjects, public, exempt, is_first)


class _JudgedEvidence(NamedTuple):
    """The judgement of evidence, the evidence with its derived facts, and the subjects that only Part 2 names.

    `public` are the public facts of the case that was judged first.
    """

    kept: KeptJudgement
    completed: Evidence
    hidden_subjects: frozenset[str]
    public: Facts


def _derive_shared(rulebook: Rulebook, gate: str, stated: Evidence) -> Evidence:
    """Return evidence with its derived facts, of which those that rest on no text may come from another case."""
    if stated.asked is not None:  # what a source leaves open is worked out fact by fact
        return derive_evidence(rulebook, gate, stated)
    gate_rules = rulebook.gate_rules(gate)
    texts, law = gate_rules.stated_texts, rulebook.law

    def without_texts(facts: Facts) -> tuple[object, ...]:
        return tuple([(fact, fact in texts or value) for fact, value in facts.items()])

    def with_own_texts(facts: Facts, own: Facts) -> Facts:
        return {**facts, **{fact: value for fact, value in own.items() if fact in texts}}

    by_subject = tuple([(subject, without_texts(facts)) for subject, facts in stated.subjects.items()])
    shared: Evidence = _keep(
        rulebook.derivations,
        (gate, stated.exempt, without_texts(stated.case_facts), by_subject),
        lambda: add_derived_facts(stated, gate_rules.derived_without_texts, law),
    )
    subjects = {subject: with_own_texts(facts, stated.subjects[subject]) for subject, facts in shared.subjects.items()}
    own = Evidence(with_own_texts(shared.case_facts, stated.case_facts), subjects, shared.exempt)
    return add_derived_facts(own, gate_rules.derived_from_texts, law)


def _judge_alone(rulebook: Rulebook, gate: str, stated: Evidence) -> tuple[KeptJudgement, Evidence]:
    """Judge evidence, and return it with its derived facts."""
    completed, gate_rules = derive_evidence(rulebook, gate, stated), rulebook.gate_rules(gate)
    judgement = judge_derived(rulebook, gate, completed)
    return KeptJudgement(judgement, gate_rules, gate_rules.presence_facts), completed


def _judge_sharing(rulebook: Rulebook, gate: str, stated: Evidence) -> tuple[KeptJudgement, Evidence]:
    """Judge evidence, or take the judgement of evidence that controls cannot tell apart."""
    completed = _derive_shared(rulebook, gate, stated)
    gate_rules = rulebook.gate_rules(gate)
    varying = gate_rules.presence_facts | gate_rules.quoted_facts

    def find_decisive(facts: Facts) -> tuple[object, ...]:
        return tuple([(fact, fact in varying or value) for fact, value in facts.items()])

    key = (
        gate,
        completed.asked,
        completed.exempt,
        find_decisive(completed.case_facts),
        tuple([(subject, find_decisive(facts)) for subject, facts in completed.subjects.items()]),
    )
    kept = _keep(
        rulebook.judgements_of_derived,
        key,
        lambda: KeptJudgement(judge_derived(rulebook, gate, completed), gate_rules, varying),
    )
    return kept, completed


Kept = TypeVar("Kept")


def _keep(judgements: OrderedDict[object, Any], key: object, judge: Callable[[], Kept]) -> Kept:
    """Return what is kept under a key, or judge and keep it; the latest are kept."""
    if key in judgements:
        judgements.move_to_end(key)
    else:
        judgements[key] = judge()
        if len(judgements) > MAX_JUDGEMENTS:
            judgements.popitem(last=False)
    kept: Kept = judgements[key]
    return kept


class _ShownFact(NamedTuple):
    """A fact of a subject that a finding shows, and its address if it is stated."""

    subject: str
    fact: str
    address: str


@dataclass
class KeptJudgement:
    """A judgement that cases share, with the findings that were worked out so far by the words that they show.

    `varying_facts` are those of which cases that share it may have other values. Findings that show none of them are
    `same_for_all`.
    """

    judgement: EvaluatedJudgement
    gate_rules: GateRules
    varying_facts: frozenset[str]
    same_for_all: dict[int, Finding] = field(default_factory=dict)
    explained: dict[int, dict[tuple[FactValue | None, ...], Finding]] = field(default_factory=dict)
    shown_facts: dict[int, tuple[_ShownFact, ...]] = field(default_factory=dict)

    def find_shown_facts(self, place: int) -> tuple[_ShownFact, ...]:
        """Return the facts that a finding shows, and that cases alike may have other values of."""
        verdict, result = self.judgement.verdicts[place], self.judgement.result_at(place)
        subject, declared = verdict.subject, self.judgement.rulebook.facts
        derived = self.gate_rules.derived_names
        shown = (fact for fact in result.shown_facts if fact in self.varying_facts)
        return tuple(
            _ShownFact(subject, fact, "" if fact in derived else declared.address_of(fact, key_of_subject(subject)))
            for fact in shown
        )


@dataclass(frozen=True)
class SharedJudgement:
    """The judgement of the facts of one case; `evidence` has them with those that were derived.

    `hidden_subjects` are those that only Part 2 names. The case that `is_first` was judged itself.
    """

    kept: KeptJudgement
    evidence: Evidence
    hidden_subjects: frozenset[str]
    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]
    is_first: bool = False

    @property
    def by_subject(self) -> tuple[SubjectOutcomes, ...]:
        """The outcomes on each subject."""
        return self.kept.judgement.by_subject

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The outcome of each control on each subject."""
        return self.kept.judgement.verdicts

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The verdicts with the facts that gave them."""
        return tuple([self.finding_at(place) for place in range(len(self.verdicts))])

    def finding_at(self, place: int) -> Finding:
        """The finding of one verdict, shared with cases that show the same words."""
        kept = self.kept
        if self.is_first:  # perhaps no other case is alike, so nothing is kept for one yet
            return kept.judgement.finding_at(place)
        same = kept.same_for_all.get(place)
        if same is not None:
            return same
        shown = kept.shown_facts.get(place)
        if shown is None:
            shown = kept.shown_facts[place] = kept.find_shown_facts(place)
            kept.explained[place] = {}
        if not shown:
            same = kept.same_for_all[place] = self._own_judgement.finding_at(place)
            return same
        words = tuple(map(self._find_value, shown))
        explained = kept.explained[place]
        finding = explained.get(words)
        if finding is None:
            if len(explained) >= _MAX_EXPLAINED:
                explained.clear()
            finding = explained[words] = self._own_judgement.finding_at(place)
        return finding

    def _find_value(self, shown: _ShownFact) -> FactValue | None:
        """Return the value of a fact as a finding shows it; None if it is not known."""
        if shown.address:
            value = self.public.get(shown.address, self.exempt.get(shown.address))
        else:
            value = self.evidence.facts_of(shown.subject).get(shown.fact)
        return shorten(value, MAX_QUOTES_LENGTH) if isinstance(value, str) else value

    @cached_property
    def _own_judgement(self) -> EvaluatedJudgement:
        """The judgement with the facts of this case where their value did not matter."""
        judged = self.evidence
        own = Evidence.from_parts(self.public, self.exempt)
        subjects = {
            subject: self._own_facts(facts, own.subjects[subject]) for subject, facts in judged.subjects.items()
        }
        case_facts = self._own_facts(judged.case_facts, own.case_facts)
        evidence = replace(judged, case_facts=case_facts, subjects=subjects, subjects_by_kind={})
        return replace(self.kept.judgement, evidence=evidence)

    def _own_facts(self, judged: Facts, own: Facts) -> Facts:
        presence = self.kept.gate_rules.presence_facts
        return {**judged, **{fact: value for fact, value in own.items() if fact in presence}}
