"""A database that holds a population: where stages of a judgement are kept, and what is read from it.

Nothing here opens a connection or a file: whoever audits a population does, and hands the connection over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeAlias

import ibis
import pyarrow as pa

Table: TypeAlias = Any  # an Ibis table: the library has no types
Connection: TypeAlias = Any  # an Ibis back end
_ROWS_AT_A_TIME = 100_000


@dataclass(frozen=True, slots=True)
class Engine:
    """One connection to a database, and how it keeps a stage: as a temporary table, or as a checkpoint.

    Spark has no temporary tables; a checkpoint computes a stage, and forgets how. With `nests_views`, a stage that is
    read once may stay a view: the database computes each column of it once.
    """

    connection: Connection
    checkpoints: bool = False
    nests_views: bool = True
    prefix: str = "assent"
    _numbers: Iterator[int] = field(default_factory=count, repr=False)

    def keep(self, table: Table) -> Table:
        """Compute a stage and keep it, since several others read it."""
        if not self.checkpoints:
            return self._create("TEMPORARY TABLE", table)
        name = self._next_name()
        self.connection.raw_sql(self.connection.compile(table)).localCheckpoint().createOrReplaceTempView(name)
        return self.connection.table(name)

    def keep_results(self, table: Table) -> Table:
        """Compute a table that is read out and not computed with: DuckDB writes many columns to a table slowly."""
        if self.connection.name != "duckdb":
            return self.keep(table)
        name = self._next_name()
        rows = self.connection.raw_sql(self.connection.compile(table)).fetch_arrow_table()
        self.connection.con.register(name, rows)
        return self.connection.table(name)

    def number(self, table: Table, column: str) -> Table:
        """Keep a table with one more column, which numbers its rows from 0."""
        if self.connection.name != "duckdb":
            return self.keep(table.select(*table.columns, **{column: ibis.row_number().over(ibis.window())}))
        # A window would number all rows on one processor. Those of a new table are numbered already.
        kept = self.keep(table)
        return self.name_stage(kept.select(*table.columns, **{column: kept.rowid()}))

    def name_stage(self, table: Table) -> Table:
        """Give a stage a name of its own, so that the one after it is not merged with it into one expression."""
        return self._create("TEMPORARY VIEW", table) if self.nests_views else self.keep(table)

    def _create(self, what: str, table: Table) -> Table:
        # The library's own way copies and formats each expression several times, which takes longer than running it.
        name = self._next_name()
        cursor = self.connection.raw_sql(f"CREATE {what} {name} AS {self.connection.compile(table)}")
        if self.connection.name == "postgres":
            cursor.close()
        return self.connection.table(name)

    def load(self, rows: pa.Table) -> Table:
        """Keep rows that were computed outside."""
        if self.checkpoints:
            return self.connection.create_view(self._next_name(), ibis.memtable(rows))
        return self.connection.create_table(self._next_name(), ibis.memtable(rows), temp=True)

    def pull(self, table: Table) -> Iterator[dict[str, Any]]:
        """Yield each row of a table."""
        for batch in self.batches(table):
            yield from batch.to_pylist()

    def batches(self, table: Table) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a table, many at a time."""
        yield from table.to_pyarrow_batches(chunk_size=_ROWS_AT_A_TIME)

    def forget(self, table: Table) -> None:
        """Free a stage that nothing reads any more."""
        if self.checkpoints:
            self.connection.drop_view(table.get_name(), force=True)
        else:
            self.connection.drop_table(table.get_name(), force=True)

    def _next_name(self) -> str:
        return f"{self.prefix}_{next(self._numbers)}"
