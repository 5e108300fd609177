"""Judging one gate, and one case against every control, in a warm process: beside durable-rules with the same rules.

assent derives facts, runs both evaluators and compares them; it judges subjects with equal facts once.
durable-rules alone judges every subject, and its result is not used.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest import mock

from benchmarks.example import ExampleSetup, example_setup
from benchmarks.measurement import Measurement, MeasurementTarget
from benchmarks.timing import cpu_seconds, measure_in_turns
from rules.judging import durable_adapter, shared_judgements
from rules.judging.judge import derive_evidence, judge_evidence
from rules.judging.rulebook import Rulebook
from rules.language.derived_facts import add_derived_facts
from rules.values.evidence import Evidence

REPETITIONS = 40
ROUNDS = 9
STAGES = 6
PEER = "durable-rules alone, the same rulesets"
GATE_TARGET = MeasurementTarget("at most", 1.0, applies_to="measured")
CASE_TARGET = MeasurementTarget("at most", 2.0)
EXPLAIN_TARGET = MeasurementTarget("at most", 5.0, applies_to="measured")


@dataclass(frozen=True, slots=True)
class GateInput:
    """The evidence judged at one gate; without a gate, every control is judged as in an audit."""

    rulebook: Rulebook
    gate: str | None
    evidence: Evidence

    def judge(self) -> None:
        """Judge the evidence, as an act does."""
        judge_evidence(self.rulebook, self.gate, self.evidence)

    def explain(self) -> None:
        """Judge the evidence, and work out every finding in full."""
        len(judge_evidence(self.rulebook, self.gate, self.evidence).findings)

    def durable_rules_task(self) -> Callable[[], None]:
        """Return the work of durable-rules alone; derived facts and dated values are prepared beforehand."""
        gate_rules = self.rulebook.gate_rules(self.gate)
        evidence = add_derived_facts(self.evidence, gate_rules.derived_facts, self.rulebook.law)
        judgements = [
            (
                tuple(self.rulebook.resolve_control(control, evidence.facts_of(subject)) for control in rules.controls),
                evidence.facts_of(subject),
            )
            for kind, rules in gate_rules.by_subject_kind.items()
            for subject in evidence.subjects_of_kind(kind)
        ]

        def task() -> None:
            for controls, facts in judgements:
                durable_adapter.durable_outcomes(controls, facts)

        return task


def measure() -> Iterator[Measurement]:
    """Measure milliseconds of CPU: the mean of the example's six gates, the heaviest gate, and a whole case."""
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as setup:
        cases = example_gate_inputs(setup)
    heaviest = max(cases, key=lambda case: len(judge_evidence(case.rulebook, case.gate, case.evidence).verdicts))
    whole = GateInput(heaviest.rulebook, None, heaviest.evidence)
    yield _measure_task("one gate, mean of six", cases, GateInput.judge, GATE_TARGET)
    yield _measure_task(f"the heaviest gate, {heaviest.gate}", [heaviest], GateInput.judge, GATE_TARGET)
    yield _measure_task("one case, every control", [whole], GateInput.judge, CASE_TARGET)
    yield _measure_task("one case, explained in full", [whole], GateInput.explain, EXPLAIN_TARGET)


def _measure_task(
    name: str, cases: Sequence[GateInput], task: Callable[[GateInput], None], target: MeasurementTarget
) -> Measurement:
    tasks, peers = [partial(task, case) for case in cases], [case.durable_rules_task() for case in cases]
    ours, alone = measure_in_turns(ROUNDS, lambda: _mean_milliseconds(tasks), lambda: _mean_milliseconds(peers))
    return Measurement(name, ours, alone, "ms CPU", PEER, target)


def _mean_milliseconds(tasks: Sequence[Callable[[], None]]) -> float:
    """Return the mean milliseconds of CPU of one task, each repeated many times."""
    return 1000 * sum(cpu_seconds(task, REPETITIONS) for task in tasks) / len(tasks)


def example_gate_inputs(setup: ExampleSetup) -> list[GateInput]:
    """Return what was judged at each gate of the example's acts."""
    inputs: list[GateInput] = []

    def record_input(rulebook: Rulebook, gate: str | None, evidence: Evidence) -> Evidence:
        inputs.append(GateInput(rulebook, gate, evidence))
        return derive_evidence(rulebook, gate, evidence)

    case = setup.open_case()
    with mock.patch.object(shared_judgements, "derive_evidence", record_input):
        for step in setup.act_steps()[:STAGES]:
            setup.take_act(case, step)
    return inputs
