"""Auditing a population: rows a second, growth and memory, beside judging one by one and beside zen-engine.

A record is what a register shows of the example's decision: its facts without the long texts of the form, an exemption,
four recommendations and two parts of the paper. Amounts and days differ from record to record, and each fact is missing
in some. zen-engine evaluates the controls of the case alone, with derived facts and figures in force given to it, which
favours it; it knows true and false, and no unknown.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.example import example_setup, load_example_story
from benchmarks.gate import GateInput, example_gate_inputs
from benchmarks.measurement import Measurement, MeasurementTarget
from rules.judging.judge import judge_evidence
from rules.judging.resolved_control import ResolvedControl
from rules.judging.rulebook import Rulebook
from rules.language.conditions import AllOf, Condition, FactRef, Predicate, ResolvedValue
from rules.language.derived_facts import add_derived_facts
from rules.values.evidence import Evidence
from rules.values.facts import CASE, Facts, kind_of_subject
from rules.values.money import Money

RECORDS = 1_000_000
SMALLER = (10_000, 100_000)
ONE_BY_ONE = 300
MOST_OF_A_KIND = {"recommendation": 4, "section": 2}
LONGEST_TEXT = 100
MISSING_EVERY = 29


def measure() -> Iterator[Measurement]:
    """Measure seconds and memory of a million records, and rows a second beside both peers."""
    with tempfile.TemporaryDirectory() as folder:
        example = _register_record(Path(folder))
        seconds = {}
        for records in (*SMALLER, RECORDS):
            place = Path(folder) / str(records)
            write_records(place, example.rulebook, example.evidence, records)
            seconds[records], memory = _audit_in_own_process(place)
        rate = RECORDS / seconds[RECORDS]
        smaller = SMALLER[-1]
        yield Measurement(
            "a million records, every control", [seconds[RECORDS]], [60.0], "s", "the bound",
            MeasurementTarget("at most", 60, applies_to="measured"),
        )  # fmt: skip
        yield Measurement(
            "growth from 100,000 to a million", [seconds[RECORDS]], [seconds[smaller] * RECORDS / smaller], "s",
            f"ten times {smaller:,} records", MeasurementTarget("at most", 1.0),
        )  # fmt: skip
        yield Measurement(
            "the first 10,000 records", [seconds[SMALLER[0]]], [seconds[RECORDS] / 100], "s", "a hundredth of a million"
        )
        yield Measurement(
            "memory of a million records", [memory], [8.0], "GiB", "the bound",
            MeasurementTarget("at most", 8, applies_to="measured"),
        )  # fmt: skip
        yield Measurement(
            "rows a second", [rate], [_rate_one_by_one(example)], "rows/s", "judging one by one",
            MeasurementTarget("at least", 50),
        )  # fmt: skip
        yield Measurement(
            "rows a second", [rate], [_rate_of_zen(example)], "rows/s", "zen-engine, the equivalent decision",
            MeasurementTarget("at least", 1),
        )  # fmt: skip


def _register_record(folder: Path) -> GateInput:
    """Return the example's decision as a register shows it."""
    with example_setup(folder) as setup:
        decided = example_gate_inputs(setup)[-1]
    derived = {fact.name for fact in decided.rulebook.derived_facts}
    numbers: dict[str, int] = {}
    subjects: dict[str, Facts] = {}
    for subject, facts in decided.evidence.subjects.items():
        kind = kind_of_subject(subject)
        numbers[kind] = numbers.get(kind, 0) + 1
        if numbers[kind] <= MOST_OF_A_KIND.get(kind, 1):
            subjects[subject] = _as_published(facts, derived)
    return GateInput(decided.rulebook, None, Evidence(_as_published(decided.evidence.case_facts, derived), subjects))


def _as_published(facts: Facts, derived: set[str]) -> dict[str, Any]:
    return {
        name: value
        for name, value in facts.items()
        if name not in derived and not (isinstance(value, str) and len(value) > LONGEST_TEXT)
    }


def write_records(folder: Path, rulebook: Rulebook, evidence: Evidence, number: int) -> None:
    """Write a population of so many records as Parquet."""
    import duckdb

    folder.mkdir()
    kinds: dict[str, list[tuple[str, Facts]]] = {CASE: [("", evidence.case_facts)]}
    for subject, facts in evidence.subjects.items():
        kinds.setdefault(kind_of_subject(subject), []).append((subject.partition(":")[2], facts))
    with duckdb.connect() as connection:
        for kind, rows in kinds.items():
            names = dict.fromkeys(name for _, facts in rows for name in facts)
            selects = " UNION ALL ".join(_select(rulebook, kind, key, facts, names) for key, facts in rows)
            connection.execute(
                f"COPY (WITH r AS (SELECT range AS n FROM range({number})) {selects}) TO '{folder}/{kind}.parquet'"  # noqa: S608 - our own
            )


def _select(rulebook: Rulebook, kind: str, key: str, facts: Facts, names: dict[str, None]) -> str:
    columns = ["'case-' || n AS \"case\"", *([] if kind == CASE else [f"'{key}' AS \"key\""])]
    for place, name in enumerate(names):
        written = _vary(facts.get(name), rulebook.facts[name].kind)
        missing = "FALSE" if name == "act.on" else f"(n * 31 + {place * 17}) % {MISSING_EVERY} = 0"
        columns.append(f'CASE WHEN {missing} THEN NULL ELSE {written} END AS "{name}"')
        if rulebook.facts[name].kind == "money":
            columns.append(f"'{facts[name].vat.code if name in facts else ''}' AS \"{name}.vat\"")  # type: ignore[union-attr]
    return f"SELECT {', '.join(columns)} FROM r"  # noqa: S608 - our own


def _vary(value: object, kind: str) -> str:
    """Return a value in SQL that differs from record to record."""
    if value is None:
        return f"CAST(NULL AS {'DATE' if kind == 'day' else 'BIGINT' if kind == 'count' else 'VARCHAR'})"
    if isinstance(value, Money):
        return f"CAST({value.pence // 100} + (n * 7919) % 300000 AS DECIMAL(18, 2))"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}' + CAST(n % 701 AS INTEGER)"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return f"{value} + n % 3"
    text = str(value).replace("'", "''")
    return f"'{text}'" if kind == "choice" else f"'{text} ' || n % 1000"


def _audit_in_own_process(folder: Path) -> tuple[float, float]:
    """Return the seconds and the highest memory in GiB of the audit of a folder, by the command itself."""
    command = [sys.executable, "-m", "benchmarks.populations", str(folder), load_example_story().scheme]
    start = time.perf_counter()
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, float(run.stdout.split()[-1])


def _rate_one_by_one(example: GateInput) -> float:
    """Return the records a second that both evaluators of one case judge, each record with days of its own."""
    start = time.process_time()
    for number in range(ONE_BY_ONE):
        facts = {
            name: Money(value.pence + number, value.vat) if isinstance(value, Money) else value
            for name, value in example.evidence.case_facts.items()
        }
        judge_evidence(example.rulebook, None, Evidence(facts, example.evidence.subjects))
    return ONE_BY_ONE / (time.process_time() - start)


def _rate_of_zen(example: GateInput) -> float:
    """Return the records a second for which zen-engine evaluates the controls of the case."""
    import zen

    rules = example.rulebook.gate_rules(None)
    facts = add_derived_facts(example.evidence, rules.derived_facts, example.rulebook.law).facts_of(CASE)
    controls = rules.by_subject_kind[CASE].controls
    resolved = [example.rulebook.resolve_control(control, facts) for control in controls]
    names = {name: f"f{place}" for place, name in enumerate(example.rulebook.facts)}
    decision = zen.ZenEngine().create_decision(_zen_graph(resolved, names))
    stated = {names[name]: _zen_value(value) for name, value in facts.items()}
    record = {**dict.fromkeys(names.values()), **stated}
    decision.evaluate(record)
    start = time.process_time()
    for number in range(ONE_BY_ONE):
        decision.evaluate({**record, "number": number})
    return ONE_BY_ONE / (time.process_time() - start)


def _zen_graph(controls: list[ResolvedControl], names: dict[str, str]) -> str:
    import json

    def outcome(control: ResolvedControl) -> str:
        applies, requires = (_zen_condition(side, names) for side in (control.applies, control.requires))
        return f"({applies}) ? (({requires}) ? 'satisfied' : 'breached') : 'not_applicable'"

    expressions = [
        {"id": f"e{place}", "key": f"control_{place}", "value": outcome(control)}
        for place, control in enumerate(controls)
    ]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "c", "type": "expressionNode", "name": "c", "content": {"expressions": expressions}},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "c", "type": "edge"},
        {"id": "2", "sourceId": "c", "targetId": "out", "type": "edge"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


_ZEN_OPERATORS = {
    "is": "==", "is_not": "!=", "at_least": ">=", "on_or_after": ">=", "more_than": ">", "after": ">", "at_most": "<=",
    "on_or_before": "<=", "less_than": "<", "before": "<",
}  # fmt: skip


def _zen_condition(condition: Condition, names: dict[str, str]) -> str:
    if not isinstance(condition, Predicate):
        word = " and " if isinstance(condition, AllOf) else " or "
        parts = [_zen_condition(part, names) for part in condition.conditions]
        return f"({word.join(parts)})" if parts else str(isinstance(condition, AllOf)).lower()
    fact, comparator, operand = names[condition.fact], condition.comparator, condition.operand
    if comparator in ("known", "not_known"):
        return f"{fact} {'!=' if comparator == 'known' else '=='} null"
    figure = operand.figure if isinstance(operand, ResolvedValue) else operand
    if isinstance(figure, FactRef):
        right = names[figure.fact]
    elif isinstance(figure, tuple):
        if comparator in ("within", "outside"):
            return f"({fact} >= {_zen_literal(figure[0])} and {fact} <= {_zen_literal(figure[1])})"
        listed = ", ".join(map(_zen_literal, figure))
        return f"{fact} {'in' if comparator == 'one_of' else 'not in'} [{listed}]"
    elif isinstance(figure, (Money, bool, int, date, str)):
        right = _zen_literal(figure)
    else:
        return "false"
    return f"({fact} != null and {right} != null and {fact} {_ZEN_OPERATORS.get(comparator, '==')} {right})"


def _zen_value(value: object) -> object:
    if isinstance(value, Money):
        return value.pence
    return value.toordinal() if isinstance(value, date) else value


def _zen_literal(value: object) -> str:
    plain = _zen_value(value)
    if isinstance(plain, bool):
        return str(plain).lower()
    return str(plain) if isinstance(plain, int) else "'" + str(plain).replace("'", "") + "'"


def main() -> None:
    """Audit one folder as the command does, and print the highest memory of this process in GiB."""
    from click.testing import CliRunner

    import cli

    folder, scheme = sys.argv[1:]
    command = ["population", "audit", folder, "--scheme", scheme, "--source", "own_record", "--format", "json",
               "--out", f"{folder}/findings.parquet"]  # fmt: skip
    result = CliRunner().invoke(cli.assent, command, standalone_mode=False)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2)


if __name__ == "__main__":
    main()
