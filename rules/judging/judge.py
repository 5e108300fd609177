"""Judges every control of a gate on the evidence, by both evaluators; each finding is explained on first use.

The two evaluators must agree on every control and subject; otherwise `EngineError` keeps the gate shut.
Of a case that was decided elsewhere, nothing is judged by the silence of a source that does not ask.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from rules.errors import EngineError
from rules.judging import durable_adapter
from rules.judging.control_result import ControlResult
from rules.judging.explainer import Explainer
from rules.judging.findings import ControlOutcome, Finding, SubjectOutcomes, Verdict
from rules.judging.resolved_control import ResolvedControl
from rules.judging.rulebook import Control, Rulebook, SubjectRules
from rules.language.derived_facts import add_derived_facts
from rules.language.schema_types import Outcome
from rules.values.evidence import Evidence
from rules.values.facts import CASE, Facts


@dataclass(frozen=True)
class EvaluatedJudgement:
    """The verdicts of a gate's controls on the evidence; findings are worked out on first use."""

    rulebook: Rulebook
    evidence: Evidence
    judged: list[tuple[str, JudgedControls]]

    @cached_property
    def by_subject(self) -> tuple[SubjectOutcomes, ...]:
        """The outcomes on each subject."""
        return tuple([SubjectOutcomes(subject, judged.outcomes) for subject, judged in self.judged])

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The outcome of each control on each subject."""
        return tuple(chain.from_iterable(one.as_verdicts() for one in self.by_subject))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The verdicts with the facts that gave them; an exempt fact shows as `IN_PART_2`."""
        return tuple([self.finding_at(place) for place in range(len(self.verdicts))])

    def finding_at(self, place: int) -> Finding:
        """The finding of one verdict."""
        verdict = self.verdicts[place]
        return self._explainer_of(verdict.subject).explain(verdict, self.result_at(place))

    def result_at(self, place: int) -> ControlResult:
        """The outcome of one verdict's control, shared by all subjects that are judged alike."""
        judged, number = self._judged_by_place[place]
        return judged.result(number)

    @cached_property
    def _judged_by_place(self) -> list[tuple[JudgedControls, int]]:
        return [(judged, number) for _, judged in self.judged for number in range(len(judged.outcomes))]

    def _explainer_of(self, subject: str) -> Explainer:
        if subject not in self._explainers:
            hidden = self._hidden_facts.get(subject, self._hidden_facts[CASE])
            facts = self.evidence.facts_of(subject)
            self._explainers[subject] = Explainer(self.rulebook, self.evidence, subject, facts, hidden)
        return self._explainers[subject]

    @cached_property
    def _explainers(self) -> dict[str, Explainer]:
        return {}

    @cached_property
    def _hidden_facts(self) -> dict[str, frozenset[str]]:
        return self.evidence.hidden_facts_by_subject()


@dataclass(slots=True)
class JudgedControls:
    """Some controls as they were judged on subjects that are alike; `facts` are those of the first of them.

    `outcomes` has each control's name and severity too. The results are worked out on first use.
    """

    controls: tuple[Control, ...]
    resolved: tuple[ResolvedControl, ...]
    facts: Facts
    outcomes: list[ControlOutcome]
    results: dict[int, ControlResult] = field(default_factory=dict)

    def result(self, number: int) -> ControlResult:
        """The outcome of one of the controls, with the facts that gave it."""
        if number not in self.results:
            outcome = self.outcomes[number][1]
            self.results[number] = ControlResult(self.controls[number], self.resolved[number], outcome, self.facts)
        return self.results[number]


def judge_evidence(rulebook: Rulebook, gate: str | None, evidence: Evidence) -> EvaluatedJudgement:
    """Judge the evidence by the controls of a gate; by all controls where `gate` is None.

    Raises `EngineError` where the two evaluators disagree, or durable-rules fails.
    """
    return judge_derived(rulebook, gate, derive_evidence(rulebook, gate, evidence))


def derive_evidence(rulebook: Rulebook, gate: str | None, evidence: Evidence) -> Evidence:
    """Return the evidence with every derived fact that the controls of a gate read."""
    return add_derived_facts(evidence, rulebook.gate_rules(gate).derived_facts, rulebook.law)


def judge_derived(rulebook: Rulebook, gate: str | None, completed: Evidence) -> EvaluatedJudgement:
    """Judge as `judge_evidence` does what `derive_evidence` completed."""
    gate_rules = rulebook.gate_rules(gate)
    judged = [
        judged
        for kind in (CASE, *rulebook.facts.subject_kinds)
        if kind in gate_rules.by_subject_kind
        for judged in _judge_kind(rulebook, gate_rules.by_subject_kind[kind], completed, kind)
    ]
    return EvaluatedJudgement(rulebook, completed, judged)


def judge_control(rulebook: Rulebook, control: Control, subject: str, evidence: Evidence) -> EvaluatedJudgement:
    """Judge one control on one subject by both evaluators.

    The evidence must have the derived facts that the control uses. Raises `EngineError` where the two evaluators
    disagree.
    """
    judged = _judge_controls(rulebook, (control,), subject, evidence)
    return EvaluatedJudgement(rulebook, evidence, [(subject, judged)])


def _judge_kind(
    rulebook: Rulebook, subject_rules: SubjectRules, evidence: Evidence, kind: str
) -> list[tuple[str, JudgedControls]]:
    """How each subject of a kind is judged, in order; subjects with the same relevant facts are judged once."""
    judged: list[tuple[str, JudgedControls]] = []
    judged_by_key: dict[object, JudgedControls] = {}
    for subject in evidence.subjects_of_kind(kind):
        key: object = subject
        if kind != CASE and evidence.asked is None:
            key = subject_rules.memo_key(evidence.subjects[subject])
        alike = judged_by_key.get(key)
        if alike is None:
            controls, undated = subject_rules.controls, subject_rules.undated
            alike = judged_by_key[key] = _judge_controls(rulebook, controls, subject, evidence, undated)
        judged.append((subject, alike))
    return judged


def _judge_controls(
    rulebook: Rulebook,
    controls: tuple[Control, ...],
    subject: str,
    evidence: Evidence,
    undated: tuple[ResolvedControl, ...] | None = None,
) -> JudgedControls:
    """Judge controls on one subject; raise `EngineError` where the evaluators disagree.

    `undated` are the controls as they are judged of our own record, if none compares a dated value.
    """
    facts, resolved = evidence.facts_of(subject), undated
    if resolved is None or evidence.asked is not None:
        resolved = tuple(_resolve(rulebook, controls, facts, evidence.asked))
    durable_outcomes, outcomes = durable_adapter.durable_outcomes(resolved, facts), []
    for control, resolved_control in zip(controls, resolved, strict=True):
        outcome = plain_outcome(resolved_control, facts)
        if durable_outcomes[control.id] != outcome:
            found = f"{outcome} or {durable_outcomes[control.id]}"
            raise EngineError(f"the evaluators disagree about {control.id} of {subject}: {found}")
        outcomes.append((control.id, outcome, control.declaration.severity))
    return JudgedControls(controls, resolved, facts, outcomes)


def _resolve(
    rulebook: Rulebook, controls: Iterable[Control], facts: Facts, asked: frozenset[str] | None
) -> list[ResolvedControl]:
    """Controls with the figures in force, as the source of a case lets them be judged."""
    if asked is not None:
        return [rulebook.resolve_partly(control, facts, asked) for control in controls]
    resolve = rulebook.resolve_control
    return [resolve(control, facts) if control.is_dated else control.as_resolved for control in controls]


def plain_outcome(control: ResolvedControl, facts: Facts) -> Outcome:
    """The outcome of one control by the plain evaluator, which defines it."""
    applies = control.applies.evaluate(facts)
    if applies is False:
        return "not_applicable"
    if applies and not control.is_held:
        return "not_held"
    holds = control.requires.evaluate(facts)
    if applies is None or holds is None:
        return "undetermined"
    return "satisfied" if holds else "breached"
