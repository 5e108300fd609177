"""The tables of the store, declared with SQLModel.

Invariants:
- `ledger` and `exempt` are the truth. Every other table can be rebuilt from them, but for `pack`, which holds files.
- `workflow.adapters.migrations` brings older stores to these tables; every change here needs a step there.
- Part 2 stands in `exempt` alone, so that public reads need not touch it.
"""

from __future__ import annotations

from sqlmodel import Field, Index, SQLModel, text

from workflow.adapters.case_numbers import folded_case_number


class LedgerRow(SQLModel, table=True):
    """One entry of the ledger, as in `workflow.ledger.entries.Entry`."""

    __tablename__ = "ledger"
    __table_args__ = (Index("ix_ledger_stream_version", "stream", "version", unique=True),)

    position: int = Field(primary_key=True)
    stream: str
    version: int
    kind: str
    on: str
    recorded_at: str
    officer: str
    body: str
    ruling: str
    exempt: str
    previous: str
    seal: str = Field(unique=True)


class ExemptRow(SQLModel, table=True):
    """The Part 2 text of one entry, as in `workflow.ledger.entries.ExemptText`."""

    __tablename__ = "exempt"

    position: int = Field(primary_key=True)
    stream: str = Field(index=True)
    version: int
    salt: str
    body: str


class PackRow(SQLModel, table=True):
    """One file of the packs that rulings name, under the digest of their bundle."""

    __tablename__ = "pack"

    digest: str = Field(primary_key=True)
    file: str = Field(primary_key=True)
    data: bytes


class CaseRow(SQLModel, table=True):
    """One case in the list of cases, as its entries make it."""

    __tablename__ = "case_view"
    __table_args__ = (Index("ix_case_view_folded", text(folded_case_number('"case"'))),)

    case: str = Field(primary_key=True)
    title: str
    scheme: str = Field(index=True)
    stage: str
    version: int
    opened_on: str
    last_on: str = Field(index=True)
