"""The tables of the store, as SQLModel declares them. The ledger is the truth; what is called a view repeats it."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class LedgerRow(SQLModel, table=True):
    """One entry of the ledger; see `workflow.ledger.entries.Entry`."""

    __tablename__ = "ledger"

    position: int = Field(primary_key=True)
    stream: str = Field(index=True)
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
    """The Part 2 text of an entry, apart from everything that the public path reads."""

    __tablename__ = "exempt"

    position: int = Field(primary_key=True)
    stream: str = Field(index=True)
    version: int
    salt: str
    body: str


class PackRow(SQLModel, table=True):
    """One file of the packs that some ruling was given by, under the digest of the whole."""

    __tablename__ = "pack"

    digest: str = Field(primary_key=True)
    file: str = Field(primary_key=True)
    data: bytes


class CaseRow(SQLModel, table=True):
    """View: a case in the list of cases."""

    __tablename__ = "case_view"

    case: str = Field(primary_key=True)
    title: str
    scheme: str = Field(index=True)
    stage: str
    version: int
    opened_on: str
    last_on: str
