"""What a judged population is reported as: the number of each outcome by control, and the findings as one long table.

A control whose conditions read nothing that differs from row to row is counted, and never listed row by row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis

from rules.columns.engine import Engine, Table
from rules.columns.judgement import OUTCOMES, JudgedKind
from rules.columns.stages import CASE_ID, SUBJECT_KEY
from rules.judging.rulebook import Rulebook
from rules.language.schema_types import Outcome, Severity
from rules.values.facts import CASE

OPEN_OUTCOMES: tuple[Outcome, ...] = ("breached", "undetermined")


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """How often each outcome of one control was found."""

    control: str
    kind: str
    severity: Severity
    counts: Mapping[Outcome, int]

    @property
    def only_outcome(self) -> Outcome | None:
        """The outcome on every subject, if it is the same."""
        found = [outcome for outcome, number in self.counts.items() if number]
        return found[0] if len(found) == 1 else None

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        counts = {str(outcome): self.counts.get(outcome, 0) for outcome in OUTCOMES}
        return {"control": self.control, "of": self.kind, "severity": self.severity, **counts}


def count_outcomes(kinds: Iterable[JudgedKind], rulebook: Rulebook, engine: Engine) -> Iterator[ControlTotal]:
    """Yield the totals of each control, kind by kind."""
    for judged in kinds:
        counted = {
            f"{column}_{code}": judged.table.count(where=judged.table[column] == code)
            for column in judged.columns.values()
            for code in range(len(OUTCOMES))
        }
        (row,) = engine.pull(judged.table.aggregate(rows=judged.table.count(), **counted))
        severity = {control: rulebook.controls[control].declaration.severity for control in rulebook.controls}
        for control, column in judged.columns.items():
            counts = {outcome: int(row[f"{column}_{code}"]) for code, outcome in enumerate(OUTCOMES)}
            yield ControlTotal(control, judged.kind, severity[control], counts)
        for control, outcome in judged.constants.items():
            counts = {outcome: int(row["rows"])}
            yield ControlTotal(control, judged.kind, severity[control], counts)


def list_findings(
    kinds: Iterable[JudgedKind], rulebook: Rulebook, controls: Collection[str], outcomes: Sequence[Outcome]
) -> Table | None:
    """Return each finding of some controls with one of some outcomes: its case, subject, control and severity."""
    parts = [
        _findings_of(judged, rulebook, listed, outcomes)
        for judged in kinds
        if (listed := [control for control in judged.columns if control in controls])
    ]
    return _union(parts) if parts else None


def _union(tables: Sequence[Table]) -> Table:
    """Return all rows of some tables, joined in pairs: one after another would nest too deep for the library."""
    if len(tables) == 1:
        return tables[0]
    middle = len(tables) // 2
    return _union(tables[:middle]).union(_union(tables[middle:]))


def _findings_of(judged: JudgedKind, rulebook: Rulebook, controls: Sequence[str], outcomes: Sequence[Outcome]) -> Table:
    table, codes = judged.table, [OUTCOMES.index(outcome) for outcome in outcomes]
    number = judged.keys[-1]
    parts = [
        table.filter(table[column].isin(codes)).select(
            number,
            control=ibis.literal(control),
            outcome=ibis.cases(*((table[column] == code, ibis.literal(OUTCOMES[code])) for code in codes)),
            severity=ibis.literal(str(rulebook.controls[control].declaration.severity)),
        )
        for control in controls
        for column in (judged.columns[control],)
    ]
    found = _union(parts)
    names = judged.subjects.select(number, CASE_ID, *([] if judged.kind == CASE else [SUBJECT_KEY]))
    joined = found.inner_join(names, number)
    subject = ibis.literal(CASE) if judged.kind == CASE else ibis.literal(f"{judged.kind}:") + joined[SUBJECT_KEY]
    return joined.select(
        case=joined[CASE_ID],
        subject=subject,
        control=joined["control"],
        outcome=joined["outcome"],
        severity=joined["severity"],
    )
