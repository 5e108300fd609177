"""The file of findings of a population: Parquet or CSV, written in batches, and in place only when it is whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from pyarrow import csv, parquet

from rules.columns.column_findings import FINDING_COLUMNS

_AS_TEXT = pa.schema([(name, pa.string()) for name in FINDING_COLUMNS.names])


def write_findings(path: Path, findings: Iterable[pa.Table]) -> int:
    """Write findings to a file and return their number; without any, it has a header alone."""
    part = path.with_name(f".{path.name}.part")
    number = 0
    try:
        with _writer(part, path.suffix) as writer:
            for table in findings:
                writer.write_table(table if path.suffix != ".csv" else table.cast(_AS_TEXT))
                number += table.num_rows
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return number


def _writer(path: Path, suffix: str) -> parquet.ParquetWriter | csv.CSVWriter:
    if suffix == ".csv":
        return csv.CSVWriter(path, _AS_TEXT)
    return parquet.ParquetWriter(path, FINDING_COLUMNS, store_schema=False)  # readers see text, as in CSV
