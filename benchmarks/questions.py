"""Judging, explaining and counterfactuals in a warm process, as multiples of `import sqlmodel`.

A slower machine takes longer for both, so that the ratio stays.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.cold_start import import_cpu
from benchmarks.example import ExampleSetup, example_setup
from benchmarks.gate import GateInput, example_gate_inputs
from benchmarks.measurement import Measurement, MeasurementTarget
from benchmarks.timing import cpu_seconds, measure_in_turns
from workflow.services import act_queries
from workflow.services.commands import Request
from workflow.services.counterfactuals import find_turning_changes

ROUNDS = 5
REPETITIONS = 10
TARGETS = {
    "one gate, mean of six": 0.0009,
    "the heaviest gate": 0.0025,
    "one case, explained in full": 0.005,
    "--what-would-change": 0.05,
    "--all --what-would-change": 0.05,
}
PEER = "python -c 'import sqlmodel'"


def measure() -> Iterator[Measurement]:
    """Measure seconds of CPU: of judging gates, of explaining every control, and of the changes that turn findings."""
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as setup:
        gates, case = example_gate_inputs(setup), setup.open_case()
        whole = GateInput(gates[-1].rulebook, None, gates[-1].evidence)
        *measured, imports = measure_in_turns(
            ROUNDS,
            lambda: _mean_seconds(gates),
            lambda: max(_mean_seconds([gate]) for gate in gates),
            lambda: cpu_seconds(whole.explain, REPETITIONS),
            lambda: cpu_seconds(partial(find_changes, setup, case, all_findings=False)),
            lambda: cpu_seconds(partial(find_changes, setup, case, all_findings=True)),
            lambda: import_cpu("import sqlmodel"),
        )
    for (name, bound), samples in zip(TARGETS.items(), measured, strict=True):
        yield Measurement(name, samples, imports, "s CPU", PEER, MeasurementTarget("at most", bound))


def _mean_seconds(gates: Sequence[GateInput]) -> float:
    return sum(cpu_seconds(gate.judge, REPETITIONS) for gate in gates) / len(gates)


def find_changes(setup: ExampleSetup, case: str, *, all_findings: bool) -> None:
    """Find the changes that turn open findings on the first act of a case, or all of them, as `case explain` does."""
    step = setup.act_steps()[0]
    setup.forget_judgements()
    request = Request(step.officer, step.on)
    hypothetical = act_queries.build_hypothetical_act(setup.services, case, step.act, {}, request)
    find_turning_changes(hypothetical, hypothetical.ruling, all_findings=all_findings)
