"""Readers of papers for tests: open files made of bytes, read by the shipped law and schemes."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from tests.workflow.walk import shipped_library
from workflow.papers.byte_source import ByteSource
from workflow.papers.columns import NO_MAPPING, ColumnMapping, read_mapping
from workflow.papers.reading import NamedPaper, PaperReader
from workflow.papers.records import UnreadRow


def source_of(content: bytes) -> ByteSource:
    """An open file with some content."""
    return ByteSource(io.BytesIO(content))


def mapping_of(text: str) -> ColumnMapping:
    """A mapping file with a text."""
    return read_mapping(text.encode(), "columns.yaml")


def read_all(content: bytes, kind: str = "", mapping: ColumnMapping = NO_MAPPING) -> list[NamedPaper | UnreadRow]:
    """Everything that is read of a file."""
    library = shipped_library()
    reader = PaperReader(library.scheme_as_typed, lambda: library.national_law, ("opened.by",), mapping)
    return list(reader.read(io.BytesIO(content), "a file", kind))


def papers_among(results: Iterable[NamedPaper | UnreadRow]) -> list[NamedPaper]:
    """The papers that were read."""
    return [one for one in results if isinstance(one, NamedPaper)]


def unread_among(results: Iterable[NamedPaper | UnreadRow]) -> list[UnreadRow]:
    """The rows that were not read."""
    return [one for one in results if isinstance(one, UnreadRow)]


def release(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON is of any shape
    """A release of an award, of the form of Contracts Finder; `changes` take the place of keys."""
    plain: dict[str, Any] = {
        "ocid": "ocds-b5fd17-0001",
        "id": "0001-1",
        "date": "2024-06-20T09:00:00+01:00",
        "tag": ["award"],
        "tender": {
            "title": "Repair of lamps",
            "classification": {"scheme": "CPV", "id": "50000000"},
            "mainProcurementCategory": "services",
            "value": {"amount": 40_000, "currency": "GBP"},
            "procurementMethodDetails": "Competitive quotation (below threshold)",
            "tenderPeriod": {"endDate": "2024-04-30T12:00:00+01:00"},
        },
        "buyer": {"name": "Anytown Borough Council"},
        "awards": [{"date": "2024-05-01T00:00:00+01:00", "datePublished": "2024-06-20T09:00:00+01:00"}],
    }
    return {**plain, **changes}
