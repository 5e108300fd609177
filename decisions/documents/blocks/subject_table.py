"""Everything of one kind in the case, as a table with a row for each: the keys `table_of` and `columns`."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents.record_views import CaseRecord
from decisions.documents.table_layout import keep_day_together
from rules.packs.document_schema import BlockSpec
from rules.values.passages import Cell, Paragraph, Table


def build_subject_table(spec: BlockSpec, record: CaseRecord) -> Iterator[Table | Paragraph]:
    """Build a table with a row for each subject of a kind that the record knows, or one line if it knows none."""
    rows = tuple(
        tuple(_build_cell(spec, fact, subject, record) for fact in spec.columns)
        for subject in record.selected_subjects(spec.table_of, spec.where)
    )
    if rows:
        yield Table(tuple(map(Cell, spec.columns.values())), rows)
    else:
        yield Paragraph(f"{record.words_for_none(spec.table_of, spec.where, spec.unstated)}.")


def _build_cell(spec: BlockSpec, fact: str, subject: str, record: CaseRecord) -> Cell:
    words = record.format_line(fact, subject)
    if record.scheme.fact_declaration(fact).kind == "day":
        words = keep_day_together(words)
    return Cell(words or record.words_for_unknown(fact, spec.unstated_as.get(fact, spec.unstated), subject))
