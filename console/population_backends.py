"""The databases that can judge a population: DuckDB in this process, a PostgreSQL server, or Spark.

DuckDB reads the files whatever judges them. The libraries are optional, since only the audit of populations needs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypeAlias

from rules.errors import InputError

if TYPE_CHECKING:
    from rules.columns.engine import Engine

Backend: TypeAlias = Literal["duckdb", "postgres", "spark"]
BACKENDS: tuple[Backend, ...] = ("duckdb", "postgres", "spark")
_EXTRAS = {"duckdb": "populations", "postgres": "postgres", "spark": "spark"}
MEMORY_LIMIT = "6GB"


@contextmanager
def open_reader(folder: str) -> Iterator[Engine]:
    """Yield the DuckDB of this process, which puts what memory cannot hold into a folder."""
    with _needing("duckdb"):
        import ibis

        from rules.columns.engine import Engine

        connection = ibis.duckdb.connect(temp_directory=folder, memory_limit=MEMORY_LIMIT)
    try:
        yield Engine(connection)
    finally:
        connection.disconnect()


@contextmanager
def open_judge(backend: Backend, address: str, reader: Engine) -> Iterator[Engine]:
    """Yield the database that judges: the reader itself, or another, whose address may be left to the environment."""
    if backend == "duckdb":
        yield reader
        return
    with _needing(backend):
        import ibis

        from rules.columns.engine import Engine

        if backend == "postgres":
            import psycopg

            try:
                connection = ibis.connect(address or "postgres://")
            except psycopg.Error as error:
                reason = str(error).strip().partition("\n")[0]
                raise InputError(f"PostgreSQL cannot be reached: {reason:.200}", _ADDRESS_ADVICE) from None
            engine = Engine(connection, nests_views=False)
        else:
            from pyspark.sql import SparkSession

            builder = SparkSession.builder.appName("assent")
            session = (
                builder.remote(address) if address.startswith("sc:") else builder.master(address or "local[*]")
            ).getOrCreate()
            engine = Engine(ibis.pyspark.connect(session), checkpoints=True, nests_views=False)
    try:
        yield engine
    finally:
        engine.connection.disconnect()


_ADDRESS_ADVICE = "Give its address with --database postgres://USER@HOST/NAME, and the password by PGPASSWORD."


@contextmanager
def _needing(backend: Backend) -> Iterator[None]:
    """Say which extra to install where a library is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        extra = _EXTRAS[backend]
        raise InputError(
            f"auditing a population with {backend} needs {error.name}, which is not installed",
            f"Install it with: pip install 'assent[{extra}]'",
        ) from None
