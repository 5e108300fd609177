"""A few values that must be seen at a glance, in a box with its own heading: the key `boxed`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from decisions.documents.blocks.fields import Field, field_list
from decisions.documents.record_views import CaseRecord
from rules.packs.document_schema import BlockSpec


@dataclass(frozen=True, slots=True)
class SummaryBox:
    """Labelled values in a box, such as the decision on the first page. Its heading is of level 2."""

    heading: str
    items: tuple[Field, ...]


def build_summary_box(spec: BlockSpec, record: CaseRecord) -> Iterator[SummaryBox]:
    """Build the box of a block; none if nobody had to give anything in it."""
    if items := field_list(spec, spec.boxed, record):
        yield SummaryBox(spec.heading, items)
