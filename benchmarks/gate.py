"""Judging one gate, warm: both evaluators and the trace, beside what durable-rules alone does of it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
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

GATE = "decide"
TIMES = 100
ROUNDS = 9
TARGET = Target("at most", 1.0, of="measured")

Call = tuple[Callable[..., object], tuple[object, ...]]


def figures() -> Iterator[Figure]:
    """Milliseconds of CPU for a judgement at the gate of the decision."""
    with tempfile.TemporaryDirectory() as folder, example(Path(folder)) as shown:
        scheme, evidence = shown.desk.library.scheme(shown.story.scheme), _evidence(shown)
    for _ in range(TIMES):
        _judge(scheme, evidence)
    calls = _calls_of(lambda: _judge(scheme, evidence))
    ours, bare = by_turns(
        ROUNDS,
        lambda: 1000 * cpu_of(lambda: _judge(scheme, evidence), TIMES),
        lambda: 1000 * cpu_of(lambda: [call(*given) for call, given in calls], TIMES),
    )
    yield Figure("one gate", ours, bare, "ms CPU", "its calls into durable-rules alone", TARGET)


def _judge(scheme: Scheme, evidence: Evidence) -> None:
    judge(scheme.rulebook, GATE, evidence)


def _evidence(shown: Example) -> Evidence:
    """What was weighed when the case of the example was decided."""
    case = shown.decided()
    with shown.desk.store.ledger() as (entries, texts, _):
        rulings = {entry.position: json.loads(entry.ruling) for entry in entries if entry.ruling}
        exempt = {text.position: json.loads(text.body).get("weighed", {}) for text in texts}
    [(position, ruling)] = [found for found in rulings.items() if (found[1]["case"], found[1]["gate"]) == (case, GATE)]
    public = decode(ruling["facts"])
    weighed = {where: value for where, value in decode(exempt.get(position, {})).items() if where not in public}
    return Evidence.gather(public, weighed)


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
