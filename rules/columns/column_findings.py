"""What a judged population is reported as: the number of each outcome by control, and the findings as one long table.

A control whose conditions read nothing that differs from row to row is counted, and never listed row by row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rules.columns.engine import Engine
from rules.columns.judgement import OUTCOMES, JudgedKind
from rules.columns.stages import CASE_ID, SUBJECT_KEY
from rules.judging.rulebook import Rulebook
from rules.language.schema_types import Outcome, Severity
from rules.values.facts import CASE

FINDING_COLUMNS = pa.schema([(name, pa.string()) for name in ("case", "subject", "control", "outcome", "severity")])
OPEN_OUTCOMES: tuple[Outcome, ...] = ("breached", "undetermined", "not_held")


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
        number, counted = _count_codes(judged, engine)
        severity = {control: rulebook.controls[control].declaration.severity for control in rulebook.controls}
        for control, column in judged.columns.items():
            counts = dict(zip(OUTCOMES, counted[column].tolist(), strict=True))
            yield ControlTotal(control, judged.kind, severity[control], counts)
        for control, outcome in judged.constants.items():
            counts = {outcome: number}
            yield ControlTotal(control, judged.kind, severity[control], counts)


def _count_codes(judged: JudgedKind, engine: Engine) -> tuple[int, dict[str, np.ndarray[Any, np.dtype[np.int64]]]]:
    """Return the number of rows, and how often each code stands in each column.

    A database counts each code of each column by a filter of its own, which takes ten times as long.
    """
    number, counted = 0, {column: np.zeros(len(OUTCOMES), np.int64) for column in judged.columns.values()}
    for batch in engine.batches(judged.table.select(judged.keys[-1], *counted)):
        number += batch.num_rows
        for column in counted:
            counted[column] += np.bincount(batch[column].to_numpy(), minlength=len(OUTCOMES))
    return number, counted


def list_findings(
    kinds: Iterable[JudgedKind], rulebook: Rulebook, controls: Collection[str], outcomes: Sequence[Outcome],
    engine: Engine,
) -> Iterator[pa.Table]:  # fmt: skip
    """Yield the findings of some controls with one of some outcomes, for many subjects at a time.

    A union of one query for each control takes the library longer to write than the database to run.
    """
    for judged in kinds:
        columns = {
            (control, str(rulebook.controls[control].declaration.severity)): column
            for control, column in judged.columns.items()
            if control in controls
        }
        for batch in engine.batches(judged.with_names(columns.values())) if columns else ():
            subjects = _subjects_of(batch, judged.kind)
            parts = [
                part
                for words, column in columns.items()
                for part in _findings_of(words, batch[column], subjects, outcomes)
            ]
            if parts:
                yield pa.Table.from_batches(parts, FINDING_COLUMNS)


def _subjects_of(batch: pa.RecordBatch, kind: str) -> pa.RecordBatch:
    """Return the case and the subject of each row."""
    number = batch.num_rows
    subject = pa.repeat(CASE, number) if kind == CASE else _join_names(pa.repeat(kind, number), batch[SUBJECT_KEY])
    return pa.RecordBatch.from_arrays([batch[CASE_ID], subject], names=FINDING_COLUMNS.names[:2])


def _join_names(kinds: pa.Array, keys: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(kinds, keys.cast(pa.string()), ":")


def _findings_of(
    words: tuple[str, str], codes: pa.Array, subjects: pa.RecordBatch, outcomes: Sequence[Outcome]
) -> Iterator[pa.RecordBatch]:
    control, severity = words
    for outcome in outcomes:
        rows = pc.indices_nonzero(pc.equal(codes, pa.scalar(OUTCOMES.index(outcome), codes.type)))
        if len(rows):
            found = (pa.repeat(word, len(rows)) for word in (control, str(outcome), severity))
            yield pa.RecordBatch.from_arrays([*subjects.take(rows).columns, *found], schema=FINDING_COLUMNS)
