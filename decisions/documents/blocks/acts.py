"""What was done at some stages, as a table: the key `acts`."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents import wording
from decisions.documents.record_views import CaseRecord
from rules.packs.document_schema import BlockSpec
from rules.values.passages import Cell, Paragraph, Table

_NO_BREAK_SPACE = "\u00a0"


def build_acts(spec: BlockSpec, record: CaseRecord) -> Iterator[Table | Paragraph]:
    """Build a table with one row for each stage that has an outcome, in the order that the block lists them."""
    done = [stage for stage in spec.acts if record.value(f"{stage}.outcome") is not None]
    rows = tuple(tuple(map(Cell, _act_row(stage, record))) for stage in done)
    yield Table(tuple(map(Cell, wording.ACT_COLUMNS)), rows) if rows else Paragraph(f"{spec.unstated}.")


def _act_row(stage: str, record: CaseRecord) -> Iterator[str]:
    """Yield the text of each column of `ACT_COLUMNS`."""
    yield record.scheme.declaration.stages[stage].label
    yield from (record.format_line(f"{stage}.{fact}") for fact in ("outcome", "by", "role"))
    # In a narrow column "16 April" must not be broken.
    yield record.format_line(f"{stage}.on").replace(" ", _NO_BREAK_SPACE, 1)
