"""The file of findings of a population: Parquet or CSV, written in batches, and in place only when it is whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import csv, parquet

if TYPE_CHECKING:
    from rules.columns.engine import Engine, Table

_SCHEMA = pa.schema([(name, pa.string()) for name in ("case", "subject", "control", "outcome", "severity")])


def write_table(path: Path, table: Table | None, engine: Engine) -> int:
    """Write findings to a file and return their number; without any control to list, it has a header alone."""
    part = path.with_name(f".{path.name}.part")
    number = 0
    try:
        with _writer(part, path.suffix) as writer:
            for batch in engine.batches(table) if table is not None else ():
                writer.write_batch(batch.cast(_SCHEMA))
                number += batch.num_rows
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return number


def _writer(path: Path, suffix: str) -> parquet.ParquetWriter | csv.CSVWriter:
    if suffix == ".csv":
        return csv.CSVWriter(path, _SCHEMA)
    return parquet.ParquetWriter(path, _SCHEMA)
