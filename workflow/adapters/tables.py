"""The tables of the store, declared with SQLModel.

Invariants:
- `ledger` and `exempt` are the truth. Every other table can be rebuilt from them, but for `pack`, which holds files.
- `workflow.adapters.migrations` brings older stores to these tables; every change here needs a step there.
- Part 2 stands in `exempt` alone, so that public reads need not touch it.
"""

from __future__ import annotations

from typing import Any

from sqlmodel import Field, Index, SQLModel, text

from workflow.adapters.case_numbers import folded_case_number
from workflow.adapters.column_types import PlainText


def _text(**options: Any) -> Any:  # noqa: ANN401 - as `Field` is typed
    return Field(sa_type=PlainText, **options)


def _position() -> Any:  # noqa: ANN401 - as `Field` is typed
    """A position that the ledger gives, and not the database."""
    return Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class LedgerRow(SQLModel, table=True):
    """One entry of the ledger, as in `workflow.ledger.entries.Entry`."""

    __tablename__ = "ledger"
    __table_args__ = (Index("ix_ledger_stream_version", "stream", "version", unique=True),)

    position: int = _position()
    stream: str = _text()
    version: int
    kind: str = _text()
    on: str = _text()
    recorded_at: str = _text()
    officer: str = _text()
    body: str = _text()
    ruling: str = _text()
    exempt: str = _text()
    previous: str = _text()
    seal: str = _text(unique=True)


class ExemptRow(SQLModel, table=True):
    """The Part 2 text of one entry, as in `workflow.ledger.entries.ExemptText`."""

    __tablename__ = "exempt"

    position: int = _position()
    stream: str = _text(index=True)
    version: int
    salt: str = _text()
    body: str = _text()


class PackRow(SQLModel, table=True):
    """One file of the packs that rulings name, under the digest of their bundle."""

    __tablename__ = "pack"

    digest: str = _text(primary_key=True)
    file: str = _text(primary_key=True)
    data: bytes


class CaseRow(SQLModel, table=True):
    """One case in the list of cases, as its entries make it."""

    __tablename__ = "case_view"
    __table_args__ = (Index("ix_case_view_folded", text(folded_case_number('"case"'))),)

    case: str = _text(primary_key=True)
    title: str = _text()
    scheme: str = _text(index=True)
    stage: str = _text()
    version: int
    opened_on: str = _text()
    last_on: str = _text(index=True)
