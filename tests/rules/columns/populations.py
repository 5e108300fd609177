"""Evidence of many cases as a population, and how column findings compare with those of the plain evaluator."""

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import pyarrow as pa

from rules.columns.engine import Engine
from rules.columns.judgement import OUTCOMES, ColumnJudge
from rules.columns.population import Population, vat_column
from rules.columns.stages import CASE_ID, SUBJECT_KEY
from rules.judging.judge import judge_evidence
from rules.judging.rulebook import Rulebook
from rules.values.evidence import Evidence
from rules.values.facts import CASE, Facts, key_of_subject, kind_of_subject
from rules.values.money import Money

ARROW_TYPES = {
    "money": pa.int64(), "count": pa.int64(), "flag": pa.bool_(), "day": pa.date32(), "choice": pa.string(),
    "text": pa.string(),
}  # fmt: skip


def duckdb_engine() -> Engine:
    return Engine(ibis.duckdb.connect())


def rows_by_kind(cases: Mapping[str, Evidence]) -> dict[str, list[tuple[tuple[str, ...], Facts]]]:
    """The facts of each kind of subject, with the keys of each row."""
    rows: dict[str, list[tuple[tuple[str, ...], Facts]]] = {CASE: []}
    for case, evidence in cases.items():
        rows[CASE].append(((case,), evidence.case_facts))
        for subject, facts in evidence.subjects.items():
            rows.setdefault(kind_of_subject(subject), []).append(((case, key_of_subject(subject)), facts))
    return rows


def arrow_table(rulebook: Rulebook, rows: Sequence[tuple[tuple[str, ...], Facts]]) -> pa.Table:
    columns: dict[str, Any] = {CASE_ID: pa.array([keys[0] for keys, _ in rows], pa.string())}
    if len(rows[0][0]) > 1:
        columns[SUBJECT_KEY] = pa.array([keys[1] for keys, _ in rows], pa.string())
    stated = dict.fromkeys(fact for _, facts in rows for fact in facts)
    for fact in stated:
        kind = rulebook.facts[fact].kind
        values = [facts.get(fact) for _, facts in rows]
        columns[fact] = pa.array([v.pence if isinstance(v, Money) else v for v in values], ARROW_TYPES[kind])
        if kind == "money":
            columns[vat_column(fact)] = pa.array([v.vat.code if isinstance(v, Money) else None for v in values])
    return pa.table(columns)


def load_population(engine: Engine, rulebook: Rulebook, cases: Mapping[str, Evidence]) -> Population:
    tables = {kind: engine.load(arrow_table(rulebook, rows)) for kind, rows in rows_by_kind(cases).items()}
    (asked,) = {evidence.asked for evidence in cases.values()}
    return Population(tables, rulebook.facts, asked)


def column_outcomes(
    engine: Engine, rulebook: Rulebook, cases: Mapping[str, Evidence], gate: str | None = None
) -> dict[tuple[str, str, str], str]:
    """The outcome of each control by case and subject, as columns give it."""
    found: dict[tuple[str, str, str], str] = {}
    population = load_population(engine, rulebook, cases)
    for kind in ColumnJudge(rulebook, engine, population, gate).judge():
        for row in engine.pull(kind.with_names()):
            subject = CASE if kind.kind == CASE else f"{kind.kind}:{row[SUBJECT_KEY]}"
            for control, column in kind.columns.items():
                found[row[CASE_ID], subject, control] = OUTCOMES[row[column]]
            found.update({(row[CASE_ID], subject, control): outcome for control, outcome in kind.constants.items()})
    return found


def plain_outcomes(
    rulebook: Rulebook, cases: Mapping[str, Evidence], gate: str | None = None
) -> dict[tuple[str, str, str], str]:
    """The same as both evaluators of one case give it."""
    return {
        (case, verdict.subject, verdict.control): verdict.outcome
        for case, evidence in cases.items()
        for verdict in judge_evidence(rulebook, gate, evidence).verdicts
    }


def differences(
    engine: Engine, rulebook: Rulebook, cases: Mapping[str, Evidence], gate: str | None = None
) -> list[tuple[tuple[str, str, str], str | None, str | None]]:
    """Where both readings differ: what was judged, the plain outcome and that of the columns."""
    plain, columns = plain_outcomes(rulebook, cases, gate), column_outcomes(engine, rulebook, cases, gate)
    keys = sorted(plain.keys() | columns.keys())
    return [(key, plain.get(key), columns.get(key)) for key in keys if plain.get(key) != columns.get(key)]
