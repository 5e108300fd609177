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

from benchmarks.example import Example, example
from benchmarks.figure import Figure, Target
from benchmarks.timing import by_turns, cpu_of
from rules.judging import durable_adapter
from rules.judging.judge import judged
from rules.judging.rulebook import Rulebook
from rules.language.derived_facts import complete
from rules.values.evidence import Evidence
from workflow.cases import ruling

TIMES = 40
ROUNDS = 9
STAGES = 6
BESIDE = "durable-rules alone, the same rulesets"
A_GATE = Target("at most", 1.0, of="measured")
A_CASE = Target("at most", 2.0)
EXPLAINED = Target("at most", 5.0, of="measured")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came before one gate (none: every control, as an auditor asks), and the evidence that was weighed."""

    rulebook: Rulebook
    gate: str | None
    evidence: Evidence

    def judge(self) -> None:
        """Judge it again, as an act does."""
        judged(self.rulebook, self.gate, self.evidence)

    def explain(self) -> None:
        """Judge it again, and tell what was seen."""
        len(judged(self.rulebook, self.gate, self.evidence).findings)

    def alone(self) -> Callable[[], None]:
        """The work of durable-rules in it, with all that comes before that done already."""
        hearing = self.rulebook.at_gate(self.gate)
        whole = complete(self.evidence, hearing.derived, self.rulebook.law)
        asked = [
            (controls, whole.of(subject))
            for kind, docket in hearing.dockets.items()
            for subject in whole.named(kind)
            for dated in [tuple(self.rulebook.settled(control, whole.of(subject)) for control in docket.dated)]
            for controls in (docket.undated, dated)
        ]

        def work() -> None:
            for controls, facts in asked:
                durable_adapter.outcomes(controls, facts)

        return work


def figures() -> Iterator[Figure]:
    """Milliseconds of CPU: the mean of the six gates of the example's way, the heaviest of them, and a whole case."""
    with tempfile.TemporaryDirectory() as folder, example(Path(folder)) as shown:
        cases = weighed(shown)
    heaviest = max(cases, key=lambda case: len(judged(case.rulebook, case.gate, case.evidence).verdicts))
    whole = Weighed(heaviest.rulebook, None, heaviest.evidence)
    yield _figure("one gate, mean of six", cases, Weighed.judge, A_GATE)
    yield _figure(f"the heaviest gate, {heaviest.gate}", [heaviest], Weighed.judge, A_GATE)
    yield _figure("one case, every control", [whole], Weighed.judge, A_CASE)
    yield _figure("one case, explained in full", [whole], Weighed.explain, EXPLAINED)


def _figure(name: str, cases: Sequence[Weighed], work: Callable[[Weighed], None], target: Target) -> Figure:
    works, peers = [partial(work, case) for case in cases], [case.alone() for case in cases]
    ours, alone = by_turns(ROUNDS, lambda: _mean(works), lambda: _mean(peers))
    return Figure(name, ours, alone, "ms CPU", BESIDE, target)


def _mean(works: Sequence[Callable[[], None]]) -> float:
    """Milliseconds of CPU for one of some works, each done many times."""
    return 1000 * sum(cpu_of(work, TIMES) for work in works) / len(works)


def weighed(shown: Example) -> list[Weighed]:
    """What was weighed at the gates that the example passed on its way."""
    noted: list[Weighed] = []

    def noting(rulebook: Rulebook, gate: str | None, evidence: Evidence) -> object:
        noted.append(Weighed(rulebook, gate, evidence))
        return judged(rulebook, gate, evidence)

    case = shown.opened()
    with mock.patch.object(ruling, "judged", noting):
        for step in shown.acts()[:STAGES]:
            shown.act(case, step)
    return noted
