"""The tasks of one checkout, run one at a time as another process asks for them.

`benchmarks.compare` runs the text of this module with the Python of each checkout, in its folder, so that both sides
run the same tasks. Of the checkout it uses only what older ones have too: `benchmarks.example`, `benchmarks.gate`,
`benchmarks.timing` and `cli`. For each name of a task that it reads, it writes one line of JSON: seconds by name.
"""

from __future__ import annotations

import gc
import io
import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import partial
from pathlib import Path

import cli
from benchmarks.example import ExampleSetup, example_setup
from benchmarks.gate import GateInput, example_gate_inputs
from benchmarks.timing import child_cpu_seconds, cpu_seconds
from decisions.proving.story import StoryStep

STAGES = 6
CASES = 6
REPETITIONS = 20
ASSENT = str(Path(sys.executable).with_name("assent"))


def main() -> None:
    """Prepare the example, and run tasks until standard input ends."""
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as setup:
        gates = example_gate_inputs(setup)
        commands = list_commands(setup, setup.decide_case(), setup.open_case())
        audit = {"audit": ["--store", str(setup.store_file), "audit", "--all"]}  # it exits with 6, as it finds breaches
        tasks: Mapping[str, Callable[[], dict[str, float]]] = {
            "transitions": lambda: measure_transitions(setup),
            "gate": lambda: measure_gates(gates),
            "commands": lambda: measure_commands({**commands, **audit}),
            "cold": lambda: measure_processes({**commands, "--help": ["--help"]}),
        }
        for line in sys.stdin:
            gc.collect()
            print(json.dumps(tasks[line.strip()]()), flush=True)


def list_commands(setup: ExampleSetup, decided: str, opened: str) -> dict[str, list[str]]:
    """Return the command lines to measure, on a case that is decided and on one that is just open."""
    store, first_act = ["--store", str(setup.store_file)], setup.act_steps()[0].act
    return {
        "case next": [*store, "case", "next", opened],
        "case explain": [*store, "case", "explain", opened, first_act],
        "case show": [*store, "case", "show", decided],
        "case history": [*store, "case", "history", decided],
        "case list": [*store, "case", "list"],
        "ledger verify": [*store, "ledger", "verify"],
    }


def measure_transitions(setup: ExampleSetup) -> dict[str, float]:
    """Return the mean seconds of CPU of each act that takes a new case from stage to stage."""
    cases = [setup.open_case() for _ in range(CASES)]
    seconds = {
        f"transition {step.act}": cpu_seconds(partial(take_act_on_each, setup, cases, step)) / len(cases)
        for step in setup.act_steps()[:STAGES]
    }
    return {**seconds, "the six transitions": sum(seconds.values())}


def take_act_on_each(setup: ExampleSetup, cases: list[str], step: StoryStep) -> None:
    """Do one act on each of some cases."""
    for case in cases:
        setup.take_act(case, step)


def measure_gates(gates: list[GateInput]) -> dict[str, float]:
    """Return the mean seconds of CPU of judging each gate of the example."""
    return {f"gate {gate.gate}": cpu_seconds(gate.judge, REPETITIONS) for gate in gates}


def measure_commands(commands: Mapping[str, list[str]]) -> dict[str, float]:
    """Return the seconds of CPU of each command in this process, where all is imported already."""
    return {f"{name}, warm": cpu_seconds(partial(run_command, words)) for name, words in commands.items()}


def measure_processes(commands: Mapping[str, list[str]]) -> dict[str, float]:
    """Return the seconds of CPU of each command as a new process."""
    return {f"{name}, cold": child_cpu_seconds([ASSENT, *words]) for name, words in commands.items()}


def run_command(words: list[str]) -> None:
    """Run a command in this process without showing its output."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), suppress(SystemExit):
        cli.main(words)


if __name__ == "__main__":
    main()
