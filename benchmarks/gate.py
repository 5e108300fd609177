"""Judging a gate, and a case against every control, warm: beside durable-rules alone with the same rulesets.

Ours works derived facts out, asks both evaluators and holds them against each other; subjects that are alike in all
that is asked are judged once. Durable-rules alone is asked of every subject, and no more is done with what it says.
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
from rules.judging import durable_adapter
from rules.judging.judge import judge_evidence
from rules.judging.rulebook import Rulebook
from rules.language.derived_facts import add_derived_facts
from rules.values.evidence import Evidence
from workflow.cases import ruling

REPETITIONS = 40
ROUNDS = 9
STAGES = 6
PEER = "durable-rules alone, the same rulesets"
GATE_TARGET = MeasurementTarget("at most", 1.0, applies_to="measured")
CASE_TARGET = MeasurementTarget("at most", 2.0)
EXPLAIN_TARGET = MeasurementTarget("at most", 5.0, applies_to="measured")


@dataclass(frozen=True, slots=True)
class GateInput:
    """What came before one gate (none: every control, as an auditor asks), and the evidence that was weighed."""

    rulebook: Rulebook
    gate: str | None
    evidence: Evidence

    def judge(self) -> None:
        """Judge it again, as an act does."""
        judge_evidence(self.rulebook, self.gate, self.evidence)

    def explain(self) -> None:
        """Judge it again, and tell what was seen."""
        len(judge_evidence(self.rulebook, self.gate, self.evidence).findings)

    def durable_rules_task(self) -> Callable[[], None]:
        """The work of durable-rules in it, with all that comes before that done already."""
        hearing = self.rulebook.gate_rules(self.gate)
        whole = add_derived_facts(self.evidence, hearing.derived_facts, self.rulebook.law)
        asked = [
            (
                tuple(self.rulebook.resolve_control(control, whole.facts_of(subject)) for control in docket.controls),
                whole.facts_of(subject),
            )
            for kind, docket in hearing.by_subject_kind.items()
            for subject in whole.subjects_of_kind(kind)
        ]

        def task() -> None:
            for controls, facts in asked:
                durable_adapter.durable_outcomes(controls, facts)

        return task


def measure() -> Iterator[Measurement]:
    """Milliseconds of CPU: the mean of the six gates of the example's way, the heaviest of them, and a whole case."""
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as shown:
        cases = example_gate_inputs(shown)
    heaviest = max(cases, key=lambda case: len(judge_evidence(case.rulebook, case.gate, case.evidence).verdicts))
    whole = GateInput(heaviest.rulebook, None, heaviest.evidence)
    yield _measure_task("one gate, mean of six", cases, GateInput.judge, GATE_TARGET)
    yield _measure_task(f"the heaviest gate, {heaviest.gate}", [heaviest], GateInput.judge, GATE_TARGET)
    yield _measure_task("one case, every control", [whole], GateInput.judge, CASE_TARGET)
    yield _measure_task("one case, explained in full", [whole], GateInput.explain, EXPLAIN_TARGET)


def _measure_task(
    name: str, cases: Sequence[GateInput], task: Callable[[GateInput], None], target: MeasurementTarget
) -> Measurement:
    works, peers = [partial(task, case) for case in cases], [case.durable_rules_task() for case in cases]
    ours, alone = measure_in_turns(ROUNDS, lambda: _mean_milliseconds(works), lambda: _mean_milliseconds(peers))
    return Measurement(name, ours, alone, "ms CPU", PEER, target)


def _mean_milliseconds(tasks: Sequence[Callable[[], None]]) -> float:
    """Milliseconds of CPU for one of some works, each done many times."""
    return 1000 * sum(cpu_seconds(work, REPETITIONS) for work in tasks) / len(tasks)


def example_gate_inputs(setup: ExampleSetup) -> list[GateInput]:
    """What was weighed at the gates that the example passed on its way."""
    noted: list[GateInput] = []

    def record_input(rulebook: Rulebook, gate: str | None, evidence: Evidence) -> object:
        noted.append(GateInput(rulebook, gate, evidence))
        return judge_evidence(rulebook, gate, evidence)

    case = setup.open_case()
    with mock.patch.object(ruling, "judge_evidence", record_input):
        for step in setup.act_steps()[:STAGES]:
            setup.take_act(case, step)
    return noted
