"""Judges every control of a gate on the evidence, by both evaluators; each finding is explained on first use.

The two evaluators must agree on every control and subject; otherwise `EngineError` keeps the gate shut.
Of a case that was decided elsewhere, nothing is judged by the silence of a source that does not ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rules.errors import EngineError
from rules.judging import durable_adapter
from rules.judging.control_result import ControlResult
from rules.judging.explainer import Explainer
from rules.judging.findings import Finding, Verdict
from rules.judging.resolved_control import ResolvedControl
from rules.judging.rulebook import Control, Rulebook, SubjectRules
from rules.language.derived_facts import add_derived_facts
from rules.language.schema_types import Outcome, Severity
from rules.values.evidence import Evidence
from rules.values.facts import CASE, Facts


@dataclass(frozen=True)
class EvaluatedJudgement:
    """The verdicts of a gate's controls on the evidence; findings are worked out on first use."""

    rulebook: Rulebook
    evidence: Evidence
    results: list[tuple[Verdict, ControlResult]]

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The outcome of each control on each subject."""
        return tuple([verdict for verdict, _ in self.results])

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The verdicts with the facts that gave them; an exempt fact shows as `IN_PART_2`."""
        return tuple([self.finding_at(place) for place in range(len(self.results))])

    def finding_at(self, place: int) -> Finding:
        """The finding of one verdict."""
        verdict, result = self.results[place]
        return self._explainer_of(verdict.subject).explain(verdict, result)

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
    results = [
        result
        for kind in (CASE, *rulebook.facts.subject_kinds)
        if kind in gate_rules.by_subject_kind
        for result in _judge_kind(rulebook, gate_rules.by_subject_kind[kind], completed, kind)
    ]
    return EvaluatedJudgement(rulebook, completed, results)


def judge_control(rulebook: Rulebook, control: Control, subject: str, evidence: Evidence) -> EvaluatedJudgement:
    """Judge one control on one subject by both evaluators.

    The evidence must have the derived facts that the control uses. Raises `EngineError` where the two evaluators
    disagree.
    """
    facts = evidence.facts_of(subject)
    resolved = _resolve(rulebook, control, facts, evidence.asked)
    durable_outcome = durable_adapter.durable_outcomes((resolved,), facts)[control.id]
    result = _agreed_result(control, resolved, subject, facts, durable_outcome)
    verdict = Verdict(control.id, subject, result.outcome, control.declaration.severity)
    return EvaluatedJudgement(rulebook, evidence, [(verdict, result)])


def _judge_kind(
    rulebook: Rulebook, subject_rules: SubjectRules, evidence: Evidence, kind: str
) -> list[tuple[Verdict, ControlResult]]:
    """The verdicts on each subject of a kind, in order; subjects with the same relevant facts are judged once."""
    verdicts: list[tuple[Verdict, ControlResult]] = []
    judged_by_key: dict[object, list[tuple[str, Outcome, Severity, ControlResult]]] = {}
    for subject in evidence.subjects_of_kind(kind):
        key: object = subject
        if kind != CASE and evidence.asked is None:
            key = subject_rules.memo_key(evidence.subjects[subject])
        judged = judged_by_key.get(key)
        if judged is None:
            judged = judged_by_key[key] = _judge_subject(rulebook, subject_rules, subject, evidence)
        verdicts += [
            (Verdict(control, subject, outcome, severity), result) for control, outcome, severity, result in judged
        ]
    return verdicts


def _judge_subject(
    rulebook: Rulebook, subject_rules: SubjectRules, subject: str, evidence: Evidence
) -> list[tuple[str, Outcome, Severity, ControlResult]]:
    """The outcome of each control on one subject; raises `EngineError` where the evaluators disagree."""
    facts = evidence.facts_of(subject)
    resolved = subject_rules.undated
    if resolved is None or evidence.asked is not None:
        resolved = tuple([_resolve(rulebook, control, facts, evidence.asked) for control in subject_rules.controls])
    durable_outcomes = durable_adapter.durable_outcomes(resolved, facts)
    judged = []
    for control, resolved_control in zip(subject_rules.controls, resolved, strict=True):
        result = _agreed_result(control, resolved_control, subject, facts, durable_outcomes[control.id])
        judged.append((control.id, result.outcome, control.declaration.severity, result))
    return judged


def _resolve(rulebook: Rulebook, control: Control, facts: Facts, asked: frozenset[str] | None) -> ResolvedControl:
    """A control with the figures in force, as the source of a case lets it be judged."""
    if asked is not None:
        return rulebook.resolve_partly(control, facts, asked)
    return rulebook.resolve_control(control, facts) if control.is_dated else control.as_resolved


def _agreed_result(
    control: Control, resolved: ResolvedControl, subject: str, facts: Facts, durable_outcome: Outcome
) -> ControlResult:
    """The outcome that both evaluators give; raises `EngineError` where they disagree."""
    outcome = plain_outcome(resolved, facts)
    if durable_outcome != outcome:
        raise EngineError(f"the evaluators disagree about {control.id} of {subject}: {outcome} or {durable_outcome}")
    return ControlResult(control, resolved, outcome, facts)


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
