"""Judging one gate, warm: both evaluators and the trace, beside what durable-rules alone does of it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from durable.engine import durable_rules_engine

from benchmarks.example import Example, example
from benchmarks.figure import Figure, Target
from benchmarks.timing import by_turns, cpu_of
from rules import engine
from rules.evidence import Evidence
from rules.judging import judge
from rules.scheme import Scheme
from workflow.wire import decode

TIMES = 40
ROUNDS = 9
STAGES = 6
TARGET = Target("at most", 1.0, of="measured")

Call = tuple[Callable[..., object], tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class _Case:
    """What came before one gate: the gate, and the evidence that was weighed there."""

    gate: str
    evidence: Evidence

    def judge(self, scheme: Scheme) -> None:
        """Judge it again."""
        judge(scheme.rulebook, self.gate, self.evidence)


def figures() -> Iterator[Figure]:
    """Milliseconds of CPU for a judgement: the mean of the six gates of the example's way, and the heaviest of them."""
    with tempfile.TemporaryDirectory() as folder, example(Path(folder)) as shown:
        scheme, cases = shown.desk.library.scheme(shown.story.scheme), _cases(shown)
    heaviest = max(cases, key=lambda case: len(judge(scheme.rulebook, case.gate, case.evidence)))
    yield _figure("one gate, mean of six", scheme, cases)
    yield _figure(f"the heaviest gate, {heaviest.gate}", scheme, [heaviest])


def _figure(name: str, scheme: Scheme, cases: Sequence[_Case]) -> Figure:
    def work() -> None:
        for case in cases:
            case.judge(scheme)

    work()
    calls = _calls_of(work)
    ours, bare = by_turns(
        ROUNDS,
        lambda: 1000 * cpu_of(work, TIMES) / len(cases),
        lambda: 1000 * cpu_of(lambda: [call(*given) for call, given in calls], TIMES) / len(cases),
    )
    return Figure(name, ours, bare, "ms CPU", "its calls into durable-rules alone", TARGET)


def _cases(shown: Example) -> list[_Case]:
    """What was weighed at the gates that the example passed on its way."""
    name = shown.decided()
    with shown.desk.store.ledger() as (entries, texts, _):
        exempt = {text.position: json.loads(text.body)["weighed"] for text in texts if text.stream == name}
        acts = [entry for entry in entries if entry.stream == name and entry.kind == "acted"][:STAGES]
    return [_weighed(json.loads(entry.ruling), exempt.get(entry.position, {})) for entry in acts]


def _weighed(ruling: Mapping[str, Any], exempt: Mapping[str, Any]) -> _Case:
    public = decode(ruling["facts"])
    withheld = {where: value for where, value in decode(exempt).items() if where not in public}
    return _Case(ruling["gate"], Evidence.gather(public, withheld))


def _calls_of(work: Callable[[], object]) -> list[Call]:
    """Every call of durable-rules' extension that a work makes, in order, so that just these can be made again."""
    listener = _Listener()
    with mock.patch.object(engine, "durable_rules_engine", listener):
        work()
    return listener.calls


class _Listener:
    """Stands in for the extension, and takes down what is asked of it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def __getattr__(self, name: str) -> object:
        found = getattr(durable_rules_engine, name)

        def noted(*given: object) -> object:
            self.calls.append((found, given))
            return found(*given)

        return noted if callable(found) and not isinstance(found, type) else found
