"""Judge evidence once for all cases that the controls of a gate cannot tell apart.

An audit judges thousands of cases, and many differ only in texts that a control needs to be there. These share the
verdicts, and the findings but for the words of those texts.

Invariants:
- Facts are alike only if all are known alike, exempt alike, and equal wherever a control or a derived fact reads more
  than whether they are known.
- A rulebook keeps at most `MAX_JUDGEMENTS` judgements, the latest ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from rules.judging.findings import Finding, Verdict
from rules.judging.judge import EvaluatedJudgement, judge_evidence
from rules.judging.rulebook import Rulebook
from rules.values.evidence import Evidence
from rules.values.facts import CASE, Facts, FactValue, key_of_subject

MAX_JUDGEMENTS = 128
_MAX_EXPLAINED = 64
"""How many findings of one verdict are kept, each with other words."""


def judge_shared(
    rulebook: Rulebook, gate: str, public: Facts, exempt: Facts, asked: frozenset[str] | None
) -> SharedJudgement:
    """Judge the facts of both parts as `judge_evidence` does, or take the judgement of facts alike.

    `asked` are the facts that the source of a case decided elsewhere asks for; None for our own record.
    """
    gate_rules = rulebook.gate_rules(gate)
    is_presence = gate_rules.is_presence_address
    key = (
        gate,
        asked,
        tuple([(address, is_presence[address] or value) for address, value in public.items()]),
        tuple([(address, is_presence[address] or value) for address, value in exempt.items()]),
    )
    kept = rulebook.judgements.get(key)
    if isinstance(kept, KeptJudgement):
        rulebook.judgements.move_to_end(key)
    else:
        evidence = Evidence.from_parts(public, exempt, asked)
        hidden = frozenset(filter(evidence.is_wholly_exempt, evidence.subjects))
        kept = rulebook.judgements[key] = KeptJudgement(
            judge_evidence(rulebook, gate, evidence), gate_rules.presence_facts, hidden
        )
        if len(rulebook.judgements) > MAX_JUDGEMENTS:
            rulebook.judgements.popitem(last=False)
    return SharedJudgement(kept, public, exempt)


@dataclass
class KeptJudgement:
    """A judgement that cases share, with the findings that were worked out so far by the words that they show."""

    judgement: EvaluatedJudgement
    presence_facts: frozenset[str]
    hidden_subjects: frozenset[str]
    explained: dict[int, dict[tuple[FactValue | None, ...], Finding]] = field(default_factory=dict)
    shown_addresses: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def find_shown_addresses(self, place: int) -> tuple[str, ...]:
        """Return the addresses of the facts that a finding shows, and that cases alike may have other values of."""
        verdict, result = self.judgement.results[place]
        key, declared = key_of_subject(verdict.subject), self.judgement.rulebook.facts
        shown = (fact for fact in result.shown_facts if fact in self.presence_facts)
        return tuple(fact if verdict.subject == CASE else declared.address_of(fact, key) for fact in shown)


@dataclass(frozen=True)
class SharedJudgement:
    """The judgement of the facts of one case."""

    kept: KeptJudgement
    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]

    @property
    def hidden_subjects(self) -> frozenset[str]:
        """The subjects that only Part 2 names."""
        return self.kept.hidden_subjects

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
        addresses = kept.shown_addresses.get(place)
        if addresses is None:
            addresses = kept.shown_addresses[place] = kept.find_shown_addresses(place)
            kept.explained[place] = {}
        words = tuple([self.public.get(at, self.exempt.get(at)) for at in addresses]) if addresses else ()
        explained = kept.explained[place]
        finding = explained.get(words)
        if finding is None:
            if len(explained) >= _MAX_EXPLAINED:
                explained.clear()
            finding = explained[words] = self._own_judgement.finding_at(place)
        return finding

    @cached_property
    def _own_judgement(self) -> EvaluatedJudgement:
        """The judgement with the facts of this case where their value did not matter."""
        judged = self.kept.judgement.evidence
        own = Evidence.from_parts(self.public, self.exempt, judged.asked)
        subjects = {
            subject: self._own_facts(facts, own.subjects[subject]) for subject, facts in judged.subjects.items()
        }
        case_facts = self._own_facts(judged.case_facts, own.case_facts)
        evidence = replace(judged, case_facts=case_facts, subjects=subjects, subjects_by_kind={})
        return replace(self.kept.judgement, evidence=evidence)

    def _own_facts(self, judged: Facts, own: Facts) -> Facts:
        return {**judged, **{fact: value for fact, value in own.items() if fact in self.kept.presence_facts}}
